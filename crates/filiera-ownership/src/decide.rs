use std::collections::BTreeSet;

use filiera_model::{Exact, Mark};

use crate::ballot::Ballot;
use crate::field::{Field, Powers};
use crate::spread::{Mode, open_to_anybody, spread};
use crate::{Band, Control, Party};

/// A fact that alone would settle whether a party controls a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// What is not known.
    pub fact: Fact,
    /// What it would settle: yes or no.
    pub becomes: Mark,
}

/// A missing fact, and which of its values settles.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fact {
    /// The exact share of an owner in a company.
    Share {
        /// Who holds.
        owner: Party,
        /// In which company.
        company: Party,
        /// What is possible beside the other holders: of the votes where they are stated, else of the
        /// capital.
        known: Band,
        /// Values that settle; a part of `known`. Where votes of subsidiaries may be suspended, others may
        /// settle too.
        settles: Band,
        /// The rows of `interests`.
        rows: Vec<u32>,
    },
    /// That nobody else holds votes in a company: that its list is complete.
    Complete {
        /// The company.
        company: Party,
    },
    /// Who appointed a seat of a company's board: the party or one that it controls settles it with yes,
    /// anybody else with no.
    Seat {
        /// The company.
        company: Party,
        /// The seat.
        seat: String,
    },
    /// That a company's board has no other seats than those that are listed.
    Board {
        /// The company.
        company: Party,
    },
}

/// What would be of one company if one thing were known.
struct If {
    field: Field,
    company: Party,
}

impl Control {
    /// The facts that alone would settle whether a party controls a company; none where it is settled,
    /// and none where no single fact does.
    pub fn what_decides(&self, party: Party, company: Party) -> Vec<Deciding> {
        if self.mark(party, company) != Mark::Maybe {
            return Vec::new();
        }
        let mut found = Vec::new();
        for one in self.on_the_way(company) {
            let Some(powers) = self.field.powers(one) else { continue };
            self.shares(party, company, one, powers, &mut found);
            self.complete(party, company, one, powers, &mut found);
            self.seats(party, company, one, powers, &mut found);
            self.board(party, company, one, powers, &mut found);
        }
        found
    }

    /// The company, and companies that have a say above it, by number.
    fn on_the_way(&self, company: Party) -> Vec<Party> {
        let mut way = vec![company];
        let mut seen = BTreeSet::from([company]);
        let mut next = 0;
        while let Some(one) = way.get(next).copied() {
            next += 1;
            for holder in self.field.powers(one).map(Powers::parties).unwrap_or_default() {
                if self.field.powers(*holder).is_some() && seen.insert(*holder) {
                    way.push(*holder);
                }
            }
        }
        way.sort_unstable();
        way
    }

    /// The part of the field that matters for one company, with other powers for one of those in it.
    fn what_if(&self, company: Party, one: Party, powers: Powers) -> If {
        let mut field = self.field.only(&self.on_the_way(company));
        field.replace(one, powers);
        If { field, company }
    }

    fn shares(&self, party: Party, company: Party, one: Party, powers: &Powers, found: &mut Vec<Deciding>) {
        let Some(ballot) = powers.ballot.as_ref().filter(|ballot| ballot.cap.is_none()) else { return };
        for (place, block) in ballot.blocks.iter().enumerate().filter(|(_, block)| !block.share.is_point()) {
            let stake = self.snapshot.stakes_of(one).get(block.stake);
            for becomes in [Mark::Yes, Mark::No] {
                let Some(settles) = self.settling(party, company, one, ballot, place, becomes) else {
                    continue;
                };
                let rows = stake.map(|stake| stake.rows.clone()).unwrap_or_default();
                let (owner, known) = (block.owner, ballot.possible(place).unwrap_or_else(Band::anything));
                let fact = Fact::Share { owner, company: one, known, settles, rows };
                found.push(Deciding { fact, becomes });
            }
        }
    }

    /// The shares of one block with which the answer is settled this way: from one end of what is possible
    /// to where it turns.
    fn settling(
        &self,
        party: Party,
        company: Party,
        one: Party,
        ballot: &Ballot,
        place: usize,
        becomes: Mark,
    ) -> Option<Band> {
        let powers = self.field.powers(one)?;
        let turns = self.turns(party, one, ballot, place, becomes);
        let possible = ballot.possible(place)?;
        let settles = |share: &Exact| {
            let fixed = powers.with_ballot(ballot.fixed(place, share.clone()));
            self.what_if(company, one, fixed).mark(party) == becomes
        };
        let inner = turns.into_iter().filter(|turn| *turn > possible.least && *turn < possible.most);
        let mut cuts: Vec<Exact> = inner.collect();
        cuts.push(possible.least.clone());
        cuts.push(possible.most.clone());
        cuts.sort_unstable();
        cuts.dedup();
        from_an_end(&cuts, &possible, &settles)
    }

