use std::collections::BTreeSet;

use filiera_model::Exact;

use crate::gather::{Gather, Spot, number};
use crate::json_text::Json;
use crate::tenders::{Latest, Offer};

use super::{OwnedItem, Release, entries, id, money};

type Offers = Latest<(Offer, Vec<OwnedItem>, Spot)>;

/// The bids of a release; where it lists none, its awards and tenderers stand for them.
pub(super) fn add(release: &Release, offers: &mut Offers, gather: &mut Gather<'_>) {
    let nothing = Json::Null;
    let bids = release.json.get("bids").unwrap_or(&nothing);
    let spot = release.spot.at("bids");
    let awarded = awarded(release);
    let mut listed = false;
    for (spot, bid) in entries(bids, "details", &spot) {
        listed = true;
        add_bid(release, bid, &awarded, &spot, offers, gather);
    }
    let known_bids = offers.iter().any(|(offer, ..)| offer.tender == release.ocid && offer.awarded.is_some());
    if !listed && !known_bids {
        awards(release, offers, gather);
        tenderers(release, offers, gather);
    }
}

/// The bids that awards name as theirs.
fn awarded(release: &Release) -> BTreeSet<&str> {
    let awards = release.json.get("awards").map_or(&[][..], Json::items);
    let lists = awards.iter().filter_map(|award| award.get("relatedBids"));
    let listed = lists.flat_map(|list| list.items().iter().filter_map(Json::scalar));
    let single = awards.iter().filter_map(|award| award.get("relatedBid").and_then(Json::scalar));
    listed.chain(single).collect()
}

fn add_bid(
    release: &Release,
    bid: &Json,
    awarded: &BTreeSet<&str>,
    spot: &Spot,
    offers: &mut Offers,
    gather: &mut Gather<'_>,
) {
    let Some(own) = id(bid, spot, gather) else {
        gather.note(spot, "bid without an id, not read", "");
        return;
    };
    let (price, currency) = money(bid.get("value"));
    let lots = bid.get("relatedLots").map_or(&[][..], Json::items).iter().filter_map(Json::scalar);
    let offer = Offer {
        id: format!("{}/{own}", release.ocid),
        tender: release.ocid.clone(),
        lots: lots.map(str::to_owned).collect(),
        bidders: organisations(bid, "tenderers", spot, gather),
        price,
        currency,
        status: bid.text_of("status").map(str::to_owned),
        rank: bid.get("rank").and_then(Json::scalar).map(str::to_owned),
        awarded: Some(awarded.contains(own)),
        origins: origins(bid, spot, gather),
    };
    let items = items(bid, spot, gather);
    offers.set(&offer.id.clone(), (offer, items, spot.clone()));
}

/// The countries an offer comes from, each once.
fn origins(bid: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Vec<String> {
    let mut origins: Vec<String> = Vec::new();
    let spot = spot.at("countriesOfOrigin");
    let listed = bid.get("countriesOfOrigin");
    let texts = listed.map_or(&[][..], Json::items).iter().filter_map(Json::text);
    for code in texts.chain(bid.text_of("countryOfOrigin")) {
        // A country that is not known still is one of several.
        let country = gather.country(&spot, code).unwrap_or_else(|| code.to_owned());
        if !origins.contains(&country) {
            origins.push(country);
        }
    }
    origins.retain(|origin| filiera_model::Country::from_code(origin).is_some());
    origins
}

fn organisations(json: &Json, list: &'static str, spot: &Spot, gather: &mut Gather<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (spot, one) in entries(json, list, spot) {
        let name = id(one, &spot, gather).or_else(|| one.text_of("name"));
        found.extend(name.map(str::to_owned).filter(|name| !found.contains(name)));
    }
    found
}

fn items(json: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Vec<OwnedItem> {
    let mut found = Vec::new();
    for (place, (spot, item)) in entries(json, "items", spot).enumerate() {
        let own = id(item, &spot, gather).map_or_else(|| (place + 1).to_string(), str::to_owned);
        let (unit_value, currency) = money(item.get("unit").and_then(|unit| unit.get("value")));
        let quantity = item.get("quantity").and_then(Json::scalar).and_then(number);
        let value = quantity
            .zip(unit_value)
            .and_then(|(quantity, unit)| Some((quantity * Exact::parse(&unit).ok()?).to_text()));
        found.push(OwnedItem {
            id: own,
            category: category(item, &spot, gather),
            component: item.text_of("description").map(str::to_owned),
            value,
            currency,
        });
    }
    found
}

/// The code of an item: a CPV code as it is, without its check digit; any other with its scheme.
pub(super) fn category(item: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<String> {
    let classification = item.get("classification")?;
    let code = id(classification, &spot.at("classification"), gather)?;
    match classification.text_of("scheme") {
        Some("CPV") | None => Some(code.split('-').next().unwrap_or(code).to_owned()),
        Some(scheme) => Some(format!("{scheme}:{code}")),
    }
}

/// Awards of a process that publishes no bids: what was awarded was offered.
fn awards(release: &Release, offers: &mut Offers, gather: &mut Gather<'_>) {
    for (spot, award) in entries(&release.json, "awards", &release.spot) {
        let Some(own) = id(award, &spot, gather) else { continue };
        let (price, currency) = money(award.get("value"));
        let lots = award.get("relatedLots").map_or(&[][..], Json::items).iter().filter_map(Json::scalar);
        let offer = Offer {
            id: format!("{}/{own}", release.ocid),
            tender: release.ocid.clone(),
            lots: lots.map(str::to_owned).collect(),
            bidders: organisations(award, "suppliers", &spot, gather),
            price,
            currency,
            status: award.text_of("status").map(|status| format!("award {status}")),
            ..Offer::default()
        };
        let items = items(award, &spot, gather);
        offers.set(&offer.id.clone(), (offer, items, spot));
    }
}

/// Tenderers of whose bid nothing is published.
fn tenderers(release: &Release, offers: &mut Offers, gather: &mut Gather<'_>) {
    let Some(tender) = release.json.get("tender") else { return };
    let spot = release.spot.at("tender");
    for name in organisations(tender, "tenderers", &spot, gather) {
        let holds = |offer: &Offer| offer.tender == release.ocid && offer.bidders.contains(&name);
        let id = format!("{}/tenderer/{name}", release.ocid);
        if offers.has(&id) || offers.iter().any(|(offer, ..)| holds(offer)) {
            continue;
        }
        let offer =
            Offer { id: id.clone(), tender: release.ocid.clone(), bidders: vec![name], ..Offer::default() };
        offers.set(&id, (offer, Vec::new(), spot.clone()));
    }
}
