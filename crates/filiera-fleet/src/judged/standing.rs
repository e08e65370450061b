//! How every cohort stands to every condition.

use std::cell::RefCell;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Decimal128Array, RecordBatch};
use filiera_engine::{Additive, Adds, Composed, Engine, Judgement};
use filiera_model::{Exact, Mark, Verdict};
use filiera_tables::Table;
use rustc_hash::FxHashMap;

use super::columns::{batch, lanes, numbers, texts, wholes};
use crate::FleetError;
use crate::asked::Stands;
use crate::lanes::{Lanes, PER_CONDITION};

/// The widest whole number that warehouses hold exactly.
pub(crate) const DIGITS: u8 = 38;

pub(super) struct Standings<'e, 'a> {
    engine: &'e Engine<'a>,
    /// Knows the first vehicle of each cohort.
    among: &'e Engine<'e>,
    firsts: &'e Table,
    /// Of each cohort, condition by condition.
    stands: Vec<Vec<Stands>>,
}

/// How a cohort stands to a condition.
#[derive(Default)]
struct Row {
    pack: String,
    condition: String,
    reading: Option<String>,
    cohort: u32,
    speaks: Option<Mark>,
    is_plain: bool,
    is_complete: bool,
    unit: Option<i64>,
    threshold: Option<Exact>,
    base: Option<Vec<i64>>,
}

impl<'e, 'a> Standings<'e, 'a> {
    pub fn new(
        engine: &'e Engine<'a>,
        among: &'e Engine<'e>,
        firsts: &'e Table,
        stands: Vec<Vec<Stands>>,
    ) -> Self {
        Self { engine, among, firsts, stands }
    }

    /// What each cohort has beside what is installed.
    pub fn bases(&self) -> impl Iterator<Item = Vec<Adds>> {
        self.stands.iter().map(|stands| base(stands))
    }

    pub fn table(&self, units: &Lanes) -> Result<RecordBatch, FleetError> {
        let mut rows: Vec<Row> = Vec::new();
        for (place, condition) in self.engine.additive().into_iter().enumerate() {
            for (cohort, stands) in (0u32..).zip(&self.stands) {
                let all = units.whole(&base(stands))?;
                let base = all.get(place * PER_CONDITION..(place + 1) * PER_CONDITION).map(<[i64]>::to_vec);
                let unit = units.units().get(place).copied();
                let stands = stands.get(place).and_then(Option::as_ref);
                let Some((standing, _)) = stands else { continue };
                let row = Row {
                    cohort,
                    speaks: Some(standing.speaks),
                    is_plain: standing.is_plain(),
                    is_complete: standing.is_complete(),
                    threshold: self.engine.threshold_of(condition, standing),
                    unit,
                    base,
                    ..self.named(condition)
                };
                rows.push(row);
            }
        }
        for composed in self.engine.composed() {
            rows.extend(self.composed(composed)?);
        }
        table(&rows)
    }

    fn named(&self, condition: Additive) -> Row {
        let (pack, name, reading) = self.engine.name_of(condition).unwrap_or_default();
        let reading = reading.map(str::to_owned);
        Row { pack: pack.to_owned(), condition: name.to_owned(), reading, ..Row::default() }
    }

    /// About which cohorts a composition speaks.
    fn composed(&self, composed: Composed) -> Result<Vec<Row>, FleetError> {
        let speaks = self.among.speaks(composed)?;
        let (pack, name, reading) = self.among.name_of_composed(composed).unwrap_or_default();
        let row = |(cohort, first): (u32, Option<&str>)| Row {
            pack: pack.to_owned(),
            condition: name.to_owned(),
            reading: reading.map(str::to_owned),
            cohort,
            speaks: first.and_then(|first| speaks.get(first)).copied(),
            ..Row::default()
        };
        Ok((0u32..).zip(self.names()).map(row).collect())
    }

    /// The first vehicle of each cohort.
    fn names(&self) -> impl Iterator<Item = Option<&str>> {
        (0..self.firsts.len()).map(|row| self.firsts.text("vehicle", row))
    }

    /// What was found of other subjects that members judge.
    pub fn members(&self) -> Result<RecordBatch, FleetError> {
        let judged = self.among.judge(&|_, _| {})?;
        let found = found(&judged);
        let mut rows: Vec<Member> = Vec::new();
        for composed in self.among.composed() {
            let Some((pack, name, reading)) = self.among.name_of_composed(composed) else { continue };
            for (cohort, first) in (0u32..).zip(self.names()) {
                let met: RefCell<Vec<Member>> = RefCell::default();
                let member = |(of, condition, other): (&str, &str, Option<&str>)| {
                    let other = other?;
                    let key = (of.to_owned(), condition.to_owned(), other.to_owned());
                    let verdicts = found.get(&key).copied().unwrap_or([Verdict::Undetermined; 2]);
                    met.borrow_mut().push(Member {
                        of: [pack, name].map(str::to_owned),
                        reading: reading.map(str::to_owned),
                        cohort,
                        member: [of, condition, other].map(str::to_owned),
                        verdicts,
                    });
                    Some(verdicts)
                };
                self.among.compose(composed, first.unwrap_or_default(), Mark::Yes, &member);
                rows.extend(met.into_inner());
            }
        }
        members(&rows)
    }
}

