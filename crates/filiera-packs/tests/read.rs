//! Good packs, read as what they say; bad packs, with every fault recorded.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::{files, report};
use filiera_model::{Day, Exact, Operator};
use filiera_packs::{
    Apart, AttributionBelow, Base, CaseFile, Condition, Evidence, Form, Formula, Gives, Method, Pack, Price,
    Remainder, ShareMark, Threshold, Total, Weigh, check_members, parse_zones,
};

fn good(name: &str) -> Pack {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good").join(format!("{name}.toml"));
    let text = fs::read_to_string(path).unwrap();
    Pack::parse(&format!("it/{name}"), name, &text).unwrap_or_else(|faults| panic!("{}", report(&faults)))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn share_of(condition: &Condition) -> &filiera_packs::Share {
    match &condition.form {
        Form::Share(share) => share,
        other => panic!("{} is a {}", condition.name, other.name()),
    }
}

#[test]
fn bad_texts_give_every_fault_at_once() {
    for path in files("tests/bad", ".toml") {
        let text = fs::read_to_string(&path).unwrap();
        let file = path.file_name().unwrap().to_str().unwrap();
        let name = file.trim_end_matches(".toml");
        let faults = if file.ends_with(".test.toml") {
            CaseFile::parse(file, &text).err()
        } else if name.starts_with("zones") {
            parse_zones(file, &text).err()
        } else {
            Pack::parse(&format!("it/{name}"), file, &text).err()
        };
        let faults = faults.unwrap_or_else(|| panic!("{file} has no fault"));
        insta::assert_snapshot!(name.to_owned(), report(&faults));
    }
}

#[test]
fn a_condition_is_read_as_written() {
    let pack = good("whole");
    let condition = pack.condition("local-content").unwrap();
    assert_eq!(condition.per, vec![filiera_packs::Spanned::new("vehicle".to_owned(), 0..0)]);
    assert_eq!(condition.accepts.evidence, vec![Evidence::Declared, Evidence::Observed]);
    assert_eq!(condition.accepts.basis.as_ref().unwrap().len(), 2);
    let comparison = condition.comparison.as_ref().unwrap();
    assert_eq!(comparison.operator, Operator::AtLeast);
    assert_eq!(comparison.threshold.value, Threshold::Parameter("domestic_share".to_owned()));
    assert!(!condition.unknown.as_ref().unwrap().counts_as);
    assert!(condition.unknown_scope.as_ref().unwrap().counts_in);
    assert!(condition.boundary_flag);
    assert_eq!(condition.due, Some(day("2030-12-31")));
    let share = share_of(condition);
    assert_eq!(share.method, Method::RolledUp);
    assert_eq!(share.roll_up.as_ref().unwrap().at.value, Exact::parse("7/10").unwrap());
    assert_eq!(share.of_total.as_ref().unwrap().total.value, Total::Column("ex_works_price".to_owned()));
    assert_eq!(share.of_total.as_ref().unwrap().remainder.value, Remainder::No);
    let total = share_of(pack.condition("carline").unwrap()).of_total.as_ref().unwrap();
    assert_eq!(total.total.value, Total::Number(Exact::from_int(100)));
    let Form::Concentration(groups) = &pack.condition("dependency").unwrap().form else { panic!() };
    assert_eq!((groups.by.value.as_str(), groups.weigh.value.name()), ("partner", "value"));
    assert!(groups.mark.is_some() && groups.among.is_some() && groups.convert_on.is_some());
    let Form::Score(score) = &pack.condition("award").unwrap().form else { panic!() };
    assert_eq!((score.points.len(), score.decimals, score.within[0].as_str()), (4, Some(2), "tender"));
    let Gives::Formula(economic) = &score.points[2].gives else { panic!() };
    assert_eq!(economic.formula, Formula::Bilinear(Exact::parse("0.85").unwrap()));
    assert!(economic.best_is_full && matches!(&economic.price, Price::Below(_, Base::Number(_))));
    assert_eq!(score.points[3].title, "price, power");
    let Form::Total(sum) = &pack.condition("chinese").unwrap().form else { panic!() };
    assert!(sum.is_of_companies() && sum.attribution.as_ref().unwrap().below == AttributionBelow::Nothing);
    let Form::NOf(of) = &pack.condition("some").unwrap().form else { panic!() };
    assert_eq!((of.at_least.value, of.members.len()), (2, 3));
    assert_eq!(share_of(pack.condition("one-country").unwrap()).mark, ShareMark::ByOrigin);
    let one = share_of(pack.condition("one-supplier").unwrap());
    assert_eq!(
        (&one.mark, &one.by.as_ref().unwrap().value),
        (&ShareMark::All, &Apart::Column("supplier".to_owned()))
    );
    let one = share_of(pack.condition("one-of-the-list").unwrap());
    assert_eq!(one.by.as_ref().unwrap().value, Apart::Each("domestic".to_owned()));
}

#[test]
fn places_point_at_what_was_written() {
    let pack = good("whole");
    let condition = pack.condition("local-content").unwrap();
    let text = pack.text(&condition.span);
    assert!(
        text.starts_with("[condition.local-content]") && text.ends_with("cite          = \"art. 1\""),
        "{text}"
    );
    assert_eq!(pack.source.lines().nth(condition.line as usize - 1), Some("[condition.local-content]"));
    let net_cost = pack.text(&pack.condition("net-cost").unwrap().span);
    assert!(
        net_cost.starts_with("[condition.net-cost]") && net_cost.ends_with("bottom = [\"net_cost\"]"),
        "{net_cost}"
    );
    assert_eq!(
        pack.text(&condition.when.as_ref().unwrap().span),
        "plant_country = 'IT' AND built_on >= $start"
    );
    assert_eq!(pack.text(&condition.per[0].span), "\"vehicle\"");
    let Form::None(rows) = &pack.condition("no-cells").unwrap().form else { panic!() };
    let sql = rows.mark.as_ref().unwrap();
    assert_eq!(sql.text, "origin IN ('CN') AND class = \"cell\" ");
    let class = sql.text.find("class").unwrap();
    assert_eq!(pack.text(&sql.place(&pack.source, class..class + 5)), "class");
    let dotted = good("dotted");
    assert_eq!(dotted.condition("only").unwrap().line, 4);
}

#[test]
fn compositions_take_the_subject_of_their_members() {
    let pack = good("whole");
    for name in ["accord", "either", "otherwise", "some"] {
        let condition = pack.condition(name).unwrap();
        assert_eq!(condition.per.len(), 1, "{name}");
        assert_eq!(condition.per[0].value, "vehicle", "{name}");
    }
    let accord = pack.condition("accord").unwrap();
    assert_eq!(accord.form.members()[3].pack.as_deref(), Some("eu/other"));
    assert_eq!(accord.via["holder"].value, "maker");
    assert_eq!(accord.grants.as_ref().unwrap().up_to.as_deref(), Some("20 m"));
}

#[test]
fn a_reading_replaces_only_what_it_states() {
    let pack = good("whole");
    let reading = |name: &str| &pack.reading(name).unwrap().condition;
    let by_mass = reading("by-mass");
    assert_eq!(
        (by_mass.name.as_str(), share_of(by_mass).weigh.value.clone()),
        ("local-content", Weigh::Mass)
    );
    assert_eq!(by_mass.title, "At least 45 % comes from home");
    assert!(share_of(by_mass).roll_up.is_none(), "the form is replaced as a whole");
    assert_eq!(by_mass.comparison, pack.condition("local-content").unwrap().comparison);
    assert!(by_mass.when.is_some() && by_mass.boundary_flag);
    let counted = reading("counted").comparison.as_ref().unwrap();
    assert_eq!(counted.threshold.value, Threshold::Number(Exact::from_int(3)));
    let strictly = reading("strictly").comparison.as_ref().unwrap();
    assert_eq!(
        (strictly.operator, strictly.threshold.value.clone()),
        (Operator::MoreThan, Threshold::Parameter("domestic_share".to_owned()))
    );
    assert_eq!(reading("accord-without-cells").form.members().len(), 2);
    assert!(pack.text(&pack.reading("by-mass").unwrap().span).starts_with("[reading.by-mass]"));
    assert_eq!(pack.readings_of("local-content").count(), 4);
}

#[test]
fn a_reading_of_a_form_without_threshold_drops_what_only_a_threshold_has() {
    let pack = good("whole");
    let every = &pack.reading("every-part").unwrap().condition;
    assert!(every.comparison.is_none() && !every.boundary_flag);
}

#[test]
fn layouts_of_toml_say_the_same() {
    let pack = good("dotted");
    let condition = pack.condition("only").unwrap();
    assert_eq!(condition.form.of().unwrap().value, "content");
    assert_eq!(pack.parameters["least"].values[0].text, "1/3");
    assert_eq!(pack.condition("only").unwrap().accepts.evidence, vec![Evidence::Declared]);
}

#[test]
fn warnings_leave_the_pack_usable() {
    let text = r#"
[pack]
title     = "Odd"
status    = "enacted"
reference = [
    { title = "old", checked = 2025-11-21 },
    { title = "a year old", checked = 2025-11-22 },
    { title = "never" },
]
[parameter.idle]
unit   = "number"
values = [{ value = 1, cite = "x" }]
[condition.a]
title         = "A"
per           = "vehicle"
total         = { of = "costs", weigh = "value" }
at_least      = 5
unknown       = { counts_as = "no", cite = "x" }
unknown_scope = { counts_as = "in", cite = "x" }
"#;
    let pack = Pack::parse("it/odd", "odd.toml", text).unwrap();
    let reports: String = pack.warnings(day("2026-11-22")).iter().map(|fault| report(fault)).collect();
    insta::assert_snapshot!("warnings", reports);
    assert!(
        good("whole")
            .warnings(day("2026-11-22"))
            .iter()
            .all(|fault| fault.to_string().contains("Another act"))
    );
}

#[test]
fn zones_and_members_elsewhere_must_exist() {
    let (zones, infos) =
        parse_zones("zones.toml", "[zone.EU]\ntitle = \"Union\"\nmembers = [{ country = \"IT\" }]").unwrap();
    assert_eq!((infos.len(), infos[0].name.as_str()), (1, "EU"));
    let whole = good("whole");
    let faults: Vec<String> = whole.check_zones(&zones).iter().map(ToString::to_string).collect();
    assert_eq!(faults, vec!["there is no zone `@EEA`"]);
    assert!(good("dotted").check_zones(&zones).is_empty());

    let other = |condition: &str, per: &str, more: &str| {
        let text = format!(
            "[pack]\ntitle = \"o\"\nstatus = \"draft\"\n[condition.{condition}]\ntitle = \"t\"\nper = \"{per}\"\n{more}"
        );
        Pack::parse("eu/other", "other.toml", &text).unwrap()
    };
    let any = "any = { of = \"flows\" }";
    let messages = |other: &Pack| -> Vec<String> {
        check_members(&[&whole, other], &BTreeSet::new()).iter().map(ToString::to_string).collect()
    };
    assert!(messages(&other("its-condition", "vehicle", any)).is_empty());
    assert_eq!(
        messages(&other("its-conditions", "vehicle", any)),
        vec!["there is no condition `its-condition` in `eu/other`"]
    );
    assert_eq!(
        messages(&other("its-condition", "maker", any)),
        vec!["`eu/other#its-condition` judges `maker`, not `vehicle`"]
    );
    assert_eq!(
        messages(&other("its-condition", "vehicle", "all_of = [\"it/whole#accord\"]")),
        vec![
            "conditions are made of each other: `it/whole#accord` → `eu/other#its-condition` → `it/whole#accord`"
        ]
    );
    let alone: Vec<String> =
        check_members(&[&whole], &BTreeSet::new()).iter().map(ToString::to_string).collect();
    assert_eq!(alone, vec!["there is no pack `eu/other`"]);
}

#[test]
fn a_byte_order_mark_and_other_line_ends_change_no_place() {
    let plain = good("whole");
    let marked = format!("\u{feff}{}", plain.source);
    let pack = Pack::parse("it/whole", "whole.toml", &marked).unwrap();
    let sql = pack.condition("local-content").unwrap().when.as_ref().unwrap();
    assert_eq!(pack.text(&sql.span), sql.text);

    let windows = plain.source.replace('\n', "\r\n");
    let pack = Pack::parse("it/whole", "whole.toml", &windows).unwrap();
    assert_eq!(pack.hash, plain.hash);
    let condition = pack.condition("no-cells").unwrap();
    assert_eq!(condition.line, plain.condition("no-cells").unwrap().line);
    let Form::None(rows) = &condition.form else { panic!() };
    let sql = rows.mark.as_ref().unwrap();
    let class = sql.text.find("class").unwrap();
    assert_eq!(pack.text(&sql.place(&pack.source, class..class + 5)), "class");
}

#[test]
fn deep_nesting_is_a_fault_and_no_crash() {
    let deep = |open: &str, close: &str| format!("a = {}{}", open.repeat(100_000), close.repeat(100_000));
    for text in [
        deep("[", "]"),
        deep("{a=", "}"),
        format!("{}b = 1", "a.".repeat(100_000)),
        format!("[{}b]\nc = 1", "a.".repeat(100_000)),
        format!("[condition{}]\n", ".a".repeat(70)),
    ] {
        assert!(Pack::parse("it/deep", "deep.toml", &text).is_err());
        assert!(CaseFile::parse("deep.toml", &text).is_err());
        assert!(parse_zones("deep.toml", &text).is_err());
    }
}

#[test]
fn a_pack_of_nothing_but_faults_is_read_in_time() {
    let mut text = "[pack]\ntitle = \"t\"\nstatus = \"draft\"\n".to_owned();
    for n in 0..5_000 {
        text += &format!(
            "[condition.c{n}]\ntitle = \"t\"\nall_of = [\"d{n}\", \"c{}\"]\nwrong{n} = 1\n",
            (n + 1) % 5_000
        );
    }
    let faults = Pack::parse("it/large", "large.toml", &text).unwrap_err();
    assert_eq!(faults.faults.len(), 10_001);
}
