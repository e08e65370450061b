use filiera_model::Exact;

use crate::country_names;
use crate::gather::{Gather, Spot, Wrong, number};
use crate::identifiers;
use crate::json_text::Json;
use crate::tenders::{Interest, Latest, Party};

use super::{Release, entries, id};

/// The organisations of all releases, and who has a part in them.
#[derive(Default)]
pub(super) struct Parties {
    parties: Latest<(Party, Spot)>,
    holders: Latest<(Holder, Spot)>,
}

/// A shareholder or beneficial owner.
struct Holder {
    party: Party,
    company: String,
    kind: &'static str,
    share: Option<String>,
    direct: bool,
    interest: &'static str,
    document: String,
}

impl Parties {
    pub(super) fn add(&mut self, release: &Release, gather: &mut Gather<'_>) {
        for (spot, json) in entries(&release.json, "parties", &release.spot) {
            let Some(own) = id(json, &spot, gather) else {
                gather.note(&spot, "party without an id, not read", json.text_of("name").unwrap_or(""));
                continue;
            };
            let party = party(own, json, &spot, gather);
            self.parties.set(own, (party, spot.clone()));
            for (spot, holder) in entries(json, "shareholders", &spot) {
                self.shareholder(own, holder, release, &spot, gather);
            }
            for (spot, owner) in entries(json, "beneficialOwners", &spot) {
                self.beneficial_owner(own, owner, release, &spot, gather);
            }
        }
    }

    fn shareholder(
        &mut self,
        company: &str,
        json: &Json,
        release: &Release,
        spot: &Spot,
        gather: &mut Gather<'_>,
    ) {
        let nothing = Json::Null;
        let holder = json.get("shareholder").unwrap_or(&nothing);
        let own = id(holder, spot, gather).map(str::to_owned);
        let entry = json.get("id").and_then(Json::scalar).unwrap_or("1");
        let own = own.unwrap_or_else(|| format!("{company}/shareholder/{entry}"));
        let party = party(&own, holder, spot, gather);
        let fraction = |member: &'static str, gather: &mut Gather<'_>| {
            let share = json.get(member).and_then(Json::scalar)?;
            fraction(share, &spot.at(member), gather)
        };
        let rights = [
            ("shares", "shareholding", fraction("shareholding", gather)),
            ("votes", "votingRights", fraction("votingRights", gather)),
        ];
        for (kind, interest, share) in rights {
            if kind == "votes" && share.is_none() {
                continue;
            }
            let (party, company, document) = (party.clone(), company.to_owned(), release.ocid.clone());
            let holder = Holder { party, company, kind, share, direct: true, interest, document };
            self.holders.set(&format!("{}/{own}/{kind}", holder.company), (holder, spot.clone()));
        }
    }

    /// A beneficial owner: somebody with a part or a say that is not stated.
    fn beneficial_owner(
        &mut self,
        company: &str,
        json: &Json,
        release: &Release,
        spot: &Spot,
        gather: &mut Gather<'_>,
    ) {
        let entry = json.get("id").and_then(Json::scalar).unwrap_or("1");
        let own = format!("{company}/owner/{entry}");
        let nationalities = json.get("nationalities").map_or(&[][..], Json::items);
        let codes: Vec<&str> = nationalities.iter().filter_map(Json::text).collect();
        let country = match codes.as_slice() {
            [only] => gather.country(&spot.at("nationalities"), only),
            _ => None,
        };
        let name = json.text_of("name").map(str::to_owned);
        let kind = Some("person".to_owned());
        let party = Party { id: own.clone(), name, country, kind, ..Party::default() };
        let holder = Holder {
            party,
            company: company.to_owned(),
            kind: "shares",
            share: None,
            direct: false,
            interest: "beneficialOwner",
            document: release.ocid.clone(),
        };
        self.holders.set(&own, (holder, spot.clone()));
    }

    pub(super) fn rows(&self, gather: &mut Gather<'_>) {
        for (party, spot) in self.parties.iter() {
            party.rows(spot, gather);
        }
        for (holder, spot) in self.holders.iter() {
            if !self.parties.has(&holder.party.id) {
                holder.party.rows(spot, gather);
            }
            let interest = Interest {
                owner: &holder.party.id,
                company: &holder.company,
                kind: holder.kind,
                share: holder.share.clone(),
                direct: Some(holder.direct),
                document: &holder.document,
                interest: holder.interest,
            };
            interest.row(spot, gather);
        }
    }
}

fn party(own: &str, json: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Party {
    let mut identifiers: Vec<String> = Vec::new();
    let first = json.get("identifier").map(|one| (spot.at("identifier"), one));
    let more: Vec<_> = entries(json, "additionalIdentifiers", spot).collect();
    for (spot, one) in first.into_iter().chain(more) {
        let number = id(one, &spot, gather);
        let strong =
            one.text_of("scheme").zip(number).and_then(|(scheme, id)| identifiers::in_register(scheme, id));
        identifiers.extend(strong.filter(|one| !identifiers.contains(one)));
    }
    Party {
        id: own.to_owned(),
        name: json.text_of("name").map(str::to_owned),
        country: country(json, spot, gather),
        identifiers,
        ..Party::default()
    }
}

/// The country of the address, which is a code in an extension and a name in the standard.
fn country(json: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<String> {
    let address = json.get("address")?;
    let written = address.text_of("country").or_else(|| address.text_of("countryName"))?;
    match country_names::country(written) {
        Some(country) => Some(country.alpha2().to_owned()),
        None => gather.country(&spot.at("address"), written),
    }
}

/// A part of one, `0.67`, as a percentage.
fn fraction(text: &str, spot: &Spot, gather: &mut Gather<'_>) -> Option<String> {
    let share = number(text)?;
    if share.is_negative() || share > Exact::one() {
        let message = format!("`{text}` is no part of one");
        let remedy = "write 67 % as 0.67";
        gather.fault(spot, Wrong { code: "ocds/share", message, remedy });
        return None;
    }
    Some(format!("{} %", (share * Exact::from_int(100)).to_text()))
}
