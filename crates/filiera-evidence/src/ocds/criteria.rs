use crate::gather::{Gather, Spot, number};
use crate::json_text::Json;
use crate::tenders::{Criterion, Latest};

use super::{Release, entries, id};

/// The award criteria of the tender and of each of its lots.
pub(super) fn add(release: &Release, all: &mut Latest<(Criterion, Spot)>, gather: &mut Gather<'_>) {
    let Some(tender) = release.json.get("tender") else { return };
    let spot = release.spot.at("tender");
    let cpv = cpv(tender, &spot, None, gather);
    of(tender, None, cpv, &release.ocid, &spot, all, gather);
    for (spot, lot) in entries(tender, "lots", &spot).chain(entries(tender, "lotGroups", &spot)) {
        let lot_id = id(lot, &spot, gather).map(str::to_owned);
        let cpv = self::cpv(tender, &spot, lot_id.as_deref(), gather);
        of(lot, lot_id, cpv, &release.ocid, &spot, all, gather);
    }
}

fn of(
    holder: &Json,
    lot: Option<String>,
    cpv: Option<String>,
    ocid: &str,
    spot: &Spot,
    all: &mut Latest<(Criterion, Spot)>,
    gather: &mut Gather<'_>,
) {
    let Some(awarding) = holder.get("awardCriteria") else { return };
    let base = Criterion { tender: ocid.to_owned(), lot, cpv, ..Criterion::default() };
    let spot = spot.at("awardCriteria");
    if let Some(code) = awarding.text() {
        let details = holder.text_of("awardCriteriaDetails").map(str::to_owned);
        let name = format!("{ocid}/{}/{code}", base.lot.as_deref().unwrap_or(""));
        let criterion = Criterion { name: code.to_owned(), formula: details, ..base };
        all.set(&name, (criterion, spot));
        return;
    }
    let formula = awarding.text_of("weightingDescription").map(str::to_owned);
    for (spot, one) in entries(awarding, "criteria", &spot) {
        let base = Criterion { formula: formula.clone(), ..base.clone() };
        criterion(one, base, &spot, all, gather);
    }
}

/// A criterion becomes a row for each of its numbers: a weight, a fixed value, a threshold.
fn criterion(
    one: &Json,
    base: Criterion,
    spot: &Spot,
    all: &mut Latest<(Criterion, Spot)>,
    gather: &mut Gather<'_>,
) {
    let kind = one.text_of("type").map(str::to_owned);
    let name = one.text_of("name").or_else(|| one.text_of("description")).map(str::to_owned);
    let name = name.or_else(|| kind.clone()).unwrap_or_else(|| "criterion".to_owned());
    let base = Criterion { name, kind, ..base };
    let key = format!("{}/{}/{}", base.tender, base.lot.as_deref().unwrap_or(""), spot_step(spot));
    let mut stated = false;
    for (spot, numbered) in entries(one, "numbers", spot) {
        let Some(value) = numbered.get("number").and_then(Json::scalar).and_then(number) else {
            gather.note(&spot, "criterion whose number cannot be read", &base.name);
            continue;
        };
        stated = true;
        let means = ["weight", "fixed", "threshold"].iter().find_map(|name| {
            let code = numbered.text_of(name)?;
            Some(if *name == "weight" { code.to_owned() } else { format!("{name} {code}") })
        });
        let criterion = Criterion { weight: Some(value.to_text()), weight_kind: means, ..base.clone() };
        all.set(&format!("{key}/{}", spot_step(&spot)), (criterion, spot));
    }
    if !stated {
        all.set(&key, (base, spot.clone()));
    }
}

/// The place of an entry in its list.
fn spot_step(spot: &Spot) -> &str {
    spot.pointer.rsplit('/').next().unwrap_or("")
}

/// The product code of the items of a lot, or of the tender, if they have only one.
fn cpv(tender: &Json, spot: &Spot, lot: Option<&str>, gather: &mut Gather<'_>) -> Option<String> {
    let mut codes: Vec<String> = Vec::new();
    for (spot, item) in entries(tender, "items", spot) {
        let related = item.get("relatedLot").and_then(Json::scalar);
        if lot.is_none() || related.is_none() || related == lot {
            let code = super::bids::category(item, &spot, gather);
            codes.extend(code.filter(|code| !codes.contains(code)));
        }
    }
    (codes.len() == 1).then(|| codes.remove(0))
}
