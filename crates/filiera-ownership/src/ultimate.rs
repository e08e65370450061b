use std::collections::BTreeSet;

use filiera_model::Mark;

use crate::tally::Tally;
use crate::{By, Control, Party, Reason};

/// Who stands at the end of a company's chains of control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ultimate {
    /// Everybody who may: those who surely do first, then by number. A company that nobody controls is
    /// its own.
    pub candidates: Vec<Party>,
    /// Whether somebody else may as well, or which of the candidates it is is not known.
    pub unknown: bool,
    /// Why it is not known.
    pub why: Vec<Why>,
}

/// Why an ultimate controller is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Why {
    /// The party's holders need not be published, because it is traded on a market or papers say so; or it
    /// stands for somebody who need not be named. That is not "none".
    Exempt(Party),
    /// The party stands for somebody whom papers do not publish.
    NotPublished(Party),
    /// The party stands for owners none of whom the law wants declared: small ones, or none at all.
    NobodyToDeclare(Party),
    /// The party stands for somebody who is not named, for a reason that says no more.
    Unnamed(Party),
    /// No paper names who holds the party, and none says that it is a person or a state.
    NoHolders(Party),
    /// Too much of the party is not listed.
    Unlisted(Party),
    /// What is stated of the party cannot be true together.
    Conflict(Party),
    /// Nobody says that all seats of the party's board are listed.
    Seats(Party),
    /// No paper says whether those who control a member of an agreement vote with it, and together they may
    /// control the party.
    Beside(Party),
    /// Shares of the party that are not exact decide.
    Open(Party),
}

impl Why {
    /// The party that it is about.
    pub fn party(self) -> Party {
        match self {
            Self::Exempt(party)
            | Self::NotPublished(party)
            | Self::NobodyToDeclare(party)
            | Self::Unnamed(party)
            | Self::NoHolders(party)
            | Self::Unlisted(party)
            | Self::Conflict(party)
            | Self::Seats(party)
            | Self::Beside(party)
            | Self::Open(party) => party,
        }
    }
}

impl Control {
    /// The end of a company's chains of control.
    pub fn ultimate_of(&self, company: Party) -> Ultimate {
        let mut ranked: Vec<(bool, Party)> = Vec::new();
        for party in self.chain(company) {
            let controls = if party == company { Mark::Yes } else { self.listed_any(party, company) };
            let is_end = controls.and(self.ultimate(party));
            if is_end != Mark::No {
                ranked.push((is_end != Mark::Yes, party));
            }
        }
        ranked.sort_unstable();
        let ends: Vec<Party> = ranked.iter().filter(|(maybe, _)| !maybe).map(|(_, party)| *party).collect();
        ranked.retain(|(maybe, party)| !maybe || !self.is_below_one_of(&ends, *party, company));
        let unknown = ranked.is_empty() || ranked.iter().any(|(maybe, _)| *maybe);
        let why = if unknown { self.why(company, &ranked) } else { Vec::new() };
        Ultimate { candidates: ranked.into_iter().map(|(_, party)| party).collect(), unknown, why }
    }

    /// Whether nobody controls a party who is not in turn controlled by it.
    pub(crate) fn ultimate(&self, party: Party) -> Mark {
        let known = self.end(party).map(|known| *known.get_or_init(|| self.find_ultimate(party)));
        known.unwrap_or_else(|| self.find_ultimate(party))
    }

    fn find_ultimate(&self, party: Party) -> Mark {
        let above = self.chain(party).into_iter().filter(|other| *other != party);
        let above = above.map(|other| self.listed_any(other, party).and(!self.listed_any(party, other)));
        let listed = above.fold(Mark::No, Mark::or);
        if self.unlisted(party).is_some() { !listed.or(Mark::Maybe) } else { !listed }
    }

    /// Whether one of these ends must control a party, although no paper says so: both have the majority of
    /// the company, and two majorities share a holder, so that one of the two controls the other.
    fn is_below_one_of(&self, ends: &[Party], party: Party, company: Party) -> bool {
        let is_above = |end: &Party| {
            *end != company && self.by_votes(*end, company) && self.listed_any(party, *end) == Mark::No
        };
        self.rule().is_majority() && self.by_votes(party, company) && ends.iter().any(is_above)
    }

    /// Why somebody who is not listed may control a party.
    fn unlisted(&self, party: Party) -> Option<Why> {
        let register = self.snapshot.register();
        let facts = register.facts(party);
        if let Some(reason) = self.reason(party) {
            return Some(match reason {
                Reason::ExemptListed | Reason::ExemptCompany | Reason::ExemptOwner => Why::Exempt(party),
                Reason::NotPublished => Why::NotPublished(party),
                Reason::NobodyToDeclare => Why::NobodyToDeclare(party),
                Reason::People | Reason::Unknown => Why::Unnamed(party),
            });
        }
        if facts.and_then(|facts| facts.person) == Some(true) {
            return None;
        }
        let is_exempt = self.exemption(party).is_some();
        if let Some(powers) = self.field.powers(party) {
            let cause = match &powers.ballot {
                None => Why::Conflict(party),
                Some(_) if is_exempt => Why::Exempt(party),
                Some(_) => Why::Unlisted(party),
            };
            return self.may_be_anybody(party).then_some(cause);
        }
        let cause = if is_exempt { Why::Exempt(party) } else { Why::NoHolders(party) };
        (!self.snapshot.is_complete(party)).then_some(cause)
    }

