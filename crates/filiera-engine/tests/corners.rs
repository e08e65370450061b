//! Corners where a careless engine decides too much: papers, days, choices, rates, members.

mod common;

use common::{complete, day, dossier, judge, judge_by, n, settings};
use filiera_engine::Settings;
use filiera_finding::{Finding, Reason};
use filiera_model::{Bounds, Quality, Verdict};
use filiera_tables::{Completeness, Dossier, Place, Population, SetAside, TableKind};

const HEAD: &str = "[pack]\ntitle = \"corners\"\nstatus = \"draft\"\n";

fn rule(body: &str) -> String {
    format!("{HEAD}[condition.rule]\ntitle = \"a rule\"\nper = \"vehicle\"\n{body}\n")
}

fn local(more: &str) -> String {
    rule(&format!(
        "{more}\nshare = {{ of = \"components\", weigh = \"value\", where = \"origin IN ('IT')\" }}\nat_least = \"45 %\""
    ))
}

/// One part A on one vehicle built on 2025-01-01, with these declarations.
fn with_papers(header: &str, rows: &str) -> Dossier {
    let declarations = format!("part,origin,{header}\n{rows}");
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,2025-01-01,IT"),
        ("parts", "part,procurement,unit_value,supplier\nA,buy,10,S"),
        ("bom", "parent,child,quantity\nR,A,1"),
        ("declarations", &declarations),
    ]);
    complete(&mut dossier, Population::Components);
    dossier
}

fn verdict(dossier: &Dossier, pack: &str) -> Verdict {
    judge(dossier, pack).remove(0).verdict
}

fn bounds(found: &Finding) -> Bounds {
    found.bounds.clone().unwrap()
}

// -- declarations ----------------------------------------------------------------------------------

#[test]
fn a_later_signature_supersedes_within_one_basis_only() {
    let signed = with_papers("signed_on", "A,CN,2024-01-01\nA,IT,2024-06-01");
    assert_eq!(verdict(&signed, &local("")), Verdict::Met);
    let bases = with_papers("basis,signed_on", "A,CN,usmca,2024-01-01\nA,IT,aala,2024-06-01");
    assert_eq!(verdict(&bases, &local("")), Verdict::Undetermined);
    // A later paper that is not valid on the day supersedes nothing.
    let future = with_papers("signed_on,valid_from", "A,CN,2024-01-01,\nA,IT,2024-06-01,2025-01-02");
    assert_eq!(verdict(&future, &local("")), Verdict::NotMet);
    // Nor does one signed after the facts were taken.
    let settings = Settings { facts_as_of: day("2024-03-01"), ..settings() };
    assert_eq!(judge_by(&signed, &local(""), &settings)[0].verdict, Verdict::NotMet);
}

/// The day is not known and the old paper may have been valid: the new one supersedes it on every day.
#[test]
fn a_paper_that_may_have_been_valid_is_superseded_too() {
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,,IT"),
        ("parts", "part,procurement,unit_value\nA,buy,10"),
        ("bom", "parent,child,quantity\nR,A,1"),
        ("declarations", "part,origin,signed_on,valid_to\nA,CN,2022-01-01,2024-12-31\nA,IT,2024-01-01,"),
    ]);
    complete(&mut dossier, Population::Components);
    assert_eq!(verdict(&dossier, &local("")), Verdict::Met);
}

#[test]
fn first_and_last_day_of_a_paper_are_valid() {
    for (days, expected) in [
        ("2025-01-01,2025-01-01", Verdict::Met),
        ("2025-01-02,", Verdict::Undetermined),
        (",2024-12-31", Verdict::Undetermined),
    ] {
        let found = with_papers("valid_from,valid_to", &format!("A,IT,{days}"));
        assert_eq!(verdict(&found, &local("")), expected, "{days}");
    }
    let revoked = with_papers("revoked_on", "A,IT,2025-01-01");
    assert_eq!(verdict(&revoked, &local("")), Verdict::Undetermined);
}

