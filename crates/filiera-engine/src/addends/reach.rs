use filiera_model::{Exact, Mark, Operator};
use filiera_packs::Form;

use super::{Additive, Standing, Whole, WholeSides};
use crate::bind::BoundCondition;
use crate::engine::Engine;

/// How much papers have to move the sums of a subject that is open, in slack: zero and more where the threshold
/// is reached, below where not, less and more turned round where less is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// What one of marked weight is in slack, and one of the rest.
    factors: [i128; 2],
    /// At least so much less of what is open, in the hoped direction, and it is met; nothing: that never does.
    pub hoped: Option<i128>,
    /// The same in the other direction, and it is not met.
    pub feared: Option<i128>,
    /// All that is open.
    pub open: i128,
}

impl Reach {
    /// How much of what is open a paper takes away, whichever way it falls: of rows with the least and the most
    /// of marked weight, `marked` apart, and the least and the most of the rest, `rest` apart.
    pub fn of(&self, marked: i128, rest: i128) -> Option<i128> {
        let [by_marked, by_rest] = self.factors;
        by_marked.checked_mul(marked)?.checked_add(by_rest.checked_mul(rest)?)
    }
}

impl Engine<'_> {
    /// What has to be moved for a subject to be decided that is open; nothing where a sum does not tell, or the
    /// numbers are too large.
    pub fn reach(&self, condition: Additive, standing: &Standing, total: &Whole) -> Option<Reach> {
        let bound = self.bound.get(condition.0)?;
        if !standing.is_plain || total.rows <= 0 || total.range.surely <= 0 {
            return None;
        }
        let test = Test::of(bound, standing, total.unit)?;
        let [worst, best] = test.slack(&total.range)?;
        let step = i128::from(test.is_strict);
        let limits = test.limits(bound, standing);
        let speaks = standing.speaks == Mark::Yes;
        Some(Reach {
            factors: test.factors,
            hoped: Some(step - worst).filter(|_| speaks && limits[0]),
            feared: Some(best + 1 - step).filter(|_| speaks && limits[1]),
            open: best.checked_sub(worst)?,
        })
    }
}

/// When the slack of a condition passes.
struct Test {
    factors: [i128; 2],
    /// What is taken from the slack beside what rows add.
    asked: i128,
    wants_more: bool,
    /// Whether slack zero fails.
    is_strict: bool,
}

impl Test {
    fn of(bound: &BoundCondition, standing: &Standing, unit: i128) -> Option<Self> {
        let plain = |wants_more, is_strict| Self { factors: [1, 0], asked: 0, wants_more, is_strict };
        match &bound.condition.form {
            // None may be marked, or one at least.
            Form::Every(_) | Form::None(_) => return Some(plain(false, false)),
            Form::Any(_) => return Some(plain(true, true)),
            _ => {}
        }
        let operator = bound.operator()?;
        let threshold: Exact = standing.law.threshold(bound)?;
        let (top, bottom) = threshold.small_parts()?;
        let (top, bottom) = (i128::from(top), i128::from(bottom));
        let wants_more = operator.wants_more();
        let is_strict = matches!(operator, Operator::MoreThan | Operator::LessThan);
        match &bound.condition.form {
            // Marked weight counts by what the threshold leaves of it, the rest by the threshold.
            Form::Share(_) if (0..=bottom).contains(&top) => {
                Some(Self { factors: [bottom - top, top], asked: 0, wants_more, is_strict })
            }
            Form::Total(_) | Form::Count(_) => {
                let asked = top.checked_mul(unit)?;
                Some(Self { factors: [bottom, 0], asked, wants_more, is_strict })
            }
            _ => None,
        }
    }

    /// The slack in the worst case and in the best.
    fn slack(&self, sides: &WholeSides) -> Option<[i128; 2]> {
        let [by_marked, by_rest] = self.factors;
        let value = |marked: i128, rest: i128| {
            let value = by_marked.checked_mul(marked)?.checked_sub(by_rest.checked_mul(rest)?)?;
            value.checked_sub(self.asked)
        };
        let least = value(sides.marked_least, sides.rest_most)?;
        let most = value(sides.marked_most, sides.rest_least)?;
        Some(if self.wants_more { [least, most] } else { [-most, -least] })
    }

    /// Whether it can be met, and not met, whatever rows nobody has listed.
    fn limits(&self, bound: &BoundCondition, standing: &Standing) -> [bool; 2] {
        let is_share = matches!(bound.condition.form, Form::Share(_));
        if is_share || standing.is_complete {
            return [true; 2];
        }
        // More may come.
        [self.wants_more, !self.wants_more]
    }
}
