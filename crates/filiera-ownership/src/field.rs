use std::collections::BTreeMap;
use std::sync::Arc;

use filiera_model::{Bounds, End, Exact, Mark, Quality};
use filiera_tables::Population;

use crate::ballot::{Ballot, Rest};
use crate::board::{Board, Unlisted, parts};
use crate::coalition::Coalition;
use crate::said::{self, Said};
use crate::tally::Tally;
use crate::votes::ballot;
use crate::{Band, By, ControlRule, Kind, Party, Snapshot, Stake};

/// What decides over every company on one day: its votes, its board, its contracts.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub rule: ControlRule,
    companies: BTreeMap<Party, Arc<Powers>>,
    /// Of every party the companies in which it has a say, by number.
    touched: BTreeMap<Party, Vec<Party>>,
    /// Companies with other powers than those after which `touched` was made.
    replaced: Vec<Party>,
    /// Parties that stand for somebody who is not named.
    unnamed: Vec<Party>,
}

/// What decides over one company.
#[derive(Clone, Debug)]
pub(crate) struct Powers {
    /// Nothing: the statements cannot be true together, so there is no answer.
    pub ballot: Option<Ballot>,
    pub board: Board,
    /// What contracts give, sorted by owner.
    pub contracts: Vec<(Party, Band)>,
    /// What is stated of owners who may act through others, sorted by owner.
    pub said: Vec<Said>,
    /// Whether the company's holders are declared complete.
    pub vouched: bool,
    /// Everybody named with a say, by number.
    parties: Vec<Party>,
}

impl Field {
    /// The powers of a snapshot; `suspended(company, owner)` says whose votes cannot be cast.
    pub fn new(snapshot: &Snapshot, rule: &ControlRule, suspended: &dyn Fn(Party, Party) -> Mark) -> Self {
        let facts = |party: &Party| snapshot.register().facts(*party);
        let unnamed = snapshot.register().parties();
        let unnamed =
            unnamed.filter(|party| facts(party).is_some_and(|facts| facts.unnamed.is_some())).collect();
        let mut field = Self {
            rule: rule.clone(),
            companies: BTreeMap::new(),
            touched: BTreeMap::new(),
            replaced: Vec::new(),
            unnamed,
        };
        for company in with_a_say(snapshot) {
            let powers = Powers::new(snapshot, company, rule, &|owner| suspended(company, owner));
            for party in powers.parties() {
                field.touched.entry(*party).or_default().push(company);
            }
            field.companies.insert(company, Arc::new(powers));
        }
        field
    }

    /// The same for some companies only; whoever stands above one of them must be among them.
    pub fn only(&self, companies: &[Party]) -> Self {
        let kept = companies.iter().filter_map(|one| Some((*one, Arc::clone(self.companies.get(one)?))));
        let companies: BTreeMap<Party, Arc<Powers>> = kept.collect();
        let mut touched: BTreeMap<Party, Vec<Party>> = BTreeMap::new();
        for (company, powers) in &companies {
            for party in powers.parties() {
                touched.entry(*party).or_default().push(*company);
            }
        }
        let (rule, unnamed) = (self.rule.clone(), self.unnamed.clone());
        Self { rule, companies, touched, replaced: Vec::new(), unnamed }
    }

    /// Every company in which somebody has a say, by number.
    pub fn companies(&self) -> impl Iterator<Item = Party> {
        self.companies.keys().copied()
    }

    /// Every party that has a say somewhere, by number.
    pub fn parties(&self) -> impl Iterator<Item = Party> {
        self.touched.keys().copied()
    }

    /// The parties that stand for somebody who is not named, by number.
    pub fn unnamed(&self) -> &[Party] {
        &self.unnamed
    }

    /// The companies in which a party has a say.
    pub fn touched_by(&self, party: Party) -> &[Party] {
        self.touched.get(&party).map_or(&[], Vec::as_slice)
    }

