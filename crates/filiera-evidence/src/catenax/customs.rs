use std::collections::BTreeMap;

use filiera_tables::TableKind;

use crate::gather::{Cells, Gather, Spot, Wrong, number, put};
use crate::json_text::Json;

use super::parts::count_unknown;
use super::times::put_day;
use super::twins::Subject;

const KNOWN: &[&str] = &[
    "catenaXId",
    "globalAssetId",
    "contactInformation",
    "confirmationDate",
    "validFrom",
    "tracedWorth",
    "type",
    "commercialCountryOfOrigin",
    "federalState",
    "tradeRelation",
    "preferredStatus",
    "status",
];

/// The kinds of rows that come from a supplier's declaration for customs.
const DECLARED: &str = "supplier-declaration";
const NOT_CERTIFIED: &str = "not-certified";

/// A supplier's word that a declaration no longer holds.
pub(super) struct End {
    part: String,
    supplier: Option<String>,
    signed_on: Option<String>,
    on: String,
}

/// Reads a supplier's declaration; one that ends earlier ones comes back.
///
/// A reminder, and whatever is not committed, is a request: it is counted and declares nothing.
pub(super) fn read(
    subject: &Subject<'_>,
    payload: &Json,
    spot: &Spot,
    gather: &mut Gather<'_>,
) -> Option<End> {
    count_unknown(payload, KNOWN, spot, gather);
    let (kind, status) =
        (payload.text_of("type").unwrap_or(""), payload.text_of("status").unwrap_or("no status"));
    if kind.starts_with("Reminder") || status != "Committed" {
        gather.note(spot, "request, not a declaration", &format!("{kind} {status}"));
        return None;
    }
    let base = base(subject, payload, spot, gather);
    let preferred = payload.text_of("preferredStatus").unwrap_or("");
    match preferred {
        "NoLongerUsed" => return ends(base, "no-longer-used", spot, gather),
        "NoLongerSupplied" => return ends(base, "no-longer-supplied", spot, gather),
        _ => {}
    }
    gather.note(spot, "declaration without end date", "");
    worth(subject, payload, spot, gather);
    commercial_origin(&base, payload, spot, gather);
    let relations = relations(payload.get("tradeRelation"));
    if relations.is_empty() && preferred == "Y-Certified" {
        gather.note(spot, "preference without trade relation", "");
    }
    for relation in relations {
        preference(&base, &relation, preferred, spot, gather);
    }
    None
}

fn base(subject: &Subject<'_>, payload: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Cells {
    let mut cells = Cells::new();
    put(&mut cells, "part", Some(subject.part.as_str()));
    put(&mut cells, "evidence", Some("declared"));
    put(&mut cells, "supplier", subject.partner);
    put(&mut cells, "issuer", subject.partner);
    put(&mut cells, "contract", subject.contract);
    put_day(&mut cells, "valid_from", payload.get("validFrom"), spot, gather);
    put_day(&mut cells, "signed_on", payload.get("confirmationDate"), spot, gather);
    cells
}

fn commercial_origin(base: &Cells, payload: &Json, spot: &Spot, gather: &mut Gather<'_>) {
    let Some(written) = payload.text_of("commercialCountryOfOrigin") else { return };
    let mut cells = base.clone();
    put(&mut cells, "origin", gather.origin(&spot.at("commercialCountryOfOrigin"), written));
    put(&mut cells, "origin_as_written", Some(written));
    put(&mut cells, "basis", Some("non-preferential"));
    put(&mut cells, "kind", Some(DECLARED));
    put(&mut cells, "federal_state", payload.text_of("federalState"));
    gather.row_once(TableKind::Declarations, spot, cells);
}

/// One agreement. Certified: the goods originate in the first party, which declares to the second.
/// Not certified: a declared no, written as a row of that kind without an origin.
fn preference(base: &Cells, relation: &str, preferred: &str, spot: &Spot, gather: &mut Gather<'_>) {
    let spot = spot.at("tradeRelation");
    let mut cells = base.clone();
    put(&mut cells, "basis", Some(format!("pref:{relation}")));
    match preferred {
        "Y-Certified" => {
            let from = relation.split('-').next().unwrap_or(relation);
            put(&mut cells, "origin", gather.origin(&spot, from));
            put(&mut cells, "kind", Some(DECLARED));
        }
        "N-NotCertified" => put(&mut cells, "kind", Some(NOT_CERTIFIED)),
        other => return gather.note(&spot, "preference without a status", other),
    }
    gather.row_once(TableKind::Declarations, &spot, cells);
}

