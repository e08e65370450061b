use std::collections::BTreeMap;

use filiera_model::{Day, Verdict};
use serde_json::{Map, Value, json};

use crate::{ConditionShown, Finding, Note, PaperAsked};

/// So many papers of a condition are written.
const PAPERS: usize = 1000;

/// What a check of a fleet found, vehicles counted instead of listed.
#[derive(Clone, Debug)]
pub struct FleetRun {
    /// The dossier's title.
    pub title: String,
    /// Vehicles.
    pub vehicles: u64,
    /// Installed rows that are of one of them.
    pub rows: u64,
    /// Kinds of installed parts: of each, one was judged.
    pub kinds: u64,
    /// Vehicles of which some condition was judged part by part, because a sum does not tell.
    pub singly: u64,
    /// The conditions that are more than a sum, with why: where there are any, all vehicles were judged part by part.
    pub not_summed: Vec<(String, String)>,
    /// The conditions about vehicles, in pack order.
    pub conditions: Vec<FleetTally>,
    /// The findings about other subjects, with their conditions in [`FleetRun::shown`].
    pub others: Vec<Finding>,
    /// What the reports say about the conditions of the others.
    pub shown: Vec<ConditionShown>,
    /// Conditions left out because they rest on unchecked values.
    pub left_out: Vec<String>,
    /// What the readers noticed.
    pub notes: Vec<Note>,
    /// The files read, with their SHA-256.
    pub files: Vec<(String, String)>,
    /// The packs judged: id and hash.
    pub packs: Vec<(String, String)>,
    /// The packs nobody asked for: the id of each, and of the pack whose conditions it has members of.
    pub along: Vec<(String, String)>,
    /// The law as known on this day.
    pub law_as_of: Day,
    /// The papers signed up to this day.
    pub facts_as_of: Day,
}

/// One condition over all vehicles.
#[derive(Clone, Debug)]
pub struct FleetTally {
    /// What the reports say about it.
    pub shown: ConditionShown,
    /// The reading, when it is one.
    pub reading: Option<String>,
    /// Vehicles per verdict on the range.
    pub range: BTreeMap<Verdict, u64>,
    /// Vehicles per legal verdict.
    pub legal: BTreeMap<Verdict, u64>,
    /// The same per model, where `vehicles` names models: most vehicles that are not met first.
    pub models: Vec<ModelTally>,
    /// Where the values lie; nothing where they are no shares.
    pub tenths: Option<Tenths>,
    /// Vehicles that stay open whose papers were counted.
    pub looked_into: u64,
    /// The papers they wait for: first those that decide most vehicles by themselves, then those that are missing
    /// in most.
    pub papers: Vec<PaperTally>,
}

/// Vehicles by the end of their bounds that decides: the lower where more is asked for, the upper where less is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenths {
    /// Whether it is the lower end.
    pub is_lower: bool,
    /// Vehicles from 0 to under 10 %, from there to under 20 %, … and from 90 % on.
    pub vehicles: [u64; 10],
    /// Vehicles without such an end.
    pub without: u64,
}

/// A paper that open vehicles wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperTally {
    /// The paper.
    pub paper: PaperAsked,
    /// Vehicles in which it is missing.
    pub missing_in: u64,
    /// Vehicles that are met once it says what one hopes, whatever else is missing.
    pub decides_in: u64,
    /// Those of them that it decides whatever it says.
    pub either_way_in: u64,
    /// Vehicles in which it is not told whether it decides.
    pub untold_in: u64,
}

impl Tenths {
    /// No vehicles yet.
    pub fn new(is_lower: bool) -> Self {
        Self { is_lower, vehicles: [0; 10], without: 0 }
    }

    /// Counts a vehicle in a tenth, from 0 on.
    pub fn add(&mut self, tenth: usize) {
        self.vehicles.get_mut(tenth).into_iter().for_each(|count| *count += 1);
    }

