//! From a typed tree with values to DataFusion's physical expression.
//!
//! Types are settled here, not by DataFusion's coercion: texts with texts, whole numbers as they
//! are, plain numbers as `Decimal128(38, 12)`, calculated ones as `Decimal256`, whose size was
//! checked when the predicate was typed. No optimizer rewrites the expression.

mod day;
mod number;
mod range;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use datafusion_common::{Column, DFSchema, DataFusionError, ScalarValue};
use datafusion_expr::execution_props::ExecutionProps;
use datafusion_expr::expr::{InList, Like, ScalarFunction};
use datafusion_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion_expr::{BinaryExpr, Expr, Operator, lit};
use datafusion_physical_expr::create_physical_expr;
use filiera_tables::{ColumnKind, arrow_field};

use crate::fold::fold_function;
use crate::node::{Class, Comparison, Node, Shape};
use crate::{BindError, BoundPredicate};

/// The predicate, ready to be asked. `kinds` are the columns it names.
pub(crate) fn planned(
    node: &Node,
    kinds: &BTreeMap<String, ColumnKind>,
) -> Result<BoundPredicate, BindError> {
    let fields: Vec<Field> = kinds.iter().map(|(name, kind)| arrow_field(name, *kind)).collect();
    let schema = Arc::new(Schema::new(fields));
    let plan = || {
        let known = DFSchema::try_from(schema.as_ref().clone())?;
        let expression = lowered(node)?;
        create_physical_expr(&expression, &known, &ExecutionProps::new(), &PhysicalPlanningContext::default())
    };
    let expression = plan().map_err(|error: DataFusionError| BindError::Plan(Box::new(error)))?;
    let origins = kinds.values().map(|kind| *kind == ColumnKind::Origin).collect();
    Ok(BoundPredicate::new(expression, schema, origins))
}

type Lowered = Result<Expr, DataFusionError>;

fn lowered(node: &Node) -> Lowered {
    Ok(match &node.shape {
        Shape::Column(name, _) => Expr::Column(Column::new_unqualified(name)),
        Shape::Text(text) => lit(text.as_str()),
        Shape::Country(country) => lit(country.alpha2()),
        Shape::Number(_) | Shape::Arithmetic(..) => number::wide(node)?,
        Shape::Shifted { day, by, back } => day::shifted(day, by, *back)?,
        Shape::Elapsed(later, earlier) => day::elapsed(later, earlier)?,
        Shape::Day(day) => lit(ScalarValue::Date32(Some(day.days()))),
        Shape::Truth(truth) => lit(*truth),
        Shape::And(parts) => joined(Operator::And, parts)?,
        Shape::Or(parts) => joined(Operator::Or, parts)?,
        Shape::Not(part) => Expr::Not(Box::new(lowered(part)?)),
        Shape::Compare(how, left, right) => compared(*how, left, right)?,
        Shape::Between { value, low, high } => {
            let low = compared(Comparison::AtLeast, value, low)?;
            binary(low, Operator::And, compared(Comparison::AtMost, value, high)?)
        }
        Shape::In { needle, members } => contained(needle, members)?,
        Shape::Like { value, pattern, any_case } => {
            let (value, pattern) = (Box::new(lowered(value)?), Box::new(lit(pattern.as_str())));
            Expr::Like(Like::new(false, value, pattern, None, *any_case))
        }
        Shape::Concat(left, right) => binary(lowered(left)?, Operator::StringConcat, lowered(right)?),
        Shape::Fold(fold, part) => {
            Expr::ScalarFunction(ScalarFunction::new_udf(fold_function(*fold), vec![lowered(part)?]))
        }
        Shape::Broken | Shape::Length(_) | Shape::Scalar(..) | Shape::List(..) => return Err(not_settled()),
    })
}

fn not_settled() -> DataFusionError {
    DataFusionError::Internal("a part of the predicate has no value".to_owned())
}

fn binary(left: Expr, operator: Operator, right: Expr) -> Expr {
    Expr::BinaryExpr(BinaryExpr::new(Box::new(left), operator, Box::new(right)))
}

/// A chain as a balanced tree: a thousand links are ten levels deep, not a thousand.
fn joined(operator: Operator, parts: &[Node]) -> Lowered {
    let parts = parts.iter().map(lowered).collect::<Result<Vec<_>, _>>()?;
    balanced(operator, parts).ok_or_else(not_settled)
}

fn balanced(operator: Operator, mut parts: Vec<Expr>) -> Option<Expr> {
    while parts.len() > 1 {
        let mut halved = Vec::with_capacity(parts.len().div_ceil(2));
        let mut rest = parts.into_iter();
        while let Some(left) = rest.next() {
            halved.push(match rest.next() {
                Some(right) => binary(left, operator, right),
                None => left,
            });
        }
        parts = halved;
    }
    parts.pop()
}

fn operator(how: Comparison) -> Operator {
    match how {
        Comparison::Equal => Operator::Eq,
        Comparison::NotEqual => Operator::NotEq,
        Comparison::Less => Operator::Lt,
        Comparison::AtMost => Operator::LtEq,
        Comparison::More => Operator::Gt,
        Comparison::AtLeast => Operator::GtEq,
    }
}

fn compared(how: Comparison, left: &Node, right: &Node) -> Lowered {
    if left.class == Class::Number {
        if let Some(compared) = range::compared(how, left, right) {
            return compared;
        }
        let (left, right) = number::aligned(left, right)?;
        return Ok(binary(left, operator(how), right));
    }
    Ok(binary(lowered(left)?, operator(how), lowered(right)?))
}

/// Membership: the literals as one list, everything else as equations. Nothing is in an empty
/// list, known or not.
fn contained(needle: &Node, members: &[Node]) -> Lowered {
    let is_one_type = needle.class != Class::Number;
    let (literals, others): (Vec<&Node>, Vec<&Node>) =
        members.iter().partition(|member| is_one_type && is_literal(member));
    let mut parts = others
        .into_iter()
        .map(|member| compared(Comparison::Equal, needle, member))
        .collect::<Result<Vec<_>, _>>()?;
    if !literals.is_empty() {
        let list = literals.into_iter().map(lowered).collect::<Result<Vec<_>, _>>()?;
        parts.push(Expr::InList(InList::new(Box::new(lowered(needle)?), list, false)));
    }
    Ok(balanced(Operator::Or, parts).unwrap_or_else(|| lit(false)))
}

fn is_literal(node: &Node) -> bool {
    matches!(node.shape, Shape::Text(_) | Shape::Country(_) | Shape::Day(_))
}
