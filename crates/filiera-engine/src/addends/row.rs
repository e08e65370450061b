use filiera_model::{Exact, Fraction, Mark};
use filiera_packs::{Form, Ratio, Term};

use super::{Addend, Adds, Sides};
use crate::bind::{BoundCondition, BoundLeaf};
use crate::judge::{JudgedRow, closed, counted};

/// What a row adds under a condition; nothing where its unknowns do not add up to those of others.
pub(super) fn addend(bound: &BoundCondition, leaf: &BoundLeaf, row: &JudgedRow) -> Adds {
    let sides = |row: &JudgedRow| match &bound.condition.form {
        Form::Share(_) => of_share(row),
        Form::Ratio(ratio) => of_ratio(ratio, leaf, row),
        Form::Total(_) | Form::Count(_) => of_total(row, &row.marked),
        form => of_total(row, &Fraction::from(counted(form, &row.marked))),
    };
    let (range, legal) = (sides(row)?, sides(&closed(&bound.condition, row))?);
    Some(Addend { range, legal, rows: u32::from(row.scope != Mark::No) })
}

/// A row of a share. Its weight is taken where it makes the share least, and where it makes it most: known at
/// once where it is wholly marked or not at all, or where there is only one weight.
fn of_share(row: &JudgedRow) -> Option<Sides> {
    let weight = &row.weight.range;
    if row.weight.is_signed || weight.least.is_negative() {
        return None;
    }
    let (Fraction { least, most }, Some(heaviest)) = (&row.marked, &weight.most) else { return None };
    if row.scope == Mark::Yes && weight.is_exact() {
        let part = |fraction: &Exact| fraction * heaviest;
        let (marked_least, marked_most) = (part(least), part(most));
        return Some(Sides {
            rest_most: heaviest - &marked_least,
            rest_least: heaviest - &marked_most,
            surely: heaviest.clone(),
            marked_least,
            marked_most,
        });
    }
    let is_whole = |fraction: &Exact| fraction.is_zero() || *fraction == Exact::one();
    if !is_whole(least) || !is_whole(most) {
        return None;
    }
    let lightest = if row.scope == Mark::Yes { weight.least.clone() } else { Exact::zero() };
    let heaviest = if row.scope == Mark::No { Exact::zero() } else { heaviest.clone() };
    let when = |is: bool, weight: &Exact| if is { weight.clone() } else { Exact::zero() };
    Some(Sides {
        marked_least: when(!least.is_zero(), &lightest),
        rest_most: when(least.is_zero(), &heaviest),
        marked_most: when(!most.is_zero(), &heaviest),
        rest_least: when(most.is_zero(), &lightest),
        surely: lightest,
    })
}

/// A row of a total, or of a number of rows.
fn of_total(row: &JudgedRow, marked: &Fraction) -> Option<Sides> {
    let weight = &row.weight.range;
    if row.weight.is_signed || weight.least.is_negative() {
        return None;
    }
    let surely = row.scope == Mark::Yes;
    let least = if surely { &marked.least * &weight.least } else { Exact::zero() };
    let most = match &weight.most {
        _ if row.scope == Mark::No || marked.most.is_zero() => Exact::zero(),
        Some(most) => &marked.most * most,
        None => return None,
    };
    Some(Sides {
        marked_least: least,
        marked_most: most,
        surely: Exact::from_int(u8::from(surely)),
        ..Sides::default()
    })
}

/// A row of a ratio, where everything about it is known.
fn of_ratio(ratio: &Ratio, leaf: &BoundLeaf, row: &JudgedRow) -> Option<Sides> {
    let weight = row.weight.range.most.as_ref().filter(|_| row.weight.range.is_exact())?;
    if row.weight.is_signed || row.scope == Mark::Maybe || row.totals.contains(&Mark::Maybe) {
        return None;
    }
    let of = |terms: &[Term]| -> Exact {
        let named = leaf.totals.iter().zip(&row.totals).filter(|(_, mark)| **mark == Mark::Yes);
        named.map(|((name, _), _)| signs(terms, name)).sum()
    };
    let weight = if row.scope == Mark::No { Exact::zero() } else { weight.clone() };
    Some(Sides {
        marked_least: &of(&ratio.top) * &weight,
        rest_most: &of(&ratio.bottom) * &weight,
        surely: Exact::one(),
        ..Sides::default()
    })
}

/// How often a total is added, those taken away against it.
fn signs(terms: &[Term], name: &str) -> Exact {
    let own = terms.iter().filter(|term| term.name.value == name);
    own.map(|term| Exact::from_int(if term.minus { -1 } else { 1 })).sum()
}
