use std::collections::BTreeSet;

use crate::fault::Faults;
use crate::names::names_after;
use crate::{
    Apart, Cause, Condition, Form, Pack, Span, Spanned, Threshold, Unit, Value, check_members,
    check_threshold,
};

/// Every name the text declares, also of what could not be read, so that one fault is not followed
/// by others about it.
pub(crate) struct Declared {
    pub(crate) parameters: Vec<String>,
    pub(crate) conditions: Vec<String>,
}

/// Checks what parts of a pack say about each other, and completes the subjects of compositions.
pub(crate) fn pack(mut pack: Pack, declared: &Declared, faults: &mut Faults) -> Pack {
    let names: BTreeSet<&str> = declared.parameters.iter().map(String::as_str).collect();
    for condition in everything(&pack) {
        for (name, span) in parameters_used(condition, &pack.source) {
            refuse_unknown_parameter(name, &span, &names, faults);
        }
        check_threshold::check(condition, &pack, faults);
        told_apart(condition, &pack, faults);
    }
    let conditions: BTreeSet<&str> = declared.conditions.iter().map(String::as_str).collect();
    check_members::exist(&pack, &conditions, faults);
    let order = check_members::order(&pack, faults);
    check_members::subjects(&mut pack, &order, faults);
    memory(&pack, &order, faults);
    pack
}

/// The values that tell a share apart are those of a list.
fn told_apart(condition: &Condition, pack: &Pack, faults: &mut Faults) {
    let Form::Share(share) = &condition.form else { return };
    let Some(Spanned { value: Apart::Each(name), span }) = &share.by else { return };
    let Some(parameter) = pack.parameters.get(name) else { return };
    if !matches!(parameter.unit, Unit::Countries | Unit::Texts) {
        let why = format!(
            "`${name}` is of unit `{}`, and only a list has values to tell apart",
            parameter.unit.name()
        );
        faults.push(Cause::Misplaced { key: "by".to_owned(), why }, span);
    }
}

/// The conditions, then the readings' conditions.
pub(crate) fn everything(pack: &Pack) -> impl Iterator<Item = &Condition> {
    pack.conditions.iter().chain(pack.readings.iter().map(|reading| &reading.condition))
}

/// The parameters a condition names, with the places.
pub(crate) fn parameters_used<'a>(condition: &'a Condition, source: &str) -> Vec<(&'a str, Span)> {
    let mut used = Vec::new();
    if let Some(comparison) = &condition.comparison
        && let Threshold::Parameter(name) = &comparison.threshold.value
    {
        used.push((name.as_str(), comparison.threshold.span.clone()));
    }
    for sql in condition.predicates() {
        let places = sql.places(source);
        used.extend(names_after(b'$', &sql.text).into_iter().map(|(name, part)| (name, places.of(part))));
    }
    used
}

fn refuse_unknown_parameter(name: &str, span: &Span, known: &BTreeSet<&str>, faults: &mut Faults) {
    if !known.contains(name) {
        let instead = faults.near(name, known.iter().copied());
        let cause = Cause::NoSuch { what: "parameter", name: name.to_owned(), place: String::new(), instead };
        faults.push(cause, span);
    }
}

/// Values known from memory may stand under drafts only, also through compositions.
fn memory(pack: &Pack, order: &[usize], faults: &mut Faults) {
    let from_memory: BTreeSet<&str> = pack
        .parameters
        .values()
        .filter(|parameter| {
            parameter.values.iter().any(|value| value.confidence == crate::Confidence::Memory)
        })
        .map(|parameter| parameter.name.as_str())
        .collect();
    let mut rests_on = std::collections::BTreeMap::new();
    let conditions = order.iter().filter_map(|place| pack.conditions.get(*place));
    let with_names = conditions.map(|condition| (condition.name.as_str(), condition));
    let readings = pack.readings.iter().map(|reading| (reading.name.as_str(), &reading.condition));
    for (is_reading, (name, condition)) in with_names.map(|c| (false, c)).chain(readings.map(|r| (true, r))) {
        let mut used = parameters_used(condition, &pack.source).into_iter().map(|(name, _)| name);
        let own = used.find(|name| from_memory.contains(name));
        let members = condition.form.members().iter().filter(|member| member.pack.is_none());
        let through =
            || members.into_iter().find_map(|member| rests_on.get(member.condition.as_str()).copied());
        let Some(parameter) = own.or_else(through) else { continue };
        if !is_reading {
            rests_on.insert(name, parameter);
        }
        if pack.status_of(condition) != crate::Status::Draft {
            refuse_memory(pack, parameter, name, condition, faults);
        }
    }
}

fn refuse_memory(pack: &Pack, parameter: &str, user: &str, condition: &Condition, faults: &mut Faults) {
    let values = pack.parameters.get(parameter).into_iter().flat_map(|parameter| &parameter.values);
    let span =
        values.filter(|value| value.confidence == crate::Confidence::Memory).map(|value| &value.span).next();
    let cause = Cause::Memory { parameter: parameter.to_owned(), user: user.to_owned() };
    let heading = condition.heading(&pack.source);
    faults.push_with(cause, span.unwrap_or(&condition.span), vec![(heading, "used here".to_owned())]);
}

impl Pack {
    /// Faults of the zones the pack names (`@EU`, in lists of countries and in predicates), against
    /// the zones there are.
    pub fn check_zones(&self, zones: &filiera_model::Zones) -> Vec<crate::PackFault> {
        let mut faults = Faults::new(&self.file, std::sync::Arc::clone(&self.source));
        let known: BTreeSet<&str> = zones.names().collect();
        for (zone, span) in self.zones_named() {
            if !known.contains(zone) {
                let instead = faults.near(zone, known.iter().copied());
                faults.push(Cause::UnknownZone { zone: zone.to_owned(), instead }, &span);
            }
        }
        faults.into_list()
    }

    fn zones_named(&self) -> Vec<(&str, Span)> {
        let mut named = Vec::new();
        for value in self.parameters.values().flat_map(|parameter| &parameter.values) {
            if let Value::Countries(terms) = &value.value {
                named.extend(terms.iter().filter_map(|term| match term {
                    crate::CountryTerm::Zone(zone) => Some((zone.as_str(), value.span.clone())),
                    crate::CountryTerm::Country(_) => None,
                }));
            }
        }
        for sql in everything(self).flat_map(Condition::predicates) {
            let places = sql.places(&self.source);
            named
                .extend(names_after(b'@', &sql.text).into_iter().map(|(zone, part)| (zone, places.of(part))));
        }
        named
    }
}
