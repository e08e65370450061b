use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::Verdicts;

/// What a change of the evidence does to every finding.
#[derive(Clone, Debug, Default)]
pub struct WhatIf {
    /// The dossier's title.
    pub title: String,
    /// What is taken away, in the user's words, and how many declarations that are.
    pub without: Vec<(String, u64)>,
    /// The files that are added.
    pub with: Vec<String>,
    /// Findings judged both ways.
    pub judged: u64,
    /// The conditions under which something changes.
    pub conditions: Vec<ConditionTurned>,
    /// Conditions left out because they rest on unchecked values.
    pub left_out: Vec<String>,
}

/// One condition under which verdicts change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionTurned {
    /// The pack.
    pub pack: String,
    /// The condition.
    pub condition: String,
    /// The reading, when it is one.
    pub reading: Option<String>,
    /// Subjects whose verdicts change, in the order of their names: before and after; nothing: there is no such
    /// finding.
    pub changes: Vec<SubjectTurned>,
}

/// A subject, and its verdicts before and after.
pub type SubjectTurned = (String, Option<Verdicts>, Option<Verdicts>);

/// Verdicts before and after.
type Turn = (Option<Verdicts>, Option<Verdicts>);

impl WhatIf {
    /// Findings that change.
    pub fn changed(&self) -> u64 {
        self.conditions.iter().map(|one| one.changes.len() as u64).sum()
    }

    /// The object `filiera.whatif/1`.
    pub fn to_json(&self) -> Value {
        let without = self.without.iter();
        let without = without.map(|(what, count)| json!({"what": what, "declarations": count}));
        json!({
            "schema": "filiera.whatif/1", "title": self.title,
            "without": without.collect::<Vec<_>>(), "with": self.with,
            "judged": self.judged, "changed": self.changed(),
            "conditions": self.conditions.iter().map(ConditionTurned::to_json).collect::<Vec<_>>(),
            "left_out": self.left_out,
        })
    }
}

impl ConditionTurned {
    /// How many subjects turn from what to what, the most first.
    pub fn turns(&self) -> Vec<(Turn, u64)> {
        let mut counts: BTreeMap<Turn, u64> = BTreeMap::new();
        for (_, before, after) in &self.changes {
            *counts.entry((*before, *after)).or_default() += 1;
        }
        let mut turns: Vec<(Turn, u64)> = counts.into_iter().collect();
        turns.sort_by_key(|(turn, count)| (std::cmp::Reverse(*count), *turn));
        turns
    }

    fn to_json(&self) -> Value {
        let turns = self.turns().into_iter().map(|((before, after), count)| {
            json!({"before": verdicts(before), "after": verdicts(after), "subjects": count})
        });
        let changes = self.changes.iter().map(|(subject, before, after)| {
            json!({"subject": subject, "before": verdicts(*before), "after": verdicts(*after)})
        });
        json!({
            "pack": self.pack, "condition": self.condition, "reading": self.reading,
            "turns": turns.collect::<Vec<_>>(), "changes": changes.collect::<Vec<_>>(),
        })
    }
}

fn verdicts(verdicts: Option<Verdicts>) -> Value {
    verdicts.map_or(
        Value::Null,
        |verdicts| json!({"verdict": verdicts.range.name(), "legal": verdicts.legal.name()}),
    )
}
