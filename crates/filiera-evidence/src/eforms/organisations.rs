use filiera_model::Country;

use crate::gather::Gather;
use crate::tenders::{Interest, Party};
use crate::xml_text::Element;

use super::{Notice, spot};

/// The organisations of a notice, and the beneficial owners of those who offer.
pub(super) fn rows(notice: &Notice<'_>, gather: &mut Gather<'_>) {
    let Some(listed) = notice.extension().and_then(|ours| ours.child("Organizations")) else { return };
    for organisation in listed.all("Organization") {
        let Some(company) = organisation.child("Company") else { continue };
        let Some(number) = company.text_at(&["PartyIdentification", "ID"]) else {
            gather.note(&spot(organisation), "organisation without an id, not read", "");
            continue;
        };
        let id = notice.party(number);
        party(&id, company, organisation, gather).rows(&spot(organisation), gather);
        for owner in organisation.all("UltimateBeneficialOwner").filter_map(|owner| owner.text_at(&["ID"])) {
            let owner = notice.party(owner);
            owns(&owner, &id, notice, organisation, gather);
        }
    }
    for owner in listed.all("UltimateBeneficialOwner") {
        person(notice, owner, gather);
    }
}

fn party(id: &str, company: &Element, organisation: &Element, gather: &mut Gather<'_>) -> Party {
    let written = company.text_at(&["PostalAddress", "Country", "IdentificationCode"]);
    let listed = organisation.text_at(&["ListedOnRegulatedMarketIndicator"]);
    Party {
        id: id.to_owned(),
        name: company.text_at(&["PartyName", "Name"]).map(str::to_owned),
        country: written.and_then(|code| gather.country(&spot(company), code)),
        listed: listed.and_then(|text| text.parse().ok()),
        // The register is not named, so that nothing is merged by the number.
        number: company.text_at(&["PartyLegalEntity", "CompanyID"]).map(str::to_owned),
        ..Party::default()
    }
}

fn owns(owner: &str, company: &str, notice: &Notice<'_>, organisation: &Element, gather: &mut Gather<'_>) {
    let interest = Interest {
        owner,
        company,
        kind: "shares",
        share: None,
        direct: Some(false),
        document: &notice.id,
        interest: "beneficialOwner",
    };
    interest.row(&spot(organisation), gather);
}

/// A beneficial owner; one with several nationalities has no country.
fn person(notice: &Notice<'_>, owner: &Element, gather: &mut Gather<'_>) {
    let Some(number) = owner.text_at(&["ID"]) else { return };
    let codes: Vec<&str> =
        owner.all("Nationality").filter_map(|one| one.text_at(&["NationalityID"])).collect();
    let country = match codes.as_slice() {
        [only] => gather.country(&spot(owner), only),
        _ => None,
    };
    let parts = ["FirstName", "MiddleName", "FamilyName"].map(|part| owner.text_at(&[part]));
    let name: Vec<&str> = parts.into_iter().flatten().collect();
    let person = Party {
        id: notice.party(number),
        name: (!name.is_empty()).then(|| name.join(" ")),
        country: country.filter(|code| Country::from_code(code).is_some()),
        kind: Some("person".to_owned()),
        ..Party::default()
    };
    person.rows(&spot(owner), gather);
}
