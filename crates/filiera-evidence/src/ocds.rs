//! The Open Contracting Data Standard 1.1: releases, packages of them, and records; award criteria, bids
//! with their items and origins, parties with their shareholders and beneficial owners.
//!
//! Later releases of one contracting process replace what earlier ones said about the same thing.

mod bids;
mod criteria;
mod parties;

use filiera_finding::ReaderReport;

use crate::Imported;
use crate::each_record::each_record;
use crate::gather::{Gather, Spot, Wrong, number};
use crate::json_text::{Json, Records, first_keys};
use crate::tenders::{Criterion, Item, Latest, Offer};

use parties::Parties;

/// Whether the start of a file looks like this standard, sound or not.
pub(crate) fn recognises(start: &[u8]) -> bool {
    let keys = first_keys(start);
    let has = |key: &str| keys.contains(&key);
    let mentions = |word: &[u8]| start.windows(word.len()).any(|window| window == word);
    let of_one = ["tag", "tender", "parties", "awards", "releases", "compiledRelease"];
    (has("ocid") && of_one.iter().any(|key| has(key)))
        || ((has("releases") || has("records")) && mentions(b"\"ocid\""))
}

/// One release with what it speaks about.
struct Release {
    ocid: String,
    date: String,
    json: Json,
    spot: Spot,
}

/// What all releases together say.
#[derive(Default)]
struct Process {
    parties: Parties,
    criteria: Latest<(Criterion, Spot)>,
    offers: Latest<(Offer, Vec<OwnedItem>, Spot)>,
}

/// An item with texts of its own: its release may be gone when it becomes a row.
struct OwnedItem {
    id: String,
    category: Option<String>,
    component: Option<String>,
    value: Option<String>,
    currency: Option<String>,
}

/// Everything a file of releases or records says that filiera reads.
pub(crate) fn read(name: &str, bytes: &[u8], report: &mut ReaderReport) -> Option<Imported> {
    let records = Records::of(bytes, &["releases", "records"]);
    let found = each_record(&records, name, report, releases);
    let mut releases: Vec<Release> = found.into_iter().flatten().collect();
    // Without a date a release is taken where it stands: sorting keeps the order of equals.
    releases.sort_by(|one, next| (&one.ocid, &one.date).cmp(&(&next.ocid, &next.date)));
    let mut gather = Gather::new(name, report);
    gather.imported().format = "ocds 1.1".to_owned();
    let mut process = Process::default();
    for release in &releases {
        process.add(release, &mut gather);
    }
    process.rows(&mut gather);
    Some(gather.finish())
}

/// The release, or those of a record: its compiled one says what all the others do.
fn releases(json: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<Vec<Release>> {
    let Some(ocid) = json.text_of("ocid") else {
        let message = "`ocid` is missing".to_owned();
        let remedy = "name the contracting process that the release is about";
        gather.fault(spot, Wrong { code: "ocds/missing", message, remedy });
        return None;
    };
    let release = |json: &Json, spot: Spot| Release {
        ocid: ocid.to_owned(),
        date: json.text_of("date").unwrap_or("").to_owned(),
        json: json.clone(),
        spot,
    };
    if let Some(compiled) = json.get("compiledRelease") {
        return Some(vec![release(compiled, spot.at("compiledRelease"))]);
    }
    let Some(listed) = json.get("releases") else {
        return Some(vec![release(json, spot.clone())]);
    };
    let each = listed.items().iter().enumerate();
    let whole = each.filter(|(_, one)| one.get("ocid").is_some());
    let list: Vec<Release> = whole.map(|(at, one)| release(one, spot.at("releases").at(at))).collect();
    if list.is_empty() {
        gather.note(spot, "record that only links to its releases, nothing to read", ocid);
    }
    Some(list)
}

impl Process {
    fn add(&mut self, release: &Release, gather: &mut Gather<'_>) {
        self.parties.add(release, gather);
        criteria::add(release, &mut self.criteria, gather);
        bids::add(release, &mut self.offers, gather);
    }

    fn rows(self, gather: &mut Gather<'_>) {
        self.parties.rows(gather);
        for (criterion, spot) in self.criteria.iter() {
            criterion.row(spot, gather);
        }
        for (offer, items, spot) in self.offers.iter() {
            offer.row(spot, gather);
            for item in items {
                item.look().row(offer, spot, gather);
            }
            if items.is_empty() && !offer.origins.is_empty() {
                Item { id: "offer", ..Item::default() }.row(offer, spot, gather);
            }
        }
    }
}

impl OwnedItem {
    fn look(&self) -> Item<'_> {
        Item {
            id: &self.id,
            category: self.category.as_deref(),
            component: self.component.as_deref(),
            value: self.value.clone(),
            currency: self.currency.as_deref(),
        }
    }
}

/// The entries of a list, each with its place.
fn entries<'j>(json: &'j Json, list: &'static str, spot: &Spot) -> impl Iterator<Item = (Spot, &'j Json)> {
    let spot = spot.at(list);
    let items = json.get(list).map_or(&[][..], Json::items);
    items.iter().enumerate().map(move |(place, one)| (spot.at(place), one))
}

/// An amount of money: its number and its currency.
fn money(json: Option<&Json>) -> (Option<String>, Option<String>) {
    let amount = json.and_then(|value| value.get("amount")).and_then(Json::scalar).and_then(number);
    let currency = json.and_then(|value| value.text_of("currency")).map(str::to_owned);
    (amount.map(|amount| amount.to_text()), currency)
}

/// An id; one that a spreadsheet has made a number of, `22222222.0`, loses its decimals.
fn id<'j>(json: &'j Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<&'j str> {
    let id = json.get("id").and_then(Json::scalar)?;
    match id.strip_suffix(".0").filter(|whole| whole.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(whole) => {
            gather.note(&spot.at("id"), "id written as a decimal number", id);
            Some(whole)
        }
        None => Some(id),
    }
}
