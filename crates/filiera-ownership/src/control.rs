use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use filiera_model::{Bounds, Mark};

use crate::coalition::{Anybody, Coalition};
use crate::concert::Concert;
use crate::field::Field;
use crate::heads::Alone;
use crate::spread::{Mode, Reached, Step, open_to_anybody, spread, through};
use crate::{ControlRule, Kind, Party, Snapshot};

/// By what a company is controlled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum By {
    /// Enough of its votes.
    Votes,
    /// More than half of its board's seats.
    Board,
    /// A contract that gives as much.
    Contract,
    /// Enough of its votes (or board, or contracts), together with others that act in concert.
    Jointly,
}

/// Who controls whom on one day, under one rule.
///
/// Yes: whatever is not known; no: whatever is not known; maybe: a fact that is not stated decides.
/// Votes that are not listed are against everybody who surely controls, and for everybody who may,
/// unless the company's holders are declared complete. Control in fact, through a scattered rest that
/// does not vote, is not assumed; and a company's own subsidiaries are those that papers show.
#[derive(Clone, Debug)]
pub struct Control {
    pub(crate) snapshot: Snapshot,
    pub(crate) field: Field,
    pub(crate) anybody: Anybody,
    must: BTreeMap<Party, Reached>,
    listed: BTreeMap<Party, Reached>,
    can: BTreeMap<Party, Reached>,
    pub(crate) concerts: Vec<Concert>,
    /// Of every company who may control it alone, by number.
    above: BTreeMap<Party, Vec<Party>>,
    /// Of every party, by number, whether nobody controls it; worked out when it is asked for.
    ends: Vec<OnceLock<Mark>>,
}

/// One who controls, or may control, a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Controller {
    /// Who.
    pub party: Party,
    /// The company.
    pub company: Party,
    /// Whether it does: alone, or with others where `by` says jointly.
    pub controls: Mark,
    /// Whether nobody in turn controls it, but for those whom it controls itself.
    pub ultimate: Mark,
    /// The parties between it and the company, from its own end; among them a nomination that sits on a
    /// board for it.
    pub through: Vec<Party>,
    /// Links on the way: 1 for a company that it holds itself, without a nominee.
    pub steps: u32,
    /// The part of the company's votes that it casts together with what it controls (or with all
    /// that act in concert).
    pub votes: Bounds,
    /// By what.
    pub by: By,
    /// The others of a concert.
    pub with: Vec<Party>,
}

/// One who can stop decisions of a company without taking them: negative control, never control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Veto {
    /// Who.
    pub party: Party,
    /// The company.
    pub company: Party,
    /// Whether the right is in force that day.
    pub holds: Mark,
    /// The rows of `interests` that say so.
    pub rows: Vec<u32>,
}

impl Snapshot {
    /// Who controls whom under a rule, from votes, board and contracts.
    ///
    /// Control is the least one: it starts from what parties hold themselves, and grows by the votes of
    /// what they control. Votes that a company's own subsidiary holds in it are suspended, as treasury
    /// shares are, unless each of the two controls the other.
    pub fn control(&self, rule: &ControlRule) -> Control {
        let plain = Field::new(self, rule, &|_, _| Mark::No);
        let suspended = suspended(self, &plain);
        let is_suspended = |company, owner| suspended.get(&(company, owner)).copied().unwrap_or(Mark::No);
        Control::new(self.clone(), Field::new(self, rule, &is_suspended))
    }
}

/// Whose votes in which company are suspended: company and owner.
fn suspended(snapshot: &Snapshot, plain: &Field) -> BTreeMap<(Party, Party), Mark> {
    let mut known: BTreeMap<Party, (Reached, Reached)> = BTreeMap::new();
    let mut suspended = BTreeMap::new();
    for company in plain.companies().filter(|company| !plain.touched_by(*company).is_empty()) {
        let below = below(plain, company);
        let owners = snapshot.stakes_of(company).chunk_by(|a, b| a.owner == b.owner).filter_map(<[_]>::first);
        for owner in owners.map(|stake| stake.owner) {
            if owner == company || plain.powers(owner).is_none() || !below.contains(&owner) {
                continue;
            }
            let down = controls(plain, &mut known, company, owner);
            let up = controls(plain, &mut known, owner, company);
            if down.and(!up) != Mark::No {
                suspended.insert((company, owner), down.and(!up));
            }
        }
    }
    suspended
}

