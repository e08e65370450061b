//! What is in force on a day, counted once.

mod common;

use std::collections::BTreeMap;

use common::{Row, banded, companies, day, dossier, n, party, snapshot, stake, unknown};
use filiera_model::{Bounds, Day, Exact, Mark, Operator, Quality, Verdict};
use filiera_ownership::{Band, Conflict, Holder, Holding, Kind, Metric, Register, Remark, Snapshot};
use filiera_tables::{Place, SetAside, TableKind};

fn on(text: &str) -> Day {
    text.parse().unwrap()
}

fn share(snapshot: &Snapshot, owner: &str, company: &str) -> Bounds {
    snapshot.holding(party(snapshot, owner), party(snapshot, company)).share
}

fn between(bounds: &Bounds) -> (Exact, Exact) {
    (bounds.lower.value.clone().unwrap(), bounds.upper.value.clone().unwrap())
}

fn from(document: &str, row: Row) -> Row {
    Row { document: Some(document.to_owned()), ..row }
}

fn maybe_indirect(row: Row) -> Row {
    Row { direct: Some(false), ..row }
}

#[test]
fn first_and_last_day_are_in() {
    let rows = [
        Row { from: Some("2020-01-31"), to: Some("2020-12-31"), ..stake("P", "T", "0.6") },
        Row { from: Some("2021-01-01"), ..stake("Q", "T", "0.6") },
    ];
    let register = Register::read(&dossier(&rows));
    assert_eq!(register.changes(), [on("2020-01-31"), on("2021-01-01")]);
    let owners = |text: &str| -> Vec<String> {
        let snapshot = register.on(on(text));
        snapshot.stakes().iter().map(|stake| register.name(stake.owner).to_owned()).collect()
    };
    assert!(owners("2020-01-30").is_empty());
    assert_eq!(owners("2020-01-31"), ["P"]);
    assert_eq!(owners("2020-12-31"), ["P"]);
    assert_eq!(owners("2021-01-01"), ["Q"]);
}

/// Two snapshots of one register, or its file read twice.
#[test]
fn what_a_register_tells_in_two_files_is_told_once() {
    let told = |statement, file, share| Row {
        told: Some((statement, file)),
        ..from("register", stake("P", "T", share))
    };
    let of = |rows: &[Row]| {
        let snapshot = snapshot(&dossier(rows));
        let open = snapshot.remarks().any(|remark| matches!(remark, Remark::NotSeparable { .. }));
        let twice = snapshot.remarks().any(|remark| matches!(remark, Remark::StatedTwice { .. }));
        (between(&share(&snapshot, "P", "T")), open, twice)
    };
    let once = ((n("0.4"), n("0.4")), false, true);
    assert_eq!(of(&[told("s1", 0, "0.4"), told("s1", 1, "0.4")]), once);
    let [one, other] = [told("s1", 0, "0.3"), told("s2", 0, "0.1")];
    assert_eq!(of(&[one, other, told("s1", 1, "0.3"), told("s2", 1, "0.1")]), once);
    // Another statement may tell the same, or of another stake.
    let replaced = [told("s1", 0, "0.4"), told("s2", 1, "0.3")];
    assert_eq!(of(&replaced), ((n("0.3"), n("0.7")), true, false));
    let changed = [told("s1", 0, "0.4"), told("s1", 1, "0.3")];
    assert_eq!(of(&changed), ((n("0.3"), n("0.4")), true, false));
    let blocks = [told("s1", 0, "0.4"), told("s2", 0, "0.3")];
    assert_eq!(of(&blocks), ((n("0.7"), n("0.7")), false, false));
}

#[test]
fn missing_kinds_are_shares_and_missing_shares_are_anything() {
    let rows = [unknown("P", "T"), Row { kind: Some("veto".into()), ..unknown("Q", "T") }];
    let snapshot = snapshot(&dossier(&rows));
    let kinds: Vec<Kind> = snapshot.stakes().iter().map(|stake| stake.kind).collect();
    assert_eq!(kinds, [Kind::Shares, Kind::Veto]);
    assert_eq!(snapshot.stakes()[0].share, Band::anything());
    assert_eq!(between(&share(&snapshot, "P", "T")), (n("0"), n("1")));
    assert_eq!(between(&share(&snapshot, "Q", "T")), (n("0"), n("0")));
}

