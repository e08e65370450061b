use std::collections::BTreeMap;

use filiera_finding::Reason;
use filiera_model::{Bounds, End, Exact, Quality, Verdict};
use filiera_packs::Form;

use super::outcome::Outcome;
use crate::bind::BoundCondition;
use crate::subjects::Subjects;

/// What was found so far: pack and condition, then subject.
pub(crate) type Judgements = BTreeMap<(String, String), BTreeMap<String, Outcome>>;

/// Judges every subject under a condition made of others, which were judged before.
pub(crate) fn judge_composition(
    bound: &BoundCondition,
    subjects: &Subjects,
    judgements: &Judgements,
) -> Vec<Outcome> {
    (0..subjects.len()).map(|subject| compose(bound, subjects, subject, judgements)).collect()
}

/// The same for one subject.
pub(crate) fn compose(
    bound: &BoundCondition,
    subjects: &Subjects,
    subject: usize,
    judgements: &Judgements,
) -> Outcome {
    let members: Vec<Member<'_>> = bound
        .condition
        .form
        .members()
        .iter()
        .map(|member| {
            let (pack, name) = bound.member(&member.value);
            let via = bound.condition.via.get(&member.value.condition).map(|column| column.value.as_str());
            find(subjects, subject, judgements, (pack, name), via)
        })
        .collect();
    let verdicts = |of: fn(&Outcome) -> Verdict| {
        let members = members.iter().map(move |member| member.outcome.map_or(Verdict::Undetermined, of));
        combined(&bound.condition.form, members)
    };
    let verdict = verdicts(|outcome| outcome.verdict);
    let mut outcome = Outcome::without_value(verdict, Reason::NoMemberApplies);
    outcome.legal = verdicts(|outcome| outcome.legal);
    if let Form::NOf(of) = &bound.condition.form {
        count_members(&mut outcome, of.at_least.value, &members);
    }
    outcome.reason = (verdict == Verdict::NotApplicable).then_some(Reason::NoMemberApplies);
    let deciding = members.iter().filter(|member| member.decides(verdict, &bound.condition.form));
    outcome.members = deciding.clone().map(|member| member.name.clone()).collect();
    let open = members.iter().filter(|member| member.verdict() == Verdict::Undetermined);
    outcome.missing = super::outcome::unique(open.flat_map(Member::missing).collect());
    let days: Vec<_> = members.iter().filter_map(|member| member.outcome?.on).collect();
    outcome.on = days.first().copied().filter(|first| days.iter().all(|day| day == first));
    outcome
}

/// What the verdicts of members make together.
pub(crate) fn combined(form: &Form, members: impl Iterator<Item = Verdict>) -> Verdict {
    match form {
        Form::AnyOf(_) => Verdict::any(members),
        Form::NOf(of) => Verdict::at_least(of.at_least.value, members),
        Form::Not(_) => !Verdict::all(members),
        _ => Verdict::all(members),
    }
}

/// The number of members met, between those surely and those possibly met, beside the number needed.
fn count_members(outcome: &mut Outcome, needed: usize, members: &[Member<'_>]) {
    let bounds = |of: fn(&Outcome) -> Verdict| {
        let is = |member: &Member<'_>, verdict| member.outcome.map_or(Verdict::Undetermined, of) == verdict;
        let number = |verdict| members.iter().filter(|member| is(member, verdict)).count();
        let (met, open) = (number(Verdict::Met), number(Verdict::Undetermined));
        let applies = number(Verdict::NotApplicable) < members.len();
        let quality = if open == 0 { Quality::Exact } else { Quality::Sound };
        let end = |value| End::closed(Exact::from_int(value));
        applies.then(|| Bounds { lower: end(met), upper: end(met + open), quality })
    };
    outcome.bounds = bounds(|outcome| outcome.verdict);
    outcome.legal_bounds = bounds(|outcome| outcome.legal);
    outcome.threshold = Some(Exact::from_int(needed));
    let dropped = members.iter().filter(|member| member.verdict() == Verdict::NotApplicable);
    let dropped: Vec<&str> = dropped.map(|member| member.name.as_str()).collect();
    if !dropped.is_empty() && outcome.bounds.is_some() {
        let (left, all) = (members.len() - dropped.len(), members.len());
        let names = dropped.join(", ");
        outcome.remarks.push(format!(
            "{left} of {all} members apply, and {needed} must be met all the same; not applicable: {names}"
        ));
    }
}

struct Member<'a> {
    /// `condition`, or `condition@subject` when it judges another subject.
    name: String,
    outcome: Option<&'a Outcome>,
    /// What is missing when there is no outcome: the finding, or the cell that names its subject.
    missing: String,
}

impl Member<'_> {
    fn verdict(&self) -> Verdict {
        self.outcome.map_or(Verdict::Undetermined, |outcome| outcome.verdict)
    }

    /// Whether the composition's verdict comes from this member.
    fn decides(&self, whole: Verdict, form: &Form) -> bool {
        let own = if matches!(form, Form::Not(_)) { !self.verdict() } else { self.verdict() };
        own == whole && whole != Verdict::NotApplicable
    }

    fn missing(&self) -> Vec<String> {
        match self.outcome {
            Some(outcome) => outcome.missing.clone(),
            None => vec![self.missing.clone()],
        }
    }
}

fn find<'a>(
    subjects: &Subjects,
    subject: usize,
    judgements: &'a Judgements,
    (pack, condition): (&str, &str),
    via: Option<&str>,
) -> Member<'a> {
    let found = judgements.get(&(pack.to_owned(), condition.to_owned()));
    let own = subjects.names.get(subject).map(String::as_str).unwrap_or_default();
    let member = |name: String, of: &str| Member {
        missing: format!("finding:{name}"),
        outcome: found.and_then(|all| all.get(of)),
        name,
    };
    let Some(column) = via else { return member(condition.to_owned(), own) };
    match subjects.columns.text(column, subject) {
        Some(other) => member(format!("{condition}@{other}"), other),
        None => Member { name: format!("{condition}@?"), outcome: None, missing: format!("{column}:{own}") },
    }
}