fn controls(
    plain: &Field,
    known: &mut BTreeMap<Party, (Reached, Reached)>,
    party: Party,
    company: Party,
) -> Mark {
    let (must, can) = known
        .entry(party)
        .or_insert_with(|| (spread(plain, &[party], Mode::Must), spread(plain, &[party], Mode::Listed)));
    mark(must.contains_key(&company), can.contains_key(&company))
}

/// The companies to which a chain of stakes leads from one.
fn below(field: &Field, from: Party) -> BTreeSet<Party> {
    let mut below = BTreeSet::new();
    let mut open = vec![from];
    while let Some(party) = open.pop() {
        open.extend(field.touched_by(party).iter().filter(|company| below.insert(**company)));
    }
    below
}

pub(crate) fn mark(must: bool, can: bool) -> Mark {
    match (must, can) {
        (true, _) => Mark::Yes,
        (false, true) => Mark::Maybe,
        (false, false) => Mark::No,
    }
}

impl Control {
    fn new(snapshot: Snapshot, field: Field) -> Self {
        let anybody = open_to_anybody(&field);
        let (mut must, mut listed, mut can) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut above: BTreeMap<Party, Vec<Party>> = BTreeMap::new();
        for party in field.parties() {
            let possibly = spread(&field, &[party], Mode::Can(&anybody));
            if possibly.is_empty() {
                continue;
            }
            for company in possibly.keys() {
                above.entry(*company).or_default().push(party);
            }
            must.insert(party, spread(&field, &[party], Mode::Must));
            listed.insert(party, spread(&field, &[party], Mode::Listed));
            can.insert(party, possibly);
        }
        let alone = Alone { field: &field, anybody: &anybody, must: &must, above: &above };
        let concerts = Concert::all(&snapshot, &alone);
        let ends = vec![OnceLock::new(); snapshot.register().len()];
        Self { snapshot, field, anybody, must, listed, can, concerts, above, ends }
    }

    /// The snapshot it is of.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The rule it is under.
    pub fn rule(&self) -> &ControlRule {
        &self.field.rule
    }

    /// Every company in which somebody is listed with a say, by number.
    pub fn companies(&self) -> impl Iterator<Item = Party> {
        self.field.companies()
    }

    /// Whether a party controls a company alone.
    pub fn mark(&self, party: Party, company: Party) -> Mark {
        if party == company {
            return Mark::No;
        }
        let can = self.step(&self.can, party, company).is_some() || self.may_be_anybody(company);
        mark(self.step(&self.must, party, company).is_some(), can)
    }

    /// Whether a party controls a company, alone or jointly with others in concert.
    pub fn mark_any(&self, party: Party, company: Party) -> Mark {
        self.mark(party, company).or(self.jointly(party, company))
    }

    /// Whether anybody at all may control a company, because too much of it is not listed.
    pub fn may_be_anybody(&self, company: Party) -> bool {
        self.anybody.has(company)
    }

    /// The part of a company's votes that a party casts, alone or through what it controls; `unlisted`:
    /// what is not listed may be its own, in the upper end.
    pub fn votes_of(&self, party: Party, company: Party, unlisted: bool) -> Bounds {
        let own = &[party];
        let surely = Coalition { own, reached: self.must.get(&party), anybody: None };
        let reached = if unlisted { self.can.get(&party) } else { self.listed.get(&party) };
        let possibly = Coalition { own, reached, anybody: unlisted.then_some(&self.anybody) };
        self.field.votes(company, &surely, &possibly, unlisted)
    }

