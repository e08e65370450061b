use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use filiera_model::{Country, OriginText};
use filiera_tables::{Dossier, Table, TableKind};

use crate::FilieraError;

/// So many names are offered instead of one that is not there.
const OFFERED: usize = 4;

/// What is taken away: the declarations of a paper, a supplier or a country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Without {
    /// Those of this document; where no document has the name, those on this part.
    Declaration(String),
    /// Those whose supplier or issuer it is.
    Supplier(String),
    /// Those that name this origin, alone or as one of several.
    Country(Country),
}

impl FromStr for Without {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let help = "write `declaration=ID`, `supplier=ID` or `country=CC`";
        let (kind, name) =
            text.split_once('=').ok_or_else(|| format!("`{text}` takes nothing away; {help}"))?;
        let name = name.trim();
        match kind.trim() {
            _ if name.is_empty() => Err(format!("`{text}` names nothing; {help}")),
            "declaration" => Ok(Self::Declaration(name.to_owned())),
            "supplier" => Ok(Self::Supplier(name.to_owned())),
            "country" => Country::from_code(name)
                .map(Self::Country)
                .ok_or_else(|| format!("`{name}` is no country; write its code, as `CN`")),
            other => Err(format!("`{other}` is nothing that can be taken away; {help}")),
        }
    }
}

impl fmt::Display for Without {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Declaration(name) => write!(f, "declaration {name}"),
            Self::Supplier(name) => write!(f, "supplier {name}"),
            Self::Country(country) => write!(f, "country {}", country.alpha2()),
        }
    }
}

/// Takes declarations away, and tells how many.
pub(super) fn take_away(dossier: &mut Dossier, without: &Without) -> Result<u64, FilieraError> {
    let empty = Table::empty(TableKind::Declarations);
    let table = dossier.table(TableKind::Declarations).unwrap_or(&empty);
    let is = |column: &str, row: usize, name: &str| table.text(column, row) == Some(name);
    let rows = 0..table.len();
    let gone: BTreeSet<usize> = match without {
        Without::Declaration(name) => {
            let of_document: BTreeSet<usize> =
                rows.clone().filter(|row| is("document", *row, name)).collect();
            if of_document.is_empty() {
                rows.filter(|row| is("part", *row, name)).collect()
            } else {
                of_document
            }
        }
        Without::Supplier(name) => {
            rows.filter(|row| is("supplier", *row, name) || is("issuer", *row, name)).collect()
        }
        Without::Country(country) => {
            let names = |row: &usize| match table.origin("origin", *row) {
                Some(OriginText::OneOf(set)) => set.contains(*country),
                _ => false,
            };
            rows.filter(names).collect()
        }
    };
    if gone.is_empty() {
        return Err(nothing(table, without));
    }
    let kept: Vec<u32> = (0..table.len()).filter(|row| !gone.contains(row)).map(|row| row as u32).collect();
    let kept = table.take(&kept).map_err(|error| FilieraError::Engine(error.into()))?;
    dossier.tables.insert(TableKind::Declarations, kept);
    Ok(gone.len() as u64)
}

/// There is no such thing: what is most like it.
fn nothing(table: &Table, without: &Without) -> FilieraError {
    let (columns, wanted): (&[&str], String) = match without {
        Without::Declaration(name) => (&["document", "part"], name.clone()),
        Without::Supplier(name) => (&["supplier", "issuer"], name.clone()),
        Without::Country(country) => (&["origin"], country.alpha2().to_owned()),
    };
    let names: BTreeSet<&str> = columns.iter().flat_map(|column| table.texts(column).flatten()).collect();
    let wanted = wanted.to_lowercase();
    let mut ranked: Vec<(f64, &str)> = names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&name.to_lowercase(), &wanted), name)) // display only
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let names: Vec<String> = ranked.iter().take(OFFERED).map(|(_, name)| format!("`{name}`")).collect();
    let help = match names.as_slice() {
        [] => "the dossier has no declarations that name any".to_owned(),
        names => format!("the nearest are {}", names.join(", ")),
    };
    FilieraError::NothingWithout { what: without.to_string(), help }
}
