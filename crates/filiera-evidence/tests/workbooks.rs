//! Workbooks and Parquet files, written here and read back; whole and broken.

mod render;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array,
    ListArray, RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow::datatypes::{Int8Type, Int32Type};
use filiera_evidence::{DossierRead, ReadOptions, read_any, read_dossier};
use filiera_tables::{Table, TableKind};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use rust_xlsxwriter::{Format, Formula, Workbook};

fn read(folder: &Path) -> DossierRead {
    read_dossier(folder, ReadOptions::default()).unwrap()
}

fn codes(read: &DossierRead) -> Vec<(Option<u32>, &str)> {
    read.report.faults.iter().map(|fault| (fault.row, fault.code.as_str())).collect()
}

fn note(read: &DossierRead, kind: &str) -> u64 {
    read.report.notes().filter(|note| note.kind == kind).map(|note| note.count).sum()
}

fn number(table: &Table, column: &str, row: usize) -> String {
    table.number(column, row).map_or("null".to_owned(), |number| number.to_text())
}

fn parts_sheet(book: &mut Workbook) {
    let day = Format::new().set_num_format("dd.mm.yyyy");
    let sheet = book.add_worksheet().set_name("Stückliste").unwrap();
    sheet.merge_range(0, 0, 0, 4, "Parts of plant 7", &Format::new()).unwrap();
    for (column, name) in ["Part", "Unit Value", "Mass kg", "checked", "Procurement"].iter().enumerate() {
        sheet.write(2, u16::try_from(column).unwrap(), *name).unwrap();
    }
    sheet.write(3, 0, 1204.0).unwrap();
    sheet.write_formula(3, 1, Formula::new("=0.1+0.2").set_result("0.30000000000000004")).unwrap();
    sheet.write(3, 2, 0.1 + 0.2).unwrap();
    sheet.write_with_format(3, 3, 46_082.0, &day).unwrap();
    sheet.write(3, 4, "BUY").unwrap();
    sheet.write(5, 0, "P-2").unwrap();
    sheet.write(5, 1, "1.234,5 €").unwrap();
    sheet.write(5, 2, 1.0 / 3.0).unwrap();
    sheet.write(1_048_575, 16_383, "stray").unwrap();
}

#[test]
fn a_percentage_of_a_sheet_is_divided_once() {
    let folder = tempfile::tempdir().unwrap();
    let percent = Format::new().set_num_format("0.0%");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("interests").unwrap();
    for (column, name) in ["owner", "company", "share", "loyalty"].iter().enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), *name).unwrap();
    }
    for (row, (shown, plain)) in [(0.45, 45.0), (1.0, 100.0), (0.005, 0.5)].into_iter().enumerate() {
        let row = u32::try_from(row).unwrap() * 2 + 1;
        for (row, share) in [(row, None), (row + 1, Some(plain))] {
            sheet.write(row, 0, "P").unwrap();
            sheet.write(row, 1, "C").unwrap();
            match share {
                Some(share) => sheet.write(row, 2, share).unwrap(),
                None => sheet.write_with_format(row, 2, shown, &percent).unwrap(),
            };
            sheet.write_with_format(row, 3, shown, &percent).unwrap();
        }
    }
    book.save(folder.path().join("interests.xlsx")).unwrap();
    let stated = "[table.interests]\nunit = { share = \"percent\", loyalty = \"percent\" }\n";
    fs::write(folder.path().join("dossier.toml"), stated).unwrap();
    let read = read(folder.path());
    assert_eq!(codes(&read), []);
    let table = read.dossier.table(TableKind::Interests).unwrap();
    let shares: Vec<String> = (0..6).map(|row| number(table, "share", row)).collect();
    assert_eq!(shares, ["0.45", "0.45", "1", "1", "0.005", "0.005"]);
    let loyalty: Vec<String> = (0..6).map(|row| number(table, "loyalty", row)).collect();
    assert_eq!(loyalty, ["45", "45", "100", "100", "0.5", "0.5"]);
}

