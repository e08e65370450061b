//! Who may import whom.

use std::collections::BTreeSet;

use super::Complaint;
use crate::workspace::{Crate, Dependency, Kind, Workspace};

/// Each product crate with what its row lets it import; a row's imports include what those import.
///
/// Crates that do not exist yet have their row already: the plan is older than the code.
pub const IMPORTS: &[(&str, &[&str])] = &[
    ("filiera-model", &[]),
    ("filiera-finding", &["filiera-model"]),
    ("filiera-tables", &["filiera-model"]),
    ("filiera-packs", &["filiera-model"]),
    ("filiera-predicate", &["filiera-tables"]),
    ("filiera-evidence", &["filiera-tables", "filiera-finding"]),
    ("filiera-origin", &["filiera-tables"]),
    ("filiera-ownership", &["filiera-tables"]),
    ("filiera-residency", &["filiera-tables"]),
    (
        "filiera-engine",
        &[
            "filiera-finding",
            "filiera-packs",
            "filiera-predicate",
            "filiera-origin",
            "filiera-ownership",
            "filiera-residency",
        ],
    ),
    ("filiera-fleet", &["filiera-engine", "filiera-evidence"]),
    ("filiera-cluster", &["filiera-fleet"]),
    ("filiera-plan", &["filiera-engine"]),
    ("filiera-ledger", &[]),
    ("filiera-receipt", &["filiera-ledger"]),
    ("filiera-report", &["filiera-finding"]),
    (
        "filiera",
        &[
            "filiera-engine",
            "filiera-evidence",
            "filiera-fleet",
            "filiera-plan",
            "filiera-receipt",
            "filiera-report",
        ],
    ),
    ("filiera-server", &["filiera", "filiera-report"]),
    ("filiera-vault", &["filiera-residency", "filiera-receipt"]),
    ("filiera-audit", &["filiera-receipt"]),
    ("filiera-cli", &["filiera", "filiera-report", "filiera-server"]),
];

/// Crates that exist for tests and checks; no product crate is built with them.
pub const DEV_ONLY: &[&str] = &["filiera-oracle", "filiera-testkit", "xtask"];

/// What the oracle must not import, except to test against it: the code it is the slow twin of.
const ORACLE_CHECKS: &[&str] =
    &["filiera-origin", "filiera-ownership", "filiera-predicate", "filiera-engine"];

/// Edges that the table does not allow, and crates without a row.
pub fn check(workspace: &Workspace) -> Vec<Complaint> {
    let members: BTreeSet<&str> = workspace.crates.iter().map(|member| member.name.as_str()).collect();
    let mut complaints = Vec::new();
    for member in &workspace.crates {
        if !is_known(&member.name) {
            complaints.push(Complaint::of(
                &member.folder,
                format!(
                    "crate `{}` has no row in the import table: add it to xtask/src/tidy/edges.rs",
                    member.name
                ),
            ));
            continue;
        }
        let inside = member.dependencies.iter().filter(|to| members.contains(to.name.as_str()));
        complaints.extend(inside.filter_map(|to| forbidden(member, to)));
    }
    complaints
}

fn is_known(name: &str) -> bool {
    DEV_ONLY.contains(&name) || row(name).is_some()
}

fn row(name: &str) -> Option<&'static [&'static str]> {
    IMPORTS.iter().find(|(row, _)| *row == name).map(|(_, imports)| *imports)
}

/// All that `name` may import, directly or by way of its imports.
pub fn reach(name: &str) -> BTreeSet<&'static str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = row(name).unwrap_or_default().to_vec();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(row(next).unwrap_or_default());
        }
    }
    reached
}

/// The complaint about one edge, if it is not allowed.
fn forbidden(from: &Crate, to: &Dependency) -> Option<Complaint> {
    let (name, target) = (from.name.as_str(), to.name.as_str());
    let text = if name == "xtask" {
        format!("`xtask` imports `{target}`: it stands outside, so that it builds in seconds")
    } else if name == "filiera-oracle" && to.kind != Kind::Dev && ORACLE_CHECKS.contains(&target) {
        format!("`{name}` imports `{target}`, the code it is there to contradict")
    } else if DEV_ONLY.contains(&name) || allowed(name, target, to.kind) {
        return None;
    } else if DEV_ONLY.contains(&target) {
        format!("`{name}` imports `{target}`, which is for tests: make it a dev-dependency")
    } else if to.kind == Kind::Dev {
        format!(
            "`{name}` tests itself with `{target}`, which stands above it: test that pair in the upper crate"
        )
    } else {
        format!("`{name}` must not import `{target}`: {}", sentence(name))
    };
    Some(Complaint::of(&format!("{}/Cargo.toml", from.folder), text))
}

