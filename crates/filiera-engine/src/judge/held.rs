use std::cmp::Ordering;
use std::collections::BTreeMap;

use filiera_model::{Bounds, End, Exact, Mark, Quality};
use filiera_ownership::{Below, Metric, Party, Tier};
use filiera_packs::{Attribution, AttributionBelow, Form, Weigh};
use filiera_tables::Population;

use super::forms::{Case, Valued};
use super::outcome::JudgedRow;

/// What a form adds up over `holdings`: the capital or the votes that a set of owners has, each once
/// however many ways lead to it.
#[derive(Clone, Copy)]
pub(crate) struct HeldForm<'a> {
    pub(crate) metric: Metric,
    pub(crate) attribution: Option<&'a Attribution>,
}

/// The form, when it adds shares or votes of holdings up.
pub(crate) fn held_form(form: &Form, population: Population) -> Option<HeldForm<'_>> {
    let (weigh, attribution) = match form {
        Form::Total(sum) => (&sum.weigh.value, &sum.attribution),
        _ => return None,
    };
    let metric = match weigh {
        Weigh::Column(column) if column == "share" => Metric::Equity,
        Weigh::Column(column) if column == "votes" => Metric::Votes,
        _ => return None,
    };
    let attribution = attribution.as_ref();
    (population == Population::Holdings).then_some(HeldForm { metric, attribution })
}

/// The part of a company that the marked owners hold together, or where the form tells them apart by a
/// column, that those of the value hold who hold most. The remark names the value that does for certain.
pub(crate) fn held(case: &Case<'_>, form: HeldForm<'_>, judged: &[JudgedRow]) -> Valued {
    let Some(by) = case.leaf.by.as_deref() else {
        return Valued { bounds: Some(together(case, form, judged)), reason: None, remark: None };
    };
    let value = |row: &JudgedRow| case.rows.columns.display(by, row.row as usize);
    let counts = |row: &&JudgedRow| row.scope != Mark::No && !row.marked.most.is_zero();
    let mut values: Vec<Option<String>> = judged.iter().filter(counts).map(value).collect();
    values.sort_unstable();
    values.dedup();
    // Who has no value may be of any one of them, and of none of them.
    let parts = values.into_iter().map(|one| {
        let is_other = |row: &JudgedRow| value(row).is_some_and(|other| Some(other) != one);
        let own: Vec<JudgedRow> = judged.iter().map(|row| apart(row, is_other(row), &value(row))).collect();
        (one, together(case, form, &own))
    });
    let mut parts: Vec<(Option<String>, Bounds)> = parts.collect();
    let name = heaviest(&parts);
    let greatest = parts.drain(..).map(|(_, bounds)| bounds).reduce(greater);
    let remark = name.map(|name| format!("the greatest part is that of `{name}`"));
    Valued { bounds: Some(greatest.unwrap_or(Bounds::exactly(Exact::zero()))), reason: None, remark }
}

/// The row as it counts for one value: not at all when it has another, perhaps when it has none.
fn apart(row: &JudgedRow, is_other: bool, value: &Option<String>) -> JudgedRow {
    let mut row = row.clone();
    if is_other {
        row.marked = Mark::No.into();
    } else if value.is_none() {
        row.marked.least = Exact::zero();
    }
    row
}

/// The value whose part no other can exceed.
pub(super) fn heaviest(parts: &[(Option<String>, Bounds)]) -> Option<String> {
    let least = |bounds: &Bounds| bounds.lower.value.clone().unwrap_or_default();
    let (place, (name, first)) =
        parts.iter().enumerate().max_by(|(_, (_, a)), (_, (_, b))| least(a).cmp(&least(b)))?;
    let exceeds = |other: &Bounds| other.upper.value.as_ref().is_none_or(|most| *most > least(first));
    let others = parts.iter().enumerate().filter(|(other, _)| *other != place);
    let alone = others.into_iter().all(|(_, (_, bounds))| !exceeds(bounds));
    name.clone().filter(|_| alone && least(first).is_positive())
}

/// Bounds of the greater of two values.
pub(super) fn greater(a: Bounds, b: Bounds) -> Bounds {
    let end = |a: End, b: End| match a.value.cmp(&b.value) {
        _ if a.value.is_none() || b.value.is_none() => End::unlimited(),
        Ordering::Equal => End { open: a.open && b.open, ..a },
        Ordering::Greater => a,
        Ordering::Less => b,
    };
    let quality = if a.lower == a.upper && b.lower == b.upper { Quality::Exact } else { Quality::Sound };
    Bounds { lower: end(a.lower, b.lower), upper: end(a.upper, b.upper), quality }
}

/// What the marked owners hold together: never the sum of their holdings, which overlap. What is not
/// listed may be theirs, as far as its row is marked so. Of several companies the parts are added up.
fn together(case: &Case<'_>, form: HeldForm<'_>, judged: &[JudgedRow]) -> Bounds {
    let mut companies: BTreeMap<Party, Owners> = BTreeMap::new();
    for row in judged {
        let Some(held) = case.rows.info(row.row).and_then(|info| info.held.as_ref()) else { continue };
        let owners = companies.entry(held.company).or_default();
        // That a holding may be nothing is in its bounds already; only whether it counts matters here.
        let counts = row.marked.mark().and(row.in_scope);
        match held.holder {
            Some(holder) => drop(owners.marks.insert(holder, counts)),
            None => owners.unlisted = counts.and(Mark::Maybe),
        }
    }
    let state = case.ground.ownership.at(case.law.state);
    let parts = companies.iter().map(|(company, owners)| {
        let marks = |party: Party| owners.marks.get(&party).copied().unwrap_or(Mark::No);
        match form.attribution {
            None => state.snapshot.reach(*company, form.metric, &marks, owners.unlisted),
            Some(attribution) => {
                let all = state.snapshot.attributed(form.metric, &tier(attribution), &marks, owners.unlisted);
                all.into_iter().nth(company.place()).unwrap_or_else(anything)
            }
        }
    });
    parts.reduce(plus).unwrap_or(Bounds::exactly(Exact::zero()))
}

struct Owners {
    marks: BTreeMap<Party, Mark>,
    unlisted: Mark,
}

impl Default for Owners {
    fn default() -> Self {
        Self { marks: BTreeMap::new(), unlisted: Mark::No }
    }
}

fn tier(attribution: &Attribution) -> Tier {
    let below = match attribution.below {
        AttributionBelow::Product => Below::Product,
        AttributionBelow::Nothing => Below::Nothing,
    };
    Tier { full_at: attribution.full_at.clone(), below }
}

fn anything() -> Bounds {
    Bounds { lower: End::closed(Exact::zero()), upper: End::closed(Exact::one()), quality: Quality::Sound }
}

fn plus(a: Bounds, b: Bounds) -> Bounds {
    let end = |a: End, b: End| match a.value.zip(b.value) {
        Some((x, y)) => End { value: Some(x + y), open: a.open || b.open },
        None => End::unlimited(),
    };
    Bounds { lower: end(a.lower, b.lower), upper: end(a.upper, b.upper), quality: Quality::Sound }
}
