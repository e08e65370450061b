//! Cases a person wrote: what each kind of line, part and vehicle becomes.

mod common;

use common::{Row, between, bom, bom_table, exactly, line, n, node, parts, priced};
use filiera_model::{Day, Days, Exact, Fraction, Mark, Quality, Range};
use filiera_origin::{
    AcyclicBom, Below, BomGraph, Components, Evidence, InstalledPart, List, Method, NotAppliedReason,
    OriginError, Parts, RollUp, Scaled, components, content, own_work, remainder, shares, value_added,
};

/// `part quantity unit` of the rows of a list.
fn rows(found: &Components, list: &List) -> Vec<String> {
    let text = |row: &usize| {
        let item = &found.items[*row];
        format!("{} {} {}", item.part, item.quantity, item.unit)
    };
    list.rows.iter().map(text).collect()
}

fn base(found: &Components) -> Vec<String> {
    rows(found, &found.base)
}

fn car() -> AcyclicBom {
    bom(&[
        line("car", "body", "1"),
        line("car", "kit", "2"),
        line("car", "engine", "1"),
        line("body", "panel", "4"),
        line("body", "kit", "3"),
        line("kit", "screw", "10"),
        Row { unit: Some("g"), ..line("kit", "glue", "250") },
        line("engine", "block", "1"),
        line("car", "screw", "7"),
    ])
}

const CAR: &[(&str, &str, &str)] = &[
    ("car", "make", ""),
    ("body", "make", ""),
    ("kit", "phantom", ""),
    ("engine", "buy", "Motori"),
    ("block", "buy", ""),
    ("panel", "buy", "Lamiere"),
    ("screw", "buy", ""),
    ("glue", "consigned", ""),
];

#[test]
fn made_parts_and_phantoms_are_opened_and_bought_ones_stop() {
    let bom = car();
    let parts = parts(&bom, CAR);
    let found = components(&bom, &parts, node(&bom, "car")).unwrap();
    assert_eq!(base(&found), ["engine 1 piece", "glue 1.25 kg", "panel 4 piece", "screw 57 piece"]);
    assert_eq!(found.items[0].supplier.as_deref(), Some("Motori"));
    let made: Vec<(&str, &Exact)> = found.made.iter().map(|m| (m.part.as_str(), &m.quantity)).collect();
    assert_eq!(made, [("body", &n("1"))]);
    assert!(found.choices.is_empty() && found.missing.is_empty());
    assert_eq!(found.inside, [node(&bom, "block")]);
}

#[test]
fn without_procurement_types_the_lines_under_the_root_are_the_components() {
    let bom = car();
    let found = components(&bom, &Parts::of(&bom, None), node(&bom, "car")).unwrap();
    assert_eq!(base(&found), ["body 1 piece", "engine 1 piece", "kit 2 piece", "screw 7 piece"]);
    assert!(found.items.iter().all(|item| !item.missing && !item.assumed_bought));
}

#[test]
fn a_part_without_procurement_among_others_is_taken_as_bought_and_says_so() {
    let bom = car();
    let parts = parts(&bom, &[("body", "", ""), ("kit", "phantom", ""), ("screw", "", "")]);
    let found = components(&bom, &parts, node(&bom, "car")).unwrap();
    assert_eq!(base(&found), ["body 1 piece", "engine 1 piece", "glue 0.5 kg", "screw 27 piece"]);
    let assumed: Vec<bool> = found.items.iter().map(|item| item.assumed_bought).collect();
    assert_eq!(assumed, [true, true, false, false]);
    assert_eq!(found.missing, ["engine", "glue"]);
}

#[test]
fn a_made_part_or_phantom_without_lines_is_not_lost() {
    let bom = bom(&[line("car", "panel", "2"), line("car", "kit", "1")]);
    let parts = parts(&bom, &[("panel", "make", ""), ("kit", "phantom", "")]);
    let found = components(&bom, &parts, node(&bom, "car")).unwrap();
    assert_eq!(base(&found), ["kit 1 piece", "panel 2 piece"]);
    assert_eq!(found.items.iter().map(|item| item.empty_phantom).collect::<Vec<_>>(), [true, false]);
    assert!(found.made.is_empty());
}

