mod reader;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use filiera_finding::ReaderReport;
use filiera_model::{Country, Day};
use filiera_tables::{Completeness, Population, TableKind};
use toml_edit::{Document, Item};

use crate::currency;
use crate::settings::TableSettings;
use reader::TomlReader;

/// What `dossier.toml` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct DossierFile {
    /// The title.
    pub title: Option<String>,
    /// The packs, as ids or paths.
    pub packs: Vec<String>,
    /// The market the products go to.
    pub destination: Option<Country>,
    /// The reporting currency.
    pub currency: Option<String>,
    /// The files of outside formats to import; nothing: those found in the folder.
    pub imports: Option<Vec<Import>>,
    /// What is declared complete, with the line that says so.
    pub complete: BTreeMap<Population, (Completeness, u32)>,
    /// Whether `installed` is declared complete, with the line that says so.
    pub installed_complete: Option<u32>,
    /// How files fill tables.
    pub tables: Vec<TableSettings>,
}

/// A file of an outside format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// The file.
    pub file: String,
    /// The offer that the file is the bill of materials of.
    pub offer: Option<String>,
}

const KEYS: [&str; 8] =
    ["title", "packs", "destination", "market", "currency", "imports", "complete", "table"];

/// Reads the text of a `dossier.toml`; all its faults go to the report.
///
/// Nothing when it is no TOML at all.
pub(crate) fn parse(file: &str, text: &str, report: &mut ReaderReport) -> Option<DossierFile> {
    let mut toml = TomlReader::new(file, text, report);
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let message = error.message().trim().replace('\n', ", ");
            toml.fault(error.span(), None, "dossier/syntax", message, "correct the line".to_owned());
            return None;
        }
    };
    let root = document.as_item();
    toml.known_keys(root, "dossier.toml", &KEYS);
    let mut dossier = DossierFile {
        title: toml.text(root, "title"),
        packs: toml.texts(root, "packs").unwrap_or_default(),
        destination: destination(&mut toml, root),
        currency: reporting_currency(&mut toml, root),
        imports: imports(&mut toml, root),
        complete: BTreeMap::new(),
        installed_complete: None,
        tables: Vec::new(),
    };
    complete(&mut toml, root, &mut dossier);
    dossier.tables = tables(&mut toml, root);
    Some(dossier)
}

/// `imports = ["twins.json", { file = "alfa.cdx.json", offer = "A" }]`.
fn imports(toml: &mut TomlReader<'_>, root: &Item) -> Option<Vec<Import>> {
    let item = root.get("imports")?;
    if let Some(file) = item.as_str() {
        return Some(vec![Import { file: file.to_owned(), offer: None }]);
    }
    let mut imports = Vec::new();
    for value in item.as_array().into_iter().flatten() {
        if let Some(file) = value.as_str() {
            imports.push(Import { file: file.to_owned(), offer: None });
            continue;
        }
        let item = Item::Value(value.clone());
        if !value.is_inline_table() {
            wrong_imports(toml, &item);
            continue;
        }
        toml.known_keys(&item, "imports", &["file", "offer"]);
        let offer = toml.text(&item, "offer");
        match toml.text(&item, "file") {
            Some(file) => imports.push(Import { file, offer }),
            None => {
                let message = "an entry of `imports` names no file".to_owned();
                toml.fault(item.span(), Some("imports"), "dossier/import", message, HOW_TO_IMPORT.to_owned());
            }
        }
    }
    if !item.is_array() {
        wrong_imports(toml, item);
    }
    Some(imports)
}

const HOW_TO_IMPORT: &str = "write `imports = [\"…\"]`, or `{ file = \"…\", offer = \"…\" }` in the list";

fn wrong_imports(toml: &mut TomlReader<'_>, item: &Item) {
    toml.wrong_type(item, "imports", "a list of files", HOW_TO_IMPORT.to_owned());
}

fn destination(toml: &mut TomlReader<'_>, root: &Item) -> Option<Country> {
    for key in ["destination", "market"] {
        let Some(text) = toml.text(root, key) else { continue };
        let country = Country::from_code(&text).or_else(|| Country::from_name(&text));
        if country.is_none() {
            let span = root.get(key).and_then(Item::span);
            let message = format!("`{text}` is no country");
            toml.fault(span, Some(key), "dossier/country", message, "write alpha-2, such as `IT`".to_owned());
        }
        return country;
    }
    None
}

