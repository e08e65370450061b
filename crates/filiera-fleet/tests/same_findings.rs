//! Lot by lot or vehicle by vehicle: the same verdicts and the same bounds.

mod common;
#[path = "common/oddities.rs"]
mod oddities;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::StringArray;
use filiera_engine::Engine;
use filiera_finding::{Finding, Reason};
use filiera_fleet::synth::{Oddities, Options, Portion, generate};
use filiera_fleet::{FleetDecision, FleetError, FleetJudgement, InMemory, judge_fleet, judge_whole};
use filiera_model::Verdict;
use filiera_packs::Pack;
use filiera_tables::{Dossier, Place, Table, TableKind};
use proptest::prelude::*;

use common::{parsed, settings, zones};
use oddities::any_oddities;

/// Every form that adds up, with scopes, dated parameters, mixed predicates and closures.
const PACK: &str = include_str!("everything.toml");

fn pack() -> Arc<Pack> {
    parsed(PACK)
}

type Key = (String, Option<String>, String);

fn by_engine(dossier: &Dossier, packs: &[Arc<Pack>]) -> BTreeMap<Key, Finding> {
    let (zones, settings) = (zones(), settings());
    let engine = Engine::new(dossier, packs, &zones, &settings).unwrap_or_else(|error| panic!("{error:?}"));
    let judged = engine.judge(&|_, _| {}).expect("judged");
    let all = judged.findings.into_iter().chain(judged.readings);
    all.map(|one| ((one.condition.clone(), one.reading.clone(), one.subject.clone()), one)).collect()
}

/// The judgement, and of each condition and row of `vehicles` the decision.
type ByLot = (FleetJudgement, Vec<Vec<Option<FleetDecision>>>);

fn by_lot(dossier: &Dossier, packs: &[Arc<Pack>]) -> Result<ByLot, FleetError> {
    let installed = dossier.table(TableKind::Installed).expect("installed");
    // In pieces, as a file gives them.
    let rows: Vec<u32> = (0..installed.len() as u32).collect();
    let tables: Vec<_> = rows.chunks(37).map(|rows| installed.take(rows).expect("rows")).collect();
    let pieces = InMemory::new(&tables);
    let (zones, settings) = (zones(), settings());
    let quick = judge_fleet(dossier, &pieces, packs, &zones, &settings, None, &|_, _| {})?;
    let vehicles = dossier.table(TableKind::Vehicles).expect("vehicles").len();
    let mut decisions = vec![vec![None; vehicles]; quick.conditions.len()];
    let mut hears = |vehicle: u32, found: &[Option<FleetDecision>]| {
        for (all, decision) in decisions.iter_mut().zip(found) {
            all[vehicle as usize] = decision.clone();
        }
        Ok(())
    };
    let found = judge_fleet(dossier, &pieces, packs, &zones, &settings, Some(&mut hears), &|_, _| {})?;
    for (quick, found) in quick.conditions.iter().zip(&found.conditions) {
        assert_eq!(quick.told, found.told, "{}", quick.condition);
    }
    Ok((found, decisions))
}

