use filiera_finding::{Rank, Reason, RowCounts};
use filiera_model::{Bounds, Day, End, Exact, Mark, Quality, Range, Verdict};
use filiera_packs::{Base, Criterion, Economic, Gives, Price, Score, Spanned, Weigh};
use filiera_predicate::Predicate;

use super::composition::Judgements;
use super::leaf::{days_of, join, law_of, not_law, speaks};
use super::marks::marks;
use super::outcome::{Outcome, unique};
use super::set_aside::touched;
use super::weights::{Weighing, conversion_day, weights};
use crate::EngineError;
use crate::arithmetic::{Level, points, price_of_a_premium};
use crate::bind::{BoundCondition, BoundLeaf};
use crate::epoch::Law;
use crate::ground::Ground;
use crate::rows::Rows;
use crate::subjects::Subjects;

/// The points of one row, criterion by criterion, and in all: the least and the most; no most: no limit.
#[derive(Clone, Debug)]
pub(super) struct RowPoints {
    pub(super) row: u32,
    pub(super) by_criterion: Vec<Range>,
    pub(super) total: Range,
}

/// How a score came about: the points of the subject's row by criterion, and what all have, the subject
/// first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scored {
    pub(crate) criteria: Vec<(String, Range)>,
    pub(crate) totals: Vec<(String, Range)>,
    /// What the points of a criterion are worth in price: the criterion, and the part of its price at
    /// which a rival gets as many points more by it.
    pub(crate) premiums: Vec<(String, Exact)>,
    /// What rivals without such points would have to ask.
    pub(crate) rivals: Vec<RivalPrice>,
}

/// What a rival without a premium would have to ask to have as many points.
#[derive(Clone, Debug)]
pub(crate) struct RivalPrice {
    /// The rival.
    pub(crate) name: String,
    /// The premium that it has not.
    pub(crate) premium: String,
    /// The price or the discount.
    pub(crate) level: Level,
    /// What it asks.
    pub(crate) asks: Exact,
    pub(crate) is_discount: bool,
}

/// Judges every subject under a score: met when its row surely has more points than every other that it
/// competes with, not met when another surely has more.
pub(crate) fn judge_score(
    ground: &Ground<'_>,
    bound: &BoundCondition,
    (leaf, score): (&BoundLeaf, &Score),
    subjects: &Subjects,
    rows: &Rows,
    judgements: &Judgements,
) -> Result<Vec<Outcome>, EngineError> {
    let scoring = Scoring { ground, bound, leaf, score, subjects, rows, judgements };
    let mut found: Vec<Option<Outcome>> = vec![None; subjects.len()];
    let speaks = speaks(ground, bound, subjects)?;
    for (subject, speaks) in speaks.into_iter().enumerate() {
        for day in days_of(ground, bound, subjects, subject) {
            let outcome = match law_of(ground, bound, day) {
                Ok(law) => scoring.judge(subject, &law, day)?,
                Err(none) => not_law(none, day),
            };
            join(&mut found, subject, outcome);
        }
        if let Some(outcome) = found.get_mut(subject).and_then(Option::as_mut) {
            outcome.restrict(speaks);
        }
    }
    let touched = touched(ground, leaf.population, subjects, rows);
    let nothing = || Outcome::without_value(Verdict::Undetermined, Reason::NoRows);
    let all = found.into_iter().zip(touched).map(|(outcome, touched)| {
        let outcome = outcome.unwrap_or_else(nothing);
        let applies = outcome.reason != Some(Reason::WhenFalse);
        if touched && applies { outcome.never_decided(Reason::SetAside) } else { outcome }
    });
    Ok(all.collect())
}

pub(super) struct Scoring<'a> {
    ground: &'a Ground<'a>,
    bound: &'a BoundCondition,
    leaf: &'a BoundLeaf,
    pub(super) score: &'a Score,
    subjects: &'a Subjects,
    pub(super) rows: &'a Rows,
    judgements: &'a Judgements,
}

/// The rows that compete, the subject's own first.
pub(super) struct Group {
    rows: Vec<u32>,
    /// The empty cells, as papers, for which nobody can say whether a row competes.
    open: Vec<String>,
}

