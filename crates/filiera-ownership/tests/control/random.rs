//! Random registers with cycles, bands, classes, boards, treasury and concert, against brute force.

use std::collections::BTreeSet;

use filiera_model::{Bounds, Exact, Mark};
use filiera_ownership::{Below, Metric, Tier};
use filiera_testkit::Tape;
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::brute::{Company, Holding, State, WHOLE, World, controlled, suspended};
use crate::draft::View;

const STEP: i64 = WHOLE / 20;
/// Up to so many states of affairs all are tried, else so many of them.
const ALL: usize = 1500;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn world(tape: &mut Tape<'_>, most: usize, wild: bool) -> World {
    let companies = 1 + tape.below(most);
    let parties = companies + 1 + tape.below(4);
    let company = |tape: &mut Tape<'_>, number| company(tape, number, parties, wild);
    let mut world = World { parties, ..World::default() };
    world.companies = (0..companies).map(|number| company(tape, number)).collect();
    if tape.one_in(3) {
        let members: BTreeSet<usize> = (0..2 + tape.below(2)).map(|_| tape.below(parties)).collect();
        world.pacts.extend((members.len() > 1).then(|| members.into_iter().collect()));
    }
    world
}

fn company(tape: &mut Tape<'_>, number: usize, parties: usize, wild: bool) -> Company {
    let mut company = Company { complete: tape.one_in(2), ..Company::default() };
    let mut left = 20i64;
    let classes = tape.one_in(3);
    let stated = tape.one_in(5);
    let mut owners = BTreeSet::new();
    for _ in 0..1 + tape.below(4) {
        let owner = (number + 1 + tape.below(parties)) % parties;
        if !owners.insert(owner) || left == 0 {
            continue;
        }
        let least = tape.below(left as usize + 1) as i64;
        left -= least;
        let most = if tape.one_in(3) { (least + tape.below(8) as i64).min(20) } else { least };
        let votes = if classes { tape.pick(&[1, 0, 2, 10]).unwrap_or(1) } else { 1 };
        let unknown = wild && classes && tape.one_in(6);
        company.rows.push(Holding {
            owner,
            least: least * STEP,
            most: most * STEP,
            least_open: most > least && tape.one_in(3),
            most_open: most > least && tape.one_in(3),
            votes: (!unknown).then_some(votes),
            is_votes: stated && tape.below(2) == 0,
            treasury: tape.one_in(12),
        });
    }
    if tape.one_in(4) {
        let seats = 1 + tape.below(3);
        let by = |tape: &mut Tape<'_>| (!tape.one_in(4)).then(|| tape.below(parties));
        company.seats = (0..seats).map(|_| by(tape)).collect();
        company.all_seats = tape.one_in(2);
    }
    company
}

/// States of affairs: of every company one. All of them, or some.
struct Affairs {
    of: Vec<Vec<State>>,
    picks: Vec<Vec<usize>>,
    all: bool,
}

/// Nothing where the statements about some company cannot be true together.
fn affairs(world: &World, takers: &[usize], mut seed: u64) -> Option<Affairs> {
    let states = |(number, company): (usize, &Company)| {
        let takers: Vec<usize> = takers.iter().copied().chain([world.outsider(number)]).collect();
        company.states(number, world.outsider(number), &takers)
    };
    let of: Vec<Vec<State>> = world.companies.iter().enumerate().map(states).collect();
    if of.iter().any(Vec::is_empty) {
        return None;
    }
    let count = of.iter().try_fold(1usize, |product, states| product.checked_mul(states.len()));
    let all = count.is_some_and(|count| count <= ALL);
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let picks = (0..count.filter(|_| all).unwrap_or(ALL / 5)).map(|mut number| {
        let pick = |states: &Vec<State>| {
            if !all {
                return next(states.len());
            }
            let place = number % states.len();
            number /= states.len();
            place
        };
        of.iter().map(pick).collect()
    });
    let picks = picks.collect();
    Some(Affairs { of, picks, all })
}

impl Affairs {
    fn each(&self) -> impl Iterator<Item = Vec<&State>> {
        self.picks
            .iter()
            .map(|pick| pick.iter().zip(&self.of).map(|(place, states)| &states[*place]).collect())
    }
}

/// Whether all, none or some say yes.
fn summary(said: impl Iterator<Item = bool>) -> Mark {
    let all: BTreeSet<bool> = said.collect();
    match (all.contains(&true), all.contains(&false)) {
        (true, false) => Mark::Yes,
        (false, _) => Mark::No,
        _ => Mark::Maybe,
    }
}

