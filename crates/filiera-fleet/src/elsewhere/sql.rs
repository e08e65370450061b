//! What is asked, in the SQL of DataFusion. No statement has more than one stage: the small tables stand on the
//! left of their joins, and there is one group by.

use filiera_tables::SCALE;

use super::footers::Footers;
use super::ranges::Range;
use crate::FleetError;

/// The vehicles whose rows are judged by kind: `vehicle`, `view`, `built_on`.
pub(super) const SEEN: &str = "seen_vehicles";
/// What one row adds, by everything that tells rows apart.
pub(super) const WEIGHTS: &str = "weights";
/// The vehicles whose rows are wanted: `vehicle`.
pub(super) const WANTED: &str = "wanted_vehicles";

/// How the columns of `installed` are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    select: String,
    has_spans: bool,
}

impl Columns {
    /// # Errors
    /// [`FleetError::Faulty`] or [`FleetError::Type`] where a column is missing or of a type that no table has.
    pub fn of(footers: &Footers) -> Result<Self, FleetError> {
        let column = |name: &'static str, fits: &dyn Fn(&str) -> bool, to: &str, must: bool| {
            let column = match footers.kind(name) {
                Some(kind) if fits(kind) => name,
                Some(kind) => return Err(FleetError::Type { column: name, kind: kind.to_owned() }),
                None if must => return Err(FleetError::Faulty { column: name }),
                None => "NULL",
            };
            Ok(format!("CAST({column} AS {to}) AS {name}"))
        };
        let number = format!("DECIMAL(38, {SCALE})");
        let columns = [
            column("vehicle", &is_text, "VARCHAR", true)?,
            column("part", &is_text, "VARCHAR", true)?,
            column("lot", &is_text, "VARCHAR", false)?,
            column("supplier", &is_text, "VARCHAR", false)?,
            column("quantity", &is_decimal, &number, false)?,
            column("received_on", &|kind| kind == "Date32", "DATE", false)?,
            column("received_on_max", &|kind| kind == "Date32", "DATE", false)?,
        ];
        Ok(Self { select: columns.join(", "), has_spans: footers.kind("received_on_max").is_some() })
    }

    /// The rows of a range.
    fn rows(&self, range: &Range) -> String {
        format!("SELECT {} FROM installed WHERE {}", self.select, range.test())
    }

    /// The same, with what is known of their vehicles, and the days that their papers may have to be valid on.
    fn seen(&self, range: &Range) -> String {
        let from = "COALESCE(i.received_on, s.built_on)";
        let to = if self.has_spans {
            format!(
                "CASE WHEN i.received_on IS NOT NULL AND i.received_on_max > i.received_on \
                 THEN i.received_on_max ELSE {from} END"
            )
        } else {
            from.to_owned()
        };
        let of_seen = |days: &str| format!("CASE WHEN s.view IS NOT NULL THEN {days} END");
        format!(
            "SELECT s.view, i.vehicle, i.part, i.supplier, i.lot, i.quantity, {} AS tested_from, {} AS tested_to \
             FROM {SEEN} s RIGHT JOIN ({}) i ON s.vehicle = i.vehicle",
            of_seen(from),
            of_seen(&to),
            self.rows(range),
        )
    }

    /// The distinct rows of a range, each with how many there are of it.
    pub fn distinct(&self, range: &Range) -> String {
        format!(
            "SELECT view, part, supplier, lot, quantity, tested_from, tested_to, COUNT(*) AS all_rows, \
             COUNT(vehicle) AS of_vehicles FROM ({}) r \
             GROUP BY view, part, supplier, lot, quantity, tested_from, tested_to",
            self.seen(range)
        )
    }

    /// What the rows of each vehicle of a range add up to, in so many lanes; `is_wide`: sums may leave a word.
    pub fn sums(&self, range: &Range, lanes: usize, is_wide: bool) -> String {
        let sum = |lane: usize| {
            let column = lane_name(lane);
            let one =
                if is_wide { format!("CAST(w.{column} AS DECIMAL(38, 0))") } else { format!("w.{column}") };
            format!(", SUM({one}) AS {column}")
        };
        let lanes: String = (0..lanes).map(sum).collect();
        format!(
            "SELECT r.vehicle AS vehicle, COUNT(*) AS all_rows, COUNT(r.view) AS seen_rows, \
             COUNT(w.open_rows) AS judged_rows, SUM(w.open_rows) AS open_rows{lanes} \
             FROM {WEIGHTS} w RIGHT JOIN ({}) r ON w.view = r.view AND w.part = r.part \
             AND w.supplier = COALESCE(r.supplier, '') AND w.lot = COALESCE(r.lot, '') \
             AND w.quantity = COALESCE(r.quantity, CAST(0 AS DECIMAL(38, {SCALE}))) \
             AND w.tested_from = r.tested_from AND w.tested_to = r.tested_to GROUP BY r.vehicle",
            self.seen(range)
        )
    }

    /// All rows of the vehicles of a range that are wanted.
    pub fn wanted(&self, range: &Range) -> String {
        let rows = self.rows(range);
        format!("SELECT i.* FROM {WANTED} l JOIN ({rows}) i ON l.vehicle = i.vehicle")
    }
}

/// The name of a lane.
pub(super) fn lane_name(lane: usize) -> String {
    format!("lane_{lane}")
}

fn is_text(kind: &str) -> bool {
    let plain = ["Utf8", "LargeUtf8", "Utf8View"];
    plain.contains(&kind)
        || kind
            .strip_prefix("Dictionary(")
            .is_some_and(|of| plain.iter().any(|text| of.ends_with(&format!(" {text})"))))
}

fn is_decimal(kind: &str) -> bool {
    ["Decimal32(", "Decimal64(", "Decimal128("].iter().any(|decimal| kind.starts_with(decimal))
}
