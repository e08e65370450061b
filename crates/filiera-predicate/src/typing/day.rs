use std::ops::Range;

use filiera_tables::ColumnKind;
use sqlparser::ast::{DateTimeField, Expr, Interval, Value};

use super::Typer;
use crate::ParameterKind;
use crate::node::{Arithmetic, Class, Length, Node, Shape};

/// The longest length of time: whatever law says, it is no longer.
const MOST_YEARS: i32 = 1_000;

const HOW: &str = "write INTERVAL '10' DAY, '6' MONTH or '5' YEAR";

impl Typer<'_> {
    /// `INTERVAL '10' DAY`: whole days, weeks, months or years.
    pub(super) fn interval(&mut self, interval: &Interval) -> Node {
        let written = self.node(&interval.value);
        let start = self.source.start_before(written.span.start);
        let units = ["day", "days", "week", "weeks", "month", "months", "year", "years"];
        let span = start..self.source.word_after(written.span.end, &units).max(written.span.end);
        if written.is_broken() {
            return Node::broken(span);
        }
        let number = match (&written.shape, interval.value.as_ref()) {
            (Shape::Text(text), _) => text.trim().parse::<i32>().ok(),
            (Shape::Number(number), Expr::Value(value)) if matches!(value.value, Value::Number(..)) => {
                number.to_unscaled(0).and_then(|number| i32::try_from(number).ok())
            }
            _ => None,
        };
        let Some(number) = number else {
            let shown = self.source.slice(&written.span).to_owned();
            return self.broken(span, format!("{shown} is no whole number of days, months or years"), HOW);
        };
        let plain = interval.last_field.is_none() && interval.leading_precision.is_none();
        match interval.leading_field.as_ref().filter(|_| plain).and_then(|unit| length(number, unit)) {
            Some(length) => Node::new(span, Class::Length, Shape::Length(length)),
            None => self.broken(span, "only whole days, weeks, months and years up to 1000 are known", HOW),
        }
    }

    /// A day so many days later or earlier, or the days between two; nothing when neither side is a day.
    pub(super) fn day_arithmetic(&mut self, how: Arithmetic, left: &Node, right: &Node) -> Option<Node> {
        let span = left.span.start..right.span.end;
        let (left, right) = match how {
            Arithmetic::Minus if left.class == Class::Day => {
                (left.clone(), self.read_as(right.clone(), Class::Day))
            }
            Arithmetic::Minus if right.class == Class::Day => {
                (self.read_as(left.clone(), Class::Day), right.clone())
            }
            _ => (left.clone(), right.clone()),
        };
        if left.is_broken() || right.is_broken() {
            return Some(Node::broken(span));
        }
        let back = how == Arithmetic::Minus;
        let (day, by) = match (how, left.class, right.class) {
            (Arithmetic::Minus, Class::Day, Class::Day) => {
                let elapsed = Shape::Elapsed(Box::new(left), Box::new(right));
                return Some(Node::new(span, Class::Number, elapsed));
            }
            (Arithmetic::Plus | Arithmetic::Minus, Class::Day, _) => (left, right),
            (Arithmetic::Plus, _, Class::Day) => (right, left),
            (_, Class::Length | Class::Day, _) | (_, _, Class::Length | Class::Day) => {
                return Some(self.no_day_arithmetic(span));
            }
            _ => return None,
        };
        Some(self.shifted(span, day, by, back))
    }

    fn shifted(&mut self, span: Range<usize>, day: Node, by: Node, back: bool) -> Node {
        if by.class == Class::Length || is_whole(&by) {
            return Node::new(
                span,
                Class::Day,
                Shape::Shifted { day: Box::new(day), by: Box::new(by), back },
            );
        }
        let message = format!("{} is no number of whole days", by.class.described());
        self.broken(by.span, message, HOW)
    }

    fn no_day_arithmetic(&mut self, span: Range<usize>) -> Node {
        let help = "add a length of time to a day, or take one day from another";
        self.broken(span, "days and lengths of time are not calculated with like this", help)
    }
}

fn length(number: i32, unit: &DateTimeField) -> Option<Length> {
    use DateTimeField as U;
    let (times, is_months, most) = match unit {
        U::Day | U::Days => (1, false, MOST_YEARS * 366),
        U::Week(None) | U::Weeks => (7, false, MOST_YEARS * 53),
        U::Month | U::Months => (1, true, MOST_YEARS * 12),
        U::Year | U::Years => (12, true, MOST_YEARS),
        _ => return None,
    };
    let count = number.checked_mul(times).filter(|_| (-most..=most).contains(&number))?;
    Some(if is_months { Length::Months(count) } else { Length::Days(count) })
}

/// Whether it is a whole number whatever the rows hold; a parameter is looked at once it has a value.
fn is_whole(node: &Node) -> bool {
    match &node.shape {
        Shape::Column(_, ColumnKind::Whole)
        | Shape::Elapsed(..)
        | Shape::Scalar(_, ParameterKind::Number) => true,
        Shape::Number(number) => number.is_integer(),
        _ => false,
    }
}
