use filiera_model::{Bounds, Country, CountrySet, End, Exact, Mark, Quality};
use filiera_packs::Share;

use super::forms::{Case, Valued};
use super::outcome::JudgedRow;

/// The share of every country that any row may come from; the worst for the operator is the value,
/// and the remark names it.
///
/// The worst share lies between the worst lower and the worst upper bound of all countries. Where
/// origins or weights are open, the least worst share may lie higher than that: no row can come from
/// none of the countries. So the bounds are sound only, unless they are one value.
pub(crate) fn worst_country(
    case: &Case<'_>,
    share: &Share,
    judged: &[JudgedRow],
    closure: Option<bool>,
) -> Valued {
    let countries = countries(judged);
    let mut worst: Option<(Option<Country>, Valued)> = None;
    let asked = countries.iter().map(Some).chain(countries.is_empty().then_some(None));
    for country in asked {
        let valued = case.share(share, &of_country(judged, country, closure));
        worst = Some(match worst {
            None => (country, valued),
            Some((name, so_far)) => join(case, (name, so_far), (country, valued)),
        });
    }
    let Some((country, mut valued)) = worst else {
        return Valued { bounds: None, reason: None, remark: None };
    };
    if let Some(bounds) = valued.bounds.as_mut().filter(|bounds| bounds.lower != bounds.upper) {
        bounds.quality = Quality::Sound;
    }
    valued.remark =
        country.map(|country| format!("the country that decides is {country} ({})", country.name()));
    valued
}

fn countries(judged: &[JudgedRow]) -> CountrySet {
    let origins = judged.iter().filter_map(|row| row.origin.as_ref());
    let parts = origins.flat_map(|origin| &origin.claims).flat_map(|claim| &claim.parts);
    parts.flat_map(|(_, candidates)| candidates.list()).flatten().collect()
}

/// The rows marked by whether they come from `country` (nothing: from some country not named), what
/// is open about that settled by the law's closure if it has one.
fn of_country(judged: &[JudgedRow], country: Option<Country>, closure: Option<bool>) -> Vec<JudgedRow> {
    let mut rows = judged.to_vec();
    for row in &mut rows {
        let Some(origin) = &row.origin else { continue };
        row.marked = origin.fraction(|candidate| match candidate {
            Some(candidate) if Some(candidate) == country => Mark::Yes,
            Some(_) => Mark::No,
            None => Mark::Maybe,
        });
        // What the day would tell is no unknown that the law closes.
        match closure.filter(|_| !origin.depends_on_day) {
            Some(true) => row.marked.least = row.marked.most.clone(),
            Some(false) => row.marked.most = row.marked.least.clone(),
            None => {}
        }
    }
    rows
}

type Named = (Option<Country>, Valued);

/// The more extreme end on either side; named after the country whose bounds are more extreme.
fn join(case: &Case<'_>, a: Named, b: Named) -> Named {
    let wants_more = case.bound.operator().is_some_and(|operator| operator.wants_more());
    let (Some(x), Some(y)) = (a.1.bounds.clone(), b.1.bounds.clone()) else {
        return if a.1.bounds.is_some() { a } else { b };
    };
    let beyond = |x: &Option<Exact>, y: &Option<Exact>| if wants_more { x < y } else { x > y };
    let takes_b = beyond(&y.upper.value, &x.upper.value)
        || (y.upper.value == x.upper.value && beyond(&y.lower.value, &x.lower.value));
    let worst = |x: End, y: End| match (beyond(&y.value, &x.value), x.value == y.value) {
        (_, true) => End { open: x.open && y.open, ..x },
        (true, false) => y,
        (false, false) => x,
    };
    let (lower, upper) = (worst(x.lower, y.lower), worst(x.upper, y.upper));
    let quality = x.quality.max(y.quality);
    let (name, reason) =
        if takes_b { (b.0, b.1.reason.or(a.1.reason)) } else { (a.0, a.1.reason.or(b.1.reason)) };
    (name, Valued { bounds: Some(Bounds { lower, upper, quality }), reason, remark: None })
}