#[test]
fn papers_of_lots_are_open_where_nobody_knows_the_lot() {
    // Of the lot L1 it is Italian; the part at large is Chinese, and no lot is known.
    let unknown = with_papers("lot", "A,IT,L1\nA,CN,");
    assert_eq!(verdict(&unknown, &local("")), Verdict::Undetermined);
    let installed = |lot: &str| {
        let mut dossier = dossier(&[
            ("vehicles", "vehicle,root,built_on,plant_country\nV,R,2025-01-01,IT"),
            ("parts", "part,procurement,unit_value\nA,buy,10"),
            ("bom", "parent,child,quantity\nR,A,1"),
            ("declarations", "part,origin,lot\nA,IT,L1\nA,CN,"),
            ("installed", &format!("vehicle,part,lot\nV,A,{lot}")),
        ]);
        complete(&mut dossier, Population::Components);
        verdict(&dossier, &local(""))
    };
    assert_eq!(installed("L1"), Verdict::Met);
    assert_eq!(installed("L2"), Verdict::NotMet);
}

/// One paper for two lots is two papers: together they never come to more than the whole.
#[test]
fn one_document_shares_out_each_lot_by_itself() {
    let rows = "A,IT,60 %,L1,D\nA,CN,40 %,L1,D\nA,IT,30 %,L2,D\nA,CN,70 %,L2,D";
    let found = judge(&with_papers("share,lot,document", rows), &local("")).remove(0);
    let bounds = bounds(&found);
    assert_eq!((bounds.lower.value, bounds.upper.value), (Some(n("30 %")), Some(n("60 %"))));
}

#[test]
fn installed_parts_no_line_names_have_the_supplier_of_parts() {
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,2025-01-01,IT"),
        ("parts", "part,procurement,unit_value,supplier\nA,buy,10,S\nB,buy,90,S"),
        ("bom", "parent,child,quantity\nR,A,1"),
        ("companies", "company,country\nS,IT"),
        ("installed", "vehicle,part\nV,B"),
    ]);
    complete(&mut dossier, Population::Components);
    let every = rule("every = { of = \"components\", where = \"supplier_country IN ('IT')\" }");
    assert_eq!(verdict(&dossier, &every), Verdict::Met);
}

// -- days ------------------------------------------------------------------------------------------

/// Two papers that between them cover every day, each on its own days.
#[test]
fn an_unknown_day_leaves_papers_open_and_says_so() {
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,,IT"),
        ("parts", "part,procurement,unit_value\nA,buy,10\nB,buy,10"),
        ("bom", "parent,child,quantity\nR,A,1\nR,B,1"),
        (
            "declarations",
            "part,origin,valid_from,valid_to\nA,IT,,2024-12-31\nA,CN,2025-01-01,\nB,CN,,2024-12-31\nB,IT,2025-01-01,",
        ),
    ]);
    complete(&mut dossier, Population::Components);
    // On every day exactly one of the two is Italian: the bounds do not see it, and do not claim to.
    let found = judge(&dossier, &local("")).remove(0);
    assert_eq!((found.verdict, bounds(&found).quality), (Verdict::Undetermined, Quality::Sound));
}

/// One line ends when the other begins: of an unknown day never both, and never neither.
#[test]
fn lines_that_hang_on_one_unknown_day_are_sound() {
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,,IT"),
        ("parts", "part,procurement,unit_value\nA,buy,10\nB,buy,10\nC,buy,10"),
        ("bom", "parent,child,quantity,valid_from,valid_to\nR,A,1,,\nR,B,1,,2023-12-31\nR,C,1,2024-01-01,"),
        ("declarations", "part,origin\nA,CN\nB,IT\nC,IT"),
    ]);
    complete(&mut dossier, Population::Components);
    let found = judge(&dossier, &local("")).remove(0);
    // Truth: one half, whatever the day.
    assert_eq!(bounds(&found).quality, Quality::Sound);
}

