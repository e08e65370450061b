//! Days later, months later, and the days between: functions of our own, so that what lies beyond the
//! calendar is not known instead of a failure.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Int64Array};
use arrow::datatypes::{DataType, Date32Type, Int64Type};
use datafusion_common::DataFusionError;
use datafusion_expr::expr::ScalarFunction;
use datafusion_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};
use filiera_model::Day;

use super::{Lowered, lowered, not_settled, number};
use crate::node::{Length, Node, Shape};

/// The day `by` after (or before) `day`.
pub(super) fn shifted(day: &Node, by: &Node, back: bool) -> Lowered {
    let signed = |count: i64| if back { -count } else { count };
    let (how, by) = match &by.shape {
        Shape::Length(Length::Days(days)) => (How::Days(1), lit(signed(i64::from(*days)))),
        Shape::Length(Length::Months(months)) => (How::Months, lit(signed(i64::from(*months)))),
        _ => (How::Days(signed(1)), number::whole(by).transpose()?.ok_or_else(not_settled)?),
    };
    Ok(call(how, vec![lowered(day)?, by]))
}

/// The days from `earlier` to `later`, a whole number.
pub(super) fn elapsed(later: &Node, earlier: &Node) -> Lowered {
    Ok(call(How::Between, vec![lowered(later)?, lowered(earlier)?]))
}

fn call(how: How, arguments: Vec<Expr>) -> Expr {
    let types = if how == How::Between { DataType::Date32 } else { DataType::Int64 };
    let signature = Signature::exact(vec![DataType::Date32, types], Volatility::Immutable);
    let function = Arc::new(ScalarUDF::from(DayFunction { how, signature }));
    Expr::ScalarFunction(ScalarFunction::new_udf(function, arguments))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum How {
    /// So many days later, times this sign.
    Days(i64),
    Months,
    Between,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct DayFunction {
    how: How,
    signature: Signature,
}

impl ScalarUDFImpl for DayFunction {
    fn name(&self) -> &str {
        match self.how {
            How::Days(_) => "days_later",
            How::Months => "months_later",
            How::Between => "days_between",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType, DataFusionError> {
        Ok(if self.how == How::Between { DataType::Int64 } else { DataType::Date32 })
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue, DataFusionError> {
        let wrong = || DataFusionError::Internal(format!("{} takes a day and another value", self.name()));
        let arrays = ColumnarValue::values_to_arrays(&call.args)?;
        let [left, right] = arrays.as_slice() else { return Err(wrong()) };
        let days: &Date32Array = left.as_primitive_opt::<Date32Type>().ok_or_else(wrong)?;
        let answer: ArrayRef = match self.how {
            How::Between => {
                let others = right.as_primitive_opt::<Date32Type>().ok_or_else(wrong)?;
                let between = days.iter().zip(others).map(|(a, b)| Some(i64::from(a?) - i64::from(b?)));
                Arc::new(between.collect::<Int64Array>())
            }
            How::Days(_) | How::Months => {
                let counts = right.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
                let later = days.iter().zip(counts).map(|(day, count)| self.later(day?, count?));
                Arc::new(later.collect::<Date32Array>())
            }
        };
        debug_assert_eq!(answer.len(), days.len());
        Ok(ColumnarValue::Array(answer))
    }
}

impl DayFunction {
    /// Nothing when the calendar does not reach so far.
    fn later(&self, day: i32, count: i64) -> Option<i32> {
        match self.how {
            How::Days(sign) => i32::try_from(i64::from(day).checked_add(count.checked_mul(sign)?)?).ok(),
            _ => Some(Day::from_days(day).months_later(i32::try_from(count).ok()?)?.days()),
        }
    }
}
