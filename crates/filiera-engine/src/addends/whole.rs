use std::cmp::Ordering;

use filiera_model::{Exact, Mark, Operator, Verdict};
use filiera_packs::Form;

use super::{Additive, Standing};
use crate::bind::BoundCondition;
use crate::engine::Engine;

/// What the rows of one subject add up to, in whole numbers: an [`super::Addend`] times its unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    /// What the evidence allows.
    pub range: WholeSides,
    /// What the law makes of the unknown.
    pub legal: WholeSides,
    /// What one is counted as; above zero.
    pub unit: i128,
    /// Rows that may count.
    pub rows: i128,
}

/// The numbers of [`super::Sides`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WholeSides {
    /// Least weight of what is surely marked.
    pub marked_least: i128,
    /// Most weight of what may be unmarked while the marked part is least.
    pub rest_most: i128,
    /// Most weight of what may be marked.
    pub marked_most: i128,
    /// Least weight of what is surely unmarked while the marked part is most.
    pub rest_least: i128,
    /// Least weight of what surely counts.
    pub surely: i128,
}

/// A fraction; the bottom is above zero.
type Fraction = (i128, i128);

impl Engine<'_> {
    /// The verdicts of [`Engine::decide`]; nothing where a sum does not tell, or where the numbers are too
    /// large for this: then `decide` may.
    pub fn verdicts(&self, condition: Additive, standing: &Standing, total: &Whole) -> Option<[Verdict; 2]> {
        let bound = self.bound.get(condition.0)?;
        if !standing.is_plain || total.rows <= 0 {
            return None;
        }
        let verdicts = [&total.range, &total.legal].map(|sides| verdict(bound, standing, sides, total.unit));
        let [range, legal] = [verdicts[0]?, verdicts[1]?];
        Some(if standing.speaks == Mark::Yes { [range, legal] } else { [Verdict::Undetermined; 2] })
    }
}

fn verdict(bound: &BoundCondition, standing: &Standing, sides: &WholeSides, unit: i128) -> Option<Verdict> {
    let (lower, upper) = ends(bound, standing, sides, unit)?;
    let surely_some = lower.0 > 0;
    let surely_none = upper.is_some_and(|upper| upper.0 == 0);
    let has_rows = sides.surely > 0;
    match &bound.condition.form {
        Form::Every(_) | Form::None(_) if surely_some => Some(Verdict::NotMet),
        Form::Every(_) | Form::None(_) if surely_none && has_rows => Some(Verdict::Met),
        Form::Any(_) if surely_some => Some(Verdict::Met),
        Form::Any(_) if surely_none && has_rows => Some(Verdict::NotMet),
        Form::Every(_) | Form::None(_) | Form::Any(_) => Some(Verdict::Undetermined),
        _ => match bound.operator().zip(standing.law.threshold(bound)) {
            Some((operator, threshold)) => compared(lower, upper, operator, &threshold),
            None => Some(Verdict::Undetermined),
        },
    }
}

/// Lower and upper end; no upper end: without limit.
fn ends(
    bound: &BoundCondition,
    standing: &Standing,
    sides: &WholeSides,
    unit: i128,
) -> Option<(Fraction, Option<Fraction>)> {
    let share = |part: i128, rest: i128| {
        let whole = part.checked_add(rest)?;
        (whole > 0).then_some((part, whole))
    };
    match &bound.condition.form {
        Form::Share(_) => {
            let lower = share(sides.marked_least, sides.rest_most)?;
            let upper = share(sides.marked_most, sides.rest_least)?;
            (sides.surely > 0).then_some((lower, Some(upper)))
        }
        Form::Ratio(_) => {
            let value = (sides.marked_least, sides.rest_most);
            (standing.is_complete && value.1 > 0).then_some((value, Some(value)))
        }
        _ => {
            let upper = standing.is_complete.then_some((sides.marked_most, unit));
            Some(((sides.marked_least, unit), upper))
        }
    }
}

fn compared(
    lower: Fraction,
    upper: Option<Fraction>,
    operator: Operator,
    threshold: &Exact,
) -> Option<Verdict> {
    let (top, bottom) = threshold.small_parts()?;
    let passes = |(part, whole): Fraction| {
        let (value, limit) = (part.checked_mul(bottom.into())?, whole.checked_mul(top.into())?);
        Some(holds(operator, value.cmp(&limit)))
    };
    let lower = passes(lower)?;
    let upper = match upper {
        Some(upper) => Some(passes(upper)?),
        None => None,
    };
    let (worst, best) =
        if operator.wants_more() { (lower, upper.unwrap_or(true)) } else { (upper.unwrap_or(false), lower) };
    Some(match (worst, best) {
        (true, _) => Verdict::Met,
        (false, true) => Verdict::Undetermined,
        (false, false) => Verdict::NotMet,
    })
}

fn holds(operator: Operator, ordering: Ordering) -> bool {
    match operator {
        Operator::AtLeast => ordering != Ordering::Less,
        Operator::AtMost => ordering != Ordering::Greater,
        Operator::MoreThan => ordering == Ordering::Greater,
        Operator::LessThan => ordering == Ordering::Less,
    }
}