#[test]
fn a_null_date_is_judged_under_every_value_held() {
    let ladder = |first: &str, second: &str| {
        let body = "dated_by = \"built_on\"\nshare = { of = \"components\", weigh = \"value\", where = \"origin IN ('IT')\" }\nat_least = \"$limit\"";
        let values = format!(
            "[parameter.limit]\nunit = \"share\"\nvalues = [{{ from = 2020-01-01, value = \"{first}\", cite = \"a\" }}, {{ from = 2024-01-01, value = \"{second}\", cite = \"b\" }}]\n"
        );
        rule(body).replace("[condition.rule]", &format!("{values}[condition.rule]"))
    };
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,,IT"),
        ("parts", "part,procurement,unit_value\nA,buy,60\nB,buy,40"),
        ("bom", "parent,child,quantity\nR,A,1\nR,B,1"),
        ("declarations", "part,origin\nA,IT\nB,CN"),
    ]);
    complete(&mut dossier, Population::Components);
    assert_eq!(verdict(&dossier, &ladder("40 %", "60 %")), Verdict::Met);
    assert_eq!(verdict(&dossier, &ladder("61 %", "70 %")), Verdict::NotMet);
    let between = judge(&dossier, &ladder("60 %", "61 %")).remove(0);
    assert_eq!((between.verdict, between.threshold, between.on), (Verdict::Undetermined, None, None));
}

/// A lot's paper counts on the day of receipt; a part rolled up is known by its own lot.
#[test]
fn a_rolled_up_component_keeps_its_lot_and_day_of_receipt() {
    let judged = |received: &str| {
        let mut dossier = dossier(&[
            ("vehicles", "vehicle,root,built_on,plant_country\nV,R,2025-06-01,IT"),
            ("parts", "part,procurement,unit_value\nA,buy,10"),
            ("bom", "parent,child,quantity\nR,A,1"),
            ("declarations", "part,origin,lot,valid_to\nA,IT,L1,2024-12-31\nA,CN,,"),
            ("installed", &format!("vehicle,part,lot,received_on\nV,A,L1,{received}")),
        ]);
        complete(&mut dossier, Population::Components);
        let rolled = local("").replace(
            "weigh = \"value\"",
            "weigh = \"value\", method = \"rolled-up\", roll_up = { at = \"50 %\", below = \"0\" }",
        );
        (verdict(&dossier, &local("")), verdict(&dossier, &rolled))
    };
    assert_eq!(judged("2024-12-31"), (Verdict::Met, Verdict::Met));
    assert_eq!(judged("2025-01-01"), (Verdict::NotMet, Verdict::NotMet));
}

// -- closures --------------------------------------------------------------------------------------

/// The closure decides marks, never prices: whether the assembly reaches 50 % hangs on a price.
#[test]
fn a_closure_never_decides_a_price() {
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,2025-01-01,IT"),
        ("parts", "part,procurement,unit_value,unit_value_max\nASM,buy,80,130\nA,buy,50,"),
        ("bom", "parent,child,quantity\nR,ASM,1\nASM,A,1"),
        ("declarations", "part,origin\nA,IT\nASM,CN"),
    ]);
    complete(&mut dossier, Population::Components);
    for counts in ["yes", "no"] {
        let pack = local(&format!("unknown = {{ counts_as = \"{counts}\", cite = \"art. 3\" }}")).replace(
            "weigh = \"value\"",
            "weigh = \"value\", method = \"rolled-up\", roll_up = { at = \"50 %\", below = \"0\" }",
        );
        let found = judge(&dossier, &pack).remove(0);
        assert_eq!((found.verdict, found.legal), (Verdict::Undetermined, Verdict::Undetermined), "{counts}");
    }
}

// -- rows that may not be there --------------------------------------------------------------------

/// A rule over rows that may all be out of scope may not speak at all.
#[test]
fn rows_that_may_be_out_of_scope_prove_nothing() {
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,2025-01-01,IT"),
        ("parts", "part,procurement,unit_value,class\nA,buy,10,\nB,buy,10,sensitive\nC,buy,10,plain"),
        ("bom", "parent,child,quantity,choice\nR,A,1,"),
        ("declarations", "part,origin\nA,IT\nB,IT"),
    ]);
    complete(&mut dossier, Population::Components);
    let form = |form: &str, place: &str| {
        rule(&format!(
            "{form} = {{ of = \"components\", where = \"origin IN ('{place}')\", among = \"class IN ('sensitive')\" }}"
        ))
    };
    for (name, place) in [("every", "IT"), ("none", "CN"), ("any", "CN")] {
        assert_eq!(verdict(&dossier, &form(name, place)), Verdict::Undetermined, "{name}");
    }
    let total = rule(
        "share = { of = \"components\", weigh = \"value\", where = \"origin IN ('IT')\", among = \"class IN ('sensitive')\", of_total = 100, remainder = \"no\" }\nat_most = \"60 %\"",
    );
    assert_eq!(verdict(&dossier, &total), Verdict::Undetermined);
}

