use std::sync::OnceLock;

use filiera_model::{Day, Mark};
use filiera_tables::Population;
use rustc_hash::FxHashSet;

use crate::chain::Chain;
use crate::explained::set_apart;
use crate::matrix::{Matrix, Metric, State};
use crate::merge::stakes;
use crate::register::Seats;
use crate::statements::Fact;
use crate::totals::Totals;
use crate::votes::vote_bands;
use crate::{Conflict, Kind, Party, Register, Remark, Stake};

/// Who held what on one day, every stake once.
#[derive(Clone, Debug)]
pub struct Snapshot {
    register: Register,
    day: Day,
    /// Sorted by company, owner, kind and class.
    stakes: Vec<Stake>,
    starts: Vec<u32>,
    /// Of every owner the companies, each once.
    owned_starts: Vec<u32>,
    owned: Vec<Party>,
    /// Statements that may be indirect, sorted the same way; see [`Snapshot::claims`].
    claims: Vec<Claim>,
    equity: Whole,
    votes: OnceLock<Whole>,
    remarks: Vec<Remark>,
    conflicts: Vec<Conflict>,
}

/// A matrix with its cyclic cores.
#[derive(Clone, Debug, Default)]
struct Whole {
    matrix: Matrix,
    chain: Chain,
    /// Of every party whether a statement that may be indirect takes part in who owns it; empty where
    /// there is no such statement.
    loose: Vec<bool>,
    /// What is stated of totals.
    totals: OnceLock<Totals>,
}

impl Whole {
    fn of(matrix: Matrix, claims: &[Claim], metric: Metric) -> Self {
        let chain = Chain::of(&matrix);
        let claims = claims.iter().filter(|claim| claim.stake.kind == metric.kind());
        let loose = chain.below(&matrix, claims.map(|claim| claim.stake.company));
        Self { chain, matrix, loose, totals: OnceLock::new() }
    }
}

/// A statement that an owner holds a part of a company, directly or through others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What is stated.
    pub stake: Stake,
    /// Whether a chain of other stakes that can carry what is stated leads from the owner to the company:
    /// shares for a part of the capital, shares with votes or votes for a part of the votes. Then the
    /// statement adds no stake; else it stands among the stakes, with any size up to what is stated.
    /// Explained or not, it bounds what the owner has in all.
    pub explained: bool,
}

impl Snapshot {
    /// The state that these facts make.
    pub(crate) fn new(register: Register, facts: Vec<Fact>, day: Day) -> Self {
        let (stakes, mut remarks) = stakes(facts);
        let (stakes, claims) = set_apart(register.len(), stakes);
        remarks.extend(claims.iter().filter(|claim| claim.explained).flat_map(explained));
        let starts = starts(register.len(), stakes.iter().map(|stake| stake.company));
        let (owned_starts, owned) = owned(register.len(), &stakes);
        let equity = Whole::of(equity(&register, &stakes), &claims, Metric::Equity);
        let mut snapshot = Self {
            register,
            day,
            stakes,
            starts,
            owned_starts,
            owned,
            claims,
            equity,
            votes: OnceLock::new(),
            remarks,
            conflicts: Vec::new(),
        };
        snapshot.conflicts = snapshot.conflicts_of(&snapshot.equity.matrix, Kind::Shares);
        snapshot
    }

    /// The seats of a company's board on the day.
    pub(crate) fn seats(&self, company: Party) -> Seats {
        self.register.seats(company, self.day)
    }

    /// The agreements that are in force on the day: [`Register::agreements`].
    pub fn agreements(&self) -> impl Iterator<Item = (&str, Vec<(Party, Mark)>)> {
        self.register.agreements(self.day)
    }

    /// The register it was taken from.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// All stakes, sorted by company, owner, kind and class; statements that a chain explains are not
    /// among them.
    pub fn stakes(&self) -> &[Stake] {
        &self.stakes
    }

    /// The stakes in one company, sorted by owner, kind and class.
    pub fn stakes_of(&self, company: Party) -> &[Stake] {
        let at = |place: usize| self.starts.get(place).copied().unwrap_or(0) as usize;
        self.stakes.get(at(company.place())..at(company.place() + 1)).unwrap_or_default()
    }

    /// What one owner holds in one company, sorted by kind and class.
    pub fn stakes_by(&self, owner: Party, company: Party) -> &[Stake] {
        let all = self.stakes_of(company);
        let start = all.partition_point(|stake| stake.owner < owner);
        let end = all.partition_point(|stake| stake.owner <= owner);
        all.get(start..end).unwrap_or_default()
    }

    /// Statements that may be indirect, sorted by company and owner.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// The claims about one company.
    pub fn claims_of(&self, company: Party) -> &[Claim] {
        let start = self.claims.partition_point(|claim| claim.stake.company < company);
        let end = self.claims.partition_point(|claim| claim.stake.company <= company);
        self.claims.get(start..end).unwrap_or_default()
    }

    /// The claims of one owner about one company.
    pub fn claims_by(&self, owner: Party, company: Party) -> &[Claim] {
        let all = self.claims_of(company);
        let start = all.partition_point(|claim| claim.stake.owner < owner);
        let end = all.partition_point(|claim| claim.stake.owner <= owner);
        all.get(start..end).unwrap_or_default()
    }

    /// The parts of the capital: stakes of kind shares, classes added up, treasury shares as parts
    /// that the company has in itself.
    pub fn equity(&self) -> &Matrix {
        &self.equity.matrix
    }

    /// The parts of the capital, or of the votes.
    pub fn matrix(&self, metric: Metric) -> &Matrix {
        &self.of(metric).matrix
    }

    pub(crate) fn chain(&self, metric: Metric) -> &Chain {
        &self.of(metric).chain
    }