    /// Where one company's majority may turn as the share of one block grows.
    fn turns(&self, party: Party, one: Party, ballot: &Ballot, place: usize, becomes: Mark) -> Vec<Exact> {
        let without = self.what_if(one, one, Powers::nobody());
        let over = &self.field.rule.over;
        if becomes == Mark::Yes {
            let reached = spread(&without.field, &[party], Mode::Must);
            let inside = |other: Party| other == party || reached.contains_key(&other);
            return ballot.turning_shares(place, &inside, false, over, true);
        }
        let anybody = open_to_anybody(&without.field);
        let reached = spread(&without.field, &[party], Mode::Can(&anybody));
        let inside = |other: Party| other == party || reached.contains_key(&other) || anybody.has(other);
        ballot.turning_shares(place, &inside, true, over, false)
    }

    fn complete(&self, party: Party, company: Party, one: Party, powers: &Powers, found: &mut Vec<Deciding>) {
        let Some(ballot) = &powers.ballot else { return };
        if ballot.rest.as_ref().is_none_or(|rest| rest.nobody) {
            return;
        }
        let listed = powers.with_ballot(ballot.complete());
        let becomes = self.what_if(company, one, listed).mark(party);
        if becomes != Mark::Maybe {
            found.push(Deciding { fact: Fact::Complete { company: one }, becomes });
        }
    }

    fn seats(&self, party: Party, company: Party, one: Party, powers: &Powers, found: &mut Vec<Deciding>) {
        for (seat, by) in powers.board.seats() {
            if by.len() == 1 && by.iter().all(Option::is_some) {
                continue;
            }
            let with =
                |appointer: Party| self.what_if(company, one, powers.with_seat(seat, appointer)).mark(party);
            if with(party) == Mark::Yes && with(one) == Mark::No {
                let fact = Fact::Seat { company: one, seat: seat.clone() };
                found.push(Deciding { fact, becomes: Mark::Yes });
            }
        }
    }

    fn board(&self, party: Party, company: Party, one: Party, powers: &Powers, found: &mut Vec<Deciding>) {
        if !powers.board.may_have_more() {
            return;
        }
        let becomes = self.what_if(company, one, powers.with_whole_board()).mark(party);
        if becomes != Mark::Maybe {
            found.push(Deciding { fact: Fact::Board { company: one }, becomes });
        }
    }
}

impl If {
    fn mark(&self, party: Party) -> Mark {
        let (anybody, company) = (open_to_anybody(&self.field), self.company);
        if spread(&self.field, &[party], Mode::Must).contains_key(&company) {
            return Mark::Yes;
        }
        let can =
            anybody.has(company) || spread(&self.field, &[party], Mode::Can(&anybody)).contains_key(&company);
        if can { Mark::Maybe } else { Mark::No }
    }
}

/// The longest run of cuts, from either end of what is possible, on which a test holds; between two cuts
/// it holds all over or nowhere.
fn from_an_end(cuts: &[Exact], possible: &Band, settles: &dyn Fn(&Exact) -> bool) -> Option<Band> {
    let mut points: Vec<(Exact, bool)> = Vec::new();
    for (place, cut) in cuts.iter().enumerate() {
        points.push((cut.clone(), true));
        if let Some(next) = cuts.get(place + 1) {
            let middle = (cut + next).checked_div(&Exact::from_int(2)).unwrap_or_default();
            points.push((middle, false));
        }
    }
    let is_inside = |(place, is_cut): (usize, bool)| {
        let open = (place == 0 && possible.least_open) || (place + 1 == points.len() && possible.most_open);
        !(is_cut && open)
    };
    let holds: Vec<Option<bool>> = points
        .iter()
        .enumerate()
        .map(|(place, (share, is_cut))| is_inside((place, *is_cut)).then(|| settles(share)))
        .collect();
    up(&points, &holds, possible).or_else(|| down(&points, &holds, possible))
}

/// From some value up.
fn up(points: &[(Exact, bool)], holds: &[Option<bool>], possible: &Band) -> Option<Band> {
    let run = holds.iter().rev().take_while(|held| **held != Some(false)).count();
    let first = points.len() - run;
    let begins = holds.get(first..)?.contains(&Some(true)).then(|| points.get(first))??;
    let (least, least_open) = match begins {
        (share, true) => (share.clone(), first == 0 && possible.least_open),
        _ => (points.get(first.checked_sub(1)?)?.0.clone(), true),
    };
    Some(Band { least, least_open, most: possible.most.clone(), most_open: possible.most_open })
}

/// Up to some value.
fn down(points: &[(Exact, bool)], holds: &[Option<bool>], possible: &Band) -> Option<Band> {
    let run = holds.iter().take_while(|held| **held != Some(false)).count();
    let ends = holds.get(..run)?.contains(&Some(true)).then(|| points.get(run.checked_sub(1)?))??;
    let (most, most_open) = match ends {
        (share, true) => (share.clone(), run == points.len() && possible.most_open),
        _ => (points.get(run)?.0.clone(), true),
    };
    Some(Band { least: possible.least.clone(), least_open: possible.least_open, most, most_open })
}
