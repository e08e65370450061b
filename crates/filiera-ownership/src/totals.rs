//! What statements say of the total that an owner has of a company, directly and through others.

use std::collections::BTreeMap;

use filiera_model::{Exact, Mark};

use crate::chain::{Chain, Target, Value};
use crate::knapsack::Side;
use crate::snapshot::{Claim, Snapshot};
use crate::{Band, Kind, Matrix, Metric, Party, Remark, Stake, State};

/// The stated totals of one metric, by company. Each bounds what chains give its owner.
#[derive(Clone, Debug, Default)]
pub(crate) struct Totals {
    of: BTreeMap<Party, Vec<Total>>,
    remarks: Vec<Remark>,
}

/// One stated total.
#[derive(Clone, Debug)]
pub(crate) struct Total {
    pub owner: Party,
    pub stated: Band,
    pub says: Says,
    /// Whether what is stated is also the most; a total of votes may leave out what no majority brings.
    is_most: bool,
}

/// A stated total beside what the listed stakes make of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    /// They can be all of it.
    Fits,
    /// They are less: up to so much comes in ways that are not listed.
    More(Exact),
    /// The statement may not be in force; if it is, up to so much comes in ways that are not listed.
    Perhaps(Exact),
    /// They are more: one of the statements is wrong.
    TooLittle,
    /// They are less, whatever is not listed: one of the statements is wrong, and so much is between them.
    TooMuch(Exact),
}

impl Totals {
    /// The totals that claims state, judged one after the other, owners before what they own.
    pub fn of(snapshot: &Snapshot, matrix: &Matrix, chain: &Chain, metric: Metric) -> Self {
        let claims = snapshot.claims().iter().filter(|claim| claim.stake.kind == metric.kind());
        let mut claims: Vec<&Claim> = claims.filter(|claim| claim.stake.holds != Mark::No).collect();
        let order = |claim: &Claim| chain.components().of(claim.stake.company.0);
        claims.sort_by_key(|claim| (order(claim), claim.stake.company, claim.stake.owner));
        let mut totals = Self::default();
        let pair = |claim: &Claim| (claim.stake.company, claim.stake.owner);
        for claims in claims.chunk_by(|one, other| pair(one) == pair(other)) {
            totals.add(snapshot, matrix, chain, metric, claims);
        }
        totals
    }

    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Statements that contradict each other.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// The totals of a company.
    pub fn of_company(&self, company: Party) -> &[Total] {
        self.of.get(&company).map_or(&[], Vec::as_slice)
    }

    /// The value of a company, within what is stated.
    pub fn bound(&self, company: Party, value: Value, target: Target<'_>, side: Side) -> Value {
        let totals = self.of_company(company).iter().filter(|total| target.has(total.owner, side));
        totals.fold(value, |value, total| total.bound(value, target.only == Some(total.owner), side))
    }

    /// The members of a core of whom something better is stated than these values, with it.
    pub fn firm(
        &self,
        members: &[Party],
        values: &[Value],
        target: Target<'_>,
        side: Side,
    ) -> Option<Vec<(Party, Value)>> {
        if self.is_empty() {
            return None;
        }
        let firm = members.iter().zip(values).filter_map(|(member, value)| {
            let better = self.bound(*member, value.clone(), target, side);
            // Above what the core gives it, a member would get some of it back.
            let is_raised = side == Side::Most && better.share > value.share && target.only.is_none();
            let share = if is_raised { Exact::one() } else { better.share.clone() };
            (better != *value).then_some((*member, Value { share, ..better }))
        });
        let firm: Vec<(Party, Value)> = firm.collect();
        (!firm.is_empty()).then_some(firm)
    }

