//! Subjects that are rows of a table of their own, and companies joined to them.

mod common;

use common::{complete, dossier, judge};
use filiera_finding::Finding;
use filiera_model::Verdict;
use filiera_tables::{Dossier, Population};

const HEAD: &str = "[pack]\ntitle = \"subjects\"\nstatus = \"draft\"\n";

fn pack(per: &str, body: &str) -> String {
    format!("{HEAD}[condition.rule]\ntitle = \"a rule\"\nper = {per}\n{body}\n")
}

const COMPANIES: &str = "company,name,country,sector\nA,Alpha,CN,tyres\nT,Target,IT,energy\nB,Beta,FR,energy";

fn transactions(rows: &str) -> Dossier {
    let table = format!(
        "transaction,acquirer,company,kind,share_after,value,signed_on,notified_on,suspended_days,decided_on\n{rows}"
    );
    let mut dossier = dossier(&[("transactions", &table), ("companies", COMPANIES)]);
    complete(&mut dossier, Population::Transactions);
    dossier
}

fn verdicts(found: &[Finding]) -> Vec<(&str, Verdict)> {
    found.iter().map(|finding| (finding.subject.as_str(), finding.verdict)).collect()
}

#[test]
fn a_transaction_is_judged_by_its_own_row_and_what_is_known_of_its_companies() {
    let rows = "D1,A,T,stake,12 %,2000000,2026-01-01,2026-01-11,,\n\
                D2,A,T,stake,12 %,2000000,2026-01-01,2026-01-12,,\n\
                D3,A,T,stake,12 %,2000000,2026-01-01,,,\n\
                D4,B,T,stake,12 %,2000000,2026-01-01,,,";
    let notified = pack(
        "\"transaction\"",
        "when = \"acquirer_country NOT IN @EU AND share_after >= 0.1\"\ndated_by = \"signed_on\"\n\
         every = { of = \"transactions\", where = \"notified_on <= signed_on + INTERVAL '10' DAY\" }",
    );
    let found = judge(&transactions(rows), &notified);
    use Verdict as V;
    assert_eq!(
        verdicts(&found),
        vec![("D1", V::Met), ("D2", V::NotMet), ("D3", V::Undetermined), ("D4", V::NotApplicable)]
    );
    assert_eq!(found[0].on.map(|day| day.to_string()).as_deref(), Some("2026-01-01"));
    assert_eq!(found[2].missing, vec!["notified_on:D3 · A · T · stake · 2026-01-01"]);
}

#[test]
fn a_clock_runs_with_its_suspension() {
    let rows = "D1,A,T,stake,,,,2026-01-01,,2026-02-15\n\
                D2,A,T,stake,,,,2026-01-01,10,2026-02-25\n\
                D3,A,T,stake,,,,2026-01-01,10,2026-02-26";
    let in_time = pack(
        "\"transaction\"",
        "any = { of = \"transactions\", where = \"decided_on <= notified_on + INTERVAL '45' DAY + suspended_days\" }",
    );
    use Verdict as V;
    let found = judge(&transactions(rows), &in_time);
    assert_eq!(verdicts(&found), vec![("D1", V::Undetermined), ("D2", V::Met), ("D3", V::NotMet)]);
}

#[test]
fn an_extra_column_in_which_nothing_stands_is_what_the_pack_declares() {
    let table = "transaction,acquirer,company,complete_on,agreed\nD1,A,T,,";
    let mut dossier = dossier(&[("transactions", table), ("companies", COMPANIES)]);
    complete(&mut dossier, Population::Transactions);
    let declared = "[columns]\ncomplete_on = { of = \"transactions\", kind = \"day\" }\n\
                    agreed = { of = \"subject\", kind = \"truth\" }\n";
    let rule = pack(
        "\"transaction\"",
        "when = \"agreed\"\nevery = { of = \"transactions\", where = \"complete_on + 5 < DATE '2026-01-01'\" }",
    );
    let found = judge(&dossier, &rule.replacen("[condition", &format!("{declared}[condition"), 1));
    assert_eq!(verdicts(&found), vec![("D1", Verdict::Undetermined)]);
}

#[test]
fn a_transaction_without_a_name_goes_by_what_it_is() {
    let value = pack("\"transaction\"", "total = { of = \"transactions\", weigh = \"value\" }\nat_least = 5");
    let found = judge(&transactions(",A,T,stake,,7,2026-01-01,,,\n,B,T,stake,,3,2026-01-01,,,"), &value);
    use Verdict as V;
    assert_eq!(
        verdicts(&found),
        vec![("A · T · stake · 2026-01-01", V::Met), ("B · T · stake · 2026-01-01", V::NotMet)]
    );
}

