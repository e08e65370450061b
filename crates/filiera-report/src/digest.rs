use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use filiera_finding::{ConditionShown, Finding, Form, FormShown, NOBODY, Reason, Run};
use filiera_model::{Bounds, Exact, Operator, Verdict};

use crate::number::Measure;
use crate::scale::Scale;
use crate::words::VERDICTS;

/// A run, gathered by condition: what the text, the page and the workbook are drawn from.
pub(crate) struct Digest<'a> {
    pub(crate) run: &'a Run,
    pub(crate) groups: Vec<Group<'a>>,
    pub(crate) range: Tally,
    pub(crate) legal: Tally,
}

/// One condition with its findings, in the order of the run.
pub(crate) struct Group<'a> {
    pub(crate) shown: Cow<'a, ConditionShown>,
    pub(crate) findings: Vec<&'a Finding>,
    pub(crate) range: Tally,
    pub(crate) legal: Tally,
    pub(crate) measure: Measure,
    pub(crate) scale: Scale,
}

/// Findings per verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally(BTreeMap<Verdict, u64>);

impl Tally {
    pub(crate) fn of(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        let mut tally = Self::default();
        for verdict in verdicts {
            *tally.0.entry(verdict).or_default() += 1;
        }
        tally
    }

    /// Counted already.
    pub(crate) fn counted(counts: &BTreeMap<Verdict, u64>) -> Self {
        Self(counts.clone())
    }

    pub(crate) fn get(&self, verdict: Verdict) -> u64 {
        self.0.get(&verdict).copied().unwrap_or(0)
    }

    /// The verdicts seen, in the order people ask for them, with their numbers.
    pub(crate) fn seen(&self) -> impl Iterator<Item = (Verdict, u64)> + '_ {
        VERDICTS.into_iter().map(|verdict| (verdict, self.get(verdict))).filter(|(_, n)| *n > 0)
    }

    pub(crate) fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// The one verdict that answers for all: as exit codes do, a failure stands above the unknown
    /// and the unknown above what is met.
    pub(crate) fn overall(&self) -> Verdict {
        let order = [Verdict::NotMet, Verdict::Undetermined, Verdict::Met];
        order.into_iter().find(|verdict| self.get(*verdict) > 0).unwrap_or(Verdict::NotApplicable)
    }
}

impl<'a> Digest<'a> {
    /// Why a pack is judged though nobody asked for it.
    pub(crate) fn along(&self, pack: &str) -> Option<String> {
        let (_, by) = self.run.along.iter().find(|(id, _)| id == pack)?;
        Some(format!("judged too, because {by} names a condition of it; not in the exit code"))
    }

    /// Gathers the findings of `run` by condition, conditions in the run's order. A finding of a
    /// condition that the run does not present is kept under its bare name.
    pub(crate) fn of(run: &'a Run) -> Self {
        let presented = run.conditions.iter().map(|shown| (name_of(shown), Cow::Borrowed(shown)));
        let mut order: Vec<(Name<'a>, Cow<'a, ConditionShown>)> = presented.collect();
        let mut known: BTreeSet<Name<'a>> = order.iter().map(|(name, _)| *name).collect();
        let mut findings: BTreeMap<Name<'a>, Vec<&'a Finding>> = BTreeMap::new();
        for finding in &run.findings {
            let name = (finding.pack.as_str(), finding.condition.as_str());
            findings.entry(name).or_default().push(finding);
            if known.insert(name) {
                order.push((name, Cow::Owned(bare(finding))));
            }
        }
        let mut take = |name| findings.remove(&name).unwrap_or_default();
        let groups = order.into_iter().map(|(name, shown)| Group::new(shown, take(name))).collect();
        Self {
            run,
            groups,
            range: Tally::of(run.findings.iter().map(|f| f.verdict)),
            legal: Tally::of(run.findings.iter().map(|f| f.legal)),
        }
    }

