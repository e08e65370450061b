use std::collections::BTreeMap;

use filiera_finding::{Finding, Form, NOBODY, Rank};
use filiera_model::Verdict;

use crate::number::count;

/// The sign that stands before a verdict's word, so that colour is never the only one.
pub(crate) fn glyph(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "✓",
        Verdict::NotMet => "✗",
        Verdict::Undetermined => "?",
        Verdict::NotApplicable => "–",
    }
}

/// The verdicts in the order people ask for them.
pub(crate) const VERDICTS: [Verdict; 4] =
    [Verdict::Met, Verdict::NotMet, Verdict::Undetermined, Verdict::NotApplicable];

/// `1 vehicle`, `40 vehicles`, `2 companies`.
pub(crate) fn plural(n: u64, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{} {}", count(n), plural_noun(noun)) }
}

/// `7 vehicles`; subjects of two columns are pairs: `7 publisher-period pairs`.
pub(crate) fn subjects(n: u64, per: &str) -> String {
    match per.split(" · ").collect::<Vec<_>>().as_slice() {
        [one] => plural(n, one),
        [first, second] => plural(n, &format!("{first}-{second} pair")),
        many => plural(n, &format!("{} combination", many.join("-"))),
    }
}

fn plural_noun(noun: &str) -> String {
    let consonant_before = |c: char| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    match noun.strip_suffix('y') {
        Some(stem) if stem.ends_with(consonant_before) => format!("{stem}ies"),
        _ if noun.ends_with('s') || noun.ends_with('x') || noun.ends_with("ch") => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

/// What a pack's status means to a reader; nothing for law in force.
pub(crate) fn stamp(status: &str) -> Option<String> {
    match status {
        "enacted" => None,
        "draft" => Some("DRAFT, not law".to_owned()),
        "proposed" => Some("PROPOSED, not law yet".to_owned()),
        "repealed" => Some("REPEALED, no longer law".to_owned()),
        other => Some(format!("{}, status unknown", other.to_uppercase())),
    }
}

/// A missing thing as a person asks for it: `declaration:P-1` → `declaration for P-1`.
pub(crate) fn missing(key: &str) -> String {
    match key.split_once(':') {
        Some(("table", name)) => format!("table {name}"),
        Some(("price" | "value" | "mass" | "class" | "date", name)) => {
            format!("{} of {name}", key.split(':').next().unwrap_or_default())
        }
        Some(("rows", name)) => format!("rows of {name}"),
        Some(("complete", name)) => format!(
            "word that the list of {name} is whole, which nobody vouches for: in dossier.toml, under \
             [complete], write {name} = {{ by = \"NAME\", on = YYYY-MM-DD }}"
        ),
        Some((kind, NOBODY)) => kind.replace('_', " "),
        Some((kind, name)) => format!("{} for {name}", kind.replace('_', " ")),
        None => key.to_owned(),
    }
}

/// What is missing, kind by kind, tables first: `table costs · declaration (4) · price of P-1`.
pub(crate) fn missing_kinds<'a>(keys: impl IntoIterator<Item = &'a str>) -> String {
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for key in keys {
        let kind = key.split_once(':').map_or(key, |(kind, _)| kind);
        kinds.entry(if kind == "table" { key } else { kind }).or_default().push(key);
    }
    let mut kinds: Vec<(&str, Vec<&str>)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(kind, keys)| (!kind.starts_with("table:"), std::cmp::Reverse(keys.len())));
    let said = kinds.iter().take(MOST_KINDS).map(|(kind, keys)| match keys.as_slice() {
        [only] => in_short(only),
        several if *kind == "complete" => {
            format!("word that {} lists are whole", count(several.len() as u64))
        }
        several => format!("{} ({})", kind.replace('_', " "), count(several.len() as u64)),
    });
    let left = kinds.len().saturating_sub(MOST_KINDS);
    let left = (left > 0).then(|| format!("{} more", count(left as u64)));
    said.chain(left).collect::<Vec<_>>().join(" · ")
}

/// The same without what is to be done about it.
fn in_short(key: &str) -> String {
    match key.split_once(':') {
        Some(("complete", name)) => format!("word that the list of {name} is whole"),
        _ => missing(key),
    }
}

/// So many kinds of missing things stand in one line.
const MOST_KINDS: usize = 6;

/// How many rows stand against a condition over rows, or for it: `2 of 31 rows fail, 1 open`.
///
/// Nothing for forms with a value of their own.
pub(crate) fn rows(finding: &Finding) -> Option<String> {
    let rows = finding.rows;
    let all = rows.yes.saturating_add(rows.no).saturating_add(rows.maybe);
    let (n, does) = match finding.form {
        Form::Every => (rows.no, if rows.no == 1 { "fails" } else { "fail" }),
        Form::None => (rows.yes, if rows.yes == 1 { "offends" } else { "offend" }),
        Form::Any => (rows.yes, if rows.yes == 1 { "matches" } else { "match" }),
        _ => return None,
    };
    let n = if n == 0 { "none".to_owned() } else { count(n) };
    let open = if rows.maybe == 0 { String::new() } else { format!(", {} open", count(rows.maybe)) };
    Some(format!("{n} of {} {does}{open}", plural(all, "row")))
}

/// `rank 1`, `rank 1 to 3`.
pub(crate) fn rank(rank: Rank) -> String {
    if rank.best == rank.worst {
        format!("rank {}", count(rank.best))
    } else {
        format!("rank {} to {}", count(rank.best), count(rank.worst))
    }
}

/// What a condition without a threshold of its own asks for.
pub(crate) fn asked_of_rows(form: Form) -> Option<&'static str> {
    match form {
        Form::Every => Some("no row may fail"),
        Form::None => Some("no row may match"),
        Form::Any => Some("one row must match"),
        Form::Score => Some("the first place"),
        Form::AllOf => Some("all members"),
        Form::AnyOf => Some("any member"),
        Form::Not => Some("not the member"),
        _ => None,
    }
}

/// `by-mass`, or `as written` for the condition itself.
pub(crate) fn reading_name(reading: Option<&str>) -> &str {
    reading.unwrap_or("as written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_people_use() {
        assert_eq!(plural(1, "vehicle"), "1 vehicle");
        assert_eq!(plural(1200, "company"), "1,200 companies");
        assert_eq!(subjects(1, "vehicle"), "1 vehicle");
        assert_eq!(subjects(7, "publisher · period"), "7 publisher-period pairs");
        assert_eq!(subjects(2, "a · b · c"), "2 a-b-c combinations");
        assert_eq!(plural(0, "paper"), "0 papers");
        assert_eq!(missing("declaration:PACK-1"), "declaration for PACK-1");
        assert_eq!(missing("price:P-7"), "price of P-7");
        assert_eq!(missing("table:flows"), "table flows");
        assert_eq!(missing("declaration:A:B"), "declaration for A:B");
        assert_eq!(missing("odd"), "odd");
        let says = missing("complete:flows");
        assert!(says.contains("the list of flows is whole, which nobody vouches for"), "{says}");
        assert!(
            says.ends_with("under [complete], write flows = { by = \"NAME\", on = YYYY-MM-DD }"),
            "{says}"
        );
        assert_eq!(missing_kinds(["complete:flows"]), "word that the list of flows is whole");
        assert_eq!(missing_kinds(["complete:flows", "complete:costs"]), "word that 2 lists are whole");
        assert_eq!(stamp("enacted"), None);
        assert_eq!(stamp("draft").as_deref(), Some("DRAFT, not law"));
    }
}