    /// Why a party is not named, where it stands for somebody who is not.
    fn reason(&self, party: Party) -> Option<Reason> {
        self.snapshot.register().facts(party)?.unnamed.as_deref().map(Reason::of)
    }

    /// Why a company need not name its owners.
    fn exemption(&self, company: Party) -> Option<Reason> {
        let facts = self.snapshot.register().facts(company);
        if facts.and_then(|facts| facts.listed) == Some(true) {
            return Some(Reason::ExemptListed);
        }
        let owners = self.snapshot.stakes_of(company).iter().map(|stake| stake.owner);
        owners.filter_map(|owner| self.reason(owner)).filter(|reason| reason.is_of_company()).min()
    }

    /// Why, in a few words about its party: `exempt: listed company`.
    pub fn in_words(&self, why: Why) -> &'static str {
        match why {
            Why::Exempt(party)
            | Why::NotPublished(party)
            | Why::NobodyToDeclare(party)
            | Why::Unnamed(party) => {
                self.reason(party).or_else(|| self.exemption(party)).unwrap_or(Reason::Unknown).in_words()
            }
            Why::NoHolders(_) => "nobody says who holds it, or that it is a person or a state",
            Why::Unlisted(_) => "too much of it is not listed",
            Why::Conflict(_) => "what is stated of it cannot be true together",
            Why::Seats(_) => "nobody says that all seats of its board are listed",
            Why::Beside(_) => "no paper says whether those who control a member of an agreement vote with it",
            Why::Open(_) => "shares that are not exact decide who controls it",
        }
    }

    /// Alone or jointly, and not only because anybody might.
    fn listed_any(&self, party: Party, company: Party) -> Mark {
        let alone = if self.above(company).binary_search(&party).is_ok() {
            self.mark(party, company)
        } else {
            Mark::No
        };
        alone.or(self.listed_jointly(party, company))
    }

    /// The company and everybody who may control it, by number.
    fn chain(&self, company: Party) -> Vec<Party> {
        let concerts = self.concerts.iter().filter(|concert| concert.may_reach(company));
        let members = concerts.flat_map(|concert| concert.members.iter());
        let joint = members.flat_map(|member| self.above(*member).iter().chain([member]));
        let joint = joint.filter(|party| self.listed_jointly(**party, company) != Mark::No);
        let mut parties: Vec<Party> = self.above(company).iter().chain(joint).copied().collect();
        parties.push(company);
        parties.sort_unstable();
        parties.dedup();
        parties
    }

    fn why(&self, company: Party, ranked: &[(bool, Party)]) -> Vec<Why> {
        let parties = [company].into_iter().chain(ranked.iter().map(|(_, party)| *party));
        let mut why: BTreeSet<Why> = parties.filter_map(|party| self.unlisted(party)).collect();
        let own: BTreeSet<Why> = why.iter().copied().filter(|one| self.is_own(*one, &why)).collect();
        if !own.is_empty() {
            why = own;
        }
        if why.is_empty() {
            why.extend(self.open_boards(company, ranked));
            why.extend(self.is_beside(company).then_some(Why::Beside(company)));
        }
        if why.is_empty() {
            why.insert(Why::Open(company));
        }
        why.into_iter().collect()
    }

    /// The boards by which somebody may control the company, or one of these, and of which seats may be left
    /// out.
    fn open_boards(&self, company: Party, ranked: &[(bool, Party)]) -> Vec<Why> {
        let parties = [company].into_iter().chain(ranked.iter().map(|(_, party)| *party));
        let is_open = |party: &Party| {
            let has_more = self.field.powers(*party).is_some_and(|powers| powers.board.may_have_more());
            has_more && self.controllers_of(*party).iter().any(|one| one.by == By::Board)
        };
        parties.filter(is_open).map(Why::Seats).collect()
    }

    /// Whether a cause is its party's own, and not another one of these seen again: a company may be
    /// anybody's because its holder may, and an exempt company's unnamed owners are the company's exemption.
    fn is_own(&self, why: Why, all: &BTreeSet<Why>) -> bool {
        match why {
            Why::Unlisted(party) => {
                let nobody = Tally::default();
                let anybody = self.anybody.tallies.get(party).unwrap_or(&nobody);
                self.field.can(party, &nobody, true).is_some()
                    || self.field.can(party, anybody, false).is_none()
            }
            Why::Exempt(party) if self.reason(party).is_some_and(Reason::is_of_company) => {
                !self.snapshot.owned_by(party).iter().any(|company| all.contains(&Why::Exempt(*company)))
            }
            _ => true,
        }
    }
}
