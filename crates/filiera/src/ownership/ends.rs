use std::collections::BTreeMap;

use filiera_finding::{Deciding, DecidingFact, EndState, InTheEnd};
use filiera_model::{Mark, Quality};
use filiera_ownership::{By, Control, Controller, Deciding as Found, Fact, Party, Why};

use super::Owners;
use super::holders::MOST_ABOVE;

/// So many parties are asked what would decide their control.
const TRIED: usize = 6;

/// The end of a company's chains of control, by number.
pub(super) struct End {
    pub(super) state: EndState,
    pub(super) controllers: Vec<Party>,
    pub(super) candidates: Vec<Party>,
    pub(super) why: Vec<Why>,
}

/// Who controls a company, or may, by party.
pub(super) struct Controllers(BTreeMap<Party, Vec<Controller>>);

impl Controllers {
    pub(super) fn of(control: &Control, company: Party) -> Self {
        let mut of: BTreeMap<Party, Vec<Controller>> = BTreeMap::new();
        control
            .controllers_of(company)
            .into_iter()
            .for_each(|one| of.entry(one.party).or_default().push(one));
        Self(of)
    }

    pub(super) fn parties(&self) -> impl Iterator<Item = Party> {
        self.0.keys().copied()
    }

    /// How one party does.
    pub(super) fn by(&self, party: Party) -> &[Controller] {
        self.0.get(&party).map_or(&[], Vec::as_slice)
    }

    /// What says most of one party: sure before open, alone before jointly.
    pub(super) fn strongest(&self, party: Party) -> Option<&Controller> {
        self.by(party).iter().min_by_key(|one| (one.controls != Mark::Yes, one.by == By::Jointly))
    }
}

impl Owners {
    pub(super) fn end_of(&self, company: Party, by: &Controllers) -> End {
        let ultimate = self.control.ultimate_of(company);
        let others: Vec<Party> = ultimate.candidates.into_iter().filter(|one| *one != company).collect();
        let state = match (ultimate.unknown, others.is_empty()) {
            (true, _) => EndState::Unknown,
            (false, true) => EndState::Nobody,
            (false, false) => EndState::Controlled,
        };
        let surely = |party: &Party| {
            let marks = by.by(*party).iter().map(|one| match state {
                EndState::Controlled => one.controls.and(one.ultimate),
                _ => one.controls,
            });
            marks.fold(Mark::No, Mark::or) == Mark::Yes
        };
        let (controllers, candidates) = others.into_iter().partition(surely);
        End { state, controllers, candidates, why: ultimate.why }
    }

    /// Who stands at the end of a company's chains of control, or what would tell.
    pub(super) fn end(&self, company: Party, by: &Controllers, above: usize) -> InTheEnd {
        let end = self.end_of(company, by);
        let found: Vec<&Controller> =
            end.controllers.iter().filter_map(|party| by.strongest(*party)).collect();
        let jointly = !found.is_empty() && found.iter().all(|one| one.by == By::Jointly);
        let through = match found.as_slice() {
            [only] if only.by != By::Jointly => self.all_shown(&only.through),
            _ => Vec::new(),
        };
        let is_asked = end.state == EndState::Unknown && above <= MOST_ABOVE;
        let decides = is_asked.then(|| self.fact_for(company, &end)).flatten();
        InTheEnd {
            state: end.state,
            controllers: self.all_shown(&end.controllers),
            candidates: self.all_shown(&end.candidates),
            jointly,
            each_other: self.each_other(&end.controllers),
            through,
            why: end.why.iter().map(|why| self.why(*why)).collect(),
            decides,
        }
    }

    fn each_other(&self, all: &[Party]) -> bool {
        let others = |one: Party| all.iter().filter(move |other| **other != one);
        let each = |one: &Party| others(*one).all(|other| self.control.mark(*one, *other) == Mark::Yes);
        all.len() > 1 && all.iter().all(each)
    }

