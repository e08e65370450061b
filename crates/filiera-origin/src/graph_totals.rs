use std::collections::BTreeMap;

use filiera_model::Exact;
use filiera_tables::SCALE;

use crate::totals::{fits, over};
use crate::walk::{Step, walk};
use crate::{AcyclicBom, BomGraph, Line, Node, OriginError, Scaled, Totals, roll_up_values};

impl BomGraph {
    /// The quantities of all lines in base units over one common denominator, in the order the
    /// shape numbers lines; a line without a quantity counts nothing.
    fn scaled_quantities(&self) -> Option<(Vec<i128>, u64)> {
        let factors: Vec<(i128, i128)> =
            self.units.iter().map(|unit| whole_factor(unit.factor())).collect::<Option<_>>()?;
        // 10^12 for the table's decimals, 10^6 for milligrams.
        let finest = 10i128.pow(u32::from(SCALE)) * 1_000_000;
        let scaled = |(unscaled, unit): (&i128, &u32)| {
            let (top, bottom) = factors.get(*unit as usize)?;
            unscaled.checked_mul(*top)?.checked_mul(1_000_000 / bottom)
        };
        let mut scaled: Vec<i128> =
            self.lines.quantity.iter().zip(&self.lines.unit).map(scaled).collect::<Option<_>>()?;
        let common = scaled.iter().fold(finest, |common, one| gcd(common, *one));
        scaled.iter_mut().for_each(|one| *one /= common);
        Some((scaled, u64::try_from(finest / common).ok()?))
    }
}

fn whole_factor(factor: &Exact) -> Option<(i128, i128)> {
    let (top, bottom) = factor.parts();
    Some((i128::try_from(top).ok()?, i128::try_from(bottom).ok()?))
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl AcyclicBom {
    /// The total of every part in the order of the ids: its own value and, through all lines, the
    /// values of everything it contains. Alternatives are added up like any other line: for values
    /// that depend on a choice ask [`crate::Components`].
    ///
    /// # Errors
    /// [`OriginError::Mismatch`] when `own` has not one value per part; [`OriginError::NoQuantity`]
    /// for a line without a quantity.
    pub fn totals(&self, own: Scaled<'_, i128>) -> Result<Totals, OriginError> {
        for parent in self.nodes() {
            if let Some(line) = self.lines(parent).find(|line| !line.has_quantity()) {
                return Err(self.no_quantity(&line));
            }
        }
        match self.scaled_quantities() {
            Some((quantities, denominator)) => {
                roll_up_values(self.shape(), Scaled { unscaled: &quantities, denominator }, own)
            }
            None => self.totals_of_any_size(own),
        }
    }

    /// The same for quantities that 128 bits do not hold even alone.
    fn totals_of_any_size(&self, own: Scaled<'_, i128>) -> Result<Totals, OriginError> {
        fits("values", own.unscaled.len(), self.shape().nodes())?;
        fits("denominators above zero", usize::from(own.denominator > 0), 1)?;
        let mut big: BTreeMap<u32, Exact> = BTreeMap::new();
        walk(self.shape(), 0..self.shape().nodes() as u32, |step| {
            let Step::Done(node) = step else { return };
            let mut total = over(own.unscaled[node as usize], 1, 0, own.denominator);
            for line in self.lines(Node(node)) {
                let quantity = line.base_quantity().unwrap_or_default();
                total += &(quantity * big.get(&line.child.0).cloned().unwrap_or_default());
            }
            big.insert(node, total);
        });
        Ok(Totals::of_any_size(self.shape().nodes(), big))
    }

    pub(crate) fn no_quantity(&self, line: &Line<'_>) -> OriginError {
        OriginError::NoQuantity {
            parent: self.part(line.parent).to_owned(),
            child: self.part(line.child).to_owned(),
            row: line.row,
        }
    }
}
