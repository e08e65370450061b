use std::collections::BTreeMap;

use filiera_tables::TableKind;
use toml_edit::Item;

use super::reader::TomlReader;
use crate::day::DayStyle;
use crate::faults::OnFault;
use crate::number::{self, NumberStyle};
use crate::settings::{CellSource, Ragged, RowSum, TableSettings, Unit};

const KEYS: [&str; 19] = [
    "file",
    "sheet",
    "columns",
    "unpivot",
    "unit",
    "delimiter",
    "quote",
    "encoding",
    "decimal",
    "thousands",
    "date_format",
    "nulls",
    "on_fault",
    "header_row",
    "skip_rows",
    "ragged",
    "row_sum",
    "only",
    "leave_out",
];

/// Reads one `[table.…]`.
pub(super) fn settings(toml: &mut TomlReader<'_>, kind: TableKind, item: &Item, line: u32) -> TableSettings {
    let mut settings = TableSettings { kind: Some(kind), line: Some(line), ..TableSettings::default() };
    if item.as_table_like().is_none() {
        let remedy = format!("write `[table.{}]` and its settings below", kind.name());
        toml.wrong_type(item, kind.name(), "a table", remedy);
        return settings;
    }
    toml.known_keys(item, &format!("[table.{}]", kind.name()), &KEYS);
    settings.file = toml.text(item, "file");
    settings.sheet = toml.text(item, "sheet");
    settings.delimiter = toml.byte(item, "delimiter");
    settings.quote = toml.byte(item, "quote");
    settings.encoding = encoding(toml, item);
    settings.numbers = numbers(toml, item);
    settings.days = days(toml, item);
    settings.nulls = toml.texts(item, "nulls").unwrap_or_default();
    settings.on_fault = on_fault(toml, item);
    settings.header_row = toml.count(item, "header_row").filter(|row| *row > 0);
    settings.skip_rows = toml.count(item, "skip_rows").unwrap_or(0);
    settings.ragged = ragged(toml, item);
    settings.row_sum = row_sum(toml, item);
    settings.only = toml.truth(item, "only").unwrap_or(false);
    settings.leave_out = toml.texts(item, "leave_out").unwrap_or_default();
    units(toml, item, &mut settings);
    if let Some(columns) = item.get("columns") {
        let (columns, units) = mapping(toml, columns, "columns");
        settings.columns = columns;
        settings.units.extend(units);
    }
    unpivot(toml, item, &mut settings);
    settings
}

fn encoding(toml: &mut TomlReader<'_>, item: &Item) -> Option<String> {
    let label = toml.text(item, "encoding")?;
    if encoding_rs::Encoding::for_label(label.trim().as_bytes()).is_none() {
        let span = item.get("encoding").and_then(Item::span);
        let remedy = "write a label such as `utf-8`, `windows-1252`, `iso-8859-15` or `utf-16le`".to_owned();
        toml.fault(span, Some("encoding"), "dossier/value", format!("`{label}` is no encoding"), remedy);
        return None;
    }
    Some(label)
}

/// A stated decimal mark makes the other mark the thousands separator, unless that is stated too.
fn numbers(toml: &mut TomlReader<'_>, item: &Item) -> NumberStyle {
    let mut mark = |key: &str| {
        let text = toml.text(item, key)?;
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(mark), None) if !mark.is_alphanumeric() => Some(mark),
            _ => {
                let span = item.get(key).and_then(Item::span);
                let remedy = format!("write `{key} = \",\"` or `{key} = \".\"`");
                toml.fault(span, Some(key), "dossier/value", format!("`{text}` is no mark"), remedy);
                None
            }
        }
    };
    let (decimal, thousands) = (mark("decimal"), mark("thousands"));
    let style = match (decimal, thousands) {
        (None, None) => NumberStyle::PLAIN,
        (Some(decimal), thousands) => {
            let other = if decimal == ',' { '.' } else { ',' };
            NumberStyle { decimal, thousands: Some(thousands.unwrap_or(other)) }
        }
        (None, Some(thousands)) => {
            NumberStyle { decimal: if thousands == '.' { ',' } else { '.' }, thousands: Some(thousands) }
        }
    };
    if style.thousands == Some(style.decimal) {
        let message = format!("`{}` cannot be both the decimal and the thousands mark", style.decimal);
        let span = item.get("thousands").and_then(Item::span);
        toml.fault(span, Some("thousands"), "dossier/value", message, "correct one of them".to_owned());
    }
    style
}