    /// One fact that would tell who controls a company, or whether one that may control it does.
    fn fact_for(&self, company: Party, end: &End) -> Option<Deciding> {
        if let ([], [Why::NoHolders(party)]) = (end.candidates.as_slice(), end.why.as_slice()) {
            let fact = DecidingFact::Holders { party: self.shown(*party) };
            return Some(Deciding { party: self.shown(*party), fact, becomes: Mark::Maybe });
        }
        let listed = end.why.iter().filter_map(|why| match why {
            Why::Unlisted(party) => Some(*party),
            _ => None,
        });
        let pairs = end.candidates.iter().map(|party| (*party, company));
        let pairs = pairs.chain(
            [company].into_iter().chain(listed).flat_map(|one| self.owners(one).map(move |by| (by, one))),
        );
        // That somebody who is not named controls would not tell who does.
        let pairs = pairs.filter(|(party, _)| !self.is_unnamed(*party));
        let found = pairs.take(TRIED).flat_map(|(party, one)| self.deciding(party, one));
        let found: Vec<Deciding> = found.collect();
        let first = found.iter().find(|one| one.becomes == Mark::Yes).or(found.first());
        first.cloned()
    }

    fn is_unnamed(&self, party: Party) -> bool {
        self.snapshot().register().facts(party).is_some_and(|facts| facts.unnamed.is_some())
    }

    fn owners(&self, company: Party) -> impl Iterator<Item = Party> {
        let mut owners: Vec<Party> =
            self.snapshot().stakes_of(company).iter().map(|stake| stake.owner).collect();
        owners.dedup();
        owners.into_iter()
    }

    /// The facts that alone would settle whether a party controls a company.
    pub(super) fn deciding(&self, party: Party, company: Party) -> Vec<Deciding> {
        let found = self.control.what_decides(party, company);
        found.into_iter().filter_map(|found| self.deciding_shown(party, found)).collect()
    }

    fn deciding_shown(&self, party: Party, found: Found) -> Option<Deciding> {
        let mut becomes = found.becomes;
        let fact = match found.fact {
            Fact::Share { owner, company, known, settles, rows } => DecidingFact::Share {
                owner: self.shown(owner),
                company: self.shown(company),
                known: known.bounds(Quality::Exact),
                settles: settles.bounds(Quality::Exact),
                sources: self.sources(&rows),
            },
            Fact::Complete { company } => DecidingFact::Complete { company: self.shown(company) },
            Fact::Seat { company, seat } => {
                becomes = Mark::Maybe;
                DecidingFact::Seat { company: self.shown(company), seat }
            }
            Fact::Board { company } => DecidingFact::Board { company: self.shown(company) },
            _ => return None,
        };
        Some(Deciding { party: self.shown(party), fact, becomes })
    }

    fn why(&self, why: Why) -> String {
        let name = |party: Party| {
            let shown = self.shown(party);
            shown.called().to_owned()
        };
        match why {
            Why::Exempt(party)
            | Why::NotPublished(party)
            | Why::NobodyToDeclare(party)
            | Why::Unnamed(party) => {
                let shown = self.shown(party);
                let code = shown.unnamed.as_deref().map(|code| format!(" ({code})")).unwrap_or_default();
                format!("{}: {}{code}", shown.called(), self.control.in_words(why))
            }
            Why::NoHolders(party) => {
                format!("no paper says who holds {}, or that it is a person or a state", name(party))
            }
            Why::Unlisted(party) => format!("too much of {} is not listed", name(party)),
            Why::Conflict(party) => format!("what is stated of {} cannot be true together", name(party)),
            Why::Seats(party) => {
                format!("nobody says that all seats of the board of {} are listed", name(party))
            }
            Why::Beside(party) => {
                let who = "those who control a member of an agreement";
                format!("no paper says whether {who} about {} vote with it", name(party))
            }
            Why::Open(party) => format!("facts that are not exact decide who controls {}", name(party)),
            _ => "a fact that is not stated decides".to_owned(),
        }
    }
}
