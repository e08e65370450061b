use filiera_model::Exact;

/// The unit a quantity counts in, brought to the base unit of its kind.
///
/// Mass is counted in `kg`, length in `m`, volume in `l`, anything countable in `piece`; a line
/// without a unit counts pieces. Any other unit stands for itself, in lower case: nothing is ever
/// converted between kinds. A unit price is a price per base unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    listed: Option<String>,
    base: String,
    factor: Exact,
}

/// Of one unit: its spellings, its base, and how much of the base it is.
type Known = (&'static [&'static str], &'static str, i64, i64);

const KNOWN: &[Known] = &[
    (
        &[
            "piece", "pieces", "pc", "pcs", "pce", "ea", "each", "unit", "units", "st", "stk", "stück", "pz",
            "item", "items", "number",
        ],
        "piece",
        1,
        1,
    ),
    (&["kg", "kilogram", "kilograms", "kilogramme", "kgm"], "kg", 1, 1),
    (&["g", "gr", "gram", "grams", "gramme", "grm"], "kg", 1, 1_000),
    (&["mg", "milligram", "milligrams"], "kg", 1, 1_000_000),
    (&["t", "to", "ton", "tonne", "tonnes", "metrictonne", "tne"], "kg", 1_000, 1),
    (&["m", "metre", "metres", "meter", "meters", "mtr"], "m", 1, 1),
    (&["mm", "millimetre", "millimetres", "millimeter", "millimeters", "mmt"], "m", 1, 1_000),
    (&["cm", "centimetre", "centimetres", "centimeter", "centimeters", "cmt"], "m", 1, 100),
    (&["km", "kilometre", "kilometres", "kilometer", "kilometers"], "m", 1_000, 1),
    (&["l", "litre", "litres", "liter", "liters", "ltr"], "l", 1, 1),
    (&["ml", "millilitre", "millilitres", "milliliter", "milliliters", "mlt"], "l", 1, 1_000),
    (&["cl", "centilitre", "centiliter"], "l", 1, 100),
];

impl Unit {
    /// The unit a cell names; nothing or blanks count pieces. Case, spaces around it and the
    /// `unit:` that Catena-X puts in front do not matter.
    pub fn of(cell: Option<&str>) -> Self {
        let listed = cell.map(str::trim).filter(|text| !text.is_empty());
        let lower = listed.unwrap_or("piece").to_lowercase();
        let word = lower.strip_prefix("unit:").unwrap_or(&lower);
        let known = KNOWN.iter().find(|(spellings, ..)| spellings.contains(&word));
        let (base, factor) = match known {
            Some((_, base, top, bottom)) => ((*base).to_owned(), Exact::ratio(*top, *bottom)),
            None => (word.to_owned(), None),
        };
        Self { listed: listed.map(str::to_owned), base, factor: factor.unwrap_or_else(Exact::one) }
    }

    /// The text of the cell, when there is one.
    pub fn listed(&self) -> Option<&str> {
        self.listed.as_deref()
    }

    /// `kg`, `m`, `l`, `piece`, or the listed unit in lower case.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// So many base units are one of this unit: a thousandth for grams.
    pub fn factor(&self) -> &Exact {
        &self.factor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_converted_within_and_never_between() {
        let n = |text: &str| Exact::parse(text).unwrap();
        for (cell, base, factor) in [
            ("g", "kg", "1/1000"),
            (" KG ", "kg", "1"),
            ("unit:gram", "kg", "1/1000"),
            ("t", "kg", "1000"),
            ("mm", "m", "1/1000"),
            ("ml", "l", "1/1000"),
            ("Stk", "piece", "1"),
            ("unit:piece", "piece", "1"),
            ("", "piece", "1"),
            ("Dozen", "dozen", "1"),
        ] {
            let unit = Unit::of(Some(cell));
            assert_eq!((unit.base(), unit.factor()), (base, &n(factor)), "{cell}");
        }
        assert_eq!(Unit::of(None).base(), "piece");
        assert_eq!(Unit::of(None).listed(), None);
        assert_eq!(Unit::of(Some("unit:gram")).listed(), Some("unit:gram"));
    }

    #[test]
    fn every_spelling_means_one_unit() {
        let mut all: Vec<&str> = KNOWN.iter().flat_map(|(spellings, ..)| spellings.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
