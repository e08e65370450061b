use filiera_tables::TableKind;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::folder::Job;

/// The text of `dossier.toml` with these files named beside those that fill their tables already.
///
/// Nothing when the tables are written in a way that takes no further file.
pub(super) fn describe(text: &str, jobs: &[Job], named: &[(TableKind, String)]) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let tables = document.entry("table").or_insert_with(|| Item::Table(implicit())).as_table_mut()?;
    for (kind, file) in named {
        let mut all = match tables.remove(kind.name()) {
            None => jobs.iter().filter(|job| job.kind == *kind).map(|job| of_file(&job.name)).collect(),
            Some(Item::ArrayOfTables(several)) => several,
            Some(Item::Table(one)) => std::iter::once(one).collect::<ArrayOfTables>(),
            Some(_) => return None,
        };
        all.push(of_file(file));
        tables.insert(kind.name(), Item::ArrayOfTables(all));
    }
    Some(document.to_string())
}

fn implicit() -> Table {
    let mut table = Table::new();
    table.set_implicit(true);
    table
}

fn of_file(name: &str) -> Table {
    let mut table = Table::new();
    table.insert("file", value(name));
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_beside_the_others_and_the_rest_stays() {
        let named = [(TableKind::Declarations, "answers-declarations.csv".to_owned())];
        let one = "title = \"X\" # mine\n\n[table.declarations]\nfile = \"D.xlsx\"\ncolumns = { part = \"Teil\" }\n\n[complete]\nflows = true\n";
        let new = describe(one, &[], &named).unwrap();
        assert!(new.contains("title = \"X\" # mine") && new.contains("[complete]"), "{new}");
        assert_eq!(new.matches("[[table.declarations]]").count(), 2, "{new}");
        assert!(new.contains("columns = { part = \"Teil\" }"), "{new}");
        let again = describe(&new, &[], &[(TableKind::Declarations, "more.csv".to_owned())]).unwrap();
        assert_eq!(again.matches("[[table.declarations]]").count(), 3, "{again}");
        assert_eq!(describe("table = 3", &[], &named), None);
        assert_eq!(describe("table.declarations = { file = \"D.xlsx\" }", &[], &named), None);
    }
}
