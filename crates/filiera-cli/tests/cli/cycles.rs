use crate::support::{Written, filiera};

const CYCLE: &str = "\
parent,child,quantity
CAR,DOOR,1
DOOR,LOCK,1
LOCK,DOOR,2
CAR,SEAT,1
VAN,LAMP,1
";

const PARTS: &str = "\
part,procurement,unit_value
DOOR,make,60
LOCK,make,10
SEAT,buy,40
LAMP,buy,100
";

fn folder() -> Written {
    Written::dossier().with("bom.csv", CYCLE).with("parts.csv", PARTS)
}

#[test]
fn a_cycle_is_printed_with_the_remedy() {
    insta::assert_snapshot!(folder().check(&[]).refused().seen());
}

#[test]
fn cut_it_is_judged_and_the_cut_lines_are_named() {
    let ran = folder().check(&["--cut-cycles"]);
    assert_ne!(ran.code, 2, "{}", ran.seen());
    insta::assert_snapshot!(ran.seen());
    let again = folder().check(&["--cut-cycles"]);
    assert_eq!(again.out, ran.out);
}

#[test]
fn inspect_shows_it() {
    let folder = folder();
    let ran = filiera(folder.path(), &["inspect", "bom.csv"]);
    insta::assert_snapshot!(ran.seen());
}

#[test]
fn a_part_within_itself() {
    let folder = Written::dossier().with("bom.csv", "parent,child,quantity\nCAR,DOOR,1\nDOOR,DOOR,1\n");
    let folder = folder.with("parts.csv", PARTS);
    insta::assert_snapshot!(folder.check(&[]).refused().seen());
}
