use filiera_model::{Country, Day, Exact};
use filiera_tables::ColumnKind;
use sqlparser::ast::Expr;

use super::Typer;
use crate::names::nearest;
use crate::node::{Class, Comparison, Node, Shape};

impl Typer<'_> {
    pub(super) fn compare(&mut self, comparison: Comparison, left: Node, right: Node) -> Node {
        let span = left.span.start..right.span.end;
        match self.matched(comparison, left, right) {
            Some((left, right)) => {
                Node::truth(span, Shape::Compare(comparison, Box::new(left), Box::new(right)))
            }
            None => Node::broken(span),
        }
    }

    pub(super) fn between(&mut self, value: &Expr, negated: bool, low: &Expr, high: &Expr) -> Node {
        let (value, low, high) = (self.node(value), self.node(low), self.node(high));
        let span = value.span.start..high.span.end;
        let low = self.matched(Comparison::AtLeast, value.clone(), low);
        let high = self.matched(Comparison::AtMost, value, high);
        let (Some((value, low)), Some((again, high))) = (low, high) else { return Node::broken(span) };
        if value.class != again.class {
            let help = "write both bounds and the value as days, or all as texts";
            return self.broken(span, "the bounds are of two kinds", help);
        }
        let between = Shape::Between { value: Box::new(value), low: Box::new(low), high: Box::new(high) };
        negated_if(negated, Node::truth(span, between))
    }

    /// Both sides, texts between quotes read as what the other side is; nothing when they cannot
    /// be compared, which is then reported.
    pub(super) fn matched(
        &mut self,
        comparison: Comparison,
        left: Node,
        right: Node,
    ) -> Option<(Node, Node)> {
        let lists = [&left, &right].into_iter().filter(|side| matches!(side.class, Class::List(_)));
        let lists: Vec<Node> = lists.cloned().collect();
        for list in &lists {
            self.lonely_list(list);
        }
        if left.is_broken() || right.is_broken() || !lists.is_empty() {
            return None;
        }
        let (left_class, right_class) = (left.class, right.class);
        let left = self.read_as(left, right_class);
        let right = self.read_as(right, left_class);
        if left.is_broken() || right.is_broken() {
            return None;
        }
        let fine = self.check_classes(comparison, &left, &right)
            && self.check_share(&left, &right)
            && self.check_share(&right, &left)
            && self.check_size(&left, &right);
        fine.then_some((left, right))
    }

    /// A text between quotes, read as `class`; anything else as it is.
    pub(super) fn read_as(&mut self, node: Node, class: Class) -> Node {
        let Shape::Text(text) = &node.shape else { return node };
        let text = text.clone();
        match class {
            Class::Day => match text.parse::<Day>() {
                Ok(day) => Node::new(node.span, Class::Day, Shape::Day(day)),
                Err(_) => self.no_day(node.span, &text),
            },
            Class::Country => self.country(node, &text),
            Class::Word(words) => self.word(node, &text, words),
            Class::Currency if text.len() != 3 || !text.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                self.broken(node.span, format!("`{text}` is no currency"), "write its ISO 4217 code: 'EUR'")
            }
            Class::Number | Class::Truth => {
                let message = format!("`'{text}'` is a text; {} is expected", class.described());
                let help = if class == Class::Number {
                    "write numbers without quotes"
                } else {
                    "write TRUE or FALSE"
                };
                self.broken(node.span, message, help)
            }
            _ => node,
        }
    }

    fn country(&mut self, node: Node, text: &str) -> Node {
        match Country::from_code(text) {
            Some(country) if country.alpha2() == text => {
                Node::new(node.span, Class::Country, Shape::Country(country))
            }
            Some(country) => {
                let message = format!("`{text}` is not how {} is written", country.name());
                self.broken(node.span, message, format!("write `{country}`"))
            }
            None => self.no_country(node, text),
        }
    }

    fn no_country(&mut self, node: Node, text: &str) -> Node {
        let help = match Country::from_name(text) {
            Some(country) => format!("write `{country}`"),
            None if text.eq_ignore_ascii_case("EU") => "write `IN @EU` for its members".to_owned(),
            None => "write an ISO 3166-1 alpha-2 code: 'IT'".to_owned(),
        };
        self.broken(node.span, format!("`{text}` is no country"), help)
    }

    fn word(&mut self, node: Node, text: &str, words: &[&str]) -> Node {
        if words.contains(&text) {
            return node;
        }
        let help = match nearest(text, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "its words are {}",
                words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
            ),
        };
        self.broken(node.span, format!("`{text}` is never in this column"), help)
    }

    fn check_classes(&mut self, comparison: Comparison, left: &Node, right: &Node) -> bool {
        let span = left.span.start.min(right.span.start)..right.span.end.max(left.span.end);
        if !comparable(left.class, right.class) {
            let (left, right) = (left.class.described(), right.class.described());
            let message = format!("{left} cannot be compared with {right}");
            self.broken(span, message, "compare like with like");
            return false;
        }
        let is_ordered = matches!(left.class, Class::Number | Class::Day | Class::Text)
            && matches!(right.class, Class::Number | Class::Day | Class::Text);
        if comparison.is_order() && !is_ordered {
            let class = if matches!(left.class, Class::Text) { right.class } else { left.class };
            let message = format!("{} is not more or less than another", class.described());
            self.broken(span, message, "compare with `=`, `<>` or IN");
            return false;
        }
        true
    }

    /// A share is at most 1: `share >= 45` is surely meant as 0.45.
    fn check_share(&mut self, column: &Node, literal: &Node) -> bool {
        let (Shape::Column(name, ColumnKind::Share | ColumnKind::ShareRange), Shape::Number(number)) =
            (&column.shape, &literal.shape)
        else {
            return true;
        };
        if !number.is_negative() && *number <= Exact::one() {
            return true;
        }
        let message = format!("`{name}` is a share, between 0 and 1, never {number}");
        self.broken(literal.span.clone(), message, "write 45 % as 0.45");
        false
    }
}

fn comparable(left: Class, right: Class) -> bool {
    match (left, right) {
        (Class::Number, Class::Number)
        | (Class::Day, Class::Day)
        | (Class::Truth, Class::Truth)
        | (Class::Country, Class::Country) => true,
        (Class::Word(_), Class::Currency) | (Class::Currency, Class::Word(_)) => false,
        (left, right) => left.is_textual() && right.is_textual(),
    }
}

pub(super) fn negated_if(negated: bool, node: Node) -> Node {
    if !negated || node.is_broken() {
        return node;
    }
    Node::truth(node.span.clone(), Shape::Not(Box::new(node)))
}