/// What a group's rows have, and which papers are missing.
#[derive(Default)]
pub(super) struct Points {
    pub(super) rows: Vec<RowPoints>,
    missing: Vec<String>,
    /// Whether open points hang together, or on a condition that may have one verdict only.
    is_sound: bool,
    conflict: bool,
}

impl Scoring<'_> {
    fn judge(&self, subject: usize, law: &Law, day: Day) -> Result<Outcome, EngineError> {
        if let Some(outcome) = self.without_rows(subject) {
            return Ok(outcome);
        }
        let Some(group) = self.group(subject) else {
            return Ok(Outcome::without_value(Verdict::Undetermined, Reason::Conflict));
        };
        let range = self.points(&group, law, day, false)?;
        let legal = self.points(&group, law, day, true)?;
        let mut outcome = ranked(&range);
        let by_law = ranked(&legal);
        outcome.legal = by_law.verdict;
        outcome.legal_bounds = by_law.bounds;
        outcome.used = law.values.iter().map(|(name, place)| (name.clone(), *place)).collect();
        outcome.on = Some(day).filter(|_| self.bound.condition.dated_by.is_some());
        outcome.remarks = self.remarks(&range);
        let scored = self.scored(&group, &range, day);
        outcome.remarks.extend(scored.rivals.iter().map(RivalPrice::remark));
        outcome.scored = Some(scored);
        if !outcome.verdict.is_decided() || !outcome.legal.is_decided() {
            outcome.missing = range.missing;
        }
        let name = self.subjects.names.get(subject);
        let is_complete =
            name.is_some_and(|name| self.ground.dossier.is_complete(self.leaf.population, name));
        let mut unlisted = group.open;
        if !is_complete {
            unlisted.push(format!("complete:{}", self.leaf.population.name()));
        }
        Ok(if unlisted.is_empty() { outcome } else { beside_others(outcome, unlisted) })
    }

    fn scored(&self, group: &Group, points: &Points, day: Day) -> Scored {
        let titles = self.score.points.iter().map(|criterion| criterion.title.clone());
        let own = points.rows.first().map(|own| own.by_criterion.clone()).unwrap_or_default();
        let totals = points.rows.iter().map(|row| (self.name(row.row), row.total.clone()));
        Scored {
            criteria: titles.zip(own).collect(),
            totals: totals.collect(),
            premiums: self.premiums(),
            rivals: self.rival_prices(group, points, day).unwrap_or_default(),
        }
    }

    /// The only price formula, with its place among the criteria; nothing when there are several.
    pub(super) fn economic_criterion(&self) -> Option<(usize, &Economic)> {
        let formulas =
            self.score.points.iter().enumerate().filter_map(|(place, criterion)| match &criterion.gives {
                Gives::Formula(economic) => Some((place, economic.as_ref())),
                _ => None,
            });
        let formulas: Vec<_> = formulas.collect();
        let [only] = formulas.as_slice() else { return None };
        Some(*only)
    }

    /// What each premium is worth in price, where there is one price formula that says so by itself.
    fn premiums(&self) -> Vec<(String, Exact)> {
        let Some((_, only)) = self.economic_criterion() else { return Vec::new() };
        let premium = |criterion: &Criterion| {
            let (Gives::WhenMet { points, .. } | Gives::Where { points, .. }) = &criterion.gives else {
                return None;
            };
            Some((criterion.title.clone(), price_of_a_premium(&only.formula, &only.max, points)?))
        };
        self.score.points.iter().filter_map(premium).collect()
    }

    fn without_rows(&self, subject: usize) -> Option<Outcome> {
        let place = u32::try_from(subject).unwrap_or(u32::MAX);
        if !self.rows.of(place).is_empty() {
            return None;
        }
        let table = self.leaf.population.table();
        if self.ground.dossier.table(table).is_none() {
            let missing = vec![format!("table:{}", table.name())];
            let outcome = Outcome::without_value(Verdict::Undetermined, Reason::NoTable);
            return Some(Outcome { missing, ..outcome });
        }
        let name = self.subjects.names.get(subject)?;
        if self.ground.dossier.is_complete(self.leaf.population, name) {
            return Some(Outcome::without_value(Verdict::NotApplicable, Reason::NoRowsComplete));
        }
        let missing = vec![format!("rows:{}", self.leaf.population.name())];
        let outcome = Outcome::without_value(Verdict::Undetermined, Reason::NoRows);
        Some(Outcome { missing, ..outcome })
    }

    /// The subject's only row and the others of the same values of `within`; nothing when it has several
    /// rows, of which nobody can say which is meant.
    fn group(&self, subject: usize) -> Option<Group> {
        let place = u32::try_from(subject).ok()?;
        let [own] = self.rows.of(place) else { return None };
        let own_key = self.key(*own);
        let mut group = Group { rows: vec![*own], open: Vec::new() };
        for row in (0u32..).zip(&self.rows.infos).map(|(row, _)| row).filter(|row| row != own) {
            let key = self.key(row);
            if key == own_key {
                group.rows.push(row);
            } else if own_key
                .iter()
                .zip(&key)
                .all(|(own, other)| own == other || own.is_none() || other.is_none())
            {
                group.open.extend(self.unplaced(*own, &own_key, &key));
                group.open.extend(self.unplaced(row, &key, &own_key));
            }
        }
        group.open = unique(group.open);
        Some(group)
    }

    /// The values within which a row competes. Where no row has any, all are alike.
    fn key(&self, row: u32) -> Vec<Option<String>> {
        let cell = |column: &Spanned<String>| self.rows.columns.display(&column.value, row as usize);
        self.score.within.iter().map(cell).collect()
    }

    /// The cells of a row that are empty where the other's are not.
    fn unplaced(&self, row: u32, key: &[Option<String>], other: &[Option<String>]) -> Vec<String> {
        let cells = self.score.within.iter().zip(key.iter().zip(other));
        let empty = cells.filter(|(_, (own, other))| own.is_none() && other.is_some());
        empty.map(|(column, _)| format!("{}:{}", column.value, self.name(row))).collect()
    }

    fn points(&self, group: &Group, law: &Law, day: Day, is_legal: bool) -> Result<Points, EngineError> {
        let mut points = Points {
            rows: group
                .rows
                .iter()
                .map(|row| RowPoints {
                    row: *row,
                    by_criterion: Vec::new(),
                    total: Range::exactly(Exact::zero()),
                })
                .collect(),
            missing: Vec::new(),
            is_sound: false,
            conflict: false,
        };
        let mut predicates = self.leaf.totals.iter();
        for criterion in &self.score.points {
            let ranges = match &criterion.gives {
                Gives::WhenMet { member, points: of } => {
                    let (pack, name) = self.bound.member(&member.value);
                    let ranges = self.when_met(group, (pack, name), of, is_legal, &mut points.missing);
                    points.is_sound |= any_open(&ranges);
                    ranges
                }
                Gives::Where { points: of, .. } => match predicates.next() {
                    Some((_, predicate)) => {
                        let ranges = self.marked(group, predicate, law, of, is_legal, &mut points.missing)?;
                        let repeats =
                            predicate.columns().iter().any(|column| predicate.occurrences(column) > 1);
                        points.is_sound |= repeats && any_open(&ranges);
                        ranges
                    }
                    None => continue,
                },
                Gives::Column { column, max } => self.stated(group, &column.value, max.as_ref(), &mut points),
                Gives::Formula(economic) => self.economic(group, economic, day, &mut points),
            };
            for (row, range) in points.rows.iter_mut().zip(ranges) {
                row.total = row.total.plus(&range);
                row.by_criterion.push(range);
            }
        }
        points.missing = unique(points.missing);
        Ok(points)
    }

    fn when_met(
        &self,
        group: &Group,
        (pack, name): (&str, &str),
        points: &Exact,
        is_legal: bool,
        missing: &mut Vec<String>,
    ) -> Vec<Range> {
        let found = self.judgements.get(&(pack.to_owned(), name.to_owned()));
        let of_row = |row: &u32| {
            let subject = self.subjects.of_row(&self.rows.columns, *row as usize)?;
            found?.get(self.subjects.names.get(subject as usize)?)
        };
        let mut range =
            |row: &u32| {
                let outcome = of_row(row);
                let verdict = outcome.map(|outcome| if is_legal { outcome.legal } else { outcome.verdict });
                match verdict.unwrap_or(Verdict::Undetermined) {
                    Verdict::Met => Range::exactly(points.clone()),
                    Verdict::NotMet | Verdict::NotApplicable => Range::exactly(Exact::zero()),
                    Verdict::Undetermined => {
                        missing.extend(outcome.map_or_else(
                            || vec![format!("finding:{name}")],
                            |outcome| outcome.missing.clone(),
                        ));
                        Range { least: Exact::zero(), most: Some(points.clone()) }
                    }
                }
            };
        group.rows.iter().map(&mut range).collect()
    }

    fn marked(
        &self,
        group: &Group,
        predicate: &Predicate,
        law: &Law,
        points: &Exact,
        is_legal: bool,
        missing: &mut Vec<String>,
    ) -> Result<Vec<Range>, EngineError> {
        let bound = predicate.bind(&law.bindings(self.bound))?;
        let marks = marks(predicate, &bound, &self.rows.columns, &group.rows, law.state)?;
        let closure = self.bound.condition.unknown.as_ref().filter(|_| is_legal);
        let range = |(row, mark): (&u32, Mark)| match (mark, closure) {
            (Mark::Yes, _) => Range::exactly(points.clone()),
            (Mark::Maybe, Some(closure)) if closure.counts_as => Range::exactly(points.clone()),
            (Mark::No, _) | (Mark::Maybe, Some(_)) => Range::exactly(Exact::zero()),
            (Mark::Maybe, None) => {
                let name = self.name(*row);
                let open = predicate.columns().iter();
                let open = open.filter(|column| self.rows.columns.is_null(column, *row as usize));
                missing.extend(open.map(|column| format!("{column}:{name}")));
                Range { least: Exact::zero(), most: Some(points.clone()) }
            }
        };
        Ok(group.rows.iter().zip(marks).map(range).collect())
    }

    fn stated(&self, group: &Group, column: &str, max: Option<&Exact>, points: &mut Points) -> Vec<Range> {
        let mut range = |row: &u32| {
            let Some(number) = self.rows.columns.number(column, *row as usize) else {
                points.missing.push(format!("{column}:{}", self.name(*row)));
                return Range { least: Exact::zero(), most: max.cloned() };
            };
            points.conflict |= number.is_negative() || max.is_some_and(|max| number > *max);
            Range::exactly(number)
        };
        group.rows.iter().map(&mut range).collect()
    }

    fn economic(&self, group: &Group, economic: &Economic, day: Day, points: &mut Points) -> Vec<Range> {
        let open = || Range { least: Exact::zero(), most: Some(economic.max.clone()) };
        let values = self.values(group, &economic.price, day, points);
        let known: Option<Vec<Exact>> = values.into_iter().collect();
        let Some(values) = known else {
            points.is_sound = true;
            return group.rows.iter().map(|_| open()).collect();
        };
        let formula = &economic.formula;
        let best = economic.best_is_full;
        match self::points(formula, &economic.max, &values, self.score.decimals, best) {
            Some(found) => found.into_iter().map(Range::exactly).collect(),
            None => {
                points.conflict = true;
                group.rows.iter().map(|_| open()).collect()
            }
        }
    }

    /// The price or the discount of every row; nothing where it is not known.
    pub(super) fn values(
        &self,
        group: &Group,
        price: &Price,
        day: Day,
        points: &mut Points,
    ) -> Vec<Option<Exact>> {
        let (column, base) = match price {
            Price::Of(column) => (column, None),
            Price::Below(column, base) => (column, Some(base)),
            Price::Discount(column) => {
                let one = |row: &u32| {
                    let found = self.rows.columns.number(&column.value, *row as usize);
                    if found.is_none() {
                        points.missing.push(format!("{}:{}", column.value, self.name(*row)));
                    }
                    found
                };
                return group.rows.iter().map(one).collect();
            }
        };
        let prices = self.money(group, &column.value, day, points);
        let bases = match base {
            None => return prices,
            Some(Base::Number(number)) => vec![Some(number.clone()); prices.len()],
            Some(Base::Column(column)) => self.money(group, &column.value, day, points),
        };
        let discount = |(price, base): (Option<Exact>, Option<Exact>)| {
            let (price, base) = (price?, base?);
            points.conflict |= price.is_negative() || !base.is_positive();
            (&base - &price).checked_div(&base)
        };
        prices.into_iter().zip(bases).map(discount).collect()
    }

    /// What a column of money says of every row, all in one currency; nothing where it is not known.
    fn money(&self, group: &Group, column: &str, day: Day, points: &mut Points) -> Vec<Option<Exact>> {
        let by = Weigh::Column(column.to_owned());
        let convert_on = conversion_day(None, day);
        let weighing = Weighing { by: &by, basis: None, currency: None, convert_on, may_be_negative: true };
        let amounts = weights(self.ground, self.rows, &group.rows, weighing).into_iter().map(|weight| {
            points.missing.extend(weight.missing);
            weight.range.most.filter(|most| *most == weight.range.least)
        });
        amounts.collect()
    }

    pub(super) fn name(&self, row: u32) -> String {
        self.rows.info(row).map(|info| info.name.clone()).unwrap_or_default()
    }

    fn remarks(&self, points: &Points) -> Vec<String> {
        let mut remarks = Vec::new();
        if points.conflict {
            remarks
                .push("a price, a discount or a number of points lies outside of what it can be".to_owned());
        }
        let tied: Vec<String> = self.tied(points).into_iter().map(|row| self.name(row)).collect();
        if !tied.is_empty() {
            remarks
                .push(format!("as many points as {}: the tender's rule for ties decides", tied.join(", ")));
        }
        remarks
    }

    /// The rows that surely have as many points as the first.
    fn tied(&self, points: &Points) -> Vec<u32> {
        let Some((own, others)) = points.rows.split_first() else { return Vec::new() };
        let is_tied = |other: &&RowPoints| own.total.is_exact() && other.total == own.total;
        others.iter().filter(is_tied).map(|other| other.row).collect()
    }
}