#[test]
fn a_share_outside_its_own_band_is_a_conflict() {
    let wrong = Row { share: Some(n("0.6")), ..banded("P", "T", "0.1", "0.5") };
    let turned = banded("Q", "T", "0.5", "0.4");
    let snapshot = snapshot(&dossier(&[wrong, turned]));
    let conflicts: Vec<&Conflict> = snapshot.conflicts().collect();
    assert_eq!(conflicts, [&Conflict::Impossible { row: 0 }, &Conflict::Impossible { row: 1 }]);
    assert_eq!(between(&share(&snapshot, "P", "T")), (n("0"), n("1")));
}

#[test]
fn documents_that_differ_leave_every_claim_open() {
    let rows = [from("register", stake("P", "T", "0.3")), from("filing", stake("P", "T", "0.4"))];
    let differing = snapshot(&dossier(&rows));
    assert_eq!(between(&share(&differing, "P", "T")), (n("0.3"), n("0.4")));
    assert!(matches!(differing.remarks().next(), Some(Remark::NotSeparable { .. })));

    let classes = ["A", "B"].map(|class| Row { class: Some(class.into()), ..stake("P", "T", "0.3") });
    assert_eq!(share(&snapshot(&dossier(&classes)), "P", "T"), Bounds::exactly(n("0.6")));
}

#[test]
fn a_row_set_aside_is_a_stake_of_any_size() {
    let mut dossier = dossier(&[stake("P", "T", "0.6")]);
    let cells = |cells: &[(&str, &str)]| -> BTreeMap<String, String> {
        cells.iter().map(|(column, cell)| ((*column).to_owned(), (*cell).to_owned())).collect()
    };
    let aside = |cells| SetAside {
        table: TableKind::Interests,
        place: Place::default(),
        cells,
        fault: String::new(),
    };
    dossier.set_aside.push(aside(cells(&[("owner", "Q"), ("company", "T")])));
    let one = snapshot(&dossier);
    assert_eq!(between(&share(&one, "Q", "T")), (n("0"), n("0.4")));

    let whole = filiera_tables::Completeness { by: None, on: None, subjects: None };
    dossier.complete.insert(filiera_tables::Population::Holdings, whole);
    let t = party(&one, "T");
    assert!(snapshot(&dossier).is_complete(t));
    dossier.set_aside.push(aside(cells(&[("company", "T")])));
    assert!(!snapshot(&dossier).is_complete(t));
}

#[test]
fn parties_are_one_by_identifier_only_and_stay_findable() {
    let rows = [stake("b", "T", "0.3"), stake("c", "T", "0.2")];
    let mut dossier = dossier(&rows);
    let table = [
        ["a", "Alfa", "IT", "LEI-1"],
        ["b", "Alfa", "IT", "LEI-1"],
        ["c", "Alfa", "IT", ""],
        ["d", "Alfa", "DE", "LEI-1"],
    ];
    dossier.tables.insert(TableKind::Companies, companies(&table));
    let snapshot = snapshot(&dossier);
    let register = snapshot.register();
    assert_eq!(register.party("a"), register.party("b"));
    assert_ne!(register.party("a"), register.party("c"));
    assert_eq!(register.name(party(&snapshot, "b")), "a");
    assert_eq!(register.parties().count(), 3);
    assert_eq!(register.remarks().len(), 2);
    assert!(matches!(register.conflicts(), [Conflict::Countries { .. }]));
    assert_eq!(register.facts(party(&snapshot, "a")).unwrap().country, None);
}

#[test]
fn the_state_has_its_company_once() {
    // The state has 100 % of the holding and 23.5 % of the company itself; the holding the rest; the
    // statement that the state has all of it, directly and through others, adds nothing.
    let rows = [
        stake("state", "holding", "1"),
        stake("holding", "company", "0.765"),
        stake("state", "company", "0.235"),
        maybe_indirect(stake("state", "company", "1")),
    ];
    let whole = snapshot(&dossier(&rows));
    assert_eq!(between(&share(&whole, "state", "company")), (n("1"), n("1")));
    assert_eq!(whole.conflicts().count(), 0);
    assert!(whole.claims()[0].explained);

    // Without the statement about its own part: what is stated of both together still holds.
    let rows = [rows[0].clone(), rows[1].clone(), rows[3].clone()];
    let stated = snapshot(&dossier(&rows));
    assert_eq!(between(&share(&stated, "state", "company")), (n("1"), n("1")));
}

