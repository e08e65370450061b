use super::Options;
use super::random::{Draw, Random};

/// A supplier.
#[derive(Clone, Debug)]
pub(super) struct Company {
    pub(super) id: String,
    /// The seat; nothing where nobody knows it.
    pub(super) country: Option<&'static str>,
    /// The country it makes its goods in.
    pub(super) makes_in: &'static str,
}

/// All suppliers, and where they are.
#[derive(Clone, Debug)]
pub(super) struct Companies {
    pub(super) all: Vec<Company>,
    home: Vec<u32>,
    abroad: Vec<u32>,
}

pub(super) const HOME: &str = "IT";

/// Where foreign suppliers sit; a country stands as often as suppliers there are likely.
const ABROAD: [&str; 16] =
    ["CN", "CN", "CN", "CN", "DE", "DE", "DE", "PL", "PL", "FR", "CZ", "ES", "TR", "JP", "KR", "US"];

/// Of so many companies in a row one sits nobody knows where, in fleets where some do: the fourth, so that
/// small fleets have one.
const UNKNOWN: u32 = 16;

impl Companies {
    pub(super) fn new(options: &Options) -> Self {
        let all: Vec<Company> = (0..options.suppliers).map(|number| company(options, number)).collect();
        let at_home = |number: &u32| all.get(*number as usize).is_some_and(|one| one.makes_in == HOME);
        let (home, abroad) = (0..options.suppliers).partition(at_home);
        Self { all, home, abroad }
    }

    /// A company that makes at home, or one that does not.
    pub(super) fn pick(&self, at_home: bool, random: &mut Random) -> u32 {
        let list = if at_home { &self.home } else { &self.abroad };
        random.pick(list).copied().unwrap_or_default()
    }

    pub(super) fn makes_in(&self, company: u32) -> &'static str {
        self.all.get(company as usize).map_or(HOME, |company| company.makes_in)
    }

    pub(super) fn id(&self, company: u32) -> &str {
        self.all.get(company as usize).map_or("", |company| company.id.as_str())
    }
}

/// The first is at home, the second abroad, others as it falls.
fn company(options: &Options, number: u32) -> Company {
    let mut random = Random::of(options.seed, Draw::Company, u64::from(number));
    let at_home = number == 0 || (number > 1 && random.percent(45));
    let makes_in = if at_home { HOME } else { random.pick(&ABROAD).copied().unwrap_or("CN") };
    let is_unknown = options.oddities.unknown_seats && number % UNKNOWN == 3;
    Company {
        id: format!("S{:05}", number + 1),
        country: if is_unknown { None } else { Some(makes_in) },
        makes_in,
    }
}
