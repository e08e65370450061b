//! Companies as subjects, and the dossier's own columns of them wherever a company is named.

mod common;

use std::sync::Arc;

use common::{complete, dossier, judge, settings, zones};
use filiera_engine::{Engine, EngineError};
use filiera_finding::Finding;
use filiera_model::Verdict;
use filiera_packs::Pack;
use filiera_tables::{Dossier, Population};

const HEAD: &str = "[pack]\ntitle = \"companies\"\nstatus = \"draft\"\n[columns]\nblocked = { of = \"companies\", kind = \"truth\" }\n\
     home = { of = \"companies\", kind = \"country\" }\n";

fn pack(per: &str, body: &str) -> String {
    format!("{HEAD}[condition.rule]\ntitle = \"a rule\"\nper = {per}\n{body}\n")
}

const COMPANIES: &str =
    "company,person,blocked,home\nX,true,true,IRN\nY,true,false,IT\nU,true,,\nT,,false,IT\nS,,false,IT";

fn owned(interests: &str) -> Dossier {
    let interests = format!("owner,company,share\n{interests}");
    let mut dossier = dossier(&[("companies", COMPANIES), ("interests", &interests)]);
    complete(&mut dossier, Population::Holdings);
    complete(&mut dossier, Population::Control);
    dossier
}

fn verdicts(found: &[Finding]) -> Vec<(&str, Verdict)> {
    found.iter().map(|finding| (finding.subject.as_str(), finding.verdict)).collect()
}

fn of<'a>(found: &'a [Finding], subject: &str) -> &'a Finding {
    found.iter().find(|finding| finding.subject == subject).unwrap()
}

#[test]
fn a_declared_column_of_companies_stands_wherever_one_is_named() {
    use Verdict as V;
    let none = pack("\"company\"", "none = { of = \"holdings\", where = \"owner_blocked\" }");
    let judged = |interests: &str| of(&judge(&owned(interests), &none), "T").clone();
    assert_eq!(judged("X,T,5 %\nY,T,95 %").verdict, V::NotMet);
    assert_eq!(judged("Y,T,100 %").verdict, V::Met);
    // An empty cell, and somebody of whom `companies` has no row.
    let unchecked = judged("U,T,100 %");
    assert_eq!((unchecked.verdict, unchecked.missing), (V::Undetermined, vec!["blocked:U".to_owned()]));
    assert_eq!(judged("W,T,100 %").missing, vec!["blocked:W".to_owned()]);
    let country = none.replace("owner_blocked", "owner_home = 'IR'");
    assert_eq!(of(&judge(&owned("X,T,100 %"), &country), "T").verdict, V::NotMet);
    let control = none.replace("holdings", "control").replace("owner_blocked", "controller_blocked");
    assert_eq!(of(&judge(&owned("X,T,60 %\nY,T,40 %"), &control), "T").verdict, V::NotMet);
}

#[test]
fn subjects_and_components_have_them_too() {
    use Verdict as V;
    let mut dossier = dossier(&[
        ("companies", "company,blocked\nA,true\nB,false\nC,"),
        ("vehicles", "vehicle,root,maker\nV1,R,A\nV2,R,B\nV3,R,C\nV4,R,D\nV5,R,"),
        ("parts", "part,procurement,supplier,unit_value\nP,buy,A,1"),
        ("bom", "parent,child,quantity\nR,P,1"),
    ]);
    complete(&mut dossier, Population::Components);
    let made = pack("\"vehicle\"", "when = \"NOT maker_blocked\"\nany = { of = \"components\" }");
    let (na, open) = (V::NotApplicable, V::Undetermined);
    let expected = [("V1", na), ("V2", V::Met), ("V3", open), ("V4", open), ("V5", open)];
    assert_eq!(verdicts(&judge(&dossier, &made)), expected);
    let bought = pack("\"vehicle\"", "none = { of = \"components\", where = \"supplier_blocked\" }");
    assert!(judge(&dossier, &bought).iter().all(|finding| finding.verdict == V::NotMet));
    let maker = pack("\"maker\"", "when = \"NOT blocked\"\ncount = { of = \"production\" }\nat_least = 1");
    let found = judge(&dossier, &maker);
    assert_eq!(of(&found, "A").verdict, V::NotApplicable);
}

/// A dossier without the column, or with nothing in it, has it null: no fault, and nothing decided.
#[test]
fn a_column_nobody_filled_leaves_everything_open() {
    let none = pack("\"company\"", "none = { of = \"holdings\", where = \"owner_blocked\" }");
    for companies in ["company,name\nX,Ex\nT,Te", "company,blocked\nX,\nT,"] {
        let mut dossier =
            dossier(&[("companies", companies), ("interests", "owner,company,share\nX,T,100 %")]);
        complete(&mut dossier, Population::Holdings);
        assert_eq!(of(&judge(&dossier, &none), "T").verdict, Verdict::Undetermined, "{companies}");
    }
}

