use crate::gather::{Gather, Spot};
use crate::json_text::Json;

use super::interest::{self, Interest};

/// Who holds what in whom, as one statement says it.
#[derive(Clone, Debug)]
pub(super) struct Relationship {
    /// The record of the entity in which the interests are held.
    pub(super) subject: Box<str>,
    pub(super) owner: Owner,
    /// The records that say how the interests are held, where they are held through others.
    pub(super) components: Box<[Box<str>]>,
    pub(super) interests: Box<[Interest]>,
}

/// The interested party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// The record of an entity or a person.
    Record(Box<str>),
    /// Nobody whom the publisher names, and why.
    Unspecified(Box<str>),
}

/// Reads a relationship; one whose subject is not named says nothing about anybody and is counted.
pub(super) fn read(details: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<Relationship> {
    let subject = details.get("subject")?;
    let Some(subject) = subject.text() else {
        let reason = subject.text_of("reason").unwrap_or("");
        gather.note(&spot.at("subject"), "relationship with an unnamed subject, not read", reason);
        return None;
    };
    let party = details.get("interestedParty")?;
    let owner = match party.text() {
        Some(record) => Owner::Record(record.into()),
        None => Owner::Unspecified(party.text_of("reason").unwrap_or("unknown").into()),
    };
    let texts = details.get("componentRecords").map_or(&[][..], Json::items);
    let components: Box<[Box<str>]> = texts.iter().filter_map(Json::text).map(Box::from).collect();
    Some(Relationship {
        subject: subject.into(),
        owner,
        interests: interests(details, !components.is_empty(), spot, gather),
        components,
    })
}

/// Whether it is stated that nobody knows how directly an interest is held.
fn says_unknown(interest: &Json) -> bool {
    interest.text_of("type").is_some() && interest.text_of("directOrIndirect") == Some("unknown")
}

/// The interests. Those of a relationship with components are held through others, unless stated
/// otherwise, and so may be those of which it is unknown, unless they are a component themselves; a
/// relationship that lists none still says that there is one.
fn interests(details: &Json, has_components: bool, spot: &Spot, gather: &mut Gather<'_>) -> Box<[Interest]> {
    let listed = details.get("interests").map_or(&[][..], Json::items);
    if listed.is_empty() {
        gather.note(spot, "relationship without interests, taken as unknown shares", "");
        return [interest::unspecified()].into();
    }
    let is_component = details.get("isComponent") == Some(&Json::Bool(true));
    let spot = spot.at("interests");
    let read = listed.iter().enumerate().map(|(place, one)| {
        let mut interest = interest::read(one, &spot.at(place), gather);
        let may_be_indirect = has_components || (!is_component && says_unknown(one));
        if may_be_indirect && interest.direct.is_none() {
            interest.direct = Some(false);
        }
        interest
    });
    read.collect()
}