#[test]
fn a_percentage_of_a_sheet_needs_no_unit() {
    let folder = tempfile::tempdir().unwrap();
    let percent = Format::new().set_num_format("0%");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("interests").unwrap();
    for (column, name) in ["owner", "company", "share"].iter().enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), *name).unwrap();
        sheet.write(1, u16::try_from(column).unwrap(), "X").unwrap();
        sheet.write(2, u16::try_from(column).unwrap(), "Y").unwrap();
    }
    sheet.write_with_format(1, 2, 1.0, &percent).unwrap();
    sheet.write_with_format(2, 2, 1.3, &percent).unwrap();
    book.save(folder.path().join("interests.xlsx")).unwrap();
    let read = read(folder.path());
    assert_eq!(codes(&read), [(Some(3), "share/above")]);
    assert_eq!(read.report.faults[0].message, "`130 %` is above 100 %");
    let table = read.dossier.table(TableKind::Interests).unwrap();
    assert_eq!(number(table, "share", 0), "1");
}

#[test]
fn a_workbook_as_purchasing_sends_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    book.add_worksheet().set_name("cover").unwrap().write(0, 0, "see the next sheet").unwrap();
    parts_sheet(&mut book);
    book.save(folder.path().join("parts.xlsx")).unwrap();
    let settings = "[table.parts]\nsheet = \"Stückliste\"\ndecimal = \",\"\n";
    fs::write(folder.path().join("dossier.toml"), settings).unwrap();
    let read = read(folder.path());
    assert!(read.report.is_sound(), "{:?}", read.report.faults);
    let parts = read.dossier.table(TableKind::Parts).unwrap();
    assert_eq!((parts.text("part", 0), parts.text("part", 1)), (Some("1204"), Some("P-2")));
    assert_eq!(
        (number(parts, "unit_value", 0), number(parts, "unit_value", 1)),
        ("0.3".into(), "1234.5".into())
    );
    assert_eq!(
        (number(parts, "mass_kg", 0), number(parts, "mass_kg", 1)),
        ("0.3".into(), "0.333333333333".into())
    );
    assert_eq!(parts.day("checked", 0).unwrap().to_string(), "2026-03-01");
    assert_eq!(parts.text("procurement", 0), Some("buy"));
    assert_eq!(parts.places().iter().map(|place| place.row).collect::<Vec<_>>(), [4, 6]);
    assert_eq!(note(&read, "formula cell, read at its cached value"), 1);
    assert_eq!(note(&read, "number rounded to 12 decimals"), 1);
    assert_eq!(note(&read, "cell in a column without a name"), 1);
    assert_eq!(note(&read, "rows above the header left out"), 1);
}

#[test]
fn cells_of_a_workbook_that_are_no_values() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["vehicle", "built_on", "model_year"].iter().enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), *name).unwrap();
    }
    sheet.write(1, 0, "V-1").unwrap();
    sheet.write(1, 1, 46_082.0).unwrap();
    sheet.write(1, 2, 2026.0).unwrap();
    sheet.write(2, 0, "V-2").unwrap();
    sheet.write(2, 1, 12.0).unwrap();
    sheet.write_formula(2, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write(3, 0, "V-3").unwrap();
    let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    sheet.write_with_format(3, 1, 46_082.9, &moment).unwrap();
    book.save(folder.path().join("vehicles.xlsx")).unwrap();
    let read = read(folder.path());
    assert_eq!(codes(&read), [(Some(3), "cell/bad"), (Some(3), "day/bad")], "{:?}", read.report.faults);
    let vehicles = read.dossier.table(TableKind::Vehicles).unwrap();
    assert_eq!(vehicles.days("built_on", 0).to_string(), "2026-03-01");
    assert_eq!(vehicles.days("built_on", 2).to_string(), "2026-03-01 or 2026-03-02");
    assert_eq!(note(&read, "number read as a spreadsheet's day"), 1);
}