fn any_open(ranges: &[Range]) -> bool {
    ranges.iter().any(|range| !range.is_exact())
}

/// The outcome where others may compete that are not among the rows: they may beat all, and move the prices
/// that all are measured by.
fn beside_others(mut outcome: Outcome, missing: Vec<String>) -> Outcome {
    outcome.bounds = None;
    outcome.legal_bounds = None;
    outcome.rank = None;
    outcome.remarks.clear();
    outcome.missing.extend(missing);
    outcome.never_decided(Reason::Incomplete)
}

/// The first row's points, its rank among the others, and whether it is first.
fn ranked(points: &Points) -> Outcome {
    let mut outcome = Outcome::without_value(Verdict::Undetermined, Reason::Conflict);
    let Some((own, others)) = points.rows.split_first() else { return outcome };
    let less = |a: &Range, b: &Range| a.most.as_ref().is_some_and(|most| *most < b.least);
    let may_be_less = |a: &Range, b: &Range| b.most.as_ref().is_none_or(|most| a.least < *most);
    let behind = others.iter().filter(|other| less(&other.total, &own.total)).count();
    let ahead = others.iter().filter(|other| less(&own.total, &other.total)).count();
    let may_be_ahead = others.iter().filter(|other| may_be_less(&own.total, &other.total)).count();
    let tied = others.iter().any(|other| own.total.is_exact() && other.total == own.total);
    let open = others.len() - behind - ahead;
    outcome.verdict = if ahead > 0 {
        Verdict::NotMet
    } else if behind == others.len() {
        Verdict::Met
    } else {
        Verdict::Undetermined
    };
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    outcome.counts = RowCounts { yes: count(behind), no: count(ahead), maybe: count(open) };
    outcome.rank = Some(Rank { best: count(ahead + 1), worst: count(may_be_ahead + 1) });
    // One empty cell may open several criteria.
    let hangs_together = own.by_criterion.iter().filter(|range| !range.is_exact()).count() > 1;
    let quality = if points.is_sound || hangs_together { Quality::Sound } else { Quality::Exact };
    let upper = own.total.most.clone().map_or_else(End::unlimited, End::closed);
    outcome.bounds = Some(Bounds { lower: End::closed(own.total.least.clone()), upper, quality });
    outcome.reason = (tied && ahead == 0 && may_be_ahead == 0).then_some(Reason::Tie);
    outcome.legal = outcome.verdict;
    if points.conflict {
        return outcome.never_decided(Reason::Conflict);
    }
    outcome
}