/// Neither do rows that only one of two alternatives has.
#[test]
fn rows_of_one_alternative_prove_nothing() {
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,2025-01-01,IT"),
        ("parts", "part,procurement,unit_value,class\nB,buy,10,sensitive\nC,buy,10,plain"),
        ("bom", "parent,child,quantity,choice\nR,B,1,radio\nR,C,1,radio"),
        ("declarations", "part,origin\nB,IT\nC,CN"),
    ]);
    complete(&mut dossier, Population::Components);
    let every = rule(
        "every = { of = \"components\", where = \"origin IN ('IT')\", among = \"class IN ('sensitive')\" }",
    );
    assert_eq!(verdict(&dossier, &every), Verdict::Undetermined);
}

// -- choices ---------------------------------------------------------------------------------------

/// The same component in the base and in an alternative is one row.
#[test]
fn a_component_is_counted_once() {
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,2025-01-01,IT"),
        ("parts", "part,procurement,unit_value\nA,buy,10\nB,buy,10"),
        ("bom", "parent,child,quantity,choice\nR,A,3,\nR,A,2,extra\nR,B,1,extra"),
        ("declarations", "part,origin\nA,IT\nB,CN"),
    ]);
    complete(&mut dossier, Population::Components);
    let count = rule("count = { of = \"components\", where = \"origin IN ('IT')\" }\nat_least = 2");
    let found = judge(&dossier, &count).remove(0);
    assert_eq!((bounds(&found), found.verdict), (Bounds::exactly(n("1")), Verdict::NotMet));
}

#[test]
fn nested_choices_are_spelt_out() {
    // Either A, or a phantom of B and one of C and D.
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,2025-01-01,IT"),
        (
            "parts",
            "part,procurement,unit_value\nA,buy,10\nP,phantom,\nB,buy,20\nC,buy,30\nD,buy,60\nE,buy,40",
        ),
        ("bom", "parent,child,quantity,choice\nR,E,1,\nR,A,1,x\nR,P,1,x\nP,B,1,\nP,C,1,y\nP,D,1,y"),
        ("declarations", "part,origin\nA,CN\nB,IT\nC,CN\nD,IT\nE,CN"),
    ]);
    complete(&mut dossier, Population::Components);
    let found = judge(&dossier, &local("")).remove(0);
    let bounds = bounds(&found);
    // E and A: 0 of 50; E, B, C: 20 of 90; E, B, D: 80 of 120.
    assert_eq!(
        (bounds.lower.value, bounds.upper.value, bounds.quality),
        (Some(n("0")), Some(n("2/3")), Quality::Exact)
    );
}

// -- one country -----------------------------------------------------------------------------------

const ONE_COUNTRY: &str =
    "share = { of = \"components\", weigh = \"value\", by = \"origin\" }\nat_most = \"50 %\"";

fn by_country(declarations: &str) -> Finding {
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,2025-01-01,IT"),
        ("parts", "part,procurement,unit_value\nA,buy,40\nB,buy,40\nC,buy,20"),
        ("bom", "parent,child,quantity\nR,A,1\nR,B,1\nR,C,1"),
        ("declarations", &format!("part,origin\n{declarations}")),
    ]);
    complete(&mut dossier, Population::Components);
    judge(&dossier, &rule(ONE_COUNTRY)).remove(0)
}

#[test]
fn not_above_half_from_a_single_country() {
    let known = by_country("A,IT\nB,CN\nC,US");
    assert_eq!((known.verdict, bounds(&known)), (Verdict::Met, Bounds::exactly(n("2/5"))));
    // The rest may come from either, or from a third country: never from none.
    let open = by_country("A,IT\nB,CN");
    let wide = bounds(&open);
    assert_eq!((open.verdict, wide.upper.value), (Verdict::Undetermined, Some(n("3/5"))));
    let nothing = by_country("");
    assert_eq!((nothing.verdict, bounds(&nothing).upper.value), (Verdict::Undetermined, Some(n("1"))));
    // Two alike of one unknown country or another: whatever they are, they are sound bounds.
    let either = by_country("A,US/CA\nB,US/CA\nC,IT");
    assert_eq!((either.verdict, bounds(&either).quality), (Verdict::Undetermined, Quality::Sound));
}

