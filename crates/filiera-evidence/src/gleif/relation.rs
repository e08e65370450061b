use filiera_model::Day;

use crate::gather::{Gather, Spot, Wrong};
use crate::identifiers;
use crate::imported::ColumnBuilder;
use crate::json_text::Json;

use super::{DOCUMENT, entries, missing, value};

/// One relationship between two legal entities, as a row of `interests`.
pub(super) struct Relation {
    row: u32,
    pub(super) owner: String,
    pub(super) company: String,
    kind: Type,
    from: Option<Day>,
    to: Option<Day>,
}

macro_rules! types {
    ($($name:ident = $code:literal),* $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Type { $($name,)* }

        impl Type {
            fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }

            fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

types! {
    Direct = "IS_DIRECTLY_CONSOLIDATED_BY",
    Ultimate = "IS_ULTIMATELY_CONSOLIDATED_BY",
    Branch = "IS_INTERNATIONAL_BRANCH_OF",
    Managed = "IS_FUND-MANAGED_BY",
    SubFund = "IS_SUBFUND_OF",
    Feeder = "IS_FEEDER_TO",
}

impl Type {
    /// Kind and share of the row: exact, or from more than the least.
    ///
    /// Who consolidates controls, with no percentage. A branch is a part of its head office. A manager or
    /// an umbrella has contracts, and what they give is not said.
    fn meaning(self) -> (&'static str, Option<&'static str>, Option<&'static str>) {
        match self {
            Self::Direct | Self::Ultimate => ("contract", None, Some("50 %")),
            Self::Branch => ("shares", Some("100 %"), None),
            Self::Managed | Self::SubFund => ("contract", None, None),
            Self::Feeder => ("shares", None, None),
        }
    }
}

/// Reads a relationship record; one that is not in force under the system's own rules is counted.
pub(super) fn read(json: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<Relation> {
    let relationship = json.get("Relationship")?;
    let inner = spot.at("Relationship");
    let registration = json.get("Registration");
    let status = registration.and_then(|registration| value(registration, "RegistrationStatus"));
    match status {
        Some(status @ ("ANNULLED" | "DUPLICATE" | "PENDING_VALIDATION" | "PENDING_ARCHIVAL")) => {
            gather.note(spot, "relationship record not in force, not read", status);
            return None;
        }
        Some("LAPSED") => gather.note(spot, "relationship record not renewed, read all the same", ""),
        _ => {}
    }
    let code = value(relationship, "RelationshipType").unwrap_or("");
    let Some(kind) = Type::from_code(code) else {
        gather.note(&inner, "relationship of an unknown type, not read", code);
        return None;
    };
    let start = node(relationship, "StartNode", &inner, gather);
    let end = node(relationship, "EndNode", &inner, gather);
    // The child stands first; a feeder fund stands first too, and holds what its master issues.
    let (company, owner) = if kind == Type::Feeder { (end?, start?) } else { (start?, end?) };
    let (from, mut to) = period(relationship, &inner, gather);
    let over = value(relationship, "RelationshipStatus") == Some("INACTIVE") || status == Some("RETIRED");
    if over && to.is_none() {
        to = registration.and_then(|registration| day(registration, "LastUpdateDate"));
        if to.is_none() {
            gather.note(&inner, "relationship that ended, and no day says when, not read", "");
            return None;
        }
        gather.note(&inner, "relationship that ended on an unknown day, taken as its last update", "");
    }
    Some(Relation { row: spot.row, owner, company, kind, from, to })
}

/// The id of a node: an LEI as it is, any other with its type before it.
fn node(relationship: &Json, name: &str, spot: &Spot, gather: &mut Gather<'_>) -> Option<String> {
    let spot = spot.at(name);
    let node = relationship.get(name);
    let Some(id) = node.and_then(|node| value(node, "NodeID")) else {
        missing(&spot, "NodeID", gather);
        return None;
    };
    match node.and_then(|node| value(node, "NodeIDType")) {
        Some(kind) if kind != "LEI" => Some(format!("{kind}-{id}")),
        _ => {
            let lei = identifiers::lei(id);
            if lei.is_none() {
                let message = format!("`{id}` is no LEI");
                let remedy = "an LEI has 20 letters and digits";
                gather.fault(&spot.at("NodeID"), Wrong { code: "gleif/lei", message, remedy });
            }
            lei
        }
    }
}

/// The time in which the relationship holds; the periods of accounts and filings are not it.
fn period(relationship: &Json, spot: &Spot, gather: &mut Gather<'_>) -> (Option<Day>, Option<Day>) {
    let periods = entries(relationship, "RelationshipPeriods", "RelationshipPeriod");
    let held = periods.iter().find(|one| value(one, "PeriodType") == Some("RELATIONSHIP_PERIOD"));
    let Some(held) = held else {
        gather.note(spot, "relationship without the time in which it holds", "");
        return (None, None);
    };
    let (from, to) = (day(held, "StartDate"), day(held, "EndDate"));
    if let (Some(first), Some(last)) = (from, to)
        && last < first
    {
        let message = format!("it ends on `{last}`, before it starts on `{first}`");
        let remedy = "exchange or correct the days";
        gather.fault(&spot.at("RelationshipPeriods"), Wrong { code: "row/dates", message, remedy });
        return (from, None);
    }
    (from, to)
}

/// The day of a time, in the zone in which it is written.
fn day(json: &Json, member: &str) -> Option<Day> {
    value(json, member)?.get(..10)?.parse().ok()
}

impl Relation {
    pub(super) fn place(&self) -> u32 {
        self.row
    }

    pub(super) fn row(&self, rows: &mut ColumnBuilder) {
        let (kind, exact, least) = self.kind.meaning();
        let (from, to) = (self.from.map(|day| day.to_string()), self.to.map(|day| day.to_string()));
        let direct = if self.kind == Type::Ultimate { "false" } else { "true" };
        let cells = [
            Some(&*self.owner),
            Some(&*self.company),
            Some(kind),
            exact,
            least,
            least.map(|_| "100 %"),
            least.map(|_| "true"),
            Some(direct),
            from.as_deref(),
            to.as_deref(),
            Some(DOCUMENT),
            Some(self.kind.code()),
        ];
        rows.push(self.row, &cells);
    }
}