    /// Takes other vehicles in.
    pub fn merge(&mut self, others: &Self) {
        self.vehicles.iter_mut().zip(others.vehicles).for_each(|(all, own)| *all += own);
        self.without += others.without;
    }

    fn to_json(&self) -> Value {
        let end = if self.is_lower { "lower" } else { "upper" };
        json!({"end": end, "vehicles": self.vehicles, "without": self.without})
    }
}

impl PaperTally {
    fn to_json(&self) -> Value {
        let paper = &self.paper;
        json!({
            "paper": paper.paper, "kind": paper.kind, "of": paper.of, "name": paper.name,
            "supplier": paper.supplier, "supplier_name": paper.supplier_name, "lot": paper.lot,
            "missing_in": self.missing_in, "decides_in": self.decides_in,
            "either_way_in": self.either_way_in, "untold_in": self.untold_in,
        })
    }
}

/// The vehicles of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelTally {
    /// The model.
    pub model: String,
    /// Vehicles per verdict on the range.
    pub range: BTreeMap<Verdict, u64>,
}

impl FleetRun {
    /// The object `filiera.fleet/1`.
    pub fn to_json(&self) -> Value {
        json!({
            "schema": "filiera.fleet/1", "title": self.title, "vehicles": self.vehicles, "rows": self.rows,
            "kinds": self.kinds, "judged_singly": self.singly,
            "not_summed": self.not_summed.iter().map(|(condition, why)| json!({"condition": condition, "why": why})).collect::<Vec<_>>(),
            "conditions": self.conditions.iter().map(FleetTally::to_json).collect::<Vec<_>>(),
            "others": self.others.iter().map(Finding::to_json).collect::<Vec<_>>(),
            "left_out": self.left_out,
            "notes": self.notes.iter().map(Note::to_json).collect::<Vec<_>>(),
            "files": self.files.iter().map(|(file, hash)| json!({"file": file, "sha256": hash})).collect::<Vec<_>>(),
            "packs": self.packs.iter().map(|(pack, hash)| json!({"pack": pack, "sha256": hash})).collect::<Vec<_>>(),
            "law_as_of": self.law_as_of.to_string(), "facts_as_of": self.facts_as_of.to_string(),
        })
    }

    /// The verdicts that exit codes follow: those of packs that somebody asked for, the legal ones where
    /// `legal`. Readings aside.
    pub fn deciding(&self, legal: bool) -> impl Iterator<Item = Verdict> + '_ {
        let asked = |pack: &str| self.along.iter().all(|(id, _)| id != pack);
        let conditions =
            self.conditions.iter().filter(move |one| one.reading.is_none() && asked(&one.shown.pack));
        let of_vehicles = conditions.flat_map(move |one| {
            let tally = if legal { &one.legal } else { &one.range };
            tally.iter().filter(|(_, count)| **count > 0).map(|(verdict, _)| *verdict)
        });
        let others = self.others.iter().filter(move |one| asked(&one.pack));
        of_vehicles.chain(others.map(move |one| if legal { one.legal } else { one.verdict }))
    }
}

impl FleetTally {
    fn to_json(&self) -> Value {
        let models = self.models.iter().map(|one| json!({"model": one.model, "range": counts(&one.range)}));
        json!({
            "pack": self.shown.pack, "condition": self.shown.condition, "reading": self.reading,
            "range": counts(&self.range), "legal": counts(&self.legal), "models": models.collect::<Vec<_>>(),
            "tenths": self.tenths.as_ref().map(Tenths::to_json), "looked_into": self.looked_into,
            "papers": self.papers.iter().take(PAPERS).map(PaperTally::to_json).collect::<Vec<_>>(),
            "papers_in_all": self.papers.len(),
        })
    }
}

/// Verdicts with their numbers.
fn counts(tally: &BTreeMap<Verdict, u64>) -> Value {
    let all = tally.iter().map(|(verdict, count)| (verdict.name().to_owned(), Value::from(*count)));
    Value::Object(all.collect::<Map<String, Value>>())
}
