use insta::assert_snapshot;

use crate::support::{Written, check, filiera};

#[test]
fn the_template_can_be_checked_as_it_is() {
    let folder = Written::empty();
    let ran = filiera(folder.path(), &["init", "my dossier"]);
    assert_eq!(ran.code, 0);
    assert_snapshot!("init", ran.seen());
    let checked = check(folder.path(), "my dossier", &[]);
    assert_eq!(checked.code, 3, "{}", checked.seen());
    assert_snapshot!("init_check", checked.seen());
}

#[test]
fn the_template_says_what_goes_where() {
    let folder = Written::empty();
    filiera(folder.path(), &["init", ".", "--title", "Plant \"Nord\\Ovest\"\nsecond line"]);
    assert_snapshot!(folder.names().join("\n"));
    assert_snapshot!("template_dossier", folder.text("dossier.toml"));
    assert_snapshot!("template_columns", folder.text("COLUMNS.md"));
    assert_eq!(folder.check(&[]).code, 3, "{}", folder.check(&[]).seen());
}

#[test]
fn what_is_there_is_never_touched() {
    let folder = Written::empty().with("bom.csv", "mine");
    let ran = filiera(folder.path(), &["init", "."]);
    assert_snapshot!(ran.refused().seen());
    assert_eq!((folder.names().len(), folder.text("bom.csv").as_str()), (1, "mine"));
    filiera(folder.path(), &["init", "bom.csv"]).refused();
    assert_eq!(folder.text("bom.csv"), "mine");
}

#[test]
fn filled_in_it_is_judged() {
    let folder = Written::empty();
    filiera(folder.path(), &["init", "."]);
    let add = |folder: Written, name: &str, header: &str, row: &str| {
        let text = folder.text(name);
        let columns: Vec<&str> = text.trim_end().split(',').collect();
        let (names, cells): (Vec<&str>, Vec<&str>) = (header.split(',').collect(), row.split(',').collect());
        let cell = |column: &&str| names.iter().position(|name| name == column).map_or("", |at| cells[at]);
        let row: Vec<&str> = columns.iter().map(cell).collect();
        folder.with(name, format!("{text}{}\n", row.join(",")))
    };
    let folder = add(folder, "parts.csv", "part,procurement,unit_value", "DOOR,buy,100");
    let folder = add(folder, "bom.csv", "parent,child,quantity", "CAR,DOOR,2");
    let folder = add(folder, "declarations.csv", "part,origin", "DOOR,IT");
    let folder =
        add(folder, "vehicles.csv", "vehicle,maker,root,built_on,plant_country", "V1,M,CAR,2026-03-01,IT");
    let findings = folder.check(&["--format", "json"]).findings();
    let content = findings.iter().find(|one| one["condition"] == "local-content").expect("a finding");
    assert_eq!((&content["verdict"], &content["lower_fraction"]), (&"met".into(), &"1".into()));
}
