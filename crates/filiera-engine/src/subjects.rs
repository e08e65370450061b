use std::collections::{BTreeMap, BTreeSet};

use arrow::array::UInt32Array;
use filiera_finding::NOBODY;
use filiera_tables::{COMPANY_COLUMNS, ColumnKind, Dossier, Population, TableKind, with_companies};
use rustc_hash::FxHashMap;

use crate::EngineError;
use crate::columns::Columns;
use crate::facts::Companies;

/// Who is judged: the distinct values of the `per` columns, sorted, with what is known of each.
pub(crate) struct Subjects {
    pub(crate) per: Vec<String>,
    /// The subjects as findings name them.
    pub(crate) names: Vec<String>,
    /// What `when`, `dated_by`, `of_total` and `via` may ask, one row per subject.
    pub(crate) columns: Columns,
    by_name: FxHashMap<String, u32>,
    /// The subjects that are about a company, where their own table names one.
    by_company: FxHashMap<String, Vec<u32>>,
}

/// The tables whose rows can be subjects, the column that names them, and that of the company they are
/// about.
const OF_THEIR_OWN: [(TableKind, &str, &str); 5] = [
    (TableKind::Vehicles, "vehicle", "maker"),
    (TableKind::Transactions, "transaction", "company"),
    (TableKind::Offers, "offer", "bidder"),
    (TableKind::Commitments, "commitment", "party"),
    (TableKind::Grants, "grant", "party"),
];

/// The table of which each subject is a row: one that has all the columns, and is named by one of them.
pub(crate) fn table_of(per: &[String]) -> Option<TableKind> {
    home_of(per).map(|(kind, _)| kind)
}

fn home_of(per: &[String]) -> Option<(TableKind, &'static str)> {
    let has_all = |kind: TableKind| per.iter().all(|column| kind.column(column).is_some());
    let named = |name: &str| per.iter().any(|column| column == name);
    let home = OF_THEIR_OWN.into_iter().find(|(kind, name, _)| named(name) && has_all(*kind));
    home.map(|(kind, _, company)| (kind, company))
}

/// The columns a subject has beyond its keys, whatever the evidence holds.
pub(crate) fn columns_of(per: &[String]) -> Vec<filiera_tables::Column> {
    match (table_of(per), per) {
        (Some(kind), _) => with_companies(kind.columns()),
        (None, [_]) => with_companies(TableKind::Companies.columns()),
        (None, _) => homes_in_part(per).flat_map(|(kind, _)| with_companies(kind.columns())).collect(),
    }
}

/// For subjects of several keys that no table has all of: the tables of which one key names a row, and
/// that key's place.
fn homes_in_part(per: &[String]) -> impl Iterator<Item = (TableKind, usize)> {
    let of_several = per.len() > 1 && table_of(per).is_none();
    let homes = OF_THEIR_OWN.into_iter().filter(move |_| of_several);
    homes.filter_map(|(kind, name, _)| Some((kind, per.iter().position(|column| column == name)?)))
}

