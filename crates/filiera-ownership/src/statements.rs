use std::collections::BTreeSet;

use filiera_model::{Day, Days, Exact, Mark};
use filiera_tables::{SetAside, Table, TableKind};

use crate::party::Parties;
use crate::{Band, Conflict, Kind, Party};

/// The rows of `interests`, of all days.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    table: Option<Table>,
    rows: Vec<Statement>,
    /// Companies with a row that was set aside and whose owner cannot be read.
    lacking: BTreeSet<Party>,
}

/// Who states what about whom, and when it holds; the rest stays in the table.
#[derive(Clone, Copy, Debug)]
struct Statement {
    owner: Party,
    company: Party,
    kind: Kind,
    from: Days,
    to: Days,
    /// The row of the table; nothing for a row that was set aside.
    row: Option<u32>,
}

/// One row that is or may be in force on a day.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    pub owner: Party,
    pub company: Party,
    pub kind: Kind,
    pub class: Option<String>,
    pub votes_per_share: Option<Exact>,
    pub share: Band,
    pub treasury: bool,
    pub direct: Option<bool>,
    pub document: Option<String>,
    /// The statement and the file of a row that comes from a register in an outside format.
    pub told: Option<Told>,
    pub holds: Mark,
    pub row: Option<u32>,
}

/// Where a register tells something.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// The statement, where the register numbers them.
    pub statement: Option<String>,
    /// The file, by number.
    pub file: u32,
}

impl Statements {
    pub fn read(table: Option<&Table>, aside: &[SetAside], parties: &Parties) -> Self {
        let mut all = Self { table: table.cloned(), ..Self::default() };
        if let Some(table) = table {
            all.rows.extend((0..table.len()).filter_map(|row| Statement::read(table, row, parties)));
        }
        for row in aside.iter().filter(|row| row.table == TableKind::Interests) {
            all.add_set_aside(row, parties);
        }
        all
    }

    /// A row that cannot be read is a stake of any size, on any day; without an owner it only takes
    /// away that the list is complete.
    fn add_set_aside(&mut self, row: &SetAside, parties: &Parties) {
        let party = |column: &str| parties.get(row.cells.get(column)?);
        let Some(company) = party("company") else { return };
        let Some(owner) = party("owner") else {
            self.lacking.insert(company);
            return;
        };
        let kind = row.cells.get("kind").and_then(|kind| Kind::from_name(kind)).unwrap_or(Kind::Shares);
        let (from, to) = (Days::unknown(), Days::unknown());
        self.rows.push(Statement { owner, company, kind, from, to, row: None });
    }

    /// What the extra column `statement` has in a row: outside formats give several rows one statement.
    pub fn statement_of(&self, row: u32) -> Option<&str> {
        self.table.as_ref()?.text("statement", row as usize)
    }

    /// Whether a row about the company is known to be missing from the list.
    pub fn lacks(&self, company: Party) -> bool {
        self.lacking.contains(&company)
    }

    /// Rows whose share no value satisfies.
    pub fn impossible(&self) -> Vec<Conflict> {
        let Some(table) = &self.table else { return Vec::new() };
        let rows = self.rows.iter().filter_map(|statement| statement.row);
        rows.filter(|row| stated(table, *row as usize).is_none())
            .map(|row| Conflict::Impossible { row })
            .collect()
    }

    /// The days on which a statement begins or ends, in no order.
    pub fn changes(&self) -> Vec<Day> {
        let mut days: Vec<Day> = Vec::new();
        for row in &self.rows {
            days.extend(turns(row.from, row.to));
        }
        days
    }

    /// The rows that are or may be in force on a day, in the order of the table.
    pub fn on(&self, day: Day) -> Vec<Fact> {
        let in_force = self.rows.iter().map(|row| (row, row.holds(day)));
        in_force.filter(|(_, holds)| *holds != Mark::No).map(|(row, holds)| self.fact(row, holds)).collect()
    }

    fn fact(&self, statement: &Statement, holds: Mark) -> Fact {
        let Statement { owner, company, kind, row, .. } = *statement;
        let mut fact = Fact {
            owner,
            company,
            kind,
            class: None,
            votes_per_share: None,
            share: Band::anything(),
            treasury: owner == company,
            direct: None,
            document: None,
            told: None,
            holds,
            row,
        };
        if let (Some(table), Some(row)) = (&self.table, row.map(|row| row as usize)) {
            fact.class = table.text("class", row).map(str::to_owned);
            fact.votes_per_share = table.number("votes_per_share", row);
            fact.share = stated(table, row).unwrap_or_else(Band::anything);
            fact.treasury |= table.truth("treasury", row) == Some(true);
            fact.direct = table.truth("direct", row);
            fact.document = table.text("document", row).map(str::to_owned);
            fact.told = told(table, row);
        } else {
            fact.holds = Mark::Maybe;
        }
        fact
    }
}

impl Statement {
    fn read(table: &Table, row: usize, parties: &Parties) -> Option<Self> {
        let party = |column: &str| parties.get(table.text(column, row)?);
        Some(Self {
            owner: party("owner")?,
            company: party("company")?,
            kind: table.text("kind", row).and_then(Kind::from_name).unwrap_or(Kind::Shares),
            from: table.days("valid_from", row),
            to: table.days("valid_to", row),
            row: u32::try_from(row).ok(),
        })
    }

    fn holds(&self, day: Day) -> Mark {
        in_force(self.from, self.to, day)
    }
}

/// Registers in outside formats call every interest by its own name.
fn told(table: &Table, row: usize) -> Option<Told> {
    table.text("interest", row)?;
    let file = table.places().get(row)?.file;
    Some(Told { statement: table.text("statement", row).map(str::to_owned), file })
}

/// Yes: in force on that day, both ends included; maybe: where a stated day may be either of two.
pub(crate) fn in_force(from: Days, to: Days, day: Day) -> Mark {
    let begun = match (from.first, from.last) {
        (Some(first), _) if day < first => Mark::No,
        (_, Some(last)) if day < last => Mark::Maybe,
        _ => Mark::Yes,
    };
    let not_over = match (to.first, to.last) {
        (_, Some(last)) if last < day => Mark::No,
        (Some(first), _) if first < day => Mark::Maybe,
        _ => Mark::Yes,
    };
    begun.and(not_over)
}

/// The days on which something that is in force between these days begins to be, or no longer is.
pub(crate) fn turns(from: Days, to: Days) -> impl Iterator<Item = Day> {
    let begins = [from.first, from.last].into_iter().flatten();
    begins.chain([to.first, to.last].into_iter().flatten().map(Day::next))
}

/// The share that a row states, `[0, 1]` where it states none; nothing where no value satisfies it.
fn stated(table: &Table, row: usize) -> Option<Band> {
    let (least, most) = (table.number("share_min", row), table.number("share_max", row));
    let range = Band {
        least: least.unwrap_or_default(),
        least_open: table.truth("min_open", row).unwrap_or(false),
        most: most.unwrap_or_else(Exact::one),
        most_open: table.truth("max_open", row).unwrap_or(false),
    };
    let band = match table.number("share", row) {
        Some(share) => {
            let point = Band::point(share);
            range.holds(&point.least).then_some(point)?
        }
        None => range,
    };
    let within = !band.least.is_negative() && band.most <= Exact::one();
    (within && !band.is_empty()).then_some(band)
}
