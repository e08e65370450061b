//! Statements about totals, "directly or through others", held against true states of affairs: random
//! registers of which only some is listed, exactly or in bands, and totals worked out from all of it. In
//! exact arithmetic.

mod common;

use std::collections::BTreeSet;

use common::{Row, banded, n, row_of, snapshot, stake, unknown};
use filiera_model::{Bounds, Exact, Mark, Quality};
use filiera_ownership::{Band, ControlRule, Kind, Metric, Party, Remark, Snapshot};
use filiera_testkit::Tape;
use proptest::prelude::*;

/// Parts are counted in twentieths.
const WHOLE: usize = 20;

/// Who has what of whom in truth, and what is listed of it.
#[derive(Clone, Debug)]
struct World {
    companies: usize,
    /// Of every company the part of every party, companies first.
    parts: Vec<Vec<usize>>,
    /// Of every company whether a party is listed.
    listed: Vec<Vec<bool>>,
    rows: Vec<Row>,
    complete: Vec<String>,
}

fn part(twentieths: usize) -> Exact {
    Exact::ratio(twentieths, WHOLE).unwrap()
}

fn half() -> Exact {
    n("1/2")
}

impl World {
    /// `cycles`: companies hold each other as it comes, else only later ones hold earlier ones.
    fn draw(tape: &mut Tape<'_>, cycles: bool) -> Self {
        let companies = 2 + tape.below(3);
        let parties = companies + 2;
        let mut world = Self {
            companies,
            parts: vec![vec![0; parties]; companies],
            listed: vec![vec![false; parties]; companies],
            rows: Vec::new(),
            complete: Vec::new(),
        };
        for company in 0..companies {
            world.divide(tape, company, cycles);
            world.list(tape, company);
        }
        world
    }

    fn divide(&mut self, tape: &mut Tape<'_>, company: usize, cycles: bool) {
        let mut left = WHOLE;
        let first = if cycles { 0 } else { company + 1 };
        for owner in (first..self.companies + 2).filter(|owner| *owner != company) {
            if tape.below(2) == 0 {
                let part = if tape.below(4) == 0 { left } else { tape.below(left + 1) };
                self.parts[company][owner] = part;
                left -= part;
            }
        }
    }

    fn list(&mut self, tape: &mut Tape<'_>, company: usize) {
        let mut hidden = false;
        for owner in 0..self.companies + 2 {
            let part = self.parts[company][owner];
            if part == 0 {
                continue;
            }
            // Who owns a company of which nobody is listed at all is left to whoever asks.
            if self.listed[company].contains(&true) && tape.below(4) == 0 {
                hidden = true;
                continue;
            }
            self.listed[company][owner] = true;
            let (below, above) = if tape.below(2) == 0 { (0, 0) } else { (tape.below(20), tape.below(20)) };
            let band = Band::between(
                crate::part(part.saturating_sub(below)),
                crate::part((part + above).min(WHOLE)),
            );
            self.rows.push(row_of(&self.name(owner), &self.name(company), &band));
        }
        let is_whole = self.parts[company].iter().sum::<usize>() == WHOLE;
        if !hidden && is_whole && tape.below(3) == 0 {
            self.complete.push(self.name(company));
        }
    }

    fn name(&self, party: usize) -> String {
        if party < self.companies { format!("C{party}") } else { format!("P{}", party - self.companies) }
    }

    fn place(&self, name: &str) -> usize {
        (0..self.companies + 2).find(|party| self.name(*party) == name).unwrap()
    }

    fn hides(&self) -> bool {
        (0..self.companies).any(|company| self.of(company).any(|(owner, _)| !self.listed[company][owner]))
    }

    /// The owners of a company with their parts.
    fn of(&self, company: usize) -> impl Iterator<Item = (usize, Exact)> {
        self.parts[company].iter().enumerate().filter(|(_, part)| **part > 0).map(|(o, p)| (o, part(*p)))
    }

    /// What of every company ends with a set; `all`: with what is not listed.
    fn reach(&self, set: &BTreeSet<usize>, all: bool) -> Vec<Exact> {
        let parties = self.companies + 2;
        let counts = |company: usize, owner: usize| all || self.listed[company][owner];
        let mut rows = vec![(vec![Exact::zero(); parties], Exact::zero()); parties];
        for (company, (factors, constant)) in rows.iter_mut().enumerate().take(self.companies) {
            for (owner, part) in self.of(company).filter(|(owner, _)| counts(company, *owner)) {
                if set.contains(&owner) {
                    *constant += &part;
                } else {
                    factors[owner] = part;
                }
            }
        }
        common::least_solution(rows)
    }

