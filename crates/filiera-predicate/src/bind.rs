//! Values in the places of parameters and zones.

use std::collections::BTreeMap;

use filiera_model::{Country, Exact};

use crate::node::{Class, Node, Shape};
use crate::typing::literal_fits;
use crate::{BindError, ParameterKind, ParameterValue};

type Values = BTreeMap<String, ParameterValue>;

/// The tree with a literal in every place that a parameter or a zone held.
pub(crate) fn substituted(node: &Node, values: &Values) -> Result<Node, BindError> {
    let one = |part: &Node| substituted(part, values).map(Box::new);
    let all =
        |parts: &[Node]| parts.iter().map(|part| substituted(part, values)).collect::<Result<Vec<_>, _>>();
    let shape = match &node.shape {
        Shape::Scalar(sign, kind) => scalar(sign, *kind, value(values, sign)?)?,
        Shape::And(parts) => Shape::And(all(parts)?),
        Shape::Or(parts) => Shape::Or(all(parts)?),
        Shape::Not(part) => Shape::Not(one(part)?),
        Shape::Compare(how, left, right) => Shape::Compare(*how, one(left)?, one(right)?),
        Shape::Between { value, low, high } => {
            Shape::Between { value: one(value)?, low: one(low)?, high: one(high)? }
        }
        Shape::In { needle, members } => {
            let needle = one(needle)?;
            let members = members_of(&needle, members, values)?;
            Shape::In { needle, members }
        }
        Shape::Like { value, pattern, any_case } => {
            Shape::Like { value: one(value)?, pattern: pattern.clone(), any_case: *any_case }
        }
        Shape::Concat(left, right) => Shape::Concat(one(left)?, one(right)?),
        Shape::Fold(fold, part) => Shape::Fold(*fold, one(part)?),
        Shape::Arithmetic(how, left, right) => Shape::Arithmetic(*how, one(left)?, one(right)?),
        Shape::Elapsed(later, earlier) => Shape::Elapsed(one(later)?, one(earlier)?),
        Shape::Shifted { day, by, back } => {
            let (day, moved) = (one(day)?, one(by)?);
            refuse_parts_of_days(by, &moved)?;
            Shape::Shifted { day, by: moved, back: *back }
        }
        shape => shape.clone(),
    };
    Ok(Node { shape, ..node.clone() })
}

/// A parameter that is added to a day must be a whole number.
fn refuse_parts_of_days(written: &Node, by: &Node) -> Result<(), BindError> {
    match (&written.shape, &by.shape) {
        (Shape::Scalar(sign, _), Shape::Number(number)) if !number.is_integer() => {
            Err(BindError::Days { name: sign.clone(), value: number.to_text() })
        }
        _ => Ok(()),
    }
}

fn members_of(needle: &Node, members: &[Node], values: &Values) -> Result<Vec<Node>, BindError> {
    let mut all = Vec::new();
    for member in members {
        match &member.shape {
            Shape::List(sign, kind) => all.extend(listed(needle, member, sign, *kind, value(values, sign)?)?),
            _ => all.push(substituted(member, values)?),
        }
    }
    Ok(all)
}

fn value<'v>(values: &'v Values, sign: &str) -> Result<&'v ParameterValue, BindError> {
    let key = sign.strip_prefix('$').unwrap_or(sign);
    values.get(key).ok_or_else(|| BindError::Missing { name: sign.to_owned() })
}

fn wrong_kind(sign: &str, kind: ParameterKind, value: &ParameterValue) -> BindError {
    BindError::Kind { name: sign.to_owned(), expected: kind.described(), found: value.described() }
}

fn scalar(sign: &str, kind: ParameterKind, value: &ParameterValue) -> Result<Shape, BindError> {
    match (kind, value) {
        (ParameterKind::Number | ParameterKind::Share, ParameterValue::Number(number)) => {
            let (name, value) = (sign.to_owned(), number.to_text());
            if kind == ParameterKind::Share && (number.is_negative() || *number > Exact::one()) {
                return Err(BindError::Share { name, value });
            }
            if !literal_fits(number) {
                return Err(BindError::Number { name, value });
            }
            Ok(Shape::Number(number.clone()))
        }
        (ParameterKind::Day, ParameterValue::Day(day)) => Ok(Shape::Day(*day)),
        (ParameterKind::Truth, ParameterValue::Truth(truth)) => Ok(Shape::Truth(*truth)),
        _ => Err(wrong_kind(sign, kind, value)),
    }
}

fn listed(
    needle: &Node,
    member: &Node,
    sign: &str,
    kind: ParameterKind,
    value: &ParameterValue,
) -> Result<Vec<Node>, BindError> {
    let ParameterValue::Texts(texts) = value else { return Err(wrong_kind(sign, kind, value)) };
    let one = |text: &String| -> Result<Node, BindError> {
        let text = if kind == ParameterKind::Countries {
            alpha2(sign, text)?
        } else {
            word(sign, text, needle.class)?
        };
        Ok(Node::new(member.span.clone(), Class::Text, Shape::Text(text)))
    };
    texts.iter().map(one).collect()
}

fn alpha2(sign: &str, code: &str) -> Result<String, BindError> {
    let unknown = || BindError::Country { name: sign.to_owned(), code: code.to_owned() };
    Country::from_code(code).map(|country| country.alpha2().to_owned()).ok_or_else(unknown)
}

fn word(sign: &str, text: &str, class: Class) -> Result<String, BindError> {
    match class {
        Class::Word(words) if !words.contains(&text) => {
            Err(BindError::Word { name: sign.to_owned(), word: text.to_owned(), words })
        }
        _ => Ok(text.to_owned()),
    }
}