// -- unknowns that hang together -------------------------------------------------------------------

/// Whether a supplier's parts count hangs on one seat: they count together or not at all.
#[test]
fn rows_that_wait_for_one_fact_are_sound() {
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,2025-01-01,IT"),
        ("parts", "part,procurement,unit_value,supplier\nA,buy,40,S\nB,buy,40,S\nC,buy,20,T"),
        ("bom", "parent,child,quantity\nR,A,1\nR,B,1\nR,C,1"),
        ("declarations", "part,origin\nA,IT\nB,CN\nC,IT"),
        ("companies", "company,country\nS,\nT,IT"),
    ]);
    complete(&mut dossier, Population::Components);
    let pack = local("").replace("where =", "among = \"supplier_country IN ('IT')\", where =");
    let found = judge(&dossier, &pack).remove(0);
    // Truth: 20 of 20, or 60 of 100.
    assert_eq!(bounds(&found).quality, Quality::Sound);
}

#[test]
fn own_work_hangs_on_the_prices_inside() {
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,2025-01-01,IT"),
        ("parts", "part,procurement,unit_value,unit_value_max\nR,make,100,\nA,buy,5,20\nB,buy,40,"),
        ("bom", "parent,child,quantity\nR,A,1\nR,B,1"),
        ("declarations", "part,origin\nA,IT\nB,CN"),
    ]);
    complete(&mut dossier, Population::Components);
    let found = judge(&dossier, &local("")).remove(0);
    // A and what is added to it are 60 of 100 together, whatever A costs.
    let bounds = bounds(&found);
    assert!(bounds.lower.value <= Some(n("60 %")) && bounds.upper.value >= Some(n("60 %")));
    assert_eq!(bounds.quality, Quality::Sound);
}

// -- totals ----------------------------------------------------------------------------------------

#[test]
fn a_total_nobody_declared_holds_the_lines() {
    let pack = |remainder: &str| {
        rule(&format!(
            "share = {{ of = \"components\", weigh = \"value\", where = \"origin IN ('IT')\", of_total = \"ex_works_price\", remainder = \"{remainder}\" }}\nat_least = \"45 %\""
        ))
    };
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country,ex_works_price\nV,R,2025-01-01,IT,"),
        ("parts", "part,procurement,unit_value,unit_value_max\nA,buy,0,10\nB,buy,50,"),
        ("bom", "parent,child,quantity\nR,A,1\nR,B,1"),
        ("declarations", "part,origin\nA,IT\nB,CN"),
    ]);
    complete(&mut dossier, Population::Components);
    // Not above 10 of 60, when the price is just the lines.
    let found = judge(&dossier, &pack("no")).remove(0);
    assert_eq!((bounds(&found).upper.value, found.verdict), (Some(n("1/6")), Verdict::NotMet));
    let open = judge(&dossier, &pack("yes")).remove(0);
    assert_eq!((bounds(&open).upper.value, open.verdict), (Some(n("1")), Verdict::Undetermined));
}

// -- units, rates ----------------------------------------------------------------------------------

#[test]
fn grams_are_kilograms_and_never_pieces() {
    let mut dossier = dossier(&[
        ("vehicles", "vehicle,root,built_on,plant_country\nV,R,2025-01-01,IT"),
        ("parts", "part,procurement,unit_value\nA,buy,2\nB,buy,3"),
        ("bom", "parent,child,quantity,unit\nR,A,500,g\nR,B,1,piece"),
        ("declarations", "part,origin\nA,IT\nB,CN"),
    ]);
    complete(&mut dossier, Population::Components);
    // Half a kilogram at 2 a kilogram, beside one piece at 3.
    let found = judge(&dossier, &local("")).remove(0);
    assert_eq!(bounds(&found), Bounds::exactly(n("1/4")));
    let pieces = judge(&dossier, &local("").replace("\"value\"", "\"count\"")).remove(0);
    assert_eq!((pieces.verdict, pieces.missing), (Verdict::Undetermined, vec!["pieces:A".to_owned()]));
}

