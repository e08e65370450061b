//! `ARCHITECTURE.md` and the list in `README.md` against the crates that are there.

use std::collections::{BTreeMap, BTreeSet};

use super::Complaint;
use super::edges::IMPORTS;
use crate::workspace::Workspace;

const PAGE: &str = "ARCHITECTURE.md";

const README: &str = "README.md";

/// Crates that a page leaves out, sections without a crate, and sections with an old import line.
pub fn check(workspace: &Workspace) -> Vec<Complaint> {
    let mut complaints = architecture(workspace);
    complaints.extend(readme(workspace));
    complaints
}

/// Crates that the readme does not name in backticks.
fn readme(workspace: &Workspace) -> Vec<Complaint> {
    let Some(page) = workspace.file(README) else {
        return vec![Complaint::of(README, "is missing: it is what a stranger reads first")];
    };
    let named: BTreeSet<&str> = page.text.lines().flat_map(quoted).collect();
    let missing = crates(workspace).into_iter().filter(|name| !named.contains(name));
    missing.map(|name| Complaint::of(README, format!("does not list the crate `{name}`"))).collect()
}

fn architecture(workspace: &Workspace) -> Vec<Complaint> {
    let Some(page) = workspace.file(PAGE) else {
        return vec![Complaint::of(PAGE, "is missing: it names every crate and what it lacks")];
    };
    let crates = crates(workspace);
    let sections = sections(&page.text);
    let mut complaints = Vec::new();
    for name in crates.iter().filter(|name| !sections.contains_key(*name)) {
        complaints.push(Complaint::of(PAGE, format!("has no section \"### `{name}`\"")));
    }
    for (name, section) in &sections {
        if !crates.contains(name) {
            complaints.push(Complaint::at(
                PAGE,
                section.line,
                format!("there is no crate `{name}` in crates/"),
            ));
        } else if let Some(text) = wrong_imports(name, section, &crates) {
            complaints.push(Complaint::at(PAGE, section.line, text));
        }
    }
    complaints
}

/// Names of the members below `crates/`.
fn crates(workspace: &Workspace) -> BTreeSet<&str> {
    let below = workspace.crates.iter().filter(|member| member.folder.starts_with("crates/"));
    below.map(|member| member.name.as_str()).collect()
}

/// What the page says about one crate.
struct Section<'a> {
    line: usize,
    /// The names behind `Imports:`; nothing without such a line.
    imports: Option<BTreeSet<&'a str>>,
}

/// Sections headed "### `name`", by name.
fn sections(page: &str) -> BTreeMap<&str, Section<'_>> {
    let mut sections: BTreeMap<&str, Section<'_>> = BTreeMap::new();
    let mut current = None;
    for (at, line) in page.lines().enumerate() {
        if line.starts_with('#') {
            current = line.strip_prefix("### `").and_then(|rest| rest.strip_suffix('`'));
            if let Some(name) = current {
                sections.insert(name, Section { line: at + 1, imports: None });
            }
        } else if let (Some(name), Some(imports)) = (current, line.strip_prefix("Imports:"))
            && let Some(section) = sections.get_mut(name)
        {
            section.imports = Some(quoted(imports).collect());
        }
    }
    sections
}

/// What stands between backticks.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// The complaint if the import line is not the crate's row, as far as its crates exist.
fn wrong_imports(name: &str, section: &Section<'_>, crates: &BTreeSet<&str>) -> Option<String> {
    let (_, row) = IMPORTS.iter().find(|(row, _)| *row == name)?;
    let expected: BTreeSet<&str> = row.iter().copied().filter(|to| crates.contains(to)).collect();
    if section.imports.as_ref() == Some(&expected) {
        return None;
    }
    let names: Vec<String> = expected.iter().map(|to| format!("`{to}`")).collect();
    let line = if names.is_empty() { "nothing.".to_owned() } else { format!("{}.", names.join(", ")) };
    Some(format!("the section of `{name}` needs the line \"Imports: {line}\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Crate, File};

    fn said(page: &str) -> Vec<String> {
        let member = |name: &str| Crate {
            name: name.to_owned(),
            folder: format!("crates/{name}"),
            dependencies: Vec::new(),
        };
        let crates = vec![member("filiera-finding"), member("filiera-model"), member("filiera-report")];
        let files = vec![File { path: PAGE.to_owned(), text: page.to_owned() }];
        architecture(&Workspace { crates, files }).into_iter().map(|complaint| complaint.text).collect()
    }

    const GOOD: &str = "### `filiera-model`\nImports: nothing.\n### `filiera-finding`\n\
        Imports: `filiera-model`.\n### `filiera-report`\ntext\nImports: `filiera-finding`.\n";

    #[test]
    fn a_page_that_agrees_is_left_alone() {
        assert_eq!(said(GOOD), Vec::<String>::new());
    }

    #[test]
    fn sections_and_crates_must_match_both_ways() {
        let missing = GOOD.replace("### `filiera-model`", "### model");
        assert!(said(&missing)[0].contains("no section \"### `filiera-model`\""));
        let extra = format!("{GOOD}### `filiera-vault`\n");
        assert!(said(&extra)[0].contains("no crate `filiera-vault`"));
    }

    #[test]
    fn an_old_import_line_is_found() {
        let old = GOOD.replace("Imports: `filiera-model`.", "Imports: `filiera-tables`.");
        assert!(said(&old)[0].contains("needs the line \"Imports: `filiera-model`.\""));
        let none = GOOD.replace("Imports: nothing.", "");
        assert!(said(&none)[0].contains("needs the line \"Imports: nothing.\""));
    }

    #[test]
    fn a_crate_that_the_readme_leaves_out_is_found() {
        let member = |name: &str| Crate {
            name: name.to_owned(),
            folder: format!("crates/{name}"),
            dependencies: Vec::new(),
        };
        let files = vec![File { path: README.to_owned(), text: "| `filiera-model` | numbers |".to_owned() }];
        let workspace = Workspace { crates: vec![member("filiera-model"), member("filiera-cli")], files };
        let said = readme(&workspace);
        assert_eq!(said.len(), 1);
        assert!(said[0].text.contains("`filiera-cli`"));
    }
}
