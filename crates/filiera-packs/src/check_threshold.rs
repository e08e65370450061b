use filiera_model::{Exact, Operator};

use crate::fault::Faults;
use crate::{Cause, Comparison, Condition, Form, Pack, Span, Sum, Threshold, Value, Weigh};

/// Checks that a condition's threshold fits its form, and that it decides something.
pub(crate) fn check(condition: &Condition, pack: &Pack, faults: &mut Faults) {
    let Some(comparison) = &condition.comparison else { return };
    let span = &comparison.threshold.span;
    match &comparison.threshold.value {
        Threshold::Number(number) => {
            let outcome = outcome(&condition.form, comparison.operator, number, true);
            refuse_idle(comparison, &condition.form, number, outcome, span, Vec::new(), faults);
        }
        Threshold::Parameter(name) => {
            let Some(parameter) = pack.parameters.get(name) else { return };
            let wants = wants(&condition.form);
            if !wants.1.contains(&parameter.unit.name()) {
                let (unit, form) = (parameter.unit.name(), form_name(&condition.form));
                faults
                    .push(Cause::UnitMismatch { parameter: name.clone(), unit, form, wants: wants.0 }, span);
                return;
            }
            for value in &parameter.values {
                let Value::Number(number) = &value.value else { continue };
                let outcome = outcome(&condition.form, comparison.operator, number, false);
                let also = vec![(span.clone(), "compared here".to_owned())];
                refuse_idle(comparison, &condition.form, number, outcome, &value.span, also, faults);
            }
        }
    }
}

/// The units a form's value can be compared with, for people and by name.
fn wants(form: &Form) -> (&'static str, &'static [&'static str]) {
    match form {
        Form::Share(_) => ("a `share`", &["share"]),
        Form::Ratio(_) | Form::Concentration(_) => ("a `share` or a `number`", &["share", "number"]),
        Form::Total(sum) if sum.is_of_companies() => ("a `share`", &["share"]),
        Form::Total(sum) => match sum.weigh.value {
            Weigh::Value => ("an amount of `money`", &["money"]),
            Weigh::Mass | Weigh::Count => ("a `number`", &["number"]),
            Weigh::Column(_) => ("a `number` or an amount of `money`", &["number", "money"]),
        },
        _ => ("a `number`", &["number"]),
    }
}

fn form_name(form: &Form) -> String {
    match form {
        Form::Total(sum) => format!("total of `{}`", sum.weigh.name()),
        other => other.name().to_owned(),
    }
}

/// `Some("always true")`, `Some("never true")`, or nothing when values can fall on either side.
///
/// A dated value may always be reached (`at_least` 0 % in the first year of a ladder); a threshold
/// that stands in the condition itself may not.
fn outcome(form: &Form, operator: Operator, threshold: &Exact, is_literal: bool) -> Option<&'static str> {
    let most = match form {
        Form::Share(_) | Form::Concentration(_) => Some(Exact::one()),
        Form::Count(_) => None,
        Form::Total(sum) if !matches!(sum.weigh.value, Weigh::Column(_)) && !is_balance(sum) => None,
        _ => return None,
    };
    let above = |limit: &Exact| operator.passes(limit, threshold);
    let (least_passes, most_passes) =
        (above(&Exact::zero()), most.as_ref().map_or(operator.wants_more(), above));
    let outside = threshold.is_negative() || most.is_some_and(|most| *threshold > most);
    match (least_passes, most_passes) {
        (true, true) if is_literal || outside => Some("always true"),
        (false, false) => Some("never true"),
        _ => None,
    }
}

/// Published trade holds balances, which may lie below zero.
fn is_balance(sum: &Sum) -> bool {
    sum.weigh.value == Weigh::Value && matches!(sum.of.as_str(), "trade" | "trade_change")
}

fn refuse_idle(
    comparison: &Comparison,
    form: &Form,
    threshold: &Exact,
    outcome: Option<&'static str>,
    span: &Span,
    also: Vec<(Span, String)>,
    faults: &mut Faults,
) {
    let Some(outcome) = outcome else { return };
    let operator = comparison.operator.name();
    let threshold = threshold.to_text();
    faults.push_with(Cause::Unreachable { operator, threshold, form: form.name(), outcome }, span, also);
}