    /// The companies that a party controls by more than half of their votes, one vote a share.
    fn controlled(&self, party: usize) -> BTreeSet<usize> {
        let mut controlled = BTreeSet::new();
        loop {
            let more = (0..self.companies)
                .filter(|company| *company != party && !controlled.contains(company))
                .find(|company| self.votes(party, &controlled, *company) > half());
            match more {
                Some(company) => controlled.insert(company),
                None => return controlled,
            };
        }
    }

    fn votes(&self, party: usize, controlled: &BTreeSet<usize>, company: usize) -> Exact {
        let theirs = self.of(company).filter(|(owner, _)| *owner == party || controlled.contains(owner));
        theirs.map(|(_, part)| part).sum()
    }

    /// States a total in the steps of a twentieth around it.
    fn state(&mut self, owner: usize, company: usize, kind: Kind, total: &Exact) {
        let twentieths = total * &Exact::from_int(WHOLE as u32);
        let end = |rounding| twentieths.to_multiple(&Exact::one(), rounding).unwrap() * part(1);
        let band = Band::between(end(filiera_model::Rounding::Down), end(filiera_model::Rounding::Up));
        let row = row_of(&self.name(owner), &self.name(company), &band);
        self.rows.push(Row { direct: Some(false), kind: Some(kind.name().to_owned()), ..row });
    }

    fn snapshot(&self) -> Snapshot {
        let complete: Vec<&str> = self.complete.iter().map(String::as_str).collect();
        snapshot(&common::complete(&self.rows, &complete))
    }
}

fn above_lower(bounds: &Bounds, value: &Exact) -> bool {
    let least = bounds.lower.value.as_ref().unwrap();
    if bounds.lower.open { value > least } else { value >= least }
}

fn below_upper(bounds: &Bounds, value: &Exact) -> bool {
    let most = bounds.upper.value.as_ref().unwrap();
    if bounds.upper.open { value < most } else { value <= most }
}

