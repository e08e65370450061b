//! SQL's three-valued logic, one row and one truth at a time.

use std::cmp::Ordering;

use filiera_model::Exact;

use super::tree::{LISTED, Number, Row, Text, Truth, ZONE};

pub fn answer(tree: &Truth, row: &Row) -> Option<bool> {
    match tree {
        Truth::T => row.t,
        Truth::Literal(truth) => Some(*truth),
        Truth::Not(part) => not(answer(part, row)),
        Truth::And(left, right) => and(answer(left, row), answer(right, row)),
        Truth::Or(left, right) => or(answer(left, row), answer(right, row)),
        Truth::Same(left, same, right) => Some((answer(left, row)? == answer(right, row)?) == *same),
        Truth::Texts(left, sign, right) => Some(holds(sign, text(left, row)?.cmp(&text(right, row)?))),
        Truth::Numbers(left, sign, right) => Some(holds(sign, number(left, row)?.cmp(&number(right, row)?))),
        Truth::Country(same, code) => Some((row.c.as_deref()? == *code) == *same),
        Truth::InZone(negated) => not_if(*negated, row.c.as_deref().map(|code| ZONE.contains(&code))),
        Truth::InTexts { needle, negated, members, listed } => {
            let mut all: Vec<Option<String>> = members.iter().map(|member| text(member, row)).collect();
            if *listed {
                all.extend(LISTED.iter().map(|text| Some((*text).to_owned())));
            }
            not_if(*negated, contained(&text(needle, row), &all))
        }
        Truth::InNumbers { needle, negated, members } => {
            let all: Vec<Option<Exact>> = members.iter().map(|member| number(member, row)).collect();
            not_if(*negated, contained(&number(needle, row), &all))
        }
        Truth::InNothing(_, negated) => Some(*negated),
        Truth::Between { value, negated, low, high } => {
            let value = number(value, row);
            let above = compared(&value, &number(low, row)).map(Ordering::is_ge);
            let below = compared(&value, &number(high, row)).map(Ordering::is_le);
            not_if(*negated, and(above, below))
        }
        Truth::Like { value, negated, pattern } => {
            let value: Option<Vec<char>> = text(value, row).map(|text| text.chars().collect());
            let pattern: Vec<char> = pattern.chars().collect();
            not_if(*negated, value.map(|value| like(&value, &pattern)))
        }
    }
}

fn not(truth: Option<bool>) -> Option<bool> {
    truth.map(|truth| !truth)
}

fn not_if(negated: bool, truth: Option<bool>) -> Option<bool> {
    if negated { not(truth) } else { truth }
}

fn and(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// `x IN (a, b)` is `x = a OR x = b`, and nothing is in an empty list.
fn contained<T: PartialEq>(needle: &Option<T>, members: &[Option<T>]) -> Option<bool> {
    let one = |member: &Option<T>| Some(needle.as_ref()? == member.as_ref()?);
    members.iter().map(one).fold(Some(false), or)
}

fn compared(left: &Option<Exact>, right: &Option<Exact>) -> Option<Ordering> {
    Some(left.as_ref()?.cmp(right.as_ref()?))
}

fn holds(sign: &str, ordering: Ordering) -> bool {
    match sign {
        "=" => ordering.is_eq(),
        "<>" => ordering.is_ne(),
        "<" => ordering.is_lt(),
        "<=" => ordering.is_le(),
        ">" => ordering.is_gt(),
        ">=" => ordering.is_ge(),
        _ => panic!("no comparison: {sign}"),
    }
}

fn text(text_of: &Text, row: &Row) -> Option<String> {
    match text_of {
        Text::A => row.a.clone(),
        Text::B => row.b.clone(),
        Text::Literal(literal) => Some((*literal).to_owned()),
        Text::Upper(part) => Some(text(part, row)?.to_uppercase()),
        Text::Concat(left, right) => Some(text(left, row)? + &text(right, row)?),
    }
}

fn number(number_of: &Number, row: &Row) -> Option<Exact> {
    match number_of {
        Number::N => row.n.clone(),
        Number::W => row.w.map(Exact::from_int),
        Number::Half => Exact::ratio(1, 2),
        Number::Literal(literal) => Exact::parse(literal).ok(),
        Number::Negative(part) => Some(-number(part, row)?),
        Number::Calculated(left, sign, right) => {
            let (left, right) = (number(left, row)?, number(right, row)?);
            Some(match sign {
                '+' => left + right,
                '-' => left - right,
                _ => left * right,
            })
        }
    }
}

fn like(text: &[char], pattern: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|skipped| like(&text[skipped..], rest)),
        Some(('_', rest)) => !text.is_empty() && like(&text[1..], rest),
        Some((letter, rest)) => text.first() == Some(letter) && like(&text[1..], rest),
    }
}
