use std::collections::{BTreeMap, BTreeSet};

use filiera_finding::{Reason, RowCounts};
use filiera_model::{Bounds, Day, Days, End, Exact, Fraction, Mark, Quality, Range, Verdict};
use filiera_packs::{Condition, Form, Remainder as PackRemainder, Share, Total};

use super::by_origin::worst_country;
use super::concentration::concentration;
use super::greatest::greatest_part;
use super::held::{held, held_form};
use super::missing::missing_papers;
use super::once::{once_each, surely_has_rows};
use super::outcome::{JudgedRow, Outcome};
use super::quality::quality;
use super::ratio_form::ratio_sums;
use super::weights::{Weight, common_currency, conversion_day, convert};
use crate::arithmetic::{
    Choice, RatioOutcome, Remainder, Sums, Term, ratio_bounds, share_of_declared_total, share_of_open_total,
    total_bounds,
};
use crate::bind::{BoundCondition, BoundLeaf, BoundMark};
use crate::epoch::Law;
use crate::ground::Ground;
use crate::rows::Rows;
use crate::subjects::Subjects;

/// A subject and the day it is judged for, out of the days that date it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) subject: usize,
    pub(crate) day: Day,
    pub(crate) dated: Days,
}

/// What a value can be, or why it cannot be told.
pub(crate) struct Valued {
    pub(crate) bounds: Option<Bounds>,
    pub(crate) reason: Option<Reason>,
    pub(crate) remark: Option<String>,
}

/// Everything a form is judged from, for one subject.
pub(crate) struct Case<'a> {
    pub(crate) ground: &'a Ground<'a>,
    pub(crate) bound: &'a BoundCondition,
    pub(crate) leaf: &'a BoundLeaf,
    pub(crate) subjects: &'a Subjects,
    pub(crate) rows: &'a Rows,
    pub(crate) law: &'a Law,
    pub(crate) asked: Asked,
}

