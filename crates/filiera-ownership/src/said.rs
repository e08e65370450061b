//! What statements of the kind "directly or through others" say about control.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use filiera_model::{Bounds, End, Exact, Mark, Quality};

use crate::coalition::Coalition;
use crate::snapshot::Claim;
use crate::totals::{Says, metric_of};
use crate::{Band, By, ControlRule, Kind, Party, Snapshot, Stake};

/// A say in one company that is stated of an owner, however it is held, and that the listed stakes do not
/// show by themselves.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub owner: Party,
    pub by: By,
    /// The part of the votes, where it is one.
    votes: Option<Band>,
    /// Whether it may be control.
    may: bool,
    /// Whether it is control for certain.
    must: bool,
    /// Whether it is true for certain.
    stands: bool,
}

impl Said {
    /// What is said of a company that can be control under a rule, or is a part of its votes.
    ///
    /// Votes above the threshold are control, whoever casts them for the owner. A part of the capital is
    /// not, because it may be a part of many parts: only the whole of it is, as nobody else has any. What
    /// others contradict, or what may not be in force, decides nothing alone; nor does what is stated of
    /// somebody else too, who has nothing to do with the owner: the two may hold it jointly.
    pub fn of(snapshot: &Snapshot, company: Party, rule: &ControlRule) -> Vec<Self> {
        let claims = snapshot.claims_of(company);
        let rivals = Rivals::of(claims);
        let claims = claims.iter().filter(|claim| claim.stake.holds != Mark::No);
        claims.filter_map(|claim| Self::read(snapshot, claim, &rivals, rule)).collect()
    }

    fn read(snapshot: &Snapshot, claim: &Claim, rivals: &Rivals<'_>, rule: &ControlRule) -> Option<Self> {
        let stake = &claim.stake;
        let (mut stated, mut may) = (stake.share.clone(), claim.explained);
        let mut stands = stake.holds == Mark::Yes && !rivals.contest(snapshot, &claim.stake);
        if let Some(metric) = metric_of(stake.kind) {
            let totals = snapshot.totals(metric).of_company(stake.company);
            let place = totals.binary_search_by_key(&stake.owner, |total| total.owner).ok();
            let total = place.and_then(|place| totals.get(place));
            let says = total.map_or(&Says::Fits, |total| &total.says);
            may = *says != Says::Fits;
            stands &= matches!(says, Says::Fits | Says::More(_));
            stated = total.map_or(stated, |total| total.stated.clone());
        }
        let least = End { value: Some(stated.least.clone()), open: stated.least_open };
        let most = End { value: Some(stated.most.clone()), open: stated.most_open };
        let (by, enough) = match stake.kind {
            Kind::Shares => (By::Votes, stated.least >= Exact::one()),
            Kind::Votes => (By::Votes, rule.passes_above(&least)),
            Kind::Board => (By::Board, rule.passes_above(&least)),
            Kind::Contract => (By::Contract, rule.passes_above(&least)),
            Kind::Veto => return None,
        };
        let must = stands && enough && rule.counts(by);
        let may = must || (may && rule.counts(by) && rule.passes_up_to(&most));
        let is_votes = stake.kind == Kind::Votes || (must && by == By::Votes);
        let votes = is_votes.then_some(stated);
        (may || is_votes).then_some(Self { owner: stake.owner, by, votes, may, must, stands })
    }
}

/// The claims about one company by kind, those of most in front.
struct Rivals<'a>(BTreeMap<Kind, Vec<&'a Stake>>);

impl<'a> Rivals<'a> {
    fn of(claims: &'a [Claim]) -> Self {
        let mut of: BTreeMap<Kind, Vec<&'a Stake>> = BTreeMap::new();
        claims.iter().for_each(|claim| of.entry(claim.stake.kind).or_default().push(&claim.stake));
        let rank = |stake: &Stake| (stake.share.least.clone(), stake.share.least_open);
        of.values_mut().for_each(|all| all.sort_by_cached_key(|stake| Reverse(rank(stake))));
        Self(of)
    }

    /// Whether as much is stated of an owner who neither holds the claim's owner nor is held by it, so that
    /// both cannot have it alone.
    fn contest(&self, snapshot: &Snapshot, claim: &Stake) -> bool {
        let is_too_much = |other: &&&Stake| {
            let sum = &claim.share.least + &other.share.least;
            let is_open = claim.share.least_open || other.share.least_open;
            sum > Exact::one() || (sum == Exact::one() && is_open)
        };
        let others = self.0.get(&claim.kind).into_iter().flatten().take_while(is_too_much);
        let mut others = others.map(|other| other.owner).filter(|other| *other != claim.owner);
        others.any(|other| !snapshot.leads(claim.owner, other) && !snapshot.leads(other, claim.owner))
    }
}

/// What is said of the members of a coalition.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sayings {
    /// The first that is control for certain, and the first that may be, among all that is said of the
    /// company.
    must: Option<usize>,
    may: Option<usize>,
}

impl Sayings {
    /// Takes in what is said of one party; `said` is sorted by owner.
    pub fn add(&mut self, said: &[Said], party: Party) {
        for (place, one) in of(said, party) {
            let first = |known: Option<usize>| Some(known.map_or(place, |known| known.min(place)));
            if one.must {
                self.must = first(self.must);
            }
            if one.may {
                self.may = first(self.may);
            }
        }
    }

    /// By what the coalition surely decides, as it is said of one of its members.
    pub fn must(&self, said: &[Said]) -> Option<By> {
        said.get(self.must?).map(|one| one.by)
    }

    /// By what the coalition may decide, as it is said of one of its members.
    pub fn can(&self, said: &[Said]) -> Option<By> {
        said.get(self.may?).map(|one| one.by)
    }
}

/// What is said of one owner, with its places.
fn of(said: &[Said], owner: Party) -> impl Iterator<Item = (usize, &Said)> {
    let start = said.partition_point(|one| one.owner < owner);
    let own = said.get(start..).unwrap_or_default();
    (start..).zip(own).take_while(move |(_, one)| one.owner == owner)
}

/// Votes with what is said of the owners inside: they cast no less than what surely stands of one of
/// them, and may cast more than what is listed.
pub(crate) fn votes(
    said: &[Said],
    listed: Bounds,
    surely: &Coalition<'_>,
    possibly: &Coalition<'_>,
) -> Bounds {
    let mut votes = listed;
    for one in said.iter().filter(|one| possibly.has(one.owner)) {
        let lower = one.votes.as_ref().filter(|_| one.stands && surely.has(one.owner));
        if let Some(band) = lower.filter(|band| votes.lower.value.as_ref() < Some(&band.least)) {
            votes.lower = End { value: Some(band.least.clone()), open: band.least_open };
            votes.quality = Quality::Sound;
        }
        let most = one.votes.as_ref().map_or_else(Exact::one, |band| band.most.clone());
        if one.may && votes.upper.value.as_ref().is_some_and(|upper| *upper < most) {
            votes = Bounds { upper: End::closed(most), quality: Quality::Sound, ..votes };
        }
    }
    votes
}