fn reporting_currency(toml: &mut TomlReader<'_>, root: &Item) -> Option<String> {
    let text = toml.text(root, "currency")?;
    let code = currency::code(&text).map(str::to_owned);
    if code.is_none() {
        let span = root.get("currency").and_then(Item::span);
        let remedy = "write an ISO 4217 code such as `EUR`".to_owned();
        toml.fault(span, Some("currency"), "dossier/currency", format!("`{text}` is no currency"), remedy);
    }
    code
}

/// The one table that can be declared complete and is no population.
const INSTALLED: &str = "installed";

fn complete(toml: &mut TomlReader<'_>, root: &Item, dossier: &mut DossierFile) {
    let Some(item) = root.get("complete") else { return };
    let names: Vec<&str> = Population::ALL.iter().map(|one| one.name()).chain([INSTALLED]).collect();
    toml.known_keys(item, "[complete]", &names);
    for (name, key, value) in toml.entries(item, "complete") {
        let line = toml.line(key.or_else(|| value.span()));
        let Some(declared) = completeness(toml, &name, value) else { continue };
        if name == INSTALLED {
            dossier.installed_complete = Some(line);
        } else if let Some(population) = Population::from_name(&name) {
            dossier.complete.insert(population, (declared, line));
        }
    }
}

/// `{ by = "…", on = 2026-03-01, subjects = ["…"] }` or `true`.
fn completeness(toml: &mut TomlReader<'_>, name: &str, value: &Item) -> Option<Completeness> {
    match value.as_bool() {
        Some(true) => return Some(Completeness { by: None, on: None, subjects: None }),
        Some(false) => return None,
        None => {}
    }
    if value.as_table_like().is_none() {
        let remedy = format!("write `{name} = {{ by = \"head of purchasing\", on = 2026-03-01 }}`");
        toml.wrong_type(value, name, "a table", remedy);
        return None;
    }
    toml.known_keys(value, name, &["by", "on", "subjects"]);
    let on = value.get("on").map(|item| (item, item.to_string().trim().trim_matches('"').parse::<Day>()));
    if let Some((item, Err(error))) = &on {
        toml.fault(item.span(), Some("on"), "dossier/day", error.to_string(), "write a day".to_owned());
    }
    Some(Completeness {
        by: toml.text(value, "by"),
        on: on.and_then(|(_, day)| day.ok()),
        subjects: toml.texts(value, "subjects").map(BTreeSet::from_iter),
    })
}

fn tables(toml: &mut TomlReader<'_>, root: &Item) -> Vec<TableSettings> {
    let mut tables = Vec::new();
    let Some(item) = root.get("table") else { return tables };
    let names = TableKind::ALL.map(TableKind::name);
    toml.known_keys(item, "[table]", &names);
    for (name, _, value) in toml.entries(item, "table") {
        let Some(kind) = TableKind::from_name(&name) else { continue };
        if let Some(array) = value.as_array_of_tables() {
            for one in array {
                let line = toml.line(one.span());
                tables.push(table::settings(toml, kind, &Item::Table(one.clone()), line));
            }
        } else {
            let line = toml.line(value.span());
            tables.push(table::settings(toml, kind, value, line));
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<DossierFile>, Vec<String>) {
        let mut report = ReaderReport::default();
        let dossier = parse("dossier.toml", text, &mut report);
        let faults = report.faults.iter().map(|fault| {
            format!("{}: {}: {} ({})", fault.row.unwrap_or(0), fault.code, fault.message, fault.remedy)
        });
        (dossier, faults.collect())
    }

    #[test]
    fn everything_a_dossier_may_say() {
        let (dossier, faults) = read(include_str!("../tests/dossier/everything.toml"));
        assert_eq!(faults, Vec::<String>::new());
        insta::assert_debug_snapshot!(dossier.unwrap());
    }

    #[test]
    fn every_fault_at_once_with_its_line() {
        let (_, faults) = read(include_str!("../tests/dossier/faulty.toml"));
        insta::assert_debug_snapshot!(faults);
        let (dossier, faults) = read("title = \"x\ntable = 3");
        assert!(dossier.is_none() && faults.len() == 1, "{faults:?}");
    }
}
