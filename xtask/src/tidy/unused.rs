//! Imports that no source names: each costs everybody's build.

use super::Complaint;
use super::code::has_word;
use crate::workspace::{Crate, Dependency, Kind, Workspace};

/// Imports that are there for their features or at run time, each as crate, package and reason.
const UNNAMED: &[(&str, &str, &str)] = &[];

/// Dependencies that no Rust file of their crate names, comments (and so doctests) included.
pub fn check(workspace: &Workspace) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for member in &workspace.crates {
        let unused = member.dependencies.iter().filter(|dependency| !is_named(workspace, member, dependency));
        complaints.extend(unused.filter(|dependency| !is_excused(member, dependency)).map(|dependency| {
            Complaint::of(
                &format!("{}/Cargo.toml", member.folder),
                format!("no source names `{}`: remove the dependency", dependency.name),
            )
        }));
    }
    complaints
}

fn is_named(workspace: &Workspace, member: &Crate, dependency: &Dependency) -> bool {
    let below = match dependency.kind {
        Kind::Normal => format!("{}/src/", member.folder),
        Kind::Build | Kind::Dev => format!("{}/", member.folder),
    };
    let mut sources =
        workspace.files.iter().filter(|file| file.path.starts_with(&below) && file.path.ends_with(".rs"));
    sources.any(|file| file.text.lines().any(|line| has_word(line, &dependency.import)))
}

fn is_excused(member: &Crate, dependency: &Dependency) -> bool {
    UNNAMED.iter().any(|(name, package, _)| *name == member.name && *package == dependency.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::File;

    fn said(kind: Kind, path: &str, text: &str) -> usize {
        let dependency = Dependency {
            name: "arrow-csv".into(),
            import: "arrow_csv".into(),
            kind,
            features: Vec::new(),
            default_features: true,
        };
        let member = Crate { name: "a".into(), folder: "crates/a".into(), dependencies: vec![dependency] };
        let files = vec![File { path: path.into(), text: text.into() }];
        check(&Workspace { crates: vec![member], files }).len()
    }

    #[test]
    fn an_import_that_is_not_named_is_found() {
        assert_eq!(said(Kind::Normal, "crates/a/src/lib.rs", "use arrow_csv::Reader;"), 0);
        assert_eq!(said(Kind::Normal, "crates/a/src/lib.rs", "use arrow_csv2::Reader;"), 1);
        assert_eq!(said(Kind::Normal, "crates/a/tests/a.rs", "use arrow_csv::Reader;"), 1);
        assert_eq!(said(Kind::Dev, "crates/a/tests/a.rs", "use arrow_csv::Reader;"), 0);
        assert_eq!(said(Kind::Normal, "crates/b/src/lib.rs", "use arrow_csv::Reader;"), 1);
    }
}