/// The agreements named, in lists or in one text, separated by `,` or `;`.
fn relations(value: Option<&Json>) -> Vec<String> {
    let Some(value) = value else { return Vec::new() };
    let texts: Vec<&str> = match value {
        Json::List(items) => items.iter().filter_map(Json::text).collect(),
        one => one.text().into_iter().collect(),
    };
    let mut relations: Vec<String> = Vec::new();
    for one in texts.iter().flat_map(|text| text.split([',', ';'])).map(str::trim) {
        let one = one.to_ascii_uppercase();
        if !one.is_empty() && !relations.contains(&one) {
            relations.push(one);
        }
    }
    relations
}

fn worth(subject: &Subject<'_>, payload: &Json, spot: &Spot, gather: &mut Gather<'_>) {
    let Some(worth) = payload.get("tracedWorth") else { return };
    value_row(subject, (worth, "value"), "tracedWorth", &spot.at("tracedWorth"), gather);
}

/// A price of the part; what cannot be read is a fault.
pub(super) fn value_row(
    subject: &Subject<'_>,
    (worth, amount): (&Json, &str),
    source: &str,
    spot: &Spot,
    gather: &mut Gather<'_>,
) {
    let mut cells = Cells::new();
    put(&mut cells, "part", Some(subject.part.as_str()));
    put(&mut cells, "basis", Some("customs"));
    put(&mut cells, "value", number_cell(worth.get(amount), spot, gather));
    put(&mut cells, "currency", worth.text_of("currency"));
    put(&mut cells, "source", Some(source));
    put(&mut cells, "contract", subject.contract);
    gather.row_once(TableKind::Values, spot, cells);
}

/// The number a scalar holds, exact; anything else is a fault.
pub(super) fn number_cell(value: Option<&Json>, spot: &Spot, gather: &mut Gather<'_>) -> Option<String> {
    let value = value?;
    let read = value.scalar().and_then(number);
    if read.is_none() {
        let shown = value.scalar().unwrap_or("a list, an object or a truth value");
        let message = format!("`{shown}` is no number");
        gather.fault(spot, Wrong { code: "catenax/number", message, remedy: "write it as `12.5`" });
    }
    read.map(|number| number.to_text())
}

fn ends(mut cells: Cells, kind: &str, spot: &Spot, gather: &mut Gather<'_>) -> Option<End> {
    let signed_on = cells.get("signed_on").cloned();
    let Some(on) = cells.get("valid_from").or(signed_on.as_ref()).cloned() else {
        let message = "the declaration ends earlier ones and gives no day".to_owned();
        let remedy = "add `validFrom` or `confirmationDate`";
        gather.fault(spot, Wrong { code: "catenax/end-without-day", message, remedy });
        return None;
    };
    let end = End {
        part: cells.get("part").cloned().unwrap_or_default(),
        supplier: cells.get("supplier").cloned(),
        signed_on,
        on: on.clone(),
    };
    put(&mut cells, "kind", Some(kind));
    put(&mut cells, "revoked_on", Some(on));
    gather.note(spot, "declaration ended", kind);
    gather.row_once(TableKind::Declarations, spot, cells);
    Some(end)
}

/// Ends the declarations of the same part and supplier that were not signed later.
pub(super) fn end(ends: &[End], gather: &mut Gather<'_>) {
    let mut by_part: BTreeMap<&str, Vec<&End>> = BTreeMap::new();
    for end in ends {
        by_part.entry(&end.part).or_default().push(end);
    }
    let Some(rows) = gather.imported().rows.get_mut(&TableKind::Declarations) else { return };
    for row in rows {
        let ours = row.cells.get("kind").is_some_and(|kind| kind == DECLARED || kind == NOT_CERTIFIED);
        let ends = row.cells.get("part").and_then(|part| by_part.get(part.as_str()));
        let first =
            ends.into_iter().flatten().filter(|end| ours && end.ends(&row.cells)).map(|end| &end.on).min();
        if let Some(on) = first {
            row.cells.insert("revoked_on".to_owned(), on.clone());
        }
    }
}

impl End {
    fn ends(&self, cells: &Cells) -> bool {
        let later = match (cells.get("signed_on"), &self.signed_on) {
            (Some(signed), Some(ended)) => signed > ended,
            _ => false,
        };
        cells.get("supplier") == self.supplier.as_ref() && !later
    }
}
