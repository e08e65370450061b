use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::datatypes::Field;
use filiera_finding::Market;
use filiera_model::{Country, Day, Days, Zones};
use filiera_packs::{CountryTerm, Pack, Sql, Value};
use filiera_tables::{ColumnKind, Dossier, Table, TableKind};

use crate::EngineError;
use crate::sql_words::words;

/// The column of `vehicles` that names the market.
const DESTINATION: &str = "destination";

/// The markets that the pack's law tells apart; none when it never asks for the destination.
///
/// Countries are one market when every list of countries beside a destination holds both or neither,
/// on every day from the first to the last that the dossier's vehicles name, `law_as_of` included.
/// The dossier's own destination stands for its market, else the first country.
pub(super) fn markets(pack: &Pack, zones: &Zones, dossier: &Dossier, law_as_of: Day) -> Vec<Market> {
    let conditions = pack.conditions.iter().flat_map(|condition| condition.predicates());
    let asking: Vec<&Sql> = conditions.filter(|sql| words(&sql.text).contains(&DESTINATION)).collect();
    if asking.is_empty() {
        return Vec::new();
    }
    let lists: Vec<List<'_>> = asking.iter().flat_map(|sql| lists(&sql.text, pack)).collect();
    let dated = Dated { zones, span: span(dossier, law_as_of) };
    let mut alike: BTreeMap<Vec<String>, Vec<Country>> = BTreeMap::new();
    for country in Country::all() {
        let mut held: Vec<String> = lists.iter().flat_map(|list| list.holds(country, &dated)).collect();
        held.sort_unstable();
        held.dedup();
        alike.entry(held).or_default().push(country);
    }
    let own = destinations(dossier);
    alike.iter().filter_map(|(held, countries)| market(held, countries, &own)).collect()
}

/// The same evidence with every vehicle bound for this market.
pub(super) fn bound_for(dossier: &Dossier, market: Country) -> Result<Dossier, EngineError> {
    let mut moved = dossier.clone();
    moved.destination = Some(market);
    let Some(table) = dossier.table(TableKind::Vehicles) else { return Ok(moved) };
    let destinations: StringArray = (0..table.len()).map(|_| Some(market.alpha2())).collect();
    let destinations: ArrayRef = Arc::new(destinations);
    let schema = table.batch().schema();
    let columns = schema.fields().iter().zip(table.batch().columns()).map(|(field, array)| {
        let array = if field.name() == DESTINATION { &destinations } else { array };
        (field.as_ref().clone(), Arc::clone(array))
    });
    let columns: Vec<(Field, ArrayRef)> = columns.collect();
    let table = Table::new(TableKind::Vehicles, columns, table.places().to_vec())?;
    moved.tables.insert(TableKind::Vehicles, table);
    Ok(moved)
}

/// A list of countries that a predicate holds a destination against.
enum List<'a> {
    Country(Country),
    Zone(&'a str),
    Terms(&'a str, usize, &'a [CountryTerm]),
}

/// The zones, and the days on which they are asked.
struct Dated<'a> {
    zones: &'a Zones,
    span: Days,
}

impl List<'_> {
    /// How the country stands in the list, in words that are equal for countries alike.
    fn holds(&self, country: Country, dated: &Dated<'_>) -> Vec<String> {
        match self {
            Self::Country(named) => {
                (*named == country).then(|| country.alpha2().to_owned()).into_iter().collect()
            }
            Self::Zone(zone) => dated.days_in(zone, country).into_iter().collect(),
            Self::Terms(name, value, terms) => {
                let own = terms.iter().filter_map(|term| match term {
                    CountryTerm::Country(named) => (*named == country).then(String::new),
                    CountryTerm::Zone(zone) => dated.days_in(zone, country),
                });
                own.map(|how| format!("${name} {value} {how}")).collect()
            }
        }
    }
}

impl Dated<'_> {
    /// The zone, and whether the country is in it on the first day and after each change; nothing
    /// when it never is.
    fn days_in(&self, zone: &str, country: Country) -> Option<String> {
        let changes = self.zones.changes(zone).into_iter().filter(|day| self.span.may_be(*day));
        let is_in = |day| self.zones.members(zone, day).is_some_and(|members| members.contains(country));
        let turns: Vec<bool> = self.span.first.into_iter().chain(changes).map(is_in).collect();
        let words: Vec<&str> = turns.iter().map(|is_in| if *is_in { "in" } else { "out" }).collect();
        turns.contains(&true).then(|| format!("@{zone} {}", words.join(" ")))
    }
}

/// The days from the first that the vehicles name to the last.
fn span(dossier: &Dossier, law_as_of: Day) -> Days {
    let (mut first, mut last) = (law_as_of, law_as_of);
    if let Some(table) = dossier.table(TableKind::Vehicles) {
        let dates = TableKind::Vehicles.columns().iter().filter(|column| column.kind == ColumnKind::Day);
        for column in dates {
            for day in (0..table.len()).filter_map(|row| table.day(column.name, row)) {
                (first, last) = (first.min(day), last.max(day));
            }
        }
    }
    Days::between(first, last)
}

fn market(held: &[String], countries: &[Country], own: &BTreeSet<Country>) -> Option<Market> {
    let judged_as = countries.iter().find(|country| own.contains(country)).or(countries.first()).copied()?;
    let name = match (held, countries) {
        ([], _) => "elsewhere".to_owned(),
        (_, [only]) => only.alpha2().to_owned(),
        ([zone], _) if zone.starts_with('@') && !zone.contains("out") => {
            zone.trim_start_matches('@').split(' ').next().unwrap_or_default().to_owned()
        }
        (_, [first, rest @ ..]) => format!("{} and {} more", first.alpha2(), rest.len()),
        (_, []) => return None,
    };
    Some(Market { name, judged_as, countries: u32::try_from(countries.len()).unwrap_or(u32::MAX) })
}

fn destinations(dossier: &Dossier) -> BTreeSet<Country> {
    let table = dossier.table(TableKind::Vehicles);
    let of_vehicles = table
        .into_iter()
        .flat_map(|table| (0..table.len()).filter_map(|row| table.country(DESTINATION, row)));
    of_vehicles.chain(dossier.destination).collect()
}

/// The lists in a predicate that names a destination: its country codes, zones and parameters.
fn lists<'a>(sql: &'a str, pack: &'a Pack) -> Vec<List<'a>> {
    let mut lists: Vec<List<'a>> = Vec::new();
    for quoted in sql.split('\'').skip(1).step_by(2) {
        lists.extend(Country::from_code(quoted).map(List::Country));
    }
    for word in words(sql) {
        if let Some(zone) = word.strip_prefix('@') {
            lists.push(List::Zone(zone));
        }
        let parameter = word.strip_prefix('$').and_then(|name| pack.parameters.get(name));
        for value in parameter.into_iter().flat_map(|parameter| &parameter.values) {
            if let Value::Countries(terms) = &value.value {
                lists.push(List::Terms(word.trim_start_matches('$'), value.index, terms));
            }
        }
    }
    lists
}