#[test]
fn own_work_is_what_a_made_part_states_above_its_lines() {
    let bom = car();
    let parts = parts(&bom, CAR);
    let found = components(&bom, &parts, node(&bom, "car")).unwrap();
    let values = [
        ("body", exactly("100")),
        ("kit", exactly("999")),
        ("panel", exactly("10")),
        ("screw", exactly("0.5")),
        ("glue", exactly("4")),
        ("engine", between("200", "220")),
    ];
    let own = own_work(&bom, &parts, &found, &priced(&bom, &values)).unwrap();
    // kit: 10 screws at 0.5 and 0.25 kg at 4 are 6; body: 100 − 4·10 − 3·6 = 42.
    assert_eq!(own.rows.len(), 1);
    assert_eq!((&own.rows[0].value, own.rows[0].conflict), (&exactly("42"), false));
    // body 100, two kits 12, engine, 7 screws 3.5.
    assert_eq!(own.total, between("315.5", "335.5"));
    assert_eq!(remainder(&exactly("400"), &own.total).value, between("64.5", "84.5"));
    // Components and own work add up to the vehicle.
    let unit = priced(&bom, &values);
    let mut sum = own.rows[0].value.clone();
    for item in &found.items {
        sum = sum.plus(&unit(item.node.unwrap()).unwrap().times(&item.quantity));
    }
    assert_eq!(sum, own.total);
}

#[test]
fn a_made_part_without_a_value_leaves_its_work_to_the_next_above() {
    let bom = bom(&[line("car", "body", "1"), line("body", "door", "2"), line("door", "glass", "1")]);
    let parts = parts(&bom, &[("body", "make", ""), ("door", "make", ""), ("glass", "buy", "")]);
    let found = components(&bom, &parts, node(&bom, "car")).unwrap();
    let own =
        own_work(&bom, &parts, &found, &priced(&bom, &[("body", exactly("50")), ("glass", exactly("5"))]));
    let own = own.unwrap();
    assert_eq!(own.rows.iter().map(|row| row.value.clone()).collect::<Vec<_>>(), [exactly("40")]);
    assert_eq!(own.unvalued, ["door"]);
    // A door that costs less than its glass is a conflict; an unknown glass price is not.
    let dear = [("door", exactly("4")), ("glass", exactly("5")), ("body", exactly("8"))];
    let own = own_work(&bom, &parts, &found, &priced(&bom, &dear)).unwrap();
    assert_eq!(own.rows.iter().map(|row| row.conflict).collect::<Vec<_>>(), [false, true]);
    let own = own_work(&bom, &parts, &found, &priced(&bom, &[("door", exactly("4"))])).unwrap();
    assert_eq!(own.rows[0].value, between("0", "8"));
}

fn with_choice<'a>(parent: &'a str, child: &'a str, quantity: &'a str, choice: &'a str) -> Row<'a> {
    Row { choice: Some(choice), ..line(parent, child, quantity) }
}