/// Asks for a set, and for every company whether the truth lies inside.
fn check_set(world: &World, snapshot: &Snapshot, set: &BTreeSet<usize>) {
    let marks = |party: Party| {
        let inside = set.contains(&world.place(snapshot.register().name(party)));
        if inside { Mark::Yes } else { Mark::No }
    };
    let (truth, listed) = (world.reach(set, true), world.reach(set, false));
    let everywhere = snapshot.reach_all(Metric::Equity, &marks, Mark::No);
    for company in 0..world.companies {
        let name = world.name(company);
        let Some(party) = snapshot.register().party(&name) else { continue };
        let (truth, listed) = (&truth[company], &listed[company]);
        let open = snapshot.reach(party, Metric::Equity, &marks, Mark::Maybe);
        assert!(
            above_lower(&open, truth) && below_upper(&open, truth),
            "{set:?} in {name}: {truth} {open:?}"
        );
        for closed in [&snapshot.reach(party, Metric::Equity, &marks, Mark::No), &everywhere[party.place()]] {
            assert!(above_lower(closed, truth), "{set:?} in {name}: {truth} {closed:?}");
            assert!(below_upper(closed, listed), "{set:?} in {name}: {listed} {closed:?}");
            let inside = world.hides() || below_upper(closed, truth);
            assert!(inside, "{set:?} in {name}: {truth} {closed:?}");
        }
    }
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(400))]

    /// Whatever is stated of totals, the truth that they are worked out from lies inside the bounds, and
    /// nobody is said to contradict it.
    #[test]
    fn the_truth_lies_inside(tape in prop::collection::vec(any::<u8>(), 0..160)) {
        let mut tape = Tape::new(&tape);
        let mut world = World::draw(&mut tape, true);
        let parties = world.companies + 2;
        for _ in 0..1 + tape.below(5) {
            let (owner, company) = (tape.below(parties), tape.below(world.companies));
            if owner != company {
                let total = world.reach(&BTreeSet::from([owner]), true)[company].clone();
                world.state(owner, company, Kind::Shares, &total);
            }
        }
        let snapshot = world.snapshot();
        assert_eq!(snapshot.conflicts().collect::<Vec<_>>(), Vec::<&filiera_ownership::Conflict>::new(), "{world:?}");
        // What is kept of cores for the next holding is what is worked out anew.
        for holding in snapshot.holdings().chain(snapshot.holdings()) {
            let filiera_ownership::Holder::Party(owner) = holding.owner else { continue };
            let marks = |party| if party == owner { Mark::Yes } else { Mark::No };
            let anew = snapshot.reach(holding.company, Metric::Equity, &marks, Mark::No);
            assert_eq!(holding.share, anew);
        }
        let contradicted = snapshot.remarks().find(|one| matches!(one, Remark::Contradicted { .. }));
        assert_eq!(contradicted, None);
        for one in 0..parties {
            check_set(&world, &snapshot, &BTreeSet::from([one]));
        }
        for _ in 0..4 {
            let set: BTreeSet<usize> = (0..parties).filter(|_| tape.below(3) == 0).collect();
            check_set(&world, &snapshot, &set);
        }
    }

    /// Totals of votes and of capital never make somebody control, or not control, who in truth does not,
    /// or does.
    #[test]
    fn control_stays_true(tape in prop::collection::vec(any::<u8>(), 0..120)) {
        let mut tape = Tape::new(&tape);
        let mut world = World::draw(&mut tape, false);
        let parties = world.companies + 2;
        for _ in 0..1 + tape.below(4) {
            let (owner, company) = (tape.below(parties), tape.below(world.companies));
            if owner == company {
                continue;
            }
            if tape.below(2) == 0 {
                let total = world.reach(&BTreeSet::from([owner]), true)[company].clone();
                world.state(owner, company, Kind::Shares, &total);
            } else {
                let total = world.votes(owner, &world.controlled(owner), company);
                world.state(owner, company, Kind::Votes, &total);
            }
        }
        let control = world.snapshot().control(&ControlRule::default());
        let register = control.snapshot().register();
        for party in 0..parties {
            let controlled = world.controlled(party);
            for company in (0..world.companies).filter(|company| *company != party) {
                let id = |party| register.party(&world.name(party));
                let (Some(by), Some(of)) = (id(party), id(company)) else { continue };
                let truth = Mark::from_sql(Some(controlled.contains(&company)));
                let mark = control.mark(by, of);
                assert!(mark == Mark::Maybe || mark == truth, "{party} {company}: {mark:?} {world:?}");
            }
        }
    }
}

fn maybe_indirect(row: Row) -> Row {
    Row { direct: Some(false), ..row }
}

fn held(snapshot: &Snapshot, owner: &str, company: &str) -> Bounds {
    snapshot.holding(common::party(snapshot, owner), common::party(snapshot, company)).share
}

fn contradicted(snapshot: &Snapshot) -> Vec<(String, String)> {
    let name = |party: &Party| snapshot.register().name(*party).to_owned();
    let all = snapshot.remarks().filter_map(|remark| match remark {
        Remark::Contradicted { owner, company, .. } => Some((name(owner), name(company))),
        _ => None,
    });
    all.collect()
}

#[test]
fn a_total_settles_what_a_chain_leaves_open() {
    let chain = [stake("B", "A", "0.6"), unknown("P", "B")];
    let total = maybe_indirect(stake("P", "A", "0.3"));
    let stated = snapshot(&common::dossier(&[chain[0].clone(), chain[1].clone(), total]));
    assert!(stated.claims()[0].explained);
    assert_eq!(held(&stated, "P", "A"), Bounds::exactly(n("0.3")));
    assert_eq!(contradicted(&stated), []);
    // What the company holds is a part of it: the total goes on below.
    let below =
        [chain[0].clone(), chain[1].clone(), maybe_indirect(stake("P", "A", "0.3")), stake("A", "T", "0.5")];
    assert_eq!(held(&snapshot(&common::dossier(&below)), "P", "T"), Bounds::exactly(n("0.15")));
}

#[test]
fn a_total_may_come_in_ways_that_are_not_listed() {
    let rows =
        [stake("B", "A", "0.6"), stake("P", "B", "1"), maybe_indirect(banded("P", "A", "0.75", "0.9"))];
    let more = snapshot(&common::dossier(&rows));
    let share = held(&more, "P", "A");
    assert_eq!((share.lower.value, share.upper.value), (Some(n("0.75")), Some(n("0.9"))));
    assert_eq!(share.quality, Quality::Sound);
    assert_eq!(contradicted(&more), []);
}

