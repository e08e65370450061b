use std::collections::BTreeMap;
use std::sync::Arc;

use filiera_finding::Reason;
use filiera_model::{Country, Day, Days, Fraction, Mark, Verdict};
use filiera_origin::Node;
use filiera_packs::{Evidence, Form, Method, NoValue};
use filiera_predicate::{ParameterValue, Predicate};
use filiera_tables::Population;
use rustc_hash::FxHashMap;

use super::forms::{Asked, Case};
use super::greatest::each_alone;
use super::marks::{fractions, marks};
use super::outcome::{Alone, JudgedRow, Outcome, unique};
use super::set_aside::touched;
use super::supplied::{method_of, supplied_share};
use super::weights::{Weighing, Weight, conversion_day, weights};
use crate::EngineError;
use crate::bind::{BoundCondition, BoundLeaf, BoundMark};
use crate::epoch::{Law, days_to_judge, law_on};
use crate::facts::{Accepted, Line, Origin};
use crate::ground::Ground;
use crate::rows::{RowInfo, Rows};
use crate::subjects::Subjects;

/// Judges every subject under a condition that is no composition; one outcome each, in order.
///
/// `levels` are the rows of every level below, which tracing and rolling up go through.
pub(crate) fn judge_leaf(
    ground: &Ground<'_>,
    bound: &BoundCondition,
    leaf: &BoundLeaf,
    subjects: &Subjects,
    rows: &Rows,
    levels: Option<&Rows>,
) -> Result<Vec<Outcome>, EngineError> {
    let mut found: Vec<Option<Outcome>> = vec![None; subjects.len()];
    let mut groups: BTreeMap<Law, Vec<Asked>> = BTreeMap::new();
    for subject in 0..subjects.len() {
        let dated = dated(ground, bound, subjects, subject);
        for day in days_of(ground, bound, subjects, subject) {
            match law_of(ground, bound, day) {
                Ok(law) => groups.entry(law).or_default().push(Asked { subject, day, dated }),
                Err(none) => join(&mut found, subject, not_law(none, day)),
            }
        }
    }
    for (law, asked) in groups {
        let judge =
            Judge { ground, bound, leaf, subjects, rows, levels, law: &law, bindings: law.bindings(bound) };
        for (asked, mut outcome) in asked.iter().zip(judge.all(&asked)?) {
            outcome.used = law.values.iter().map(|(name, place)| (name.clone(), *place)).collect();
            outcome.on = Some(asked.day).filter(|_| bound.condition.dated_by.is_some());
            join(&mut found, asked.subject, outcome);
        }
    }
    let touched = touched(ground, leaf.population, subjects, rows);
    let nothing = || Outcome::without_value(Verdict::Undetermined, Reason::NoRows);
    let outcomes = found.into_iter().zip(touched).map(|(outcome, touched)| {
        let outcome = outcome.unwrap_or_else(nothing);
        if touched && outcome.reason != Some(Reason::WhenFalse) {
            outcome.never_decided(Reason::SetAside)
        } else {
            outcome
        }
    });
    Ok(outcomes.collect())
}

/// The rows of every subject that is dated to one day, as they are judged under the law of that day, and
/// whether the condition speaks about it, which it does not before the law; nothing of a subject of several
/// days.
pub(crate) fn judged_rows(
    ground: &Ground<'_>,
    bound: &BoundCondition,
    leaf: &BoundLeaf,
    subjects: &Subjects,
    rows: &Rows,
) -> Result<Vec<Option<OneDay>>, EngineError> {
    let mut found: Vec<Option<OneDay>> = Vec::new();
    let mut groups: BTreeMap<Law, Vec<Asked>> = BTreeMap::new();
    for subject in 0..subjects.len() {
        found.push(None);
        let dated = dated(ground, bound, subjects, subject);
        let [day] = days_of(ground, bound, subjects, subject)[..] else { continue };
        match law_of(ground, bound, day) {
            _ if dated.single().is_none() => {}
            Ok(law) => groups.entry(law).or_default().push(Asked { subject, day, dated }),
            Err(_) => {
                let slot = found.last_mut().into_iter();
                slot.for_each(|slot| {
                    *slot = Some(OneDay { law: Law::default(), speaks: Mark::No, rows: Vec::new() })
                });
            }
        }
    }
    for (law, asked) in groups {
        let bindings = law.bindings(bound);
        let judge = Judge { ground, bound, leaf, subjects, rows, levels: None, law: &law, bindings };
        let (speaks, together) = (judge.when(&asked)?, judge.together(&asked)?);
        for (place, (asked, speaks)) in asked.iter().zip(speaks).enumerate() {
            let rows = judge.judged(&together, place, *asked);
            if let Some(slot) = found.get_mut(asked.subject) {
                *slot = Some(OneDay { law: law.clone(), speaks, rows });
            }
        }
    }
    Ok(found)
}

