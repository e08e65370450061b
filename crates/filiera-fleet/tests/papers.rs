//! The papers of a fleet, counted by adding up, are those that settling each vehicle names.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use filiera_engine::{Engine, SettleQuestion};
use filiera_finding::{NoSet, PaperTally, Settling};
use filiera_fleet::synth::{Oddities, Options, Portion, generate};
use filiera_fleet::{FleetJudgement, InMemory, judge_whole};
use filiera_model::Verdict;
use filiera_packs::Pack;
use filiera_tables::{Dossier, TableKind};
use proptest::prelude::*;

use common::{parsed, settings, zones};

const PACK: &str = r#"
[pack]
title = "what papers decide"
status = "draft"

[parameter.half]
unit = "share"
values = [
    { from = 2020-01-01, to = 2025-03-31, value = "40 %", cite = "x" },
    { from = 2025-04-01, value = "45 %", cite = "x" },
]

[condition.by-value]
title = "by value, dated"
per = "vehicle"
when = "plant_country = 'IT'"
dated_by = "built_on"
share = { of = "components", weigh = "value", where = "origin IN ('IT')" }
at_least = "$half"
unknown = { counts_as = "no", cite = "x" }

[condition.by-pieces]
title = "by number, of some suppliers"
per = "vehicle"
share = { of = "components", weigh = "count", among = "supplier_country <> 'CN'", where = "origin IN @EU" }
more_than = "40 %"

[condition.not-from-china]
title = "at most a fifth from China"
per = "vehicle"
share = { of = "components", weigh = "value", where = "origin IN ('CN')" }
at_most = "20 %"

[condition.seats]
title = "less than half from suppliers abroad"
per = "vehicle"
share = { of = "components", weigh = "mass", where = "supplier_country NOT IN ('IT')" }
less_than = "50 %"

[condition.every-one]
title = "everything of two classes from home"
per = "vehicle"
every = { of = "components", among = "class IN ('battery', 'infotainment')", where = "origin IN ('IT')" }

[condition.any-at-all]
title = "some from Germany"
per = "vehicle"
any = { of = "components", where = "origin IN ('DE')" }

[condition.number]
title = "at least two rows from home"
per = "vehicle"
count = { of = "components", where = "origin IN ('IT')" }
at_least = "2"

[condition.kilograms]
title = "at most so many kilograms from China"
per = "vehicle"
total = { of = "components", weigh = "mass", where = "origin IN ('CN')" }
at_most = "10"
"#;

fn pack() -> Arc<Pack> {
    parsed(PACK)
}

fn by_sums(dossier: &Dossier, rows_in_a_piece: usize) -> FleetJudgement {
    let installed = dossier.table(TableKind::Installed).expect("installed");
    let rows: Vec<u32> = (0..installed.len() as u32).collect();
    let tables: Vec<_> =
        rows.chunks(rows_in_a_piece).map(|rows| installed.take(rows).expect("rows")).collect();
    let pieces = InMemory::new(&tables);
    judge_whole(dossier, &pieces, &[pack()], &zones(), &settings(), None, &|_, _| {}).expect("judged")
}

/// Condition and paper; vehicles in which it is missing, decides when it says what one hopes, and decides
/// whatever it says.
type Counted = BTreeMap<(String, String), [BTreeSet<String>; 3]>;

/// What settling says, and of which conditions and vehicles it does not tell what decides whatever it says.
fn by_settling(dossier: &Dossier) -> (Counted, BTreeSet<String>) {
    let (packs, zones, settings) = ([pack()], zones(), settings());
    let engine = Engine::new(dossier, &packs, &zones, &settings).expect("an engine");
    let question = SettleQuestion { within: 40, ..SettleQuestion::default() };
    let settlement = engine.settle(&question, &|_, _| {}).expect("settled");
    let (mut counted, mut silent) = (Counted::new(), BTreeSet::new());
    for settling in &settlement.settlings {
        let (condition, vehicle) = (&settling.finding.condition, &settling.finding.subject);
        if settling.not_either_way == Some(NoSet::TooMany) {
            silent.insert(condition.clone());
        }
        for paper in &settling.papers {
            let sets = counted.entry((condition.clone(), paper.clone())).or_default();
            sets[0].insert(vehicle.clone());
            if settling.alone.iter().any(|says| says.paper == *paper) {
                sets[1].insert(vehicle.clone());
            }
            if decides_whatever(settling, paper) {
                sets[2].insert(vehicle.clone());
            }
        }
    }
    (counted, silent)
}