#[test]
fn bands_of_significant_control_are_not_multiplied() {
    let rows = [
        maybe_indirect(banded("P", "H", ">0.75", "1")),
        maybe_indirect(banded("H", "T", ">0.75", "1")),
        maybe_indirect(banded("P", "T", ">0.75", "1")),
    ];
    let snapshot = snapshot(&dossier(&rows));
    let bounds = share(&snapshot, "P", "T");
    assert_eq!(between(&bounds), (n("0.75"), n("1")));
    assert_eq!(bounds.quality, Quality::Sound);
    assert_eq!(bounds.judge(Operator::MoreThan, &n("0.75")), Verdict::Met);
    assert_eq!(snapshot.conflicts().count(), 0, "150 % of T are not stated");
}

#[test]
fn a_statement_without_a_chain_stands_in_for_it() {
    let rows = [maybe_indirect(stake("P", "T", "0.6")), stake("X", "T", "0.7")];
    let snapshot = snapshot(&dossier(&rows));
    assert_eq!(snapshot.conflicts().count(), 0, "X may hold for P");
    assert_eq!(between(&share(&snapshot, "P", "T")), (n("0.6"), n("0.6")));
    let t = party(&snapshot, "T");
    let both = snapshot.reach(t, Metric::Equity, &|_| Mark::Yes, Mark::No);
    assert_eq!(both.lower.value, Some(n("0.7")));
}