#[test]
fn a_sheet_of_two_hundred_columns_and_several_tables() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("parts").unwrap();
    sheet.write(0, 0, "part").unwrap();
    sheet.write(1, 0, "P-1").unwrap();
    for column in 1..200u16 {
        sheet.write(0, column, format!("column {column}")).unwrap();
        sheet.write(1, column, f64::from(column)).unwrap();
    }
    let sheet = book.add_worksheet().set_name("BOM").unwrap();
    for (column, (name, cell)) in [("parent", "A"), ("child", "P-1"), ("quantity", "2")].iter().enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), *name).unwrap();
        sheet.write(1, u16::try_from(column).unwrap(), *cell).unwrap();
    }
    let path = folder.path().join("dossier.xlsx");
    book.save(&path).unwrap();
    let any = read_any(&path, ReadOptions::default()).unwrap();
    assert_eq!(any.format, "xlsx");
    assert_eq!(any.tables.len(), 2);
    let parts = &any.tables[&TableKind::Parts];
    assert_eq!(parts.batch().num_columns(), TableKind::Parts.columns().len() + 199);
    assert_eq!(number(parts, "column 199", 0), "199");
}

fn write_parquet(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(fs::File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn parquet_columns_of_many_types() {
    let folder = tempfile::tempdir().unwrap();
    let makers: DictionaryArray<Int8Type> = vec![Some("fiat"), None, Some("fiat")].into_iter().collect();
    let prices =
        Decimal128Array::from(vec![Some(12_345), None, Some(1)]).with_precision_and_scale(10, 2).unwrap();
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1)]), None, None]);
    let built = TimestampMillisecondArray::from(vec![Some(1_772_319_600_000), Some(1_772_323_200_000), None]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("vehicle", Arc::new(StringArray::from(vec!["V-1", " V-2", "V-3"]))),
        ("maker", Arc::new(makers)),
        ("model_year", Arc::new(Int32Array::from(vec![2026, 2027, 2028]))),
        ("ex_works_price", Arc::new(prices)),
        ("built_on", Arc::new(built.clone())),
        ("exported_on", Arc::new(built.with_timezone("+01:00"))),
        ("declared_on", Arc::new(Date32Array::from(vec![Some(0), None, None]))),
        ("range_km", Arc::new(Float64Array::from(vec![Some(0.1), Some(1e-20), None]))),
        ("electric", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]))),
        ("code", Arc::new(StringArray::from(vec!["12", "13", "14"]))),
        ("parts", Arc::new(lists)),
    ];
    write_parquet(&folder.path().join("vehicles.parquet"), columns);
    let read = read(folder.path());
    assert!(read.report.is_sound(), "{:?}", read.report.faults);
    insta::assert_snapshot!(render::dossier(&read).replace(&read.dossier.title, "folder"));
}

#[test]
fn row_groups_keep_their_order_and_may_differ_in_shape() {
    let folder = tempfile::tempdir().unwrap();
    let count = 1_000;
    let names: StringArray = (0..count).map(|row| Some(format!("V-{row}"))).collect();
    // Moments at midnight are days; from the 700th on they are not.
    let moments = (0..count).map(|row| if row < 700 { 86_400_000 * row } else { 86_400_000 * row + 1 });
    let moments: TimestampMillisecondArray = moments.map(Some).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("vehicle", Arc::new(names)),
        ("built_on", Arc::new(moments.clone())),
        ("seen", Arc::new(moments)),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(100)).build();
    let file = fs::File::create(folder.path().join("vehicles.parquet")).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let read = read(folder.path());
    assert!(read.report.is_sound(), "{:?}", read.report.faults);
    let vehicles = read.dossier.table(TableKind::Vehicles).unwrap();
    assert!((0..1_000).all(|row| vehicles.text("vehicle", row) == Some(&format!("V-{row}"))));
    assert_eq!(vehicles.days("built_on", 699).to_string(), "1971-12-01");
    assert_eq!(vehicles.days("built_on", 700).to_string(), "1971-12-01 or 1971-12-02");
    assert_eq!(vehicles.column("seen").unwrap().len(), 1_000);
}

