//! What an arbitrary list of costs adds up to, for `inspect`.
//!
//! Which columns are meant is told by words of their header: one column of costs, any number of
//! columns of quantities, all multiplied. A row with too many fields holds an unquoted delimiter;
//! its surplus is joined at every place in turn, and places where a number or address would stand
//! in a column of another kind are ruled out. Of the rest the column is taken whose text holds
//! delimiters most often in sound rows. All such rows are faults, and listed.

use std::collections::BTreeMap;
use std::path::Path;

use csv::StringRecord;

use crate::currency::{self, CurrencyMark};
use crate::faults::{FileFaults, Saying};
use crate::format::Format;
use crate::number::{self, Number, NumberStyle};
use crate::settings::TableSettings;
use crate::source::{Records, fields_of, join_surplus, open_records, record_fault};
use crate::sums::{Sum, Sums};

/// Rows looked at, at most: this is a glance, not a reading.
const MOST_ROWS: usize = 200_000;

/// The costs of a delimited file by currency, when its columns can be told; and its rows.
pub(crate) fn costs(path: &Path, format: Format, faults: &mut FileFaults) -> (Sums, u64) {
    let settings = TableSettings::default();
    let Some(mut records) = open_records(path, format, &settings, faults) else { return (Sums::new(), 0) };
    let Some(list) = read(&mut records, faults) else { return (Sums::new(), 0) };
    let rows = (list.sound.len() + list.ragged.len()) as u64;
    (list.sums(faults), rows)
}

struct List {
    headers: Vec<String>,
    sound: Vec<(u32, Vec<String>)>,
    ragged: Vec<(u32, Vec<String>)>,
    delimiter: u8,
}

fn read(records: &mut Records, faults: &mut FileFaults) -> Option<List> {
    let mut record = StringRecord::new();
    let mut headers: Option<Vec<String>> = None;
    let (mut sound, mut ragged) = (Vec::new(), Vec::new());
    loop {
        match records.next(&mut record) {
            Ok(Some(row)) => {
                let fields: Vec<String> = record.iter().map(|field| field.trim().to_owned()).collect();
                match &headers {
                    None => headers = Some(fields),
                    _ if fields.iter().all(String::is_empty) => {}
                    Some(headers) if headers.len() == fields.len() => sound.push((row, fields)),
                    Some(_) => ragged.push((row, record.iter().map(str::to_owned).collect())),
                }
            }
            Ok(None) => break,
            Err(error) => {
                record_fault(&error, false, faults);
                break;
            }
        }
        if sound.len() + ragged.len() >= MOST_ROWS {
            faults.note("rows beyond the first looked at", || format!("{MOST_ROWS} rows"));
            break;
        }
    }
    Some(List { headers: headers?, sound, ragged, delimiter: records.delimiter })
}

/// What the cells of a column have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    /// Every filled cell is a number.
    Number,
    /// Every filled cell is a web address.
    Address,
    /// Anything.
    Text,
}

impl List {
    fn sums(self, faults: &mut FileFaults) -> Sums {
        let natures: Vec<Nature> = (0..self.headers.len()).map(|column| self.nature(column)).collect();
        let repaired = self.repair(&natures, faults);
        let Some(cost) = self.cost_column(&natures) else { return Sums::new() };
        let quantities =
            if is_total(self.header(cost)) { Vec::new() } else { self.quantity_columns(cost, &natures) };
        let rows = self.sound.iter().chain(&repaired);
        let mut totals: BTreeMap<String, Sum> = BTreeMap::new();
        let usual = self.usual_currency(cost);
        for (row, fields) in rows {
            let Some(amount) = field_number(fields, cost) else { continue };
            let factors: Option<Vec<i128>> =
                quantities.iter().map(|column| Some(field_number(fields, *column)?.unscaled)).collect();
            let Some(mut factors) = factors else {
                faults.note("row without a quantity, left out of the sum", || format!("row {row}"));
                continue;
            };
            factors.push(amount.unscaled);
            let own = amount.currency.and_then(CurrencyMark::code).or_else(|| self.stated_currency(fields));
            let currency = own.map(str::to_owned).unwrap_or_else(|| usual.clone());
            totals.entry(currency).or_default().add_product(&factors);
        }
        self.note_columns(cost, &quantities, faults);
        let texts: BTreeMap<String, String> =
            totals.into_iter().map(|(currency, sum)| (currency, sum.to_text())).collect();
        if texts.is_empty() { Sums::new() } else { Sums::from([("value".to_owned(), texts)]) }
    }

