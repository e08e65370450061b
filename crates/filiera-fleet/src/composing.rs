//! Findings of compositions, made once for vehicles that are alike.

use std::collections::BTreeMap;

use filiera_engine::{Composed, Engine, MemberFound};
use filiera_finding::Finding;
use filiera_model::Mark;
use rustc_hash::FxHashMap;

use crate::{FleetError, FleetJudgement};

/// A cohort, and what was found of a vehicle of it under every condition that adds up.
type Alike = (u32, Vec<Option<MemberFound>>);

/// A pack, a condition and a subject that is no vehicle.
type OfOther = (String, String, String);

pub(crate) struct Composing<'c, 'a> {
    engine: &'c Engine<'a>,
    composed: Vec<(Composed, BTreeMap<String, Mark>)>,
    others: FxHashMap<OfOther, MemberFound>,
    known: FxHashMap<Alike, Vec<Finding>>,
}

impl<'c, 'a> Composing<'c, 'a> {
    /// `engine` knows the first vehicle of each cohort.
    pub fn new(engine: &'c Engine<'a>, judged: &FleetJudgement) -> Result<Self, FleetError> {
        let composed = engine.composed().into_iter().map(|one| Ok((one, engine.speaks(one)?)));
        let composed = composed.collect::<Result<_, FleetError>>()?;
        let key = |one: &Finding| (one.pack.clone(), one.condition.clone(), one.subject.clone());
        let others = judged.others.findings.iter().map(|one| (key(one), member(one))).collect();
        Ok(Self { engine, composed, others, known: FxHashMap::default() })
    }

    /// The findings on a vehicle, which is like the first of its cohort.
    pub fn of(
        &mut self,
        judged: &FleetJudgement,
        (cohort, alike, vehicle): (u32, &str, &str),
        leaves: Vec<Option<MemberFound>>,
    ) -> Vec<Finding> {
        let key = (cohort, leaves);
        if !self.known.contains_key(&key) {
            let made = self.make(judged, alike, &key.1);
            self.known.insert(key.clone(), made);
        }
        let made = self.known.get(&key).into_iter().flatten();
        made.map(|one| Finding { subject: vehicle.to_owned(), ..one.clone() }).collect()
    }

    fn make(&self, judged: &FleetJudgement, alike: &str, leaves: &[Option<MemberFound>]) -> Vec<Finding> {
        let mut made: Vec<Finding> = Vec::new();
        for (composed, speaks) in &self.composed {
            let speaks = speaks.get(alike).copied().unwrap_or(Mark::Maybe);
            let found = |(pack, name, other): (&str, &str, Option<&str>)| {
                if let Some(other) = other {
                    let key = (pack.to_owned(), name.to_owned(), other.to_owned());
                    return self.others.get(&key).copied();
                }
                let is = |own: &str, condition: &str, reading: Option<&String>| {
                    own == pack && condition == name && reading.is_none()
                };
                let mut of_leaves = judged.conditions.iter().zip(leaves);
                let leaf = of_leaves.find(|(one, _)| is(&one.pack, &one.condition, one.reading.as_ref()));
                let mut wholes = made.iter();
                let whole = wholes.find(|one| is(&one.pack, &one.condition, one.reading.as_ref()));
                leaf.map_or_else(|| whole.map(member), |(_, found)| *found)
            };
            made.extend(self.engine.finding_of_composed(*composed, (alike, alike), speaks, &found));
        }
        made
    }
}

fn member(one: &Finding) -> MemberFound {
    MemberFound { verdicts: [one.verdict, one.legal], on: one.on }
}