#[test]
fn faults_of_parquet_cells() {
    let folder = tempfile::tempdir().unwrap();
    let quantities =
        Decimal128Array::from(vec![5_000, 5_001, -1_000, 0]).with_precision_and_scale(38, 15).unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("parent", Arc::new(StringArray::from(vec![Some("A"), Some("A"), Some("A"), None]))),
        ("child", Arc::new(StringArray::from(vec!["B", "C", "D", "E"]))),
        ("quantity", Arc::new(quantities)),
    ];
    write_parquet(&folder.path().join("bom.parquet"), columns);
    let read = read(folder.path());
    let expected = [
        (Some(2), "cell/bad"),
        (Some(3), "number/negative"),
        (Some(4), "cell/missing"),
        (Some(4), "number/zero"),
    ];
    assert_eq!(codes(&read), expected, "{:?}", read.report.faults);
}

#[test]
fn broken_files_are_faults() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    write_parquet(&path("whole.parquet"), vec![("part", Arc::new(StringArray::from(vec!["P-1"])))]);
    let mut book = Workbook::new();
    parts_sheet(&mut book);
    book.save(path("whole.xlsx")).unwrap();
    for (whole, broken) in [("whole.parquet", "parts.parquet"), ("whole.xlsx", "bom.xlsx")] {
        let bytes = fs::read(path(whole)).unwrap();
        fs::write(path(broken), &bytes[..bytes.len() / 2]).unwrap();
        fs::remove_file(path(whole)).unwrap();
    }
    fs::write(path("vehicles.xlsx"), b"PK\x03\x04 and nothing else").unwrap();
    fs::write(path("flows.parquet"), b"PAR1").unwrap();
    let read = read(folder.path());
    assert_eq!(codes(&read), [(None, "file/unreadable"); 4], "{:?}", read.report.faults);
    assert!(read.dossier.tables.is_empty());
}

#[test]
fn deep_json_is_a_fault_and_no_crash() {
    let folder = tempfile::tempdir().unwrap();
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    fs::write(folder.path().join("parts.jsonl"), format!("{{\"part\": \"P-1\", \"unit_value\": {deep}}}\n"))
        .unwrap();
    fs::write(folder.path().join("deep.json"), &deep).unwrap();
    let read = read(folder.path());
    assert_eq!(codes(&read), [(Some(1), "cell/bad")]);
    let any = read_any(&folder.path().join("deep.json"), ReadOptions::default()).unwrap();
    assert!(!any.report.is_sound());
}

#[test]
fn nothing_to_read_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = read_dossier(folder.path(), ReadOptions::default()).unwrap_err();
    assert!(error.to_string().contains("holds no evidence"), "{error}");
    let error = read_dossier(&folder.path().join("absent"), ReadOptions::default()).unwrap_err();
    assert!(error.to_string().contains("check the path"), "{error}");
}

#[test]
fn the_same_rows_hash_alike_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let mut hashes = Vec::new();
    for (name, text) in [
        ("bom.csv", "parent,child,quantity\nA,B,1.50\n"),
        ("bom.tsv", "quantity\tchild\tparent\r\n1.5\tB\tA\r\n"),
        ("bom.jsonl", "{\"parent\": \"A\", \"child\": \"B\", \"quantity\": 1.5}\n"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let read = read_dossier(&path, ReadOptions::default()).unwrap();
        assert!(read.report.is_sound(), "{:?}", read.report.faults);
        hashes.push(filiera_tables::evidence_hash(&read.dossier));
    }
    hashes.dedup();
    assert_eq!(hashes.len(), 1);
}
