//! A cyclic core, exactly: the best choice of every member by policy iteration.

use std::collections::BTreeMap;

use filiera_model::Exact;

use crate::chain::Value;
use crate::crowd::Share;
use crate::elimination::solve;
use crate::fixed;
use crate::knapsack::{Item, Side, choose, is_open, value};
use crate::matrix::Matrix;
use crate::{Band, Party};

/// The members of a cyclic core that are not in the set, with what surrounds them.
#[derive(Debug)]
pub(crate) struct Core<'a> {
    pub members: Vec<Member<'a>>,
    pub side: Side,
}

/// One company of a core.
#[derive(Debug)]
pub(crate) struct Member<'a> {
    /// Owners in the core, by place among the members.
    pub inside: Vec<(usize, &'a Band)>,
    /// Owners whose value is known; several may be one.
    pub outside: Vec<Share<'a>>,
    /// The value of what is not listed; nothing where everything is.
    pub rest: Option<Exact>,
}

/// What every member chose: the part of every owner, those inside first, those outside after them.
type Policy = Vec<Vec<Exact>>;

impl<'a> Core<'a> {
    /// Of these companies; `outside` has the owners that are not among them, `rest` the value of the
    /// unlisted.
    pub fn new(
        matrix: &'a Matrix,
        members: &[Party],
        side: Side,
        outside: impl Fn(Party) -> Vec<Share<'a>>,
        rest: impl Fn(Party) -> Option<Exact>,
    ) -> Self {
        let places: BTreeMap<Party, usize> = members.iter().copied().zip(0..).collect();
        let member = |company: &Party| {
            let among = |(owner, band)| Some((*places.get(&owner)?, band));
            let inside = matrix.owners_of(*company).filter_map(among).collect();
            Member { inside, outside: outside(*company), rest: rest(*company) }
        };
        Self { members: members.iter().map(member).collect(), side }
    }

    /// The value of every member, exact.
    ///
    /// A policy is one choice of parts per member. It is evaluated by elimination, then every member
    /// that can do better by these values changes its choice, until none can: that is the certificate.
    pub fn solve(&self) -> Vec<Value> {
        let avoids = self.avoids(false);
        let start: Vec<Exact> = fixed::start(self);
        let mut policy: Policy = self.members.iter().map(|member| self.choice(member, &start)).collect();
        let mut shares = self.evaluate(&policy, &avoids);
        while self.improve(&mut policy, &shares, &avoids) {
            shares = self.evaluate(&policy, &avoids);
        }
        self.with_ends(shares, avoids != self.avoids(true))
    }

    /// The members that can keep everything from the set; only for the least value.
    ///
    /// The largest group of which each can give all its parts to others of the group, or to owners of
    /// whom nothing reaches the set. `strictly`: without ends that are not possible themselves; who only
    /// comes near to avoiding the set may be far from 0, because a loop that leaks at all leaks everything.
    fn avoids(&self, strictly: bool) -> Vec<bool> {
        let mut avoids = vec![self.side == Side::Least; self.members.len()];
        loop {
            let can = |member: &Member<'_>| {
                let (mut room, mut open) = (Exact::zero(), false);
                for (is_zero, band) in member.owners(&avoids) {
                    if is_zero {
                        room += &band.most;
                        open |= strictly && band.most_open;
                    } else if band.least.is_positive() || (strictly && band.least_open) {
                        return false;
                    }
                }
                let is_whole = room > Exact::one() || (room == Exact::one() && !open);
                is_whole || member.rest.as_ref().is_some_and(Exact::is_zero)
            };
            let next: Vec<bool> =
                self.members.iter().zip(&avoids).map(|(member, before)| *before && can(member)).collect();
            if next == avoids {
                return avoids;
            }
            avoids = next;
        }
    }

    fn choice(&self, member: &Member<'_>, shares: &[Exact]) -> Vec<Exact> {
        choose(&member.items(shares, &[]), member.rest.as_ref(), self.side)
    }

    /// Changes the choice of every member that can do better; whether there was one.
    fn improve(&self, policy: &mut Policy, shares: &[Exact], avoids: &[bool]) -> bool {
        let mut better = false;
        let members = self.members.iter().zip(policy).zip(shares.iter().zip(avoids));
        for ((member, chosen), (now, _)) in members.filter(|(_, (_, avoids))| !**avoids) {
            let items = member.items(shares, &[]);
            let choice = choose(&items, member.rest.as_ref(), self.side);
            if self.side.is_better(&value(&items, &choice, member.rest.as_ref()), now) {
                *chosen = choice;
                better = true;
            }
        }
        better
    }

    /// The values under one policy; 0 for who avoids the set.
    fn evaluate(&self, policy: &Policy, avoids: &[bool]) -> Vec<Exact> {
        let row = |((member, parts), avoids): ((&Member<'_>, &Vec<Exact>), &bool)| {
            if *avoids { (BTreeMap::new(), Exact::zero()) } else { member.row(parts) }
        };
        let rows: Vec<_> = self.members.iter().zip(policy).zip(avoids).map(row).collect();
        solve(rows)
    }

    /// Finds out which values are only approached, and which are not exact: `jumps`, because some member
    /// cannot avoid the set after all.
    fn with_ends(&self, shares: Vec<Exact>, jumps: bool) -> Vec<Value> {
        let mut open = vec![false; shares.len()];
        loop {
            let is_open =
                |member: &Member<'_>| is_open(&member.items(&shares, &open), member.rest.as_ref(), self.side);
            let next: Vec<bool> =
                self.members.iter().zip(&open).map(|(member, before)| *before || is_open(member)).collect();
            if next == open {
                break;
            }
            open = next;
        }
        let outside = self.members.iter().flat_map(|member| &member.outside);
        let sound = jumps || outside.into_iter().any(|(_, value)| value.sound);
        shares.into_iter().zip(open).map(|(share, open)| Value { share, open, sound }).collect()
    }
}

impl Member<'_> {
    /// The owners with these values inside, in the order of a policy.
    fn items<'s>(&'s self, shares: &'s [Exact], open: &[bool]) -> Vec<Item<'s>> {
        let inside = self.inside.iter().filter_map(|(place, band)| {
            let open = open.get(*place).copied().unwrap_or(false);
            Some(Item { band, value: shares.get(*place)?, open })
        });
        let outside =
            self.outside.iter().map(|(band, value)| Item { band, value: &value.share, open: value.open });
        inside.chain(outside).collect()
    }

    /// Every owner's band, and whether nothing reaches the set from it.
    fn owners(&self, avoids: &[bool]) -> impl Iterator<Item = (bool, &Band)> {
        let inside =
            self.inside.iter().map(|(place, band)| (avoids.get(*place).copied().unwrap_or(false), *band));
        inside.chain(self.outside.iter().map(|(band, value)| (value.share.is_zero(), band.as_ref())))
    }

    /// The equation of this company under a choice: factors of members, and the constant.
    fn row(&self, parts: &[Exact]) -> (BTreeMap<usize, Exact>, Exact) {
        let inside = self.inside.iter().zip(parts).filter(|(_, part)| part.is_positive());
        let factors = inside.map(|((place, _), part)| (*place, part.clone())).collect();
        let mut constant = Exact::zero();
        for ((_, value), part) in self.outside.iter().zip(parts.iter().skip(self.inside.len())) {
            constant += &(&value.share * part);
        }
        if let Some(rest) = self.rest.as_ref().filter(|rest| !rest.is_zero()) {
            let listed: Exact = parts.iter().cloned().sum();
            constant += &(rest * &(Exact::one() - listed));
        }
        (factors, constant)
    }
}
