//! One small table, its parameters and zones, for every test.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray,
};
use arrow::datatypes::Schema;
use filiera_model::{Day, Exact};
use filiera_predicate::{ParameterKind, ParameterValue, Predicate, PredicateFault};
use filiera_tables::{ColumnKind, arrow_field};

const PROCUREMENT: &[&str] = &["buy", "make", "phantom", "consigned", "own-work"];

pub fn columns() -> Vec<(String, ColumnKind)> {
    let columns = [
        ("class", ColumnKind::Text),
        ("hs", ColumnKind::Text),
        ("procurement", ColumnKind::Choice(PROCUREMENT)),
        ("origin", ColumnKind::Origin),
        ("supplier_country", ColumnKind::Country),
        ("currency", ColumnKind::Currency),
        ("model_year", ColumnKind::Whole),
        ("unit_value", ColumnKind::Amount),
        ("quantity", ColumnKind::Positive),
        ("share", ColumnKind::Share),
        ("built_on", ColumnKind::Day),
        ("own_work", ColumnKind::Truth),
        ("from", ColumnKind::Text),
        ("Materialnummer", ColumnKind::Text),
    ];
    columns.map(|(name, kind)| (name.to_owned(), kind)).to_vec()
}

pub fn parameters() -> BTreeMap<String, ParameterKind> {
    let parameters = [
        ("domestic", ParameterKind::Countries),
        ("nowhere", ParameterKind::Countries),
        ("sensitive", ParameterKind::Text),
        ("limit", ParameterKind::Number),
        ("domestic_share", ParameterKind::Share),
        ("since", ParameterKind::Day),
        ("strict", ParameterKind::Truth),
    ];
    parameters.map(|(name, kind)| (name.to_owned(), kind)).into()
}

pub fn zones() -> Vec<String> {
    ["EU", "EEA", "NATO"].map(str::to_owned).to_vec()
}

pub fn values() -> BTreeMap<String, ParameterValue> {
    let texts = |texts: &[&str]| ParameterValue::Texts(texts.iter().map(|text| (*text).to_owned()).collect());
    let number = |text| ParameterValue::Number(Exact::parse(text).unwrap());
    let values = [
        ("domestic", texts(&["IT"])),
        ("nowhere", texts(&[])),
        ("sensitive", texts(&["infotainment", "gateway"])),
        ("limit", number("100.5")),
        ("domestic_share", number("45 %")),
        ("since", ParameterValue::Day("2026-01-01".parse::<Day>().unwrap())),
        ("strict", ParameterValue::Truth(true)),
        ("@EU", texts(&["IT", "FR", "DE"])),
        ("@EEA", texts(&["IT", "FR", "DE", "NO"])),
        ("@NATO", texts(&["US", "CA"])),
    ];
    values.map(|(name, value)| (name.to_owned(), value)).into()
}

pub fn parse(text: &str) -> Result<Predicate, Vec<PredicateFault>> {
    Predicate::parse(text, &columns(), &parameters(), &zones())
}

/// Six rows: the third knows nothing, the fourth holds sets of countries.
pub fn batch() -> RecordBatch {
    let texts = |texts: [Option<&str>; 6]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
    let numbers = |numbers: [Option<&str>; 6]| {
        let unscaled =
            numbers.map(|number| number.map(|number| Exact::parse(number).unwrap().to_unscaled(12).unwrap()));
        let array = Decimal128Array::from(unscaled.to_vec()).with_precision_and_scale(38, 12).unwrap();
        Arc::new(array) as ArrayRef
    };
    let days = [
        Some("2026-01-01"),
        Some("2025-12-31"),
        None,
        Some("2027-06-30"),
        Some("1999-02-28"),
        Some("2026-01-01"),
    ];
    let days = days.map(|day| day.map(|day| day.parse::<Day>().unwrap().days()));
    let arrays: Vec<ArrayRef> = vec![
        texts([
            Some("battery"),
            Some("infotainment"),
            None,
            Some("gateway"),
            Some("own-work"),
            Some("Battery"),
        ]),
        texts([Some("850760"), Some("8527"), None, Some("8517"), Some(""), Some("85%7")]),
        texts([Some("buy"), Some("buy"), None, Some("phantom"), Some("own-work"), None]),
        texts([Some("IT"), Some("CN"), None, Some("CA/US"), Some("IT"), Some("@EU")]),
        texts([Some("IT"), Some("CN"), None, Some("US"), Some("FR"), Some("DE")]),
        texts([Some("EUR"), Some("CNY"), None, Some("USD"), Some("EUR"), Some("EUR")]),
        Arc::new(Int64Array::from(vec![Some(2027), Some(2026), None, Some(2028), Some(-1), Some(i64::MAX)])),
        numbers([
            Some("100.5"),
            Some("100.500000000001"),
            None,
            Some("0"),
            Some("99999999999999999999999999.999999999999"),
            Some("3"),
        ]),
        numbers([
            Some("2"),
            Some("1"),
            None,
            Some("0.000000000001"),
            Some("99999999999999999999999999.999999999999"),
            Some("0.1"),
        ]),
        numbers([Some("0.45"), Some("0.449999999999"), None, Some("1"), Some("0"), Some("0.5")]),
        Arc::new(Date32Array::from(days.to_vec())),
        Arc::new(BooleanArray::from(vec![Some(false), Some(false), None, Some(true), Some(true), None])),
        texts([Some("vehicle"), Some("cloud"), None, Some("O'Brien"), Some("ü"), Some("\"")]),
        texts([Some("A1"), Some("A2"), None, Some("A3"), Some("A4"), Some("A5")]),
    ];
    let fields: Vec<_> = columns().iter().map(|(name, kind)| arrow_field(name, *kind)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}
