use arrow::datatypes::{DataType, i256};
use datafusion_common::{Column, DataFusionError, ScalarValue};
use datafusion_expr::{Expr, Operator, cast, lit};
use filiera_model::Exact;
use filiera_tables::{ColumnKind, SCALE};

use super::day::elapsed;
use super::range::point;
use super::{Lowered, binary, not_settled};
use crate::node::{Arithmetic, Node, Shape};
use crate::typing::{shortest, size};

/// Digits of `Decimal128` and of `Decimal256`.
const DIGITS: u8 = 38;
const WIDE_DIGITS: u8 = 76;

/// Both sides of a comparison in one type that holds either exactly.
pub(super) fn aligned(left: &Node, right: &Node) -> Result<(Expr, Expr), DataFusionError> {
    if let (Some(left), Some(right)) = (whole(left), whole(right)) {
        return Ok((left?, right?));
    }
    if let (Some(left), Some(right)) = (plain(left), plain(right)) {
        return Ok((left?, right?));
    }
    let scale = scale_of(left)?.max(scale_of(right)?);
    Ok((wide_at(left, scale)?, wide_at(right, scale)?))
}

/// A whole number as `Int64`.
pub(super) fn whole(node: &Node) -> Option<Lowered> {
    match &node.shape {
        Shape::Column(name, ColumnKind::Whole) => Some(Ok(column(name))),
        Shape::Elapsed(later, earlier) => Some(elapsed(later, earlier)),
        Shape::Number(number) => {
            let number = i64::try_from(number.to_unscaled(0)?).ok()?;
            Some(Ok(lit(number)))
        }
        _ => None,
    }
}

/// A number that is not calculated, as `Decimal128(38, 12)`.
fn plain(node: &Node) -> Option<Lowered> {
    let as_plain = |whole| cast(whole, DataType::Decimal128(DIGITS, SCALE.cast_signed()));
    match &node.shape {
        Shape::Column(name, ColumnKind::Whole) => Some(Ok(as_plain(column(name)))),
        Shape::Elapsed(later, earlier) => Some(elapsed(later, earlier).map(as_plain)),
        Shape::Column(name, ColumnKind::ShareRange) => Some(Ok(point(name))),
        Shape::Column(name, _) => Some(Ok(column(name))),
        Shape::Number(number) => {
            let unscaled = number.to_unscaled(u32::from(SCALE))?;
            Some(Ok(lit(ScalarValue::Decimal128(Some(unscaled), DIGITS, SCALE.cast_signed()))))
        }
        _ => None,
    }
}

/// Any number, as `Decimal256` with the decimals that its size has.
pub(super) fn wide(node: &Node) -> Lowered {
    match &node.shape {
        Shape::Column(name, ColumnKind::Whole) => {
            Ok(cast(column(name), DataType::Decimal256(WIDE_DIGITS, 0)))
        }
        Shape::Column(name, kind) => {
            let number = if *kind == ColumnKind::ShareRange { point(name) } else { column(name) };
            Ok(cast(number, DataType::Decimal256(WIDE_DIGITS, SCALE.cast_signed())))
        }
        Shape::Elapsed(later, earlier) => {
            Ok(cast(elapsed(later, earlier)?, DataType::Decimal256(WIDE_DIGITS, 0)))
        }
        Shape::Number(number) => literal(number),
        Shape::Arithmetic(Arithmetic::Times, left, right) => {
            Ok(binary(wide(left)?, Operator::Multiply, wide(right)?))
        }
        Shape::Arithmetic(how, left, right) => {
            let scale = scale_of(left)?.max(scale_of(right)?);
            let operator = if *how == Arithmetic::Plus { Operator::Plus } else { Operator::Minus };
            Ok(binary(wide_at(left, scale)?, operator, wide_at(right, scale)?))
        }
        _ => Err(not_settled()),
    }
}

pub(super) fn wide_at(node: &Node, scale: u32) -> Lowered {
    let expression = wide(node)?;
    if scale_of(node)? == scale {
        return Ok(expression);
    }
    let scale = i8::try_from(scale).map_err(|_| not_settled())?;
    Ok(cast(expression, DataType::Decimal256(WIDE_DIGITS, scale)))
}

fn literal(number: &Exact) -> Lowered {
    let (scale, unscaled) = shortest(number).ok_or_else(not_settled)?;
    let scale = i8::try_from(scale).map_err(|_| not_settled())?;
    Ok(lit(ScalarValue::Decimal256(Some(i256::from_i128(unscaled)), WIDE_DIGITS, scale)))
}

pub(super) fn scale_of(node: &Node) -> Result<u32, DataFusionError> {
    size(node).map(|size| size.scale).ok_or_else(not_settled)
}

pub(super) fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}