impl Case<'_> {
    /// Judges the rows in scope: the value's bounds, and the verdict by them.
    pub(crate) fn judge(&self, judged: Vec<JudgedRow>) -> Outcome {
        let judged = if self.counts_rows() { once_each(self.rows, judged) } else { judged };
        if let Some(outcome) = self.without_rows(&judged) {
            return outcome;
        }
        let closed = self.closed(&judged);
        let closure = self.bound.condition.unknown.as_ref().map(|closure| closure.counts_as);
        let (range, legal) = (self.value(&judged, None), self.value(&closed, closure));
        let mut outcome = Outcome {
            verdict: self.verdict(&range, &judged),
            legal: self.verdict(&legal, &closed),
            threshold: self.law.threshold(self.bound),
            counts: counts(&judged),
            reason: range.reason.or_else(|| self.incomplete(&range, &judged)),
            remarks: self.remarks(&range, &judged),
            bounds: range.bounds,
            legal_bounds: legal.bounds,
            ..Outcome::without_value(Verdict::Undetermined, Reason::NoRows)
        };
        outcome.missing = missing_papers(self, &judged, &outcome);
        outcome.rows = judged;
        if self.rows.undecidable.get(self.asked.subject).copied().unwrap_or_default() {
            return outcome.never_decided(Reason::Conflict);
        }
        outcome
    }

    /// Whether the value is a number of rows.
    fn counts_rows(&self) -> bool {
        matches!(&self.bound.condition.form, Form::Count(_) | Form::Every(_) | Form::None(_) | Form::Any(_))
    }

    /// No rows: undetermined, unless the population is declared complete.
    fn without_rows(&self, judged: &[JudgedRow]) -> Option<Outcome> {
        if judged.iter().any(|row| row.scope != Mark::No) {
            return None;
        }
        if !self.ground.dossier.holds(self.leaf.population) {
            let table = self.leaf.population.table();
            let outcome = Outcome::without_value(Verdict::Undetermined, Reason::NoTable);
            return Some(Outcome { missing: vec![format!("table:{}", table.name())], ..outcome });
        }
        if !self.is_complete() {
            let outcome = Outcome::without_value(Verdict::Undetermined, Reason::NoRows);
            let rows = || vec![format!("rows:{}", self.leaf.population.name())];
            let missing = if self.open().is_empty() { rows() } else { self.open().to_vec() };
            return Some(Outcome { missing, ..outcome });
        }
        match &self.bound.condition.form {
            Form::Total(_) | Form::Count(_) => None,
            _ => Some(Outcome::without_value(Verdict::NotApplicable, Reason::NoRowsComplete)),
        }
    }

    /// Papers without which the list of rows cannot be whole, whoever vouches for it.
    pub(crate) fn open(&self) -> &[String] {
        self.rows.open.get(self.asked.subject).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn is_complete(&self) -> bool {
        if !self.open().is_empty() {
            return false;
        }
        let name = self.subjects.names.get(self.asked.subject);
        name.is_some_and(|name| self.ground.dossier.is_complete(self.leaf.population, name))
    }

    /// The rows as the law's closure leaves them: its unknowns decided, values untouched.
    pub(super) fn closed(&self, judged: &[JudgedRow]) -> Vec<JudgedRow> {
        judged.iter().map(|row| closed(&self.bound.condition, row)).collect()
    }

    /// The value; `closure` is what the law makes of an open mark, where marks are made only here.
    fn value(&self, judged: &[JudgedRow], closure: Option<bool>) -> Valued {
        match &self.bound.condition.form {
            Form::Share(_) if may_weigh_below_zero(judged) => no_shares(),
            Form::Share(share) if matches!(self.leaf.mark, BoundMark::ByOrigin) => {
                worst_country(self, share, judged, closure)
            }
            Form::Share(share) if share.by.is_some() => greatest_part(self, share, judged),
            Form::Share(share) => self.share(share, judged),
            form if held_form(form, self.leaf.population).is_some() => {
                let form = held_form(form, self.leaf.population);
                let nothing = Valued { bounds: None, reason: None, remark: None };
                form.map_or(nothing, |form| held(self, form, judged))
            }
            Form::Total(_) | Form::Count(_) => self.total(judged),
            Form::Ratio(ratio) => self.ratio(&ratio_sums(self, ratio, judged)),
            Form::Concentration(_) => concentration(self, judged),
            Form::Every(_) | Form::None(_) | Form::Any(_) => self.row_count(judged),
            Form::Score(_) | Form::AllOf(_) | Form::AnyOf(_) | Form::NOf(_) | Form::Not(_) => {
                Valued { bounds: None, reason: None, remark: None }
            }
        }
    }

    /// A share of the rows in scope, or of a declared total.
    pub(crate) fn share(&self, share: &Share, judged: &[JudgedRow]) -> Valued {
        let sums = self.sums(judged, Term::of_share);
        let quality = quality(self, judged);
        let Some(of_total) = &share.of_total else {
            let outcome = ratio_bounds(&sums);
            return self.ratio_valued(outcome, quality);
        };
        let remainder = match of_total.remainder.value {
            PackRemainder::Yes => Remainder::Yes,
            PackRemainder::No => Remainder::No,
            PackRemainder::Maybe => Remainder::Maybe,
        };
        let Some(total) = self.declared_total(share, &of_total.total.value, judged) else {
            return self.ratio_valued(share_of_open_total(sums, remainder), quality);
        };
        match share_of_declared_total(&sums, &total, remainder) {
            Some(bounds) => {
                let quality = quality.max(bounds.quality);
                Valued { bounds: Some(Bounds { quality, ..bounds }), reason: None, remark: None }
            }
            None => Valued { bounds: None, reason: Some(Reason::TotalConflict), remark: None },
        }
    }

    /// The declared total in the lines' currency; nothing when nobody declared it, or no rate is known.
    pub(super) fn declared_total(&self, share: &Share, total: &Total, judged: &[JudgedRow]) -> Option<Exact> {
        let column = match total {
            Total::Number(number) => return Some(number.clone()),
            Total::Column(column) => column,
        };
        let columns = &self.subjects.columns;
        let number = columns.number(column, self.asked.subject)?;
        let mut weight = Weight {
            range: Range::exactly(number),
            currency: columns
                .text("currency", self.asked.subject)
                .or(self.ground.prices.default_currency())
                .map(str::to_owned),
            missing: None,
            depends_on_day: false,
            is_signed: false,
        };
        let lines: Vec<Weight> = judged.iter().map(|row| row.weight.clone()).collect();
        let target = common_currency(self.ground, &lines, self.bound.currency());
        let named = share.convert_on.as_ref().map(|column| columns.days(&column.value, self.asked.subject));
        convert(self.ground, &mut weight, target.as_deref(), conversion_day(named, self.asked.day));
        weight.range.most.filter(|most| *most == weight.range.least)
    }

    /// What is not listed may weigh as much as it likes, and less than nothing where weights may.
    fn total(&self, judged: &[JudgedRow]) -> Valued {
        let bounds = total_bounds(&self.sums(judged, Term::of_total));
        let (lower, upper) = match (self.is_complete(), self.leaf.weighs_signed) {
            (true, _) => (bounds.lower, bounds.upper),
            (false, false) => (bounds.lower, End::unlimited()),
            (false, true) => (End::unlimited(), End::unlimited()),
        };
        let quality = quality(self, judged);
        Valued { bounds: Some(Bounds { lower, upper, quality }), reason: None, remark: None }
    }

    fn ratio(&self, (sums, quality): &(Sums, Quality)) -> Valued {
        self.ratio_valued(ratio_bounds(sums), *quality)
    }

    fn ratio_valued(&self, outcome: RatioOutcome, quality: Quality) -> Valued {
        let reason = outcome.may_be_zero.then_some(Reason::ZeroTotal);
        let bounds = outcome.bounds.map(|bounds| Bounds { quality: quality.max(bounds.quality), ..bounds });
        Valued { bounds, reason, remark: None }
    }

    /// How many rows are possibly and surely what the condition looks for.
    fn row_count(&self, judged: &[JudgedRow]) -> Valued {
        let form = &self.bound.condition.form;
        let sums = self.sums(judged, |one, marked, scope| {
            Term::of_total(one, &Fraction::from(counted(form, marked)), scope)
        });
        let bounds = total_bounds(&sums);
        let upper = if self.is_complete() { bounds.upper } else { End::unlimited() };
        let quality = quality(self, judged);
        Valued { bounds: Some(Bounds { upper, quality, ..bounds }), reason: None, remark: None }
    }

    /// The items of the subject; alternatives kept apart.
    pub(crate) fn sums(&self, judged: &[JudgedRow], term: impl Fn(Range, &Fraction, Mark) -> Term) -> Sums {
        let terms = judged.iter().map(|row| (row, term(row.weight.range.clone(), &row.marked, row.scope)));
        gather(self.rows, terms)
    }

    fn verdict(&self, valued: &Valued, judged: &[JudgedRow]) -> Verdict {
        let Some(bounds) = &valued.bounds else { return Verdict::Undetermined };
        if valued.reason == Some(Reason::ZeroTotal) {
            return Verdict::Undetermined;
        }
        decided(self.bound, self.law, bounds, surely_has_rows(self.rows, judged))
    }

    /// Every row passes, and only because nobody vouches for the list is nothing proven.
    fn incomplete(&self, valued: &Valued, judged: &[JudgedRow]) -> Option<Reason> {
        let is_share = matches!(&self.bound.condition.form, Form::Share(_));
        let is_open = counts(judged).maybe > 0 || self.verdict(valued, judged).is_decided();
        (!is_share && !is_open && !self.is_complete()).then_some(Reason::Incomplete)
    }

    fn remarks(&self, valued: &Valued, judged: &[JudgedRow]) -> Vec<String> {
        let mut remarks: Vec<String> = valued.remark.iter().cloned().collect();
        let is_share = matches!(&self.bound.condition.form, Form::Share(_));
        if is_share && self.open().is_empty() && !self.is_complete() {
            let population = self.leaf.population.name();
            remarks.push(format!("nobody declared `{population}` complete: the listed lines were taken"));
        }
        if let Some(remark) = self.boundary(valued) {
            remarks.push(remark);
        }
        let is_assumed = |row: &JudgedRow| {
            let declared =
                row.origin.as_ref().is_some_and(|origin| self.ground.declarations.is_dated(origin));
            let info = self.rows.info(row.row).and_then(|info| info.component.as_ref());
            declared && info.is_some_and(|component| component.is_assumed)
        };
        if judged.iter().any(is_assumed) {
            remarks.push(
                "declarations were tested on the day of building, because no day of receipt is known"
                    .to_owned(),
            );
        }
        remarks.extend(self.bases_used(judged));
        let own = self.rows.remarks.get(self.asked.subject);
        remarks.extend(own.into_iter().flatten().cloned());
        remarks
    }

    /// Where the condition accepts any basis, the finding names those it rests on.
    fn bases_used(&self, judged: &[JudgedRow]) -> Option<String> {
        if self.bound.condition.accepts.basis.is_some() {
            return None;
        }
        let origins = judged.iter().filter_map(|row| row.origin.as_ref());
        let bases: BTreeSet<&str> = origins
            .flat_map(|origin| self.ground.declarations.bases(origin))
            .map(|basis| basis.unwrap_or("none stated"))
            .collect();
        let named: Vec<&str> = bases.into_iter().collect();
        (!named.is_empty()).then(|| format!("origins are taken on any basis; used: {}", named.join(", ")))
    }

    /// The law says "crossing": a value on the threshold needs a person.
    fn boundary(&self, valued: &Valued) -> Option<String> {
        let threshold = self.law.threshold(self.bound).filter(|_| self.bound.condition.boundary_flag)?;
        let bounds = valued.bounds.as_ref()?;
        let on_it = [&bounds.lower, &bounds.upper].iter().any(|end| end.value.as_ref() == Some(&threshold));
        on_it.then(|| {
            format!(
                "the value may stand exactly on the threshold of {}, and the law says \"crossing\"",
                threshold.to_text()
            )
        })
    }
}