impl Subjects {
    /// Every value of `per` in the tables of these populations, in `vehicles`, and in rows that were
    /// set aside.
    pub(crate) fn new(
        dossier: &Dossier,
        companies: &Companies,
        per: &[String],
        populations: &BTreeSet<Population>,
    ) -> Result<Self, EngineError> {
        let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let own = populations.iter().filter(|population| !population.is_of_vehicles());
        let tables: BTreeSet<TableKind> = own.map(|population| population.table()).collect();
        let homes = [Some(TableKind::Vehicles), table_of(per)];
        let mut tables: BTreeSet<TableKind> = tables.into_iter().chain(homes.into_iter().flatten()).collect();
        // Owners and controllers are asked about companies, wherever the evidence names them.
        if populations.iter().any(|one| is_of_owners(*one)) {
            let names_company = per.iter().any(|one| COMPANY_COLUMNS.iter().any(|known| known.name == one));
            tables.extend(TableKind::ALL.into_iter().filter(|kind| {
                names_company
                    && *kind != TableKind::Companies
                    && per.iter().all(|one| kind.column(one).is_some())
            }));
        }
        if are_companies(per) && populations.iter().any(|one| is_of_owners(*one)) {
            tables.insert(TableKind::Companies);
        }
        let is_listed = dossier.table(TableKind::Companies).is_some();
        for kind in tables {
            let Some(table) = dossier.table(kind) else { continue };
            let columns = Columns::of_table(table);
            for row in 0..table.len() {
                if kind == TableKind::Companies && columns.truth("person", row) == Some(true) {
                    continue;
                }
                add(&mut keys, per.iter().map(|column| key(&columns, column, row)));
                if are_companies(per) {
                    let named = ["subject", "party"].into_iter().filter_map(|one| columns.text(one, row));
                    let named = named.into_iter().find(|name| !is_listed || companies.row(name).is_some());
                    add(&mut keys, std::iter::once(named.map(str::to_owned)));
                }
            }
        }
        for one in &dossier.set_aside {
            add(&mut keys, per.iter().map(|column| one.cells.get(column).cloned()));
        }
        if keys.is_empty() {
            keys.insert(NOBODY.to_owned(), per.iter().map(|_| NOBODY.to_owned()).collect());
        }
        let (names, keys): (Vec<String>, Vec<Vec<String>>) = keys.into_iter().unzip();
        let columns = facts_of(dossier, companies, per, &keys)?;
        let by_name = (0u32..).zip(&names).map(|(place, name)| (name.clone(), place)).collect();
        let mut by_company: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        let about = home_of(per).map(|(_, company)| company);
        if let Some(about) = about.or(per.first().map(String::as_str).filter(|_| per.len() == 1)) {
            for (place, subject) in (0u32..).zip(0..names.len()) {
                let company = columns.text(about, subject).map(str::to_owned);
                company.into_iter().for_each(|company| by_company.entry(company).or_default().push(place));
            }
        }
        Ok(Self { per: per.to_vec(), names, columns, by_name, by_company })
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// The subject a row of the population belongs to. Costs and attestations name whomever they
    /// are about in their column `subject`, whatever that is.
    pub(crate) fn of_row(&self, columns: &Columns, row: usize) -> Option<u32> {
        let cell = |column: &String| match (columns.get(column), self.per.as_slice()) {
            (None, [_]) => columns.display("subject", row),
            _ => key(columns, column, row),
        };
        let keys: Option<Vec<String>> = self.per.iter().map(cell).collect();
        let found = keys.and_then(|keys| self.find(&name_of(&keys)));
        found.or_else(|| {
            let party = columns.text("party", row).filter(|_| self.are_companies())?;
            self.find(party)
        })
    }

    /// Whether what is known of them stands in `companies`.
    pub(crate) fn have_company_rows(&self) -> bool {
        self.per.len() == 1 && table_of(&self.per).is_none()
    }

    /// Whether they are companies by their plain name.
    fn are_companies(&self) -> bool {
        are_companies(&self.per)
    }
}

fn are_companies(per: &[String]) -> bool {
    per == ["company"]
}

/// Whether it is about owners: then every company is asked, and nobody listed is no reason to leave one out.
fn is_of_owners(population: Population) -> bool {
    matches!(population, Population::Holdings | Population::Control)
}

impl Subjects {
    /// Every subject that a row of a population belongs to: the one it names; where it can name none,
    /// those about the same company.
    pub(crate) fn all_of_row(&self, columns: &Columns, row: usize) -> Vec<u32> {
        let names_one =
            columns.get("subject").is_some() || self.per.iter().all(|column| columns.get(column).is_some());
        if names_one || self.by_company.is_empty() {
            return self.of_row(columns, row).into_iter().collect();
        }
        let company = columns.text("company", row).and_then(|company| self.by_company.get(company));
        company.cloned().unwrap_or_default()
    }
}

/// The cell that names a subject. A transaction without a name of its own goes by what it is; a row of
/// which no acquirer can be said is none.
fn key(columns: &Columns, column: &str, row: usize) -> Option<String> {
    let stated = columns.display(column, row);
    if column != "transaction" || stated.is_some() || columns.get("acquirer").is_none() {
        return stated;
    }
    let parts = ["acquirer", "company", "kind", "signed_on"];
    let parts: Vec<String> = parts.iter().filter_map(|part| columns.display(part, row)).collect();
    (parts.len() >= 2).then(|| name_of(&parts))
}

fn add(keys: &mut BTreeMap<String, Vec<String>>, cells: impl Iterator<Item = Option<String>>) {
    if let Some(key) = cells.collect::<Option<Vec<String>>>() {
        keys.entry(name_of(&key)).or_insert(key);
    }
}

/// The subject's name: its keys, joined by ` · `.
fn name_of(keys: &[String]) -> String {
    keys.join(" · ")
}

/// One row per subject: of the table whose rows the subjects are; else the keys and, for a single key
/// that is a company, its row of `companies`, of several keys the rows that one of them names alone.
/// Companies named there are joined.
fn facts_of(
    dossier: &Dossier,
    companies: &Companies,
    per: &[String],
    keys: &[Vec<String>],
) -> Result<Columns, EngineError> {
    let mut columns = Columns::of_len(keys.len());
    for (place, column) in per.iter().enumerate() {
        let texts = keys.iter().map(|key| key.get(place).map(String::as_str).filter(|text| *text != NOBODY));
        columns.push_texts(column, ColumnKind::Text, texts);
    }
    let own = table_of(per);
    let kind = own.unwrap_or(TableKind::Companies);
    if let Some(table) = dossier.table(kind).filter(|_| own.is_some() || per.len() == 1) {
        let of_table = Columns::of_table(table);
        let rows: UInt32Array = match own {
            Some(_) => rows_of(&of_table, per, keys),
            None => keys.iter().map(|key| companies.row(key.first()?)).collect(),
        };
        columns.join(&of_table, &rows)?;
    }
    for (kind, place) in homes_in_part(per) {
        if let Some(table) = dossier.table(kind) {
            let of_table = Columns::of_table(table);
            columns.join(&of_table, &only_rows_of(&of_table, per, place, keys))?;
        }
    }
    companies.join(&mut columns, dossier)?;
    for column in columns_of(per) {
        columns.push_null(column.name, column.kind);
    }
    Ok(columns)
}

/// The row of the table that one part of each key names; nothing where several have that name.
fn only_rows_of(table: &Columns, per: &[String], place: usize, keys: &[Vec<String>]) -> UInt32Array {
    let mut by_name: FxHashMap<String, Option<u32>> = FxHashMap::default();
    let named = (0..table.len()).map(|row| key(table, per.get(place)?, row));
    for (row, name) in (0u32..).zip(named) {
        if let Some(name) = name {
            by_name.entry(name).and_modify(|row| *row = None).or_insert(Some(row));
        }
    }
    keys.iter().map(|key| by_name.get(key.get(place)?).copied().flatten()).collect()
}

/// The first row of the table that each key names.
fn rows_of(table: &Columns, per: &[String], keys: &[Vec<String>]) -> UInt32Array {
    let mut by_name: FxHashMap<String, u32> = FxHashMap::default();
    for (row, place) in (0u32..).zip(0..table.len()) {
        let cells: Option<Vec<String>> = per.iter().map(|column| key(table, column, place)).collect();
        if let Some(cells) = cells {
            by_name.entry(name_of(&cells)).or_insert(row);
        }
    }
    keys.iter().map(|key| by_name.get(&name_of(key)).copied()).collect()
}