    /// Who controls a company, or may: those alone first, by number, then those in concert.
    ///
    /// Only parties with a chain of listed stakes to it; [`Control::may_be_anybody`] says whether others
    /// may as well.
    pub fn controllers_of(&self, company: Party) -> Vec<Controller> {
        let alone =
            self.above.get(&company).into_iter().flatten().filter_map(|party| self.alone(*party, company));
        alone.chain(self.in_concert(company)).collect()
    }

    /// Who can stop decisions of a company.
    pub fn vetoes_of(&self, company: Party) -> Vec<Veto> {
        let stakes = self.snapshot.stakes_of(company).iter();
        let vetoes = stakes.filter(|stake| stake.kind == Kind::Veto && stake.holds != Mark::No);
        vetoes
            .map(|stake| Veto { party: stake.owner, company, holds: stake.holds, rows: stake.rows.clone() })
            .collect()
    }

    fn alone(&self, party: Party, company: Party) -> Option<Controller> {
        let surely = self.must.get(&party).filter(|reached| reached.contains_key(&company));
        let reached = surely.or_else(|| self.can.get(&party))?;
        let step = reached.get(&company)?;
        let through = self.with_nominees(party, company, reached, through(reached, *step));
        Some(Controller {
            party,
            company,
            controls: mark(surely.is_some(), true),
            ultimate: self.ultimate(party),
            steps: through.len() as u32 + 1,
            through,
            votes: self.votes_of(party, company, true),
            by: step.by,
            with: Vec::new(),
        })
    }

    /// A way of control with the nominations that sit on the boards of its companies: seats that the party
    /// before appoints, all by way of one nomination.
    fn with_nominees(
        &self,
        party: Party,
        company: Party,
        reached: &Reached,
        through: Vec<Party>,
    ) -> Vec<Party> {
        let register = self.snapshot.register();
        let mut way: Vec<Party> = Vec::new();
        for one in through.into_iter().chain([company]) {
            let by_board = reached.get(&one).is_some_and(|step| step.by == By::Board);
            let from = way.last().copied().unwrap_or(party);
            let seats =
                self.snapshot.seats(one).into_iter().filter(|(_, by)| by_board && by.contains(&Some(from)));
            let holders: BTreeSet<Option<Party>> = seats
                .map(|(seat, _)| register.party(&seat).filter(|id| register.is_nomination(*id)))
                .collect();
            if let (1, Some(Some(nominee))) = (holders.len(), holders.first()) {
                way.push(*nominee);
            }
            way.push(one);
        }
        way.pop();
        way
    }

    /// Whether a party controls a company alone; `unlisted`: what is not listed may be its own.
    pub(crate) fn mark_of(&self, party: Party, company: Party, unlisted: bool) -> Mark {
        if unlisted {
            return self.mark(party, company);
        }
        let can = self.step(&self.listed, party, company).is_some();
        mark(self.step(&self.must, party, company).is_some(), can)
    }

    /// Whether a party surely controls a company alone, by votes on every link of the way.
    pub(crate) fn by_votes(&self, party: Party, company: Party) -> bool {
        let Some(reached) = self.must.get(&party) else { return false };
        let mut step = reached.get(&company);
        while let Some(one) = step.filter(|one| one.by == By::Votes) {
            if one.links == 1 {
                return true;
            }
            step = reached.get(&one.from);
        }
        false
    }

    /// Who may control a company alone, by number.
    pub(crate) fn above(&self, company: Party) -> &[Party] {
        self.above.get(&company).map_or(&[], Vec::as_slice)
    }

    /// Where it is kept whether nobody controls a party.
    pub(crate) fn end(&self, party: Party) -> Option<&OnceLock<Mark>> {
        self.ends.get(party.place())
    }

    /// Who controls whom alone.
    pub(crate) fn alone_all(&self) -> Alone<'_> {
        Alone { field: &self.field, anybody: &self.anybody, must: &self.must, above: &self.above }
    }

    /// What a party may control alone.
    pub(crate) fn below(&self, party: Party) -> Option<&Reached> {
        self.can.get(&party)
    }

    fn step<'a>(&self, of: &'a BTreeMap<Party, Reached>, party: Party, company: Party) -> Option<&'a Step> {
        of.get(&party)?.get(&company)
    }
}
