//! An explanation with every part filled.

use filiera_finding::{
    Explanation, Fact, LawText, ParameterUsed, Reference, RowGroup, RowShown, Step, UnreadFact,
};

use super::{closed, day, share};

fn fact(says: &str, evidence: &str, place: Option<&str>) -> Fact {
    Fact {
        says: says.into(),
        evidence: evidence.into(),
        basis: (evidence == "declared").then(|| "non-preferential".into()),
        document: (evidence == "declared").then(|| "LTSD-2026-014".into()),
        place: place.map(Into::into),
    }
}

fn row(i: usize, marked: &str) -> RowShown {
    RowShown {
        name: format!("PART-{i:03}"),
        weight: format!("{}.50", 120 - i),
        marked: marked.into(),
        facts: vec![
            fact("origin IT", "declared", Some("declarations.csv, row 7")),
            fact("unit value 12.40 EUR", "", Some("parts.csv, row 3")),
        ],
    }
}

/// Why a vehicle's content is open: rows of all marks, a folded list, facts that did not count.
pub fn content() -> Explanation {
    let group = |mark: &str, weight: &str, rows: Vec<RowShown>| RowGroup {
        mark: mark.into(),
        rows,
        weight: weight.into(),
    };
    let unknown = RowShown {
        facts: vec![fact("no declaration of origin", "", None)],
        weight: "30..80".into(),
        ..row(99, "0..100 %")
    };
    Explanation {
        finding: share("ZFA00000000000007", closed("41.2 %", "47.8 %")),
        law: law(),
        parameters: parameters(),
        groups: vec![
            group("yes", "412.00", (0..12).map(|i| row(i, "100 %")).collect()),
            group("no", "522.00", vec![row(40, "0 %")]),
            group("partly", "20.00", vec![row(41, "60 %")]),
            group("maybe", "30..80", vec![unknown]),
        ],
        arithmetic: vec![
            Step { what: "lower".into(), how: "412 / (412 + 588)".into(), result: "103/250, 41.2 %".into() },
            Step { what: "upper".into(), how: "(412 + 66) / 1000".into(), result: "239/500, 47.8 %".into() },
        ],
        unread: vec![UnreadFact {
            says: "origin TR of PART-040".into(),
            why: "expired on 2025-12-31".into(),
            place: Some("declarations.csv, row 9".into()),
        }],
        members: Vec::new(),
    }
}

fn law() -> LawText {
    LawText {
        title: "At least 45 % of each vehicle's components come from Italy".into(),
        text: "[condition.local-content]\nper      = \"vehicle\"\nshare    = { of = \"components\", weigh = \"value\", where = \"origin IN $domestic\" }\nat_least = \"$domestic_share\"\n".into(),
        file: "packs/it/automotive-accord.toml".into(),
        line: 42,
        references: vec![Reference {
            title: "Statement of the ministry".into(),
            url: Some("https://example.org/statement".into()),
            checked: Some(day("2026-11-22")),
            confidence: Some("secondary".into()),
        }],
    }
}

fn parameters() -> Vec<ParameterUsed> {
    vec![
        ParameterUsed {
            name: "domestic_share".into(),
            value: "45 %".into(),
            from: Some(day("2024-08-01")),
            to: None,
            cite: Some("Statement of 9 August 2024".into()),
            confidence: "secondary".into(),
        },
        ParameterUsed {
            name: "domestic".into(),
            value: "IT".into(),
            from: None,
            to: None,
            cite: None,
            confidence: "memory".into(),
        },
    ]
}
