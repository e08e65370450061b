use filiera_finding::{NoSet, Settling};
use filiera_tables::{Dossier, Population};

use crate::common::{complete, dossier};
use crate::{settle, settle_within, shown};

const VEHICLE: &str = "vehicle,root,built_on,plant_country,ex_works_price\nV1,R,2026-03-01,IT,";

fn rule(form: &str) -> String {
    format!(
        "[pack]\ntitle = \"a rule\"\nstatus = \"draft\"\n[parameter.home]\nunit = \"countries\"\n\
         values = [{{ from = 2020-01-01, value = [\"IT\"], cite = \"art. 1\" }}]\n\
         [condition.rule]\ntitle = \"a rule\"\nper = \"vehicle\"\ndated_by = \"built_on\"\n{form}\n"
    )
}

fn share(more: &str) -> String {
    rule(&format!(
        "share = {{ of = \"components\", weigh = \"value\", where = \"origin IN $home\"{more} }}\nat_least = \"45 %\""
    ))
}

/// Parts as `part,procurement,unit_value,unit_value_max,class,supplier`, each once in the vehicle.
fn vehicle(parts: &str, declarations: &str) -> Dossier {
    let parts = format!("part,procurement,unit_value,unit_value_max,class,supplier\nR,make,,,,\n{parts}");
    let names = parts.lines().skip(2).filter_map(|line| line.split(',').next());
    let bom: String = names.map(|part| format!("R,{part},1\n")).collect();
    let bom = format!("parent,child,quantity\n{bom}");
    let declarations = format!("part,origin,share,document,signed_on\n{declarations}");
    dossier(&[
        ("vehicles", VEHICLE),
        ("parts", &parts),
        ("bom", &bom),
        ("declarations", &declarations),
        ("companies", "company,country\nS1,\nS2,IT\n"),
    ])
}

fn only(dossier: &Dossier, rule: &str) -> Settling {
    let mut settlement = settle(dossier, rule);
    assert_eq!(settlement.settlings.len(), 1, "{:?}", settlement.settlings);
    settlement.settlings.remove(0)
}

#[test]
fn the_heaviest_unknown_is_enough_and_the_lightest_cannot_matter() {
    let parts = "H,buy,40,,,\nF,buy,40,,,\nA,buy,18,,,\nB,buy,2,,,\n";
    let found = only(&vehicle(parts, "H,IT,,,\nF,CN,,,\n"), &share(""));
    // 40 of 100 are home: A alone lifts it to 58, B never matters.
    assert_eq!(shown(&found.hoped), ["declaration:A=IT"]);
    assert_eq!(shown(&found.either_way), ["declaration:A"]);
    assert_eq!(found.cannot_matter, ["declaration:B"]);
    assert!(found.hoped.is_some_and(|set| set.minimal && set.certified == 1));
    assert!(found.either_way.is_some_and(|set| set.minimal && set.certified == 2));
}

#[test]
fn a_price_is_asked_as_far_as_it_must_go() {
    // 40 home and 60 abroad; the home part L between 0 and 30: (40 + L)/(100 + L) ≥ 45 % from 100/11.
    let found =
        only(&vehicle("H,buy,40,,,\nF,buy,60,,,\nL,buy,0,30,,\n", "H,IT,,,\nF,CN,,,\nL,IT,,,\n"), &share(""));
    assert_eq!(shown(&found.hoped), ["price:L=at least 9.10"]);
    assert_eq!(shown(&found.either_way), ["price:L"]);
}

#[test]
fn a_price_without_limit_is_asked_for_too() {
    let found =
        only(&vehicle("H,buy,40,,,\nF,buy,60,,,\nL,buy,,,,\n", "H,IT,,,\nF,CN,,,\nL,IT,,,\n"), &share(""));
    assert_eq!(shown(&found.hoped), ["price:L=at least 9.10"]);
    let abroad =
        only(&vehicle("H,buy,60,,,\nF,buy,40,,,\nL,buy,,,,\n", "H,IT,,,\nF,CN,,,\nL,CN,,,\n"), &share(""));
    assert_eq!(shown(&abroad.hoped), ["price:L=at most 33.33"]);
}

#[test]
fn rows_that_share_a_declaration_are_one_paper() {
    let tables = [
        ("vehicles", VEHICLE),
        ("parts", "part,procurement,unit_value\nR,make,\nM,phantom,\nH,buy,40\nF,buy,30\nA,buy,15\n"),
        ("bom", "parent,child,quantity\nR,H,1\nR,F,1\nR,A,1\nR,M,1\nM,A,1\n"),
        ("declarations", "part,origin\nH,IT\nF,CN\n"),
    ];
    let found = only(&dossier(&tables), &share(""));
    assert_eq!(found.papers, ["declaration:A"]);
    assert_eq!(shown(&found.hoped), ["declaration:A=IT"]);
}

#[test]
fn alternatives_and_remainders_are_settled_by_a_better_paper() {
    let parts = "H,buy,40,,,\nF,buy,40,,,\nA,buy,20,,,\n";
    let both = only(&vehicle(parts, "H,IT,,,\nF,CN,,,\nA,IT,,D1,\nA,CN,,D2,\n"), &share(""));
    assert_eq!(shown(&both.hoped), ["declaration:A=IT"]);
    let parted = only(&vehicle(parts, "H,IT,,,\nF,CN,,,\nA,CN,60 %,D1,\n"), &share(""));
    assert_eq!(shown(&parted.hoped), ["declaration:A=60 % CN, 40 % IT"]);
}

