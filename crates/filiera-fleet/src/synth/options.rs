use std::fmt;
use std::str::FromStr;

use super::SynthError;

/// How large a fleet is, and what it is like. Make one with [`Options::new`] and change fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many vehicles.
    pub vehicles: u32,
    /// How many installed rows each vehicle has; its configuration has as many parts.
    pub lines: u32,
    /// How many lots there are. The parts that are built in share them evenly.
    pub lots: u32,
    /// What chance begins with.
    pub seed: u64,
    /// How many parts the catalogue lists.
    pub parts: u32,
    /// How many companies supply.
    pub suppliers: u32,
    /// How many models the configurations are of.
    pub models: u32,
    /// How many configurations there are, each the root of a bill of materials.
    pub configurations: u32,
    /// How many months vehicles are built, from 1 January 2025.
    pub months: u32,
    /// The portion of papers that nobody sent.
    pub missing: Portion,
    /// The portion of parts without a price, gathered in as few configurations as possible: one such part
    /// leaves every vehicle that has it open.
    pub unpriced: Portion,
    /// The portion of its parts that a configuration has in common with all others.
    pub shared: Portion,
    /// What else there is to trip over.
    pub oddities: Oddities,
    /// Rows in a row group of `installed.parquet`.
    pub row_group: usize,
    /// Whether the rows of `installed` come in no order at all, instead of vehicle by vehicle.
    pub unsorted: bool,
    /// How files are written.
    pub format: FileFormat,
}

/// What can make a row or a paper hard to judge. `plain` fleets have none of it, `mixed` ones what stands
/// in papers, `odd` ones everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Oddities {
    /// Two papers on the same goods that disagree.
    pub alternatives: bool,
    /// One paper that divides the goods, 60 % and 40 %.
    pub apportioned: bool,
    /// Origins that name a zone (`EU`) or one of two countries (`CN/DE`).
    pub vague_origins: bool,
    /// Prices that are ranges.
    pub price_ranges: bool,
    /// Parts with papers as a whole and papers for single lots, which overrule them.
    pub both_papers: bool,
    /// Companies that sit nobody knows where.
    pub unknown_seats: bool,
    /// Papers that were revoked, or replaced by a later one with other words.
    pub changed_papers: bool,
    /// Quantities of less than one, and rows without a quantity.
    pub odd_quantities: bool,
    /// Rows without a lot.
    pub no_lots: bool,
    /// Rows without a supplier.
    pub no_suppliers: bool,
    /// Rows without a day of receipt.
    pub no_receipts: bool,
    /// One lot received on several days.
    pub split_receipts: bool,
    /// Lots of different parts with the same name.
    pub same_lot_names: bool,
    /// A part in two rows of a vehicle, another then in none.
    pub parts_twice: bool,
    /// Plants abroad or unknown, and vehicles without a day of building.
    pub odd_vehicles: bool,
}

impl Oddities {
    /// What stands in papers and price lists.
    pub const PAPERS: Self = Self {
        alternatives: true,
        apportioned: true,
        vague_origins: true,
        price_ranges: true,
        both_papers: true,
        unknown_seats: true,
        ..Self::NONE
    };

    /// Everything.
    pub const ALL: Self = Self {
        changed_papers: true,
        odd_quantities: true,
        no_lots: true,
        no_suppliers: true,
        no_receipts: true,
        split_receipts: true,
        same_lot_names: true,
        parts_twice: true,
        odd_vehicles: true,
        ..Self::PAPERS
    };

    /// Nothing.
    pub const NONE: Self = Self {
        alternatives: false,
        apportioned: false,
        vague_origins: false,
        price_ranges: false,
        both_papers: false,
        unknown_seats: false,
        changed_papers: false,
        odd_quantities: false,
        no_lots: false,
        no_suppliers: false,
        no_receipts: false,
        split_receipts: false,
        same_lot_names: false,
        parts_twice: false,
        odd_vehicles: false,
    };
}

/// A set of oddities by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scenario {
    /// Nothing odd but papers that are missing and that change in the middle of a year.
    #[default]
    Plain,
    /// Papers and prices of every kind; rows as they should be.
    Mixed,
    /// Everything that can be odd.
    Odd,
}

impl Scenario {
    fn oddities(self) -> Oddities {
        match self {
            Self::Plain => Oddities::NONE,
            Self::Mixed => Oddities::PAPERS,
            Self::Odd => Oddities::ALL,
        }
    }
}

/// How files are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileFormat {
    /// Parquet, Zstandard.
    #[default]
    Parquet,
    /// Comma-separated text.
    Csv,
    /// One JSON object per line.
    JsonLines,
}

impl FileFormat {
    /// The ending of files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

/// A part of a whole, in hundredths of a percent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Portion(u16);

impl Portion {
    /// So many percent; more than 100 is 100.
    pub const fn percent(percent: u8) -> Self {
        Self(if percent > 100 { 10_000 } else { percent as u16 * 100 })
    }

    /// How many of ten thousand.
    pub fn of_10_000(self) -> u16 {
        self.0
    }

    /// The portion of a number, rounded to the nearest whole one.
    pub(super) fn of(self, whole: u32) -> u32 {
        ((u64::from(whole) * u64::from(self.0) + 5_000) / 10_000) as u32
    }
}

impl fmt::Display for Portion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole} %"),
            (whole, rest) => write!(f, "{whole}.{rest:02} %"),
        }
    }
}

