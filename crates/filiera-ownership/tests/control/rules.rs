//! One rule each.

use filiera_model::{Bounds, Exact, Mark, Quality};
use filiera_ownership::{Band, Below, By, ControlRule, Fact, Metric, Register, Tier, Why, vote_bands};

use filiera_tables::{Place, SetAside, TableKind};

use crate::draft::{Draft, Row, View};

fn n(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

fn row(owner: &str, company: &str, kind: &'static str, share: Option<&str>) -> Row {
    let share = share.map(str::to_owned);
    Row { owner: owner.into(), company: company.into(), kind: Some(kind), share, ..Row::default() }
}

fn between(least: &str, most: &str) -> Bounds {
    Band::between(n(least), n(most)).bounds(Quality::Exact)
}

#[test]
fn three_times_51_per_cent_is_full_control_of_13_per_cent() {
    let view = Draft::default().holdings("P 51% of A\nA 51% of B\nB 51% of C").control();
    assert_eq!(view.controlled("P"), ["A", "B", "C"]);
    let company = view.party("C");
    let one = view.0.controllers_of(company).into_iter().find(|one| one.party == view.party("P")).unwrap();
    assert_eq!((one.steps, one.by, one.controls), (3, By::Votes, Mark::Yes));
    assert_eq!(one.through, [view.party("A"), view.party("B")]);
}

#[test]
fn half_is_control_only_where_the_rule_says_so() {
    let draft = Draft::complete().holdings("P 50% of T\nQ 50% of T");
    assert!(draft.control().controllers("T").is_empty());
    let rule = ControlRule { inclusive: true, ..ControlRule::default() };
    assert_eq!(draft.control_under(&rule).controllers("T"), ["P", "Q"]);
}

#[test]
fn votes_that_are_not_listed_may_be_anybodys() {
    let listed = "P 40% of T\nQ 10% of T";
    let view = Draft::default().holdings(listed).control();
    assert!(!view.0.may_be_anybody(view.party("T")));
    assert_eq!((view.mark("P", "T"), view.mark("Q", "T")), (Mark::Maybe, Mark::Maybe));
    let view = Draft::complete().holdings(listed).control();
    assert_eq!((view.mark("P", "T"), view.mark("Q", "T")), (Mark::No, Mark::No));
    let view = Draft::default().holdings("P 40% of T\nX 60% of Y").control();
    assert!(view.0.may_be_anybody(view.party("T")));
    assert_eq!(view.mark("X", "T"), Mark::Maybe, "60 % of T belong to who knows whom");
    let certain = Draft::default().holdings("P 60% of T\nQ 10% of T").control();
    assert_eq!((certain.mark("P", "T"), certain.mark("Q", "T")), (Mark::Yes, Mark::No));
}

#[test]
fn a_band_decides_by_its_ends() {
    let mut open = row("P", "T", "shares", None);
    (open.min, open.max, open.min_open) = (Some("50%".into()), Some("75%".into()), Some(true));
    assert_eq!(Draft::default().row(open.clone()).control().mark("P", "T"), Mark::Yes);
    open.min_open = None;
    assert_eq!(Draft::default().row(open).control().mark("P", "T"), Mark::Maybe);
    let view = Draft::complete().holdings("P 25%..50% of T\nQ 25%..50% of T\nR 0%..50% of T").control();
    assert_eq!(view.mark("P", "T"), Mark::No);
}

#[test]
fn treasury_shares_have_no_votes() {
    let own = Draft::complete().holdings("P 45% of T\nQ 35% of T\nT 20% of T").control();
    assert_eq!(own.controllers("T"), ["P"]);
    let votes = own.0.votes_of(own.party("P"), own.party("T"), false);
    assert_eq!(votes, Bounds::exactly(n("9/16")));
    let flagged = Row { treasury: Some(true), ..row("Custodian", "T", "shares", Some("20%")) };
    let view = Draft::complete().holdings("P 45% of T\nQ 35% of T").row(flagged).control();
    assert_eq!(view.controllers("T"), ["P"]);
}

#[test]
fn votes_of_a_subsidiary_in_its_parent_are_suspended() {
    let text = "P 45% of M\nQ 35% of M\nM 100% of S\nS 20% of M";
    let view = Draft::complete().holdings(text).control();
    assert_eq!(
        (view.controllers("M"), view.controllers("S")),
        (vec!["P".to_owned()], vec!["M".into(), "P".into()])
    );
    let votes = view.0.votes_of(view.party("P"), view.party("M"), false);
    assert_eq!(votes, Bounds::exactly(n("9/16")));
    let maybe =
        Draft::complete().holdings("P 45% of M\nQ 35% of M\nM 40%..60% of S\nR 40%..60% of S\nS 20% of M");
    assert_eq!(maybe.control().mark("P", "M"), Mark::Maybe);
}

#[test]
fn votes_are_never_added_to_shares() {
    let view = Draft::complete()
        .row(row("P", "T", "shares", Some("30%")))
        .row(row("P", "T", "votes", Some("30%")))
        .row(row("Q", "T", "shares", Some("70%")))
        .row(row("Q", "T", "votes", Some("70%")))
        .control();
    assert_eq!(view.controllers("T"), ["Q"]);
    assert_eq!(view.0.votes_of(view.party("P"), view.party("T"), false), Bounds::exactly(n("30%")));
}

#[test]
fn shares_without_votes_and_shares_of_unknown_votes() {
    let preferred = |votes: Option<&str>| Row {
        class: Some("preferred".into()),
        votes_per_share: votes.map(str::to_owned),
        ..row("Q", "T", "shares", Some("94%"))
    };
    let ordinary = Row {
        class: Some("ordinary".into()),
        votes_per_share: Some("1".into()),
        ..row("P", "T", "shares", Some("6%"))
    };
    let view = Draft::complete().row(ordinary.clone()).row(preferred(Some("0"))).control();
    assert_eq!(view.controllers("T"), ["P"]);
    let view = Draft::complete().row(ordinary).row(preferred(None)).control();
    assert_eq!((view.mark("P", "T"), view.mark("Q", "T")), (Mark::Maybe, Mark::Maybe));
}

#[test]
fn a_cap_takes_the_majority_away() {
    let text = "P 60% of T\nQ 10% of T\nR 10% of T\nS 10% of T\nU 10% of T";
    let view = Draft::complete().holdings(text).company("T", None, None, Some("5%")).control();
    assert!(view.controllers("T").is_empty());
    assert_eq!(view.mark("P", "T"), Mark::No);
    assert_eq!(view.0.votes_of(view.party("P"), view.party("T"), false).upper.value, Some(n("1/5")));
}

#[test]
fn a_concert_controls_jointly_and_nobody_solely() {
    let view = Draft::complete()
        .holdings("P 30% of T\nQ 25% of T\nR 45% of T\nX 80% of P")
        .pact(&["P", "Q"])
        .control();
    assert!(view.controllers("T").is_empty());
    let joint = view.0.controllers_of(view.party("T"));
    let names: Vec<String> = joint.iter().map(|one| view.name(one.party)).collect();
    assert_eq!(names, ["P", "Q", "X"]);
    assert!(joint.iter().all(|one| one.by == By::Jointly && one.controls == Mark::Yes));
    assert_eq!(joint[2].through, [view.party("P")]);
    assert_eq!(joint[0].ultimate, Mark::No, "X controls P");
    let alone = Draft::complete().holdings("P 60% of T\nQ 25% of T").pact(&["P", "Q"]).control();
    assert_eq!(alone.controllers("T"), ["P"]);
    assert_eq!(alone.jointly("Q", "T"), Mark::No, "P needs nobody");
}

/// P with what it controls and with whom that has agreed casts 60 %.
#[test]
fn who_controls_a_member_may_vote_with_its_concert() {
    let draft = |text: &str| Draft::complete().holdings(text).pact(&["M", "N"]);
    let marks = |draft: &Draft| {
        let view = draft.control();
        ["P", "M", "N", "R"].map(|party| view.jointly(party, "T"))
    };
    let (yes, no, maybe) = (Mark::Yes, Mark::No, Mark::Maybe);
    let text = "P 60% of M\nR 40% of M\nP 20% of T\nM 20% of T\nN 20% of T\nR 40% of T";
    assert_eq!(marks(&draft(text)), [maybe, maybe, maybe, no]);
    let view = draft(text).control();
    let found = view.0.controllers_of(view.party("T"));
    let names: Vec<String> = found.iter().map(|one| view.name(one.party)).collect();
    assert_eq!(names, ["M", "N", "P"]);
    assert!(found.iter().all(|one| one.by == By::Jointly && one.controls == maybe));
    assert_eq!(found[2].through, [view.party("M")]);
    assert_eq!(found[2].votes.upper.value, Some(n("60%")));
    let ultimate = view.0.ultimate_of(view.party("T"));
    assert_eq!(ultimate.why, [Why::Beside(view.party("T"))]);
    // The members need nobody else; or one who controls a member needs none of them.
    let enough = "P 60% of M\nR 40% of M\nP 20% of T\nM 30% of T\nN 25% of T\nR 25% of T";
    assert_eq!(marks(&draft(enough)), [yes, yes, yes, no]);
    let alone = "P 60% of M\nR 40% of M\nP 40% of T\nM 20% of T\nN 20% of T\nR 20% of T";
    assert_eq!(marks(&draft(alone))[2], no, "P needs nobody");
    // Whoever may control a member; and whoever has nothing to do with the company adds nothing.
    let perhaps = "P 40%..60% of M\nR 40%..60% of M\nP 20% of T\nM 20% of T\nN 20% of T\nS 40% of T";
    assert_eq!(marks(&draft(perhaps))[..3], [maybe; 3]);
    let apart = "P 60% of M\nR 40% of M\nP 45%..55% of T\nM 1% of T\nR 44%..54% of T";
    assert_eq!(marks(&draft(apart)), [no; 4]);
    // Anybody may control M, and so one who holds votes of T.
    let open = Draft { complete: Some(Some(vec!["T".to_owned()])), ..draft("Q 20% of M") };
    let open = open.holdings("P 20% of T\nM 20% of T\nN 20% of T\nR 20% of T\nS 20% of T");
    assert_eq!(marks(&open), [maybe; 4]);
    assert_eq!(open.holdings("N 20% of U\nR 60% of U").control().jointly("N", "U"), no);
}

#[test]
fn a_concert_lasts_from_day_to_day() {
    let draft = Draft::complete().holdings("P 30% of T\nQ 25% of T\nR 45% of T").pact(&["P", "Q"]);
    let draft = draft.member_between([Some("2023-07-31"), Some("2026-02-28")]);
    let jointly = |day: &str| {
        let view = View(draft.on(day).control(&ControlRule::default()));
        (view.jointly("P", "T"), view.jointly("Q", "T"), view.0.controllers_of(view.party("T")).len())
    };
    let days = ["2023-07-30", "2023-07-31", "2026-02-28", "2026-03-01"].map(jointly);
    let (apart, together) = ((Mark::No, Mark::No, 0), (Mark::Yes, Mark::Yes, 2));
    assert_eq!(days, [apart, together, together, apart]);
    let changes = Register::read(&draft.dossier()).changes();
    assert_eq!(changes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2023-07-31", "2026-03-01"]);
}

#[test]
fn who_may_have_left_a_concert_may_control_with_it() {
    let text = "P 30% of T\nQ 25% of T\nR 20% of T\nT 90% of U\nS 25% of T";
    let on = |draft: &Draft, day: &str| View(draft.on(day).control(&ControlRule::default()));
    let draft =
        Draft::complete().holdings(text).pact(&["P", "Q"]).perhaps_until(["2026-02-27", "2026-03-01"]);
    let marks = |view: &View| ["P", "Q", "R"].map(|party| view.jointly(party, "U"));
    assert_eq!(marks(&on(&draft, "2026-02-27")), [Mark::Yes, Mark::Yes, Mark::No]);
    assert_eq!(marks(&on(&draft, "2026-02-28")), [Mark::Maybe, Mark::Maybe, Mark::No]);
    assert_eq!(marks(&on(&draft, "2026-03-02")), [Mark::No; 3]);
    // The company itself may have left the two that have its majority without it.
    let draft =
        Draft::complete().holdings(text).pact(&["P", "Q", "T"]).perhaps_until(["2026-02-27", "2026-03-01"]);
    let found = ["2026-02-27", "2026-02-28", "2026-03-02"].map(|day| on(&draft, day).jointly("P", "T"));
    assert_eq!(found, [Mark::No, Mark::Maybe, Mark::Yes]);
}

#[test]
fn a_seat_counts_while_it_is_held() {
    let draft = Draft::complete().holdings("P 40% of T\nQ 60% of T").with_all_seats();
    let draft = draft.seat("T", "1", Some("P")).between([Some("2023-07-31"), Some("2026-02-28")]);
    let controls = |day: &str| {
        let view = View(draft.on(day).control(&ControlRule::default()));
        view.mark("P", "T")
    };
    let days = ["2023-07-30", "2023-07-31", "2026-02-28", "2026-03-01"].map(controls);
    assert_eq!(days, [Mark::No, Mark::Yes, Mark::Yes, Mark::No]);
    let changes = Register::read(&draft.dossier()).changes();
    assert_eq!(changes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2023-07-31", "2026-03-01"]);
}

#[test]
fn most_of_the_seats_are_control() {
    let seats = |by: [Option<&str>; 5]| {
        let draft = Draft::complete().holdings("Q 100% of Owner\nP 100% of Daughter").with_all_seats();
        by.into_iter().enumerate().fold(draft, |draft, (seat, by)| draft.seat("T", &format!("{seat}"), by))
    };
    let (p, d, q) = (Some("P"), Some("Daughter"), Some("Q"));
    assert_eq!(seats([p, p, d, q, q]).control().mark("P", "T"), Mark::Yes);
    assert_eq!(seats([p, p, None, q, q]).control().mark("P", "T"), Mark::Maybe);
    assert_eq!(seats([p, None, q, q, q]).control().mark("P", "T"), Mark::No);
    let one = seats([p, p, d, q, q]).control();
    let controller =
        one.0.controllers_of(one.party("T")).into_iter().find(|found| found.party == one.party("P"));
    assert_eq!(controller.unwrap().by, By::Board);
    let right = Draft::complete().row(row("P", "T", "board", Some("60%"))).control();
    assert_eq!(right.mark("P", "T"), Mark::Yes);
    let vague = Draft::complete().row(row("P", "T", "board", None)).control();
    assert_eq!(vague.mark("P", "T"), Mark::Maybe);
}

/// One listed seat of seven is no board.
#[test]
fn seats_that_nobody_calls_all_decide_nothing_for_certain() {
    let draft = |draft: Draft| {
        draft.holdings("Q 100% of T\nP 100% of Daughter\nX 60% of Y").seat("T", "1", Some("Daughter"))
    };
    let marks = |draft: &Draft| ["P", "Daughter", "Q", "X"].map(|party| draft.control().mark(party, "T"));
    let (yes, no, maybe) = (Mark::Yes, Mark::No, Mark::Maybe);
    let open = draft(Draft::default());
    assert_eq!(marks(&open), [maybe, maybe, yes, no]);
    assert_eq!(marks(&open.clone().with_all_seats()), [yes, yes, yes, no]);
    // Two of three, of how many: another may have more, but only one who appoints to the board.
    let more = open.clone().seat("T", "2", Some("Daughter")).seat("T", "3", Some("X"));
    assert_eq!(marks(&more), [maybe, maybe, yes, maybe]);
    assert_eq!(marks(&more.clone().with_all_seats()), [yes, yes, yes, no]);
    // Nobody who is named has the seats that are left out.
    let mut closed = more.clone();
    closed.complete = Some(None);
    assert_eq!(marks(&closed), [maybe, maybe, yes, no]);
    // A seat of nobody may be anybody's, and so may those that are left out.
    let vacant = open.clone().seat("T", "2", None);
    assert_eq!(marks(&vacant), [maybe, maybe, yes, maybe]);
    assert!(vacant.control().0.may_be_anybody(vacant.control().party("T")));
    // Nothing is listed: the board follows the votes.
    let silent = Draft::default().holdings("Q 100% of T\nX 60% of Y").control();
    assert_eq!((silent.mark("Q", "T"), silent.mark("X", "T")), (yes, no));
}

#[test]
fn a_board_of_which_seats_are_left_out_is_what_is_not_known() {
    let view = Draft::complete().holdings("P 50% of T\nQ 50% of T").seat("T", "1", Some("P")).control();
    let ultimate = view.0.ultimate_of(view.party("T"));
    assert_eq!(ultimate.why, [Why::Seats(view.party("T"))]);
    let facts = view.0.what_decides(view.party("P"), view.party("T"));
    assert_eq!(facts.len(), 1);
    assert_eq!((&facts[0].fact, facts[0].becomes), (&Fact::Board { company: view.party("T") }, Mark::Yes));
}

#[test]
fn stated_parts_of_a_board_leave_no_more_than_the_rest() {
    let board = |share| row("P", "T", "board", Some(share));
    let seat = |draft: Draft| draft.seat("T", "1", Some("R")).control();
    let view = seat(Draft::default().holdings("Q 100% of T").row(board("60%")));
    assert_eq!((view.mark("P", "T"), view.mark("R", "T")), (Mark::Yes, Mark::No));
    let view = seat(Draft::default().holdings("Q 100% of T").row(board("40%")));
    assert_eq!((view.mark("P", "T"), view.mark("R", "T")), (Mark::No, Mark::Maybe));
    // More than half of two who have nothing to do with each other: neither has it alone.
    let half = |owner: &str, direct| {
        let band = (Some("50%".to_owned()), Some("100%".to_owned()));
        Row { min: band.0, max: band.1, min_open: Some(true), direct, ..row(owner, "T", "board", None) }
    };
    for direct in [None, Some(false)] {
        let draft = Draft::default().holdings("Q 100% of T").row(half("P", direct)).row(half("R", direct));
        let view = draft.control();
        assert_eq!((view.mark("P", "T"), view.mark("R", "T")), (Mark::Maybe, Mark::Maybe), "{direct:?}");
    }
}

#[test]
fn a_contract_may_be_control_unless_it_says() {
    let mark = |share| Draft::complete().row(row("P", "T", "contract", share)).control().mark("P", "T");
    assert_eq!((mark(None), mark(Some("70%")), mark(Some("20%"))), (Mark::Maybe, Mark::Yes, Mark::No));
}

#[test]
fn a_golden_share_is_reported_and_is_no_control() {
    let view = Draft::complete().holdings("P 99% of T").row(row("State", "T", "veto", Some("1%"))).control();
    assert_eq!(view.controllers("T"), ["P"]);
    assert_eq!(view.mark("State", "T"), Mark::No);
    let vetoes = view.0.vetoes_of(view.party("T"));
    assert_eq!(vetoes.len(), 1);
    assert_eq!((vetoes[0].party, vetoes[0].holds), (view.party("State"), Mark::Yes));
}

#[test]
fn the_end_of_the_chain_is_named_with_what_is_not_known_of_it() {
    let text = "P 60% of A\nA 60% of T";
    let view = Draft::complete().holdings(text).control();
    let ultimate = view.0.ultimate_of(view.party("T"));
    assert_eq!((ultimate.candidates, ultimate.unknown), (vec![view.party("P")], false));
    let view = Draft::default().holdings(text).company("P", Some(true), None, None).control();
    assert!(!view.0.ultimate_of(view.party("T")).unknown, "a person has no owners");
    let view = Draft::default().holdings(text).control();
    let ultimate = view.0.ultimate_of(view.party("T"));
    assert_eq!(ultimate.candidates, [view.party("P")]);
    assert_eq!((ultimate.unknown, ultimate.why), (true, vec![Why::NoHolders(view.party("P"))]));
    let view = Draft::default().holdings(text).company("P", None, Some(true), None).control();
    assert_eq!(view.0.ultimate_of(view.party("T")).why, [Why::Exempt(view.party("P"))]);
    let alone = Draft::complete().holdings("P 30% of T\nQ 30% of T").control();
    let ultimate = alone.0.ultimate_of(alone.party("T"));
    assert_eq!((ultimate.candidates, ultimate.unknown), (vec![alone.party("T")], false));
}

#[test]
fn the_fact_that_decides_and_from_which_value_on() {
    let view =
        Draft::complete().holdings("P 10% of T\nB 30%..60% of T\nQ 30%..60% of T\nP 100% of B").control();
    assert_eq!(view.mark("P", "T"), Mark::Maybe);
    let facts = view.0.what_decides(view.party("P"), view.party("T"));
    let share_of = |owner: &str, becomes| {
        facts.iter().filter(|one| one.becomes == becomes).find_map(|one| match &one.fact {
            Fact::Share { owner: of, settles, .. } if *of == view.party(owner) => Some(settles.to_string()),
            _ => None,
        })
    };
    assert_eq!(share_of("B", Mark::Yes).unwrap(), "(0.4, 0.6]");
    assert_eq!(share_of("B", Mark::No).unwrap(), "[0.3, 0.4]");
    assert_eq!(share_of("Q", Mark::Yes).unwrap(), "[0.3, 0.5)");
    assert_eq!(share_of("Q", Mark::No).unwrap(), "[0.5, 0.6]");
    let open = Draft::default().holdings("P 45% of T\nQ 40% of T").control();
    let facts = open.0.what_decides(open.party("P"), open.party("T"));
    assert_eq!(facts.len(), 1);
    assert_eq!(facts[0].fact, Fact::Complete { company: open.party("T") });
}

#[test]
fn chains_and_loops_add_up_to_the_holding() {
    let ring = "A 60% of B\nB 50% of C\nC 40% of A\nP 60% of A\nQ 40% of B\nR 50% of C";
    let view = Draft::complete().holdings(ring).control();
    let snapshot = view.0.snapshot();
    let (p, c) = (view.party("P"), view.party("C"));
    let chains = snapshot.chains(p, c, Metric::Equity, 10);
    assert_eq!((chains.chains.len(), chains.more), (1, false));
    let one = &chains.chains[0];
    assert_eq!(one.loops, Some(n("1/0.88")));
    assert_eq!(&one.product.least * one.loops.as_ref().unwrap(), n("9/44"));
    assert_eq!(one.links.iter().map(|link| link.rows.clone()).collect::<Vec<_>>(), [[3], [0], [1]]);
}

#[test]
fn vote_bands_of_one_company() {
    let snapshot = Draft::default().holdings("P 30%..40% of T\nQ 20% of T").snapshot();
    let register = snapshot.register();
    let company = register.party("T").unwrap();
    let bands = vote_bands(snapshot.stakes_of(company), false);
    let band =
        |owner: &str| bands.iter().find(|(party, _)| register.name(*party) == owner).unwrap().1.clone();
    assert_eq!(band("P").bounds(Quality::Exact), between("30%", "40%"));
    assert_eq!(band("Q").bounds(Quality::Exact), between("20%", "20%"));
}

#[test]
fn an_owner_who_is_not_named_may_be_anybody() {
    let mut draft = Draft::complete().holdings("Unnamed 60% of T\nQ 40% of T");
    draft.unnamed.push(("Unnamed".into(), "psc-exempt".into()));
    let view = draft.control();
    assert_eq!(view.mark("Unnamed", "T"), Mark::Yes, "whoever it is");
    assert_eq!(view.mark("Q", "T"), Mark::Maybe, "it may be Q");
    let ultimate = view.0.ultimate_of(view.party("T"));
    assert!(ultimate.unknown);
    assert_eq!(ultimate.why, [Why::Exempt(view.party("T"))]);
    assert_eq!(view.0.in_words(ultimate.why[0]), "exempt: listed company");
}

#[test]
fn why_somebody_is_not_named_is_said() {
    let words = |code: &str| {
        let mut draft = Draft::complete().holdings("Unnamed 60% of T\nQ 40% of T");
        draft.unnamed.push(("Unnamed".into(), code.into()));
        let view = draft.control();
        let why = view.0.ultimate_of(view.party("T")).why;
        let [why] = why[..] else { panic!("{code}: {why:?}") };
        view.0.in_words(why)
    };
    for (code, said) in [
        ("subjectExemptFromDisclosure", "exempt: the company need not name its owners"),
        ("interestedPartyExemptFromDisclosure", "exempt: the owner need not be named"),
        ("psc-exempt-as-shares-admitted-on-market", "exempt: listed company"),
        ("super-secure", "not published"),
        ("NON_PUBLIC", "not published"),
        ("noBeneficialOwners", "no owner who must be declared"),
        ("NATURAL_PERSONS", "people who are not named"),
        ("psc-exists-but-not-identified", "unknown to those who should name them"),
    ] {
        assert_eq!(words(code), said, "{code}");
    }
}

#[test]
fn caps_hold_however_holders_are_counted() {
    let view = Draft::default()
        .holdings("P 40%..60% of T\nQ 20% of T\nR 10% of T\nP 100% of Q")
        .company("T", None, None, Some("30%"))
        .control();
    let bounds = view.0.votes_of(view.party("P"), view.party("T"), false);
    // At least: 30 of P and Q together, against 10 of R and 10 to 30 that are not listed, at P's least of 40.
    assert_eq!(bounds.lower.value, Some(n("3/7")));
    // At most: 30 of P and 20 of Q, each for itself, against 10 of R.
    assert_eq!(bounds.upper.value, Some(n("5/6")));
}

#[test]
fn below_half_two_may_control_without_a_common_holder() {
    let draft = Draft::complete()
        .holdings("P 40% of T\nH 30% of T\nQ 20% of T\nR 10% of T")
        .company("P", Some(true), None, None)
        .company("Q", Some(true), None, None);
    let draft = Draft { complete: Some(Some(vec!["T".to_owned()])), ..draft };
    let rule = ControlRule { over: n("1/4"), ..ControlRule::default() };
    let view = draft.control_under(&rule);
    assert_eq!(view.controllers("T"), ["H", "P"]);
    let end = view.0.ultimate_of(view.party("T"));
    let names: Vec<String> = end.candidates.iter().map(|party| view.name(*party)).collect();
    assert_eq!(names, ["P", "H"], "P for certain, H as far as nobody holds it");
    assert_eq!((end.unknown, end.why), (true, vec![Why::NoHolders(view.party("H"))]));
}

#[test]
fn a_right_in_the_board_is_no_direct_holding() {
    let draft = Draft::default().holdings("P 60% of H\nH 50% of T").row(row("P", "T", "board", Some("60%")));
    let snapshot = draft.snapshot();
    let party = |id| snapshot.register().party(id).unwrap();
    let holding = |owner| snapshot.holding(party(owner), party("T"));
    assert_eq!(holding("P").share, Bounds::exactly(n("30%")));
    assert_eq!((holding("P").direct, holding("H").direct), (false, true));
}

#[test]
fn rows_that_disagree_whether_somebody_is_a_person_leave_it_open() {
    for order in [[Some(true), Some(false)], [Some(false), Some(true)]] {
        let draft = Draft::complete().holdings("P 60% of T");
        let draft = order.into_iter().fold(draft, |draft, said| draft.company("P", said, said, None));
        let draft = Draft { complete: Some(Some(vec!["T".to_owned()])), ..draft };
        let view = draft.control();
        let facts = view.0.snapshot().register().facts(view.party("P")).unwrap();
        assert_eq!((facts.person, facts.listed), (None, None));
        assert!(view.0.ultimate_of(view.party("T")).unknown);
    }
}

#[test]
fn a_row_of_an_agreement_that_was_set_aside_may_join_it() {
    let draft = Draft::complete().holdings("P 30% of T\nQ 30% of T\nR 40% of T");
    let mut dossier = Draft { pacts: vec![("P".to_owned(), "pact".to_owned())], ..draft }.dossier();
    let cells = [("member", "Q"), ("agreement", "pact")];
    dossier.set_aside.push(SetAside {
        table: TableKind::Agreements,
        place: Place::default(),
        cells: cells.map(|(column, cell)| (column.to_owned(), cell.to_owned())).into(),
        fault: String::new(),
    });
    let snapshot = Register::read(&dossier).on("2026-03-01".parse().unwrap());
    let party = |id| snapshot.register().party(id).unwrap();
    let control = snapshot.control(&ControlRule::default());
    let jointly = ["P", "Q", "R"].map(|one| control.mark_any(party(one), party("T")));
    assert_eq!(jointly, [Mark::Maybe, Mark::Maybe, Mark::No]);
}

#[test]
fn what_a_company_has_in_itself_is_no_part_of_what_is_attributed() {
    let own = |share: &str| Draft::complete().holdings(&format!("P 45% of T\nT {share} of T\nQ 35% of T"));
    let tier = |below| Tier { full_at: n("1/2"), below };
    let part = |draft: &Draft, below| {
        let snapshot = draft.snapshot();
        let party = |id| snapshot.register().party(id).unwrap();
        let marks = |one| if one == party("P") { Mark::Yes } else { Mark::No };
        snapshot.attributed(Metric::Equity, &tier(below), &marks, Mark::Maybe)[party("T").place()].clone()
    };
    for below in [Below::Nothing, Below::Product] {
        assert_eq!(part(&own("20%"), below), Bounds::exactly(n("56.25%")), "{below:?}");
        let half = Draft::complete().holdings("P 40% of T\nT 20% of T\nQ 40% of T");
        assert_eq!(
            part(&half, below),
            Bounds::exactly(n("1/2")),
            "{below:?}: T counts in full, not for itself"
        );
    }
    let banded = Draft::complete().holdings("P 45% of T\nT 0..20% of T\nQ 35%..55% of T");
    assert_eq!(part(&banded, Below::Nothing), Band::between(n("45%"), n("56.25%")).bounds(Quality::Sound));
}
