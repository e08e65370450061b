use std::collections::BTreeSet;

use filiera_model::{Bounds, Exact, Mark};
use rustc_hash::FxHashSet;

use crate::alone::Alone;
use crate::chain::Target;
use crate::kept::Whose;
use crate::totals::Says;
use crate::{Band, Kind, Matrix, Metric, Party, Snapshot, Stake, State};

/// Who holds a part of a company.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holder {
    /// A listed owner, directly or through others.
    Party(Party),
    /// Owners who are not listed, of the company or of one above it.
    Unlisted,
    /// Owners whom nobody names: what complete lists leave.
    Float,
    /// Nobody: companies that are wholly owned among themselves, in the order of their ids.
    Loop(Vec<Party>),
}

/// What one holder has of one company in the end, all ways added up and every cycle solved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Who holds.
    pub owner: Holder,
    /// Of which company.
    pub company: Party,
    /// The part of the capital. Parts of different holders overlap: a parent's holding is its owners' too.
    pub share: Bounds,
    /// The part of the votes that it can cast itself.
    pub votes: Bounds,
    /// Whether it is listed as an owner of shares or votes of the company itself.
    pub direct: bool,
    /// Whether it is the end of the way: nobody is listed with a part of its capital, and nobody who has
    /// a say in it is stated to hold in all what it holds: a ministry's part is the state's. Holdings of
    /// ultimate holders of any kind add up to the whole.
    pub ultimate: bool,
}

impl Snapshot {
    /// What every holder has of a company: parties in the order of their ids, then loops, the float and
    /// the unlisted. Who can have nothing is left out.
    pub fn holdings_of(&self, company: Party) -> Vec<Holding> {
        self.holdings_with(company, &[])
    }

    /// The same with some parties more, whatever they have.
    pub fn holdings_with(&self, company: Party, others: &[Party]) -> Vec<Holding> {
        let alone = Alone::of(self, company, Metric::Equity);
        let mut owners: Vec<Party> = self.chain(Metric::Equity).members(alone.above()).collect();
        let claims = self.claims_of(company).iter();
        let votes = self.matrix(Metric::Votes).owners_of(company).map(|(owner, _)| owner);
        owners.extend(claims.map(|claim| claim.stake.owner).chain(votes).chain(others.iter().copied()));
        owners.sort_unstable();
        owners.dedup();
        let others: BTreeSet<Party> = others.iter().copied().collect();
        let led = self.led(alone.above());
        let one = |owner| self.holding_of(owner, company, alone.reach(owner), led.contains(&owner));
        let parties = owners.into_iter().map(one);
        let loops = alone.above().iter().filter_map(|component| self.closed(*component));
        let nobody = loops.map(|members| self.in_loop(members, company));
        let remainders =
            [Holder::Float, Holder::Unlisted].into_iter().map(|owner| self.remainder(owner, company));
        let all = parties.chain(nobody).chain(remainders);
        let is_asked = |owner: &Holder| matches!(owner, Holder::Party(party) if others.contains(party));
        all.filter(|one| can_be(&one.share) || can_be(&one.votes) || is_asked(&one.owner)).collect()
    }

