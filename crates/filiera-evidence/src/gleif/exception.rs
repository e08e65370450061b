use crate::gather::{Gather, Spot};
use crate::imported::ColumnBuilder;
use crate::json_text::Json;

use super::{DOCUMENT, entries, missing, value};

/// Why a legal entity names no parent, as a row of `interests` with an owner nobody names.
pub(super) struct Exception {
    row: u32,
    lei: String,
    ultimate: bool,
    category: &'static str,
    pub(super) reason: String,
}

pub(super) fn read(lei: String, json: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<Exception> {
    let category = value(json, "ExceptionCategory").unwrap_or("");
    let (ultimate, category) = match category {
        "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT" => (false, "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT"),
        "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT" => (true, "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT"),
        other => {
            gather.note(spot, "exception of an unknown category, not read", other);
            return None;
        }
    };
    let listed = entries(json, "ExceptionReason", "ExceptionReason");
    let reason = value(json, "ExceptionReason").or_else(|| listed.iter().find_map(Json::scalar));
    let Some(reason) = reason else {
        missing(spot, "ExceptionReason", gather);
        return None;
    };
    Some(Exception { row: spot.row, lei, ultimate, category, reason: reason.to_owned() })
}

impl Exception {
    /// The id under which the parent that nobody names stands in the tables: one for each reason, so
    /// that the same reason for the direct and the ultimate parent does not make two.
    pub(super) fn owner(&self) -> String {
        format!("unspecified:{}:{}", self.lei, self.reason)
    }

    pub(super) fn company(&self) -> &str {
        &self.lei
    }

    pub(super) fn place(&self) -> u32 {
        self.row
    }

    /// Whether those who are not named are people: then a chain of control ends with them.
    pub(super) fn is_people(&self) -> bool {
        self.reason == "NATURAL_PERSONS"
    }

    /// Why no parent is named, as a name for it.
    pub(super) fn in_words(&self) -> &'static str {
        match self.reason.as_str() {
            "NATURAL_PERSONS" => "people who are not named",
            "NO_KNOWN_PERSON" => "nobody who is known to control",
            "NON_CONSOLIDATING" => "parent that does not consolidate",
            "NO_LEI" => "parent without an LEI",
            _ => "parent that is not published",
        }
    }

    /// Nobody known to control may be anybody's any part; under every other reason there is somebody who
    /// controls.
    pub(super) fn row(&self, rows: &mut ColumnBuilder) {
        let controls = self.reason != "NO_KNOWN_PERSON";
        let owner = self.owner();
        let cells = [
            Some(&*owner),
            Some(&*self.lei),
            Some(if controls { "contract" } else { "shares" }),
            None,
            controls.then_some("50 %"),
            controls.then_some("100 %"),
            controls.then_some("true"),
            Some(if self.ultimate { "false" } else { "true" }),
            None,
            None,
            Some(DOCUMENT),
            Some(self.category),
            Some(&*self.reason),
        ];
        rows.push(self.row, &cells);
    }
}
