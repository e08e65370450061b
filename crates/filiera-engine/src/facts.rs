//! What the dossier says about a part, a supplier or a currency on a day.

mod companies;
mod declarations;
mod prices;
mod rates;

pub(crate) use companies::{Companies, own_of_company};
pub(crate) use declarations::{Accepted, Candidates, Claim, Declarations, Line, Origin};
pub(crate) use prices::{Price, Prices};
pub(crate) use rates::Rates;

use filiera_model::{Day, Days};

/// Whether something that holds from `from` to `to`, both inclusive, holds on a day that is only
/// known to lie in `on`: yes, no, or nothing when that depends on the day.
pub(crate) fn holds(from: Option<Day>, to: Option<Day>, on: Days) -> Option<bool> {
    let surely_after_start = from.is_none_or(|from| on.first.is_some_and(|first| from <= first));
    let surely_before_end = to.is_none_or(|to| on.last.is_some_and(|last| last <= to));
    if surely_after_start && surely_before_end {
        return Some(true);
    }
    let before_start = from.zip(on.last).is_some_and(|(from, last)| last < from);
    let after_end = to.zip(on.first).is_some_and(|(to, first)| to < first);
    if before_start || after_end { Some(false) } else { None }
}
