//! Holdings and control in conditions: sets of owners, ranges, days, and who controls a maker.

mod common;

use common::{complete, dossier, judge, n};
use filiera_finding::Finding;
use filiera_model::{End, Verdict};
use filiera_tables::{Dossier, Population};

const HEAD: &str = "[pack]\ntitle = \"owners\"\nstatus = \"draft\"\n";

fn pack(per: &str, body: &str) -> String {
    format!("{HEAD}[condition.rule]\ntitle = \"a rule\"\nper = \"{per}\"\n{body}\n")
}

const COMPANIES: &str = "company,name,country,person\nA,Alpha,CN,true\nB,Beta,CN,true\nC,Carla,IT,true\n\
                         H,Holding,FR,\nT,Target,IT,";

/// Owners of T and H, `owner,company,share` and more columns, all of them listed.
fn owned(header: &str, rows: &str) -> Dossier {
    let mut dossier = unlisted(header, rows);
    complete(&mut dossier, Population::Holdings);
    complete(&mut dossier, Population::Control);
    dossier
}

fn unlisted(header: &str, rows: &str) -> Dossier {
    let interests = format!("owner,company,{header}\n{rows}");
    dossier(&[("companies", COMPANIES), ("interests", &interests)])
}

fn of<'a>(found: &'a [Finding], subject: &str) -> &'a Finding {
    found.iter().find(|finding| finding.subject == subject).unwrap()
}

fn ends(finding: &Finding) -> (End, End) {
    let bounds = finding.bounds.clone().unwrap();
    (bounds.lower, bounds.upper)
}

fn exactly(text: &str) -> (End, End) {
    (End::closed(n(text)), End::closed(n(text)))
}

fn chinese(more: &str, limit: &str) -> String {
    pack(
        "company",
        &format!(
            "total = {{ of = \"holdings\", weigh = \"share\", where = \"owner_country = 'CN'\"{more} }}\nat_least = \"{limit}\""
        ),
    )
}

const CHAIN: &str = "A,H,60 %\nC,H,40 %\nH,T,30 %\nB,T,5 %\nC,T,65 %";

#[test]
fn a_holder_through_another_is_a_holder() {
    let any = pack(
        "company",
        "any = { of = \"holdings\", where = \"share >= 0.18 AND owner_country NOT IN @EU\" }",
    );
    let found = judge(&owned("share", CHAIN), &any);
    assert_eq!(of(&found, "T").verdict, Verdict::Met);
    let more = any.replace("0.18", "0.180000000001");
    assert_eq!(of(&judge(&owned("share", CHAIN), &more), "T").verdict, Verdict::NotMet);
}

#[test]
fn a_set_of_owners_holds_what_it_holds_together() {
    let dossier = owned("share", CHAIN);
    let found = judge(&dossier, &chinese("", "23 %"));
    assert_eq!(ends(of(&found, "T")), exactly("23 %"));
    assert_eq!((of(&found, "T").verdict, of(&found, "T").form.name()), (Verdict::Met, "share"));
    // With the holding in the set, its owner's part through it is not counted again.
    let wider = chinese("", "23 %").replace("owner_country = 'CN'", "owner_country IN ('CN', 'FR')");
    assert_eq!(ends(of(&judge(&dossier, &wider), "T")), exactly("35 %"));
    let votes = chinese("", "5 %").replace("\"share\"", "\"votes\"");
    assert!(of(&judge(&dossier, &votes), "T").bounds.is_some());
}

#[test]
fn attribution_counts_what_is_held_enough_in_full() {
    let full = |below| format!(", attribution = {{ full_at = \"50 %\", below = \"{below}\" }}");
    let dossier = owned("share", CHAIN);
    assert_eq!(ends(of(&judge(&dossier, &chinese(&full("product"), "35 %")), "T")), exactly("35 %"));
    let less = owned("share", &CHAIN.replace("A,H,60 %\nC,H,40 %", "A,H,40 %\nC,H,60 %"));
    assert_eq!(ends(of(&judge(&less, &chinese(&full("product"), "17 %")), "T")), exactly("17 %"));
    assert_eq!(ends(of(&judge(&less, &chinese(&full("nothing"), "5 %")), "T")), exactly("5 %"));
}

