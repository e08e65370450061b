use filiera_model::Day;
use serde_json::{Map, Value, json};

use crate::{ConditionShown, Finding};

/// What would settle every open finding: the answer of `filiera settle`.
///
/// Its JSON is versioned `filiera.settle/1`.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// The dossier's title.
    pub title: String,
    /// How many findings were judged, open or not.
    pub judged: u64,
    /// One entry per open finding: conditions in pack order, subjects sorted.
    pub settlings: Vec<Settling>,
    /// Every paper that could be asked for, those that decide the most subjects first.
    pub papers: Vec<PaperRanked>,
    /// Papers that together bring every finding to *met* that papers can bring there.
    pub common: Option<CommonSet>,
    /// The conditions that are open, in pack order.
    pub conditions: Vec<ConditionShown>,
    /// Sets of more papers than this were not looked for.
    pub within: u64,
    /// SHA-256 of the canonical evidence.
    pub evidence_hash: String,
    /// The law as known on this day.
    pub law_as_of: Day,
    /// The papers signed up to this day.
    pub facts_as_of: Day,
}

/// What would settle one open finding.
#[derive(Clone, Debug)]
pub struct Settling {
    /// The finding as it stands.
    pub finding: Finding,
    /// Every paper that it waits for and that can be tried, the heaviest first.
    pub papers: Vec<String>,
    /// What is missing beyond that, whose content nobody can foresee: `table:flows`, `rate:CNY`.
    pub unforeseen: Vec<String>,
    /// The papers that make it met when they say what one would hope.
    pub hoped: Option<PaperSet>,
    /// Why there is no such set.
    pub not_hoped: Option<NoSet>,
    /// The papers of which each by itself makes it met.
    pub alone: Vec<PaperSays>,
    /// The papers that decide it either way, whatever they turn out to say.
    pub either_way: Option<PaperSet>,
    /// Why there is no such set.
    pub not_either_way: Option<NoSet>,
    /// The papers that change nothing, whatever they and all others say: do not ask for them.
    pub cannot_matter: Vec<String>,
}

/// Papers that together decide a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperSet {
    /// The papers with what they must say; those of a set that decides either way may say anything.
    pub papers: Vec<PaperSays>,
    /// Whether no smaller set decides; otherwise nobody claims that.
    pub minimal: bool,
    /// How many times the engine judged the finding again with the papers in the evidence, and
    /// found it decided each time.
    pub certified: u64,
}

/// A paper, and what it must say to help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperSays {
    /// The paper's name.
    pub paper: String,
    /// `IT`, `at most 212.40 EUR`; nothing: anything.
    pub says: Option<String>,
}

/// Why no set of papers is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoSet {
    /// Even with every paper saying what one would hope it is not met.
    CannotBeMet,
    /// Even with every paper there is something that no paper decides.
    StaysOpen,
    /// None was found, and nobody claims that there is none: what the papers decide hangs together.
    NotFound,
    /// Only rows that are not listed yet could make it met.
    Unlisted,
    /// Something is missing whose content cannot be foreseen.
    Unforeseen,
    /// Only larger sets than asked for would do.
    BeyondLimit,
    /// There are too many combinations to check every one.
    TooMany,
}

impl NoSet {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::CannotBeMet => "cannot_be_met",
            Self::StaysOpen => "stays_open",
            Self::NotFound => "not_found",
            Self::Unlisted => "unlisted",
            Self::Unforeseen => "unforeseen",
            Self::BeyondLimit => "beyond_limit",
            Self::TooMany => "too_many",
        }
    }

    /// The reason as a person reads it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::CannotBeMet => "no set of papers can make it met, whatever they say",
            Self::StaysOpen => "papers alone do not decide it: something else stays open",
            Self::NotFound => "no set was found: what these papers decide hangs together",
            Self::Unlisted => "only rows that are not listed yet could bring it there",
            Self::Unforeseen => "something is missing first, and what it will say cannot be foreseen",
            Self::BeyondLimit => "only with more papers than were looked for (see --within)",
            Self::TooMany => "too many combinations to check every one",
        }
    }
}

/// A paper that could be asked for: one declaration, price, or other fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperAsked {
    /// Its name, as sets refer to it: `declaration:P-7`, `price:P-7`, `complete:flows`.
    pub paper: String,
    /// `declaration`, `price`, `complete`, or the column that is empty: `country`, `mass_kg`.
    pub kind: String,
    /// The part, company, row or population it is about.
    pub of: String,
    /// What people call that.
    pub name: Option<String>,
    /// Whoever can give it, as far as the evidence knows.
    pub supplier: Option<String>,
    /// What people call the supplier.
    pub supplier_name: Option<String>,
    /// The lot it must speak for; nothing: the part as such.
    pub lot: Option<String>,
    /// The bases that the open conditions accept; empty: any.
    pub bases: Vec<String>,
}

impl PaperAsked {
    /// The paper of this name, `kind:whose`, of which nothing else is known.
    pub fn named(paper: String) -> Self {
        let (kind, of) = paper.split_once(':').unwrap_or((&paper, ""));
        let (kind, of) = (kind.to_owned(), of.to_owned());
        Self {
            paper,
            kind,
            of,
            name: None,
            supplier: None,
            supplier_name: None,
            lot: None,
            bases: Vec::new(),
        }
    }
}