fn compare(world: &World, view: &View, party: usize, affairs: &Affairs) {
    let mut reached = Vec::new();
    let mut rules = BTreeSet::new();
    for states in affairs.each() {
        let silent = suspended(&states, world);
        reached.push(controlled(&states, &[party], &silent));
        rules.insert(silent);
    }
    let simple = world.companies.iter().all(Company::is_simple) && rules.len() == 1;
    for company in (0..world.companies.len()).filter(|company| *company != party) {
        let truth = summary(reached.iter().map(|set| set.contains(&company)));
        let (Some(_), Some(_)) = (known(view, world, party), known(view, world, company)) else { continue };
        let said = view.mark(&world.id(party), &world.id(company));
        let names = (world.id(party), world.id(company));
        assert!(said == Mark::Maybe || said == truth, "{names:?}: said {said:?}, is {truth:?} in {world:?}");
        if affairs.all && simple {
            assert_eq!(said, truth, "{names:?} in {world:?}");
        }
    }
}

fn known(view: &View, world: &World, party: usize) -> Option<()> {
    view.0.snapshot().register().party(&world.id(party)).map(|_| ())
}

proptest! {
    #![proptest_config(config(400))]

    /// What is certain is so in every state of affairs; what is not is so in some of them and in others
    /// not, as far as all of them can be tried.
    #[test]
    fn who_controls_alone(tape in proptest::collection::vec(any::<u8>(), 0..160), seed in any::<u64>()) {
        let world = world(&mut Tape::new(&tape), 8, true);
        let view = world.draft().control();
        for party in 0..world.parties {
            let Some(affairs) = affairs(&world, &[party], seed) else { return Ok(()) };
            compare(&world, &view, party, &affairs);
        }
    }

    /// The same where few enough states are possible for all of them to be tried.
    #[test]
    fn who_controls_alone_among_few(tape in proptest::collection::vec(any::<u8>(), 0..60), seed in any::<u64>()) {
        let world = world(&mut Tape::new(&tape), 3, false);
        let view = world.draft().control();
        for party in 0..world.parties {
            let Some(affairs) = affairs(&world, &[party], seed) else { return Ok(()) };
            compare(&world, &view, party, &affairs);
        }
    }

    /// Jointly is: all together do, and no other member does alone; or, for all that is known, with those who
    /// control a member, and nobody of them does alone.
    #[test]
    fn who_controls_jointly(tape in proptest::collection::vec(any::<u8>(), 0..120), seed in any::<u64>()) {
        let world = world(&mut Tape::new(&tape), 6, true);
        let Some(pact) = world.pacts.first() else { return Ok(()) };
        let view = world.draft().control();
        for party in 0..world.parties {
            let takers: BTreeSet<usize> = pact.iter().copied().chain([party]).collect();
            let takers: Vec<usize> = takers.into_iter().collect();
            let Some(affairs) = affairs(&world, &takers, seed) else { return Ok(()) };
            let others = |company: &usize| *company != party && !pact.contains(company);
            for company in (0..world.companies.len()).filter(others) {
                let each = affairs.each().flat_map(|states| jointly(&states, &world, pact, party, company));
                let truth = summary(each);
                let said = view.jointly(&world.id(party), &world.id(company));
                assert!(said == Mark::Maybe || said == truth, "{party} {company}: {said:?} {truth:?} in {world:?}");
            }
        }
    }

    /// The part of the votes lies within its bounds, and touches them.
    #[test]
    fn votes_lie_within_their_bounds(tape in proptest::collection::vec(any::<u8>(), 0..40)) {
        let world = world(&mut Tape::new(&tape), 1, false);
        let view = world.draft().control();
        let company = &world.companies[0];
        for party in 1..world.parties {
            if known(&view, &world, party).is_none() || known(&view, &world, 0).is_none() {
                continue;
            }
            let bounds = view.0.votes_of(view.party(&world.id(party)), view.party("C0"), false);
            let states = company.states(0, world.outsider(0), &[world.outsider(0)]);
            touches(&bounds, states.iter().map(|state| part(state, party)));
        }
    }

    /// What a law attributes to a set: within its bounds in every state of affairs, and touching them.
    #[test]
    fn attribution_lies_within_its_bounds(tape in proptest::collection::vec(any::<u8>(), 0..60), seed in any::<u64>()) {
        attribution(&tape, seed, Below::Nothing);
        attribution(&tape, seed, Below::Product);
    }
}

