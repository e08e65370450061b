use filiera_model::{Day, Exact};
use sqlparser::ast::{DataType, Ident, TypedString, Value, ValueWithSpan};

use super::Typer;
use super::number::literal_fits;
use crate::PredicateFault;
use crate::node::{Class, Node, Shape};

impl Typer<'_> {
    pub(super) fn column(&mut self, name: &Ident) -> Node {
        let span = self.source.span(name.span);
        let quoted = name.quote_style.is_some();
        if let Some((name, kind)) = self.names.column(&name.value, quoted) {
            return Node::new(span, Class::of_column(kind), Shape::Column(name.to_owned(), kind));
        }
        let fault = PredicateFault::new(span.clone(), format!("there is no column `{}`", name.value));
        self.faults.push(self.names.unknown_column(&name.value, quoted, fault));
        Node::broken(span)
    }

    pub(super) fn value(&mut self, value: &ValueWithSpan) -> Node {
        let span = self.source.span(value.span);
        match &value.value {
            Value::Number(text, _) => self.number(span, text),
            Value::SingleQuotedString(text) => Node::new(span, Class::Text, Shape::Text(text.clone())),
            Value::Boolean(truth) => Node::truth(span, Shape::Truth(*truth)),
            Value::Placeholder(sign) => self.sign(span, sign),
            Value::Null => self.broken(
                span,
                "nothing can be compared with NULL",
                "leave it out: a row whose fact is missing is a maybe without being asked",
            ),
            _ => self.broken(
                span,
                "this kind of value is not known",
                "write 'text', 1.5, TRUE or DATE '2026-01-01'",
            ),
        }
    }

    fn number(&mut self, span: std::ops::Range<usize>, text: &str) -> Node {
        let Ok(number) = Exact::parse(text) else {
            return self.broken(
                span,
                format!("`{text}` is no exact number"),
                "write it out: 1500000 or 0.0015",
            );
        };
        if !literal_fits(&number) {
            let message = format!("`{text}` has more than 12 decimals or more than 26 digits before them");
            return self.broken(span, message, "write it with at most 12 decimals");
        }
        Node::new(span, Class::Number, Shape::Number(number))
    }

    fn sign(&mut self, span: std::ops::Range<usize>, sign: &str) -> Node {
        if let Some(kind) = self.names.sign(sign) {
            let shape = if kind.is_list() { Shape::List } else { Shape::Scalar };
            return Node::new(span, Class::of_parameter(kind), shape(sign.to_owned(), kind));
        }
        let noun = if sign.starts_with('@') { "zone" } else { "parameter" };
        let help = self.names.near_sign(sign);
        self.broken(span, format!("there is no {noun} `{sign}`"), help)
    }

    pub(super) fn typed_string(&mut self, typed: &TypedString) -> Node {
        let value = self.source.span(typed.value.span);
        let span = self.source.start_before(value.start)..value.end;
        let Value::SingleQuotedString(text) = &typed.value.value else {
            return self.broken(span, "a day stands between single quotes", "write DATE '2026-01-01'");
        };
        if typed.data_type != DataType::Date {
            return self.broken(span, "only days are known, without a time", "write DATE '2026-01-01'");
        }
        match text.parse::<Day>() {
            Ok(day) => Node::new(span, Class::Day, Shape::Day(day)),
            Err(_) => self.no_day(value, text),
        }
    }

    pub(super) fn no_day(&mut self, span: std::ops::Range<usize>, text: &str) -> Node {
        self.broken(span, format!("`{text}` is no day"), "write it as '2026-03-01'")
    }
}
