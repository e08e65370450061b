//! What would have to change for a share or ratio to stand exactly on its threshold.

mod bench;
mod prices;

use std::sync::Arc;

use filiera_finding::{Amount, Breakeven, Moving};
use filiera_model::{Exact, Rounding, Verdict, Zones};
use filiera_packs::Pack;
use filiera_tables::Dossier;

use crate::judge::Weighed;
use crate::{EngineError, Question, Settings};

use bench::{Bench, Measured};
use prices::{of_part, parts_to_try};

/// The break-even of one finding: the weight that would have to move between marked and not marked,
/// and for each part the price at which the condition turns, all else as it is.
///
/// Everything is meant of the legal verdict: met whatever the evidence and the law leave open. With
/// `parts` empty the heaviest parts are tried. Amounts are exact, rounded to the cent to the side on
/// which the condition is met, and certified by judging again there and one cent further.
///
/// # Errors
/// [`EngineError::NothingToExplain`] when there is no such finding, [`EngineError::NoBreakEven`] when
/// the condition is no share or ratio or does not speak about the subject; else as
/// [`crate::Engine::new`].
pub fn breakeven(
    dossier: &Dossier,
    packs: &[Arc<Pack>],
    zones: &Zones,
    settings: &Settings,
    question: Question<'_>,
    parts: &[String],
    progress: &dyn Fn(usize, usize),
) -> Result<Breakeven, EngineError> {
    let bench = Bench::new(dossier, packs, zones, settings, question)?;
    let now = bench.measure(&bench.dossier)?;
    let weighed = now.weighed.as_ref().ok_or_else(|| bench.no_breakeven(&now))?;
    let (tried, left, why_no_prices) = parts_to_try(&bench, &now, parts);
    let mut prices = Vec::new();
    for (done, part) in tried.iter().enumerate() {
        progress(done, tried.len());
        prices.push(of_part(&bench, part)?);
    }
    progress(tried.len(), tried.len());
    Ok(Breakeven {
        moving: moving(&now, weighed)?,
        unit: now.unit.clone(),
        finding: now.finding,
        shown: now.shown,
        prices,
        left,
        why_no_prices,
    })
}

/// One cent, or one hundredth of whatever is added up.
fn cent() -> Exact {
    Exact::from_decimal(1, 2)
}

/// How much must move, or may.
fn moving(now: &Measured, weighed: &Weighed) -> Result<Moving, EngineError> {
    let wants_more = weighed.operator().wants_more();
    let is_spare = now.finding.legal == Verdict::Met;
    let to_marked = wants_more != is_spare;
    let Some(slack) = weighed.slack() else {
        let why = Some(now.unlimited());
        return Ok(Moving { amount: None, is_spare, to_marked, why });
    };
    // What is short moves to the good side and is rounded up; what is to spare moves away, rounded down.
    let (exact, rounding) = if is_spare { (slack, Rounding::Down) } else { (-slack, Rounding::Up) };
    if exact.is_negative() {
        let why = "the bounds are wider than necessary: the amount cannot be told".to_owned();
        return Ok(Moving { amount: None, is_spare, to_marked, why: Some(why) });
    }
    let above = |amount: &Exact| if to_marked { amount.clone() } else { -amount.clone() };
    let is_met = |amount: &Exact| Ok(weighed.is_met_with(&above(amount)));
    let amount = rounded(&exact, rounding, is_met)?;
    let why = (!amount.certified).then(|| "checking again did not confirm it to the cent".to_owned());
    Ok(Moving { amount: Some(amount), is_spare, to_marked, why })
}

/// The amount at the cent where the condition is met, next to one where it is not.
///
/// `rounding` says on which side of `exact` it is met: up, or down.
fn rounded(
    exact: &Exact,
    rounding: Rounding,
    is_met: impl Fn(&Exact) -> Result<bool, EngineError>,
) -> Result<Amount, EngineError> {
    let step = if rounding == Rounding::Up { cent() } else { -cent() };
    let first = exact.to_multiple(&cent(), rounding).unwrap_or_else(|| exact.clone());
    // On the threshold itself a strict comparison is not met yet.
    let rounded = if is_met(&first)? { first } else { &first + &step };
    let beyond = &rounded - &step;
    let certified = is_met(&rounded)? && !is_met(&beyond)?;
    Ok(Amount { exact: exact.clone(), rounded, certified })
}