    fn note_columns(&self, cost: usize, quantities: &[usize], faults: &mut FileFaults) {
        let mut names = vec![format!("`{}`", self.header(cost))];
        names.extend(quantities.iter().map(|column| format!("`{}`", self.header(*column))));
        faults.note("sum guessed from the column names", || names.join(" × "));
    }

    fn header(&self, column: usize) -> &str {
        self.headers.get(column).map_or("", String::as_str)
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.sound
            .iter()
            .filter_map(move |(_, fields)| fields.get(column))
            .map(String::as_str)
            .filter(|c| !c.is_empty())
    }

    fn nature(&self, column: usize) -> Nature {
        let all =
            |test: fn(&str) -> bool| self.cells(column).next().is_some() && self.cells(column).all(test);
        if all(|cell| number_of(cell).is_some()) {
            Nature::Number
        } else if all(is_address) {
            Nature::Address
        } else {
            Nature::Text
        }
    }

    /// The rows of another length, made to fit where that can be told, and each a fault.
    fn repair(&self, natures: &[Nature], faults: &mut FileFaults) -> Vec<(u32, Vec<String>)> {
        let mut repaired = Vec::new();
        for (row, fields) in &self.ragged {
            let message =
                format!("the row has {}, the header {}", fields_of(fields.len()), self.headers.len());
            let joined = self.join(fields, natures);
            let (code, remedy) = match &joined {
                Some((column, _)) => {
                    let header = self.header(*column);
                    let remedy = format!(
                        "quote the field; here it was joined into `{header}`; a dossier does so with `ragged = {{ join = \"{header}\" }}`"
                    );
                    ("row/ragged", remedy)
                }
                None if fields.len() > self.headers.len() => {
                    ("row/ragged", "quote the field that holds the delimiter; the row is left out".to_owned())
                }
                None => ("row/short", "complete the row; it is left out".to_owned()),
            };
            faults.row(*row, None, Saying::new(code, message, remedy));
            repaired.extend(joined.map(|(_, fields)| (*row, fields)));
        }
        repaired
    }

    /// Where the surplus of a row belongs, and the row made even.
    fn join(&self, fields: &[String], natures: &[Nature]) -> Option<(usize, Vec<String>)> {
        let expected = self.headers.len();
        if fields.len() <= expected {
            return None;
        }
        let fits = |fields: &[String]| {
            fields.iter().zip(natures).all(|(field, nature)| match nature {
                _ if field.trim().is_empty() => true,
                Nature::Number => number_of(field).is_some(),
                Nature::Address => is_address(field),
                Nature::Text => true,
            })
        };
        let candidates: Vec<(usize, Vec<String>)> = (0..expected)
            .map(|column| (column, join_surplus(fields, column, expected, self.delimiter)))
            .filter(|(_, fields)| fits(fields))
            .collect();
        let numbers = |fields: &[String]| -> Vec<String> {
            let pairs = fields.iter().zip(natures).filter(|(_, nature)| **nature == Nature::Number);
            pairs.map(|(field, _)| field.trim().to_owned()).collect()
        };
        let (_, first) = candidates.first()?;
        let agreed = numbers(first);
        // Only where every possible place leaves the same numbers is the row's value certain.
        if candidates.iter().any(|(_, fields)| numbers(fields) != agreed) {
            return None;
        }
        candidates.into_iter().rev().max_by_key(|(column, _)| self.delimiters_in(*column))
    }