/// A subject's rows on its only day.
pub(crate) struct OneDay {
    pub(crate) law: Law,
    /// Whether the condition speaks about the subject.
    pub(crate) speaks: Mark,
    pub(crate) rows: Vec<JudgedRow>,
}

/// The days to judge a subject by: one for each law, and each state of the register of owners, that its
/// possible days fall under.
pub(crate) fn days_of(
    ground: &Ground<'_>,
    bound: &BoundCondition,
    subjects: &Subjects,
    subject: usize,
) -> Vec<Day> {
    let dated = dated(ground, bound, subjects, subject);
    let mut days = days_to_judge(bound, ground.zones, ground.settings.law_as_of, dated);
    if dated.single().is_none() && bound.asks_owners() {
        // Of an unknown day there is none before the law.
        let holds = |day: Day| {
            dated.first.is_some() || law_on(bound, ground.zones, ground.settings.law_as_of, day).is_ok()
        };
        let own = ground.ownership.days().into_iter();
        days.extend(own.filter(|day| dated.may_be(*day) && holds(*day)));
        days.sort_unstable();
        days.dedup();
    }
    days
}

/// The law of a day, with the state of the register of owners where the condition asks about it.
pub(crate) fn law_of(ground: &Ground<'_>, bound: &BoundCondition, day: Day) -> Result<Law, NoValue> {
    let mut law = law_on(bound, ground.zones, ground.settings.law_as_of, day)?;
    if bound.asks_owners() {
        let rule = ground.ownership.rule(bound.condition.control_rule.as_ref());
        law.state = ground.ownership.state(day, rule);
    }
    Ok(law)
}

pub(crate) fn join(found: &mut [Option<Outcome>], subject: usize, outcome: Outcome) {
    if let Some(slot) = found.get_mut(subject) {
        *slot = Some(match slot.take() {
            Some(known) => known.or_else(outcome),
            None => outcome,
        });
    }
}

pub(crate) fn not_law(none: NoValue, day: Day) -> Outcome {
    let reason = match none {
        NoValue::BeforeLaw => Reason::BeforeLaw,
        NoValue::AfterLaw => Reason::AfterLaw,
    };
    Outcome { on: Some(day), ..Outcome::without_value(Verdict::NotApplicable, reason) }
}

/// The days that date the subject; a condition that names no date is of the law clock's day.
fn dated(ground: &Ground<'_>, bound: &BoundCondition, subjects: &Subjects, subject: usize) -> Days {
    if let Some(day) = ground.subjects_on {
        return Days::on(day);
    }
    match &bound.condition.dated_by {
        Some(column) => subjects.columns.days(&column.value, subject),
        None => Days::on(ground.settings.law_as_of),
    }
}

/// One condition under one law.
struct Judge<'a> {
    ground: &'a Ground<'a>,
    bound: &'a BoundCondition,
    leaf: &'a BoundLeaf,
    subjects: &'a Subjects,
    rows: &'a Rows,
    levels: Option<&'a Rows>,
    law: &'a Law,
    bindings: BTreeMap<String, ParameterValue>,
}

