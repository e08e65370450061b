use std::fs;

use insta::assert_snapshot;

use crate::support::{PACK, Written, copy_folder, filiera, root};

#[test]
fn list() {
    assert_snapshot!(filiera(&root(), &["packs", "list"]).seen());
}

#[test]
fn show_prints_the_text() {
    let ran = filiera(&root(), &["packs", "show", "eu/data-transfer"]);
    let text = fs::read_to_string(root().join("packs/eu/data-transfer.toml")).expect("a pack");
    assert_eq!((ran.code, ran.out), (0, format!("# packs/eu/data-transfer.toml\n{text}")));
}

#[test]
fn an_unknown_pack() {
    let seen = ["it/automotive-acord", "automotive-accord", "data-transfer", "zzz", "no/such.toml"];
    let seen = seen.map(|name| filiera(&root(), &["packs", "show", name]).refused().seen());
    assert_snapshot!(seen.join("\n"));
    let check = Written::dossier().check(&["--pack", "us/usmca-automotiv"]);
    assert!(check.refused().err.contains("did you mean `us/usmca-automotive`"), "{}", check.err);
}

#[test]
fn the_shipped_packs_have_no_fault() {
    let ran = filiera(&root(), &["packs", "check"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.seen());
    assert!(ran.err.contains("without faults"), "{}", ran.err);
}

const FAULTY: &str = "\
[pack]
title = \"A law with slips\"
status = \"enacted\"

[parameter.share]
unit = \"share\"
values = [
    { from = 2026-01-01, to = 2025-01-01, value = \"45 %\", cite = \"art. 1\" },
    { from = 2026-06-01, value = \"145 %\" },
]

[condition.content]
titel = \"At least a share of the value comes from Italy\"
per = \"vehicle\"
share = { of = \"component\", weigh = \"value\", where = \"origin = 'IT'\" }
at_least = \"$shares\"
";

#[test]
fn every_fault_of_a_pack_underlined() {
    let folder = Written::dossier().with("pack.toml", FAULTY);
    let ran = filiera(folder.path(), &["packs", "check", "pack.toml"]);
    assert_snapshot!(ran.refused().seen());
    let check = folder.check(&[]);
    assert_eq!(check.refused().err, ran.err);
}

/// Columns and countries that do not exist are seen when the pack meets the evidence.
#[test]
fn a_pack_that_does_not_fit_the_evidence() {
    let pack = PACK.replace("origin = 'IT'", "orign = 'IT' AND class = 3");
    let folder = Written::dossier().with("pack.toml", pack);
    assert_snapshot!(folder.check(&[]).refused().seen());
    let pack = PACK.replace("origin = 'IT'", "origin = 'ITT'");
    let folder = folder.with("pack.toml", pack);
    assert_snapshot!("a_country_that_does_not_exist", folder.check(&[]).refused().seen());
}

#[test]
fn the_shipped_packs_hold_what_their_tests_say() {
    let ran = filiera(&root(), &["packs", "test"]);
    assert_eq!(ran.code, 0, "{}", ran.seen());
    assert!(ran.out.contains("all hold") && !ran.out.contains("FAILED"), "{}", ran.out);
}

/// A copy of the output targets in a folder of packs of their own.
fn library() -> Written {
    let folder = Written::empty();
    copy_folder(&root().join("packs"), &folder.path().join("packs"));
    for other in ["eu", "us"] {
        fs::remove_dir_all(folder.path().join("packs").join(other)).expect("a folder");
    }
    folder
}

const CASES: &str = "packs/it/output-target.test.toml";

fn with_a_wrong_expectation() -> Written {
    let folder = library();
    let text = folder.text(CASES);
    let wrong = text.replacen("verdict = \"met\"", "verdict = \"not_met\"", 1);
    assert_ne!(wrong, text, "the cases state a verdict that is met");
    folder.with(CASES, wrong)
}

#[test]
fn a_wrong_expectation_fails_and_says_where() {
    let folder = with_a_wrong_expectation();
    let ran = filiera(folder.path(), &["packs", "test", "--packs-dir", "packs", "it/output-target"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("expected not_met, was met"), "{}", ran.out);
    assert!(ran.out.contains("FAILED") && ran.out.contains("1 with failures"), "{}", ran.out);
}

#[test]
fn blessed_it_holds() {
    let folder = with_a_wrong_expectation();
    let before = folder.text(CASES);
    let ran = filiera(folder.path(), &["packs", "test", "--packs-dir", "packs", "--bless"]);
    assert_eq!(ran.code, 0, "{}", ran.seen());
    assert!(ran.err.contains("output-target.test.toml"), "{}", ran.err);
    let after = folder.text(CASES);
    assert_ne!(after, before);
    let original = fs::read_to_string(root().join(CASES)).expect("the cases");
    assert_eq!(after, original, "nothing else is rewritten");
    let again = filiera(folder.path(), &["packs", "test", "--packs-dir", "packs"]);
    assert_eq!(again.code, 0, "{}", again.seen());
}

#[test]
fn built_in_packs_are_not_blessed() {
    let folder = Written::dossier();
    let ran = filiera(folder.path(), &["packs", "test", "it/output-target", "--bless"]);
    assert_eq!(ran.code, 0, "nothing differs: {}", ran.seen());
    assert_eq!(folder.names(), Written::dossier().names());
}

#[test]
fn a_missing_outcome_fails() {
    let folder = Written::dossier();
    let cases = "\
[[case]]
name = \"a car of doors\"
law_as_of = 2026-11-22
facts_as_of = 2026-11-22
[case.tables]
parts = '''
part,procurement,unit_value
DOOR,buy,60
'''
bom = '''
parent,child,quantity
CAR,DOOR,1
'''
declarations = '''
part,origin
DOOR,IT
'''
vehicles = '''
vehicle,root,built_on
V1,CAR,2026-03-01
'''
[[case.expect]]
condition = \"content\"
subject = \"V1\"
verdict = \"met\"
";
    let folder = folder.with("pack.test.toml", cases);
    let ran = filiera(folder.path(), &["packs", "test", "pack.toml"]);
    assert_eq!(ran.code, 1, "{}", ran.seen());
    assert_snapshot!(ran.seen());
}

#[test]
fn junit_is_well_formed() {
    let folder = with_a_wrong_expectation();
    let arguments = ["packs", "test", "--packs-dir", "packs", "--junit", "results.xml"];
    assert_eq!(filiera(folder.path(), &arguments).code, 1);
    let xml = folder.text("results.xml");
    let mut open: Vec<String> = Vec::new();
    for piece in xml.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("every tag ends");
        assert!(
            !text
                .replace("&lt;", "")
                .replace("&gt;", "")
                .replace("&quot;", "")
                .replace("&amp;", "")
                .contains('&')
        );
        let name = tag.split([' ', '/']).find(|name| !name.is_empty()).unwrap_or_default().to_owned();
        if tag.starts_with('?') || tag.ends_with('/') {
            continue;
        } else if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else {
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<String>::new());
    assert_eq!(xml.matches("<failure>").count(), 1, "{xml}");
    assert!(xml.contains("<testsuite name=\"it/output-target\""), "{xml}");
}

#[test]
fn junit_in_no_folder_is_an_error() {
    let ran = filiera(&root(), &["packs", "test", "it/output-target", "--junit", "no/such/results.xml"]);
    assert_eq!(ran.code, 2, "{}", ran.seen());
}

const SHELF: &str = "\
[pack]
title = \"What others build on\"
status = \"enacted\"

[condition.any-line]
title = \"Something is listed\"
per = \"vehicle\"
any = { of = \"components\" }

[condition.all-from-afar]
title = \"Everything comes from New Zealand\"
per = \"vehicle\"
every = { of = \"components\", where = \"origin = 'NZ'\" }
";

const BUILT_ON: &str = "\
[pack]
title = \"Built on another\"
status = \"enacted\"

[condition.listed]
title = \"As the other pack has it\"
per = \"vehicle\"
all_of = [\"xx/shelf#any-line\"]
";

#[test]
fn a_pack_brings_along_those_whose_conditions_it_names() {
    let folder = Written::dossier().with("pack.toml", BUILT_ON).with("own.toml", BUILT_ON);
    fs::create_dir_all(folder.path().join("lib/xx")).expect("a folder");
    fs::write(folder.path().join("lib/xx/shelf.toml"), SHELF).expect("a file");
    let lib = ["--packs-dir", "lib"];
    let along = "judged too, because pack names a condition of it";
    // Named in dossier.toml: what the other pack says beyond it is shown, and is not in the exit code.
    let named = folder.check(&lib);
    assert_eq!(named.code, 0, "{}", named.seen());
    assert!(named.out.contains(along) && named.out.contains("not met"), "{}", named.out);
    let page = folder.check(&[&lib[..], &["--format", "html"]].concat());
    assert!(page.out.contains(along), "{}", page.out);
    // Named by a flag, and asked for itself.
    let flag = folder.check(&[&lib[..], &["--pack", "own.toml"]].concat());
    assert_eq!((flag.code, flag.out.contains("because own names")), (0, true), "{}", flag.seen());
    let both = folder.check(&[&lib[..], &["--pack", "own.toml", "--pack", "xx/shelf"]].concat());
    assert_eq!((both.code, both.out.contains("judged too")), (1, false), "{}", both.seen());
    let slip = folder.with("pack.toml", BUILT_ON.replace("xx/shelf", "xx/shelv")).check(&lib);
    assert!(slip.refused().err.contains("did you mean `xx/shelf`"), "{}", slip.err);
}