    fn delimiters_in(&self, column: usize) -> usize {
        let delimiter = char::from(self.delimiter);
        self.cells(column).filter(|cell| cell.contains(delimiter)).count()
    }

    /// The first column of numbers whose header names a cost; one per piece before a total.
    fn cost_column(&self, natures: &[Nature]) -> Option<usize> {
        let named = |column: &usize| {
            natures.get(*column) == Some(&Nature::Number)
                && words_of(self.header(*column)).iter().any(|word| is_cost(word))
        };
        let columns: Vec<usize> = (0..self.headers.len()).filter(named).collect();
        columns.iter().find(|column| !is_total(self.header(**column))).or_else(|| columns.first()).copied()
    }

    fn quantity_columns(&self, cost: usize, natures: &[Nature]) -> Vec<usize> {
        let named = |column: &usize| {
            *column != cost
                && natures.get(*column) == Some(&Nature::Number)
                && words_of(self.header(*column)).iter().any(|word| is_quantity(word))
        };
        (0..self.headers.len()).filter(named).collect()
    }

    /// The currency of amounts without a sign: the header's, or the only one in the column.
    fn usual_currency(&self, cost: usize) -> String {
        let of_header = words_of(self.header(cost)).iter().find_map(|word| currency::code(word));
        if let Some(code) = of_header {
            return code.to_owned();
        }
        let marks = self.cells(cost).filter_map(number_of).filter_map(|number| number.currency?.code());
        let mut marks: Vec<&str> = marks.collect();
        marks.sort_unstable();
        marks.dedup();
        match marks.as_slice() {
            [only] => (*only).to_owned(),
            _ => String::new(),
        }
    }

    fn stated_currency(&self, fields: &[String]) -> Option<&'static str> {
        let column = self.headers.iter().position(|header| {
            words_of(header)
                .iter()
                .any(|word| matches!(word.as_str(), "currency" | "währung" | "valuta" | "waehrung"))
        })?;
        currency::mark(fields.get(column)?)?.code()
    }
}

fn number_of(cell: &str) -> Option<Number> {
    number::parse(cell.trim(), NumberStyle::PLAIN).ok().filter(|number| !number.percent)
}

fn field_number(fields: &[String], column: usize) -> Option<Number> {
    fields.get(column).and_then(|field| number_of(field))
}

fn is_address(cell: &str) -> bool {
    ["http://", "https://", "www."].iter().any(|start| cell.trim().starts_with(start))
}

fn words_of(header: &str) -> Vec<String> {
    header
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn is_cost(word: &str) -> bool {
    const COSTS: [&str; 18] = [
        "cost", "costs", "price", "prices", "value", "amount", "preis", "kosten", "wert", "betrag", "prezzo",
        "costo", "valore", "importo", "prix", "coût", "precio", "coste",
    ];
    COSTS.contains(&word)
        || currency::code(word).is_some_and(|code| ["USD", "EUR", "GBP", "JPY", "CNY", "CHF"].contains(&code))
}

fn is_quantity(word: &str) -> bool {
    const QUANTITIES: [&str; 18] = [
        "qty",
        "quantity",
        "quantities",
        "req",
        "required",
        "multiplier",
        "count",
        "pieces",
        "pcs",
        "menge",
        "anzahl",
        "stück",
        "stueck",
        "quantità",
        "quantita",
        "pezzi",
        "quantité",
        "cantidad",
    ];
    QUANTITIES.contains(&word)
}

fn is_total(header: &str) -> bool {
    const TOTALS: [&str; 7] = ["total", "extended", "ext", "sum", "gesamt", "totale", "summe"];
    words_of(header).iter().any(|word| TOTALS.contains(&word.as_str()))
}
