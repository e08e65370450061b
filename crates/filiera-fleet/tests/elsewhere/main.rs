//! Rows that stand elsewhere: the same findings as from rows at hand, and no answer is taken that does not hold
//! good.

#[path = "../common/mod.rs"]
mod common;
mod lies;
#[path = "../common/oddities.rs"]
mod oddities;
mod twin;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use filiera_finding::Finding;
use filiera_fleet::synth::{Options, Portion, generate};
use filiera_fleet::{Asking, Elsewhere, FleetError, FleetJudgement, InMemory, judge_elsewhere, judge_whole};
use filiera_packs::Pack;
use filiera_tables::{Dossier, TableKind};
use proptest::prelude::*;

use common::{parsed, settings, zones};
use oddities::any_oddities;
use twin::Twin;

fn pack() -> Arc<Pack> {
    parsed(include_str!("../everything.toml"))
}

/// Each finding as it is streamed, and whether it was made by adding up.
type Told = BTreeMap<(String, Option<String>, String), (String, bool)>;

fn take(told: &mut Told, one: &Finding, by_sum: bool) {
    let key = (one.condition.clone(), one.reading.clone(), one.subject.clone());
    let again = told.insert(key, (format!("{:?}", one.to_streamed_json(by_sum)), by_sum));
    assert!(again.is_none(), "told twice: {again:?}");
}

fn here(dossier: &Dossier) -> (FleetJudgement, Told) {
    let mut told = Told::new();
    let mut tells = |one: &Finding, by_sum: bool| {
        take(&mut told, one, by_sum);
        Ok(())
    };
    let pieces = InMemory::new(dossier.table(TableKind::Installed));
    let (zones, settings) = (zones(), settings());
    let judged = judge_whole(dossier, &pieces, &[pack()], &zones, &settings, Some(&mut tells), &|_, _| {});
    (judged.expect("judged"), told)
}

fn asking(elsewhere: &dyn Elsewhere, rows: u64) -> Asking<'_> {
    Asking { elsewhere, rows, tries: 3, pause: Duration::ZERO }
}

/// What is told with the rows elsewhere.
fn told(dossier: &Dossier, asking: &Asking<'_>) -> Result<(FleetJudgement, Told), FleetError> {
    let mut told = Told::new();
    let mut tells = |one: &Finding, by_sum: bool| {
        take(&mut told, one, by_sum);
        Ok(())
    };
    let (zones, settings) = (zones(), settings());
    let judged =
        judge_elsewhere(dossier, asking, &[pack()], &zones, &settings, Some(&mut tells), &|_, _| {})?;
    Ok((judged, told))
}

/// The same, when nobody wants to hear of each finding too.
fn there(dossier: &Dossier, asking: &Asking<'_>) -> Result<(FleetJudgement, Told), FleetError> {
    let (judged, told) = told(dossier, asking)?;
    let (zones, settings) = (zones(), settings());
    let quiet = judge_elsewhere(dossier, asking, &[pack()], &zones, &settings, None, &|_, _| {})?;
    for (quiet, judged) in quiet.conditions.iter().zip(&judged.conditions) {
        assert_eq!(quiet.told, judged.told, "{}", quiet.condition);
    }
    Ok((judged, told))
}

fn same((here, told_here): &(FleetJudgement, Told), (there, told_there): &(FleetJudgement, Told)) {
    assert_eq!(told_here, told_there);
    assert_eq!(here.conditions.len(), there.conditions.len());
    for (here, there) in here.conditions.iter().zip(&there.conditions) {
        assert_eq!((&here.condition, &here.reading), (&there.condition, &there.reading));
        assert_eq!(here.told, there.told, "{}", here.condition);
    }
    assert_eq!(here.compositions.len(), there.compositions.len());
    for (here, there) in here.compositions.iter().zip(&there.compositions) {
        assert_eq!(here.verdicts, there.verdicts, "{}", here.condition);
    }
    assert_eq!(here.left, there.left);
    let counts = |one: &FleetJudgement| (one.counts.rows, one.counts.kinds, one.counts.cohorts);
    assert_eq!(counts(here), counts(there));
    assert_eq!(here.unlisted.rows, there.unlisted.rows);
    assert_eq!(here.unlisted.first.is_some(), there.unlisted.first.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_added_up_elsewhere_is_what_is_added_up_here(
        seed in 0u64..1_000_000,
        oddities in any_oddities(),
        lines in 2u32..9,
        missing in 0u8..40,
        rows in 1u64..200,
        group in 1usize..90,
        is_sorted in any::<bool>(),
        unlisted in any::<bool>(),
    ) {
        let missing = Portion::percent(missing);
        let mut dossier =
            generate(&Options { oddities, missing, ..Options::new(24, lines, lines * 6, seed) }).expect("a dossier");
        if unlisted {
            twin::strike(&mut dossier, 5);
        }
        let twin = Twin::new(&dossier, group, is_sorted);
        let found = there(&dossier, &asking(&twin, rows)).unwrap_or_else(|error| panic!("{error}"));
        same(&here(&dossier), &found);
    }
}

#[test]
fn a_fleet_without_installed_rows_is_asked_about_nothing() {
    let mut dossier = generate(&Options::new(6, 4, 20, 7)).expect("a dossier");
    dossier.tables.insert(TableKind::Installed, filiera_tables::Table::empty(TableKind::Installed));
    let twin = Twin::new(&dossier, 10, true);
    same(&here(&dossier), &there(&dossier, &asking(&twin, 10)).expect("judged"));
}

#[test]
fn rows_of_a_vehicle_that_nobody_lists_are_counted_and_judged_for_nobody() {
    let mut dossier = generate(&Options::new(12, 4, 40, 3)).expect("a dossier");
    twin::strike(&mut dossier, 2);
    let twin = Twin::new(&dossier, 5, true);
    let (judged, _) = there(&dossier, &asking(&twin, 9)).expect("judged");
    let (expected, _) = here(&dossier);
    assert_eq!(judged.unlisted, expected.unlisted);
    assert!(judged.unlisted.rows >= 4, "{:?}", judged.unlisted);
}

#[test]
fn cells_that_no_table_holds_are_refused() {
    let dossier = generate(&Options::new(6, 4, 20, 7)).expect("a dossier");
    for (column, cell) in
        [("vehicle", None), ("vehicle", Some(" V")), ("part", None), ("part", Some("")), ("lot", Some("L "))]
    {
        let mut twin = Twin::new(&dossier, 10, false);
        twin.write(column, cell);
        match there(&dossier, &asking(&twin, 10)) {
            Err(FleetError::Faulty { column: told }) => assert_eq!(told, column, "{cell:?}"),
            other => panic!("{column} {cell:?}: {:?}", other.map(|_| ())),
        }
    }
}
