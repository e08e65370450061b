use filiera_finding::{Amount, Breakeven, PriceBreakeven};
use filiera_model::{Exact, Rounding};

use super::TextOptions;
use super::group::value_text;
use super::pen::{Pen, Tone};
use crate::digest::measure;
use crate::number::{Measure, count, grouped};
use crate::words::stamp;

/// What `filiera breakeven` shows: what must move, and the price of each part that would do.
pub fn breakeven(found: &Breakeven, options: &TextOptions) -> String {
    let mut pen = Pen::new(options);
    let finding = &found.finding;
    pen.heading(&format!("{} for {}", finding.condition, finding.subject));
    if let Some(stamp) = stamp(&finding.pack_status) {
        pen.toned(Some(Tone::Alarm), "  ", &stamp);
    }
    pen.toned(Some(Tone::Dim), "  ", &found.shown.title);
    let measure = measure(&found.shown.form);
    let asked = finding.operator.zip(finding.threshold.as_ref());
    let asked = asked.map(|(operator, threshold)| format!("asked {}", measure.asked(operator, threshold)));
    let value = value_text(finding, &measure);
    let verdict = pen.verdict(finding.legal, 0);
    pen.line(&format!("  legal {verdict}"));
    pen.wrapped("  ", &[value].into_iter().chain(asked).collect::<Vec<_>>().join(" · "));
    pen.blank();
    let unit = Measure::Amount(found.unit.clone().unwrap_or_default());
    moving(&mut pen, found, &unit);
    prices(&mut pen, found);
    pen.finish()
}

fn moving(pen: &mut Pen<'_>, found: &Breakeven, unit: &Measure) {
    let (must, may) = match found.direction() {
        "marked" => ("must move from not marked to marked", "may move from not marked to marked"),
        "not_marked" => ("must move from marked to not marked", "may move from marked to not marked"),
        "top" => ("must be added above the line", "may be added above the line"),
        _ => ("must be taken away from above the line", "may be taken away from above the line"),
    };
    let way = if found.moving.is_spare { may } else { must };
    if let Some(amount) = &found.moving.amount {
        pen.wrapped("  ", &format!("{} {way}, the whole staying as it is", said(amount, unit)));
    }
    if let Some(why) = &found.moving.why {
        pen.toned(Some(Tone::Alarm), "  ", why);
    }
}

/// `1,250.01 EUR (exactly 1250 1/3)`: the safe side first.
fn said(amount: &Amount, unit: &Measure) -> String {
    let rounded = unit.with_unit(&grouped(&amount.rounded.to_decimal(2, Rounding::HalfUp)));
    if amount.exact == amount.rounded {
        return rounded;
    }
    format!("{rounded} (exactly {})", exact(&amount.exact))
}

/// Short decimals as they are, anything else as a fraction.
fn exact(number: &Exact) -> String {
    grouped(&number.to_text())
}

fn prices(pen: &mut Pen<'_>, found: &Breakeven) {
    pen.blank();
    if let Some(why) = &found.why_no_prices {
        pen.wrapped("  ", &format!("no price was tried: {why}"));
        return;
    }
    pen.wrapped("  ", "The price of one part at which it turns, all else as it is:");
    let width = found.prices.iter().map(|price| price.part.chars().count()).max().unwrap_or_default();
    for price in &found.prices {
        pen.wrapped(&format!("  {}  ", pen.pad(&price.part, width)), &of_part(price));
    }
    if found.left > 0 {
        pen.wrapped("  ", &format!("{} more parts: --part names the ones to try", count(found.left)));
    }
}

fn of_part(price: &PriceBreakeven) -> String {
    let unit = Measure::Amount(price.currency.clone().unwrap_or_default());
    let now = price.now.as_ref().map(|now| format!(", now {}", unit.value(now, None)));
    let now = now.unwrap_or_else(|| ", no price is known now".to_owned());
    match (&price.at, &price.why) {
        (Some(at), _) => {
            let side = if price.or_less { "or less" } else { "or more" };
            format!("met at {} {side}{now}", said(at, &unit))
        }
        (None, Some(why)) => format!("{why}{now}"),
        (None, None) => now,
    }
}
