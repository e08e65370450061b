//! What each crate never holds: packages it must not name, and words its sources must not use.

use super::Complaint;
use super::code::has_word;
use super::sources::product_code;
use crate::workspace::{Crate, Dependency, Kind, Workspace};

/// Something kept out of every crate but those named.
struct Kept {
    /// Packages; a trailing `*` stands for any ending.
    packages: &'static [&'static str],
    /// The crates that may name them.
    only_in: &'static [&'static str],
    reason: &'static str,
}

const PACKAGES: &[Kept] = &[
    Kept {
        packages: &["datafusion-*", "sqlparser"],
        only_in: &["filiera-predicate", "filiera-fleet", "filiera-cluster", "filiera-vault"],
        reason: "only `filiera-predicate` names the expression crates: they break with every major",
    },
    Kept {
        packages: &["datafusion", "ballista*"],
        only_in: &["filiera-cluster", "filiera-vault"],
        reason: "DataFusion core takes minutes to build and stays out of the default members",
    },
    Kept {
        packages: &["deltalake*", "object_store"],
        only_in: &["filiera-vault", "filiera-cluster", "filiera-ledger"],
        reason: "tables in storage belong to the vault",
    },
    Kept {
        packages: &["clap*", "indicatif"],
        only_in: &["filiera-cli", "filiera-server", "filiera-vault", "filiera-audit", "filiera-cluster"],
        reason: "the terminal belongs to the binaries",
    },
    Kept {
        packages: &["axum*", "tower*", "hyper*", "reqwest"],
        only_in: &["filiera-server", "filiera-vault"],
        reason: "HTTP belongs to the server and the vault",
    },
    Kept {
        packages: &["tokio*", "async-*", "futures*"],
        only_in: &[
            "filiera-server",
            "filiera-vault",
            "filiera-cluster",
            "filiera-ledger",
            "filiera-audit",
            "filiera-cli",
        ],
        reason: "judging is a computation: nothing in it waits",
    },
    Kept {
        packages: &["anyhow", "eyre", "color-eyre"],
        only_in: &[
            "filiera-cli",
            "filiera-server",
            "filiera-vault",
            "filiera-audit",
            "filiera-cluster",
            "filiera-oracle",
            "filiera-testkit",
            "xtask",
        ],
        reason: "a library has one error type with a variant per cause: use `thiserror`",
    },
    Kept {
        packages: &["parquet", "csv", "arrow-csv", "calamine", "quick-xml", "zip"],
        only_in: &[
            "filiera-evidence",
            "filiera-fleet",
            "filiera-report",
            "filiera-vault",
            "filiera-oracle",
            "filiera-testkit",
        ],
        reason: "files are read in `filiera-evidence` and written in `filiera-report`",
    },
    Kept {
        packages: &["arrow*"],
        only_in: &[
            "filiera-tables",
            "filiera-predicate",
            "filiera-evidence",
            "filiera-origin",
            "filiera-ownership",
            "filiera-residency",
            "filiera-engine",
            "filiera-fleet",
            "filiera-cluster",
            "filiera-plan",
            "filiera",
            "filiera-vault",
            "filiera-oracle",
            "filiera-testkit",
        ],
        reason: "columns begin at `filiera-tables`: what stands beside or outside it deals in values",
    },
];

/// Words that the product sources of some crates must not use.
struct Unsaid {
    words: &'static [&'static str],
    /// The crates it goes for; empty: all product crates but `except`.
    crates: &'static [&'static str],
    except: &'static [&'static str],
    reason: &'static str,
}

const WORDS: &[Unsaid] = &[
    Unsaid {
        words: &["std::fs", "std::net", "std::process", "fs::read", "fs::read_to_string", "File::open"],
        crates: &[
            "filiera-model",
            "filiera-finding",
            "filiera-tables",
            "filiera-packs",
            "filiera-predicate",
            "filiera-origin",
            "filiera-ownership",
            "filiera-residency",
            "filiera-engine",
            "filiera-plan",
            "filiera-receipt",
        ],
        except: &[],
        reason: "does no input or output: callers hand it text and tables",
    },
    Unsaid {
        words: &[
            "fs::write",
            "File::create",
            "File::create_new",
            "OpenOptions",
            "fs::rename",
            "fs::remove_file",
        ],
        crates: &[],
        except: &[
            "filiera",
            "filiera-cli",
            "filiera-server",
            "filiera-vault",
            "filiera-ledger",
            "filiera-fleet",
            "filiera-cluster",
        ],
        reason: "writes no files: give the caller bytes, so that nothing is left half-written",
    },
    Unsaid {
        words: &["SystemTime", "Instant", "Utc::now", "Local::now"],
        crates: &[],
        except: &["filiera-cli", "filiera-server", "filiera-vault", "filiera-cluster"],
        reason: "has no clock: the day is an argument",
    },
];

/// Crates with a `main`: fancy reports and default features of terminal libraries belong there.
const BINARIES: &[&str] =
    &["filiera-cli", "filiera-server", "filiera-vault", "filiera-audit", "filiera-cluster"];

/// Packages and words in crates that never hold them.
pub fn check(workspace: &Workspace) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for member in &workspace.crates {
        let manifest = format!("{}/Cargo.toml", member.folder);
        let named = member.dependencies.iter().filter(|dependency| dependency.kind != Kind::Dev);
        for dependency in named {
            let said = package(&member.name, dependency).into_iter().chain(feature(&member.name, dependency));
            complaints.extend(said.map(|text| Complaint::of(&manifest, text)));
        }
        complaints.extend(words(workspace, member));
    }
    complaints
}

