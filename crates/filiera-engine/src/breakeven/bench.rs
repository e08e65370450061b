use std::collections::BTreeMap;
use std::sync::Arc;

use filiera_finding::{ConditionShown, Finding};
use filiera_model::{Days, Exact, Verdict, Zones};
use filiera_packs::{Form, Pack, Weigh};
use filiera_tables::{Dossier, TableKind};

use crate::bind::BoundCondition;
use crate::engine::Engine;
use crate::epoch::law_on;
use crate::judge::{Asked, Case, Judgements, Outcome, Weighed};
use crate::shown::{condition_shown, finding};
use crate::{EngineError, Question, Settings};

/// One condition and one subject, to be judged again and again with something changed.
pub(super) struct Bench<'a> {
    /// The evidence, narrowed to the subject where it is a vehicle.
    pub(super) dossier: Dossier,
    packs: Vec<Arc<Pack>>,
    zones: &'a Zones,
    settings: &'a Settings,
    question: Question<'a>,
}

/// One judgement.
pub(super) struct Measured {
    pub(super) finding: Finding,
    pub(super) shown: ConditionShown,
    /// Nothing when the condition is no share or ratio, or does not speak about the subject.
    pub(super) weighed: Option<Weighed>,
    /// What is added up.
    pub(super) unit: Option<String>,
    /// Whether rows weigh what their parts cost, and on which basis.
    pub(super) by_price: Option<Option<String>>,
    /// The parts in scope that are bought, with the least they weigh.
    pub(super) parts: BTreeMap<String, Exact>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(
        dossier: &Dossier,
        packs: &[Arc<Pack>],
        zones: &'a Zones,
        settings: &'a Settings,
        question: Question<'a>,
    ) -> Result<Self, EngineError> {
        let engine = Engine::new(dossier, packs, zones, settings)?;
        let bound = engine.bound_of(question)?;
        engine.place_of(bound, question)?;
        if bound.condition.form.is_composition() {
            return Err(EngineError::NoBreakEven {
                condition: question.condition.to_owned(),
                subject: question.subject.to_owned(),
                why: "it is made of other conditions; ask one of those".to_owned(),
            });
        }
        let dossier = narrowed(dossier, bound, question.subject)?;
        let packs = vec![only(bound)];
        Ok(Self { dossier, packs, zones, settings, question })
    }

    /// Judges the subject by this evidence.
    pub(super) fn measure(&self, dossier: &Dossier) -> Result<Measured, EngineError> {
        let engine = Engine::new(dossier, &self.packs, self.zones, self.settings)?;
        let bound = engine.bound_of(self.question)?;
        let outcomes = engine.judge_one(bound, &Judgements::new())?;
        let place = engine.place_of(bound, self.question)?;
        let outcome = outcomes.get(place).cloned().ok_or_else(|| engine.no_subject(bound, self.question))?;
        let rows = engine.rows_of(bound);
        let mut parts: BTreeMap<String, Exact> = BTreeMap::new();
        for judged in &outcome.rows {
            let info = rows.and_then(|rows| rows.info(judged.row));
            let Some(component) = info.and_then(|info| info.component.as_ref()) else { continue };
            if component.added.is_none() && !component.is_own_work {
                *parts.entry(component.part.clone()).or_default() += &judged.weight.range.least;
            }
        }
        let unit = outcome.rows.iter().find_map(|row| row.weight.currency.clone());
        Ok(Measured {
            weighed: engine.weighed(bound, place, &outcome),
            shown: condition_shown(&engine, bound, std::slice::from_ref(&outcome)),
            finding: finding(&engine, bound, self.question.subject, outcome),
            unit,
            by_price: by_price(&bound.condition.form),
            parts,
        })
    }

    /// Why there is none.
    pub(super) fn no_breakeven(&self, now: &Measured) -> EngineError {
        let form = now.finding.form;
        let is_asked = matches!(form, filiera_finding::Form::Share | filiera_finding::Form::Ratio);
        let why = match now.finding.reason {
            _ if !is_asked => format!("it is `{}`; ask a share or a ratio", form.name()),
            Some(reason) => reason.sentence().to_owned(),
            None => "its total, its threshold or its day is not known; see `filiera explain`".to_owned(),
        };
        EngineError::NoBreakEven {
            condition: now.finding.condition.clone(),
            subject: now.finding.subject.clone(),
            why,
        }
    }
}

impl Engine<'_> {
    /// The share or ratio of one subject as it is added up, on its one day.
    fn weighed(&self, bound: &BoundCondition, place: usize, outcome: &Outcome) -> Option<Weighed> {
        if outcome.verdict == Verdict::NotApplicable {
            return None;
        }
        let clock = self.ground.settings.law_as_of;
        let day = if bound.condition.dated_by.is_some() { outcome.on? } else { clock };
        let law = law_on(bound, self.ground.zones, clock, day).ok()?;
        let case = Case {
            ground: &self.ground,
            bound,
            leaf: bound.leaf.as_ref()?,
            subjects: self.subjects_of(bound)?,
            rows: self.rows_of(bound)?,
            law: &law,
            asked: Asked { subject: place, day, dated: Days::on(day) },
        };
        Weighed::of(&case, &outcome.rows)
    }
}

impl Measured {
    /// Why nothing limits what is missing.
    pub(super) fn unlimited(&self) -> String {
        let missing = self.finding.missing.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
        if missing.is_empty() {
            "what is not known has no limit".to_owned()
        } else {
            format!("what is not known has no limit: {missing}")
        }
    }
}

/// The basis of the prices that a form adds up, when it adds up prices.
fn by_price(form: &Form) -> Option<Option<String>> {
    let (weigh, basis) = match form {
        Form::Share(share) => (&share.weigh, &share.basis),
        Form::Ratio(ratio) => (&ratio.weigh, &ratio.basis),
        _ => return None,
    };
    (weigh.value == Weigh::Value).then(|| basis.as_ref().map(|basis| basis.value.clone()))
}

/// The condition's pack with nothing in it but the condition.
fn only(bound: &BoundCondition) -> Arc<Pack> {
    let mut pack = Pack::clone(&bound.pack);
    pack.conditions.retain(|condition| condition.name == bound.condition.name);
    pack.readings.retain(|reading| Some(&reading.name) == bound.reading.as_ref());
    Arc::new(pack)
}

/// The evidence with no vehicle but the subject, where the subject is one.
fn narrowed(dossier: &Dossier, bound: &BoundCondition, subject: &str) -> Result<Dossier, EngineError> {
    let mut narrow = dossier.clone();
    if bound.per == ["vehicle"]
        && let Some(table) = dossier.table(TableKind::Vehicles)
    {
        let is_own = |row: &u32| table.text("vehicle", *row as usize) == Some(subject);
        let rows: Vec<u32> = (0u32..).take(table.len()).filter(is_own).collect();
        narrow.tables.insert(TableKind::Vehicles, table.take(&rows)?);
    }
    Ok(narrow)
}