    fn add(
        &mut self,
        snapshot: &Snapshot,
        matrix: &Matrix,
        chain: &Chain,
        metric: Metric,
        claims: &[&Claim],
    ) {
        let Some(Stake { owner, company, .. }) = claims.first().map(|claim| &claim.stake) else { return };
        if matrix.state(*company) == State::Conflict {
            return;
        }
        let stated = stated(snapshot, claims);
        let is_most = metric == Metric::Equity;
        let found = if stands(snapshot, matrix, claims, &stated) {
            None
        } else {
            Some(self.found(snapshot, matrix, chain, *owner, *company))
        };
        let in_force = claims.iter().all(|claim| claim.stake.holds == Mark::Yes);
        let says = found.as_ref().map_or(Says::Fits, |found| found.says(&stated, in_force, is_most));
        let stated = match (&says, &found) {
            (Says::More(_), Some(found)) => stated.meet(&found.possible()),
            (Says::TooLittle | Says::TooMuch(_), Some(found)) if is_most => {
                let rows = claims.iter().flat_map(|claim| claim.stake.rows.iter().copied()).collect();
                let (owner, company, found) = (*owner, *company, found.possible());
                self.remarks.push(Remark::Contradicted {
                    owner,
                    company,
                    rows,
                    stated: stated.clone(),
                    found,
                });
                stated
            }
            _ => stated,
        };
        if stated != Band::anything() || says != Says::Fits {
            let total = Total { owner: *owner, stated, says, is_most };
            self.of.entry(*company).or_default().push(total);
        }
    }

    /// What listed stakes, and the totals known so far, make of one owner's part.
    fn found(
        &self,
        snapshot: &Snapshot,
        matrix: &Matrix,
        chain: &Chain,
        owner: Party,
        company: Party,
    ) -> Found {
        let above = chain.above(matrix, company);
        let value =
            |target, side| chain.values(matrix, self, above.iter().copied(), target, side).get(company);
        let alone = |party| if party == owner { Mark::Yes } else { Mark::No };
        let listed = Target { only: Some(owner), ..Target::listed(&alone, Mark::No) };
        let may_be_theirs = |party| {
            let hidden = party != company && may_have_owners(snapshot, matrix, party);
            if party == owner { Mark::Yes } else { Mark::from_sql((!hidden).then_some(false)) }
        };
        let with_unlisted = Target::listed(&may_be_theirs, Mark::Maybe);
        Found {
            least: value(listed, Side::Least),
            most: value(listed, Side::Most),
            possible: value(with_unlisted, Side::Most),
        }
    }
}

impl Total {
    fn bound(&self, value: Value, alone: bool, side: Side) -> Value {
        match side {
            Side::Least => self.least(value),
            Side::Most => self.most(value, alone),
        }
    }

    /// A set holds no less than one of its members.
    fn least(&self, value: Value) -> Value {
        let stated = Value { share: self.stated.least.clone(), open: self.stated.least_open, sound: true };
        let is_above = |a: &Value, b: &Value| (&a.share, a.open) > (&b.share, b.open);
        match self.says {
            Says::Fits | Says::More(_) if is_above(&stated, &value) => stated,
            Says::TooLittle if is_above(&value, &stated) => stated,
            _ => value,
        }
    }

    /// An owner alone has no more than is stated; a set may have on top of what is listed what one of its
    /// members has in ways that are not.
    fn most(&self, value: Value, alone: bool) -> Value {
        let stated = Value { share: self.stated.most.clone(), open: self.stated.most_open, sound: true };
        let is_below = |a: &Value, b: &Value| (&a.share, !a.open) < (&b.share, !b.open);
        match &self.says {
            Says::Fits if alone && self.is_most && is_below(&stated, &value) => stated,
            Says::More(_) if alone && self.is_most => stated,
            Says::Perhaps(_) | Says::TooMuch(_) if alone && is_below(&value, &stated) => stated,
            Says::Perhaps(_) | Says::TooMuch(_) if alone => value,
            Says::More(hidden) | Says::Perhaps(hidden) | Says::TooMuch(hidden) => {
                let share = (value.share + hidden.clone()).min(Exact::one());
                Value { share, open: false, sound: true }
            }
            Says::Fits | Says::TooLittle => value,
        }
    }
}

/// What stakes make of one owner's part of a company.
struct Found {
    /// At least and at most, as listed.
    least: Value,
    most: Value,
    /// At most, whatever is not listed.
    possible: Value,
}

impl Found {
    /// Every part that is possible, whatever is not listed.
    fn possible(&self) -> Band {
        Band {
            least: self.least.share.clone(),
            least_open: self.least.open,
            most: self.possible.share.clone(),
            most_open: self.possible.open,
        }
    }