#[test]
fn rows_that_name_no_transaction_belong_to_those_about_their_company() {
    let appointments = "company,seat,role,appointed_by\nT,1,ceo,B\nT,2,director,A\nX,1,ceo,A";
    let mut dossier = dossier(&[
        ("appointments", appointments),
        ("companies", COMPANIES),
        ("transactions", "transaction,acquirer,company\nD1,A,T"),
    ]);
    complete(&mut dossier, Population::Appointments);
    let by_member_states = pack(
        "\"transaction\"",
        "every = { of = \"appointments\", among = \"role = 'ceo'\", where = \"appointed_by_country IN @EU\" }",
    );
    let found = judge(&dossier, &by_member_states);
    assert_eq!(verdicts(&found), vec![("D1", Verdict::Met)]);
    let seats = pack(
        "\"company\"",
        "count = { of = \"appointments\", where = \"appointed_by_country NOT IN @EU\" }\nat_most = 0",
    );
    use Verdict as V;
    assert_eq!(verdicts(&judge(&dossier, &seats)), vec![("T", V::NotMet), ("X", V::NotMet)]);
}

#[test]
fn offers_of_several_lots_and_grants_are_subjects() {
    let offers = "tender,lot,offer,bidder,price,currency\nT,L1,O1,A,100,EUR\nT,L2,O1,A,300,EUR";
    let grants = "grant,party,amount,benefit_until,relocated_on\nG1,T,500,2026-01-01,2028-06-01\n\
                  G2,T,500,2026-01-01,2031-01-02\nG3,T,500,2026-01-01,";
    let mut dossier = dossier(&[("offers", offers), ("grants", grants), ("companies", COMPANIES)]);
    complete(&mut dossier, Population::Offers);
    complete(&mut dossier, Population::Grants);
    let cheap = pack(
        "[\"tender\", \"lot\", \"offer\"]",
        "when = \"bidder_country = 'CN'\"\ntotal = { of = \"offers\", weigh = \"price\" }\nat_most = 200",
    );
    use Verdict as V;
    assert_eq!(verdicts(&judge(&dossier, &cheap)), vec![("T · L1 · O1", V::Met), ("T · L2 · O1", V::NotMet)]);
    let stays = pack(
        "\"grant\"",
        "none = { of = \"grants\", where = \"relocated_on <= benefit_until + INTERVAL '5' YEAR\" }",
    );
    assert_eq!(
        verdicts(&judge(&dossier, &stays)),
        vec![("G1", V::NotMet), ("G2", V::Met), ("G3", V::Undetermined)]
    );
}

#[test]
fn makers_and_operators_are_joined_wherever_they_stand() {
    let mut dossier = dossier(&[
        ("companies", COMPANIES),
        ("vehicles", "vehicle,root,maker\nV,R,A\nW,R,"),
        ("parts", "part,procurement,unit_value\nP,buy,1"),
        ("bom", "parent,child,quantity\nR,P,1"),
        ("production", "publisher,maker,kind,period,units\nN,B,car,2025,5\nN,A,car,2025,7"),
    ]);
    complete(&mut dossier, Population::Components);
    complete(&mut dossier, Population::Production);
    let of_china = pack("\"vehicle\"", "none = { of = \"components\", where = \"maker_country = 'CN'\" }");
    let found = judge(&dossier, &of_china);
    use Verdict as V;
    assert_eq!(verdicts(&found), vec![("V", V::NotMet), ("W", V::Undetermined)]);
    assert_eq!(found[1].missing, vec!["maker:P"]);
    let when = pack("\"vehicle\"", "when = \"maker_sector = 'tyres'\"\nany = { of = \"components\" }");
    assert_eq!(verdicts(&judge(&dossier, &when)), vec![("V", V::Met), ("W", V::Undetermined)]);
    let abroad = pack(
        "\"publisher\"",
        "total = { of = \"production\", weigh = \"units\", where = \"maker_country NOT IN @EU\" }\nat_least = 7",
    );
    assert_eq!(verdicts(&judge(&dossier, &abroad)), vec![("N", V::Met)]);
}

/// A stake that somebody holds is no transaction, whatever columns its table shares with `transactions`.
#[test]
fn what_is_held_is_no_transaction() {
    let rule =
        pack("\"transaction\"", "total = { of = \"holdings\", weigh = \"share\" }\nat_least = \"50 %\"");
    let interests = ("interests", "owner,company,kind,share\nA,T,shares,60 %");
    let transactions = ("transactions", "acquirer,company,kind\nA,T,stake");
    let found = judge(&dossier(&[interests, transactions, ("companies", COMPANIES)]), &rule);
    assert_eq!(verdicts(&found), vec![("A · T · stake", Verdict::Met)]);
    let found = judge(&dossier(&[interests, ("companies", COMPANIES)]), &rule);
    assert_eq!(verdicts(&found), vec![(filiera_finding::NOBODY, Verdict::Undetermined)]);
}
