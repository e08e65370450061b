//! The condition asked for, and those it is made of, members first.

use filiera_engine::{Engine, Stated, StatedMember};
use filiera_finding::Form;

use super::Wanted;
use crate::FleetError;

pub(super) struct Question {
    /// The last one is asked for.
    pub nodes: Vec<Node>,
}

pub(super) enum Node {
    Leaf(Leaf),
    Whole(Whole),
}

/// A condition whose rows add up.
pub(super) struct Leaf {
    pub stated: Stated,
    /// Its name in the statement.
    pub name: String,
    /// What its columns begin with, where there are those of others beside them.
    pub prefix: String,
}

/// A condition made of others.
pub(super) struct Whole {
    pub stated: Stated,
    pub name: String,
    pub members: Vec<Member>,
}

/// Where the verdicts of a member come from.
pub(super) enum Member {
    /// From a part of the statement.
    Named(String),
    /// It judges another subject, whose verdicts are at hand.
    Other(StatedMember),
    /// It is not judged, and so undetermined.
    Unknown,
}

/// So much of a condition's name goes into names in the statement: PostgreSQL cuts at 63 bytes.
const NAME: usize = 30;

/// Lanes that a form makes its bounds of; [`super::leaf`] says how.
const OF_SHARES: &[&str] = &["marked_least", "rest_most", "marked_most", "rest_least", "surely"];
const OF_RATIOS: &[&str] = &["marked_least", "rest_most"];
const OF_TOTALS: &[&str] = &["marked_least", "marked_most", "surely"];

impl Leaf {
    /// The lanes the form needs, with those of the law.
    pub fn lanes(&self) -> Vec<String> {
        let own = match self.stated.form {
            Form::Share => OF_SHARES,
            Form::Ratio => OF_RATIOS,
            _ => OF_TOTALS,
        };
        let range = own.iter().map(|lane| (*lane).to_owned());
        let legal = own.iter().map(|lane| format!("legal_{lane}"));
        let rows = ["counted", "unsummed"].map(str::to_owned);
        range.chain(legal).chain(rows).collect()
    }
}

impl Node {
    pub fn name(&self) -> &str {
        match self {
            Self::Leaf(leaf) => &leaf.name,
            Self::Whole(whole) => &whole.name,
        }
    }

    pub fn stated(&self) -> &Stated {
        match self {
            Self::Leaf(leaf) => &leaf.stated,
            Self::Whole(whole) => &whole.stated,
        }
    }

    /// The columns of its answer.
    pub fn columns(&self) -> Vec<&'static str> {
        let mut columns = vec!["vehicle", "verdict", "legal"];
        if matches!(self, Self::Leaf(_)) || self.stated().form == Form::NOf {
            columns.extend(ENDS);
        }
        columns
    }
}

/// The bounds of an answer.
pub(super) const ENDS: [&str; 8] = [
    "lower_top",
    "lower_bottom",
    "upper_top",
    "upper_bottom",
    "legal_lower_top",
    "legal_lower_bottom",
    "legal_upper_top",
    "legal_upper_bottom",
];

impl Question {
    pub fn new(engine: &Engine<'_>, wanted: &Wanted) -> Result<Self, FleetError> {
        let all = all(engine);
        let is_asked = |one: &&Stated| {
            one.condition == wanted.condition
                && one.reading == wanted.reading
                && wanted.pack.as_ref().is_none_or(|pack| *pack == one.pack)
        };
        let asked: Vec<&Stated> = all.iter().filter(is_asked).collect();
        let asked = match asked.as_slice() {
            [one] => *one,
            _ => return Err(no_condition(wanted, &all)),
        };
        let mut question = Self { nodes: Vec::new() };
        question.add(asked, &all);
        if question.leaves().count() > 1 {
            for node in &mut question.nodes {
                if let Node::Leaf(leaf) = node {
                    leaf.prefix = format!("{}_", leaf.name);
                }
            }
        }
        Ok(question)
    }

    pub fn leaves(&self) -> impl Iterator<Item = &Leaf> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Leaf(leaf) => Some(leaf),
            Node::Whole(_) => None,
        })
    }

    /// The node that is asked for.
    pub fn asked(&self) -> &Node {
        // INVARIANT: a question has been added to before anybody sees it.
        debug_assert!(!self.nodes.is_empty());
        self.nodes.last().unwrap_or(&NOTHING)
    }

    /// The name of the part that judges it; it is added with its members if it is not there.
    fn add(&mut self, stated: &Stated, all: &[Stated]) -> String {
        if let Some(known) = self.nodes.iter().find(|node| node.stated() == stated) {
            return known.name().to_owned();
        }
        let stated = stated.clone();
        if !stated.form.is_composition() {
            let name = self.name_for(&stated);
            self.nodes.push(Node::Leaf(Leaf { stated, name: name.clone(), prefix: String::new() }));
            return name;
        }
        let members = stated.members.iter().map(|member| self.member(member, all)).collect();
        let name = self.name_for(&stated);
        self.nodes.push(Node::Whole(Whole { stated, name: name.clone(), members }));
        name
    }

    fn member(&mut self, member: &StatedMember, all: &[Stated]) -> Member {
        if member.via.is_some() {
            return Member::Other(member.clone());
        }
        let is = |one: &&Stated| {
            one.pack == member.pack && one.condition == member.condition && one.reading.is_none()
        };
        all.iter().find(is).map_or(Member::Unknown, |one| Member::Named(self.add(one, all)))
    }

    /// A name that no other has: small letters, digits and underscores.
    fn name_for(&self, stated: &Stated) -> String {
        let text = stated.reading.as_ref().unwrap_or(&stated.condition);
        let plain =
            |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' };
        let mut name: String = text.chars().map(plain).take(NAME).collect();
        if name.starts_with(|first: char| !first.is_ascii_alphabetic()) {
            name.insert(0, 'c');
        }
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        names.find(|name| self.nodes.iter().all(|node| node.name() != name)).unwrap_or(name.clone())
    }
}

/// What stands for a question that nobody asked.
static NOTHING: Node = Node::Whole(Whole {
    stated: Stated {
        pack: String::new(),
        condition: String::new(),
        reading: None,
        title: String::new(),
        form: Form::AllOf,
        operator: None,
        needed: 0,
        members: Vec::new(),
    },
    name: String::new(),
    members: Vec::new(),
});

/// Every condition and composition about vehicles.
fn all(engine: &Engine<'_>) -> Vec<Stated> {
    let leaves = engine.additive().into_iter().filter_map(|one| engine.stated(one));
    leaves.chain(engine.composed().into_iter().filter_map(|one| engine.stated_composed(one))).collect()
}

fn no_condition(wanted: &Wanted, all: &[Stated]) -> FleetError {
    let full = |one: &Stated| {
        let reading = one.reading.as_ref().map(|reading| format!(" --reading {reading}")).unwrap_or_default();
        format!("{}#{}{reading}", one.pack, one.condition)
    };
    let pack = wanted.pack.as_ref().map(|pack| format!("{pack}#")).unwrap_or_default();
    let reading = wanted.reading.as_ref().map(|reading| format!(" in the reading {reading}"));
    FleetError::NoCondition {
        name: format!("{pack}{}{}", wanted.condition, reading.unwrap_or_default()),
        known: all.iter().map(full).collect::<Vec<_>>().join(", "),
    }
}