/// The verdict that bounds give; rows that may all be out of scope prove nothing, because the rule may not
/// speak at all.
pub(crate) fn decided(bound: &BoundCondition, law: &Law, bounds: &Bounds, has_rows: bool) -> Verdict {
    let surely_some = bounds.lower.value.as_ref().is_some_and(Exact::is_positive);
    let surely_none = bounds.upper.value.as_ref().is_some_and(Exact::is_zero);
    match &bound.condition.form {
        Form::Every(_) | Form::None(_) if surely_some => Verdict::NotMet,
        Form::Every(_) | Form::None(_) if surely_none && has_rows => Verdict::Met,
        Form::Any(_) if surely_some => Verdict::Met,
        Form::Any(_) if surely_none && has_rows => Verdict::NotMet,
        Form::Every(_) | Form::None(_) | Form::Any(_) => Verdict::Undetermined,
        Form::Share(_) | Form::Concentration(_) if !has_rows => Verdict::Undetermined,
        _ => match bound.operator().zip(law.threshold(bound)) {
            Some((operator, threshold)) => bounds.judge(operator, &threshold),
            None => Verdict::Undetermined,
        },
    }
}

/// A row as the law's closure leaves it: its unknowns decided, its value untouched.
pub(crate) fn closed(condition: &Condition, row: &JudgedRow) -> JudgedRow {
    let mut row = row.clone();
    if let Some(closure) = &condition.unknown {
        row.marked = row.closed.clone();
        row.each.iter_mut().for_each(|alone| alone.marked = alone.closed.clone());
        for total in row.totals.iter_mut().filter(|total| **total == Mark::Maybe) {
            *total = if closure.counts_as { Mark::Yes } else { Mark::No };
        }
    }
    if let Some(closure) = &condition.unknown_scope
        && row.in_scope == Mark::Maybe
    {
        // The law decides whether a row counts, never whether there is one.
        row.in_scope = if closure.counts_in { Mark::Yes } else { Mark::No };
        row.scope = row.in_scope.and(row.exists);
    }
    row
}

