use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Decimal128Type;
use filiera_model::Exact;
use filiera_tables::{SCALE, Table};

use crate::columns::is_money;

/// Sums by column and currency, as exact text: `value` → `USD` → `1253.31`. An amount whose
/// currency is not known stands under the empty currency.
pub type Sums = BTreeMap<String, BTreeMap<String, String>>;

/// An exact sum that is fast while it fits an i128.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sum {
    small: i128,
    rest: Exact,
}

impl Sum {
    /// Adds a number times 10^12.
    pub fn add(&mut self, unscaled: i128) {
        match self.small.checked_add(unscaled) {
            Some(total) => self.small = total,
            None => self.rest += &Exact::from_decimal(unscaled, u32::from(SCALE)),
        }
    }

    /// Adds a product of numbers, each times 10^12.
    pub fn add_product(&mut self, factors: &[i128]) {
        const ONE: i128 = 10i128.pow(SCALE as u32);
        let fast = factors.iter().try_fold(ONE, |product, factor| {
            product.checked_mul(*factor).filter(|product| product % ONE == 0).map(|product| product / ONE)
        });
        match fast {
            Some(product) => self.add(product),
            None => {
                let exact = |factor: &i128| Exact::from_decimal(*factor, u32::from(SCALE));
                let product = factors.iter().fold(Exact::one(), |product, factor| product * exact(factor));
                self.rest += &product;
            }
        }
    }

    /// The sum as text.
    pub fn to_text(&self) -> String {
        (Exact::from_decimal(self.small, u32::from(SCALE)) + self.rest.clone()).to_text()
    }
}

/// The sums of a table's amounts of money; `unit_value` times `quantity` as `value`, where both
/// stand in one row.
pub(crate) fn of_table(table: &Table) -> Sums {
    let mut sums = Sums::new();
    for column in table.kind().columns().iter().filter(|column| is_money(column.name, column.kind)) {
        let Some(amounts) = table.column(column.name) else { continue };
        add(&mut sums, column.name, &[amounts], table);
        if column.name == "unit_value"
            && let Some(quantities) = table.column("quantity")
        {
            add(&mut sums, "value", &[amounts, quantities], table);
        }
    }
    sums
}

fn add(sums: &mut Sums, name: &str, factors: &[&ArrayRef], table: &Table) {
    let factors: Option<Vec<_>> =
        factors.iter().map(|array| array.as_primitive_opt::<Decimal128Type>()).collect();
    let Some(factors) = factors else { return };
    let mut totals: BTreeMap<String, Sum> = BTreeMap::new();
    let mut last: Option<(String, Sum)> = None;
    for row in 0..table.len() {
        if factors.iter().any(|array| array.is_null(row)) {
            continue;
        }
        let currency = table.text("currency", row).unwrap_or("");
        // Rows of one currency usually stand together.
        if last.as_ref().is_none_or(|(known, _)| known != currency) {
            if let Some((known, sum)) = last.take() {
                totals.insert(known, sum);
            }
            let sum = totals.remove(currency).unwrap_or_default();
            last = Some((currency.to_owned(), sum));
        }
        if let Some((_, sum)) = &mut last {
            let values: Vec<i128> = factors.iter().map(|array| array.value(row)).collect();
            match values.as_slice() {
                [only] => sum.add(*only),
                several => sum.add_product(several),
            }
        }
    }
    totals.extend(last);
    if !totals.is_empty() {
        let texts = totals.into_iter().map(|(currency, sum)| (currency, sum.to_text()));
        sums.insert(name.to_owned(), texts.collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact_beyond_the_fast_path() {
        let mut sum = Sum::default();
        sum.add(i128::MAX);
        sum.add(1);
        assert_eq!(sum.to_text(), "170141183460469231731687303.715884105728");
        let mut tiny = Sum::default();
        tiny.add_product(&[1, 1]);
        tiny.add_product(&[1_500_000_000_000, 2_000_000_000_000]);
        assert_eq!(tiny.to_text(), "3.000000000000000000000001");
    }
}