    /// How many subjects there are of each kind, kinds in the order of the conditions; 0 when the
    /// evidence names nobody.
    pub(crate) fn subjects(&self) -> Vec<(&str, u64)> {
        let mut kinds: Vec<(&str, BTreeSet<&str>)> = Vec::new();
        for group in &self.groups {
            let per = group.shown.per.as_str();
            let subjects = group.findings.iter().map(|f| f.subject.as_str()).filter(|name| *name != NOBODY);
            match kinds.iter_mut().find(|(kind, _)| *kind == per) {
                Some((_, known)) => known.extend(subjects),
                None => kinds.push((per, subjects.collect())),
            }
        }
        kinds.into_iter().map(|(kind, known)| (kind, known.len() as u64)).collect()
    }

    /// The group of a condition.
    pub(crate) fn group(&self, pack: &str, condition: &str) -> Option<&Group<'a>> {
        self.groups.iter().find(|group| name_of(&group.shown) == (pack, condition))
    }

    /// The packs in the order of the conditions: id, title, status.
    pub(crate) fn packs(&self) -> Vec<&ConditionShown> {
        let mut packs: Vec<&ConditionShown> = Vec::new();
        for group in &self.groups {
            if packs.iter().all(|known| known.pack != group.shown.pack) {
                packs.push(&group.shown);
            }
        }
        packs
    }
}

/// A condition's pack and name.
type Name<'a> = (&'a str, &'a str);

fn name_of(shown: &ConditionShown) -> Name<'_> {
    (&shown.pack, &shown.condition)
}

fn bare(finding: &Finding) -> ConditionShown {
    ConditionShown {
        pack: finding.pack.clone(),
        pack_title: finding.pack.clone(),
        pack_status: finding.pack_status.clone(),
        condition: finding.condition.clone(),
        title: finding.condition.clone(),
        per: "subject".to_owned(),
        form: FormShown { form: finding.form, target: None, unit: String::new() },
        references: Vec::new(),
        lawfulness: None,
        grants: None,
        readings: Vec::new(),
    }
}

impl<'a> Group<'a> {
    fn new(shown: Cow<'a, ConditionShown>, findings: Vec<&'a Finding>) -> Self {
        let measure = measure(&shown.form);
        let target = shown.form.target.as_ref().map(|target| &target.threshold);
        let values = findings.iter().flat_map(|f| values_of(f)).chain(target);
        Self {
            scale: Scale::over(&measure, values),
            range: Tally::of(findings.iter().map(|f| f.verdict)),
            legal: Tally::of(findings.iter().map(|f| f.legal)),
            measure,
            findings,
            shown,
        }
    }

    /// Operator and threshold, when one pair holds for every finding of the group.
    pub(crate) fn target(&self) -> Option<(Operator, Exact)> {
        if let Some(target) = &self.shown.form.target {
            return Some((target.operator, target.threshold.clone()));
        }
        let mut targets =
            self.findings.iter().filter(|f| f.verdict != Verdict::NotApplicable).map(|f| target(f));
        let first = targets.next()??;
        targets.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }

    /// What the condition asks for, in a few words; nothing when it depends on the subject's date.
    pub(crate) fn asked(&self) -> Option<String> {
        if let Some(words) = crate::words::asked_of_rows(self.shown.form.form) {
            return Some(words.to_owned());
        }
        self.target().map(|(operator, threshold)| self.measure.asked(operator, &threshold))
    }

    /// Whether values are drawn on a scale.
    pub(crate) fn is_drawn(&self) -> bool {
        matches!(
            self.shown.form.form,
            Form::Share
                | Form::Total
                | Form::Count
                | Form::Ratio
                | Form::Concentration
                | Form::NOf
                | Form::Score
        )
    }

    /// Whether the scale is the plain one, from 0 to 100 %.
    pub(crate) fn is_zero_to_hundred(&self) -> bool {
        self.measure == Measure::Percent && self.scale.from.is_zero() && self.scale.to == Exact::one()
    }

    /// Whether there is one finding only.
    pub(crate) fn is_single(&self) -> bool {
        self.findings.len() == 1
    }