#[test]
fn a_band_is_compared_whole() {
    let banded = owned("share_min,share_max,min_open", "A,T,25 %,50 %,true");
    for (predicate, verdict) in [
        ("share > 0.25", Verdict::Met),
        ("share > 0.3", Verdict::Undetermined),
        ("share > 0.5", Verdict::NotMet),
    ] {
        let any = pack("company", &format!("any = {{ of = \"holdings\", where = \"{predicate}\" }}"));
        assert_eq!(of(&judge(&banded, &any), "T").verdict, verdict, "{predicate}");
    }
    let found = judge(&banded, &chinese("", "25 %"));
    assert_eq!(ends(of(&found, "T")), (End::open(n("25 %")), End::closed(n("50 %"))));
}

#[test]
fn what_is_not_listed_may_be_anybodys() {
    let open = unlisted("share", "A,T,5 %\nC,T,65 %");
    let found = judge(&open, &chinese("", "10 %"));
    assert_eq!(ends(of(&found, "T")), (End::closed(n("5 %")), End::closed(n("35 %"))));
    assert_eq!(of(&found, "T").verdict, Verdict::Undetermined);
    let none = pack("company", "none = { of = \"holdings\", where = \"owner_country = 'FR'\" }");
    assert_eq!(of(&judge(&open, &none), "T").verdict, Verdict::Undetermined);
    assert_eq!(of(&judge(&owned("share", "C,T,65 %"), &none), "T").verdict, Verdict::Met);
}

#[test]
fn a_subject_sees_the_register_of_its_day() {
    let interests =
        "owner,company,share,valid_from,valid_to\nA,T,12 %,2020-01-01,2024-12-31\nC,T,88 %,2020-01-01,";
    let transactions =
        "transaction,acquirer,company,signed_on\nOLD,B,T,2024-06-01\nNEW,B,T,2025-06-01\nANY,B,T,";
    let mut dossier =
        dossier(&[("companies", COMPANIES), ("interests", interests), ("transactions", transactions)]);
    complete(&mut dossier, Population::Holdings);
    let any = "any = { of = \"holdings\", where = \"owner_country = 'CN'\" }";
    let dated = pack("transaction", &format!("dated_by = \"signed_on\"\n{any}"));
    let found = judge(&dossier, &dated);
    assert_eq!(of(&found, "OLD").verdict, Verdict::Met);
    assert_eq!(of(&found, "NEW").verdict, Verdict::NotMet);
    assert_eq!(of(&found, "ANY").verdict, Verdict::Undetermined);
    let today = judge(&dossier, &pack("transaction", any));
    assert_eq!(of(&today, "OLD").verdict, Verdict::NotMet);
}

#[test]
fn who_controls_is_a_population_and_a_column() {
    let owners = "A,H,60 %\nC,H,40 %\nH,T,51 %\nC,T,49 %";
    let none = pack("company", "none = { of = \"control\", where = \"controller_country = 'CN'\" }");
    let found = judge(&owned("share", owners), &none);
    assert_eq!(of(&found, "T").verdict, Verdict::NotMet);
    let home = judge(&owned("share", "C,T,51 %\nA,T,49 %"), &none);
    assert_eq!(of(&home, "T").verdict, Verdict::Met);

    let built = |owners: &str, limit: &str| {
        let interests = format!("owner,company,share\n{owners}");
        let mut dossier = dossier(&[
            ("companies", COMPANIES),
            ("interests", &interests),
            ("vehicles", "vehicle,root,maker\nV,R,T"),
            ("parts", "part,procurement,unit_value\nP,buy,1"),
            ("bom", "parent,child,quantity\nR,P,1"),
        ]);
        for population in [Population::Components, Population::Holdings, Population::Control] {
            complete(&mut dossier, population);
        }
        let body = format!("none = {{ of = \"components\", where = \"{limit}\" }}");
        of(&judge(&dossier, &pack("vehicle", &body)), "V").clone()
    };
    assert_eq!(built(owners, "maker_controller_country = 'CN'").verdict, Verdict::NotMet);
    assert_eq!(built(owners, "maker_controller = 'A'").verdict, Verdict::NotMet);
    assert_eq!(built(owners, "maker_controller_country IN @EU").verdict, Verdict::Met);
    // Nobody knows which of the two has the greater part: it is Chinese or Italian, and not German.
    let open = "A,T,\nC,T,";
    let found = built(open, "maker_controller_country = 'DE'");
    assert!(found.verdict != Verdict::NotMet, "{found:?}");
    assert_eq!(built(open, "maker_controller_country = 'CN'").verdict, Verdict::Undetermined);
}

