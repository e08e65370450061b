//! What the engine finds of vehicles of which a sum does not tell everything.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use filiera_engine::{Judgement, Settings};
use filiera_finding::Finding;
use filiera_model::{Bounds, End, Zones};
use filiera_packs::Pack;
use filiera_tables::{Dossier, Table, TableKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::columns::{batch, texts, wholes};
use super::standing::{parts, wide};
use crate::judge::{FleetJudgement, judge_left};
use crate::{FleetError, Pieces};

/// Numerator and denominator of an end; nothing: unlimited, or never computed.
type Parts = Option<(i128, i128)>;

struct Row {
    named: [String; 2],
    reading: Option<String>,
    vehicle: String,
    /// How many rows it was judged by.
    installed_rows: i64,
    verdicts: [&'static str; 2],
    /// Lower and upper end of the range, and in law.
    ends: [Parts; 4],
}

/// The findings on what `judgement` left open, one row each: `pack`, `condition`, `reading`, `vehicle`,
/// `installed_rows` it was judged by, `verdict`, `legal`, and the bounds as numerators and denominators; a null
/// is no limit, or no bound.
///
/// # Errors
/// As [`judge_left`]; [`FleetError::TooFine`] when a bound needs more than 38 digits.
pub fn settled(
    dossier: &Dossier,
    pieces: &dyn Pieces,
    packs: &[Arc<Pack>],
    zones: &Zones,
    settings: &Settings,
    judgement: &FleetJudgement,
) -> Result<RecordBatch, FleetError> {
    let vehicles = dossier.table(TableKind::Vehicles).ok_or(FleetError::NoVehicles)?;
    let name = |row: &u32| vehicles.text("vehicle", *row as usize);
    let names: FxHashSet<&str> = judgement.left.iter().filter_map(name).collect();
    let rows = rows_of_each(pieces, &names)?;
    let mut found: Result<Vec<Row>, FleetError> = Ok(Vec::new());
    let mut hears = |some: &[u32], judged: Judgement| {
        let these = of_some(vehicles, some, judgement, &judged, &rows);
        if let Ok(rows) = &mut found {
            match these {
                Ok(these) => rows.extend(these),
                Err(error) => found = Err(error),
            }
        }
    };
    judge_left(dossier, pieces, packs, zones, settings, &judgement.left, &mut hears)?;
    table(&found?)
}

/// How many rows of `installed` each of these vehicles has.
fn rows_of_each(pieces: &dyn Pieces, names: &FxHashSet<&str>) -> Result<FxHashMap<String, i64>, FleetError> {
    let mut counts: FxHashMap<String, i64> = FxHashMap::default();
    for piece in (0..pieces.count()).filter(|piece| pieces.may_have(*piece, names)) {
        let batch = pieces.read(piece)?;
        let Some(vehicles) = batch.column_by_name("vehicle") else { continue };
        let vehicles = cast(vehicles, &DataType::Utf8)?;
        for name in vehicles.as_string::<i32>().iter().flatten().filter(|name| names.contains(name)) {
            match counts.get_mut(name) {
                Some(count) => *count += 1,
                None => drop(counts.insert(name.to_owned(), 1)),
            }
        }
    }
    Ok(counts)
}

fn of_some(
    vehicles: &Table,
    some: &[u32],
    judgement: &FleetJudgement,
    judged: &Judgement,
    counts: &FxHashMap<String, i64>,
) -> Result<Vec<Row>, FleetError> {
    let name = |row: u32| vehicles.text("vehicle", row as usize);
    let rows: BTreeMap<&str, u32> = some.iter().filter_map(|row| Some((name(*row)?, *row))).collect();
    let mut found = Vec::new();
    for finding in judged.findings.iter().chain(&judged.readings) {
        let row = rows.get(finding.subject.as_str()).copied();
        if row.is_some_and(|row| is_open(judgement, finding, row as usize)) {
            let count = counts.get(&finding.subject).copied().unwrap_or(0);
            found.push(Row::of(finding, count)?);
        }
    }
    Ok(found)
}

/// Whether sums left it open what was found here.
fn is_open(judgement: &FleetJudgement, finding: &Finding, row: usize) -> bool {
    let is = |pack: &str, name: &str, reading: Option<&String>| {
        pack == finding.pack && name == finding.condition && reading == finding.reading.as_ref()
    };
    let mut leaves = judgement.conditions.iter();
    if let Some(leaf) = leaves.find(|one| is(&one.pack, &one.condition, one.reading.as_ref())) {
        return leaf.told.get(row).is_none_or(|told| told.pair().is_none());
    }
    let mut wholes = judgement.compositions.iter();
    wholes
        .find(|one| is(&one.pack, &one.condition, one.reading.as_ref()))
        .is_some_and(|one| one.verdicts.get(row).is_none_or(Option::is_none))
}

impl Row {
    fn of(finding: &Finding, installed_rows: i64) -> Result<Self, FleetError> {
        let end = |bounds: Option<&Bounds>, of: fn(&Bounds) -> &End| -> Result<Parts, FleetError> {
            bounds.and_then(|bounds| of(bounds).value.as_ref()).map(parts).transpose()
        };
        let (range, legal) = (finding.bounds.as_ref(), finding.legal_bounds.as_ref());
        Ok(Self {
            named: [finding.pack.clone(), finding.condition.clone()],
            reading: finding.reading.clone(),
            vehicle: finding.subject.clone(),
            installed_rows,
            verdicts: [finding.verdict.name(), finding.legal.name()],
            ends: [
                end(range, |bounds| &bounds.lower)?,
                end(range, |bounds| &bounds.upper)?,
                end(legal, |bounds| &bounds.lower)?,
                end(legal, |bounds| &bounds.upper)?,
            ],
        })
    }
}

const ENDS: [[&str; 2]; 4] = [
    ["lower_top", "lower_bottom"],
    ["upper_top", "upper_bottom"],
    ["legal_lower_top", "legal_lower_bottom"],
    ["legal_upper_top", "legal_upper_bottom"],
];

fn table(rows: &[Row]) -> Result<RecordBatch, FleetError> {
    let text = |of: fn(&Row) -> &str| texts(rows.iter().map(|row| Some(of(row))));
    let mut columns = vec![
        ("pack", text(|row| &row.named[0])),
        ("condition", text(|row| &row.named[1])),
        ("reading", texts(rows.iter().map(|row| row.reading.as_deref()))),
        ("vehicle", text(|row| &row.vehicle)),
        ("installed_rows", wholes(rows.iter().map(|row| Some(row.installed_rows)))),
        ("verdict", text(|row| row.verdicts[0])),
        ("legal", text(|row| row.verdicts[1])),
    ];
    for (place, [top, bottom]) in ENDS.into_iter().enumerate() {
        let end = |row: &Row| row.ends.get(place).copied().flatten();
        columns.push((top, wide(rows.iter().map(|row| Some(end(row)?.0)))?));
        columns.push((bottom, wide(rows.iter().map(|row| Some(end(row)?.1)))?));
    }
    batch(columns)
}
