//! Shares known within two ends: a comparison is decided when the whole range agrees.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Decimal128Array, StructArray};
use arrow::datatypes::{DataType, Decimal128Type, i256};
use datafusion_common::{DataFusionError, cast::as_decimal256_array};
use datafusion_expr::expr::ScalarFunction;
use datafusion_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use filiera_tables::{ColumnKind, SCALE};

use super::Lowered;
use super::number::{column, scale_of, wide_at};
use crate::facts::Facts;
use crate::node::{Comparison, Node, Shape};

/// The comparison, when one side is a range and the other does not name it; else nothing, and a range
/// counts as the value it is, if it is one.
pub(super) fn compared(how: Comparison, left: &Node, right: &Node) -> Option<Lowered> {
    let free = |name: &str, other: &Node| !Facts::of(other).columns.contains(name);
    match (ranged(left), ranged(right)) {
        (Some(name), _) if free(name, right) => Some(call(how, name, right)),
        (_, Some(name)) if free(name, left) => Some(call(mirrored(how), name, left)),
        _ => None,
    }
}

fn ranged(node: &Node) -> Option<&str> {
    match &node.shape {
        Shape::Column(name, ColumnKind::ShareRange) => Some(name),
        _ => None,
    }
}

fn mirrored(how: Comparison) -> Comparison {
    match how {
        Comparison::Less => Comparison::More,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::More => Comparison::Less,
        Comparison::AtLeast => Comparison::AtMost,
        other => other,
    }
}

fn call(how: Comparison, name: &str, other: &Node) -> Lowered {
    let other = match ranged(other) {
        Some(other) => column(other),
        None => wide_at(other, scale_of(other)?.max(u32::from(SCALE)))?,
    };
    Ok(function(How::Compare(how), vec![column(name), other]))
}

/// The value of a range that is one value, as `Decimal128(38, 12)`; any other is not known.
pub(super) fn point(name: &str) -> Expr {
    function(How::Point, vec![column(name)])
}

fn function(how: How, arguments: Vec<Expr>) -> Expr {
    let signature = Signature::any(arguments.len(), Volatility::Immutable);
    let function = Arc::new(ScalarUDF::from(RangeFunction { how, signature }));
    Expr::ScalarFunction(ScalarFunction::new_udf(function, arguments))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum How {
    Compare(Comparison),
    Point,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct RangeFunction {
    how: How,
    signature: Signature,
}

impl ScalarUDFImpl for RangeFunction {
    fn name(&self) -> &str {
        match self.how {
            How::Compare(_) => "range_compared",
            How::Point => "range_value",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType, DataFusionError> {
        Ok(match self.how {
            How::Compare(_) => DataType::Boolean,
            How::Point => DataType::Decimal128(38, SCALE.cast_signed()),
        })
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue, DataFusionError> {
        let arrays = ColumnarValue::values_to_arrays(&call.args)?;
        let answer: ArrayRef = match (self.how, arrays.as_slice()) {
            (How::Compare(how), [ranges, others]) => Arc::new(answers(how, ranges, others)?),
            (How::Point, [ranges]) => Arc::new(points(ranges)?),
            _ => return Err(wrong()),
        };
        Ok(ColumnarValue::Array(answer))
    }
}

fn wrong() -> DataFusionError {
    DataFusionError::Internal("a range is compared with something that is no number".to_owned())
}

fn points(ranges: &ArrayRef) -> Result<Decimal128Array, DataFusionError> {
    let ends = Ends::of(ranges)?;
    let values = (0..ranges.len()).map(|row| {
        let (least, most) = ends.at(row)?;
        (least.value == most.value && !least.open && !most.open).then_some(least.value.to_i128()).flatten()
    });
    let values: Decimal128Array = values.collect();
    Ok(values.with_precision_and_scale(38, SCALE.cast_signed())?)
}

fn answers(how: Comparison, ranges: &ArrayRef, others: &ArrayRef) -> Result<BooleanArray, DataFusionError> {
    let ends = Ends::of(ranges)?;
    if matches!(others.data_type(), DataType::Struct(_)) {
        let others = Ends::of(others)?;
        return Ok((0..ranges.len()).map(|row| decided(how, ends.at(row)?, others.at(row)?)).collect());
    }
    let DataType::Decimal256(_, scale) = *others.data_type() else { return Err(wrong()) };
    let finer =
        u32::try_from(scale).ok().and_then(|scale| scale.checked_sub(u32::from(SCALE))).ok_or_else(wrong)?;
    let finer = i256::from_i128(10).checked_pow(finer).ok_or_else(wrong)?;
    let others = as_decimal256_array(others)?;
    let answer = |row: usize| {
        let (least, most) = ends.at(row)?;
        let other = others.is_valid(row).then(|| End { value: others.value(row), open: false })?;
        decided(how, (least.times(finer)?, most.times(finer)?), (other, other))
    };
    Ok((0..ranges.len()).map(answer).collect())
}

/// One end, counted in its smallest decimals.
#[derive(Clone, Copy)]
struct End {
    value: i256,
    open: bool,
}

impl End {
    fn times(self, factor: i256) -> Option<Self> {
        Some(Self { value: self.value.checked_mul(factor)?, ..self })
    }
}

/// The columns of a range.
struct Ends<'a> {
    ranges: &'a StructArray,
}

impl<'a> Ends<'a> {
    fn of(array: &'a ArrayRef) -> Result<Self, DataFusionError> {
        let ranges = array.as_struct_opt().filter(|ranges| ranges.num_columns() == 4).ok_or_else(wrong)?;
        Ok(Self { ranges })
    }

    fn at(&self, row: usize) -> Option<(End, End)> {
        if self.ranges.is_null(row) {
            return None;
        }
        let end = |number: usize, open: usize| {
            let numbers = self.ranges.columns().get(number)?.as_primitive_opt::<Decimal128Type>()?;
            let opens = self.ranges.columns().get(open)?.as_boolean_opt()?;
            let known = numbers.is_valid(row) && opens.is_valid(row);
            known.then(|| End { value: i256::from_i128(numbers.value(row)), open: opens.value(row) })
        };
        Some((end(0, 1)?, end(2, 3)?))
    }
}

type Pair = (End, End);

/// What holds for every value of the one against every value of the other.
fn decided(how: Comparison, left: Pair, right: Pair) -> Option<bool> {
    match how {
        Comparison::Less => less(left, right),
        Comparison::AtLeast => less(left, right).map(|less| !less),
        Comparison::More => less(right, left),
        Comparison::AtMost => less(right, left).map(|less| !less),
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => equal(left, right).map(|equal| !equal),
    }
}

fn less(left: Pair, right: Pair) -> Option<bool> {
    let (most, least) = (left.1, right.0);
    let always = most.value < least.value || (most.value == least.value && (most.open || least.open));
    let never = left.0.value >= right.1.value;
    match (always, never) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}

fn equal(left: Pair, right: Pair) -> Option<bool> {
    let is_value = |pair: Pair| pair.0.value == pair.1.value && !pair.0.open && !pair.1.open;
    if is_value(left) && is_value(right) {
        return Some(left.0.value == right.0.value);
    }
    let apart = less(left, right) == Some(true) || less(right, left) == Some(true);
    apart.then_some(false)
}
