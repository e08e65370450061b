//! From SQL's syntax tree to a typed one: every name known, every comparison of like with like.
//!
//! A faulty part is reported once, on the smallest stretch of text, and then counts as broken:
//! what holds it says nothing more, what stands beside it is still read.

mod comparison;
mod day;
mod leaf;
mod list;
mod number;
mod refusal;
mod text;

use std::ops::Range;

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};

pub(crate) use number::{literal_fits, shortest, size};

use crate::PredicateFault;
use crate::names::Names;
use crate::node::{Arithmetic, Class, Comparison, Node, Shape};
use crate::text::Source;

/// The typed tree of a condition.
pub(crate) fn typed(tree: &Expr, source: &Source, names: &Names<'_>) -> Result<Node, Vec<PredicateFault>> {
    let mut typer = Typer { source, names, faults: Vec::new() };
    let node = typer.node(tree);
    let node = typer.truth(node);
    if typer.faults.is_empty() {
        return Ok(node);
    }
    typer.faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
    typer.faults.dedup();
    Err(typer.faults)
}

struct Typer<'a> {
    source: &'a Source,
    names: &'a Names<'a>,
    faults: Vec<PredicateFault>,
}

impl Typer<'_> {
    fn node(&mut self, tree: &Expr) -> Node {
        match tree {
            Expr::Identifier(name) => self.column(name),
            Expr::Value(value) => self.value(value),
            Expr::TypedString(typed) => self.typed_string(typed),
            Expr::Nested(inner) => self.nested(inner),
            Expr::BinaryOp { op: op @ (BinaryOperator::And | BinaryOperator::Or), .. } => {
                self.joined(tree, op)
            }
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::UnaryOp { op, expr } => self.unary(*op, expr),
            Expr::Between { expr, negated, low, high } => self.between(expr, *negated, low, high),
            Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated),
            Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
                self.like(expr, *negated, pattern, false)
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char: None } => {
                self.like(expr, *negated, pattern, true)
            }
            Expr::Function(function) => self.function(function),
            Expr::Interval(interval) => self.interval(interval),
            other => self.refused(other),
        }
    }

    /// Reports a fault; the part is broken from then on.
    fn broken(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Node {
        self.faults.push(PredicateFault::new(span.clone(), message).help(help));
        Node::broken(span)
    }

    fn nested(&mut self, inner: &Expr) -> Node {
        let node = self.node(inner);
        let start = self.source.start_before(node.span.start);
        let end = self.source.closed_after(node.span.end);
        node.at(start..end)
    }

    /// A chain of ANDs or of ORs, however long, as one part; a chain of them in parentheses joins
    /// the chain around it.
    fn joined(&mut self, tree: &Expr, op: &BinaryOperator) -> Node {
        let mut links = Vec::new();
        let mut rest = tree;
        while let Expr::BinaryOp { left, op: own, right } = rest
            && own == op
        {
            links.push(right.as_ref());
            rest = left;
        }
        links.push(rest);
        let mut parts = Vec::with_capacity(links.len());
        for link in links.into_iter().rev() {
            let node = self.node(link);
            parts.push(self.truth(node));
        }
        let span = around(&parts);
        if parts.iter().any(Node::is_broken) {
            return Node::broken(span);
        }
        let is_and = *op == BinaryOperator::And;
        let flat = parts.into_iter().flat_map(|part| flattened(part, is_and)).collect();
        Node::truth(span, if is_and { Shape::And(flat) } else { Shape::Or(flat) })
    }

    fn unary(&mut self, op: UnaryOperator, inner: &Expr) -> Node {
        let node = self.node(inner);
        let span = self.source.start_before(node.span.start)..node.span.end;
        if node.is_broken() {
            return node.at(span);
        }
        match op {
            UnaryOperator::Not => match self.truth(node) {
                node if node.is_broken() => node,
                node => Node::truth(span, Shape::Not(Box::new(node))),
            },
            UnaryOperator::Plus if node.class == Class::Number => node.at(span),
            UnaryOperator::Minus if node.class == Class::Number => self.negated(span, node),
            _ => {
                let message = format!("a sign stands before {}", node.class.described());
                self.broken(span, message, "write `+` or `-` before numbers only")
            }
        }
    }

    fn binary(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Node {
        let (left, right) = (self.node(left), self.node(right));
        if let Some(comparison) = comparison_of(op) {
            return self.compare(comparison, left, right);
        }
        if let Some(arithmetic) = arithmetic_of(op) {
            return self.arithmetic(arithmetic, left, right);
        }
        if *op == BinaryOperator::StringConcat {
            return self.concat(left, right);
        }
        self.refused_operator(op, left.span.start..right.span.end)
    }

    /// The part, which must be true or false.
    fn truth(&mut self, node: Node) -> Node {
        match node.class {
            Class::Truth | Class::Broken => node,
            Class::List(_) => self.lonely_list(&node),
            class => {
                let shown = self.source.slice(&node.span).to_owned();
                let message = format!("`{shown}` is {}, not a condition", class.described());
                self.broken(node.span, message, "compare it with something: `x = y`, `x IN (…)`")
            }
        }
    }
}

fn flattened(part: Node, is_and: bool) -> Vec<Node> {
    match part.shape {
        Shape::And(parts) if is_and => parts,
        Shape::Or(parts) if !is_and => parts,
        shape => vec![Node { shape, ..part }],
    }
}

/// From the first part's start to the last part's end.
fn around(parts: &[Node]) -> Range<usize> {
    let start = parts.first().map_or(0, |part| part.span.start);
    start..parts.last().map_or(start, |part| part.span.end)
}

fn comparison_of(op: &BinaryOperator) -> Option<Comparison> {
    Some(match op {
        BinaryOperator::Eq => Comparison::Equal,
        BinaryOperator::NotEq => Comparison::NotEqual,
        BinaryOperator::Lt => Comparison::Less,
        BinaryOperator::LtEq => Comparison::AtMost,
        BinaryOperator::Gt => Comparison::More,
        BinaryOperator::GtEq => Comparison::AtLeast,
        _ => return None,
    })
}

fn arithmetic_of(op: &BinaryOperator) -> Option<Arithmetic> {
    Some(match op {
        BinaryOperator::Plus => Arithmetic::Plus,
        BinaryOperator::Minus => Arithmetic::Minus,
        BinaryOperator::Multiply => Arithmetic::Times,
        _ => return None,
    })
}
