//! What statements of the kind "directly or through others" say about control.

use filiera_model::{Bounds, End, Exact, Mark, Quality};

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
        let claims = snapshot.claims_of(company).iter().filter(|claim| claim.stake.holds != Mark::No);
        claims.filter_map(|claim| Self::read(snapshot, claim, rule)).collect()
    }

    fn read(snapshot: &Snapshot, claim: &Claim, rule: &ControlRule) -> Option<Self> {
        let stake = &claim.stake;
        let (mut stated, mut may) = (stake.share.clone(), claim.explained);
        let mut stands = stake.holds == Mark::Yes && !is_contested(snapshot, claim);
        if let Some(metric) = metric_of(stake.kind) {
            let totals = snapshot.totals(metric).of_company(stake.company);
            let total = totals.iter().find(|total| total.owner == stake.owner);
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

/// Whether as much is stated of an owner who neither holds the claim's owner nor is held by it, so that
/// both cannot have it alone.
fn is_contested(snapshot: &Snapshot, claim: &Claim) -> bool {
    let Stake { owner, company, kind, share, .. } = &claim.stake;
    let others = snapshot.claims_of(*company).iter().map(|other| &other.stake);
    let mut others = others.filter(|other| other.kind == *kind && other.owner != *owner);
    others.any(|other| {
        let is_too_much = &share.least + &other.share.least > Exact::one();
        let holds = |above, below| snapshot.leads(above, below);
        is_too_much && !holds(*owner, other.owner) && !holds(other.owner, *owner)
    })
}

/// By what those inside surely decide, as it is said of one of them.
pub(crate) fn must(said: &[Said], inside: &dyn Fn(Party) -> bool) -> Option<By> {
    said.iter().find(|one| one.must && inside(one.owner)).map(|one| one.by)
}

/// By what those inside may decide, as it is said of one of them.
pub(crate) fn can(said: &[Said], inside: &dyn Fn(Party) -> bool) -> Option<By> {
    said.iter().find(|one| one.may && inside(one.owner)).map(|one| one.by)
}

/// Votes with what is said of the owners inside: they cast no less than what surely stands of one of
/// them, and may cast more than what is listed.
pub(crate) fn votes(
    said: &[Said],
    listed: Bounds,
    surely: &dyn Fn(Party) -> bool,
    possibly: &dyn Fn(Party) -> bool,
) -> Bounds {
    let mut votes = listed;
    for one in said.iter().filter(|one| possibly(one.owner)) {
        let lower = one.votes.as_ref().filter(|_| one.stands && surely(one.owner));
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
