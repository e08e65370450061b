//! Fragments in `changelog.d/`: one visible change each.

use super::Complaint;
use crate::workspace::{File, Workspace};

const FOLDER: &str = "changelog.d/";

/// The last part of a fragment's name: `roll-up-at-threshold.fixed.md`.
const KINDS: &[&str] = &["added", "changed", "fixed", "removed", "security"];

const VERDICT_MARK: &str = "[verdict]";

/// Fragments with another name than `topic.kind.md`, without text, or marked `[verdict]` without
/// naming the pack or the article.
pub fn check(workspace: &Workspace) -> Vec<Complaint> {
    let fragments = workspace.files.iter().filter_map(|file| {
        file.path.strip_prefix(FOLDER).filter(|name| *name != "README.md").map(|name| (name, file))
    });
    fragments.filter_map(|(name, file)| Some(Complaint::of(&file.path, fault(name, file)?))).collect()
}

fn fault(name: &str, file: &File) -> Option<String> {
    if !is_named_well(name) {
        return Some(format!("name it `topic.kind.md`, kind being one of {}", KINDS.join(", ")));
    }
    let text = file.text.trim();
    let body = text.strip_prefix(VERDICT_MARK).unwrap_or(text).trim();
    if body.is_empty() {
        return Some("says nothing: tell a user what changed".to_owned());
    }
    if text.contains(VERDICT_MARK) && !text.starts_with(VERDICT_MARK) {
        return Some(format!("put `{VERDICT_MARK}` first, where a reader looks for it"));
    }
    (text.starts_with(VERDICT_MARK) && !names_law(body)).then(|| {
        format!("a `{VERDICT_MARK}` fragment names the pack (`it/output-target`) or the article (Art. 8)")
    })
}

fn is_named_well(name: &str) -> bool {
    let Some((topic, kind)) = name.strip_suffix(".md").and_then(|stem| stem.rsplit_once('.')) else {
        return false;
    };
    let plain = topic.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    !topic.is_empty() && plain && KINDS.contains(&kind)
}

/// A pack such as `it/output-target` in backticks, or an article.
fn names_law(body: &str) -> bool {
    let pack = body.split('`').skip(1).step_by(2).any(is_pack);
    let article = ["Art. ", "art. ", "Article ", "article ", "§"].iter().any(|word| {
        body.split(word).skip(1).any(|after| after.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    });
    pack || article
}

fn is_pack(name: &str) -> bool {
    let word = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    name.split_once('/').is_some_and(|(jurisdiction, regime)| word(jurisdiction) && word(regime))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, text: &str) -> Option<String> {
        let file = File { path: format!("{FOLDER}{name}"), text: text.to_owned() };
        let workspace = Workspace { files: vec![file], ..Workspace::default() };
        check(&workspace).pop().map(|complaint| complaint.text)
    }

    #[test]
    fn a_fragment_has_a_topic_a_kind_and_a_text() {
        assert_eq!(said("check.added.md", "`filiera check` judges a dossier.\n"), None);
        assert_eq!(said("README.md", ""), None);
        for name in ["check.md", "check.new.md", "Check.added.md", ".added.md", "check.added.txt"] {
            assert!(said(name, "text").unwrap().starts_with("name it"), "{name}");
        }
        assert!(said("check.added.md", " \n").unwrap().starts_with("says nothing"));
        assert!(said("check.fixed.md", "[verdict]").unwrap().starts_with("says nothing"));
    }

    #[test]
    fn a_changed_verdict_names_its_law() {
        for text in [
            "[verdict] `it/output-target`: vans count.",
            "[verdict] Reg. (EU) 2023/1542, Art. 8(2): mass, not pieces.",
            "[verdict] 49 CFR § 583.6: rounded half up.",
        ] {
            assert_eq!(said("a.fixed.md", text), None, "{text}");
        }
        assert!(said("a.fixed.md", "[verdict] `share` is right now").unwrap().contains("names the pack"));
        assert!(said("a.fixed.md", "vans count [verdict] `it/x`").unwrap().contains("first"));
    }
}