#[test]
fn what_may_not_count_at_all_is_settled_by_its_class() {
    let parts = "H,buy,40,,body,\nF,buy,40,,body,\nA,buy,20,,,\n";
    let form = share(", among = \"class <> 'battery'\"");
    let found = only(&vehicle(parts, "H,IT,,,\nF,CN,,,\nA,CN,,,\n"), &form);
    assert_eq!(shown(&found.hoped), ["class:A=battery"]);
    assert_eq!(shown(&found.either_way), ["class:A"]);
}

#[test]
fn a_declared_total_gives_a_certified_set_without_a_claim() {
    let parts = "H,buy,40,,,\nA,buy,10,,,\nB,buy,5,,,\nC,buy,1,,,\n";
    let mut tables = vehicle(parts, "H,IT,,,\n");
    let vehicles = dossier(&[("vehicles", "vehicle,root,built_on,ex_works_price\nV1,R,2026-03-01,120\n")]);
    tables.tables.extend(vehicles.tables);
    let form = share(", of_total = \"ex_works_price\", remainder = \"no\"");
    // 54 of 120 are asked: 40 + 10 + 5 does it, 40 + 10 + 1 does not.
    let found = only(&tables, &form);
    assert_eq!(shown(&found.hoped), ["declaration:A=IT", "declaration:B=IT"]);
    assert!(found.hoped.is_some_and(|set| !set.minimal));
    assert_eq!(found.cannot_matter, ["declaration:C"]);
}

#[test]
fn every_open_row_must_pass_and_none_when_nobody_vouches() {
    let form = rule("every = { of = \"components\", where = \"supplier_country IN $home\" }");
    let mut tables = vehicle("A,buy,1,,,S1\nB,buy,1,,,S2\n", "");
    let open = only(&tables, &form);
    assert_eq!(shown(&open.hoped), ["country:S1=IT", "complete:components"]);
    assert_eq!((open.either_way, open.not_either_way), (None, Some(NoSet::StaysOpen)));
    complete(&mut tables, Population::Components);
    let vouched = only(&tables, &form);
    assert_eq!(shown(&vouched.hoped), ["country:S1=IT"]);
    assert_eq!(shown(&vouched.either_way), ["country:S1"]);
}

#[test]
fn what_no_paper_can_bring_about_is_said() {
    let total = rule("count = { of = \"components\", where = \"class = 'seat'\" }\nat_least = 3");
    let found = only(&vehicle("A,buy,1,,seat,\nB,buy,1,,seat,\n", ""), &total);
    assert_eq!((found.hoped, found.not_hoped), (None, Some(NoSet::Unlisted)));
    let flows = total.replace("components", "flows").replace("class = 'seat'", "country = 'IT'");
    let found = only(
        &vehicle("A,buy,1,,seat,\n", ""),
        &flows.replace("per = \"vehicle\"\ndated_by = \"built_on\"", "per = \"maker\""),
    );
    assert_eq!((found.hoped, found.not_hoped), (None, Some(NoSet::Unforeseen)));
    assert_eq!(found.unforeseen, ["table:flows"]);
}

#[test]
fn sets_beyond_the_limit_are_not_given() {
    let parts = "H,buy,30,,,\nF,buy,40,,,\nA,buy,15,,,\nB,buy,15,,,\n";
    let tables = vehicle(parts, "H,IT,,,\nF,CN,,,\n");
    let found = settle_within(&tables, &share(""), 1).settlings.remove(0);
    // 30 + 15 is 45: one is enough, but only both decide it either way.
    assert_eq!(shown(&found.hoped), ["declaration:A=IT"]);
    assert_eq!(found.alone.len(), 2);
    assert_eq!((found.either_way, found.not_either_way), (None, Some(NoSet::BeyondLimit)));
}

#[test]
fn a_composition_needs_what_its_open_members_need() {
    let form = share("")
        + "[condition.bought]\ntitle = \"bought at home\"\nper = \"vehicle\"\n\
           every = { of = \"components\", among = \"class = 'seat'\", where = \"supplier_country IN $home\" }\n\
           [condition.both]\ntitle = \"both\"\nall_of = [\"rule\", \"bought\"]\n\
           [condition.either]\ntitle = \"either\"\nany_of = [\"rule\", \"bought\"]\n";
    let mut tables = vehicle("H,buy,40,,body,\nF,buy,40,,body,\nA,buy,20,,seat,S1\n", "H,IT,,,\nF,CN,,,\n");
    complete(&mut tables, Population::Components);
    let settlement = settle(&tables, &form);
    let of = |name: &str| settlement.settlings.iter().find(|one| one.finding.condition == name).unwrap();
    assert_eq!(shown(&of("both").hoped), ["declaration:A=IT", "country:S1=IT"]);
    assert_eq!(shown(&of("both").either_way), ["declaration:A", "country:S1"]);
    assert_eq!(shown(&of("either").hoped), ["declaration:A=IT"]);
    let common = settlement.common.as_ref().unwrap();
    assert_eq!((common.steps.len(), common.met, common.open), (2, 4, 4));
}

/// A fact about a transaction stands in its own row, not in one of `companies` that has its name.
#[test]
fn a_fact_about_a_transaction_is_not_asked_of_a_company() {
    let rule = "[pack]\ntitle = \"a rule\"\nstatus = \"draft\"\n[condition.rule]\ntitle = \"a rule\"\n\
                per = \"transaction\"\nwhen = \"asset NOT IN ('none')\"\n\
                any = { of = \"transactions\", where = \"kind = 'stake'\" }\n";
    let mut dossier = dossier(&[
        ("transactions", "transaction,acquirer,company,kind,asset\nT1,A,C,stake,"),
        ("companies", "company,asset\nC,radar"),
    ]);
    complete(&mut dossier, Population::Transactions);
    let found = only(&dossier, rule);
    assert_eq!((found.papers, found.unforeseen), (vec![], vec!["asset:T1".to_owned()]));
}
