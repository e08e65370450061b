use std::collections::BTreeSet;

use filiera_model::Day;
use filiera_packs::{Form, Weigh};
use filiera_predicate::Predicate;
use filiera_tables::TableKind;

use crate::bind::{BoundCondition, BoundMark};
use crate::engine::Engine;

/// What of a vehicle its judgement hangs on, beside the parts in it. Vehicles that are alike in it are judged
/// alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VehicleFacts {
    /// Columns whose values matter.
    pub columns: BTreeSet<String>,
    /// Columns of days of which it matters only between which of the `breaks` they lie.
    pub days: BTreeSet<String>,
    /// The days from which on something is different: a price, a rate, the law, an owner. Papers on parts
    /// aside: the parts are tested on a day of their own.
    pub breaks: Vec<Day>,
    /// Those of the columns that the judgement of a single part hangs on too.
    pub of_parts: BTreeSet<String>,
    /// The breaks that the judgement of a single part hangs on too: prices aside.
    pub breaks_of_parts: Vec<Day>,
}

impl Engine<'_> {
    /// What of the vehicles the conditions hang on.
    pub fn vehicle_facts(&self) -> VehicleFacts {
        let (breaks, breaks_of_parts) = (self.breaks(), self.breaks_of_parts());
        let mut facts = VehicleFacts { breaks, breaks_of_parts, ..VehicleFacts::default() };
        facts.days.insert("built_on".to_owned());
        let schema = self.ground.dossier.table(TableKind::Vehicles).map(|table| table.batch().schema());
        let all: Vec<&String> =
            schema.iter().flat_map(|schema| schema.fields()).map(|field| field.name()).collect();
        let (mut asked, mut of_parts): (BTreeSet<&str>, BTreeSet<&str>) =
            (BTreeSet::from(["root"]), BTreeSet::new());
        for bound in self.bound.iter() {
            of_parts.extend(named_of_parts(bound));
            asked.extend(named(bound));
            facts.days.extend(bound.condition.dated_by.iter().map(|column| column.value.clone()));
            facts.days.extend(conversion(&bound.condition.form).map(str::to_owned));
            if bound.per != ["vehicle"] {
                asked.extend(bound.per.iter().map(String::as_str));
            }
        }
        // `maker_country` is a fact of the maker.
        let is_of = |one: &str, column: &str| {
            one.strip_prefix(column).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        };
        let is_asked = |by: &BTreeSet<&str>, column: &str| by.iter().any(|one| is_of(one, column));
        facts.of_parts.extend(all.iter().filter(|column| is_asked(&of_parts, column)).copied().cloned());
        facts.columns.extend(all.into_iter().filter(|column| is_asked(&asked, column)).cloned());
        facts
    }

    /// The conditions that a list of addends does not answer, beside those made of others: named, with why.
    pub fn not_additive(&self) -> Vec<(String, &'static str)> {
        self.not_summed().map(|(bound, why)| (full_name(bound), why)).collect()
    }

    /// Those of them that do not judge each vehicle by its own rows either.
    pub fn not_of_one_vehicle(&self) -> Vec<(String, &'static str)> {
        let all = self.not_summed();
        let others = all.filter(|(bound, _)| self.asks_of_another(bound) || !self.is_of_one_vehicle(bound));
        others.map(|(bound, why)| (full_name(bound), why)).collect()
    }

    fn not_summed(&self) -> impl Iterator<Item = (&BoundCondition, &'static str)> {
        let places = self.order(true).into_iter().filter_map(|place| self.bound.get(place));
        places.filter_map(|bound| {
            let reason = match &bound.leaf {
                Some(_) if self.adds_up(bound) => None,
                Some(_) => why(bound),
                None => self.asks_of_another(bound).then_some("a member judges another vehicle"),
            };
            Some((bound, reason?))
        })
    }

    /// Whether a composition about vehicles has a member that judges another vehicle than its own.
    fn asks_of_another(&self, bound: &BoundCondition) -> bool {
        let of_vehicles = |(pack, name): (&str, &str)| {
            let mut all = self.bound.iter();
            all.any(|one| one.pack.id == pack && one.condition.name == name && one.per == ["vehicle"])
        };
        bound.per == ["vehicle"]
            && bound.condition.form.members().iter().any(|member| {
                let is_via = bound.condition.via.contains_key(&member.value.condition);
                is_via && of_vehicles(bound.member(&member.value))
            })
    }

    fn breaks(&self) -> Vec<Day> {
        let mut days = self.breaks_of_parts();
        days.extend(self.ground.prices.changes());
        if let Some(bom) = self.ground.dossier.table(TableKind::Bom) {
            days.extend(filiera_origin::changes(bom));
        }
        days.sort_unstable();
        days.dedup();
        days
    }

    fn breaks_of_parts(&self) -> Vec<Day> {
        let mut days = self.ground.rates.changes();
        days.extend(self.ground.ownership.days());
        days.extend(self.ground.zones.all_changes());
        for bound in self.bound.iter() {
            let parameters = bound.parameters.iter().filter_map(|name| bound.pack.parameters.get(name));
            days.extend(parameters.flat_map(|parameter| parameter.changes(self.ground.settings.law_as_of)));
        }
        days.sort_unstable();
        days.dedup();
        days
    }
}

/// The columns that a condition names anywhere.
fn named(bound: &BoundCondition) -> BTreeSet<&str> {
    let mut names = named_of_parts(bound);
    names.extend(bound.condition.via.values().map(|column| column.value.as_str()));
    names.extend(bound.of_subject().flat_map(Predicate::columns).map(String::as_str));
    names
}

/// The columns that it names of its rows.
fn named_of_parts(bound: &BoundCondition) -> BTreeSet<&str> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let leaf = bound.leaf.iter().flat_map(|leaf| {
        let mark = if let BoundMark::Where(predicate) = &leaf.mark { Some(predicate.as_ref()) } else { None };
        mark.into_iter().chain(&leaf.among).chain(leaf.totals.iter().map(|(_, predicate)| predicate))
    });
    for predicate in leaf {
        names.extend(predicate.columns().iter().map(String::as_str));
    }
    if let Some(Weigh::Column(column)) = weigh(&bound.condition.form) {
        names.insert(column);
    }
    names
}

fn weigh(form: &Form) -> Option<&Weigh> {
    match form {
        Form::Share(share) => Some(&share.weigh.value),
        Form::Total(sum) => Some(&sum.weigh.value),
        Form::Ratio(ratio) => Some(&ratio.weigh.value),
        _ => None,
    }
}

/// The column of the day that currencies convert at.
fn conversion(form: &Form) -> Option<&str> {
    let column = match form {
        Form::Share(share) => &share.convert_on,
        Form::Total(sum) => &sum.convert_on,
        Form::Ratio(ratio) => &ratio.convert_on,
        _ => return None,
    };
    column.as_ref().map(|column| column.value.as_str())
}

fn full_name(bound: &BoundCondition) -> String {
    format!("{}#{}", bound.pack.id, bound.condition.name)
}

/// Why the rows of a condition do not add up; nothing: it asks nothing of vehicles one by one.
fn why(bound: &BoundCondition) -> Option<&'static str> {
    let of_vehicles = bound.leaf.as_ref().is_some_and(|leaf| leaf.population.is_of_vehicles());
    match (bound.per == ["vehicle"], of_vehicles) {
        (false, false) => None,
        (false, true) => Some("it asks about the parts of several vehicles together"),
        (true, true) => Some("its rows do not add up one by one"),
        (true, false) => Some("it asks about vehicles by name"),
    }
}