/// A paper among all that could be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperRanked {
    /// The paper.
    pub paper: PaperAsked,
    /// Subjects of which it decides a finding by itself, when it says what one would hope.
    pub decides_alone: u64,
    /// Subjects with a finding whose set holds it.
    pub in_sets: u64,
    /// Subjects with a finding that waits for it.
    pub asked_by: u64,
    /// What it must say, in most of the sets that hold it.
    pub says: Option<String>,
    /// Whether it cannot matter for any finding that waits for it.
    pub cannot_matter: bool,
}

/// Papers chosen one after the other so that each completes as many findings as possible: greedy,
/// so there may be a smaller list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommonSet {
    /// The papers in the order to ask for them.
    pub steps: Vec<CommonStep>,
    /// Open findings that papers can bring to met.
    pub within_reach: u64,
    /// Those of them that are met when the engine judges everything again with all these papers.
    pub met: u64,
    /// Open findings.
    pub open: u64,
}

/// One paper of the common set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommonStep {
    /// The paper, and what it must say.
    pub says: PaperSays,
    /// Findings met once it is there, those of the papers before it not counted.
    pub findings: u64,
    /// Their subjects.
    pub subjects: u64,
}

impl Settlement {
    /// The object of `filiera settle --format json`.
    pub fn to_json(&self) -> Value {
        json!({
            "schema": "filiera.settle/1",
            "title": self.title,
            "judged": self.judged,
            "open": self.settlings.len(),
            "within": self.within,
            "law_as_of": self.law_as_of.to_string(),
            "facts_as_of": self.facts_as_of.to_string(),
            "evidence_hash": self.evidence_hash,
            "papers": self.papers.iter().map(PaperRanked::to_json).collect::<Vec<_>>(),
            "common": self.common.as_ref().map(CommonSet::to_json),
            "findings": self.settlings.iter().map(Settling::to_json).collect::<Vec<_>>(),
        })
    }

    /// The paper of this name.
    pub fn paper(&self, name: &str) -> Option<&PaperAsked> {
        self.papers.iter().map(|ranked| &ranked.paper).find(|paper| paper.paper == name)
    }
}

impl Settling {
    /// One entry of `findings`.
    fn to_json(&self) -> Value {
        let Value::Object(finding) = self.finding.to_json() else { return Value::Null };
        let kept = ["pack", "condition", "reading", "subject", "on", "verdict", "legal", "form", "operator"];
        let bounds = ["threshold", "lower", "upper", "lower_fraction", "upper_fraction", "bounds", "reason"];
        let own = kept.iter().chain(&bounds).filter_map(|key| Some(((*key).to_owned(), finding.get(*key)?)));
        let mut object: Map<String, Value> = own.map(|(key, value)| (key, value.clone())).collect();
        let mut put = |key: &str, value: Value| {
            object.insert(key.to_owned(), value);
        };
        put("papers", json!(self.papers));
        put("unforeseen", json!(self.unforeseen));
        put("hoped", json!(self.hoped.as_ref().map(PaperSet::to_json)));
        put("not_hoped", json!(self.not_hoped.map(NoSet::name)));
        put("alone", self.alone.iter().map(PaperSays::to_json).collect());
        put("either_way", json!(self.either_way.as_ref().map(PaperSet::to_json)));
        put("not_either_way", json!(self.not_either_way.map(NoSet::name)));
        put("cannot_matter", json!(self.cannot_matter));
        Value::Object(object)
    }
}

impl PaperSet {
    /// The names of its papers.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.papers.iter().map(|says| says.paper.as_str())
    }

    fn to_json(&self) -> Value {
        let papers: Vec<Value> = self.papers.iter().map(PaperSays::to_json).collect();
        json!({ "papers": papers, "minimal": self.minimal, "certified": self.certified })
    }
}

impl PaperSays {
    fn to_json(&self) -> Value {
        json!({ "paper": self.paper, "says": self.says })
    }
}

impl PaperRanked {
    fn to_json(&self) -> Value {
        let paper = &self.paper;
        json!({
            "paper": paper.paper,
            "kind": paper.kind,
            "of": paper.of,
            "name": paper.name,
            "supplier": paper.supplier,
            "supplier_name": paper.supplier_name,
            "lot": paper.lot,
            "bases": paper.bases,
            "says": self.says,
            "decides_alone": self.decides_alone,
            "in_sets": self.in_sets,
            "asked_by": self.asked_by,
            "cannot_matter": self.cannot_matter,
        })
    }
}

impl CommonSet {
    fn to_json(&self) -> Value {
        let steps: Vec<Value> = self.steps.iter().map(CommonStep::to_json).collect();
        json!({
            "greedy": true,
            "steps": steps,
            "open": self.open,
            "within_reach": self.within_reach,
            "met": self.met,
        })
    }
}

impl CommonStep {
    fn to_json(&self) -> Value {
        json!({
            "paper": self.says.paper,
            "says": self.says.says,
            "findings": self.findings,
            "subjects": self.subjects,
        })
    }
}
