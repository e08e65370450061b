//! One company with many owners, made up the same way on every run.

use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, StringArray};
use arrow::datatypes::Field;
use filiera_tables::{
    ColumnKind, Completeness, Dossier, Place, Population, SCALE, Table, TableKind, arrow_field,
};

/// The company's id.
pub const COMPANY: &str = "COMPANY";

/// Shares are counted in these parts of the whole.
const WHOLE: i128 = 1_000_000_000;

/// One case of the benchmark.
pub struct Case {
    /// How many owners are listed.
    pub owners: usize,
    /// Whether they have 45 % only, and others the rest.
    pub open: bool,
    /// What is known of each share.
    pub shares: Shares,
}

/// What is known of shares and votes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shares {
    /// Every share exactly.
    Exact,
    /// Every second share within a fifth of itself.
    Ranges,
    /// Every share exactly, and nobody casts more than 5 % of the votes.
    Capped,
}

impl Case {
    /// Every case of so many owners.
    pub fn all(owners: usize) -> Vec<Self> {
        let shares = [Shares::Exact, Shares::Ranges, Shares::Capped];
        let both = |shares| [false, true].map(|open| Self { owners, open, shares });
        shares.into_iter().flat_map(both).collect()
    }

    /// `listed/owners_3e3_open_ranges`.
    pub fn name(&self) -> String {
        let rest = if self.open { "open" } else { "complete" };
        let shares = match self.shares {
            Shares::Exact => "exact",
            Shares::Ranges => "ranges",
            Shares::Capped => "capped",
        };
        format!("listed/owners_{:e}_{rest}_{shares}", self.owners)
    }

    /// The parts of the owners, uneven ones.
    fn parts(&self) -> Vec<i128> {
        let whole = if self.open { WHOLE * 45 / 100 } else { WHOLE };
        let mut seed = 1u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i128::from(seed >> 54) + 200
        };
        let weights: Vec<i128> = (0..self.owners).map(|_| next()).collect();
        let sum: i128 = weights.iter().sum();
        let mut parts: Vec<i128> = weights.iter().map(|weight| weight * whole / sum).collect();
        let left = whole - parts.iter().sum::<i128>();
        parts.iter_mut().take(1).for_each(|part| *part += left);
        parts
    }
}

/// The tables of a case.
pub fn dossier(case: &Case) -> anyhow::Result<Dossier> {
    let mut dossier = Dossier::default();
    dossier.tables.insert(TableKind::Interests, interests(case)?);
    if case.shares == Shares::Capped {
        let cap = numbers("vote_cap", ColumnKind::Share, [Some(WHOLE / 20)].into_iter())?;
        let columns = vec![texts("company", [COMPANY.to_owned()].into_iter()), cap];
        dossier.tables.insert(TableKind::Companies, Table::new(TableKind::Companies, columns, places(1))?);
    }
    if !case.open {
        let whole = Completeness { by: None, on: None, subjects: None };
        dossier.complete.insert(Population::Holdings, whole);
    }
    Ok(dossier)
}

fn interests(case: &Case) -> anyhow::Result<Table> {
    let parts = case.parts();
    let is_range = |place: usize| case.shares == Shares::Ranges && place % 2 == 1;
    let all = || parts.iter().copied().enumerate();
    let share = all().map(|(place, part)| (!is_range(place)).then_some(part));
    let least = all().map(|(place, part)| is_range(place).then_some(part - part / 5));
    let most = all().map(|(place, part)| is_range(place).then_some(part + part / 5));
    let columns = vec![
        texts("owner", (0..parts.len()).map(|owner| format!("OWNER-{owner:05}"))),
        texts("company", parts.iter().map(|_| COMPANY.to_owned())),
        numbers("share", ColumnKind::Share, share)?,
        numbers("share_min", ColumnKind::Share, least)?,
        numbers("share_max", ColumnKind::Share, most)?,
    ];
    Ok(Table::new(TableKind::Interests, columns, places(parts.len()))?)
}

fn places(count: usize) -> Vec<Place> {
    (0..count as u32).map(|row| Place { file: 0, row: row + 2 }).collect()
}

fn texts(name: &str, cells: impl Iterator<Item = String>) -> (Field, ArrayRef) {
    let cells: StringArray = cells.map(Some).collect();
    (arrow_field(name, ColumnKind::Text), Arc::new(cells))
}

fn numbers(
    name: &str,
    kind: ColumnKind,
    cells: impl Iterator<Item = Option<i128>>,
) -> anyhow::Result<(Field, ArrayRef)> {
    let unit = 10i128.pow(u32::from(SCALE)) / WHOLE;
    let cells: Decimal128Array = cells.map(|cell| cell.map(|parts| parts * unit)).collect();
    let cells = cells.with_precision_and_scale(38, SCALE.cast_signed())?;
    Ok((arrow_field(name, kind), Arc::new(cells)))
}
