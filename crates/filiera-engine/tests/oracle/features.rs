use std::cell::RefCell;
use std::collections::BTreeMap;

use filiera_oracle::{Apart, Form, Method, Origin, Part, Price, Procurement, Scenario};

/// How many dossiers had what.
#[derive(Default)]
pub struct Counts(RefCell<BTreeMap<&'static str, usize>>);

impl Counts {
    pub fn add(&self, what: &'static str, when: bool) {
        *self.0.borrow_mut().entry(what).or_default() += usize::from(when);
    }

    pub fn get(&self, what: &str) -> usize {
        self.0.borrow().get(what).copied().unwrap_or_default()
    }

    /// What a scenario has of everything the design names.
    pub fn note(&self, scenario: &Scenario) {
        let rule = &scenario.rule;
        let papers = &scenario.declarations;
        let is_bought = |part: &Part| part.procurement == Some(Procurement::Buy);
        let bought = || scenario.parts.iter().filter(|part| is_bought(part));
        let prices = |is: fn(&Price) -> bool| bought().any(|part| is(&part.price));
        let is_made = |price: &Price| *price != Price::Missing;
        self.add("dossiers", true);
        self.add("price ranges", prices(|price| matches!(price, Price::Between(..))));
        self.add("missing prices", prices(|price| matches!(price, Price::Missing)));
        self.add(
            "conflicting papers",
            (0..scenario.parts.len()).any(|part| {
                papers.iter().filter(|paper| paper.part == part && paper.share.is_none()).count() > 1
            }),
        );
        self.add("apportioned", papers.iter().any(|paper| paper.share.is_some()));
        self.add(
            "sets of countries",
            papers.iter().any(|paper| match &paper.origin {
                Origin::OneOf(lands) => lands.len() > 1,
                Origin::Eu => true,
                Origin::Unknown => false,
            }),
        );
        self.add("dated papers", papers.iter().any(|paper| paper.valid_from.or(paper.valid_to).is_some()));
        self.add("lots", !scenario.installed.is_empty());
        self.add("choices", scenario.lines.iter().any(|line| line.choice.is_some()));
        self.add(
            "own work",
            scenario
                .parts
                .iter()
                .any(|part| part.procurement == Some(Procurement::Make) && is_made(&part.price)),
        );
        self.add("unknown classes", scenario.parts.iter().any(|part| part.class.is_none()));
        self.add("null dates", scenario.vehicles.iter().any(|vehicle| vehicle.built_on.is_none()));
        self.add("ladders", rule.ladder.len() > 1);
        self.add("closures", rule.unknown.is_some());
        self.add("scope closures", rule.unknown_scope.is_some());
        self.add("not complete", !scenario.complete);
        self.add(form_name(&rule.form), true);
    }

    /// One line, to be read by a person.
    pub fn report(&self) -> String {
        let counts = self.0.borrow();
        let rest = counts.iter().filter(|(what, _)| **what != "dossiers");
        let rest: Vec<String> = rest.map(|(what, count)| format!("{what} {count}")).collect();
        format!("dossiers {}: {}", self.get("dossiers"), rest.join(", "))
    }
}

fn form_name(form: &Form) -> &'static str {
    match form {
        Form::Share { of_total: Some(_), .. } => "declared totals",
        Form::Share { method: Method::RolledUp { .. }, .. } => "rolled-up",
        Form::Share { method: Method::Traced, .. } => "traced",
        Form::Share { .. } => "plain shares",
        Form::WorstCountry { .. } => "worst countries",
        Form::GreatestPart { apart: Apart::MadeIn, .. } => "greatest of a column",
        Form::GreatestPart { .. } => "greatest of a list",
        Form::Concentration { .. } => "concentrations",
        Form::Total { .. } => "totals",
        Form::Count => "counts",
        Form::Every => "every",
        Form::None => "none",
        Form::Any => "any",
    }
}