#[test]
fn a_fault_names_the_column_that_was_meant() {
    let text = pack("\"company\"", "none = { of = \"holdings\", where = \"owner_bloked\" }");
    let pack = Arc::new(Pack::parse("test/rule", "rule.toml", &text).unwrap());
    let (dossier, zones, settings) = (owned("X,T,100 %"), zones(), settings());
    let Err(EngineError::Packs(faults)) = Engine::new(&dossier, &[pack], &zones, &settings) else { panic!() };
    let help = faults[0].help.clone().unwrap_or_default();
    assert!(help.contains("owner_blocked"), "{faults:?}");
}

#[test]
fn costs_and_attestations_about_companies_find_them() {
    use Verdict as V;
    let tables = [
        ("companies", COMPANIES),
        ("costs", "subject,kind,amount\nT,fine,5\nV1,fine,7"),
        ("attestations", "subject,requirement,status\nS,iso,valid"),
        ("commitments", "commitment,due_on,party\nC1,2027-01-01,T"),
    ];
    let mut dossier = dossier(&tables);
    for population in [Population::Costs, Population::Attestations, Population::Commitments] {
        complete(&mut dossier, population);
    }
    let total = pack("\"company\"", "total = { of = \"costs\", weigh = \"amount\" }\nat_least = 5");
    assert_eq!(verdicts(&judge(&dossier, &total)), vec![("T", V::Met)]);
    let count = "where = \"status = 'valid'\" }\nat_least = 1";
    let papers = pack("\"company\"", &format!("count = {{ of = \"attestations\", {count}"));
    assert_eq!(verdicts(&judge(&dossier, &papers)), vec![("S", V::Met)]);
    let promises = pack("\"company\"", "count = { of = \"commitments\" }\nat_least = 1");
    assert_eq!(verdicts(&judge(&dossier, &promises)), vec![("T", V::Met)]);
}

/// Without a table of companies those are judged whom the rows name.
#[test]
fn subjects_of_costs_are_companies_where_no_table_says_otherwise() {
    let mut dossier = dossier(&[("costs", "subject,kind,amount\nT,fine,5")]);
    complete(&mut dossier, Population::Costs);
    let total = pack("\"company\"", "total = { of = \"costs\", weigh = \"amount\" }\nat_least = 5");
    assert_eq!(verdicts(&judge(&dossier, &total)), vec![("T", Verdict::Met)]);
}

/// A company of which nobody listed an owner is asked about all the same; people are not owned.
#[test]
fn every_company_is_asked_who_owns_it() {
    let open = dossier(&[("companies", COMPANIES), ("interests", "owner,company,share\nY,T,100 %")]);
    for population in ["holdings", "control"] {
        let none =
            pack("\"company\"", &format!("none = {{ of = \"{population}\", where = \"jointly OR TRUE\" }}"));
        let none = if population == "holdings" { none.replace("jointly OR TRUE", "direct") } else { none };
        let found = judge(&open, &none);
        let subjects: Vec<&str> = found.iter().map(|finding| finding.subject.as_str()).collect();
        assert_eq!(subjects, vec!["S", "T"], "{population}");
        assert_eq!(of(&found, "S").verdict, Verdict::Undetermined);
    }
}

/// Of two keys one may name a row of a table: then its columns are the subject's.
#[test]
fn a_part_of_an_offer_knows_the_offer() {
    use Verdict as V;
    let mut dossier = dossier(&[
        ("companies", "company,blocked\nA,true\nB,false"),
        (
            "offers",
            "tender,lot,offer,bidder,submitted_on\nT,,O1,A,2026-01-05\nT,,O2,B,2026-02-05\nT,L1,O3,B,\nT,L2,O3,B,",
        ),
        ("offer_items", "offer,item,component,value\nO1,1,cell,5\nO2,1,cell,5\nO2,2,glass,\nO3,1,cell,5"),
    ]);
    complete(&mut dossier, Population::OfferItems);
    let value = "total = { of = \"offer_items\", weigh = \"value\" }\nat_least = 5";
    let keys = "[\"offer\", \"component\"]";
    let when =
        pack(keys, &format!("when = \"submitted_on >= DATE '2026-02-01' AND NOT bidder_blocked\"\n{value}"));
    let expected = vec![
        ("O1 · cell", V::NotApplicable),
        ("O2 · cell", V::Met),
        ("O2 · glass", V::Undetermined),
        // Two offers of that name: which of them it is nobody knows.
        ("O3 · cell", V::Undetermined),
    ];
    assert_eq!(verdicts(&judge(&dossier, &when)), expected);
    let dated = judge(&dossier, &pack(keys, &format!("dated_by = \"submitted_on\"\n{value}")));
    assert_eq!(of(&dated, "O1 · cell").on.map(|day| day.to_string()).as_deref(), Some("2026-01-05"));
}