#[test]
fn a_total_that_cannot_be_is_named() {
    let listed = [stake("B", "A", "1"), stake("P", "B", "0.4"), stake("Q", "B", "0.6")];
    let with = |total: &str| {
        let mut rows = listed.to_vec();
        rows.push(maybe_indirect(stake("P", "A", total)));
        snapshot(&common::complete(&rows, &["A", "B", "P", "Q"]))
    };
    let pair = ("P".to_owned(), "A".to_owned());
    for (total, ends) in [("0.3", ("0.3", "0.4")), ("0.7", ("0.4", "0.7"))] {
        let wrong = with(total);
        assert_eq!(contradicted(&wrong), std::slice::from_ref(&pair));
        let share = held(&wrong, "P", "A");
        assert_eq!((share.lower.value, share.upper.value), (Some(n(ends.0)), Some(n(ends.1))), "{total}");
        assert_eq!(share.quality, Quality::Sound);
        assert_eq!(held(&wrong, "Q", "A").lower.value, Some(n("0.6")), "others have what is listed");
    }
    assert_eq!(contradicted(&with("0.4")), []);
}

#[test]
fn direct_and_indirect_parts_of_one_owner_may_add_up_or_not() {
    // Nobody says whether the 50 % held through others contain the 30 % held directly.
    let rows = [
        stake("P", "A", "0.3"),
        stake("B", "A", "0.7"),
        unknown("P", "B"),
        maybe_indirect(stake("P", "A", "0.5")),
    ];
    let share = held(&snapshot(&common::dossier(&rows)), "P", "A");
    assert_eq!((share.lower.value, share.upper.value), (Some(n("0.5")), Some(n("0.8"))));
}

#[test]
fn shares_are_carried_by_shares_only() {
    let by_law = Row { kind: Some("contract".into()), ..unknown("state", "ministry") };
    let rows = [
        by_law,
        stake("ministry", "A", "1"),
        maybe_indirect(stake("state", "A", "1")),
        stake("A", "T", "0.5"),
    ];
    let stated = snapshot(&common::complete(&rows, &["A"]));
    assert!(!stated.claims()[0].explained);
    assert_eq!(held(&stated, "state", "A"), Bounds::exactly(n("1")));
    assert_eq!(held(&stated, "ministry", "A"), Bounds::exactly(n("1")));
    assert_eq!(held(&stated, "state", "T"), Bounds::exactly(n("0.5")));
    let control = stated.control(&ControlRule::default());
    let id = |name| common::party(&stated, name);
    assert_eq!(control.mark(id("state"), id("A")), Mark::Yes, "nobody else has a part");
    let ends: Vec<Party> = stated
        .holdings_of(id("A"))
        .into_iter()
        .filter(|holding| holding.ultimate && holding.share.lower.value != Some(Exact::zero()))
        .filter_map(|holding| match holding.owner {
            filiera_ownership::Holder::Party(party) => Some(party),
            _ => None,
        })
        .collect();
    assert_eq!(ends, [id("state")], "the whole is held once");
}

#[test]
fn votes_stated_of_somebody_decide_whoever_casts_them() {
    let votes = |row| Row { kind: Some("votes".into()), ..maybe_indirect(row) };
    let rows = [stake("B", "A", "0.9"), unknown("P", "B"), votes(banded("P", "A", ">0.5", "0.75"))];
    let stated = snapshot(&common::dossier(&rows));
    let control = stated.control(&ControlRule::default());
    let id = |name| common::party(&stated, name);
    assert_eq!(control.mark(id("P"), id("A")), Mark::Yes);
    assert_eq!(control.mark(id("P"), id("B")), Mark::Maybe);
    // Two who have nothing to do with each other can only have it jointly.
    let joint = [votes(banded("P", "A", ">0.75", "1")), votes(banded("Q", "A", ">0.75", "1"))];
    let joint = snapshot(&common::dossier(&joint));
    let control = joint.control(&ControlRule::default());
    let mark = |name| control.mark(common::party(&joint, name), common::party(&joint, "A"));
    assert_eq!((mark("P"), mark("Q")), (Mark::Maybe, Mark::Maybe));
}
