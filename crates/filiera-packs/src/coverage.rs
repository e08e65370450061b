use std::collections::{BTreeMap, BTreeSet};

use filiera_model::{Day, Verdict};

use crate::{CaseFile, Confidence, Pack, Span};

/// What the cases of a pack have shown, gathered while they run.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    outcomes: BTreeMap<String, BTreeSet<Verdict>>,
    values: BTreeSet<(String, usize)>,
}

/// Something no case has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A condition never came out so, and no excuse says why.
    Outcome {
        /// The condition.
        condition: String,
        /// Met, not met or undetermined.
        outcome: Verdict,
    },
    /// A dated value was never used.
    Value {
        /// The parameter.
        parameter: String,
        /// The first day of the value.
        from: Option<Day>,
        /// Whether it is known from memory only, and so is counted apart.
        from_memory: bool,
        /// Where it stands in the pack.
        span: Span,
    },
    /// An excuse for an outcome that a case does show.
    IdleExcuse {
        /// The condition.
        condition: String,
        /// The outcome.
        outcome: Verdict,
        /// Where it stands in the case file.
        span: Span,
    },
}

/// How much of a pack its cases show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// Outcomes of conditions: three each.
    pub outcomes: usize,
    /// Those seen.
    pub outcomes_seen: usize,
    /// Those excused, and not seen.
    pub outcomes_excused: usize,
    /// Dated values from a source.
    pub values: usize,
    /// Those reached.
    pub values_reached: usize,
    /// Dated values from memory.
    pub memory_values: usize,
    /// Those reached.
    pub memory_values_reached: usize,
}

/// The outcomes every condition must be seen with.
const OUTCOMES: [Verdict; 3] = [Verdict::Met, Verdict::NotMet, Verdict::Undetermined];

impl Coverage {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that a case showed `condition`, as written, with this verdict.
    pub fn saw(&mut self, condition: &str, verdict: Verdict) {
        self.outcomes.entry(condition.to_owned()).or_default().insert(verdict);
    }

    /// Notes that a case used the value at `index` of [`crate::Parameter::values`].
    pub fn reached(&mut self, parameter: &str, index: usize) {
        self.values.insert((parameter.to_owned(), index));
    }

    fn has_seen(&self, condition: &str, outcome: Verdict) -> bool {
        self.outcomes.get(condition).is_some_and(|seen| seen.contains(&outcome))
    }

    /// What is neither seen nor excused: outcomes in the order of the pack, then values by
    /// parameter, then excuses that are none.
    pub fn gaps(&self, pack: &Pack, cases: &CaseFile) -> Vec<Gap> {
        let excused = excused(cases);
        let mut gaps = Vec::new();
        for (condition, outcome) in wanted(pack) {
            if !self.has_seen(condition, outcome) && !excused.contains(&(condition, outcome)) {
                gaps.push(Gap::Outcome { condition: condition.to_owned(), outcome });
            }
        }
        gaps.extend(self.values_not_reached(pack));
        for excuse in cases.excuses.iter().filter(|excuse| self.has_seen(&excuse.condition, excuse.outcome)) {
            let (condition, outcome) = (excuse.condition.value.clone(), excuse.outcome);
            gaps.push(Gap::IdleExcuse { condition, outcome, span: excuse.span.clone() });
        }
        gaps
    }

    fn values_not_reached<'a>(&'a self, pack: &'a Pack) -> impl Iterator<Item = Gap> + 'a {
        let values =
            pack.parameters.values().flat_map(|p| p.values.iter().map(move |value| (&p.name, value)));
        values.filter(|(name, value)| !self.values.contains(&((*name).clone(), value.index))).map(
            |(name, value)| Gap::Value {
                parameter: name.clone(),
                from: value.from,
                from_memory: value.confidence == Confidence::Memory,
                span: value.span.clone(),
            },
        )
    }

    /// The same as numbers.
    pub fn covered(&self, pack: &Pack, cases: &CaseFile) -> Covered {
        let excused = excused(cases);
        let mut covered = Covered::default();
        for (condition, outcome) in wanted(pack) {
            let seen = self.has_seen(condition, outcome);
            covered.outcomes += 1;
            covered.outcomes_seen += usize::from(seen);
            covered.outcomes_excused += usize::from(!seen && excused.contains(&(condition, outcome)));
        }
        for parameter in pack.parameters.values() {
            for value in &parameter.values {
                let reached = usize::from(self.values.contains(&(parameter.name.clone(), value.index)));
                if value.confidence == Confidence::Memory {
                    covered.memory_values += 1;
                    covered.memory_values_reached += reached;
                } else {
                    covered.values += 1;
                    covered.values_reached += reached;
                }
            }
        }
        covered
    }
}

fn wanted(pack: &Pack) -> impl Iterator<Item = (&str, Verdict)> {
    pack.conditions.iter().flat_map(|condition| OUTCOMES.map(|outcome| (condition.name.as_str(), outcome)))
}

fn excused(cases: &CaseFile) -> BTreeSet<(&str, Verdict)> {
    cases.excuses.iter().map(|excuse| (excuse.condition.as_str(), excuse.outcome)).collect()
}
