use filiera_model::Country;

use crate::country_names;
use crate::gather::{Gather, Spot};
use crate::identifiers::{self, UK_COMPANIES};
use crate::json_text::Json;

use super::nationality;

/// What a line of the register is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Individual,
    Corporate,
    LegalPerson,
    SuperSecure,
    /// Why no person is named.
    Statement,
    /// Why the company need not name one.
    Exemptions,
}

impl Kind {
    pub(super) fn of(kind: &str) -> Option<Self> {
        let ends = |rest: &str| matches!(rest, "person-with-significant-control" | "beneficial-owner");
        let of = |prefix: &str| kind.strip_prefix(prefix).is_some_and(ends);
        Some(match kind {
            "exemptions" => Self::Exemptions,
            kind if kind.ends_with("-statement") => Self::Statement,
            _ if of("individual-") => Self::Individual,
            _ if of("corporate-entity-") => Self::Corporate,
            _ if of("legal-person-") => Self::LegalPerson,
            _ if of("super-secure-") => Self::SuperSecure,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Individual | Self::SuperSecure => "person",
            Self::Corporate => "registeredEntity",
            Self::LegalPerson => "legalEntity",
            Self::Statement | Self::Exemptions => "unspecified",
        }
    }
}

/// Who controls, or why nobody is named.
pub(super) struct Party {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) name: Option<String>,
    pub(super) country: Option<Country>,
    /// All nationalities, where there are several.
    pub(super) nationalities: Option<String>,
    pub(super) identifier: Option<String>,
    pub(super) reason: Option<String>,
}

pub(super) fn read(kind: Kind, data: &Json, company: &str, spot: &Spot, gather: &mut Gather<'_>) -> Party {
    let party = Party {
        id: own_id(data, company),
        kind: kind.name(),
        name: None,
        country: None,
        nationalities: None,
        identifier: None,
        reason: None,
    };
    match kind {
        Kind::Individual => individual(party, data, spot, gather),
        Kind::Corporate | Kind::LegalPerson => organisation(party, data, spot, gather),
        Kind::SuperSecure => Party {
            name: Some("protected person".to_owned()),
            reason: Some("super-secure".to_owned()),
            ..party
        },
        Kind::Statement => unnamed(party, company, data.text_of("statement").unwrap_or("statement")),
        Kind::Exemptions => {
            let kind = exemption(data).and_then(|one| one.text_of("exemption_type"));
            unnamed(party, company, kind.unwrap_or("exempt"))
        }
    }
}

/// The first exemption of a company.
pub(super) fn exemption(data: &Json) -> Option<&Json> {
    data.get("exemptions")?.members().first().map(|(_, exemption)| exemption)
}

/// An entry is a person of its own: people are not told apart by their names.
fn own_id(data: &Json, company: &str) -> String {
    let own = data.get("links").and_then(|links| links.text_of("self"));
    let last = own.and_then(|link| link.rsplit('/').next()).or_else(|| data.text_of("etag"));
    format!("psc:{company}:{}", last.unwrap_or("unnamed"))
}

fn unnamed(party: Party, company: &str, reason: &str) -> Party {
    let name = match reason {
        "no-individual-or-entity-with-signficant-control" => "nobody with more than a quarter",
        reason if reason.starts_with("psc-exempt") => "owner not declared, the company is exempt",
        _ => "controller who is not named",
    };
    Party {
        id: format!("unspecified:{company}:{reason}"),
        name: Some(name.to_owned()),
        reason: Some(reason.to_owned()),
        ..party
    }
}

fn individual(party: Party, data: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Party {
    let countries = nationality::read(data.text_of("nationality").unwrap_or(""), spot, gather);
    let several = countries.len() > 1;
    let codes: Vec<&str> = countries.iter().map(|one| one.alpha2()).collect();
    Party {
        name: data.text_of("name").map(str::to_owned).or_else(|| name(data)),
        country: countries.first().copied().filter(|_| !several),
        nationalities: several.then(|| codes.join(" ")),
        ..party
    }
}

fn name(data: &Json) -> Option<String> {
    let elements = data.get("name_elements")?;
    let parts = ["title", "forename", "middle_name", "surname"].map(|part| elements.text_of(part));
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn organisation(party: Party, data: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Party {
    let nothing = Json::Null;
    let identification = data.get("identification").unwrap_or(&nothing);
    let spot = spot.at("identification");
    let written = identification.text_of("country_registered");
    let place = identification.text_of("place_registered");
    let country = written.and_then(country_names::country).or_else(|| place.and_then(country_names::country));
    if let (Some(written), None) = (written, country) {
        gather.note(&spot, "unknown country", written);
    }
    let number = identification.get("registration_number").and_then(Json::scalar);
    let identifier = number.and_then(|number| match country.map(Country::alpha2) {
        Some("GB") => uk_number(number),
        Some(country) => foreign_number(country, place?, number),
        None => None,
    });
    let is_uk = identifier.as_ref().is_some_and(|one| one.starts_with(UK_COMPANIES));
    Party {
        // A company of this register is the same party wherever the register names it.
        id: if is_uk { identifier.clone().unwrap_or(party.id) } else { party.id },
        name: data.text_of("name").map(str::to_owned),
        country,
        identifier,
        ..party
    }
}

/// A number that a company of the United Kingdom can have: eight characters, at most two letters first.
fn uk_number(number: &str) -> Option<String> {
    let number = identifiers::uk_company(number);
    let digits = number.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
    let shaped = number.len() == 8
        && number.len() - digits.len() <= 2
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    if shaped { identifiers::in_register(UK_COMPANIES, &number) } else { None }
}

/// A number in a foreign register: the register must be named, because one country may have many.
fn foreign_number(country: &str, place: &str, number: &str) -> Option<String> {
    let plain = |text: &str| {
        let kept = text.chars().filter(|letter| letter.is_alphanumeric());
        kept.flat_map(char::to_uppercase).collect::<String>()
    };
    let (place, number) = (plain(place), plain(number));
    (!place.is_empty() && !number.is_empty()).then(|| format!("{country}/{place}/{number}"))
}
