use filiera_finding::{ConditionShown, Due, Finding, Form as ShownForm, FormShown, Reference, Target};
use filiera_model::Verdict;
use filiera_packs::{Confidence, Form, Threshold, Unit, Weigh};
use filiera_tables::Population;

use crate::bind::BoundCondition;
use crate::engine::Engine;
use crate::judge::{Outcome, held_form};

/// The finding of one subject.
pub(crate) fn finding(
    engine: &Engine<'_>,
    bound: &BoundCondition,
    subject: &str,
    outcome: Outcome,
) -> Finding {
    let settings = engine.ground.settings;
    let due = bound.condition.due.map(|on| Due { on, to_come: settings.law_as_of < on });
    let mut remarks = outcome.remarks;
    if bound.unverified {
        remarks.insert(0, "unverified: rests on values that nobody has checked".to_owned());
    }
    let population = bound.leaf.as_ref().map(|leaf| leaf.population);
    let applies = outcome.verdict != Verdict::NotApplicable;
    Finding {
        pack: bound.pack.id.clone(),
        pack_status: bound.status.name().to_owned(),
        condition: bound.condition.name.clone(),
        reading: bound.reading.clone(),
        subject: subject.to_owned(),
        on: outcome.on,
        verdict: outcome.verdict,
        legal: outcome.legal,
        form: form_of(&bound.condition.form, population),
        operator: bound.operator().filter(|_| applies),
        threshold: outcome.threshold,
        bounds: outcome.bounds,
        legal_bounds: outcome.legal_bounds,
        rows: outcome.counts,
        reason: outcome.reason,
        missing: outcome.missing,
        members: outcome.members,
        rank: outcome.rank,
        due,
        unverified: bound.unverified,
        remarks,
        pack_hash: bound.pack.hash.clone(),
        evidence_hash: engine.evidence_hash.clone(),
        law_as_of: settings.law_as_of,
        facts_as_of: settings.facts_as_of,
    }
}

/// What the reports say about a condition.
pub(crate) fn condition_shown(
    engine: &Engine<'_>,
    bound: &BoundCondition,
    found: &[Outcome],
) -> ConditionShown {
    let pack = &bound.pack;
    let mut thresholds: Vec<_> = found.iter().filter_map(|outcome| outcome.threshold.clone()).collect();
    thresholds.dedup();
    let target = match (bound.operator(), thresholds.as_slice()) {
        (Some(operator), [threshold]) => Some(Target { operator, threshold: threshold.clone() }),
        _ => None,
    };
    let population = bound.leaf.as_ref().map(|leaf| leaf.population);
    let readings = pack.readings_of(&bound.condition.name);
    ConditionShown {
        pack: pack.id.clone(),
        pack_title: pack.title.clone(),
        pack_status: bound.status.name().to_owned(),
        condition: bound.condition.name.clone(),
        title: bound.condition.title.clone(),
        per: bound.per.join(" · "),
        form: FormShown {
            form: form_of(&bound.condition.form, population),
            target,
            unit: unit(engine, bound),
        },
        references: references(bound),
        lawfulness: pack.lawfulness.as_ref().map(|lawfulness| match &lawfulness.nearest {
            Some(nearest) => format!("{} Nearest lawful variant: {nearest}", lawfulness.note),
            None => lawfulness.note.clone(),
        }),
        grants: bound.condition.grants.as_ref().map(|grants| {
            let up_to = grants.up_to.iter().map(|up_to| format!(", up to {up_to}"));
            let clawback = grants.clawback.iter().map(|clawback| format!("; claw-back: {clawback}"));
            std::iter::once(grants.of.clone()).chain(up_to).chain(clawback).collect()
        }),
        readings: readings.map(|reading| (reading.name.clone(), reading.title.clone())).collect(),
    }
}

/// The law a condition cites: its article, the sources of its values, the pack's.
pub(crate) fn references(bound: &BoundCondition) -> Vec<Reference> {
    let own = bound.condition.cite.iter().map(|cite| Reference {
        title: cite.clone(),
        url: None,
        checked: None,
        confidence: None,
    });
    let closures = bound.condition.unknown.iter().map(|closure| closure.cite.clone());
    let closures = closures.chain(bound.condition.unknown_scope.iter().map(|closure| closure.cite.clone()));
    let closures = closures.map(|title| Reference { title, url: None, checked: None, confidence: None });
    let parameters = bound.parameters.iter().filter_map(|name| bound.pack.parameters.get(name));
    let values = parameters.flat_map(|parameter| &parameter.values).map(|value| Reference {
        title: value.cite.clone(),
        url: None,
        checked: None,
        confidence: Some(confidence(value.confidence)),
    });
    let pack = bound.pack.references.iter().map(|reference| Reference {
        title: reference.title.clone(),
        url: reference.url.clone(),
        checked: reference.checked,
        confidence: None,
    });
    let mut all: Vec<Reference> = Vec::new();
    for reference in own.chain(closures).chain(values).chain(pack) {
        if !all.contains(&reference) {
            all.push(reference);
        }
    }
    all
}

pub(crate) fn confidence(confidence: Confidence) -> String {
    confidence.name().to_owned()
}

/// A sum over shares of companies is a share itself.
pub(crate) fn form_of(form: &Form, population: Option<Population>) -> ShownForm {
    if population.is_some_and(|population| held_form(form, population).is_some()) {
        return ShownForm::Share;
    }
    match form {
        Form::Share(_) => ShownForm::Share,
        Form::Total(_) => ShownForm::Total,
        Form::Count(_) => ShownForm::Count,
        Form::Ratio(_) => ShownForm::Ratio,
        Form::Concentration(_) => ShownForm::Concentration,
        Form::Score(_) => ShownForm::Score,
        Form::Every(_) => ShownForm::Every,
        Form::None(_) => ShownForm::None,
        Form::Any(_) => ShownForm::Any,
        Form::AllOf(_) => ShownForm::AllOf,
        Form::AnyOf(_) => ShownForm::AnyOf,
        Form::NOf(_) => ShownForm::NOf,
        Form::Not(_) => ShownForm::Not,
    }
}

/// The unit of the condition's value; empty for shares and compositions.
fn unit(engine: &Engine<'_>, bound: &BoundCondition) -> String {
    let weigh = match &bound.condition.form {
        Form::Total(sum) => &sum.weigh.value,
        Form::Count(_) | Form::Every(_) | Form::None(_) | Form::Any(_) => return "rows".to_owned(),
        Form::NOf(_) => return "members".to_owned(),
        Form::Score(_) => return "points".to_owned(),
        _ => return String::new(),
    };
    let money = || {
        let threshold = bound.condition.comparison.as_ref().map(|comparison| &comparison.threshold.value);
        let currency = match threshold {
            Some(Threshold::Parameter(name)) => match bound.pack.parameters.get(name).map(|p| &p.unit) {
                Some(Unit::Money(currency)) => Some(currency.clone()),
                _ => None,
            },
            _ => None,
        };
        currency.or_else(|| engine.ground.prices.single_currency()).unwrap_or_default()
    };
    match weigh {
        Weigh::Value => money(),
        Weigh::Mass => "kg".to_owned(),
        Weigh::Count => "pieces".to_owned(),
        Weigh::Column(column) if column == "amount" || column == "value" => money(),
        Weigh::Column(column) => column.clone(),
    }
}