/// By the table; tests may also use dev-only crates and whatever does not stand above the crate.
fn allowed(from: &str, to: &str, kind: Kind) -> bool {
    if kind == Kind::Dev {
        return DEV_ONLY.contains(&to) && to != "xtask" || (!reach(to).contains(from) && to != from);
    }
    reach(from).contains(to)
}

fn sentence(name: &str) -> String {
    let reach: Vec<&str> = reach(name).into_iter().collect();
    if reach.is_empty() {
        return "its row of the import table is empty".to_owned();
    }
    format!("its row of the import table allows {}", reach.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, edges: &[(&str, Kind)]) -> Crate {
        let dependencies = edges.iter().map(|&(to, kind)| Dependency {
            name: to.to_owned(),
            import: to.replace('-', "_"),
            kind,
            features: Vec::new(),
            default_features: true,
        });
        Crate {
            name: name.to_owned(),
            folder: format!("crates/{name}"),
            dependencies: dependencies.collect(),
        }
    }

    /// What is said about one edge in a workspace where both ends exist.
    fn said(from: &str, to: &str, kind: Kind) -> Vec<String> {
        let crates = vec![member(from, &[(to, kind)]), member(to, &[])];
        let workspace = Workspace { crates, ..Workspace::default() };
        check(&workspace).into_iter().map(|complaint| complaint.text).collect()
    }

    #[test]
    fn a_row_includes_what_its_imports_import() {
        assert!(said("filiera-engine", "filiera-model", Kind::Normal).is_empty());
        assert!(said("filiera-cli", "filiera-packs", Kind::Normal).is_empty());
        assert!(said("filiera-predicate", "filiera-model", Kind::Build).is_empty());
    }

    #[test]
    fn an_edge_that_is_not_in_the_table_is_found() {
        for (from, to) in [
            ("filiera-model", "filiera-finding"),
            ("filiera-packs", "filiera-tables"),
            ("filiera-evidence", "filiera-packs"),
            ("filiera-engine", "filiera-evidence"),
            ("filiera-report", "filiera-engine"),
            ("filiera", "filiera-cluster"),
            ("filiera-ledger", "filiera-model"),
            ("filiera-audit", "filiera-finding"),
        ] {
            for kind in [Kind::Normal, Kind::Build] {
                let said = said(from, to, kind);
                assert_eq!(said.len(), 1, "{from} → {to}");
                assert!(said[0].contains(&format!("`{from}` must not import `{to}`")), "{said:?}");
            }
        }
    }

    #[test]
    fn tests_may_use_what_is_below_or_beside_never_what_is_above() {
        assert!(said("filiera-engine", "filiera-oracle", Kind::Dev).is_empty());
        assert!(said("filiera-engine", "filiera-evidence", Kind::Dev).is_empty());
        assert_eq!(said("filiera-model", "filiera-tables", Kind::Dev).len(), 1);
        assert_eq!(said("filiera-packs", "filiera-engine", Kind::Dev).len(), 1);
    }

    #[test]
    fn dev_only_crates_stay_out_of_the_product() {
        for to in DEV_ONLY {
            assert_eq!(said("filiera-engine", to, Kind::Normal).len(), 1, "{to}");
            assert_eq!(said("filiera-cli", to, Kind::Build).len(), 1, "{to}");
        }
        assert!(said("filiera-oracle", "filiera-testkit", Kind::Normal).is_empty());
        assert!(said("filiera-testkit", "filiera-packs", Kind::Normal).is_empty());
        assert_eq!(said("filiera-oracle", "filiera-engine", Kind::Normal).len(), 1);
        assert!(said("filiera-oracle", "filiera-engine", Kind::Dev).is_empty());
        assert_eq!(said("xtask", "filiera-model", Kind::Normal).len(), 1);
    }

    #[test]
    fn a_crate_without_a_row_is_found() {
        let workspace = Workspace { crates: vec![member("filiera-common", &[])], ..Workspace::default() };
        assert!(check(&workspace)[0].text.contains("`filiera-common` has no row"));
    }

    #[test]
    fn the_table_has_no_cycle_and_names_only_its_rows() {
        for (name, imports) in IMPORTS {
            assert!(!reach(name).contains(name), "{name} reaches itself");
            assert!(imports.iter().all(|to| row(to).is_some()), "{name}");
        }
    }
}
