use sqlparser::ast::{Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::comparison::negated_if;
use super::{Typer, refusal};
use crate::node::{Class, Fold, Node, Shape};

/// The longest pattern: it becomes a regular expression, whose size grows with it.
const LONGEST_PATTERN: usize = 1000;

impl Typer<'_> {
    pub(super) fn like(&mut self, value: &Expr, negated: bool, pattern: &Expr, any_case: bool) -> Node {
        let (value, pattern) = (self.node(value), self.node(pattern));
        let span = value.span.start..pattern.span.end;
        if value.is_broken() || pattern.is_broken() {
            return Node::broken(span);
        }
        let value = self.text(value, "LIKE looks at texts");
        let Shape::Text(text) = pattern.shape else {
            let message = "the pattern is not a text between quotes";
            return self.broken(
                pattern.span,
                message,
                "write LIKE 'text%', where % is any text and _ any letter",
            );
        };
        if text.len() > LONGEST_PATTERN {
            let message = format!("the pattern has {} bytes; at most {LONGEST_PATTERN} fit", text.len());
            return self.broken(pattern.span, message, "write a list: `x IN (…)`");
        }
        if text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1 {
            let help = "write the backslash twice to look for one";
            return self.broken(pattern.span, "the pattern ends with a backslash that escapes nothing", help);
        }
        if value.is_broken() {
            return Node::broken(span);
        }
        let like = Shape::Like { value: Box::new(value), pattern: text, any_case };
        negated_if(negated, Node::truth(span, like))
    }

    pub(super) fn concat(&mut self, left: Node, right: Node) -> Node {
        let span = left.span.start..right.span.end;
        let left = self.text(left, "`||` looks at texts");
        let right = self.text(right, "`||` looks at texts");
        if left.is_broken() || right.is_broken() {
            return Node::broken(span);
        }
        Node::new(span, Class::Text, Shape::Concat(Box::new(left), Box::new(right)))
    }

    /// The part, which must be a text that may be looked into.
    fn text(&mut self, node: Node, why: &str) -> Node {
        match node.class {
            Class::Text | Class::Word(_) | Class::Broken => node,
            class => {
                let help = match class {
                    Class::Country | Class::Currency | Class::List(_) => "compare it with `=` or IN",
                    _ => "name a column of texts",
                };
                self.broken(node.span, format!("{why}, not at {}", class.described()), help)
            }
        }
    }

    pub(super) fn function(&mut self, function: &Function) -> Node {
        let name = function.name.to_string();
        let start = self.source.span(sqlparser::ast::Spanned::span(&function.name)).start;
        let arguments: Vec<Node> =
            arguments(function).into_iter().map(|argument| self.node(argument)).collect();
        let last = arguments.last().map_or(start, |argument| argument.span.end);
        let named = start..start.saturating_add(name.len());
        let span = match function.args {
            FunctionArguments::None => named,
            _ => start..self.source.closed_after(last),
        };
        let Some(fold) = fold_of(&name).filter(|_| is_plain(function)) else {
            let (message, help) = refusal::of_function(&name);
            return self.broken(span, message, help);
        };
        let Ok([argument]) = <[Node; 1]>::try_from(arguments) else {
            return self.broken(span, format!("`{name}` takes one text"), format!("write `{name}(column)`"));
        };
        match self.text(argument, "lower and upper look at texts") {
            argument if argument.is_broken() => Node::broken(span),
            argument => Node::new(span, Class::Text, Shape::Fold(fold, Box::new(argument))),
        }
    }
}

fn fold_of(name: &str) -> Option<Fold> {
    match name.to_ascii_lowercase().as_str() {
        "lower" => Some(Fold::Lower),
        "upper" => Some(Fold::Upper),
        _ => None,
    }
}

/// The arguments that are expressions without a name.
fn arguments(function: &Function) -> Vec<&Expr> {
    let FunctionArguments::List(list) = &function.args else { return Vec::new() };
    let expression = |argument| match argument {
        &FunctionArg::Unnamed(FunctionArgExpr::Expr(ref expression)) => Some(expression),
        _ => None,
    };
    list.args.iter().filter_map(expression).collect()
}

/// Whether a call has nothing but its arguments.
fn is_plain(function: &Function) -> bool {
    let FunctionArguments::List(list) = &function.args else { return false };
    list.duplicate_treatment.is_none()
        && list.clauses.is_empty()
        && matches!(function.parameters, FunctionArguments::None)
        && function.filter.is_none()
        && function.null_treatment.is_none()
        && function.over.is_none()
        && function.within_group.is_empty()
}
