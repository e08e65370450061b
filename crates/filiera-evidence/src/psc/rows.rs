use std::collections::BTreeSet;

use filiera_model::Country;
use filiera_tables::TableKind;

use crate::gather::{Gather, Spot};
use crate::imported::ColumnBuilder;

use super::Found;
use super::nature::{Held, Nature, Right};

/// What the register is called as the document of a row.
const DOCUMENT: &str = "UK PSC register";

const COMPANY: [&str; 8] =
    ["company", "name", "country", "identifier", "person", "type", "nationalities", "reason"];

const INTEREST: [&str; 13] = [
    "owner",
    "company",
    "kind",
    "class",
    "share_min",
    "share_max",
    "min_open",
    "direct",
    "valid_from",
    "valid_to",
    "document",
    "interest",
    "reason",
];

/// Fills the tables from all lines of a file.
pub(super) fn fill(found: &[Found], gather: &mut Gather<'_>) {
    let mut companies = ColumnBuilder::new(&COMPANY);
    let mut interests = ColumnBuilder::new(&INTEREST);
    let mut known: BTreeSet<&str> = BTreeSet::new();
    // Who is named with its facts comes before who is only named as a company.
    for one in found.iter().filter(|one| known.insert(&one.party.id)) {
        party(one, &mut companies);
    }
    for one in found.iter().filter(|one| known.insert(&one.company)) {
        let id = Some(one.company.as_str());
        companies.push(one.row, &[id, None, Some("GB"), id]);
    }
    for one in found {
        if one.to.is_none() || one.from <= one.to {
            controls(one, &mut interests, gather);
        }
    }
    for (table, rows) in [(TableKind::Companies, companies), (TableKind::Interests, interests)] {
        let rows = rows.finish();
        if !rows.is_empty() {
            gather.imported().columns.insert(table, rows);
        }
    }
}

fn party(one: &Found, rows: &mut ColumnBuilder) {
    let party = &one.party;
    let cells = [
        Some(party.id.as_str()),
        party.name.as_deref(),
        party.country.map(Country::alpha2),
        party.identifier.as_deref(),
        match party.kind {
            "person" => Some("true"),
            "registeredEntity" => Some("false"),
            // A legal person may be a state, and who is not named may be anybody.
            _ => None,
        },
        Some(party.kind),
        party.nationalities.as_deref(),
        party.reason.as_deref(),
    ];
    rows.push(one.row, &cells);
}

fn controls(one: &Found, rows: &mut ColumnBuilder, gather: &mut Gather<'_>) {
    if one.natures.is_empty() {
        if one.party.reason.is_none() {
            let spot = Spot { row: one.row, pointer: "data".to_owned() };
            gather.note(&spot, "control of no known nature, taken as unknown shares", "");
        }
        row(one, "shares", None, (None, None), None, rows);
    }
    for nature in &one.natures {
        let (code, right, _, _) = *nature;
        let class = (right == Right::Surplus).then_some("surplus assets");
        row(one, kind(right), class, ends(*nature), Some(code), rows);
    }
}

/// Partnerships are not divided into shares: the part of what would be left stands for it.
fn kind(right: Right) -> &'static str {
    match right {
        Right::Shares | Right::Surplus => "shares",
        Right::Votes => "votes",
        Right::Board => "board",
        Right::Influence => "contract",
    }
}

/// Least and greatest share. Of what trustees or partners hold, any part may be this person's. A right
/// over the board is one over its majority, which decides.
fn ends((_, right, band, held): Nature) -> (Option<&'static str>, Option<&'static str>) {
    match (held, right) {
        (Held::Own, Right::Board) => (Some("50 %"), Some("100 %")),
        (Held::Own, _) => (band.ends().map(|(least, _)| least), band.ends().map(|(_, most)| most)),
        _ => (None, band.ends().map(|(_, most)| most)),
    }
}

fn row(
    one: &Found,
    kind: &str,
    class: Option<&str>,
    (least, most): (Option<&str>, Option<&str>),
    code: Option<&str>,
    rows: &mut ColumnBuilder,
) {
    let (from, to) = (one.from.map(|day| day.to_string()), one.to.map(|day| day.to_string()));
    let cells = [
        Some(one.party.id.as_str()),
        Some(one.company.as_str()),
        Some(kind),
        class,
        least,
        most,
        least.map(|_| "true"),
        Some("false"),
        from.as_deref(),
        to.as_deref(),
        Some(DOCUMENT),
        code,
        one.party.reason.as_deref(),
    ];
    rows.push(one.row, &cells);
}