fn days(toml: &mut TomlReader<'_>, item: &Item) -> DayStyle {
    let Some(format) = toml.text(item, "date_format") else { return DayStyle::default() };
    DayStyle::new(&format).unwrap_or_else(|| {
        let span = item.get("date_format").and_then(Item::span);
        let message = format!("`{format}` does not say where day, month and year stand");
        let remedy = "write `dd.mm.yyyy`, `mm/dd/yyyy` or a pattern such as `%d.%m.%Y`".to_owned();
        toml.fault(span, Some("date_format"), "dossier/value", message, remedy);
        DayStyle::default()
    })
}

fn on_fault(toml: &mut TomlReader<'_>, item: &Item) -> OnFault {
    match toml.text(item, "on_fault").as_deref() {
        None | Some("stop") => OnFault::Stop,
        Some("set-aside") => OnFault::SetAside,
        Some(other) => {
            let span = item.get("on_fault").and_then(Item::span);
            let remedy = "write `stop` or `set-aside`".to_owned();
            toml.fault(
                span,
                Some("on_fault"),
                "dossier/value",
                format!("`{other}` is no way to go on"),
                remedy,
            );
            OnFault::Stop
        }
    }
}

fn ragged(toml: &mut TomlReader<'_>, item: &Item) -> Ragged {
    let Some(ragged) = item.get("ragged") else { return Ragged::default() };
    if ragged.as_table_like().is_none() {
        toml.wrong_type(ragged, "ragged", "a table", "write `ragged = { join = \"column\" }`".to_owned());
        return Ragged::default();
    }
    toml.known_keys(ragged, "ragged", &["join", "pad"]);
    Ragged { join: toml.text(ragged, "join"), pad: toml.truth(ragged, "pad").unwrap_or(false) }
}

fn row_sum(toml: &mut TomlReader<'_>, item: &Item) -> Option<RowSum> {
    let sum = item.get("row_sum")?;
    let remedy = || "write `row_sum = { of = [\"a\", \"b\"], at_most = 100 }`".to_owned();
    if sum.as_table_like().is_none() {
        toml.wrong_type(sum, "row_sum", "a table", remedy());
        return None;
    }
    toml.known_keys(sum, "row_sum", &["of", "at_most"]);
    let of = toml.texts(sum, "of").unwrap_or_default();
    let limit = sum.get("at_most").and_then(|limit| toml.scalar(limit));
    let at_most = limit.and_then(|limit| number::parse_typed(&limit).ok());
    match at_most {
        Some(at_most) if !of.is_empty() => Some(RowSum { of, at_most: at_most.unscaled }),
        _ => {
            let message = "`row_sum` needs the columns `of` and the number `at_most`".to_owned();
            toml.fault(sum.span(), Some("row_sum"), "dossier/value", message, remedy());
            None
        }
    }
}

/// `unit = "percent"` for all shares, or `unit = { column = "percent" }`.
fn units(toml: &mut TomlReader<'_>, item: &Item, settings: &mut TableSettings) {
    let Some(unit) = item.get("unit") else { return };
    if let Some(name) = unit.as_str() {
        let all = Unit::of(name);
        if let Unit::Other(name) = &all {
            let remedy = "write `percent` or `fraction`; other units stand by column: `unit.mass_kg = \"g\"`";
            let message = format!("`{name}` is no unit of shares");
            toml.fault(unit.span(), Some("unit"), "dossier/value", message, remedy.to_owned());
        }
        settings.share_unit = Some(all);
        return;
    }
    for (column, _, value) in toml.entries(unit, "unit") {
        match value.as_str() {
            Some(name) => {
                settings.units.insert(column, Unit::of(name));
            }
            None => toml.wrong_type(value, &column, "a unit", format!("write `unit.{column} = \"percent\"`")),
        }
    }
}