/// As the agreement binds its members only, and as it may bind those who control them as well.
fn jointly(states: &[&State], world: &World, pact: &[usize], party: usize, company: usize) -> [bool; 2] {
    let silent = suspended(states, world);
    let alone = |other: &usize| controlled(states, &[*other], &silent).contains(&company);
    let is_one = |member: &usize| *member == party || controlled(states, &[party], &silent).contains(member);
    let bound = controlled(states, pact, &silent).contains(&company)
        && pact
            .iter()
            .filter(|member| is_one(member))
            .any(|member| !pact.iter().any(|other| other != member && alone(other)));
    let controls_one =
        |one: &usize| controlled(states, &[*one], &silent).iter().any(|company| pact.contains(company));
    let all: Vec<usize> = (0..world.parties)
        .filter(|one| *one != company && (pact.contains(one) || controls_one(one)))
        .collect();
    let beside = all.contains(&party)
        && controlled(states, &all, &silent).contains(&company)
        && !all.iter().any(alone);
    [bound, bound || beside]
}

fn part(state: &State, party: usize) -> Exact {
    let all: i64 = state.votes.iter().map(|(_, votes)| votes).sum::<i64>() + state.rest.1;
    let theirs: i64 = state.votes.iter().filter(|(owner, _)| *owner == party).map(|(_, votes)| votes).sum();
    Exact::ratio(theirs, all).unwrap_or_default()
}

/// Every value lies within, and each end is reached, or all but reached where it is open.
fn touches(bounds: &Bounds, values: impl Iterator<Item = Exact>) {
    let all: BTreeSet<Exact> = values.collect();
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return };
    let (least, most) = (bounds.lower.value.clone().unwrap(), bounds.upper.value.clone().unwrap());
    assert!(*first >= least && *last <= most, "{first} {last} {bounds:?}");
    // One part of the whole, with up to ten votes a share, on either side of a fraction.
    let near = Exact::ratio(100, WHOLE).unwrap();
    assert!(first - &least <= near && &most - last <= near, "{first} {last} {bounds:?}");
    assert!(!bounds.lower.open || *first > least, "{first} {bounds:?}");
    assert!(!bounds.upper.open || *last < most, "{last} {bounds:?}");
}

/// Owners of companies come after them, unless nothing is multiplied: then sums end after a few steps.
fn attribution(tape: &[u8], seed: u64, below: Below) {
    let mut tape = Tape::new(tape);
    let mut world = world(&mut tape, 4, false);
    for (number, company) in world.companies.iter_mut().enumerate() {
        company.seats.clear();
        for row in &mut company.rows {
            (row.is_votes, row.treasury, row.votes) = (false, false, Some(1));
        }
        company.rows.retain(|row| row.owner != number && (below == Below::Nothing || row.owner > number));
    }
    let full_at = Exact::ratio(1 + tape.below(3), 4).unwrap();
    let marked: Vec<usize> = (world.companies.len()..world.parties).filter(|_| tape.below(2) == 0).collect();
    let snapshot = world.draft().snapshot();
    let marks = |party| {
        let is = marked.iter().any(|one| snapshot.register().party(&world.id(*one)) == Some(party));
        if is { Mark::Yes } else { Mark::No }
    };
    let tier = Tier { full_at, below };
    let bounds = snapshot.attributed(Metric::Equity, &tier, &marks, Mark::No);
    // What is not listed is nobody's of the set here: the outsiders'.
    let Some(affairs) = affairs(&world, &[], seed) else { return };
    let each: Vec<Vec<Exact>> = affairs.each().map(|states| attributed(&states, &marked, &tier)).collect();
    for company in 0..world.companies.len() {
        let Some(party) = snapshot.register().party(&world.id(company)) else { continue };
        let values = each.iter().map(|parts| parts[company].clone());
        if affairs.all {
            let simple =
                world.companies.iter().flat_map(|one| &one.rows).all(|row| !row.least_open && !row.most_open);
            if simple {
                touches(&bounds[party.place()], values);
                continue;
            }
        }
        for value in values {
            let (least, most) = (&bounds[party.place()].lower.value, &bounds[party.place()].upper.value);
            assert!(Some(&value) >= least.as_ref() && Some(&value) <= most.as_ref(), "C{company} {value}");
        }
    }
}

/// The plain rule, again and again until nothing changes.
fn attributed(states: &[&State], marked: &[usize], tier: &Tier) -> Vec<Exact> {
    let mut parts = vec![Exact::zero(); states.len()];
    loop {
        let counts = |owner: usize| match parts.get(owner) {
            _ if marked.contains(&owner) => Exact::one(),
            Some(part) if *part >= tier.full_at => Exact::one(),
            Some(part) if tier.below == Below::Product => part.clone(),
            _ => Exact::zero(),
        };
        let of = |state: &&State| -> Exact {
            let whole = |share: i64| Exact::ratio(share, WHOLE).unwrap();
            state.votes.iter().map(|(owner, share)| whole(*share) * counts(*owner)).sum()
        };
        let next: Vec<Exact> = states.iter().map(of).collect();
        if next == parts {
            return parts;
        }
        parts = next;
    }
}