#[test]
fn money_converts_at_the_last_rate_on_or_before_the_day() {
    let share = |built: &str| {
        let mut dossier = dossier(&[
            ("vehicles", &format!("vehicle,root,built_on,plant_country\nV,R,{built},IT")),
            ("parts", "part,procurement,unit_value,currency\nA,buy,10,EUR\nB,buy,40,CNY"),
            ("bom", "parent,child,quantity\nR,A,1\nR,B,1"),
            ("declarations", "part,origin\nA,IT\nB,CN"),
            ("rates", "currency,on,per_eur\nCNY,2025-01-10,4\nCNY,2025-02-01,8"),
        ]);
        complete(&mut dossier, Population::Components);
        let found = judge(&dossier, &local("dated_by = \"built_on\"")).remove(0);
        (bounds(&found).upper.value, found.verdict)
    };
    assert_eq!(share("2025-01-09").1, Verdict::Undetermined, "no rate yet");
    assert_eq!(share("2025-01-10"), (Some(n("1/2")), Verdict::Met));
    assert_eq!(share("2025-01-31"), (Some(n("1/2")), Verdict::Met));
    assert_eq!(share("2025-02-01"), (Some(n("2/3")), Verdict::Met));
}

// -- compositions ----------------------------------------------------------------------------------

const COMPOSED: &str = "[condition.flows]\ntitle = \"flows\"\nper = \"maker\"\nevery = { of = \"flows\", where = \"country IN ('IT')\" }\n[condition.parts]\ntitle = \"parts\"\nper = \"vehicle\"\nwhen = \"plant_country = 'IT'\"\nevery = { of = \"components\", where = \"origin IN ('IT')\" }\n[condition.all]\ntitle = \"all\"\nall_of = [\"parts\", \"flows\"]\nvia = { flows = \"maker\" }\n";

#[test]
fn a_member_of_another_subject_is_joined_and_an_inapplicable_one_dropped() {
    let mut dossier = dossier(&[
        (
            "vehicles",
            "vehicle,root,built_on,plant_country,maker\nV1,R,2025-01-01,IT,M\nV2,R,2025-01-01,ES,M\nV3,R,2025-01-01,IT,\nV4,R,2025-01-01,ES,N",
        ),
        ("parts", "part,procurement,unit_value\nA,buy,10"),
        ("bom", "parent,child,quantity\nR,A,1"),
        ("declarations", "part,origin\nA,CN"),
        ("flows", "data,from,to,maker,country\nd,a,b,M,IT"),
    ]);
    complete(&mut dossier, Population::Components);
    let of_m = Completeness { by: None, on: None, subjects: Some(["M".to_owned()].into()) };
    dossier.complete.insert(Population::Flows, of_m);
    let found = judge(&dossier, &format!("{HEAD}{COMPOSED}"));
    let of = |subject: &str| {
        let one = found.iter().find(|one| one.condition == "all" && one.subject == subject).unwrap();
        (one.verdict, one.members.clone())
    };
    assert_eq!(of("V1"), (Verdict::NotMet, vec!["parts".to_owned()]));
    assert_eq!(of("V2"), (Verdict::Met, vec!["flows@M".to_owned()]));
    // Nobody says who made V3; its parts fail all the same. N may have flows that nobody listed.
    assert_eq!(of("V3").0, Verdict::NotMet);
    assert_eq!(of("V4").0, Verdict::Undetermined);
}

// -- rows set aside --------------------------------------------------------------------------------

