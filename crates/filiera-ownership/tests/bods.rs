//! The examples of the Beneficial Ownership Data Standard, from their files: what is held once, and who
//! controls in the end.

use filiera_evidence::{ReadOptions, read_dossier};
use filiera_model::{Bounds, Day, Exact, Mark};
use filiera_ownership::{ControlRule, Holder, Party, Register, Remark, Snapshot};
use filiera_testkit::outside_data;

/// What a file says of a day.
fn example(file: &str, on: &str) -> Option<Snapshot> {
    let path = outside_data(file, &format!("bods/data-standard-examples/{file}"))?;
    let read = read_dossier(&path, ReadOptions::default()).unwrap();
    assert!(read.report.is_sound(), "{file}: {:?}", read.report.faults);
    Some(Register::read(&read.dossier).on(on.parse::<Day>().unwrap()))
}

/// The party of this name, the only one.
fn named(snapshot: &Snapshot, name: &str) -> Party {
    let register = snapshot.register();
    let mut found = register
        .parties()
        .filter(|party| register.facts(*party).is_some_and(|facts| facts.name.as_deref() == Some(name)));
    let party = found.next().unwrap_or_else(|| panic!("nobody is called `{name}`"));
    assert_eq!(found.next(), None, "`{name}` is two");
    party
}

fn held(snapshot: &Snapshot, owner: &str, company: &str) -> Bounds {
    snapshot.holding(named(snapshot, owner), named(snapshot, company)).share
}

fn percent(text: &str) -> Exact {
    Exact::parse(&format!("{text}%")).unwrap()
}

fn contradicted(snapshot: &Snapshot) -> usize {
    snapshot.remarks().filter(|remark| matches!(remark, Remark::Contradicted { .. })).count()
}

#[test]
fn the_finnish_state_has_its_company_once() {
    let Some(snapshot) = example("bods-package-fi-soe.json", "2022-03-01") else { return };
    let (state, ministry) = ("Suomen tasavalta", "Valtiovarainministerio");
    let (network, gas) = ("Suomen Kaasuverkko Oy", "Gasgrid Finland Oy");
    // Not 176.5 %, and not nothing, although no shares lead from the state to its ministry.
    assert_eq!(held(&snapshot, state, gas), Bounds::exactly(percent("100")));
    assert_eq!(held(&snapshot, ministry, gas), Bounds::exactly(percent("100")));
    assert_eq!(held(&snapshot, network, gas), Bounds::exactly(percent("76.5")));
    assert_eq!(snapshot.conflicts().count(), 0);
    assert_eq!(contradicted(&snapshot), 0);
    let ends: Vec<(Holder, Bounds)> = snapshot
        .holdings_of(named(&snapshot, gas))
        .into_iter()
        .filter(|holding| holding.ultimate)
        .map(|holding| (holding.owner, holding.share))
        .collect();
    assert_eq!(ends, [(Holder::Party(named(&snapshot, state)), Bounds::exactly(percent("100")))]);
    let control = snapshot.control(&ControlRule::default());
    let mark = |owner| control.mark(named(&snapshot, owner), named(&snapshot, gas));
    assert_eq!((mark(state), mark(ministry), mark(network)), (Mark::Yes, Mark::Yes, Mark::Yes));
    let ultimate = control.ultimate_of(named(&snapshot, gas));
    assert_eq!((ultimate.candidates, ultimate.unknown), (vec![named(&snapshot, state)], false));
}

#[test]
fn totals_settle_what_components_leave_open() {
    let (one, a) = ("Person 1", "Company A");
    let Some(indirect) = example("indirect-ownership.json", "2019-01-01") else { return };
    assert_eq!(held(&indirect, one, a), Bounds::exactly(percent("30")), "not 0 to 60 %, and not 90 %");
    assert_eq!(held(&indirect, "Company B", a), Bounds::exactly(percent("60")));

    let mixed = example("mixed-direct-and-indirect-ownership.json", "2019-06-01").unwrap();
    assert_eq!(held(&mixed, one, a), Bounds::exactly(percent("100")), "50 % itself and 50 % through B");

    let two = example("multiple-indirect-ownership.json", "2019-06-01").unwrap();
    assert_eq!(held(&two, one, "Company B"), Bounds::exactly(percent("60")));

    let unequal = example("mutilple-indirect-ownership-2.json", "2019-01-01").unwrap();
    assert_eq!(held(&unequal, one, a), Bounds::exactly(percent("60")));
    for snapshot in [&indirect, &mixed, &two, &unequal] {
        assert_eq!((snapshot.conflicts().count(), contradicted(snapshot)), (0, 0));
    }
}
