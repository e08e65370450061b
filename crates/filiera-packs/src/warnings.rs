use std::collections::BTreeSet;
use std::sync::Arc;

use filiera_model::Day;

use crate::check::{everything, parameters_used};
use crate::fault::Faults;
use crate::{
    Cause, Condition, DECLARATION_VALID_DAYS, Form, Pack, PackFault, Reference, ShareMark, Threshold, Weigh,
};

/// How long a source counts as looked at.
const DAYS_OF_A_YEAR: i32 = 365;

impl Pack {
    /// What is odd and can be used all the same, in the order of the text: parameters nothing uses,
    /// closures that close nothing, amounts without a currency, and sources that nobody has checked
    /// within the year before `today`.
    pub fn warnings(&self, today: Day) -> Vec<PackFault> {
        let mut faults = Faults::new(&self.file, Arc::clone(&self.source));
        stale(&self.references, today, &mut faults);
        let used: BTreeSet<&str> = everything(self)
            .flat_map(|condition| parameters_used(condition, &self.source))
            .map(|(name, _)| name)
            .chain([DECLARATION_VALID_DAYS])
            .collect();
        for parameter in self.parameters.values().filter(|parameter| !used.contains(parameter.name.as_str()))
        {
            faults.push(Cause::Unused(parameter.name.clone()), &parameter.span);
        }
        for condition in &self.conditions {
            idle_closures(condition, &mut faults);
        }
        for condition in everything(self) {
            no_currency(condition, &mut faults);
        }
        faults.into_list()
    }
}

/// Notes the references that were not checked within the year before `today`.
pub(crate) fn stale(references: &[Reference], today: Day, faults: &mut Faults) {
    let year_ago = Day::from_days(today.days().saturating_sub(DAYS_OF_A_YEAR));
    for reference in references.iter().filter(|reference| reference.checked.is_none_or(|day| day < year_ago))
    {
        let cause = Cause::Stale { title: reference.title.clone(), checked: reference.checked };
        faults.push(cause, &reference.span);
    }
}

fn idle_closures(condition: &Condition, faults: &mut Faults) {
    let (marks, scopes) = match &condition.form {
        Form::Share(share) => (share.mark != ShareMark::All, share.among.is_some()),
        Form::Total(sum) => (sum.mark.is_some(), sum.among.is_some()),
        Form::Ratio(ratio) => (true, ratio.among.is_some()),
        Form::Concentration(of) => (of.mark.is_some(), of.among.is_some()),
        Form::Count(rows) | Form::Every(rows) | Form::None(rows) | Form::Any(rows) => {
            (rows.mark.is_some(), rows.among.is_some())
        }
        _ => (true, true),
    };
    if let Some(closure) = condition.unknown.as_ref().filter(|_| !marks) {
        faults.push(Cause::IdleClosure { key: "unknown", closes: "where" }, &closure.span);
    }
    if let Some(closure) = condition.unknown_scope.as_ref().filter(|_| !scopes) {
        faults.push(Cause::IdleClosure { key: "unknown_scope", closes: "among" }, &closure.span);
    }
}

fn no_currency(condition: &Condition, faults: &mut Faults) {
    let Form::Total(sum) = &condition.form else { return };
    let Some(comparison) = condition.comparison.as_ref().filter(|_| sum.weigh.value == Weigh::Value) else {
        return;
    };
    if let Threshold::Number(number) = &comparison.threshold.value
        && !number.is_zero()
    {
        faults.push(Cause::NoCurrency, &comparison.threshold.span);
    }
}