    /// What every holder has of every company, company by company.
    pub fn holdings(&self) -> impl Iterator<Item = Holding> + '_ {
        self.companies().flat_map(|company| self.holdings_of(company))
    }

    /// The groups of companies that are wholly owned among themselves, so that nobody owns them.
    pub fn loops(&self) -> Vec<Vec<Party>> {
        let components = self.chain(Metric::Equity).components().len() as u32;
        let mut loops: Vec<Vec<Party>> =
            (0..components).filter_map(|component| self.closed(component)).collect();
        loops.sort_unstable();
        loops
    }

    /// The members of a component that owns itself entirely.
    fn closed(&self, component: u32) -> Option<Vec<Party>> {
        let components = self.chain(Metric::Equity).components();
        let is_in = |owner: Party| components.of(owner.0) == component;
        let mut members: Vec<Party> = components.nodes(component).iter().map(|node| Party(*node)).collect();
        members.sort_unstable();
        members.iter().all(|member| is_closed(self.equity(), *member, is_in)).then_some(members)
    }

    /// What one party has of a company in the end, 0 to 0 where it is no owner.
    pub fn holding(&self, owner: Party, company: Party) -> Holding {
        let marks = |party| if party == owner { Mark::Yes } else { Mark::No };
        let whose = Some(Whose::Party(owner));
        let target = Target { whose, ..Target::listed(&marks, Mark::No) };
        let share = self.reach_with(company, Metric::Equity, target);
        let above = self.chain(Metric::Equity).above(self.equity(), company);
        self.holding_of(owner, company, share, self.led(&above).contains(&owner))
    }

    fn holding_of(&self, owner: Party, company: Party, share: Bounds, is_led: bool) -> Holding {
        let nothing = Band::point(Exact::zero());
        let votes = self.matrix(Metric::Votes).part(owner, company).unwrap_or(&nothing);
        let for_another = is_led && !self.stakes_of(owner).is_empty();
        Holding {
            owner: Holder::Party(owner),
            company,
            share,
            votes: votes.bounds(filiera_model::Quality::Exact),
            direct: self.stakes_by(owner, company).iter().any(is_own_part),
            ultimate: self.equity().owners_of(owner).len() == 0 && !for_another,
        }
    }

    /// To whom somebody leads, other than by shares, of whom a total of one of these companies is stated:
    /// what they hold is held for another.
    fn led(&self, above: &[u32]) -> FxHashSet<Party> {
        let (totals, mut led) = (self.totals(Metric::Equity), FxHashSet::default());
        if totals.is_empty() {
            return led;
        }
        let stated = self.chain(Metric::Equity).members(above).flat_map(|one| totals.of_company(one));
        let more = stated.filter(|total| matches!(total.says, Says::More(_))).map(|total| total.owner);
        let more: BTreeSet<Party> = more.collect();
        for owner in more {
            led.extend(self.below(owner).into_iter().filter(|party| *party != owner));
        }
        led
    }

    fn in_loop(&self, members: Vec<Party>, company: Party) -> Holding {
        let marks = |party| if members.binary_search(&party).is_ok() { Mark::Yes } else { Mark::No };
        let share = self.reach(company, Metric::Equity, &marks, Mark::No);
        self.nameless(Holder::Loop(members), company, share)
    }

    fn remainder(&self, owner: Holder, company: Party) -> Holding {
        let mark = |of: Holder| if owner == of { Mark::Yes } else { Mark::No };
        let (unlisted, float) = (mark(Holder::Unlisted), mark(Holder::Float));
        let whose = match owner {
            Holder::Unlisted => Some(Whose::Unlisted),
            Holder::Float => Some(Whose::Float),
            Holder::Party(_) | Holder::Loop(_) => None,
        };
        let target = Target { float, whose, ..Target::listed(&|_| Mark::No, unlisted) };
        let share = self.reach_with(company, Metric::Equity, target);
        self.nameless(owner, company, share)
    }

    fn nameless(&self, owner: Holder, company: Party, share: Bounds) -> Holding {
        let votes = self.matrix(Metric::Votes);
        let state = votes.state(company);
        let own = match owner {
            Holder::Unlisted => state == State::Open && votes.owners_of(company).len() > 0,
            Holder::Float => state == State::Float,
            Holder::Party(_) | Holder::Loop(_) => false,
        };
        let part = if own { votes.unlisted(company) } else { Band::point(Exact::zero()) };
        let direct = own && self.equity().unlisted(company).most.is_positive();
        let votes = part.bounds(filiera_model::Quality::Exact);
        Holding { owner, company, share, votes, direct, ultimate: true }
    }
}

/// Whether its owners inside a group have all of a company.
fn is_closed(matrix: &Matrix, company: Party, is_in: impl Fn(Party) -> bool) -> bool {
    let inside = matrix.owners_of(company).filter(|(owner, _)| is_in(*owner));
    let least: Exact = inside.map(|(_, band)| band.least.clone()).sum();
    matrix.state(company) != State::Conflict && least == Exact::one()
}

/// Whether a stake is a part of the capital or the votes that its owner holds itself: a right in the board
/// makes nobody an owner.
fn is_own_part(stake: &Stake) -> bool {
    matches!(stake.kind, Kind::Shares | Kind::Votes) && !stake.is_indirect()
}

fn can_be(bounds: &Bounds) -> bool {
    bounds.upper.value.as_ref().is_none_or(Exact::is_positive)
}
