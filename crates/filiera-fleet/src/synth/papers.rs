use filiera_model::Day;

use super::calendar::Calendar;
use super::companies::{Companies, HOME};
use super::lots::Lots;
use super::parts::Part;
use super::random::{Draw, Random};
use super::{Oddities, Options};

/// A row of `declarations`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paper {
    pub(super) part: u32,
    pub(super) supplier: u32,
    /// The lot it speaks for; nothing: all of the part.
    pub(super) lot: Option<u32>,
    pub(super) origin: &'static str,
    /// The percentage of the goods it speaks for.
    pub(super) share: Option<u8>,
    pub(super) valid: (Day, Day),
    pub(super) signed_on: Day,
    pub(super) revoked_on: Option<Day>,
    /// Rows of one document have one number.
    pub(super) document: u32,
}

/// One part in so many of a hundred has papers for single lots.
const BY_LOT: u64 = 20;

/// One series of papers in so many of a hundred changes its words from one half-year to the next.
const CHANGES: u64 = 6;

pub(super) fn papers(
    options: &Options,
    calendar: &Calendar,
    companies: &Companies,
    parts: &[Part],
    lots: &Lots,
) -> Vec<Paper> {
    let mut writer = Writer { options, calendar, companies, papers: Vec::new(), documents: 0 };
    for (number, part) in (0u32..).zip(parts) {
        let mut random = Random::of(options.seed, Draw::Paper, u64::from(number));
        let by_lot = random.percent(BY_LOT);
        if !by_lot || (options.oddities.both_papers && random.percent(50)) {
            writer.whole_part(number, part, &mut random);
        }
        if by_lot {
            writer.each_lot(number, lots, &mut random);
        }
    }
    writer.papers
}

struct Writer<'a> {
    options: &'a Options,
    calendar: &'a Calendar,
    companies: &'a Companies,
    papers: Vec<Paper>,
    documents: u32,
}

impl Writer<'_> {
    /// A paper for every half-year from every supplier.
    fn whole_part(&mut self, number: u32, part: &Part, random: &mut Random) {
        for supplier in &part.suppliers {
            let mut at_home = self.at_home(*supplier, random);
            for half in 0..self.calendar.halves().len() {
                let Some(valid) = self.calendar.halves().get(half).copied() else { continue };
                if random.percent(CHANGES) {
                    at_home = !at_home;
                }
                let origin = self.origin(*supplier, at_home, random);
                self.write(number, *supplier, None, origin, valid, random);
            }
        }
    }

    /// A paper for every lot, valid for a year from its receipt.
    fn each_lot(&mut self, number: u32, lots: &Lots, random: &mut Random) {
        for lot in lots.of_part(number) {
            let Some(supplier) = lots.supplier.get(lot as usize).copied() else { continue };
            let received = Day::from_days(lots.received.get(lot as usize).copied().unwrap_or_default());
            let at_home = self.at_home(supplier, random);
            let origin = self.origin(supplier, at_home, random);
            let valid = (received, Day::from_days(received.days() + 365));
            self.write(number, supplier, Some(lot), origin, valid, random);
        }
    }

    /// Whether the goods of a company come from home: nearly always what it makes there, and only that.
    fn at_home(&self, supplier: u32, random: &mut Random) -> bool {
        (self.companies.makes_in(supplier) == HOME) != random.percent(4)
    }

    fn origin(&self, supplier: u32, at_home: bool, random: &mut Random) -> &'static str {
        let odd = self.options.oddities;
        let makes_in = self.companies.makes_in(supplier);
        let country = match (at_home, makes_in == HOME) {
            (true, _) => HOME,
            (false, true) => "CN",
            (false, false) => makes_in,
        };
        match random.below(100) {
            0..=2 if odd.vague_origins => "EU",
            3..=4 if odd.vague_origins => "CN/DE",
            5 if odd.vague_origins => "DE/IT",
            _ => country,
        }
    }

    /// Writes a paper, or several rows where it is odd, or none where nobody sent it.
    fn write(
        &mut self,
        part: u32,
        supplier: u32,
        lot: Option<u32>,
        origin: &'static str,
        valid: (Day, Day),
        random: &mut Random,
    ) {
        let is_missing = random.chance(self.options.missing);
        let signed_on = Day::from_days(valid.0.days() - random.between(1, 30) as i32);
        let odd = Odd::draw(self.options.oddities, random);
        if is_missing {
            return;
        }
        self.documents += 1;
        let document = self.documents;
        let revoked_on = None;
        let paper =
            Paper { part, supplier, lot, origin, share: None, valid, signed_on, revoked_on, document };
        let other = if origin == HOME { "CN" } else { HOME };
        match odd {
            Odd::Nothing => self.papers.push(paper),
            Odd::Alternatives => {
                self.documents += 1;
                let second = Paper { origin: other, document: self.documents, ..paper };
                self.papers.extend([paper, second]);
            }
            Odd::Apportioned { all } => {
                self.papers.push(Paper { share: Some(60), ..paper });
                if all {
                    self.papers.push(Paper { origin: other, share: Some(40), ..paper });
                }
            }
            Odd::Revoked => {
                let middle = Day::from_days(i32::midpoint(valid.0.days(), valid.1.days()));
                self.papers.push(Paper { revoked_on: Some(middle), ..paper });
            }
            Odd::Replaced => {
                self.documents += 1;
                let later = Day::from_days(signed_on.days() + 40);
                let second = Paper { origin: other, signed_on: later, document: self.documents, ..paper };
                self.papers.extend([paper, second]);
            }
        }
    }
}

/// What is odd about one paper.
#[derive(Clone, Copy, Debug)]
enum Odd {
    Nothing,
    Alternatives,
    /// In two rows, or in one that leaves the rest open.
    Apportioned {
        all: bool,
    },
    Revoked,
    Replaced,
}

impl Odd {
    fn draw(oddities: Oddities, random: &mut Random) -> Self {
        match random.below(100) {
            0..=2 if oddities.alternatives => Self::Alternatives,
            3..=5 if oddities.apportioned => Self::Apportioned { all: true },
            6 if oddities.apportioned => Self::Apportioned { all: false },
            7..=8 if oddities.changed_papers => Self::Revoked,
            9..=10 if oddities.changed_papers => Self::Replaced,
            _ => Self::Nothing,
        }
    }
}