    fn says(&self, stated: &Band, in_force: bool, is_most: bool) -> Says {
        let hidden = (&stated.most - &self.least.share).max(Exact::zero());
        let listed = Band { most: self.most.share.clone(), most_open: self.most.open, ..self.possible() };
        if !in_force {
            return if stated.most > listed.most { Says::Perhaps(hidden) } else { Says::Fits };
        }
        let is_less =
            |a: &Band, b: &Band| a.most < b.least || (a.most == b.least && (a.most_open || b.least_open));
        if is_less(stated, &listed) {
            return if is_most { Says::TooLittle } else { Says::Fits };
        }
        match (is_less(&listed, stated), is_less(&self.possible(), stated)) {
            (false, _) => Says::Fits,
            (true, false) => Says::More(hidden),
            (true, true) => Says::TooMuch(hidden),
        }
    }
}

/// Whether a claim stands among the stakes with all that it states, so that nothing else need be asked.
fn stands(snapshot: &Snapshot, matrix: &Matrix, claims: &[&Claim], stated: &Band) -> bool {
    let [claim] = claims else { return false };
    let Stake { owner, company, holds, .. } = &claim.stake;
    let whole = matrix.part(*owner, *company).is_some_and(|band| band.most == stated.most);
    *holds == Mark::Yes && !claim.explained && whole && direct(snapshot, &claim.stake).next().is_none()
}

/// Whether somebody may own a party whom no statement names.
fn may_have_owners(snapshot: &Snapshot, matrix: &Matrix, party: Party) -> bool {
    let facts = snapshot.register().facts(party);
    if facts.is_some_and(|facts| facts.unnamed.is_some()) {
        return true;
    }
    let is_end = facts.and_then(|facts| facts.person) == Some(true) || snapshot.is_complete(party);
    !is_end && matrix.owners_of(party).len() == 0
}

/// What claims of one owner about one company state together; 0 to 1 of one that may not be in force.
///
/// Classes add up, unless one of them is the whole. What the owner is said to hold directly, beside what
/// it holds through others, comes on top where one and the same statement says both; else it may or may
/// not be contained.
fn stated(snapshot: &Snapshot, claims: &[&Claim]) -> Band {
    let bands = || claims.iter().map(|claim| &claim.stake.share);
    let sum = bands().fold(Band::point(Exact::zero()), |sum, band| sum.plus(band));
    let least = bands().map(|band| (band.least.clone(), band.least_open)).max();
    let (least, least_open) = least.unwrap_or_default();
    let mut stated = Band { least, least_open, ..sum };
    if let Some(claim) = claims.first() {
        let beside: Vec<&Stake> = direct(snapshot, &claim.stake).collect();
        let sum = beside.iter().map(|stake| stake.share.clone()).reduce(|a, b| a.plus(&b));
        if let Some(sum) = sum.map(|sum| stated.plus(&sum)) {
            let said_apart = beside.iter().all(|stake| in_one_statement(snapshot, stake, &claim.stake));
            stated = if said_apart { sum } else { stated.hull(&sum) };
        }
    }
    if stated.most > Exact::one() {
        (stated.most, stated.most_open) = (Exact::one(), false);
    }
    stated
}

/// What the owner of a claim holds directly of the same.
fn direct<'a>(snapshot: &'a Snapshot, claim: &'a Stake) -> impl Iterator<Item = &'a Stake> {
    let stakes =
        snapshot.stakes_by(claim.owner, claim.company).iter().filter(|stake| stake.kind == claim.kind);
    stakes.filter(|stake| !stake.is_indirect() && !stake.treasury && stake.holds != Mark::No)
}

fn in_one_statement(snapshot: &Snapshot, one: &Stake, other: &Stake) -> bool {
    let statement = |stake: &Stake| -> Option<&str> {
        let [row] = stake.rows[..] else { return None };
        snapshot.register().statement_of(row)
    };
    statement(one).is_some() && statement(one) == statement(other)
}

/// The totals that say who holds the votes of a company, and of which metric they are.
pub(crate) fn metric_of(kind: Kind) -> Option<Metric> {
    match kind {
        Kind::Shares => Some(Metric::Equity),
        Kind::Votes => Some(Metric::Votes),
        Kind::Board | Kind::Veto | Kind::Contract => None,
    }
}