impl FromStr for Portion {
    type Err = SynthError;

    /// Reads `5 %`, `2.5%`; a number without a percent sign may mean a fraction and is refused.
    fn from_str(text: &str) -> Result<Self, SynthError> {
        let wrong = || SynthError::Portion(text.to_owned());
        let number = text.trim().strip_suffix('%').ok_or_else(wrong)?.trim();
        let (whole, rest) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(rest) || rest.len() > 2 || whole.len() > 3 {
            return Err(wrong());
        }
        let hundredths: u32 = format!("{rest:0<2}").parse().map_err(|_| wrong())?;
        let portion = whole.parse::<u32>().map_err(|_| wrong())? * 100 + hundredths;
        u16::try_from(portion).ok().filter(|portion| *portion <= 10_000).map(Self).ok_or_else(wrong)
    }
}

/// The most vehicles: what eight digits can count.
const MOST_VEHICLES: u32 = 99_999_999;

impl Options {
    /// A plain fleet of this size, everything else in proportion to it.
    pub fn new(vehicles: u32, lines: u32, lots: u32, seed: u64) -> Self {
        let parts = lines.saturating_mul(4).min(lots).max(lines);
        Self {
            vehicles,
            lines,
            lots,
            seed,
            parts,
            suppliers: (parts / 5).clamp(4, 5_000),
            models: 4,
            configurations: 12,
            months: 12,
            missing: Portion::percent(5),
            unpriced: Portion::percent(0),
            shared: Portion::percent(60),
            oddities: Oddities::NONE,
            row_group: 1_000_000,
            unsorted: false,
            format: FileFormat::Parquet,
        }
    }

    /// The same with the oddities of a scenario; all but the plain one lack prices too.
    #[must_use]
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.oddities = scenario.oddities();
        self.unpriced = Portion::percent(if scenario == Scenario::Plain { 0 } else { 1 });
        self
    }

    /// How many rows `installed` has.
    pub fn rows(&self) -> u64 {
        u64::from(self.vehicles) * u64::from(self.lines)
    }

    /// How many parts every configuration has in common.
    pub(super) fn common(&self) -> u32 {
        self.shared.of(self.lines)
    }

    /// How many parts some configuration has.
    pub(super) fn used_parts(&self) -> u32 {
        let common = self.common();
        let own = u64::from(self.lines - common) * u64::from(self.configurations);
        common + u64::from(self.parts - common).min(own) as u32
    }

    /// Whether a fleet can be made of them.
    ///
    /// # Errors
    /// [`SynthError::Size`] with the first size that does not fit.
    pub fn check(&self) -> Result<(), SynthError> {
        let parts = format!("every vehicle has as many parts as lines: give from {} to 999999", self.lines);
        within("the number of vehicles", self.vehicles, 1, MOST_VEHICLES, "give from 1 to 99999999")?;
        within("the number of lines", self.lines, 1, 65_535, "give from 1 to 65535")?;
        within("the number of parts", self.parts, self.lines, 999_999, &parts)?;
        within("the number of suppliers", self.suppliers, 2, 99_999, "give from 2 to 99999")?;
        within("the number of configurations", self.configurations, 1, 9_999, "give from 1 to 9999")?;
        let models = "give from 1 to the number of configurations";
        within("the number of models", self.models, 1, self.configurations, models)?;
        within("the number of months", self.months, 1, 120, "give from 1 to 120")?;
        let lots =
            format!("each of the {0} parts in use comes in a lot: give at least {0}", self.used_parts());
        within("the number of lots", self.lots, self.used_parts(), i32::MAX as u32, &lots)?;
        let group = u32::try_from(self.row_group).unwrap_or(u32::MAX);
        within("a row group", group, 1, u32::MAX - 1, "give from 1 to 4294967294 rows")
    }
}

fn within(what: &'static str, given: u32, least: u32, most: u32, remedy: &str) -> Result<(), SynthError> {
    if (least..=most).contains(&given) {
        return Ok(());
    }
    Err(SynthError::Size { what, given: u64::from(given), remedy: remedy.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portion_is_read_and_written() {
        let read = |text: &str| text.parse::<Portion>().map(|portion| portion.to_string()).ok();
        assert_eq!(read("5 %").as_deref(), Some("5 %"));
        assert_eq!(read(" 2.5% ").as_deref(), Some("2.50 %"));
        assert_eq!(read("100 %").as_deref(), Some("100 %"));
        for wrong in ["5", "0.05", "101 %", "-1 %", "1.234 %", "%", "1. %", "x %", "100.01 %"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!((Portion::percent(5).of(1200), Portion::percent(250).of(7)), (60, 7));
    }

    #[test]
    fn sizes_that_do_not_fit_are_named() {
        let said = |change: &dyn Fn(&mut Options)| {
            let mut options = Options::new(10, 5, 40, 1);
            change(&mut options);
            options.check().map_err(|error| error.to_string()).err().unwrap_or_default()
        };
        assert_eq!(said(&|_| {}), "");
        assert_eq!(
            said(&|options| options.lots = 3),
            "the number of lots cannot be `3`: each of the 20 parts in use comes in a lot: give at least 20"
        );
        assert!(said(&|options| options.parts = 4).contains("give from 5"));
        assert!(said(&|options| options.vehicles = 0).contains("vehicles"));
        assert!(said(&|options| options.models = 13).contains("models"));
        assert!(said(&|options| options.row_group = 0).contains("row group"));
    }
}