type Mapping = (BTreeMap<String, CellSource>, BTreeMap<String, Unit>);

/// `part = "Materialnummer"`, `parent = { const = "iphone" }`, `vehicle = { row = true }`,
/// `quantity = { product = ["a", "b"] }`, `share = { from = "Anteil", unit = "percent" }`.
fn mapping(toml: &mut TomlReader<'_>, item: &Item, place: &str) -> Mapping {
    let (mut columns, mut units) = (BTreeMap::new(), BTreeMap::new());
    for (name, _, value) in toml.entries(item, place) {
        if let Some(header) = value.as_str() {
            columns.insert(name, CellSource::Header(header.to_owned()));
            continue;
        }
        if value.as_table_like().is_none() {
            let remedy = format!("write `{name} = \"column of the file\"` or `{name} = {{ const = \"…\" }}`");
            toml.wrong_type(value, &name, "a column", remedy);
            continue;
        }
        toml.known_keys(value, &name, &["from", "const", "row", "product", "unit"]);
        if let Some(unit) = toml.text(value, "unit") {
            units.insert(name.clone(), Unit::of(&unit));
        }
        if let Some(source) = cell_source(toml, value, &name) {
            columns.insert(name, source);
        }
    }
    (columns, units)
}

fn cell_source(toml: &mut TomlReader<'_>, value: &Item, name: &str) -> Option<CellSource> {
    let stated = ["from", "const", "row", "product"].iter().filter(|key| value.get(key).is_some()).count();
    if stated == 0 && value.get("unit").is_some() {
        return Some(CellSource::Header(name.to_owned()));
    }
    let source = if stated != 1 {
        None
    } else if let Some(constant) = value.get("const") {
        toml.scalar(constant).map(CellSource::Constant)
    } else if value.get("row").is_some() {
        toml.truth(value, "row").filter(|row| *row).map(|_| CellSource::RowNumber)
    } else if value.get("product").is_some() {
        toml.texts(value, "product").filter(|factors| !factors.is_empty()).map(CellSource::Product)
    } else {
        toml.text(value, "from").map(CellSource::Header)
    };
    if source.is_none() {
        let message = format!("`{name}` does not say where its cells come from");
        let remedy = "write one of `from`, `const`, `row = true` and `product`".to_owned();
        toml.fault(value.span(), Some(name), "dossier/value", message, remedy);
    }
    source
}

/// `unpivot = [{ supplier = "Lieferant1", origin = "Land1" }, { supplier = "Lieferant2", … }]`.
fn unpivot(toml: &mut TomlReader<'_>, item: &Item, settings: &mut TableSettings) {
    let Some(unpivot) = item.get("unpivot") else { return };
    let groups: Option<Vec<Item>> = match unpivot {
        Item::ArrayOfTables(tables) => Some(tables.iter().map(|table| Item::Table(table.clone())).collect()),
        other => other.as_array().map(|array| array.iter().map(|value| Item::Value(value.clone())).collect()),
    };
    let Some(groups) = groups.filter(|groups| !groups.is_empty()) else {
        let remedy =
            "write `unpivot = [{ supplier = \"Supplier1\" }, { supplier = \"Supplier2\" }]`".to_owned();
        toml.wrong_type(unpivot, "unpivot", "a list of groups", remedy);
        return;
    };
    for group in &groups {
        let (columns, units) = mapping(toml, group, "unpivot");
        settings.unpivot.push(columns);
        settings.units.extend(units);
    }
}