fn package(name: &str, dependency: &Dependency) -> Option<String> {
    let kept = PACKAGES.iter().find(|kept| {
        kept.packages.iter().any(|pattern| matches(pattern, &dependency.name))
            && !kept.only_in.contains(&name)
    })?;
    Some(format!("`{name}` must not name `{}`: {}", dependency.name, kept.reason))
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

/// Features that bring in what the crate never holds.
fn feature(name: &str, dependency: &Dependency) -> Option<String> {
    let asks = |feature: &str| dependency.features.iter().any(|asked| asked == feature);
    match dependency.name.as_str() {
        "chrono" if dependency.default_features || asks("clock") || asks("now") => {
            Some(format!("`{name}` takes `chrono` with its clock: set default-features = false"))
        }
        "miette" if !BINARIES.contains(&name) && (asks("fancy") || asks("fancy-no-backtrace")) => {
            Some(format!("`{name}` takes `miette` with `fancy`, which is the binary's dress"))
        }
        _ => None,
    }
}

fn words(workspace: &Workspace, member: &Crate) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let unsaid = WORDS.iter().filter(|unsaid| applies(unsaid, &member.name));
    for (unsaid, source) in
        unsaid.flat_map(|unsaid| product_code(workspace, &member.folder).map(move |source| (unsaid, source)))
    {
        for (at, line) in source.code.lines().enumerate() {
            if let Some(word) = unsaid.words.iter().find(|word| has_word(line, word)) {
                let text = format!("`{word}`: `{}` {}", member.name, unsaid.reason);
                complaints.push(Complaint::at(&source.path, at + 1, text));
            }
        }
    }
    complaints
}

fn applies(unsaid: &Unsaid, name: &str) -> bool {
    if super::edges::DEV_ONLY.contains(&name) {
        return false;
    }
    if unsaid.crates.is_empty() { !unsaid.except.contains(&name) } else { unsaid.crates.contains(&name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::File;

    fn said(name: &str, package: &str, features: &[&str], kind: Kind) -> Vec<String> {
        let dependency = Dependency {
            name: package.to_owned(),
            import: package.replace('-', "_"),
            kind,
            features: features.iter().map(|&feature| feature.to_owned()).collect(),
            default_features: false,
        };
        let member =
            Crate { name: name.to_owned(), folder: format!("crates/{name}"), dependencies: vec![dependency] };
        let workspace = Workspace { crates: vec![member], files: Vec::new() };
        check(&workspace).into_iter().map(|complaint| complaint.text).collect()
    }

    #[test]
    fn a_package_outside_its_house_is_found() {
        for (name, package) in [
            ("filiera-model", "arrow"),
            ("filiera-model", "tokio"),
            ("filiera-packs", "arrow-schema"),
            ("filiera-tables", "datafusion-common"),
            ("filiera-tables", "parquet"),
            ("filiera-engine", "datafusion-expr"),
            ("filiera-predicate", "datafusion"),
            ("filiera-report", "clap"),
            ("filiera", "axum"),
            ("filiera-engine", "anyhow"),
        ] {
            assert_eq!(said(name, package, &[], Kind::Normal).len(), 1, "{name} names {package}");
            assert!(said(name, package, &[], Kind::Dev).is_empty(), "{name} tests with {package}");
        }
        assert!(said("filiera-predicate", "datafusion-expr", &[], Kind::Normal).is_empty());
        assert!(said("filiera-evidence", "parquet", &[], Kind::Normal).is_empty());
        assert!(said("filiera-cli", "clap", &[], Kind::Normal).is_empty());
    }

    #[test]
    fn clocks_and_dress_come_by_features_too() {
        assert_eq!(said("filiera-model", "chrono", &["std", "clock"], Kind::Normal).len(), 1);
        assert!(said("filiera-model", "chrono", &["std"], Kind::Normal).is_empty());
        assert_eq!(said("filiera-packs", "miette", &["fancy"], Kind::Normal).len(), 1);
        assert!(said("filiera-cli", "miette", &["fancy"], Kind::Normal).is_empty());
    }

    fn complaints_about(name: &str, text: &str) -> Vec<String> {
        let folder = format!("crates/{name}");
        let file = File { path: format!("{folder}/src/a.rs"), text: text.to_owned() };
        let member = Crate { name: name.to_owned(), folder, dependencies: Vec::new() };
        let workspace = Workspace { crates: vec![member], files: vec![file] };
        check(&workspace).into_iter().map(|complaint| complaint.place).collect()
    }

    #[test]
    fn reading_a_file_or_a_clock_in_the_core_is_found_at_its_line() {
        assert_eq!(
            complaints_about("filiera-model", "//! x\nuse std::fs;\n"),
            ["crates/filiera-model/src/a.rs:2"]
        );
        assert_eq!(complaints_about("filiera-evidence", "let t = SystemTime::now();").len(), 1);
        assert_eq!(complaints_about("filiera-evidence", "fs::write(path, text)?;").len(), 1);
        assert!(complaints_about("filiera-evidence", "let t = fs::read(path)?;").is_empty());
        assert!(complaints_about("filiera-cli", "fs::write(path, text)?;").is_empty());
        assert!(complaints_about("filiera-model", "#[cfg(test)]\nmod tests { use std::fs; }").is_empty());
        assert!(complaints_about("filiera-model", "// no std::fs here, nor \"std::fs\"").is_empty());
    }
}