/// The rows of all subjects of one law, side by side.
struct Together {
    rows: Vec<u32>,
    /// Where each subject's rows begin; one more than subjects.
    starts: Vec<usize>,
    origins: Vec<Arc<Origin>>,
    marked: Vec<Fraction>,
    /// The same once the law's closure has decided what is not known of marks.
    closed: Vec<Fraction>,
    /// The marks by each value of a list alone, where they tell the rows apart.
    each: Vec<Vec<Fraction>>,
    scope: Vec<Mark>,
    /// Whether each row is there at all.
    exists: Vec<Mark>,
    totals: Vec<Vec<Mark>>,
    /// Rows whose unknowns hang together.
    is_sound: Vec<bool>,
}

impl Judge<'_> {
    fn all(&self, asked: &[Asked]) -> Result<Vec<Outcome>, EngineError> {
        let (speaks, fails) = (self.when(asked)?, self.fails(asked)?);
        let together = self.together(asked)?;
        let each = asked.iter().zip(speaks).zip(fails).enumerate();
        let outcomes = each.map(|(place, ((asked, speaks), fails))| {
            if speaks == Mark::No {
                return Outcome::without_value(Verdict::NotApplicable, Reason::WhenFalse);
            }
            let mut outcome = self.case(*asked).judge(self.judged(&together, place, *asked));
            outcome.remarks.extend(self.lapsed(&together, place, *asked));
            let outcome = self.failed(outcome, fails, *asked);
            if speaks == Mark::Maybe && outcome.verdict != Verdict::NotApplicable {
                return outcome.sound().never_decided(Reason::WhenUnknown);
            }
            outcome
        });
        Ok(outcomes.collect())
    }

    fn case(&self, asked: Asked) -> Case<'_> {
        Case {
            ground: self.ground,
            bound: self.bound,
            leaf: self.leaf,
            subjects: self.subjects,
            rows: self.rows,
            law: self.law,
            asked,
        }
    }

    fn when(&self, asked: &[Asked]) -> Result<Vec<Mark>, EngineError> {
        let Some(when) = &self.bound.when else { return Ok(vec![Mark::Yes; asked.len()]) };
        self.of_subjects(when, asked)
    }

    /// Which subjects do not meet it by themselves.
    fn fails(&self, asked: &[Asked]) -> Result<Vec<Mark>, EngineError> {
        let Some(fails) = &self.bound.fails_when else { return Ok(vec![Mark::No; asked.len()]) };
        self.of_subjects(fails, asked)
    }

    fn of_subjects(&self, predicate: &Predicate, asked: &[Asked]) -> Result<Vec<Mark>, EngineError> {
        let subjects: Vec<u32> = asked.iter().filter_map(|one| u32::try_from(one.subject).ok()).collect();
        let bound = predicate.bind(&self.bindings)?;
        marks(predicate, &bound, &self.subjects.columns, &subjects, self.law.state)
    }

    /// What is left of an outcome of the rows once it is known, or not, whether the subject itself fails.
    fn failed(&self, outcome: Outcome, fails: Mark, asked: Asked) -> Outcome {
        match fails {
            Mark::No => outcome,
            Mark::Yes => Outcome {
                verdict: Verdict::NotMet,
                legal: Verdict::NotMet,
                reason: None,
                missing: Vec::new(),
                ..outcome
            },
            Mark::Maybe => {
                let mut outcome = outcome;
                let name = self.subjects.names.get(asked.subject).map(String::as_str).unwrap_or_default();
                let columns = self.bound.fails_when.iter().flat_map(|predicate| predicate.columns());
                let unknown = columns.filter(|column| self.subjects.columns.is_null(column, asked.subject));
                outcome.missing.extend(unknown.map(|column| format!("{column}:{name}")));
                outcome.missing = unique(outcome.missing);
                let is_open = outcome.verdict != Verdict::NotMet;
                if is_open { outcome.never_decided(Reason::WhenUnknown) } else { outcome }
            }
        }
    }

    fn together(&self, asked: &[Asked]) -> Result<Together, EngineError> {
        let (rows, starts) = self.side_by_side(self.rows, asked);
        let origins = self.origins(self.rows, &rows, &starts, asked);
        let columns = &self.rows.columns;
        let with = |predicate: &Predicate, bindings: &BTreeMap<String, ParameterValue>| {
            let bound = predicate.bind(bindings)?;
            fractions(predicate, &bound, columns, &rows, &origins, self.law.state)
        };
        let of = |predicate: &Predicate| with(predicate, &self.bindings);
        let each = match (&self.leaf.mark, &self.leaf.each) {
            (BoundMark::Where(predicate), Some(list)) => {
                let alone = each_alone(&self.bindings, list).into_iter();
                alone.map(|(_, bindings)| with(predicate, &bindings)).collect::<Result<_, _>>()?
            }
            _ => Vec::new(),
        };
        let marked = match &self.leaf.mark {
            BoundMark::Where(predicate) => of(predicate)?,
            BoundMark::All | BoundMark::ByOrigin => vec![Fraction::from(Mark::Yes); rows.len()],
        };
        let scope = match &self.leaf.among {
            Some(predicate) => of(predicate)?,
            None => vec![Fraction::from(Mark::Yes); rows.len()],
        };
        let totals: Vec<Vec<Fraction>> =
            self.leaf.totals.iter().map(|(_, predicate)| of(predicate)).collect::<Result<_, _>>()?;
        // A part of which a share is in scope, or in a total, is taken as maybe in, maybe out.
        let is_split = |part: &Fraction| Fraction::from(part.mark()) != *part;
        let splits_a_total = |at: usize| totals.iter().any(|total| total.get(at).is_some_and(is_split));
        let depends_on_day =
            |at: usize| origins.get(at).is_some_and(|origin: &Arc<Origin>| origin.depends_on_day);
        let in_force = self.in_force(&rows, &starts, asked);
        let is_sound = scope.iter().zip(&in_force).enumerate().map(|(at, (scope, in_force))| {
            let splits = is_split(scope) || splits_a_total(at);
            splits || depends_on_day(at) || *in_force == Mark::Maybe
        });
        let is_sound = is_sound.collect();
        let totals = totals.iter().map(|total| total.iter().map(Fraction::mark).collect()).collect();
        let exists = |row: &u32| {
            let held = self.rows.info(*row).and_then(|info| info.held.as_ref());
            held.map_or(Mark::Yes, |held| held.exists)
        };
        let exists = rows.iter().map(exists).collect();
        let scope = scope.iter().zip(in_force).map(|(scope, in_force)| scope.mark().and(in_force)).collect();
        let closed =
            marked.iter().enumerate().map(|(at, marked)| self.close(marked, origins.get(at))).collect();
        let mut together =
            Together { rows, starts, origins, marked, closed, each, scope, exists, totals, is_sound };
        self.supplied(asked, &mut together)?;
        Ok(together)
    }

    /// Whether each row holds on its subject's day. Attestations lapse; rows of other populations are
    /// dated by what they are made of.
    fn in_force(&self, rows: &[u32], starts: &[usize], asked: &[Asked]) -> Vec<Mark> {
        if self.leaf.population != Population::Attestations {
            return vec![Mark::Yes; rows.len()];
        }
        let of_subject = starts.windows(2).zip(asked).flat_map(|(pair, one)| {
            let [start, end] = pair else { return Vec::new() };
            let own = rows.get(*start..*end).unwrap_or_default();
            own.iter().map(|row| self.rows.in_force(*row, one.dated)).collect()
        });
        of_subject.collect()
    }

    /// Says which of the subject's attestations lapsed, because they no longer count.
    fn lapsed(&self, together: &Together, place: usize, asked: Asked) -> Option<String> {
        if self.leaf.population != Population::Attestations {
            return None;
        }
        let start = together.starts.get(place).copied()?;
        let own = together.rows.get(start..together.starts.get(place + 1).copied()?)?;
        let mut lapsed = own.iter().filter(|row| self.rows.in_force(**row, asked.dated) == Mark::No);
        let first = *lapsed.next()?;
        let name = &self.rows.info(first)?.name;
        let until = self.rows.columns.days("valid_to", first as usize);
        let others = match lapsed.count() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        Some(format!("attestations that had lapsed do not count: {name}, valid to {until}{others}"))
    }

    fn alone(&self, marked: Option<&Fraction>, origin: Option<&Arc<Origin>>) -> Alone {
        let marked = marked.cloned().unwrap_or_else(|| Mark::Maybe.into());
        Alone { closed: self.close(&marked, origin), marked }
    }

    /// What the law's closure makes of a mark. What the day would tell is no unknown that it closes.
    fn close(&self, marked: &Fraction, origin: Option<&Arc<Origin>>) -> Fraction {
        let asks_origin =
            matches!(&self.leaf.mark, BoundMark::Where(mark) if mark.columns().contains("origin"));
        match &self.bound.condition.unknown {
            Some(_) if asks_origin && origin.is_some_and(|origin| origin.depends_on_day) => marked.clone(),
            Some(closure) if closure.counts_as => Fraction::exactly(marked.most.clone()),
            Some(_) => Fraction::exactly(marked.least.clone()),
            None => marked.clone(),
        }
    }

    /// Takes the marks through the levels below, or through a roll-up rule, as the form says. The
    /// closure speaks of marks, so it comes first: what prices leave open afterwards stays open.
    fn supplied(&self, asked: &[Asked], together: &mut Together) -> Result<(), EngineError> {
        let Form::Share(share) = &self.bound.condition.form else { return Ok(()) };
        if share.method == Method::AsSupplied && share.roll_up.is_none() {
            return Ok(());
        }
        let method = method_of(share)?;
        let below = match (self.levels, &self.leaf.mark) {
            (Some(levels), BoundMark::Where(predicate)) => self.marks_below(levels, predicate, asked)?,
            _ => Vec::new(),
        };
        for (place, pair) in together.starts.windows(2).enumerate() {
            let [start, end] = pair else { continue };
            let marks = below.get(place);
            for at in *start..*end {
                let Some(row) = together.rows.get(at) else { continue };
                let Some(component) = self.rows.info(*row).and_then(|info| info.component.as_ref()) else {
                    continue;
                };
                for (fractions, marks) in [
                    (&mut together.marked, marks.map(|(open, _)| open)),
                    (&mut together.closed, marks.map(|(_, closed)| closed)),
                ] {
                    let Some(marked) = fractions.get_mut(at) else { continue };
                    let (fraction, is_sound) =
                        supplied_share(self.ground, component, marked, &method, marks)?;
                    *marked = fraction;
                    if let Some(flag) = together.is_sound.get_mut(at) {
                        *flag |= is_sound;
                    }
                }
            }
        }
        Ok(())
    }

    /// What the predicate says of every part below, subject by subject: as it is, and closed.
    fn marks_below(
        &self,
        levels: &Rows,
        predicate: &Predicate,
        asked: &[Asked],
    ) -> Result<Vec<(Marks, Marks)>, EngineError> {
        let (rows, starts) = self.side_by_side(levels, asked);
        let origins = self.origins(levels, &rows, &starts, asked);
        let marked = fractions(
            predicate,
            &predicate.bind(&self.bindings)?,
            &levels.columns,
            &rows,
            &origins,
            self.law.state,
        )?;
        let of_subject = starts.windows(2).map(|pair| {
            let (mut marks, mut closed) = (Marks::default(), Marks::default());
            let mut by_day: FxHashMap<Node, Option<&Arc<Origin>>> = FxHashMap::default();
            let [start, end] = pair else { return (marks, closed) };
            for at in *start..*end {
                let node = rows.get(at).and_then(|row| levels.info(*row)?.component.as_ref()?.node);
                let Some((node, fraction)) = node.zip(marked.get(at)) else { continue };
                let hull = marks
                    .remove(&node)
                    .map_or_else(|| fraction.clone(), |known| known.hull(fraction.clone()));
                let origin = origins.get(at).filter(|origin| origin.depends_on_day);
                let by_day = by_day.entry(node).or_insert(origin);
                *by_day = by_day.or(origin);
                closed.insert(node, self.close(&hull, *by_day));
                marks.insert(node, hull);
            }
            (marks, closed)
        });
        Ok(of_subject.collect())
    }

    /// The rows of all subjects, one subject after the other, and where each begins.
    fn side_by_side(&self, of: &Rows, asked: &[Asked]) -> (Vec<u32>, Vec<usize>) {
        let mut rows = Vec::new();
        let mut starts = Vec::new();
        for one in asked {
            starts.push(rows.len());
            let own = of.of(u32::try_from(one.subject).unwrap_or(u32::MAX)).iter().copied();
            rows.extend(own.filter(|row| of.is_of_state(*row, self.law.state)));
        }
        starts.push(rows.len());
        (rows, starts)
    }

    fn origins(&self, of: &Rows, rows: &[u32], starts: &[usize], asked: &[Asked]) -> Vec<Arc<Origin>> {
        if !self.needs_origin() {
            return Vec::new();
        }
        let mut cache = FxHashMap::default();
        let mut origins = Vec::with_capacity(rows.len());
        for (pair, one) in starts.windows(2).zip(asked) {
            let [start, end] = pair else { continue };
            for row in rows.get(*start..*end).unwrap_or_default() {
                origins.push(self.origin(of, *row, *one, &mut cache));
            }
        }
        origins
    }

    fn needs_origin(&self) -> bool {
        let names = |predicate: &Predicate| predicate.columns().contains("origin");
        let by_mark = match &self.leaf.mark {
            BoundMark::Where(predicate) => names(predicate),
            BoundMark::ByOrigin => true,
            BoundMark::All => false,
        };
        let by_group = self.leaf.by.as_deref() == Some("origin");
        let totals = self.leaf.totals.iter().map(|(_, predicate)| predicate);
        self.leaf.population.is_of_vehicles()
            && (by_mark || by_group || self.leaf.among.iter().chain(totals).any(names))
    }

    /// What is known of a component's origin, on the bases that the condition accepts.
    fn origin(
        &self,
        rows: &Rows,
        row: u32,
        asked: Asked,
        cache: &mut FxHashMap<OriginKey, Arc<Origin>>,
    ) -> Arc<Origin> {
        let Some(RowInfo { component: Some(component), .. }) = rows.info(row) else {
            return Arc::new(Origin::unknown());
        };
        if component.is_own_work {
            let country = rows.columns.text("made_in", row as usize).and_then(Country::from_code);
            return Arc::new(country.map_or_else(Origin::unknown, Origin::is));
        }
        let is_building = self.bound.condition.dated_by.as_ref().is_some_and(|by| by.value == "built_on");
        // Both of two days are judged; of more only those on which the law changes are.
        let dated = asked.dated.first.zip(asked.dated.last);
        let is_near = dated.is_some_and(|(first, last)| last <= first.next());
        let narrowed = component.is_assumed && is_building && is_near;
        let tested_on = if narrowed { Days::on(asked.day) } else { component.tested_on };
        let key =
            (component.part.clone(), component.supplier.clone(), component.lot.clone(), tested_on, asked.day);
        Arc::clone(cache.entry(key).or_insert_with(|| {
            let line = Line {
                part: &component.part,
                supplier: component.supplier.as_deref(),
                lot: component.lot.as_deref(),
            };
            let zone_day = if tested_on.first.is_some() { tested_on } else { Days::on(asked.day) };
            Arc::new(self.ground.declarations.origin(
                line,
                &self.accepted(),
                tested_on,
                self.ground.zones,
                zone_day,
            ))
        }))
    }

    fn accepted(&self) -> Accepted {
        let accepts = &self.bound.condition.accepts;
        Accepted {
            basis: accepts.basis.clone(),
            evidence: accepts.evidence.iter().map(|class: &Evidence| class.name().to_owned()).collect(),
            facts_as_of: self.ground.settings.facts_as_of,
        }
    }

    /// The rows of one subject, weighed; those out of scope left out, unless they are an
    /// alternative to one that is not.
    fn judged(&self, together: &Together, place: usize, asked: Asked) -> Vec<JudgedRow> {
        let start = together.starts.get(place).copied().unwrap_or_default();
        let end = together.starts.get(place + 1).copied().unwrap_or(start);
        let counts = |at: &usize| {
            let row = together.rows.get(*at).and_then(|row| self.rows.info(*row));
            together.scope.get(*at).is_some_and(|scope| *scope != Mark::No)
                || row.is_some_and(|info| info.choice.is_some())
        };
        let inside: Vec<usize> = (start..end).filter(counts).collect();
        let rows: Vec<u32> = inside.iter().filter_map(|at| together.rows.get(*at).copied()).collect();
        let weights = self.weights(&rows, asked);
        let in_scope = |at: usize| together.scope.get(at).copied().unwrap_or(Mark::Maybe);
        let exists = |at: usize| together.exists.get(at).copied().unwrap_or(Mark::Yes);
        let judged = inside.iter().zip(rows).zip(weights).map(|((at, row), weight)| JudgedRow {
            row,
            marked: together.marked.get(*at).cloned().unwrap_or_else(|| Mark::Maybe.into()),
            closed: together.closed.get(*at).cloned().unwrap_or_else(|| Mark::Maybe.into()),
            each: together
                .each
                .iter()
                .map(|marks| self.alone(marks.get(*at), together.origins.get(*at)))
                .collect(),
            scope: in_scope(*at).and(exists(*at)),
            in_scope: in_scope(*at),
            exists: exists(*at),
            totals: together.totals.iter().filter_map(|total| total.get(*at).copied()).collect(),
            origin: together.origins.get(*at).cloned(),
            is_sound: together.is_sound.get(*at).copied().unwrap_or_default() || weight.depends_on_day,
            weight,
        });
        judged.collect()
    }

    fn weights(&self, rows: &[u32], asked: Asked) -> Vec<Weight> {
        let (by, basis, convert_on) = match &self.bound.condition.form {
            Form::Share(share) => (&share.weigh, &share.basis, &share.convert_on),
            Form::Total(sum) => (&sum.weigh, &sum.basis, &sum.convert_on),
            Form::Ratio(ratio) => (&ratio.weigh, &ratio.basis, &ratio.convert_on),
            Form::Concentration(of) => (&of.weigh, &of.basis, &of.convert_on),
            _ => return rows.iter().map(|_| Weight::one()).collect(),
        };
        let named =
            convert_on.as_ref().map(|column| self.subjects.columns.days(&column.value, asked.subject));
        let weighing = Weighing {
            by: &by.value,
            basis: basis.as_ref().map(|basis| basis.value.as_str()),
            currency: self.bound.currency(),
            convert_on: conversion_day(named, asked.day),
            may_be_negative: self.leaf.weighs_signed,
        };
        weights(self.ground, self.rows, rows, weighing)
    }
}

/// What is marked of each part.
type Marks = FxHashMap<Node, Fraction>;

type OriginKey = (String, Option<String>, Option<String>, Days, Day);

/// Whether a composition speaks about each subject.
pub(crate) fn speaks(
    ground: &Ground<'_>,
    bound: &BoundCondition,
    subjects: &Subjects,
) -> Result<Vec<Mark>, EngineError> {
    let Some(when) = &bound.when else { return Ok(vec![Mark::Yes; subjects.len()]) };
    let mut found = Vec::new();
    for (subject, place) in (0u32..).zip(0..subjects.len()) {
        let mut all: Option<Mark> = None;
        for day in days_of(ground, bound, subjects, place) {
            let mark = match law_of(ground, bound, day) {
                Ok(law) => {
                    let bound = when.bind(&law.bindings(bound))?;
                    marks(when, &bound, &subjects.columns, &[subject], law.state)?
                        .first()
                        .copied()
                        .unwrap_or(Mark::Maybe)
                }
                Err(_) => Mark::No,
            };
            all = Some(all.map_or(mark, |known| known.or_else(mark)));
        }
        found.push(all.unwrap_or(Mark::Maybe));
    }
    Ok(found)
}