/// Every finding is told once, as the engine has it, as far as it is told.
fn compare_told(dossier: &Dossier, packs: &[Arc<Pack>], expected: &BTreeMap<Key, Finding>) {
    let installed = dossier.table(TableKind::Installed).expect("installed");
    let rows: Vec<u32> = (0..installed.len() as u32).collect();
    let tables: Vec<_> = rows.chunks(41).map(|rows| installed.take(rows).expect("rows")).collect();
    let (zones, settings) = (zones(), settings());
    let mut told: BTreeMap<Key, (Finding, bool)> = BTreeMap::new();
    let mut tells = |one: &Finding, by_sum: bool| {
        let key = (one.condition.clone(), one.reading.clone(), one.subject.clone());
        let again = told.insert(key, (one.clone(), by_sum));
        assert!(again.is_none(), "told twice: {again:?}");
        Ok(())
    };
    let pieces = InMemory::new(&tables);
    let judged = judge_whole(dossier, &pieces, packs, &zones, &settings, Some(&mut tells), &|_, _| {})
        .expect("judged");
    assert_eq!(told.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (key, (one, by_sum)) in &told {
        let uncited = Finding { evidence_hash: String::new(), ..expected[key].clone() };
        let by_engine = if uncited.reason == Some(Reason::Incomplete) && *by_sum {
            Finding { reason: None, ..uncited }
        } else {
            uncited
        };
        assert_eq!(one.to_streamed_json(*by_sum), by_engine.to_streamed_json(*by_sum), "{key:?}");
    }
    let quiet = judge_whole(dossier, &pieces, packs, &zones, &settings, None, &|_, _| {}).expect("judged");
    for (quiet, found) in quiet.conditions.iter().zip(&judged.conditions) {
        assert_eq!(quiet.told, found.told, "{}", quiet.condition);
    }
}

/// How many decisions there were, and how many of them were left to the engine.
fn compare(dossier: &Dossier) -> (usize, usize) {
    let packs = [pack()];
    let expected = by_engine(dossier, &packs);
    let (found, decisions) = by_lot(dossier, &packs).unwrap_or_else(|error| panic!("{error}"));
    compare_told(dossier, &packs, &expected);
    let vehicles = dossier.table(TableKind::Vehicles).expect("vehicles");
    let name = |row: usize| vehicles.text("vehicle", row).expect("a name").to_owned();
    let (mut told, mut left) = (0, 0);
    for (condition, decisions) in found.conditions.iter().zip(&decisions) {
        for (row, decision) in decisions.iter().enumerate() {
            let key = (condition.condition.clone(), condition.reading.clone(), name(row));
            let finding = expected.get(&key).unwrap_or_else(|| panic!("{key:?}"));
            let verdicts = [finding.verdict, finding.legal];
            let Some(decision) = decision else {
                assert_eq!(condition.told[row].pair(), None, "{key:?}");
                left += 1;
                continue;
            };
            told += 1;
            assert_eq!(decision.verdicts(), verdicts, "{key:?}\n{finding:#?}\n{decision:#?}");
            assert_eq!(condition.told[row].pair(), Some(verdicts), "{key:?}\n{finding:#?}");
            if let FleetDecision::Decided(decision) = decision {
                let ends = |bounds: &filiera_model::Bounds| (bounds.lower.clone(), bounds.upper.clone());
                let (range, legal) =
                    (finding.bounds.as_ref().map(ends), finding.legal_bounds.as_ref().map(ends));
                assert_eq!(Some(ends(&decision.bounds)), range, "{key:?}\n{finding:#?}");
                assert_eq!(Some(ends(&decision.legal_bounds)), legal, "{key:?}\n{finding:#?}");
            }
        }
    }
    for composition in &found.compositions {
        for (row, verdicts) in composition.verdicts.iter().enumerate() {
            let key = (composition.condition.clone(), composition.reading.clone(), name(row));
            let finding = expected.get(&key).unwrap_or_else(|| panic!("{key:?}"));
            if let Some(verdicts) = verdicts {
                assert_eq!(*verdicts, [finding.verdict, finding.legal], "{key:?}\n{finding:#?}");
            }
        }
    }
    (told, left)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn lot_by_lot_is_vehicle_by_vehicle(
        seed in 0u64..1_000_000,
        oddities in any_oddities(),
        lines in 2u32..10,
        missing in 0u8..40,
        unpriced in prop_oneof![Just(0u8), 0u8..20],
        without_plan in any::<bool>(),
    ) {
        let options = Options {
            oddities,
            missing: Portion::percent(missing),
            unpriced: Portion::percent(unpriced),
            ..Options::new(24, lines, lines * 6, seed)
        };
        let mut dossier = generate(&options).expect("a dossier");
        if without_plan {
            dossier.tables.remove(&TableKind::Bom);
        }
        compare(&dossier);
    }
}

#[test]
fn plain_fleets_are_told_lot_by_lot_whole() {
    let nothing = Portion::percent(0);
    let options = Options { unpriced: nothing, missing: nothing, ..Options::new(60, 12, 200, 7) };
    let dossier = generate(&options).expect("a dossier");
    let (told, left) = compare(&dossier);
    assert_eq!(left, 0, "of {}", told + left);
    let packs = [pack()];
    let (found, _) = by_lot(&dossier, &packs).expect("judged");
    let verdicts = found.conditions[0].told.iter().filter_map(|one| one.pair());
    let mut seen: Vec<&str> = verdicts.map(|pair| Verdict::name(pair[0])).collect();
    seen.sort_unstable();
    seen.dedup();
    assert!(seen.len() > 1, "{seen:?}");
    assert!(found.counts.kinds * 3 < found.counts.rows, "{:?}", found.counts);
}

#[test]
fn what_does_not_add_up_is_refused_with_the_reason() {
    let options = Options::new(10, 4, 20, 7);
    let mut dossier = generate(&options).expect("a dossier");
    dossier.installed_complete = false;
    assert!(matches!(by_lot(&dossier, &[pack()]), Err(FleetError::NotComplete)));
    dossier.installed_complete = true;
    let by =
        PACK.replace("weigh = \"value\", where = \"origin IN $home\"", "weigh = \"value\", by = \"origin\"");
    let pack = Arc::new(Pack::parse("test/fleet", "fleet.toml", &by).expect("a pack"));
    assert!(matches!(by_lot(&dossier, &[pack]), Err(FleetError::NotAdditive { .. })));
    // The vehicle that another one is asked about may stand anywhere.
    let twin = "[condition.twin]\ntitle = \"as its twin\"\nper = \"vehicle\"\n\
                all_of = [\"by-value\"]\nvia = { by-value = \"model\" }\n";
    let pack = Arc::new(Pack::parse("test/fleet", "fleet.toml", &format!("{PACK}\n{twin}")).expect("a pack"));
    match by_lot(&dossier, &[pack]) {
        Err(FleetError::NotAdditive { condition, .. }) => assert_eq!(condition, "test/fleet#twin"),
        other => panic!("{:?}", other.map(|_| ())),
    }
}

/// Conditions that are more than a sum over the rows of a vehicle, and one made of both.
const MORE_THAN_SUMS: &str = r#"
[condition.worst-country]
title = "at most half from any one country"
per = "vehicle"
dated_by = "built_on"
share = { of = "components", weigh = "value", by = "origin" }
at_most = "50 %"

[condition.value-and-countries]
title = "by value, and from no one country"
per = "vehicle"
all_of = ["by-value", "worst-country"]
"#;

fn beside_sums() -> [Arc<Pack>; 1] {
    let text = format!("{PACK}\n{MORE_THAN_SUMS}");
    [Arc::new(Pack::parse("test/fleet", "fleet.toml", &text).unwrap_or_else(|faults| panic!("{faults:#?}")))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn beside_what_is_no_sum_every_vehicle_is_judged_by_its_rows(
        seed in 0u64..1_000_000,
        oddities in any_oddities(),
        missing in 0u8..40,
    ) {
        let missing = Portion::percent(missing);
        let dossier = generate(&Options { oddities, missing, ..Options::new(12, 5, 30, seed) }).expect("a dossier");
        let packs = beside_sums();
        compare_told(&dossier, &packs, &by_engine(&dossier, &packs));
    }
}

#[test]
fn more_vehicles_than_are_judged_at_a_time_are_each_judged_once() {
    let dossier = generate(&Options::new(2_100, 2, 300, 7)).expect("a dossier");
    let packs = beside_sums();
    compare_told(&dossier, &packs, &by_engine(&dossier, &packs));
    let installed = dossier.table(TableKind::Installed).expect("installed");
    let (zones, settings, pieces) = (zones(), settings(), InMemory::new([installed]));
    let judged = judge_whole(&dossier, &pieces, &packs, &zones, &settings, None, &|_, _| {}).expect("judged");
    assert_eq!((judged.left.len(), judged.counts.rows), (2_100, installed.len() as u64));
    let named: Vec<&str> = judged.singly.iter().map(|(condition, _)| condition.as_str()).collect();
    assert_eq!(named, ["test/fleet#worst-country"]);
}

#[test]
fn what_no_table_holds_is_refused_beside_what_is_no_sum() {
    let dossier = generate(&Options::new(5, 4, 20, 7)).expect("a dossier");
    let installed = dossier.table(TableKind::Installed).expect("installed");
    let place = installed.batch().schema().index_of("part").expect("parts");
    let mut columns = installed.batch().columns().to_vec();
    columns[place] = Arc::new(StringArray::from(vec![" P1"; installed.len()]));
    let fields =
        installed.batch().schema().fields().iter().map(|field| field.as_ref().clone()).collect::<Vec<_>>();
    let places = (1..=installed.len() as u32).map(|row| Place { file: 0, row }).collect();
    let faulty =
        Table::new(TableKind::Installed, fields.into_iter().zip(columns).collect(), places).expect("a table");
    let (zones, settings, pieces) = (zones(), settings(), InMemory::new([&faulty]));
    match judge_whole(&dossier, &pieces, &beside_sums(), &zones, &settings, None, &|_, _| {}) {
        Err(FleetError::Faulty { column }) => assert_eq!(column, "part"),
        other => panic!("{:?}", other.map(|_| ())),
    }
}

#[test]
fn a_row_without_a_lot_is_not_one_of_a_lot_that_no_paper_names() {
    let oddities = Oddities {
        both_papers: true,
        no_lots: true,
        no_suppliers: true,
        no_receipts: true,
        ..Oddities::NONE
    };
    let (missing, unpriced) = (Portion::percent(19), Portion::percent(0));
    let options = Options { oddities, missing, unpriced, ..Options::new(24, 5, 30, 134_900) };
    compare(&generate(&options).expect("a dossier"));
}
