use std::fmt::Write;

use filiera_tables::{ColumnKind, TableKind};

/// A file of the template that `filiera init` writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The file's name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The tables a first dossier about vehicles needs.
const FIRST: [TableKind; 7] = [
    TableKind::Parts,
    TableKind::Bom,
    TableKind::Declarations,
    TableKind::Vehicles,
    TableKind::Companies,
    TableKind::Flows,
    TableKind::Production,
];

/// A commented dossier: `dossier.toml`, a header per table, and a page on every column.
pub fn templates(title: &str) -> Vec<Template> {
    let mut files = vec![
        Template { name: "dossier.toml".to_owned(), text: settings(title) },
        Template { name: "COLUMNS.md".to_owned(), text: columns() },
    ];
    files.extend(FIRST.map(|kind| {
        let names: Vec<&str> = kind.columns().iter().map(|column| column.name).collect();
        Template { name: format!("{}.csv", kind.name()), text: format!("{}\n", names.join(",")) }
    }));
    files
}

fn settings(title: &str) -> String {
    let title = title.replace(['\\', '"'], "'").replace(char::is_control, " ");
    format!(
        r#"# The evidence: which files hold it, what is complete, which law is asked.
title       = "{title}"
packs       = ["it/automotive-accord"]     # `filiera packs list` shows them all; a file works too
destination = "IT"                         # the market the products go to
currency    = "EUR"                        # of money cells that name none

# Files with canonical names (parts.csv, bom.xlsx, flows.jsonl, …) are read as they are.
# A file that purchasing sends is mapped; `filiera inspect FILE` shows what is in it.
#
# [[table.parts]]
# file      = "Materialstamm.csv"
# delimiter = ";"
# encoding  = "windows-1252"
# decimal   = ","
# on_fault  = "set-aside"                  # default "stop": any fault stops the check
# [table.parts.columns]
# part       = "Materialnummer"
# unit_value = "Preis"

# Nothing is taken as complete unless somebody vouches for it: an `every` or `none` condition over a
# population that is not complete can fail, and can never be met.
#
# [complete]
# components = {{ by = "head of purchasing", on = 2026-03-01 }}
# flows      = {{ by = "data protection officer", on = 2026-03-01 }}
"#
    )
}

fn columns() -> String {
    let mut text = String::from(
        "# Columns\n\nRequired columns are bold. Any other column passes through, and predicates may use it.\n",
    );
    for kind in TableKind::ALL {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\n## {}\n\n| column | cells |\n|---|---|", kind.name());
        for column in kind.columns() {
            let name = if column.required { format!("**{}**", column.name) } else { column.name.to_owned() };
            let _ = writeln!(text, "| {name} | {} |", cells(column.kind));
        }
    }
    text
}

fn cells(kind: ColumnKind) -> String {
    match kind {
        ColumnKind::Text => "text".to_owned(),
        ColumnKind::Choice(words) => words.join(", "),
        ColumnKind::Number => "a number".to_owned(),
        ColumnKind::Amount => "a number of 0 or more".to_owned(),
        ColumnKind::Positive => "a number above 0".to_owned(),
        ColumnKind::Share | ColumnKind::ShareRange => {
            "`45 %`, or a number when the dossier states the unit".to_owned()
        }
        ColumnKind::Whole => "a whole number".to_owned(),
        ColumnKind::Day => "`2026-03-01`".to_owned(),
        ColumnKind::Country => "ISO 3166-1: `IT` or `ITA`".to_owned(),
        ColumnKind::Origin => "`IT`, `US/CA` (one of them), `EU` (one of the members)".to_owned(),
        ColumnKind::Currency => "ISO 4217: `EUR`".to_owned(),
        ColumnKind::Truth => "true or false".to_owned(),
    }
}