fn decides_whatever(settling: &Settling, paper: &str) -> bool {
    settling.either_way.as_ref().is_some_and(|set| set.names().eq([paper]))
}

/// How many papers were compared, and how many of them decide something by themselves.
fn compare(dossier: &Dossier, rows_in_a_piece: usize) -> (usize, usize) {
    let (expected, silent) = by_settling(dossier);
    let judged = by_sums(dossier, rows_in_a_piece);
    let (mut compared, mut decides) = (0, 0);
    for condition in &judged.conditions {
        let open = condition.told.iter().filter_map(|told| told.pair());
        let open = open.filter(|[range, _]| *range == Verdict::Undetermined).count() as u64;
        assert_eq!(condition.looked_into, open, "{}", condition.condition);
        let own: BTreeMap<&str, &PaperTally> =
            condition.papers.iter().map(|one| (one.paper.paper.as_str(), one)).collect();
        assert_eq!(own.len(), condition.papers.len(), "a paper twice: {:?}", condition.papers);
        for ((_, name), [missing, alone, either]) in
            expected.iter().filter(|((of, _), _)| *of == condition.condition)
        {
            // Facts about a vehicle are no papers about what is installed.
            if name.starts_with("plant_country:") {
                continue;
            }
            let paper = own
                .get(name.as_str())
                .unwrap_or_else(|| panic!("{name} of {}: {own:#?}", condition.condition));
            let counts = format!("{} {paper:#?}\n{missing:?}\n{alone:?}\n{either:?}", condition.condition);
            assert_eq!(paper.missing_in, missing.len() as u64, "{counts}");
            let untold = paper.untold_in;
            let between = |found: u64, all: u64| (found..=found + untold).contains(&all);
            assert!(between(paper.decides_in, alone.len() as u64), "{counts}");
            if !silent.contains(&condition.condition) {
                assert!(between(paper.either_way_in, either.len() as u64), "{counts}");
            }
            compared += 1;
            decides += usize::from(paper.decides_in > 0);
        }
        let names: BTreeSet<&str> = expected
            .keys()
            .filter(|(of, _)| *of == condition.condition)
            .map(|(_, name)| name.as_str())
            .collect();
        assert!(own.keys().all(|name| names.contains(name)), "{names:?}\n{:?}", own.keys());
    }
    (compared, decides)
}

fn any_oddities() -> impl Strategy<Value = Oddities> {
    any::<[bool; 9]>().prop_map(|on| Oddities {
        alternatives: on[0],
        apportioned: on[1],
        vague_origins: on[2],
        price_ranges: on[3],
        both_papers: on[4],
        unknown_seats: on[5],
        changed_papers: on[6],
        odd_quantities: on[7],
        no_suppliers: on[8],
        ..Oddities::NONE
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn papers_by_sums_are_papers_by_settling(
        seed in 0u64..1_000_000,
        oddities in any_oddities(),
        lines in 2u32..7,
        missing in 5u8..40,
        unpriced in prop_oneof![Just(0u8), 0u8..20],
        rows_in_a_piece in prop_oneof![Just(5usize), Just(1000)],
    ) {
        let unpriced = Portion::percent(unpriced);
        let missing = Portion::percent(missing);
        let options = Options { oddities, missing, unpriced, ..Options::new(8, lines, lines * 4, seed) };
        compare(&generate(&options).expect("a dossier"), rows_in_a_piece);
    }
}

#[test]
fn plain_fleets_have_papers_that_decide() {
    let options = Options { missing: Portion::percent(30), ..Options::new(12, 6, 40, 7) };
    let dossier = generate(&options).expect("a dossier");
    let (compared, decides) = compare(&dossier, 37);
    assert!(compared > 20 && decides > 5, "{compared} {decides}");
}
