use filiera_model::Country;

use crate::country_names;
use crate::gather::{Gather, Spot};
use crate::identifiers;
use crate::json_text::Json;

/// What a statement says of an entity or a person.
#[derive(Clone, Debug, Default)]
pub(super) struct PartyFacts {
    /// `person`, or the type of the entity with its subtype: `arrangement/trust`.
    pub(super) kind: Box<str>,
    pub(super) name: Option<Box<str>>,
    /// The jurisdiction of an entity; the nationality of a person who has only one.
    pub(super) country: Option<Country>,
    /// All nationalities, where there are several.
    pub(super) nationalities: Option<Box<str>>,
    /// Identifiers that name nobody else, in one form whatever the publisher.
    pub(super) identifiers: Box<[Box<str>]>,
    pub(super) listed: Option<bool>,
    /// Why it is not named.
    pub(super) reason: Option<Box<str>>,
}

impl PartyFacts {
    /// Whether a chain of control ends there: a person or a state has no owners. Nothing for a party
    /// that is not named.
    pub(super) fn is_end(&self) -> Option<bool> {
        match &*self.kind {
            "person" | "state" => Some(true),
            "anonymousEntity" | "unknownEntity" => None,
            _ => Some(false),
        }
    }

    /// Whether parties join in it without a body of their own.
    pub(super) fn is_arrangement(&self) -> bool {
        self.kind.starts_with("arrangement")
    }

    /// Whether it stands for a nominee who acts for a nominator.
    pub(super) fn is_nomination(&self) -> bool {
        &*self.kind == "arrangement/nomination"
    }

    /// Whether it is a trust, whose parties have roles and not parts.
    pub(super) fn is_trust(&self) -> bool {
        self.kind.ends_with("/trust")
    }
}

pub(super) fn entity(details: &Json, spot: &Spot, gather: &mut Gather<'_>) -> PartyFacts {
    let form = details.get("entityType");
    let of_form = |name: &str| form.and_then(|form| form.text_of(name));
    let kind = match (of_form("type").unwrap_or("entity"), of_form("subtype")) {
        (kind, Some(subtype)) if subtype != "other" => format!("{kind}/{subtype}"),
        (kind, _) => kind.to_owned(),
    };
    let identifiers = identifiers(details, spot, gather);
    let listing = details.get("publicListing").and_then(|listing| listing.get("hasPublicListing"));
    PartyFacts {
        kind: kind.into(),
        name: details.text_of("name").map(Box::from),
        country: seat(details, spot, gather).or_else(|| register_country(details)),
        nationalities: None,
        identifiers,
        listed: listing.map(|listed| *listed == Json::Bool(true)),
        reason: reason(details, "unspecifiedEntityDetails"),
    }
}

pub(super) fn person(details: &Json, spot: &Spot, gather: &mut Gather<'_>) -> PartyFacts {
    let names = details.get("names").map_or(&[][..], Json::items);
    let legal = names.iter().find(|name| name.text_of("type") == Some("legal"));
    let name = legal.into_iter().chain(names).find_map(full_name);
    let nationalities: Vec<Country> = details
        .get("nationalities")
        .map_or(&[][..], Json::items)
        .iter()
        .filter_map(|one| country(one, &spot.at("nationalities"), gather))
        .collect();
    let several = nationalities.iter().any(|one| Some(one) != nationalities.first());
    let codes: Vec<&str> = nationalities.iter().map(|one| one.alpha2()).collect();
    PartyFacts {
        kind: "person".into(),
        name,
        country: nationalities.first().copied().filter(|_| !several),
        nationalities: several.then(|| codes.join(" ").into()),
        identifiers: identifiers(details, spot, gather),
        listed: None,
        reason: reason(details, "unspecifiedPersonDetails"),
    }
}

fn full_name(name: &Json) -> Option<Box<str>> {
    if let Some(full) = name.text_of("fullName") {
        return Some(full.into());
    }
    let parts = ["givenName", "patronymicName", "familyName"];
    let parts: Vec<&str> = parts.iter().filter_map(|part| name.text_of(part)).collect();
    (!parts.is_empty()).then(|| parts.join(" ").into())
}

fn reason(details: &Json, member: &str) -> Option<Box<str>> {
    details.get(member)?.text_of("reason").map(Box::from)
}

/// The jurisdiction, else the registered address.
fn seat(details: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<Country> {
    if let Some(jurisdiction) = details.get("jurisdiction") {
        return country(jurisdiction, &spot.at("jurisdiction"), gather);
    }
    let addresses = details.get("addresses").map_or(&[][..], Json::items);
    let registered = addresses.iter().find(|one| one.text_of("type") == Some("registered"))?;
    country(registered.get("country")?, &spot.at("addresses"), gather)
}

/// `US`, `US-DE`, or an English name; what is no country is counted.
fn country(json: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<Country> {
    let code = json.text_of("code").map(|code| code.split('-').next().unwrap_or(code));
    let name = json.text_of("name");
    let found = code.and_then(Country::from_code).or_else(|| name.and_then(country_names::country));
    if found.is_none() {
        gather.note(spot, "unknown country", code.or(name).unwrap_or(""));
    }
    found
}

/// The country in whose register an entity stands, by the prefix of the register: `GB-COH`.
fn register_country(details: &Json) -> Option<Country> {
    let identifiers = details.get("identifiers").map_or(&[][..], Json::items);
    identifiers.iter().find_map(|one| {
        let (country, _) = one.text_of("scheme")?.split_once('-')?;
        Country::from_code(country)
    })
}

fn identifiers(details: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Box<[Box<str>]> {
    let mut found: Vec<Box<str>> = Vec::new();
    for one in details.get("identifiers").map_or(&[][..], Json::items) {
        let Some(id) = one.text_of("id") else { continue };
        match one.text_of("scheme").and_then(|scheme| identifiers::in_register(scheme, id)) {
            Some(strong) if !found.iter().any(|known| **known == *strong) => found.push(strong.into()),
            Some(_) => {}
            None => gather.note(
                &spot.at("identifiers"),
                "identifier without the code of its register, nothing is merged by it",
                id,
            ),
        }
    }
    found.into()
}
