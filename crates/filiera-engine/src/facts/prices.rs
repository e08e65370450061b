use filiera_model::{Day, Days, Exact, Range};
use filiera_tables::{Dossier, Table, TableKind};
use rustc_hash::FxHashMap;

use super::holds;

/// Prices of parts: `unit_value` of the part itself, and `values` on stated bases.
pub(crate) struct Prices {
    own: FxHashMap<String, Price>,
    stated: FxHashMap<String, Vec<Stated>>,
    currency: Option<String>,
}

/// What one unit of a part costs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Price {
    pub(crate) value: Range,
    /// The currency; nothing when the dossier names none anywhere.
    pub(crate) currency: Option<String>,
    /// Whether it is open only because nobody knows which day counts.
    pub(crate) depends_on_day: bool,
}

struct Stated {
    basis: String,
    price: Price,
    valid_from: Option<Day>,
    valid_to: Option<Day>,
}

impl Prices {
    pub(crate) fn new(dossier: &Dossier) -> Self {
        let currency = dossier.currency.clone();
        let mut own = FxHashMap::default();
        if let Some(parts) = dossier.table(TableKind::Parts) {
            for row in 0..parts.len() {
                let price = price(parts, row, ["unit_value", "unit_value_max"], currency.as_deref());
                if let Some((part, price)) = parts.text("part", row).zip(price) {
                    own.insert(part.to_owned(), price);
                }
            }
        }
        let mut stated: FxHashMap<String, Vec<Stated>> = FxHashMap::default();
        if let Some(values) = dossier.table(TableKind::Values) {
            for row in 0..values.len() {
                let price = price(values, row, ["value", "value_max"], currency.as_deref());
                let Some((part, price)) = values.text("part", row).zip(price) else { continue };
                stated.entry(part.to_owned()).or_default().push(Stated {
                    basis: values.text("basis", row).unwrap_or_default().to_owned(),
                    price,
                    valid_from: values.day("valid_from", row),
                    valid_to: values.day("valid_to", row),
                });
            }
        }
        Self { own, stated, currency }
    }

    /// The price of one unit of `part`: on `basis` when one is asked for, else the part's own
    /// `unit_value`, else whatever its stated values allow. Nothing when no price is known.
    ///
    /// A value whose validity depends on an unknown day leaves the price open.
    pub(crate) fn of(&self, part: &str, basis: Option<&str>, on: Days) -> Option<Price> {
        if let (None, Some(price)) = (basis, self.own.get(part)) {
            return Some(price.clone());
        }
        let mut found: Option<Price> = None;
        for stated in self.stated.get(part)?.iter().filter(|s| basis.is_none_or(|b| b == s.basis)) {
            match holds(stated.valid_from, stated.valid_to, on) {
                Some(false) => {}
                None => {
                    let currency = stated.price.currency.clone();
                    return Some(Price { value: Range::anything(), currency, depends_on_day: true });
                }
                Some(true) => found = Some(join(found, &stated.price)),
            }
        }
        found
    }

    /// The days on which a stated value begins or has ended.
    pub(crate) fn changes(&self) -> Vec<Day> {
        let ends = |stated: &Stated| [stated.valid_from, stated.valid_to.map(Day::next)];
        self.stated.values().flatten().flat_map(ends).flatten().collect()
    }

    /// The same for one part.
    pub(crate) fn changes_of(&self, part: &str) -> impl Iterator<Item = Day> {
        let ends = |stated: &Stated| [stated.valid_from, stated.valid_to.map(Day::next)];
        self.stated.get(part).into_iter().flatten().flat_map(ends).flatten()
    }

    /// The currency to reckon in where values of several parts meet: the only one there is, or
    /// the dossier's, or the euro.
    pub(crate) fn single_currency(&self) -> Option<String> {
        let stated = self.stated.values().flatten().map(|stated| &stated.price);
        let mut all: Vec<&String> =
            self.own.values().chain(stated).filter_map(|price| price.currency.as_ref()).collect();
        all.sort_unstable();
        all.dedup();
        match all.as_slice() {
            [] => self.currency.clone(),
            [only] => Some((*only).clone()),
            _ => Some(self.currency.clone().unwrap_or_else(|| "EUR".to_owned())),
        }
    }

    /// Whether no two prices are in different currencies.
    pub(crate) fn have_one_currency(&self) -> bool {
        let stated = self.stated.values().flatten().map(|stated| &stated.price);
        let mut all = self.own.values().chain(stated).filter_map(|price| price.currency.as_deref());
        let first = all.next();
        all.all(|other| Some(other) == first)
    }

    /// The currency money is taken to be in where a row names none.
    pub(crate) fn default_currency(&self) -> Option<&str> {
        self.currency.as_deref()
    }
}

/// Two prices that hold at once: either may be right.
fn join(so_far: Option<Price>, next: &Price) -> Price {
    match so_far {
        None => next.clone(),
        Some(price) if price.currency == next.currency => {
            Price { value: price.value.hull(&next.value), ..price }
        }
        Some(price) => Price { value: Range::anything(), ..price },
    }
}

fn price(table: &Table, row: usize, columns: [&str; 2], currency: Option<&str>) -> Option<Price> {
    let least = table.number(columns[0], row);
    let most = table.number(columns[1], row);
    let value = match (least, most) {
        (None, None) => return None,
        (Some(least), None) => Range::exactly(least),
        (least, Some(most)) => Range { least: least.unwrap_or_else(Exact::zero), most: Some(most) },
    };
    let currency = table.text("currency", row).or(currency).map(str::to_owned);
    Some(Price { value, currency, depends_on_day: false })
}