#[test]
fn a_condition_says_what_counts_as_control() {
    let rule = |stated: &str| {
        let rule = if stated.is_empty() { String::new() } else { format!("control_rule = {{ {stated} }}\n") };
        pack("company", &format!("{rule}any = {{ of = \"control\", where = \"controller_country = 'CN'\" }}"))
    };
    let verdict =
        |owners: &str, stated: &str| of(&judge(&owned("share", owners), &rule(stated)), "T").verdict;
    use Verdict as V;
    let half = "A,T,50 %\nC,T,50 %";
    // Nobody controls it, and the list is whole.
    assert_eq!(verdict(half, ""), V::NotApplicable);
    assert_eq!(verdict(half, "over = \"50 %\""), V::NotApplicable);
    assert_eq!(verdict(half, "over = \"50 %\", inclusive = true"), V::Met);
    let quarter = "A,T,25 %\nC,T,75 %";
    assert_eq!(verdict(quarter, "over = \"25 %\", inclusive = true"), V::Met);
    assert_eq!(verdict(quarter, "over = \"25 %\""), V::NotMet);
    assert_eq!(verdict(quarter, ""), V::NotMet);
    // Both through a chain of such links.
    assert_eq!(
        verdict("A,H,25 %\nC,H,75 %\nH,T,25 %\nC,T,75 %", "over = \"25 %\", inclusive = true"),
        V::Met
    );
    assert_eq!(verdict("A,T,60 %\nC,T,40 %", "over = \"50 %\", by = [\"board\"]"), V::NotApplicable);
    // Of whom no seat is listed, and nobody says that there is none, the board may be anybody's.
    let open = judge(&unlisted("share", "A,T,60 %\nC,T,40 %"), &rule("over = \"50 %\", by = [\"board\"]"));
    assert_eq!((of(&open, "T").verdict, of(&open, "T").rows.maybe), (V::Undetermined, 3));
}

#[test]
fn seats_and_contracts_count_where_they_are_named() {
    let mut dossier = dossier(&[
        ("companies", COMPANIES),
        ("interests", "owner,company,kind,share\nC,T,shares,100 %\nB,T,contract,60 %"),
        ("appointments", "company,seat,appointed_by\nT,1,A\nT,2,A\nT,3,C"),
    ]);
    complete(&mut dossier, Population::Control);
    let controls = |dossier: &Dossier, who: &str, by: &str| {
        let form = format!("any = {{ of = \"control\", where = \"controller = '{who}'\" }}");
        let rule = format!("control_rule = {{ over = \"50 %\", by = [{by}] }}\n");
        of(&judge(dossier, &pack("company", &format!("{rule}{form}"))), "T").verdict == Verdict::Met
    };
    assert!(!controls(&dossier, "A", "\"votes\", \"board\""), "two seats of how many");
    complete(&mut dossier, Population::Appointments);
    let controls = |who: &str, by: &str| controls(&dossier, who, by);
    assert!(controls("A", "\"votes\", \"board\"") && !controls("A", "\"votes\", \"contract\""));
    assert!(controls("B", "\"contract\"") && !controls("B", "\"board\""));
    assert!(controls("C", "\"votes\"") && !controls("C", "\"board\", \"contract\""));
}

