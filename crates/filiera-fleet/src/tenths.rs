//! Where the shares of vehicles lie, by tenths of the way from 0 to 100 %.

use filiera_engine::{Additive, Engine, Whole};
use filiera_finding::{Finding, Form, Tenths};
use filiera_model::{End, Exact, Operator, Rounding, Verdict};

/// How the share of a vehicle is told by its sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    /// Whether the lower end of the bounds decides first.
    pub is_lower: bool,
    is_ratio: bool,
}

impl Share {
    /// Nothing of a condition whose value is no share.
    pub fn of(engine: &Engine<'_>, condition: Additive) -> Option<Self> {
        let stated = engine.stated(condition).filter(|stated| stated.form.is_share())?;
        let is_lower = stated.operator.map(Operator::wants_more)?;
        Some(Self { is_lower, is_ratio: stated.form == Form::Ratio })
    }

    /// In which tenth the end that decides lies; what lies beyond is in the last.
    pub fn tenth(self, total: &Whole) -> Option<usize> {
        let sides = &total.range;
        let (part, whole) = match self {
            Self { is_ratio: true, .. } => (sides.marked_least, sides.rest_most),
            Self { is_lower: true, .. } => (sides.marked_least, sides.marked_least + sides.rest_most),
            Self { is_lower: false, .. } => (sides.marked_most, sides.marked_most + sides.rest_least),
        };
        let small = u64::try_from(part).ok().and_then(|part| part.checked_mul(10));
        let place = match small.zip(u64::try_from(whole).ok()) {
            Some((part, whole)) => part.checked_div(whole)?,
            None if part < 0 || whole <= 0 => return None,
            None => u64::try_from(part.checked_mul(10)?.checked_div(whole)?).ok()?,
        };
        Some(usize::try_from(place).unwrap_or(9).min(9))
    }
}

/// Counts a vehicle, if its value is a share.
pub(crate) fn count(tenths: &mut Option<Tenths>, finding: &Finding) {
    if !finding.form.is_share() || finding.verdict == Verdict::NotApplicable {
        return;
    }
    let Some(wants_more) = finding.operator.map(Operator::wants_more) else { return };
    let tenths = tenths.get_or_insert_with(|| Tenths::new(wants_more));
    let end = finding.bounds.as_ref().map(|bounds| if wants_more { &bounds.lower } else { &bounds.upper });
    match end.and_then(tenth) {
        Some(place) => tenths.add(place),
        None => tenths.without += 1,
    }
}

/// In which tenth a value lies; what lies beyond is in the last.
fn tenth(end: &End) -> Option<usize> {
    let value = end.value.as_ref()? * &Exact::from_int(10);
    let whole: i64 = value.to_decimal(0, Rounding::Down).parse().ok()?;
    usize::try_from(whole).ok().map(|whole| whole.min(9))
}