    /// What decides over a company; nothing: nobody is listed with a say in it.
    pub fn powers(&self, company: Party) -> Option<&Powers> {
        self.companies.get(&company).map(Arc::as_ref)
    }

    /// Takes other powers for one company: what would be if. Who only now has a say in it counts there, but
    /// does not begin a chain.
    pub fn replace(&mut self, company: Party, powers: Powers) {
        self.companies.insert(company, Arc::new(powers));
        self.replaced.push(company);
    }

    /// Every company in which a party counts, each once.
    pub fn says_of(&self, party: Party) -> impl Iterator<Item = Party> {
        let touched = self.touched_by(party);
        let beside = self.replaced.iter().filter(|company| touched.binary_search(company).is_err());
        touched.iter().chain(beside).copied()
    }

    /// By what those inside surely decide over a company, if they do.
    pub fn must(&self, company: Party, inside: &Tally) -> Option<By> {
        let powers = self.companies.get(&company)?;
        let ballot = powers.ballot.as_ref()?;
        if self.rule.votes && self.rule.passes_above(&ballot.least(&inside.cast)) {
            return Some(By::Votes);
        }
        if self.rule.board && powers.board.must(inside) {
            return Some(By::Board);
        }
        let least = end(inside.contracts.least.clone(), inside.contracts.counts.least_open);
        let by_contract = self.rule.contract && self.rule.passes_above(&least);
        by_contract.then_some(By::Contract).or_else(|| inside.sayings.must(&powers.said))
    }

    /// By what those inside may decide over a company; `rest`: with the votes and seats
    /// that are not listed.
    pub fn can(&self, company: Party, inside: &Tally, rest: bool) -> Option<By> {
        let powers = self.companies.get(&company)?;
        let Some(ballot) = &powers.ballot else { return rest.then_some(By::Votes) };
        if let Some(by) = powers.not_listed(&self.rule).filter(|_| rest) {
            return Some(by);
        }
        if self.rule.votes && self.rule.passes_up_to(&ballot.most(&inside.cast, rest)) {
            return Some(By::Votes);
        }
        if self.rule.board && powers.board.can(inside, rest) {
            return Some(By::Board);
        }
        let most = end(inside.contracts.most(), inside.contracts.counts.most_open);
        let by_contract = self.rule.contract && self.rule.passes_up_to(&most);
        by_contract.then_some(By::Contract).or_else(|| inside.sayings.can(&powers.said))
    }

    /// The part of a company's votes; 0 to 1 where there is no answer, 0 where nobody has a say.
    pub fn votes(
        &self,
        company: Party,
        surely: &Coalition<'_>,
        possibly: &Coalition<'_>,
        rest: bool,
    ) -> Bounds {
        let Some(powers) = self.companies.get(&company) else { return Bounds::exactly(Exact::zero()) };
        let Some(ballot) = &powers.ballot else { return Band::anything().bounds(Quality::Sound) };
        let (least, most) = (surely.tally(self, company), possibly.tally(self, company));
        said::votes(&powers.said, ballot.part(&least.cast, &most.cast, rest), surely, possibly)
    }
}

impl Powers {
    fn new(
        snapshot: &Snapshot,
        company: Party,
        rule: &ControlRule,
        suspended: &dyn Fn(Party) -> Mark,
    ) -> Self {
        let stakes = snapshot.stakes_of(company);
        let cap = snapshot.register().facts(company).and_then(|facts| facts.vote_cap.clone());
        let ballot = ballot(stakes, snapshot.is_complete(company), cap, suspended);
        let is_possible = snapshot.conflict(company).is_none() && ballot.is_possible();
        Self {
            ballot: is_possible.then_some(ballot),
            board: Board::new(snapshot.seats(company), unlisted(snapshot, company), stakes),
            contracts: parts(stakes, Kind::Contract),
            said: Said::of(snapshot, company, rule),
            vouched: snapshot.is_complete(company),
            parties: Vec::new(),
        }
        .with_parties(&holders(stakes))
    }

