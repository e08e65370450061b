use filiera_model::{Exact, Rounding};

use crate::gather::{Gather, Spot, Wrong, number};
use crate::json_text::Json;

/// Decimals of a percentage, so that the share it stands for has the twelve of a canonical table.
const DECIMALS: u32 = 10;

/// A share as it is stated, in canonical text: `25 %`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Share {
    /// The one value.
    pub(super) exact: Option<Box<str>>,
    /// The least value.
    pub(super) least: Option<Box<str>>,
    /// Whether the least value itself is not meant.
    pub(super) least_open: bool,
    /// The greatest value.
    pub(super) most: Option<Box<str>>,
    /// Whether the greatest value itself is not meant.
    pub(super) most_open: bool,
}

impl Share {
    /// More than half, as a right that decides gives it.
    pub(super) fn more_than_half() -> Self {
        Self { least: Some("50 %".into()), least_open: true, most: Some("100 %".into()), ..Self::default() }
    }

    /// Nothing, or as much as is stated: the part of somebody who may hold it for another.
    pub(super) fn or_nothing(self) -> Self {
        let most = self.exact.or(self.most).unwrap_or_else(|| "100 %".into());
        Self { least: Some("0 %".into()), most: Some(most), most_open: self.most_open, ..Self::default() }
    }

    /// Whether nothing is stated.
    pub(super) fn is_unknown(&self) -> bool {
        self.exact.is_none() && self.least.is_none() && self.most.is_none()
    }
}

/// The share of an interest; a range whose ends are the wrong way round is a fault.
pub(super) fn read(interest: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Share {
    let Some(share) = interest.get("share") else { return Share::default() };
    let spot = spot.at("share");
    let value = |name: &str| share.get(name).and_then(Json::scalar).and_then(number);
    let exact = value("exact");
    let (least, least_open) = end(value("minimum"), value("exclusiveMinimum"), |a, b| a > b);
    let (most, most_open) = end(value("maximum"), value("exclusiveMaximum"), |a, b| a < b);
    if let Some(exact) = exact {
        if least.is_some() || most.is_some() {
            gather.note(&spot, "exact share beside a range, the range is left out", &exact.to_text());
        }
        return exactly(&exact, &spot, gather);
    }
    if let (Some(least), Some(most)) = (&least, &most)
        && (least > most || (least == most && (least_open || most_open)))
    {
        let message = format!("no share is between `{}` and `{}`", least.to_text(), most.to_text());
        gather.fault(&spot, Wrong { code: "bods/share", message, remedy: "exchange or correct the ends" });
        return Share::default();
    }
    let least = least.map(|value| (percent(&value, Rounding::Down), least_open));
    let most = most.map(|value| (percent(&value, Rounding::Up), most_open));
    Share {
        exact: None,
        least_open: least.as_ref().is_some_and(|(_, open)| *open),
        least: least.map(|(text, _)| text.into()),
        most_open: most.as_ref().is_some_and(|(_, open)| *open),
        most: most.map(|(text, _)| text.into()),
    }
}

/// The tighter of an inclusive and an exclusive end, and whether it is open.
fn end(
    closed: Option<Exact>,
    open: Option<Exact>,
    tighter: fn(&Exact, &Exact) -> bool,
) -> (Option<Exact>, bool) {
    match (closed, open) {
        (Some(closed), Some(open)) if tighter(&closed, &open) => (Some(closed), false),
        (_, Some(open)) => (Some(open), true),
        (closed, None) => (closed, false),
    }
}

/// A value with more decimals than a table holds becomes the range between its neighbours.
fn exactly(value: &Exact, spot: &Spot, gather: &mut Gather<'_>) -> Share {
    let (least, most) = (percent(value, Rounding::Down), percent(value, Rounding::Up));
    if least == most {
        return Share { exact: Some(least.into()), ..Share::default() };
    }
    gather.note(spot, "share with more decimals than a table holds, taken as a range", &value.to_text());
    Share { least: Some(least.into()), most: Some(most.into()), ..Share::default() }
}

fn percent(value: &Exact, rounding: Rounding) -> String {
    let text = value.to_decimal(DECIMALS, rounding);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} %")
}

#[cfg(test)]
mod tests {
    use filiera_finding::ReaderReport;

    use super::*;
    use crate::json_text::parse;

    fn share(text: &str) -> (Share, ReaderReport) {
        let mut report = ReaderReport::default();
        let json = parse(format!("{{\"share\": {text}}}").as_bytes()).unwrap();
        let share = read(&json, &Spot::default(), &mut Gather::new("x", &mut report));
        (share, report)
    }

    fn range(least: &str, least_open: bool, most: &str, most_open: bool) -> Share {
        let text = |text: &str| (!text.is_empty()).then(|| Box::from(text));
        Share { exact: None, least: text(least), least_open, most: text(most), most_open }
    }

    #[test]
    fn ranges_keep_their_ends() {
        let (exact, _) = share("{\"exact\": 76.50}");
        assert_eq!(exact, Share { exact: Some("76.5 %".into()), ..Share::default() });
        let (half_open, _) = share("{\"exclusiveMinimum\": 25, \"maximum\": 5e1}");
        assert_eq!(half_open, range("25 %", true, "50 %", false));
        let (upper, _) = share("{\"minimum\": 75, \"exclusiveMaximum\": 100}");
        assert_eq!(upper, range("75 %", false, "100 %", true));
        assert_eq!(share("{\"minimum\": 25, \"exclusiveMinimum\": 25}").0, range("25 %", true, "", false));
        assert_eq!(share("{\"minimum\": 30, \"exclusiveMinimum\": 25}").0, range("30 %", false, "", false));
        assert!(share("{}").0.is_unknown());
    }

    #[test]
    fn what_a_table_cannot_hold_is_a_range_around_it() {
        let (third, report) = share("{\"exact\": 33.333333333333336}");
        assert_eq!(third, range("33.3333333333 %", false, "33.3333333334 %", false));
        assert_eq!(report.notes().count(), 1);
    }

    #[test]
    fn reversed_ends_are_a_fault() {
        let (_, report) = share("{\"minimum\": 50, \"maximum\": 25}");
        assert_eq!(report.faults[0].message, "no share is between `50` and `25`");
        assert!(!share("{\"exclusiveMinimum\": 25, \"maximum\": 25}").1.is_sound());
    }
}
