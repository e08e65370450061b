use filiera_model::{Exact, Mark, Quality, Range};
use filiera_packs::{Ratio, Term as PackTerm};

use super::forms::{Case, gather};
use super::outcome::JudgedRow;
use super::quality::quality;
use crate::arithmetic::{Sums, Term};

/// The items of a ratio of named totals, and whether their unknowns hang together.
///
/// A row enters top and bottom once for every total that marks it, with the total's sign; where a
/// mark is open, either way. Over a population nobody declared complete each total may hold more.
pub(crate) fn ratio_sums(case: &Case<'_>, ratio: &Ratio, judged: &[JudgedRow]) -> (Sums, Quality) {
    let factors: Vec<(Exact, Exact)> = case
        .leaf
        .totals
        .iter()
        .map(|(name, _)| (factor(&ratio.top, name), factor(&ratio.bottom, name)))
        .collect();
    let mut quality = quality(case, judged);
    let terms = judged.iter().map(|row| {
        if row.totals.iter().filter(|mark| **mark == Mark::Maybe).count() > 1 {
            quality = Quality::Sound;
        }
        (row, Term { weight: row.weight.range.clone(), options: options(row, &factors) })
    });
    let terms: Vec<_> = terms.collect();
    let mut sums = gather(case.rows, terms.into_iter());
    if !case.is_complete() {
        for factors in factors {
            let more = Term { weight: Range::anything(), options: vec![factors] };
            if case.leaf.weighs_signed {
                sums.add(more.negated());
            }
            sums.add(more);
        }
    }
    (sums, quality)
}

fn factor(terms: &[PackTerm], name: &str) -> Exact {
    let signs = terms.iter().filter(|term| term.name.value == name);
    signs.map(|term| Exact::from_int(if term.minus { -1 } else { 1 })).sum()
}

/// Every way the row's open marks may fall.
fn options(row: &JudgedRow, factors: &[(Exact, Exact)]) -> Vec<(Exact, Exact)> {
    let mut options = vec![(Exact::zero(), Exact::zero())];
    if row.scope == Mark::No {
        return options;
    }
    for (mark, (top, bottom)) in row.totals.iter().zip(factors) {
        let with: Vec<_> = options.iter().map(|(t, b)| (t + top, b + bottom)).collect();
        match mark {
            Mark::No => {}
            Mark::Yes => options = with,
            Mark::Maybe => options.extend(with),
        }
        options.sort();
        options.dedup();
    }
    if row.scope == Mark::Maybe && !options.contains(&(Exact::zero(), Exact::zero())) {
        options.push((Exact::zero(), Exact::zero()));
    }
    options
}
