use std::collections::{BTreeMap, BTreeSet};

use crate::gather::{Gather, number};
use crate::tenders::{Item, Offer};
use crate::xml_text::Element;

use super::{Notice, lots, spot};

/// The tenders of a result notice, each with one item: what the lot asks for, from where it comes.
pub(super) fn rows(notice: &Notice<'_>, gather: &mut Gather<'_>) {
    let Some(result) = notice.extension().and_then(|ours| ours.child("NoticeResult")) else { return };
    let winners = winners(result);
    let parties = tendering_parties(notice, result);
    let products = products(notice);
    for tender in result.all("LotTender") {
        let Some(number) = tender.text_at(&["ID"]) else {
            gather.note(&spot(tender), "tender without an id, not read", "");
            continue;
        };
        let offer = offer(notice, tender, number, &winners, &parties, gather);
        offer.row(&spot(tender), gather);
        let lot = offer.lots.first().map(String::as_str);
        let item = Item {
            id: lot.unwrap_or("tender"),
            category: lot.and_then(|lot| products.get(lot).copied()),
            component: None,
            value: offer.price.clone(),
            currency: offer.currency.as_deref(),
        };
        item.row(&offer, &spot(tender), gather);
    }
}

/// The tenders that a contract was signed for.
fn winners(result: &Element) -> BTreeSet<&str> {
    let contracts = result.all("SettledContract");
    contracts.flat_map(|one| one.all("LotTender")).filter_map(|tender| tender.text_at(&["ID"])).collect()
}

/// The organisations that offer together, by the number of their party.
fn tendering_parties<'e>(notice: &Notice<'_>, result: &'e Element) -> BTreeMap<&'e str, Vec<String>> {
    let mut parties = BTreeMap::new();
    for party in result.all("TenderingParty") {
        let tenderers = party.all("Tenderer").filter_map(|one| one.text_at(&["ID"]));
        let members = tenderers.map(|number| notice.party(number)).collect();
        parties.extend(party.text_at(&["ID"]).map(|id| (id, members)));
    }
    parties
}

/// The main product code of each lot.
fn products<'e>(notice: &Notice<'e>) -> BTreeMap<&'e str, &'e str> {
    let lots = notice.root.all("ProcurementProjectLot");
    lots.filter_map(|lot| Some((lot.text_at(&["ID"])?, lots::cpv(lot)?))).collect()
}

fn offer(
    notice: &Notice<'_>,
    tender: &Element,
    number: &str,
    winners: &BTreeSet<&str>,
    parties: &BTreeMap<&str, Vec<String>>,
    gather: &mut Gather<'_>,
) -> Offer {
    let amount = tender.at(&["LegalMonetaryTotal", "PayableAmount"]);
    let price = amount.and_then(Element::text).and_then(self::number);
    let members = tender.text_at(&["TenderingParty", "ID"]).and_then(|id| parties.get(id));
    Offer {
        id: notice.offer(number),
        tender: notice.tender.clone(),
        lots: tender.all("TenderLot").filter_map(|lot| lot.text_at(&["ID"])).map(str::to_owned).collect(),
        bidders: members.cloned().unwrap_or_default(),
        price: price.map(|price| price.to_text()),
        currency: amount.and_then(|amount| amount.attribute("currencyID")).map(str::to_owned),
        status: tender.text_at(&["ForeignSubsidiesMeasuresCode"]).map(str::to_owned),
        rank: tender.text_at(&["RankCode"]).map(str::to_owned),
        awarded: Some(winners.contains(number)),
        origins: origins(tender, gather),
    }
}

/// The countries of origin of what is offered, each once.
fn origins(tender: &Element, gather: &mut Gather<'_>) -> Vec<String> {
    let mut origins: Vec<String> = Vec::new();
    for code in tender.all("Origin").filter_map(|origin| origin.text_at(&["AreaCode"])) {
        let country = gather.country(&spot(tender), code);
        origins.extend(country.filter(|country| !origins.contains(country)));
    }
    origins
}
