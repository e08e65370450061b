use insta::assert_snapshot;

use crate::support::{filiera, root};

#[test]
fn every_command_says_what_it_does() {
    for (name, command) in [
        ("filiera", &[][..]),
        ("check", &["check"]),
        ("due", &["due"]),
        ("explain", &["explain"]),
        ("breakeven", &["breakeven"]),
        ("diff", &["diff"]),
        ("settle", &["settle"]),
        ("receive", &["receive"]),
        ("ownership", &["ownership"]),
        ("request", &["request"]),
        ("inspect", &["inspect"]),
        ("init", &["init"]),
        ("synth", &["synth"]),
        ("export", &["export"]),
        ("sql", &["sql"]),
        ("packs", &["packs"]),
        ("packs_list", &["packs", "list"]),
        ("packs_show", &["packs", "show"]),
        ("packs_check", &["packs", "check"]),
        ("packs_test", &["packs", "test"]),
    ] {
        let ran = filiera(&root(), &[command, &["--help"]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert_snapshot!(format!("help_{name}"), ran.out);
    }
}

#[test]
fn without_a_command_the_help_is_shown() {
    let ran = filiera(&root(), &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("Usage: filiera") && ran.err.contains("check"), "{}", ran.seen());
}

#[test]
fn a_slip_is_named() {
    let ran = filiera(&root(), &["chekc", "examples/new-plant"]);
    assert!(ran.refused().err.contains("'check'"), "{}", ran.err);
    let ran = filiera(&root(), &["check", "examples/new-plant", "--format", "pfd"]);
    assert!(ran.refused().err.contains("html"), "{}", ran.err);
    let ran = filiera(&root(), &["inspect", "--depth", "3", "examples/new-plant/bom.csv"]);
    assert!(ran.refused().err.contains("--root"), "{}", ran.err);
}

#[test]
fn the_version_is_told() {
    let ran = filiera(&root(), &["--version"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, concat!("filiera ", env!("CARGO_PKG_VERSION"), "\n")));
}