/// Whether a row is, by the form, surely and possibly one of those to be counted.
pub(crate) fn counted(form: &Form, marked: &Fraction) -> Mark {
    let (possibly, surely) = match form {
        Form::Every(_) => (marked.least < Exact::one(), marked.most < Exact::one()),
        _ => (marked.most.is_positive(), marked.least.is_positive()),
    };
    match (surely, possibly) {
        (true, _) => Mark::Yes,
        (false, true) => Mark::Maybe,
        (false, false) => Mark::No,
    }
}

/// Whether a row that counts may weigh less than nothing: of such weights there are no shares.
pub(super) fn may_weigh_below_zero(judged: &[JudgedRow]) -> bool {
    let is_below = |row: &JudgedRow| row.weight.is_signed || row.weight.range.least.is_negative();
    judged.iter().any(|row| row.scope != Mark::No && is_below(row))
}

/// The value of a share that is none.
pub(super) fn no_shares() -> Valued {
    let remark = Some("a weight may lie below zero, and there are no shares of such weights".to_owned());
    Valued { bounds: None, reason: Some(Reason::ZeroTotal), remark }
}

/// Adds terms up, those of one choice as alternatives; an alternative without rows is one too. A weight
/// that may lie on either side of zero is two: so much of it, or so much the other way.
pub(crate) fn gather<'a>(rows: &Rows, terms: impl Iterator<Item = (&'a JudgedRow, Term)>) -> Sums {
    let mut sums = Sums::default();
    let mut choices: BTreeMap<u32, Vec<Vec<Term>>> = BTreeMap::new();
    for (row, term) in terms {
        let below = row.weight.is_signed.then(|| term.negated());
        let terms = std::iter::once(term).chain(below);
        let Some(choice) = rows.info(row.row).and_then(|info| info.choice) else {
            terms.for_each(|term| sums.add(term));
            continue;
        };
        let alternatives =
            choices.entry(choice.choice).or_insert_with(|| vec![Vec::new(); choice.of as usize]);
        if let Some(alternative) = alternatives.get_mut(choice.number as usize) {
            alternative.extend(terms);
        }
    }
    for alternatives in choices.into_values() {
        sums.add_choice(Choice { alternatives });
    }
    sums
}

/// Rows marked, not marked and open; a part known to be marked is marked.
fn counts(judged: &[JudgedRow]) -> RowCounts {
    let mut counts = RowCounts::default();
    for row in judged.iter().filter(|row| row.scope != Mark::No) {
        let known = row.marked.least == row.marked.most && row.scope == Mark::Yes;
        let count = match (known, row.marked.most.is_zero()) {
            (false, _) => &mut counts.maybe,
            (true, true) => &mut counts.no,
            (true, false) => &mut counts.yes,
        };
        *count += 1;
    }
    counts
}
