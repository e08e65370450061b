use std::ops::Range;

use sqlparser::ast::{BinaryOperator, Expr, Spanned};

use super::Typer;
use crate::node::Node;

const MISSING: &str = "leave it out: a row whose fact is missing stays a maybe, and the pack's `unknown` says what the law makes of it";

impl Typer<'_> {
    /// What SQL has and a condition must not have. What is inside is read all the same, so that its
    /// own faults are told too.
    pub(super) fn refused(&mut self, tree: &Expr) -> Node {
        let parts: Vec<Range<usize>> = inside(tree).into_iter().map(|part| self.node(part).span).collect();
        let span = self.refused_span(tree, &parts);
        let (message, help) = explained(tree);
        self.broken(span, message, help)
    }

    pub(super) fn refused_operator(&mut self, op: &BinaryOperator, span: Range<usize>) -> Node {
        match op {
            BinaryOperator::Divide => self.broken(
                span,
                "division is not exact",
                "multiply the other side: `a / b > 0.5` is `a > 0.5 * b` where b is above 0",
            ),
            other => self.broken(
                span,
                format!("`{other}` does not belong in a condition"),
                "join conditions with AND or OR",
            ),
        }
    }

    fn refused_span(&self, tree: &Expr, parts: &[Range<usize>]) -> Range<usize> {
        let inner = match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => self.source.span(tree.span()),
        };
        let end = inner.end;
        match tree {
            Expr::IsNull(_) | Expr::IsNotNull(_) => extended(&inner, self.source.word_after(end, &["null"])),
            Expr::IsTrue(_) | Expr::IsNotTrue(_) => extended(&inner, self.source.word_after(end, &["true"])),
            Expr::IsFalse(_) | Expr::IsNotFalse(_) => {
                extended(&inner, self.source.word_after(end, &["false"]))
            }
            Expr::IsUnknown(_) | Expr::IsNotUnknown(_) => {
                extended(&inner, self.source.word_after(end, &["unknown"]))
            }
            Expr::Like { .. } | Expr::ILike { .. } | Expr::SimilarTo { .. } => {
                extended(&inner, self.source.quoted_after(end))
            }
            Expr::Case { .. } => self.source.span(tree.span()),
            _ => inner,
        }
    }
}

fn extended(span: &Range<usize>, end: usize) -> Range<usize> {
    span.start..end.max(span.end)
}

/// The parts of a refused expression that are read for faults of their own.
fn inside(tree: &Expr) -> Vec<&Expr> {
    match tree {
        Expr::IsNull(part)
        | Expr::IsNotNull(part)
        | Expr::IsTrue(part)
        | Expr::IsNotTrue(part)
        | Expr::IsFalse(part)
        | Expr::IsNotFalse(part)
        | Expr::IsUnknown(part)
        | Expr::IsNotUnknown(part) => vec![part],
        Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => vec![left, right],
        Expr::Like { expr, pattern, .. } | Expr::ILike { expr, pattern, .. } => vec![expr, pattern],
        Expr::SimilarTo { expr, pattern, .. } => vec![expr, pattern],
        Expr::Case { operand, conditions, else_result, .. } => {
            let cases = conditions.iter().flat_map(|case| [&case.condition, &case.result]);
            operand.as_deref().into_iter().chain(cases).chain(else_result.as_deref()).collect()
        }
        Expr::InSubquery { expr, .. } | Expr::Cast { expr, .. } => vec![expr],
        _ => Vec::new(),
    }
}

fn explained(tree: &Expr) -> (&'static str, &'static str) {
    match tree {
        Expr::IsNull(_) | Expr::IsNotNull(_) => {
            ("IS NULL would turn a missing fact into a decision", MISSING)
        }
        Expr::IsTrue(_) | Expr::IsNotTrue(_) | Expr::IsFalse(_) | Expr::IsNotFalse(_) => (
            "IS TRUE and IS FALSE would turn a missing fact into a decision",
            "write the condition alone, or NOT before it: a missing fact stays a maybe",
        ),
        Expr::IsUnknown(_) | Expr::IsNotUnknown(_) => {
            ("IS UNKNOWN would turn a missing fact into a decision", MISSING)
        }
        Expr::IsDistinctFrom(..) | Expr::IsNotDistinctFrom(..) => (
            "IS DISTINCT FROM would turn a missing fact into a decision",
            "write `=` or `<>`: a missing fact stays a maybe",
        ),
        Expr::Case { .. } => (
            "CASE would turn a missing fact into a decision",
            "join conditions with AND, OR and NOT: a missing fact stays a maybe",
        ),
        Expr::InSubquery { .. } | Expr::Subquery(_) | Expr::Exists { .. } | Expr::InUnnest { .. } => {
            ("a condition looks at one row, not at other tables", "name a column of this table")
        }
        Expr::Like { .. } | Expr::ILike { .. } => {
            ("ESCAPE and ANY are not known", "write a backslash before % or _ that stand for themselves")
        }
        Expr::SimilarTo { .. } | Expr::RLike { .. } => {
            ("patterns are written with LIKE", "write LIKE 'text%', where % is any text and _ any letter")
        }
        Expr::Cast { .. } | Expr::Convert { .. } => {
            ("there are no casts", "numbers are exact; days are written DATE '2026-01-01'")
        }
        Expr::Extract { .. } => {
            ("only whole days are known", "compare days: `built_on >= DATE '2026-01-01'`")
        }
        Expr::Tuple(_) => ("a condition is about one value at a time", "join conditions with AND or OR"),
        _ => (
            "this does not belong in a condition",
            "write comparisons, IN, LIKE and BETWEEN, joined by AND, OR and NOT",
        ),
    }
}

/// Why a function is not known, and what to write.
pub(super) fn of_function(name: &str) -> (String, String) {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "coalesce" | "nvl" | "ifnull" | "nullif" | "isnull" | "nvl2" | "if" | "iif" | "greatest"
        | "least" => (format!("`{lower}` would turn a missing fact into a decision"), MISSING.to_owned()),
        "now" | "current_date" | "current_timestamp" | "current_time" | "localtime" | "localtimestamp"
        | "today" | "random" | "rand" | "uuid" | "gen_random_uuid" => (
            format!("`{lower}` gives another answer every time"),
            "give the day as a parameter or as DATE '2026-01-01'".to_owned(),
        ),
        "count" | "sum" | "min" | "max" | "avg" | "row_number" | "rank" | "lag" | "lead" => (
            format!("`{lower}` looks at many rows, a condition at one"),
            "sums and counts are forms of the pack: `share`, `total`, `count`".to_owned(),
        ),
        "lower" | "upper" => {
            (format!("`{lower}` takes one text and nothing more"), format!("write `{lower}(column)`"))
        }
        _ => (format!("there is no function `{name}`"), "the functions are `lower` and `upper`".to_owned()),
    }
}
