//! The United Kingdom's register of people with significant control, as its snapshots are published: one
//! JSON object per line, or a list of them.
//!
//! A nature of control is a band, held directly or indirectly: it already counts what is held through
//! others, so every row is indirect and none is to be multiplied along a chain.

mod nationality;
mod nature;
mod party;
mod rows;

use filiera_finding::ReaderReport;
use filiera_model::Day;

use crate::Imported;
use crate::each_record::each_record;
use crate::gather::{Gather, Spot, Wrong};
use crate::identifiers::{UK_COMPANIES, uk_company};
use crate::json_text::{Json, Records, first_keys};

use nature::Nature;
use party::Party;

/// Whether the start of a file looks like the register, sound or not.
pub(crate) fn recognises(start: &[u8]) -> bool {
    let keys = first_keys(start);
    let mentions = |word: &[u8]| start.windows(word.len()).any(|window| window == word);
    // The last line of a snapshot, its totals, belongs to no company.
    let is_alone = keys == ["data"] && mentions(b"\"etag\"");
    keys.contains(&"data") && (keys.contains(&"company_number") || is_alone) && mentions(b"\"kind\"")
}

/// Everything a file of the register says that filiera reads.
pub(crate) fn read(name: &str, bytes: &[u8], report: &mut ReaderReport) -> Option<Imported> {
    let records = Records::of(bytes, &["items"]);
    let found = each_record(&records, name, report, record);
    let mut gather = Gather::new(name, report);
    gather.imported().format = "uk psc".to_owned();
    rows::fill(&found, &mut gather);
    Some(gather.finish())
}

/// One line of the register.
struct Found {
    row: u32,
    /// The company that is controlled.
    company: String,
    party: Party,
    /// What is held; empty where that is not said.
    natures: Vec<Nature>,
    from: Option<Day>,
    /// The last day.
    to: Option<Day>,
}

fn record(json: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<Found> {
    let Some(data) = json.get("data") else {
        return missing("data", spot, gather);
    };
    let kind = data.text_of("kind").unwrap_or("");
    if kind.starts_with("totals#") {
        return None;
    }
    let inner = spot.at("data");
    let known = party::Kind::of(kind);
    let Some(known) = known else {
        gather.note(&inner.at("kind"), "line of an unknown kind, not read", kind);
        return None;
    };
    let Some(number) = json.get("company_number").and_then(Json::scalar) else {
        return missing("company_number", spot, gather);
    };
    let company = format!("{UK_COMPANIES}-{}", uk_company(number));
    if known != party::Kind::Exemptions && is_over_since_some_day(data) {
        gather.note(&inner, "ceased, and no day says since when, not read", "");
        return None;
    }
    let party = party::read(known, data, &company, &inner, gather);
    let natures = natures(data, &inner, gather);
    let (from, to) = days(known, data, &inner, gather);
    Some(Found { row: spot.row, company, party, natures, from, to })
}

fn missing(member: &str, spot: &Spot, gather: &mut Gather<'_>) -> Option<Found> {
    let message = format!("`{member}` is missing");
    let remedy = "take the line as the register publishes it";
    gather.fault(spot, Wrong { code: "psc/missing", message, remedy });
    None
}

fn natures(data: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Vec<Nature> {
    let mut natures = Vec::new();
    for code in data.get("natures_of_control").map_or(&[][..], Json::items).iter().filter_map(Json::text) {
        match nature::of_code(code) {
            Some(nature) if !natures.contains(&nature) => natures.push(nature),
            Some(_) => {}
            None => gather.note(&spot.at("natures_of_control"), "unknown nature of control", code),
        }
    }
    natures
}

/// Whether somebody has ceased and neither that day nor the first is known, as of protected persons.
fn is_over_since_some_day(data: &Json) -> bool {
    let has_day = |member: &str| data.text_of(member).is_some_and(|text| text.parse::<Day>().is_ok());
    data.get("ceased") == Some(&Json::Bool(true)) && !["ceased_on", "notified_on"].into_iter().any(has_day)
}

/// The first and the last day; the day on which somebody ceased is the first without.
fn days(kind: party::Kind, data: &Json, spot: &Spot, gather: &mut Gather<'_>) -> (Option<Day>, Option<Day>) {
    let day = |json: &Json, member: &str| json.text_of(member).and_then(|text| text.parse::<Day>().ok());
    if kind == party::Kind::Exemptions {
        let item =
            party::exemption(data).and_then(|one| one.get("items")).and_then(|items| items.items().last());
        return item.map_or((None, None), |item| (day(item, "exempt_from"), day(item, "exempt_to")));
    }
    let from = day(data, "notified_on");
    let ceased = day(data, "ceased_on").or_else(|| {
        let ceased = data.get("ceased") == Some(&Json::Bool(true));
        if ceased {
            gather.note(spot, "ceased without a day, taken as the day of the notification", "");
        }
        from.filter(|_| ceased)
    });
    let to = ceased.map(Day::previous);
    if let (Some(first), Some(last)) = (from, to)
        && last < first
    {
        gather.note(spot, "ceased on the day of its notification or before", &first.to_string());
    }
    (from, to)
}
