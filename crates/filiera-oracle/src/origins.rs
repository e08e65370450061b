use std::collections::BTreeSet;

use filiera_model::Day;
use num_rational::Ratio;

use crate::scenario::EU;
use crate::{Declaration, Domestic, Evidence, Form, LAND, Land, Origin, Scenario};

/// Every number here: a fraction of small whole numbers.
pub(crate) type Number = Ratio<i128>;

/// Where something comes from: shares that add up to one, each of one country.
pub(crate) type Mixture = Vec<(Number, Land)>;

/// What a declaration may speak for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Item {
    pub(crate) part: usize,
    pub(crate) supplier: Option<usize>,
    pub(crate) lot: Option<u8>,
}

/// Whether a country is domestic.
pub(crate) fn is_domestic(scenario: &Scenario, land: Land) -> bool {
    match &scenario.rule.domestic {
        Domestic::Only(lands) => lands.contains(&land),
        Domestic::Eu => EU.contains(&land),
    }
}

/// The countries that are.
pub(crate) fn domestic(scenario: &Scenario) -> Vec<Land> {
    match &scenario.rule.domestic {
        Domestic::Only(lands) => lands.clone(),
        Domestic::Eu => EU.to_vec(),
    }
}

/// Every mixture that `item` may be, as the papers valid on `day` have it.
pub(crate) fn mixtures(scenario: &Scenario, item: Item, day: Day) -> BTreeSet<Mixture> {
    let mut papers: Vec<&Declaration> =
        scenario.declarations.iter().filter(|paper| speaks(scenario, paper, item, day)).collect();
    let all = papers.clone();
    papers.retain(|paper| !all.iter().any(|other| supersedes(other, paper)));
    // Whoever knows the lot takes the lot's papers; who does not cannot tell which ones hold.
    if item.lot.is_some() && papers.iter().any(|paper| paper.lot.is_some()) {
        papers.retain(|paper| paper.lot.is_some());
    }
    let (apportioned, whole): (Vec<&Declaration>, Vec<&Declaration>) =
        papers.iter().partition(|paper| paper.share.is_some());
    let mut found = BTreeSet::new();
    for paper in whole {
        found.extend(lands(scenario, &paper.origin).into_iter().map(|land| vec![(Number::from(1), land)]));
    }
    let documents: BTreeSet<_> = apportioned.iter().map(|paper| (paper.supplier, paper.document)).collect();
    for document in documents {
        let rows = apportioned.iter().filter(|paper| (paper.supplier, paper.document) == document);
        found.extend(shared_out(scenario, &rows.copied().collect::<Vec<_>>()));
    }
    if found.is_empty() {
        found.extend(lands(scenario, &Origin::Unknown).into_iter().map(|land| vec![(Number::from(1), land)]));
    }
    found
}

/// Whether a paper is accepted, speaks for the item, was signed in time and is valid on the day.
fn speaks(scenario: &Scenario, paper: &Declaration, item: Item, day: Day) -> bool {
    let same_supplier =
        paper.supplier.is_none() || item.supplier.is_none() || paper.supplier == item.supplier;
    let same_lot = paper.lot.is_none() || item.lot.is_none() || paper.lot == item.lot;
    let bases = scenario.rule.bases.as_ref();
    let is_accepted = bases.is_none_or(|bases| paper.basis.is_some_and(|basis| bases.contains(&basis)));
    let is_declared = paper.evidence.unwrap_or(Evidence::Declared) == Evidence::Declared;
    paper.part == item.part
        && same_supplier
        && same_lot
        && is_accepted
        && is_declared
        && paper.signed_on.is_none_or(|signed| signed <= scenario.facts_as_of)
        && paper.valid_from.is_none_or(|from| from <= day)
        && paper.valid_to.is_none_or(|to| day <= to)
}

/// A later signature of the same part, lot, supplier and basis.
fn supersedes(later: &Declaration, paper: &Declaration) -> bool {
    let series = |paper: &Declaration| (paper.part, paper.lot, paper.supplier, paper.basis);
    series(later) == series(paper) && paper.signed_on.is_some() && later.signed_on > paper.signed_on
}

/// What the rows of one document make together; what is missing to the whole may be anything.
fn shared_out(scenario: &Scenario, rows: &[&Declaration]) -> BTreeSet<Mixture> {
    let mut parts: Vec<(i64, Vec<Land>)> =
        rows.iter().map(|row| (row.share.unwrap_or_default(), lands(scenario, &row.origin))).collect();
    let rest = 100 - parts.iter().map(|(share, _)| share).sum::<i64>();
    if rest > 0 {
        parts.push((rest, lands(scenario, &Origin::Unknown)));
    }
    let mut all: Vec<Mixture> = vec![Vec::new()];
    for (share, lands) in parts {
        let share = Number::new(i128::from(share), 100);
        let longer = |mixture: &Mixture, land: Land| {
            let mut longer = mixture.clone();
            match longer.iter_mut().find(|(_, known)| *known == land) {
                Some((so_far, _)) => *so_far += share,
                None => longer.push((share, land)),
            }
            longer.sort_by_key(|(_, land)| *land);
            longer
        };
        all = all.iter().flat_map(|mixture| lands.iter().map(|land| longer(mixture, land))).collect();
    }
    all.into_iter().collect()
}

/// The countries to try: two that differ where a rule only asks whether they are domestic.
pub(crate) fn lands(scenario: &Scenario, origin: &Origin) -> Vec<Land> {
    match origin {
        Origin::OneOf(lands) => lands.clone(),
        Origin::Eu => EU.to_vec(),
        Origin::Unknown if !tells_countries(scenario) => vec!["IT", "CN"],
        Origin::Unknown => LAND.into_iter().chain(["FR", "JP"]).collect(),
    }
}

/// Whether it matters which country something comes from, beyond whether it is domestic.
fn tells_countries(scenario: &Scenario) -> bool {
    matches!(
        scenario.rule.form,
        Form::WorstCountry { .. } | Form::GreatestPart { .. } | Form::Concentration { .. }
    )
}