    /// What may decide and nobody listed, where votes do not count: of whom no seat is listed, and nobody
    /// says that the list is whole, the board may be anybody's.
    fn not_listed(&self, rule: &ControlRule) -> Option<By> {
        let unknown = |by, is_listed: bool| rule.counts(by) && !is_listed && !rule.votes && !self.vouched;
        if unknown(By::Board, self.board.is_listed() || self.board.is_vouched()) {
            return Some(By::Board);
        }
        unknown(By::Contract, !self.contracts.is_empty()).then_some(By::Contract)
    }

    /// Whether votes or seats are not listed that may be anybody's.
    pub fn has_unlisted(&self) -> bool {
        let rest =
            self.ballot.as_ref().is_none_or(|ballot| ballot.rest.as_ref().is_some_and(|rest| !rest.nobody));
        let is_nobodys = |by: &Vec<Option<Party>>| by.contains(&None);
        rest || self.board.may_have_more() || self.board.seats().values().any(is_nobodys)
    }

    /// The powers of a company over which nobody decides.
    pub fn nobody() -> Self {
        let ballot = Ballot::new(Vec::new(), Some(Rest::of_nobody()), None);
        let (contracts, said, parties) = (Vec::new(), Vec::new(), Vec::new());
        Self { ballot: Some(ballot), board: Board::default(), contracts, said, vouched: true, parties }
    }

    /// The same with another ballot.
    pub fn with_ballot(&self, ballot: Ballot) -> Self {
        Self { ballot: Some(ballot), ..self.clone() }
    }

    /// The same with the appointer of one seat known.
    pub fn with_seat(&self, seat: &str, appointer: Party) -> Self {
        let board = self.board.with_seat(seat, appointer);
        Self { board, ..self.clone() }.with_parties(&self.parties)
    }

    /// The same with a board of no other seats than those that are listed.
    pub fn with_whole_board(&self) -> Self {
        Self { board: self.board.whole(), ..self.clone() }
    }

    /// Everybody named with a say, by number, each once.
    pub fn parties(&self) -> &[Party] {
        &self.parties
    }

    /// Who holds shares or votes, and everybody else who is named.
    fn with_parties(mut self, holders: &[Party]) -> Self {
        let seats = self.board.seats().values().flatten().filter_map(|by| *by);
        let rights = self.board.rights.iter().chain(&self.contracts).map(|(owner, _)| *owner);
        let said = self.said.iter().map(|one| one.owner);
        let mut parties: Vec<Party> =
            holders.iter().copied().chain(seats).chain(rights).chain(said).collect();
        parties.sort_unstable();
        parties.dedup();
        self.parties = parties;
        self
    }
}

fn holders(stakes: &[Stake]) -> Vec<Party> {
    let those = stakes.iter().filter(|stake| matches!(stake.kind, Kind::Shares | Kind::Votes));
    those.filter(|stake| stake.holds != Mark::No).map(|stake| stake.owner).collect()
}

/// What a company's list of seats leaves out. A list of who controls it that is declared whole leaves seats
/// only to those whom nobody names; how many seats there are, it does not say.
fn unlisted(snapshot: &Snapshot, company: Party) -> Unlisted {
    let register = snapshot.register();
    if register.has_all_seats(company) {
        return Unlisted::Nothing;
    }
    if register.is_complete(Population::Control, company) { Unlisted::Nobodys } else { Unlisted::Theirs }
}

fn with_a_say(snapshot: &Snapshot) -> Vec<Party> {
    let mut companies: Vec<Party> = snapshot.companies().chain(snapshot.register().with_seats()).collect();
    companies.sort_unstable();
    companies.dedup();
    companies
}

/// An end of what parts add up to, which is no more than the whole.
fn end(sum: Exact, open: u32) -> End {
    End { value: Some(sum.min(Exact::one())), open: open > 0 }
}
