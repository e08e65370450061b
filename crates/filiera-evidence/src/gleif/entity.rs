use std::collections::BTreeSet;

use filiera_model::Country;
use filiera_tables::TableKind;

use crate::gather::{Gather, Spot};
use crate::identifiers::{self, UK_COMPANIES};
use crate::imported::ColumnBuilder;
use crate::json_text::Json;

use super::{Found, value};

/// A legal entity, as a row of `companies`.
pub(super) struct Entity {
    row: u32,
    lei: String,
    name: Option<String>,
    country: Option<Country>,
    register: Option<String>,
    category: Option<String>,
}

pub(super) fn read(lei: String, json: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Entity {
    let nothing = Json::Null;
    let entity = json.get("Entity").unwrap_or(&nothing);
    let inner = spot.at("Entity");
    let status = json.get("Registration").and_then(|one| value(one, "RegistrationStatus"));
    if let Some(status @ ("ANNULLED" | "DUPLICATE")) = status {
        gather.note(spot, "LEI that is no longer to be used", status);
    }
    Entity {
        row: spot.row,
        name: value(entity, "LegalName").map(str::to_owned),
        country: country(entity, &inner, gather),
        register: register(entity),
        category: value(entity, "EntityCategory").map(str::to_lowercase),
        lei,
    }
}

/// The jurisdiction, else the country of the legal address.
fn country(entity: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<Country> {
    let address = || entity.get("LegalAddress").and_then(|address| value(address, "Country"));
    let written = value(entity, "LegalJurisdiction").or_else(address)?;
    let country = Country::from_code(written.split('-').next().unwrap_or(written));
    if country.is_none() {
        gather.note(spot, "unknown country", written);
    }
    country
}

/// The code under which the foundation knows the register of companies of England and Wales.
const UK_REGISTER: &str = "RA000585";

/// The entity's number in a register; `RA888888` and `RA999999` stand for none.
fn register(entity: &Json) -> Option<String> {
    let authority = entity.get("RegistrationAuthority")?;
    let id = value(authority, "RegistrationAuthorityID")?;
    let number = value(authority, "RegistrationAuthorityEntityID")?;
    match id {
        "RA888888" | "RA999999" => None,
        UK_REGISTER => identifiers::in_register(UK_COMPANIES, number),
        id => identifiers::in_register(id, number),
    }
}

const COMPANY: [&str; 7] = ["company", "name", "country", "identifier", "person", "type", "reason"];

/// A row per entity and further identifier, one per entity that is only related to, one per parent that
/// nobody names.
pub(super) fn rows(found: &[Found], gather: &mut Gather<'_>) {
    let mut rows = ColumnBuilder::new(&COMPANY);
    let mut known: BTreeSet<String> = BTreeSet::new();
    for one in found {
        if let Found::Entity(entity) = one
            && known.insert(entity.lei.clone())
        {
            entity.rows(&mut rows);
        }
    }
    for one in found {
        match one {
            Found::Entity(_) => {}
            Found::Relation(relation) => {
                for id in [&relation.company, &relation.owner] {
                    related(id, relation.place(), &mut known, &mut rows);
                }
            }
            Found::Exception(exception) => {
                related(exception.company(), exception.place(), &mut known, &mut rows);
                let owner = exception.owner();
                let (name, reason) = (Some(exception.in_words()), Some(exception.reason.as_str()));
                let person = exception.is_people().then_some("true");
                let cells = [Some(&*owner), name, None, None, person, Some("unspecified"), reason];
                if known.insert(owner.clone()) {
                    rows.push(exception.place(), &cells);
                }
            }
        }
    }
    let rows = rows.finish();
    if !rows.is_empty() {
        gather.imported().columns.insert(TableKind::Companies, rows);
    }
}

fn related(id: &str, row: u32, known: &mut BTreeSet<String>, rows: &mut ColumnBuilder) {
    if known.insert(id.to_owned()) {
        let identifier = identifiers::lei(id);
        rows.push(row, &[Some(id), None, None, identifier.as_deref()]);
    }
}

impl Entity {
    fn rows(&self, rows: &mut ColumnBuilder) {
        let country = self.country.map(Country::alpha2);
        let (lei, category) = (Some(self.lei.as_str()), self.category.as_deref());
        rows.push(self.row, &[lei, self.name.as_deref(), country, lei, Some("false"), category]);
        if let Some(register) = &self.register {
            rows.push(self.row, &[lei, None, None, Some(register.as_str())]);
        }
    }
}