fn base(stands: &[Stands]) -> Vec<Adds> {
    stands.iter().map(|one| one.as_ref().and_then(|(_, adds)| adds.clone())).collect()
}

/// Pack, condition and subject.
type Named = (String, String, String);

fn found(judged: &Judgement) -> FxHashMap<Named, [Verdict; 2]> {
    let one = |one: &filiera_finding::Finding| {
        ((one.pack.clone(), one.condition.clone(), one.subject.clone()), [one.verdict, one.legal])
    };
    judged.findings.iter().map(one).collect()
}

/// The verdicts of another subject that a composition asks for.
struct Member {
    of: [String; 2],
    reading: Option<String>,
    cohort: u32,
    /// Pack, condition and subject.
    member: [String; 3],
    verdicts: [Verdict; 2],
}

fn members(rows: &[Member]) -> Result<RecordBatch, FleetError> {
    let text = |of: fn(&Member) -> &str| texts(rows.iter().map(|row| Some(of(row))));
    batch(vec![
        ("pack", text(|row| &row.of[0])),
        ("condition", text(|row| &row.of[1])),
        ("reading", texts(rows.iter().map(|row| row.reading.as_deref()))),
        ("cohort", numbers(rows.iter().map(|row| Some(row.cohort)))),
        ("member_pack", text(|row| &row.member[0])),
        ("member", text(|row| &row.member[1])),
        ("subject", text(|row| &row.member[2])),
        ("verdict", text(|row| row.verdicts[0].name())),
        ("legal", text(|row| row.verdicts[1].name())),
    ])
}

fn table(rows: &[Row]) -> Result<RecordBatch, FleetError> {
    let flags = |of: fn(&Row) -> bool| -> ArrayRef {
        Arc::new(rows.iter().map(|row| Some(of(row))).collect::<BooleanArray>())
    };
    let thresholds = rows.iter().map(|row| row.threshold.as_ref());
    let thresholds: Vec<Option<(i128, i128)>> =
        thresholds.map(|number| number.map(parts).transpose()).collect::<Result<_, _>>()?;
    let mut columns = vec![
        ("pack", texts(rows.iter().map(|row| Some(&row.pack)))),
        ("condition", texts(rows.iter().map(|row| Some(&row.condition)))),
        ("reading", texts(rows.iter().map(|row| row.reading.as_ref()))),
        ("cohort", numbers(rows.iter().map(|row| Some(row.cohort)))),
        ("speaks", texts(rows.iter().map(|row| row.speaks.map(mark)))),
        ("is_plain", flags(|row| row.is_plain)),
        ("is_complete", flags(|row| row.is_complete)),
        ("unit", wholes(rows.iter().map(|row| row.unit))),
        ("threshold_top", wide(thresholds.iter().map(|parts| Some((*parts)?.0)))?),
        ("threshold_bottom", wide(thresholds.iter().map(|parts| Some((*parts)?.1)))?),
    ];
    let bases: Vec<Option<Vec<i64>>> = rows.iter().map(|row| row.base.clone()).collect();
    columns.extend(lanes(&bases));
    batch(columns)
}

fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Yes => "yes",
        Mark::No => "no",
        Mark::Maybe => "maybe",
    }
}

/// A column of whole numbers of up to 38 digits.
pub(super) fn wide(values: impl Iterator<Item = Option<i128>>) -> Result<ArrayRef, FleetError> {
    let column = values.collect::<Decimal128Array>().with_precision_and_scale(DIGITS, 0)?;
    column.validate_decimal_precision(DIGITS)?;
    Ok(Arc::new(column))
}

/// Numerator and denominator.
///
/// # Errors
/// [`FleetError::TooFine`] where they need more than 38 digits.
pub(super) fn parts(number: &Exact) -> Result<(i128, i128), FleetError> {
    let (top, bottom) = number.parts();
    let small = i128::try_from(top).ok().zip(i128::try_from(bottom).ok());
    let limit = 10i128.pow(u32::from(DIGITS));
    small.filter(|(top, bottom)| top.abs() < limit && *bottom < limit).ok_or(FleetError::TooFine)
}