    /// Whether bounds of a company may be wider than necessary because of a statement that may be
    /// indirect.
    pub(crate) fn is_loose(&self, company: Party, metric: Metric) -> bool {
        self.of(metric).loose.get(company.place()) == Some(&true)
    }

    /// What is stated of totals of the capital, or of the votes.
    pub(crate) fn totals(&self, metric: Metric) -> &Totals {
        let whole = self.of(metric);
        whole.totals.get_or_init(|| Totals::of(self, &whole.matrix, &whole.chain, metric))
    }

    fn of(&self, metric: Metric) -> &Whole {
        match metric {
            Metric::Equity => &self.equity,
            Metric::Votes => self.votes.get_or_init(|| Whole::of(self.votes(), &self.claims, metric)),
        }
    }

    /// The votes of every company, from the votes of its own stakes.
    fn votes(&self) -> Matrix {
        let parts = self.companies().flat_map(|company| {
            let bands = vote_bands(self.stakes_of(company), self.is_complete(company));
            bands.into_iter().map(move |(owner, band)| (company, owner, band))
        });
        Matrix::new(self.register.len(), parts.collect(), |company| self.is_complete(company))
    }

    /// Every company with a stake in it, by number.
    pub fn companies(&self) -> impl Iterator<Item = Party> {
        self.stakes
            .chunk_by(|a, b| a.company == b.company)
            .filter_map(<[Stake]>::first)
            .map(|stake| stake.company)
    }

    /// The companies in which a party has a stake, by number, each once.
    pub fn owned_by(&self, owner: Party) -> &[Party] {
        let at = |place: usize| self.owned_starts.get(place).copied().unwrap_or(0) as usize;
        self.owned.get(at(owner.place())..at(owner.place() + 1)).unwrap_or_default()
    }

    /// Whether stakes of any kind lead from one party down to another.
    pub(crate) fn leads(&self, from: Party, to: Party) -> bool {
        self.below(from).contains(&to)
    }

    /// The parties to which stakes of any kind lead from one down.
    pub(crate) fn below(&self, from: Party) -> FxHashSet<Party> {
        let mut below = FxHashSet::default();
        let mut open = vec![from];
        while let Some(party) = open.pop() {
            open.extend(self.owned_by(party).iter().filter(|company| below.insert(**company)));
        }
        below
    }

    /// Whether the holders of a company are declared complete, as holdings or as control: what is not
    /// listed belongs to nobody who is named anywhere.
    pub fn is_complete(&self, company: Party) -> bool {
        is_complete(&self.register, company)
    }

    /// What cannot be true of one company that day.
    pub fn conflict(&self, company: Party) -> Option<&Conflict> {
        self.conflicts.iter().find(|conflict| conflict.company() == Some(company))
    }

    /// What was done with the statements in force that day, what was merged, and statements about totals
    /// that others contradict.
    pub fn remarks(&self) -> impl Iterator<Item = &Remark> {
        let contradicted = self.totals(Metric::Equity).remarks();
        self.register.remarks().iter().chain(&self.remarks).chain(contradicted)
    }

    /// What cannot be true that day.
    pub fn conflicts(&self) -> impl Iterator<Item = &Conflict> {
        self.register.conflicts().iter().chain(&self.conflicts)
    }

    /// The companies of a matrix whose lists cannot be true, with the rows of that kind.
    pub(crate) fn conflicts_of(&self, matrix: &Matrix, kind: Kind) -> Vec<Conflict> {
        let wrong = self.companies().filter(|company| matrix.state(*company) == State::Conflict);
        wrong.map(|company| self.over_whole(matrix, company, kind)).collect()
    }

    fn over_whole(&self, matrix: &Matrix, company: Party, kind: Kind) -> Conflict {
        let stakes = self.stakes_of(company).iter().filter(|stake| stake.kind == kind);
        let rows = stakes.flat_map(|stake| stake.rows.iter().copied()).collect();
        let sum = matrix.owners_of(company).map(|(_, band)| band.least.clone()).sum();
        Conflict::OverWhole { company, sum, rows }
    }
}

fn explained(claim: &Claim) -> Vec<Remark> {
    let Stake { owner, company, .. } = claim.stake;
    claim.stake.rows.iter().map(|row| Remark::Explained { owner, company, row: *row }).collect()
}

/// Where the entries of every party start, and where the last ends.
fn starts(parties: usize, entries: impl Iterator<Item = Party>) -> Vec<u32> {
    let mut starts = vec![0u32; parties + 1];
    for party in entries {
        if let Some(count) = starts.get_mut(party.place() + 1) {
            *count += 1;
        }
    }
    let mut end = 0;
    for start in &mut starts {
        end += *start;
        *start = end;
    }
    starts
}

fn equity(register: &Register, stakes: &[Stake]) -> Matrix {
    let shares = stakes.iter().filter(|stake| stake.kind == Kind::Shares && stake.holds != Mark::No);
    let parts = shares.map(|stake| {
        let owner = if stake.treasury { stake.company } else { stake.owner };
        (stake.company, owner, stake.share.clone())
    });
    let parts = parts.collect();
    Matrix::new(register.len(), parts, |company| is_complete(register, company))
}

fn is_complete(register: &Register, company: Party) -> bool {
    [Population::Holdings, Population::Control].into_iter().any(|of| register.is_complete(of, company))
}

/// Where each owner's companies start, and the companies, each once per owner.
fn owned(parties: usize, stakes: &[Stake]) -> (Vec<u32>, Vec<Party>) {
    let mut pairs: Vec<(Party, Party)> = stakes.iter().map(|stake| (stake.owner, stake.company)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    (
        starts(parties, pairs.iter().map(|(owner, _)| *owner)),
        pairs.into_iter().map(|(_, company)| company).collect(),
    )
}
