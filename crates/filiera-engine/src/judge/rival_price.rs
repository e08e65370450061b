use std::cmp::Reverse;

use filiera_model::{Day, Exact, Range, Rounding};
use filiera_packs::{Base, Economic, Gives, Price};

use super::score::{Group, Points, RivalPrice, Scoring};
use crate::arithmetic::{Level, Rivalry, Steps, level};

/// So many rivals are told what they would have to ask, the strongest first.
const RIVALS: usize = 3;

/// So many times the dearest price is far enough to say "whatever it asks".
const FAR: i64 = 1_000_000;

impl Scoring<'_> {
    /// What the strongest rivals that lack a premium of the first row would have to ask; nothing where
    /// prices or points are open.
    pub(super) fn rival_prices(&self, group: &Group, points: &Points, day: Day) -> Option<Vec<RivalPrice>> {
        let (at, economic) = self.economic_criterion()?;
        let values: Option<Vec<Exact>> =
            self.values(group, &economic.price, day, &mut Points::default()).into_iter().collect();
        let values = values?;
        let own = points.rows.first()?;
        let mut rivals: Vec<(usize, String)> = Vec::new();
        for (place, rival) in points.rows.iter().enumerate().skip(1) {
            rivals.extend(
                self.premium_over(&own.by_criterion, &rival.by_criterion).map(|title| (place, title)),
            );
        }
        rivals.sort_by_key(|(place, _)| Reverse(points.rows.get(*place).map(|row| row.total.least.clone())));
        let told = rivals.into_iter().take(RIVALS).filter_map(|(place, premium)| {
            let rival = points.rows.get(place)?;
            let ahead = &beside(&own.by_criterion, at)? - &beside(&rival.by_criterion, at)?;
            let rivalry = Rivalry {
                formula: &economic.formula,
                max: &economic.max,
                decimals: self.score.decimals,
                best_is_full: economic.best_is_full,
                values: &values,
                own: 0,
                rival: place,
                ahead,
            };
            let (level, asks) = self.level(&rivalry, economic, rival.row)?;
            let is_discount = matches!(economic.price, Price::Discount(_));
            Some(RivalPrice { name: self.name(rival.row), premium, level, asks, is_discount })
        });
        Some(told.collect())
    }

    /// The first criterion that gives its points outright, to the one and surely not to the other.
    fn premium_over(&self, own: &[Range], rival: &[Range]) -> Option<String> {
        let pairs = self.score.points.iter().zip(own.iter().zip(rival));
        let mut premiums = pairs.filter(|(criterion, (own, rival))| {
            matches!(criterion.gives, Gives::WhenMet { .. } | Gives::Where { .. })
                && own.is_exact()
                && rival.is_exact()
                && own.least > rival.least
        });
        premiums.next().map(|(criterion, _)| criterion.title.clone())
    }

    /// The price (or the discount) from which on the rival has as many points, and what it asks now.
    fn level(&self, rivalry: &Rivalry<'_>, economic: &Economic, row: u32) -> Option<(Level, Exact)> {
        let now = rivalry.values.get(rivalry.rival)?;
        let cent = Exact::from_decimal(1, 2);
        let in_cents = |price: &Exact| price.checked_div(&cent)?.to_multiple(&Exact::one(), Rounding::Down);
        let base = match &economic.price {
            Price::Discount(_) => {
                // Steps of a hundredth of a percent; the whole price is no discount.
                let whole = Exact::from_int(10_000);
                let value = |step: &Exact| (&whole - step).checked_div(&whole);
                return Some((level(rivalry, &Steps { value: &value, most: whole.clone() })?, now.clone()));
            }
            Price::Of(_) => {
                let value = |step: &Exact| Some(step * &cent);
                let most = in_cents(&(rivalry.values.iter().max()? * &Exact::from_int(FAR)))?;
                return Some((level(rivalry, &Steps { value: &value, most })?, now.clone()));
            }
            Price::Below(_, Base::Number(base)) => base.clone(),
            Price::Below(_, Base::Column(column)) => self.rows.columns.number(&column.value, row as usize)?,
        };
        let value = |step: &Exact| (&base - &(step * &cent)).checked_div(&base);
        let price = |discount: &Exact| &base - &(discount * &base);
        let found = match level(rivalry, &Steps { value: &value, most: in_cents(&base)? })? {
            Level::From { value, ties } => Level::From { value: price(&value), ties },
            other => other,
        };
        Some((found, price(now)))
    }
}

/// The points in everything but the price, where they are known.
fn beside(by_criterion: &[Range], at: usize) -> Option<Exact> {
    let others = by_criterion.iter().enumerate().filter(|(place, _)| *place != at);
    others.map(|(_, range)| range.is_exact().then(|| range.least.clone())).sum()
}

impl RivalPrice {
    /// `B, without premium, has as many points from a price of 20 down; it asks 80`.
    pub(crate) fn remark(&self) -> String {
        let Self { name, premium, .. } = self;
        let what = if self.is_discount { "discount" } else { "price" };
        let shown = |value: &Exact| match self.is_discount {
            true => format!("{} %", (value * &Exact::from_int(100)).to_decimal(2, Rounding::HalfUp)),
            false => value.to_decimal(2, Rounding::HalfUp),
        };
        let asks = format!("it asks {}", shown(&self.asks));
        let asks = if self.is_discount { format!("it gives {}", shown(&self.asks)) } else { asks };
        match &self.level {
            Level::Always => {
                format!("{name}, without {premium}, has as many points at whatever {what}; {asks}")
            }
            Level::Never => format!("{name}, without {premium}, has fewer points at whatever {what}; {asks}"),
            Level::From { value, ties } => {
                let many = if *ties { "exactly as many points at" } else { "more points from" };
                let on = if self.is_discount { "up" } else { "down" };
                let on = if *ties { String::new() } else { format!(" {on}") };
                format!("{name}, without {premium}, has {many} a {what} of {}{on}; {asks}", shown(value))
            }
        }
    }
}