#[test]
fn what_is_not_listed_is_shown() {
    let rows = [stake("P", "A", "0.4"), stake("A", "B", "0.5")];
    let snapshot = snapshot(&dossier(&rows));
    let of_b: Vec<Holding> = snapshot.holdings_of(party(&snapshot, "B"));
    let shown: Vec<(&Holder, Bounds, bool, bool)> =
        of_b.iter().map(|one| (&one.owner, one.share.clone(), one.direct, one.ultimate)).collect();
    let (a, p) = (Holder::Party(party(&snapshot, "A")), Holder::Party(party(&snapshot, "P")));
    let expected = [
        (&a, Bounds::exactly(n("0.5")), true, false),
        (&p, Bounds::exactly(n("0.2")), false, true),
        (&Holder::Unlisted, Bounds::exactly(n("0.8")), true, true),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn a_hundred_owners_of_one_per_cent_are_the_whole() {
    let rows: Vec<Row> = (0..100).map(|owner| stake(&format!("P{owner}"), "T", "1%")).collect();
    let snapshot = snapshot(&dossier(&rows));
    let all = snapshot.reach(party(&snapshot, "T"), Metric::Equity, &|_| Mark::Yes, Mark::No);
    assert_eq!(all, Bounds::exactly(Exact::one()));
    assert_eq!(snapshot.conflicts().count(), 0);
}

#[test]
fn open_ends_meet_in_cycles() {
    let cycle = [
        banded("P", "A", ">0.25", "<0.5"),
        banded("B", "A", "0.5", "0.5"),
        stake("A", "B", "0.5"),
        banded("Q", "B", "0", "<0.5"),
    ];
    let snapshot = snapshot(&dossier(&cycle));
    let of_a = share(&snapshot, "P", "A");
    assert_eq!(between(&of_a), (n("1/3"), n("2/3")));
    assert!(of_a.lower.open && of_a.upper.open);
    let of_b = share(&snapshot, "Q", "B");
    assert_eq!(between(&of_b), (n("0"), n("2/3")));
    assert!(!of_b.lower.open && of_b.upper.open);
}

#[test]
fn members_of_agreements_are_listed() {
    let mut dossier = dossier(&[stake("P", "T", "0.3")]);
    dossier
        .tables
        .insert(TableKind::Agreements, common::agreements(&[["P", "pact"], ["Q", "pact"], ["P", "pact"]]));
    let register = Register::read(&dossier);
    let agreements: Vec<(&str, usize)> =
        register.agreements(day()).map(|(name, members)| (name, members.len())).collect();
    assert_eq!(agreements, [("pact", 2)]);
    assert_eq!(register.on(day()).stakes().len(), 1);
}

#[test]
fn a_listed_owner_of_nothing_does_not_open_a_loop() {
    let rows = [stake("A", "A", "1"), stake("B", "A", "0"), stake("A", "B", "0.01")];
    let snapshot = snapshot(&dossier(&rows));
    let a = party(&snapshot, "A");
    assert_eq!(snapshot.loops(), vec![vec![a]]);
    let holdings = snapshot.holdings_of(a);
    let nobody = holdings.iter().find(|holding| holding.owner == Holder::Loop(vec![a])).unwrap();
    assert_eq!(nobody.share, Bounds::exactly(n("1")));
}

#[test]
fn a_loop_that_cannot_quite_close_is_not_called_exact() {
    // Nearly all of each other, the rest to P: P has everything, however little leaks. Were the loop
    // closed, P would have nothing; that is not possible, and nothing between is either.
    let rows = [
        banded("B", "A", "0", "<1"),
        banded("P", "A", "0", "1"),
        banded("A", "B", "0", "<1"),
        banded("P", "B", "0", "1"),
    ];
    let loop_of_two = snapshot(&common::complete(&rows, &["A", "B"]));
    let of_a = share(&loop_of_two, "P", "A");
    assert_eq!(of_a.quality, Quality::Sound);
    assert!(of_a.lower.value <= Some(n("1")) && of_a.upper == filiera_model::End::closed(n("1")));
    // A closed end can be reached, and then the bounds are exact.
    let rows = [
        banded("B", "A", "0", "1"),
        banded("P", "A", "0", "1"),
        banded("A", "B", "0", "1"),
        banded("P", "B", "0", "1"),
    ];
    let closed = snapshot(&common::complete(&rows, &["A", "B"]));
    assert_eq!(
        (between(&share(&closed, "P", "A")), share(&closed, "P", "A").quality),
        ((n("0"), n("1")), Quality::Exact)
    );
}

/// A ring of so many companies in which everybody has a part in the next two, with a stranger above it and
/// so many companies below it.
fn ring(members: usize, below: usize) -> Snapshot {
    let name = |place: usize| format!("M{:03}", place % members);
    let mut rows = vec![stake("X", &name(0), "0.2")];
    for place in 0..members {
        rows.push(stake(&name(place), &name(place + 1), "0.4"));
        rows.push(stake(&name(place), &name(place + 2), "0.3"));
    }
    rows.extend((0..below).map(|place| stake(&name(place), &format!("T{place:03}"), "0.5")));
    snapshot(&dossier(&rows))
}

#[test]
fn what_a_core_gives_is_the_same_for_all_below_it() {
    let snapshot = ring(60, 40);
    let (x, first) = (party(&snapshot, "X"), party(&snapshot, "M000"));
    let of_first = snapshot.holding(x, first).share.lower.value.unwrap();
    for place in 0..40 {
        let of_below = share(&snapshot, "X", &format!("T{place:03}"));
        let of_member = share(&snapshot, "X", &format!("M{place:03}")).lower.value.unwrap();
        assert_eq!(of_below, Bounds::exactly(&of_member * &n("0.5")));
    }
    assert!(of_first > n("0.2"), "its own part and what comes round");
}

#[test]
fn what_one_paper_says_with_its_class_another_may_say_without() {
    let ordinary =
        || Row { class: Some("ordinary".into()), votes_per_share: Some(n("1")), ..stake("P", "T", "0.3") };
    let rest = stake("Q", "T", "0.4");
    let two = [from("register", stake("P", "T", "0.3")), from("filing", ordinary()), rest.clone()];
    let open = snapshot(&dossier(&two));
    assert_eq!(between(&share(&open, "P", "T")), (n("0.3"), n("0.6")));
    assert!(open.remarks().any(|remark| matches!(remark, Remark::NotSeparable { .. })));
    let one = [from("register", stake("P", "T", "0.3")), from("register", ordinary()), rest];
    assert_eq!(
        share(&snapshot(&dossier(&one)), "P", "T"),
        Bounds::exactly(n("0.6")),
        "two blocks of one paper"
    );
}

#[test]
fn what_names_nobody_merges_nobody() {
    let rows = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|owner| stake(owner, "T", "0.1"));
    let mut dossier = dossier(&rows);
    let table = [
        ["a", "", "IT", "n/a"],
        ["b", "", "IT", "n/a"],
        ["c", "", "IT", "000"],
        ["d", "", "IT", "000"],
        ["e", "", "IT", "12345678"],
        ["f", "", "DE", "12345678"],
        ["g", "", "DE", "12345678"],
        ["h", "", "", "12345678"],
    ];
    dossier.tables.insert(TableKind::Companies, companies(&table));
    let two = snapshot(&dossier);
    let register = two.register();
    let merged: Vec<&str> = ["a", "b", "c", "d", "e", "f", "g", "h"]
        .into_iter()
        .filter(|id| register.name(party(&two, id)) != *id)
        .collect();
    assert_eq!(merged, ["g"], "one number is one company in one country only");
    assert_eq!(register.conflicts(), []);
}