fn optional() -> (AcyclicBom, Vec<(&'static str, &'static str, &'static str)>) {
    let bom = bom(&[
        line("car", "seats", "1"),
        with_choice("car", "radio A", "1", "radio"),
        with_choice("car", "radio kit", "2", "radio"),
        line("radio kit", "amplifier", "3"),
        with_choice("radio kit", "speaker X", "4", "speaker"),
        with_choice("radio kit", "speaker Y", "5", "speaker"),
        line("radio kit", "seats", "1"),
    ]);
    let parts = vec![
        ("radio kit", "phantom", ""),
        ("radio A", "buy", ""),
        ("seats", "buy", ""),
        ("amplifier", "buy", ""),
        ("speaker X", "buy", ""),
        ("speaker Y", "buy", ""),
    ];
    (bom, parts)
}

#[test]
fn alternatives_are_kept_apart_and_may_hold_alternatives() {
    let (bom, rows_of_parts) = optional();
    let parts = parts(&bom, &rows_of_parts);
    let found = components(&bom, &parts, node(&bom, "car")).unwrap();
    assert_eq!(base(&found), ["seats 1 piece"]);
    let [(radio, times)] = found.base.choices.as_slice() else { panic!("{:?}", found.base) };
    assert_eq!(times, &n("1"));
    let radio = found.choice(*radio).unwrap();
    assert_eq!(radio.name.as_deref(), Some("radio"));
    assert_eq!(rows(&found, &radio.alternatives[0]), ["radio A 1 piece"]);
    assert_eq!(rows(&found, &radio.alternatives[1]), ["amplifier 6 piece", "seats 2 piece"]);
    let [(speaker, times)] = radio.alternatives[1].choices.as_slice() else { panic!("{radio:?}") };
    assert_eq!(times, &n("2"));
    let lists = &found.choice(*speaker).unwrap().alternatives;
    assert_eq!(
        [rows(&found, &lists[0]), rows(&found, &lists[1])],
        [["speaker X 4 piece"], ["speaker Y 5 piece"]]
    );
    let ids: Vec<bool> = found.items.iter().map(|item| item.choice.is_some()).collect();
    assert_eq!(ids, [false, true, true, true, true, true]);
}

#[test]
fn what_was_installed_replaces_its_line_and_settles_choices() {
    let (bom, rows_of_parts) = optional();
    let parts = parts(&bom, &rows_of_parts);
    let found = components(&bom, &parts, node(&bom, "car")).unwrap();
    let part = |row, part, quantity: Option<&str>| InstalledPart {
        row,
        part,
        lot: Some("L1"),
        supplier: None,
        quantity: quantity.map(n),
    };
    let fitted = found.install(&bom, &[part(0, "speaker Y", Some("10"))], false).components;
    assert_eq!(base(&fitted), ["seats 1 piece", "amplifier 6 piece", "seats 2 piece", "speaker Y 10 piece"]);
    assert!(fitted.base.choices.is_empty());
    assert_eq!(fitted.items.last().unwrap().installed.as_ref().unwrap().lot.as_deref(), Some("L1"));

    let both = [part(0, "radio A", None), part(1, "amplifier", None), part(2, "bumper", None)];
    let fitted = found.install(&bom, &both, false).components;
    assert_eq!(base(&fitted), ["seats 1 piece", "radio A 1 piece", "amplifier 1 piece", "bumper 1 piece"]);
    let open = fitted.choice(fitted.base.choices[0].0).unwrap();
    assert_eq!(open.alternatives.len(), 2);
    assert_eq!(rows(&fitted, &open.alternatives[1]), ["seats 2 piece"]);

    let fitted = found.install(&bom, &both, true).components;
    assert_eq!(base(&fitted), ["radio A 1 piece", "amplifier 1 piece", "bumper 1 piece"]);
    assert!(fitted.base.choices.is_empty());
}

#[test]
fn what_was_installed_inside_a_component_counts_with_it() {
    let bom = car();
    let parts = parts(&bom, CAR);
    let found = components(&bom, &parts, node(&bom, "car")).unwrap();
    let part = |row, part| InstalledPart { row, part, ..InstalledPart::default() };
    let rows = [part(0, "block"), part(1, "body"), part(2, "glue"), part(3, "engine"), part(4, "engine")];
    let fitted = found.install(&bom, &rows, false);
    let reasons: Vec<NotAppliedReason> = fitted.not_applied.iter().map(|one| one.reason).collect();
    assert_eq!(reasons, [NotAppliedReason::Inside, NotAppliedReason::Opened]);
    let fitted = fitted.components;
    assert_eq!(
        base(&fitted),
        ["panel 4 piece", "screw 57 piece", "glue 1 piece", "engine 1 piece", "engine 1 piece"]
    );
    // One piece of something counted in kilograms: what it is worth is not known.
    assert_eq!(
        fitted.items.iter().map(|i| i.mixed_units).collect::<Vec<_>>(),
        [false, false, true, false, false]
    );
    assert_eq!(fitted.items[3].supplier.as_deref(), Some("Motori"));
    // A stated quantity is in the unit that the lines list.
    let grams = InstalledPart { part: "glue", quantity: Some(n("500")), ..InstalledPart::default() };
    let fitted = found.install(&bom, &[grams], false).components;
    assert_eq!(base(&fitted).last().map(String::as_str), Some("glue 0.5 kg"));
}

#[test]
fn units_are_converted_within_a_kind_and_flagged_between() {
    let bom = bom(&[
        Row { unit: Some("g"), ..line("car", "oil", "500") },
        Row { unit: Some("kg"), ..line("car", "oil", "2") },
        Row { unit: Some("mm"), ..line("car", "wire", "1500") },
        line("car", "wire", "1"),
    ]);
    let found = components(&bom, &Parts::of(&bom, None), node(&bom, "car")).unwrap();
    assert_eq!(base(&found), ["oil 2.5 kg", "wire 1.5 m", "wire 1 piece"]);
    assert_eq!(found.items.iter().map(|item| item.mixed_units).collect::<Vec<_>>(), [false, true, true]);
    let value = priced(&bom, &[]);
    let own = own_work(&bom, &Parts::of(&bom, None), &found, &value).unwrap();
    assert_eq!(own.total, Range::anything());
}

fn on(first: &str, last: &str) -> Option<Days> {
    let day = |text: &str| text.parse::<Day>().unwrap();
    Some(Days::between(day(first), day(last)))
}

#[test]
fn lines_hold_from_their_first_to_their_last_day() {
    let table = bom_table(&[
        Row { to: Some("2026-01-31"), ..line("car", "old", "1") },
        Row { from: Some("2026-02-01"), ..line("car", "new", "1") },
        line("car", "always", "1"),
        Row { from: Some("2026-03-01"), to: Some("2026-02-01"), ..line("car", "reversed", "1") },
    ]);
    let found = |at| {
        let bom = BomGraph::from_table(&table, at).unwrap().acyclic().unwrap();
        components(&bom, &Parts::of(&bom, None), node(&bom, "car")).unwrap()
    };
    assert_eq!(base(&found(on("2026-01-31", "2026-01-31"))), ["always 1 piece", "old 1 piece"]);
    assert_eq!(base(&found(on("2026-02-01", "2026-02-01"))), ["always 1 piece", "new 1 piece"]);
    assert_eq!(base(&found(None)).len(), 4);
    for at in [on("2026-01-31", "2026-02-01"), Some(Days::unknown())] {
        let either = found(at);
        assert_eq!(base(&either), ["always 1 piece"]);
        assert_eq!(either.choices.len(), 2);
        for choice in &either.choices {
            assert_eq!((choice.name.as_deref(), choice.alternatives.len()), (None, 2));
            assert_eq!(choice.alternatives[1], List::default());
        }
    }
    let days: Vec<String> = filiera_origin::changes(&table).iter().map(Day::to_string).collect();
    assert_eq!(days, ["2026-02-01", "2026-02-02", "2026-03-01"]);
}

#[test]
fn the_only_alternative_in_force_is_no_choice() {
    let table = bom_table(&[
        Row { to: Some("2026-01-31"), ..with_choice("car", "a", "1", "c") },
        with_choice("car", "b", "1", "c"),
    ]);
    let bom = BomGraph::from_table(&table, on("2026-02-01", "2026-02-01")).unwrap().acyclic().unwrap();
    let found = components(&bom, &Parts::of(&bom, None), node(&bom, "car")).unwrap();
    assert_eq!((base(&found), found.choices.len()), (vec!["b 1 piece".to_owned()], 0));
}

#[test]
fn bad_lines_are_errors_that_name_them() {
    let none = bom_table(&[line("car", "wheel", "")]);
    let bom = BomGraph::from_table(&none, None).unwrap().acyclic().unwrap();
    let wrong = components(&bom, &Parts::of(&bom, None), node(&bom, "car")).unwrap_err();
    assert!(matches!(&wrong, OriginError::NoQuantity { child, row: 0, .. } if child == "wheel"), "{wrong}");
    let wrong = BomGraph::from_table(&bom_table(&[line("", "wheel", "1")]), None).unwrap_err();
    assert_eq!(wrong, OriginError::NoPart { row: 0, column: "parent" });
    let ring =
        bom_table(&[line("b", "c", "1"), line("c", "a", "1"), line("a", "b", "1"), line("d", "d", "1")]);
    let wrong = BomGraph::from_table(&ring, None).unwrap().acyclic().unwrap_err();
    assert!(wrong.to_string().contains("`a` → `b` → `c` → `a`; `d` → `d`;"), "{wrong}");
}

#[test]
fn content_is_every_level_and_what_it_adds() {
    let bom = car();
    let parts = parts(&bom, CAR);
    let car = node(&bom, "car");
    let found = content(&bom, &parts, car).unwrap();
    let text = |row: &filiera_origin::ContentRow| format!("{} {} {}", row.part, row.quantity, row.level);
    assert_eq!(
        found.rows.iter().map(text).collect::<Vec<_>>(),
        ["block 1 2", "body 1 1", "engine 1 1", "glue 1.25 3", "kit 5 2", "panel 4 2", "screw 57 3"]
    );
    let values = [
        ("body", exactly("100")),
        ("panel", exactly("10")),
        ("screw", exactly("0.5")),
        ("glue", exactly("4")),
        ("engine", exactly("200")),
        ("block", between("150", "230")),
    ];
    let added = value_added(&bom, &parts, &[car], &priced(&bom, &values)).unwrap();
    let of = |part: &str| added[&node(&bom, part)].value.clone();
    assert_eq!(
        [of("body"), of("kit"), of("engine"), of("screw")],
        [exactly("42"), exactly("0"), between("0", "50"), exactly("0.5")]
    );
    assert_eq!(of("car"), Range::anything());
}

/// `y`, `n`, `?` or a share.
fn mark_of(text: &str) -> Fraction {
    match text {
        "y" => Mark::Yes.into(),
        "n" => Mark::No.into(),
        "?" => Mark::Maybe.into(),
        share => Fraction::exactly(n(share)),
    }
}

fn share_of(
    bom: &AcyclicBom,
    procured: &[(&str, &str, &str)],
    part: &str,
    method: &Method,
    marked: &[(&str, &str)],
    values: &[(&str, Range)],
) -> (String, Quality) {
    let parts = parts(bom, procured);
    let mark = |node| {
        let found = marked.iter().find(|(part, _)| *part == bom.part(node));
        mark_of(found.map_or("?", |(_, mark)| *mark))
    };
    let unit_value = priced(bom, values);
    let evidence = Evidence { mark: &mark, unit_value: &unit_value };
    let found = shares(bom, &parts, &[node(bom, part)], method, &evidence).unwrap();
    let share = found.get(node(bom, part)).unwrap();
    (format!("{}..{}", share.fraction.least, share.fraction.most), share.quality)
}

/// A sub-assembly of local 50 and foreign 30 to 80, rolled up at 50 %; the parent adds foreign 40.
/// Its corners give 66.7 % and 29.4 %, the true maximum is 71.4 % (at 50).
#[test]
fn a_rolled_up_sub_assembly_with_an_unknown_price_is_bounded_soundly() {
    let bom = bom(&[
        line("car", "sub", "1"),
        line("car", "foreign", "1"),
        line("sub", "local", "1"),
        line("sub", "abroad", "1"),
    ]);
    let procured = [("car", "phantom", ""), ("sub", "buy", ""), ("local", "buy", "")];
    let values = [
        ("sub", between("80", "130")),
        ("local", exactly("50")),
        ("abroad", between("30", "80")),
        ("foreign", exactly("40")),
    ];
    let marked = [("local", "y"), ("abroad", "n"), ("foreign", "n"), ("sub", "n")];
    let rule = |below| Method::RolledUp(RollUp::new(n("50 %"), below).unwrap());
    let of = |part, method: &Method| share_of(&bom, &procured, part, method, &marked, &values);
    assert_eq!(of("sub", &rule(Below::Share)), ("5/13..1".into(), Quality::Sound));
    // 130 of 170 is 76.5 %; 5/13 of 80 of 120 is 25.6 %.
    assert_eq!(of("car", &rule(Below::Share)), ("10/39..13/17".into(), Quality::Sound));
    assert_eq!(of("sub", &Method::Traced), ("5/13..0.625".into(), Quality::Sound));
}

#[test]
fn unknown_origins_alone_are_exact_through_any_roll_up() {
    let bom = bom(&[
        line("car", "sub", "2"),
        line("car", "own", "1"),
        line("sub", "a", "1"),
        line("sub", "b", "3"),
    ]);
    let procured = [("car", "make", ""), ("sub", "buy", ""), ("a", "buy", "")];
    let values = [
        ("car", exactly("120")),
        ("own", exactly("20")),
        ("sub", exactly("40")),
        ("a", exactly("10")),
        ("b", exactly("8")),
    ];
    let marked = [("a", "y"), ("b", "?"), ("sub", "n"), ("own", "n"), ("car", "y")];
    let of = |method: &Method| share_of(&bom, &procured, "car", method, &marked, &values);
    // sub: 10 + [0, 24] of 40, so 25 % to 85 %; car: 20 of its own.
    assert_eq!(of(&Method::Traced), ("1/3..11/15".into(), Quality::Exact));
    let rule = |below| Method::RolledUp(RollUp::new(n("70 %"), below).unwrap());
    assert_eq!(of(&rule(Below::Nothing)), ("1/6..5/6".into(), Quality::Exact));
    assert_eq!(of(&rule(Below::Share)), ("1/3..5/6".into(), Quality::Exact));
    assert_eq!(of(&rule(Below::Nearest(n("10 %")))), ("11/30..5/6".into(), Quality::Exact));
    assert_eq!(of(&Method::AsSupplied), ("1..1".into(), Quality::Exact));
    for (at, below) in [("0", Below::Share), ("101 %", Below::Share), ("70 %", Below::Nearest(n("0")))] {
        assert!(matches!(RollUp::new(n(at), below), Err(OriginError::RollUpRule { .. })));
    }
}

#[test]
fn a_known_price_limits_what_an_unknown_one_inside_can_be() {
    let bom = bom(&[line("sub", "known", "1"), line("sub", "unknown", "1")]);
    let procured = [("sub", "buy", "")];
    let values = [("sub", exactly("100")), ("known", exactly("60"))];
    let marked = [("known", "y"), ("unknown", "n"), ("sub", "n")];
    let of = |marked: &[(&str, &str)]| share_of(&bom, &procured, "sub", &Method::Traced, marked, &values);
    assert_eq!(of(&marked), ("0.6..0.6".into(), Quality::Exact));
    assert_eq!(of(&[("known", "y"), ("unknown", "?"), ("sub", "n")]), ("0.6..1".into(), Quality::Sound));
    let without = [("known", exactly("60"))];
    let of = share_of(&bom, &procured, "sub", &Method::Traced, &marked, &without);
    assert_eq!(of, ("0..1".into(), Quality::Sound));
}

#[test]
fn a_price_below_its_parts_is_a_conflict_and_set_aside() {
    let bom = bom(&[line("sub", "a", "1"), line("sub", "b", "1")]);
    let parts = parts(&bom, &[("sub", "buy", "")]);
    let values = [("sub", exactly("10")), ("a", exactly("6")), ("b", exactly("6"))];
    let mark = |node| mark_of(if bom.part(node) == "a" { "y" } else { "n" });
    let unit_value = priced(&bom, &values);
    let evidence = Evidence { mark: &mark, unit_value: &unit_value };
    let found = shares(&bom, &parts, &[node(&bom, "sub")], &Method::Traced, &evidence).unwrap();
    assert_eq!(found.conflicts, ["sub"]);
    assert_eq!(found.get(node(&bom, "sub")).unwrap().fraction, Fraction::exactly(n("1/2")));
}

#[test]
fn a_sub_tree_lists_each_pair_once_to_its_depth() {
    let table = bom_table(&[
        line("a", "b", "2"),
        Row { unit: Some("g"), ..line("a", "c", "5") },
        line("b", "d", "1"),
        line("a", "b", "3"),
        line("d", "a", "1"),
        line("x", "a", "1"),
    ]);
    let graph = BomGraph::from_table(&table, None).unwrap();
    let list = |depth| {
        let text = |one: &filiera_origin::Relationship| format!("{}-{} {}", one.parent, one.child, one.rows);
        graph.subtree(graph.node("a").unwrap(), depth).iter().map(text).collect::<Vec<_>>()
    };
    assert!(list(0).is_empty());
    assert_eq!(list(1), ["a-b 2", "a-c 1"]);
    assert_eq!(list(2), ["a-b 2", "a-c 1", "b-d 1"]);
    assert_eq!(list(99), ["a-b 2", "a-c 1", "b-d 1", "d-a 1"]);
    let first = &graph.subtree(graph.node("a").unwrap(), 1)[0];
    assert_eq!((first.quantity.clone(), first.unit.clone()), (Some(n("2")), None));
    let counts = graph.counts(Some(&|part: &str| part != "c"));
    assert_eq!((counts.nodes, counts.rows, counts.edges, counts.repeated_rows), (5, 6, 5, 1));
    assert_eq!((counts.roots, counts.leaves, counts.shared, counts.max_parents), (1, 1, 1, 2));
    assert_eq!((counts.depth, counts.missing), (2, vec!["c".to_owned()]));
    assert_eq!(counts.cycles, [["a", "b", "d"]]);
}

fn chain(edges: usize) -> BomGraph {
    let ids: Vec<String> = (0..=edges).map(|n| format!("{n:07}")).collect();
    BomGraph::from_pairs(ids.windows(2).map(|pair| (pair[0].as_str(), pair[1].as_str()))).unwrap()
}

#[test]
fn a_chain_of_a_million_parts_is_counted_cut_and_totalled() {
    let (bom, cut) = chain(1_000_000).cut_cycles();
    assert!(cut.is_empty());
    assert_eq!(bom.graph().counts(None).depth, 1_000_000);
    assert_eq!(bom.subtree(node(&bom, "0000000"), u64::MAX).len(), 1_000_000);
    let own = vec![1i128; 1_000_001];
    let totals = bom.totals(Scaled { unscaled: &own, denominator: 1 }).unwrap();
    assert_eq!(totals.get(0), Some(n("1000001")));
}

#[test]
fn a_chain_of_two_hundred_thousand_parts_has_components_content_and_shares() {
    let bom = chain(200_000).acyclic().unwrap();
    let parts = Parts::of(&bom, None);
    let root = node(&bom, "0000000");
    let everything = content(&bom, &parts, root).unwrap();
    assert_eq!(everything.rows.last().map(|row| (row.level, row.leaf)), Some((200_000, true)));
    assert_eq!(components(&bom, &parts, root).unwrap().inside.len(), 199_999);
    let evidence = Evidence { mark: &|_| Mark::Yes.into(), unit_value: &|_| Some(exactly("1")) };
    let found = shares(&bom, &parts, &[root], &Method::Traced, &evidence).unwrap();
    assert_eq!(found.get(root).unwrap().fraction, Mark::Yes.into());
}

#[test]
fn quantities_that_128_bits_hardly_hold_are_totalled_exactly() {
    let huge = "99999999999999999999999999.999999999999";
    let bom = bom(&[
        Row { unit: Some("t"), ..line("a", "b", huge) },
        Row { unit: Some("mg"), ..line("b", "c", huge) },
    ]);
    let totals = bom.totals(Scaled { unscaled: &[0, 1, 700], denominator: 100 }).unwrap();
    let of = |part: &str| totals.get(node(&bom, part).place() as u32).unwrap();
    assert_eq!(of("b"), n("0.01") + n(huge) * n("1/1000000") * n("7"));
    assert_eq!(of("a"), n(huge) * n("1000") * of("b"));
    let wrong = bom.totals(Scaled { unscaled: &[0, 1, 700], denominator: 0 });
    assert!(matches!(wrong, Err(OriginError::Mismatch { .. })));
}