#[test]
fn a_row_set_aside_touches_whom_it_concerns() {
    let judged = |table: TableKind, cells: &[(&str, &str)]| {
        let mut dossier = dossier(&[
            ("vehicles", "vehicle,root,built_on,plant_country\nV1,R1,2025-01-01,IT\nV2,R2,2025-01-01,IT"),
            ("parts", "part,procurement,unit_value\nS,phantom,\nA,buy,10\nB,buy,10"),
            ("bom", "parent,child,quantity\nR1,S,1\nS,A,1\nR2,B,1"),
            ("declarations", "part,origin\nA,IT\nB,IT"),
        ]);
        complete(&mut dossier, Population::Components);
        let cells = cells.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let place = Place { file: 0, row: 9 };
        dossier.set_aside.push(SetAside { table, place, cells, fault: "bad".to_owned() });
        let found = judge(&dossier, &local(""));
        found.iter().map(|one| (one.reason == Some(Reason::SetAside), one.verdict)).collect::<Vec<_>>()
    };
    let (open, met) = ((true, Verdict::Undetermined), (false, Verdict::Met));
    assert_eq!(judged(TableKind::Declarations, &[("part", "A")]), [open, met]);
    assert_eq!(judged(TableKind::Vehicles, &[("vehicle", "V2")]), [met, open]);
    assert_eq!(judged(TableKind::Bom, &[("parent", "R1"), ("child", "X")]), [open, met]);
    assert_eq!(judged(TableKind::Bom, &[("parent", "S")]), [open, met]);
    assert_eq!(judged(TableKind::Bom, &[("parent", "B"), ("child", "X")]), [met, open]);
    assert_eq!(judged(TableKind::Bom, &[("parent", "elsewhere"), ("child", "X")]), [met, met]);
    assert_eq!(judged(TableKind::Bom, &[("child", "X")]), [open, open]);
    assert_eq!(judged(TableKind::Parts, &[]), [open, open]);
    assert_eq!(judged(TableKind::Flows, &[]), [met, met]);
}

// -- attestations ---------------------------------------------------------------------------------

#[test]
fn an_attestation_counts_while_it_is_valid() {
    let pack = rule(
        "dated_by = \"registered_on\"\ncount = { of = \"attestations\", where = \"status = 'valid'\" }\nat_least = 1",
    );
    let judged = |registered: &str, from: &str, to: &str| {
        let mut dossier = dossier(&[
            ("vehicles", &format!("vehicle,registered_on\nV1,{registered}")),
            (
                "attestations",
                &format!("subject,requirement,status,valid_from,valid_to\nV1,R,valid,{from},{to}"),
            ),
        ]);
        complete(&mut dossier, Population::Attestations);
        let found = judge(&dossier, &pack);
        (found[0].verdict, found[0].remarks.join(" "))
    };
    let met = (Verdict::Met, String::new());
    assert_eq!(judged("2025-06-30", "2024-07-01", "2025-06-30"), met);
    assert_eq!(judged("2025-06-30", "", ""), met);
    assert_eq!(judged("2024-07-01", "2024-07-01", ""), met);
    let (verdict, remark) = judged("2025-07-01", "2024-07-01", "2025-06-30");
    assert_eq!(verdict, Verdict::NotMet);
    assert!(remark.contains("V1 · R, valid to 2025-06-30"), "{remark}");
    assert_eq!(judged("2024-06-30", "2024-07-01", "").0, Verdict::NotMet);
    assert_eq!(judged("", "2024-07-01", "2025-06-30").0, Verdict::Undetermined);
}

/// A total of a ratio may ask where the parts come from.
#[test]
fn a_total_may_name_the_origin() {
    let ratio = "ratio = { of = \"components\", weigh = \"value\", totals = { home = \"origin IN ('IT')\", all = \"true\" }, top = [\"home\"], bottom = [\"all\", \"-home\"] }\nat_least = \"2\"";
    let of = |declarations: &str| {
        let mut dossier = dossier(&[
            ("vehicles", "vehicle,root\nV,R"),
            ("parts", "part,procurement,unit_value\nA,buy,60\nB,buy,30"),
            ("bom", "parent,child,quantity\nR,A,1\nR,B,1"),
            ("declarations", declarations),
        ]);
        complete(&mut dossier, Population::Components);
        judge(&dossier, &rule(ratio)).remove(0)
    };
    let known = of("part,origin\nA,IT\nB,CN");
    assert_eq!((known.verdict, known.bounds.unwrap()), (Verdict::Met, Bounds::exactly(n("2"))));
    let open = of("part,origin\nB,CN");
    assert_eq!((open.verdict, open.missing), (Verdict::Undetermined, vec!["declaration:A".to_owned()]));
    // Of a part that is half from here, half is no half: taken apart it may stand on either side.
    let split = of("part,origin,share,document\nA,IT,50 %,D\nA,CN,50 %,D\nB,CN,,");
    assert_eq!((split.verdict, split.bounds.unwrap().quality), (Verdict::Undetermined, Quality::Sound));
}