    /// Why findings have no verdict, or none about their subject, counted.
    pub(crate) fn reasons(&self) -> BTreeMap<Reason, u64> {
        let mut counted: BTreeMap<Reason, u64> = BTreeMap::new();
        for reason in self.findings.iter().filter_map(|finding| finding.reason) {
            *counted.entry(reason).or_default() += 1;
        }
        counted
    }

    /// The part of the scale where the findings of the group lie.
    pub(crate) fn window(&self) -> Scale {
        let values: Vec<&Exact> = self.findings.iter().flat_map(|finding| values_of(finding)).collect();
        self.scale.around(values)
    }

    /// The finding that falls short the most, of those that are not met.
    pub(crate) fn worst(&self) -> Option<&'a Finding> {
        let failing = self.findings.iter().filter(|f| f.verdict == Verdict::NotMet);
        failing
            .filter_map(|f| Some((gap(f)?, *f)))
            .reduce(|a, b| if b.0 > a.0 { b } else { a })
            .map(|(_, f)| f)
    }

    /// The decided finding that stands nearest to its threshold, on either side.
    pub(crate) fn closest(&self) -> Option<&'a Finding> {
        let decided = self.findings.iter().filter(|f| f.verdict.is_decided());
        decided
            .filter_map(|f| Some((gap(f)?, *f)))
            .reduce(|a, b| if b.0 < a.0 { b } else { a })
            .map(|(_, f)| f)
    }
}

/// How the values of a form are written.
pub(crate) fn measure(form: &FormShown) -> Measure {
    measure_in(form.form, &form.unit)
}

/// The same where nobody says in which unit.
pub(crate) fn bare_measure(form: Form) -> Measure {
    let unit = match form {
        Form::NOf => "members",
        Form::Score => "points",
        _ => "",
    };
    measure_in(form, unit)
}

fn measure_in(form: Form, unit: &str) -> Measure {
    match form {
        Form::Concentration => Measure::Index,
        form if form.is_share() => Measure::Percent,
        _ => Measure::Amount(unit.to_owned()),
    }
}

fn values_of(finding: &Finding) -> impl Iterator<Item = &Exact> {
    let ends = [finding.bounds.as_ref(), finding.legal_bounds.as_ref()].into_iter().flatten();
    let ends = ends.flat_map(|bounds| [&bounds.lower, &bounds.upper]).filter_map(|end| end.value.as_ref());
    ends.chain(&finding.threshold)
}

/// What a finding's value is compared with; forms over rows compare with no row, or with one.
pub(crate) fn target(finding: &Finding) -> Option<(Operator, Exact)> {
    match finding.form {
        Form::Every | Form::None => Some((Operator::AtMost, Exact::zero())),
        Form::Any => Some((Operator::AtLeast, Exact::one())),
        _ => Some((finding.operator?, finding.threshold.clone()?)),
    }
}

/// How far the interval lies from the threshold; zero when it holds it.
pub(crate) fn gap(finding: &Finding) -> Option<Exact> {
    let (_, threshold) = target(finding)?;
    let bounds = finding.bounds.as_ref()?;
    let below = bounds.upper.value.as_ref().filter(|upper| **upper < threshold);
    let above = bounds.lower.value.as_ref().filter(|lower| **lower > threshold);
    Some(match (below, above) {
        (Some(upper), _) => &threshold - upper,
        (_, Some(lower)) => lower - &threshold,
        (None, None) => Exact::zero(),
    })
}

/// The value that is proven: the least when more is asked for, the greatest when less is.
/// Nothing when that side is unlimited or nothing was computed.
pub(crate) fn proven(finding: &Finding) -> Option<&Exact> {
    let bounds: &Bounds = finding.bounds.as_ref()?;
    let wants_more = target(finding).is_none_or(|(operator, _)| operator.wants_more());
    if wants_more { bounds.lower.value.as_ref() } else { bounds.upper.value.as_ref() }
}
