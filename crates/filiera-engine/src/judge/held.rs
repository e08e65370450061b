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

/// The part of a company that the marked owners hold together: never the sum of their holdings, which
/// overlap. What is not listed may be theirs, as far as its row is marked so. Of several companies the
/// parts are added up.
pub(crate) fn held(case: &Case<'_>, form: HeldForm<'_>, judged: &[JudgedRow]) -> Valued {
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
    let nothing = Bounds::exactly(Exact::zero());
    Valued { bounds: Some(parts.reduce(plus).unwrap_or(nothing)), reason: None, remark: None }
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
