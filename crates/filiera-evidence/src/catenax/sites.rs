use crate::gather::{Gather, Spot};
use crate::json_text::Json;

use super::parts::{Parts, count_unknown};

/// The site's number, in every spelling seen.
const NUMBER: &[&str] = &["catenaXsiteId", "catenaXSiteId", "siteId"];
const KNOWN: &[&str] =
    &["catenaXsiteId", "catenaXSiteId", "siteId", "function", "functionValidFrom", "functionValidUntil"];

/// An aspect that is only about sites.
pub(super) fn aspect(parts: &mut Parts, part: &str, payload: &Json, spot: &Spot, gather: &mut Gather<'_>) {
    count_unknown(payload, &["catenaXId", "globalAssetId", "sites"], spot, gather);
    lists(parts, part, payload, spot, gather);
}

/// The production sites an object lists. A site's number is no place: its country is not known.
pub(super) fn lists(parts: &mut Parts, part: &str, holder: &Json, spot: &Spot, gather: &mut Gather<'_>) {
    for key in ["sites", "partSitesInformationAsPlanned"] {
        for (index, site) in holder.get(key).map_or(&[][..], Json::items).iter().enumerate() {
            let spot = spot.at(key).at(index);
            count_unknown(site, KNOWN, &spot, gather);
            let produces = site.text_of("function").is_none_or(|function| function == "production");
            let number = site.get_any(NUMBER).and_then(Json::text).filter(|_| produces);
            parts.add(part, "site", number, &spot, gather);
        }
    }
}
