use std::ops::Range;

use arrow::datatypes::i256;
use filiera_model::Exact;
use filiera_tables::{ColumnKind, SCALE};

use super::Typer;
use crate::node::{Arithmetic, Class, Node, Shape};

/// Digits of a number column: `Decimal128(38, 12)`.
const DIGITS: u32 = 38;

/// Digits of a `Decimal256`.
const WIDE_DIGITS: u32 = 76;

/// How large a number can become, whatever the rows hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// Its decimals.
    pub(crate) scale: u32,
    /// What it never exceeds, without sign, as `most · 10^-scale`.
    most: i256,
}

impl Size {
    /// The same number with more decimals, or nothing when a cast to them could fail.
    fn rescaled(self, scale: u32) -> Option<Self> {
        let most = self.most.checked_mul(power_of_ten(scale.checked_sub(self.scale)?)?)?;
        (most < power_of_ten(WIDE_DIGITS)?).then_some(Self { scale, most })
    }

    fn plus(self, other: Self) -> Option<Self> {
        let (left, right) = self.aligned(other)?;
        Some(Self { scale: left.scale, most: left.most.checked_add(right.most)? })
    }

    fn times(self, other: Self) -> Option<Self> {
        let scale = self.scale.checked_add(other.scale).filter(|scale| *scale < WIDE_DIGITS)?;
        Some(Self { scale, most: self.most.checked_mul(other.most)? })
    }

    /// Both with the decimals of the one that has more.
    fn aligned(self, other: Self) -> Option<(Self, Self)> {
        let scale = self.scale.max(other.scale);
        let widen = |size: Self| if size.scale == scale { Some(size) } else { size.rescaled(scale) };
        Some((widen(self)?, widen(other)?))
    }
}

fn power_of_ten(exponent: u32) -> Option<i256> {
    i256::from_i128(10).checked_pow(exponent)
}

/// The size of a number; nothing when it could leave 256 bits, or is no number.
pub(crate) fn size(node: &Node) -> Option<Size> {
    match &node.shape {
        Shape::Column(_, ColumnKind::Whole) => {
            Some(Size { scale: 0, most: i256::from_i128(i128::from(i64::MAX) + 1) })
        }
        // Two days of 32 bits each.
        Shape::Elapsed(..) => Some(Size { scale: 0, most: i256::from_i128(1 << 32) }),
        Shape::Column(..) | Shape::Scalar(..) => {
            Some(Size { scale: u32::from(SCALE), most: power_of_ten(DIGITS)?.checked_sub(i256::ONE)? })
        }
        Shape::Number(number) => {
            let (scale, unscaled) = shortest(number)?;
            Some(Size { scale, most: i256::from_i128(unscaled).checked_abs()? })
        }
        Shape::Arithmetic(Arithmetic::Times, left, right) => size(left)?.times(size(right)?),
        Shape::Arithmetic(_, left, right) => size(left)?.plus(size(right)?),
        _ => None,
    }
}

/// The fewest decimals, at most 12, that hold the number exactly.
pub(crate) fn shortest(number: &Exact) -> Option<(u32, i128)> {
    let limit = 10i128.checked_pow(DIGITS)?;
    (0..=u32::from(SCALE))
        .find_map(|scale| number.to_unscaled(scale).map(|unscaled| (scale, unscaled)))
        .filter(|_| plain(number).is_some_and(|unscaled| unscaled.unsigned_abs() < limit.unsigned_abs()))
}

fn plain(number: &Exact) -> Option<i128> {
    number.to_unscaled(u32::from(SCALE))
}

/// Whether a column could hold the number exactly.
pub(crate) fn literal_fits(number: &Exact) -> bool {
    shortest(number).is_some()
}

impl Typer<'_> {
    pub(super) fn arithmetic(&mut self, arithmetic: Arithmetic, left: Node, right: Node) -> Node {
        let span = left.span.start..right.span.end;
        if left.is_broken() || right.is_broken() {
            return Node::broken(span);
        }
        if let Some(node) = self.day_arithmetic(arithmetic, &left, &right) {
            return node;
        }
        for side in [&left, &right] {
            if side.class != Class::Number {
                let message = format!("{} is no number to calculate with", side.class.described());
                return self.broken(
                    side.span.clone(),
                    message,
                    "name a column of numbers, or write a number",
                );
            }
        }
        if let (Shape::Number(left), Shape::Number(right)) = (&left.shape, &right.shape) {
            return self.folded(span, &calculated(arithmetic, left, right));
        }
        let node =
            Node::new(span, Class::Number, Shape::Arithmetic(arithmetic, Box::new(left), Box::new(right)));
        if size(&node).is_some() { node } else { self.too_large(node.span) }
    }

    pub(super) fn negated(&mut self, span: Range<usize>, node: Node) -> Node {
        if let Shape::Number(number) = node.shape {
            return Node::new(span, Class::Number, Shape::Number(-number));
        }
        let zero = Node::new(span.start..span.start, Class::Number, Shape::Number(Exact::zero()));
        self.arithmetic(Arithmetic::Minus, zero, node).at(span)
    }

    fn folded(&mut self, span: Range<usize>, number: &Exact) -> Node {
        if literal_fits(number) {
            return Node::new(span, Class::Number, Shape::Number(number.clone()));
        }
        let message = format!("this is {number}: more than 12 decimals or more than 26 digits before them");
        self.broken(span, message, "write numbers with at most 12 decimals")
    }

    /// Two numbers are compared at the decimals of the finer one, which must not overflow either.
    pub(super) fn check_size(&mut self, left: &Node, right: &Node) -> bool {
        if left.class != Class::Number {
            return true;
        }
        if size(left).zip(size(right)).is_some_and(|(left, right)| left.aligned(right).is_some()) {
            return true;
        }
        self.too_large(left.span.start.min(right.span.start)..right.span.end.max(left.span.end));
        false
    }

    fn too_large(&mut self, span: Range<usize>) -> Node {
        let message = "the result could be too large to be exact";
        self.broken(span, message, "multiply fewer columns: at most two, and compare their product with one")
    }
}

fn calculated(arithmetic: Arithmetic, left: &Exact, right: &Exact) -> Exact {
    match arithmetic {
        Arithmetic::Plus => left + right,
        Arithmetic::Minus => left - right,
        Arithmetic::Times => left * right,
    }
}