/// Two conditions of one pack, each with its own rule, over one register that changes.
#[test]
fn rules_of_control_stand_side_by_side_and_through_columns() {
    let interests = "owner,company,share,valid_from,valid_to\nA,T,50 %,2020-01-01,2024-12-31\nC,T,50 %,2020-01-01,2024-12-31\n\
                     A,T,60 %,2025-01-01,\nC,T,40 %,2025-01-01,";
    let mut dossier = dossier(&[
        ("companies", COMPANIES),
        ("interests", interests),
        ("transactions", "transaction,acquirer,company,signed_on\nOLD,T,H,2024-06-01\nNEW,T,H,2025-06-01"),
    ]);
    complete(&mut dossier, Population::Control);
    complete(&mut dossier, Population::Transactions);
    let one = |name: &str, rule: &str| {
        format!(
            "[condition.{name}]\ntitle = \"{name}\"\nper = \"transaction\"\ndated_by = \"signed_on\"\n{rule}\n\
             none = {{ of = \"transactions\", where = \"acquirer_controller = 'A'\" }}\n"
        )
    };
    let wide = "control_rule = { over = \"40 %\" }";
    let text = format!("{HEAD}{}{}", one("usual", ""), one("wide", wide));
    let found = judge(&dossier, &text);
    let verdict = |condition: &str, subject: &str| {
        found.iter().find(|one| one.condition == condition && one.subject == subject).unwrap().verdict
    };
    use Verdict as V;
    assert_eq!((verdict("usual", "OLD"), verdict("usual", "NEW")), (V::Met, V::NotMet));
    // By more than 40 % both control it: nobody alone stands at the end.
    assert_eq!((verdict("wide", "OLD"), verdict("wide", "NEW")), (V::Undetermined, V::NotMet));
}

/// Each country's owners by themselves; who is of no known country may belong to any.
#[test]
fn owners_are_told_apart_by_a_column() {
    let apart = |more: &str| {
        let mark = "where = \"owner_country IN ('CN', 'IT')\"";
        pack(
            "company",
            &format!(
                "total = {{ of = \"holdings\", weigh = \"share\", {mark}{more} }}\nless_than = \"50 %\""
            ),
        )
    };
    let by = ", by = \"owner_country\"";
    let owners = "A,T,20 %\nB,T,15 %\nC,T,30 %";
    let both = judge(&owned("share", owners), &apart(""));
    assert_eq!(ends(of(&both, "T")), exactly("65 %"));
    let each = judge(&owned("share", owners), &apart(by));
    assert_eq!((ends(of(&each, "T")), of(&each, "T").verdict), (exactly("35 %"), Verdict::Met));
    assert!(of(&each, "T").remarks.iter().any(|remark| remark.contains("`CN`")));
    let unknown = judge(&owned("share", "A,T,20 %\nC,T,30 %\nX,T,10 %"), &apart(by));
    assert_eq!(ends(of(&unknown, "T")), (End::closed(n("30 %")), End::closed(n("40 %"))));
}

#[test]
fn the_head_of_a_group_is_a_company() {
    let country = |owners: &str| {
        let none = "none = { of = \"transactions\", where = \"company_parent_country = 'CN'\" }";
        let interests = format!("owner,company,share\n{owners}");
        let companies = COMPANIES.replace("H,Holding,FR,", "H,Holding,CN,");
        let mut dossier = dossier(&[
            ("companies", &companies),
            ("interests", &interests),
            ("transactions", "transaction,acquirer,company\nD,C,T"),
        ]);
        complete(&mut dossier, Population::Transactions);
        of(&judge(&dossier, &pack("transaction", none)), "D").verdict
    };
    use Verdict as V;
    assert_eq!(country("A,H,100 %\nH,T,60 %\nC,T,40 %"), V::NotMet);
    // Nobody is listed above the head: there may be another.
    assert_eq!(country("H,T,60 %\nC,T,40 %"), V::Undetermined);
    // A Chinese person, and no company in between.
    assert_eq!(country("A,T,100 %"), V::Met);
    assert_eq!(country("A,T,30 %"), V::Undetermined);
    assert_eq!(country("A,H,100 %\nH,T,50 %\nC,T,50 %"), V::Met);
}
