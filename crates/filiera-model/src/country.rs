mod codes;

use std::fmt;
use std::str::FromStr;

use codes::CODES;

/// A country of ISO 3166-1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country(u8);

/// A text that is no country code of ISO 3166-1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no ISO 3166-1 country code; write alpha-2 (`IT`) or alpha-3 (`ITA`)")]
pub struct UnknownCountry(pub String);

impl Country {
    /// The country of an alpha-2 or alpha-3 code, in any case, spaces around it ignored.
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.trim();
        let place = match code.len() {
            2 => {
                let code = code.to_ascii_uppercase();
                CODES.binary_search_by(|(alpha2, ..)| (*alpha2).cmp(code.as_str())).ok()
            }
            3 => CODES.iter().position(|(_, alpha3, ..)| alpha3.eq_ignore_ascii_case(code)),
            _ => None,
        }?;
        u8::try_from(place).ok().map(Self)
    }

    /// The country of an English short name, in any case: `Italy`.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim();
        let place = CODES.iter().position(|(.., english)| english.eq_ignore_ascii_case(name))?;
        u8::try_from(place).ok().map(Self)
    }

    /// Every country, by alpha-2 code.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..CODES.len()).filter_map(|place| u8::try_from(place).ok().map(Self))
    }

    /// The alpha-2 code: `IT`.
    pub fn alpha2(self) -> &'static str {
        self.row().0
    }

    /// The alpha-3 code: `ITA`.
    pub fn alpha3(self) -> &'static str {
        self.row().1
    }

    /// The numeric code: 380.
    pub fn numeric(self) -> u16 {
        self.row().2
    }

    /// The English short name: `Italy`.
    pub fn name(self) -> &'static str {
        self.row().3
    }

    fn row(self) -> (&'static str, &'static str, u16, &'static str) {
        // INVARIANT: a `Country` is only made from a place in `CODES`.
        debug_assert!(usize::from(self.0) < CODES.len());
        CODES.get(usize::from(self.0)).copied().unwrap_or(("", "", 0, ""))
    }
}

impl FromStr for Country {
    type Err = UnknownCountry;
    fn from_str(text: &str) -> Result<Self, UnknownCountry> {
        Self::from_code(text).ok_or_else(|| UnknownCountry(text.to_owned()))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.alpha2())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.alpha2())
    }
}

/// A set of countries, such as the candidates for a part's origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CountrySet([u64; 4]);

impl CountrySet {
    /// No country.
    pub const EMPTY: Self = Self([0; 4]);

    /// Whether the country is in the set.
    pub fn contains(&self, country: Country) -> bool {
        let (word, bit) = place(country);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// Adds a country.
    pub fn insert(&mut self, country: Country) {
        let (word, bit) = place(country);
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= bit;
        }
    }

    /// How many countries.
    pub fn len(&self) -> u32 {
        self.0.iter().map(|bits| bits.count_ones()).sum()
    }

    /// Whether there is no country.
    pub fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }

    /// The countries, by alpha-2 code.
    pub fn iter(&self) -> impl Iterator<Item = Country> + '_ {
        Country::all().filter(|country| self.contains(*country))
    }
}

fn place(country: Country) -> (usize, u64) {
    (usize::from(country.0 / 64), 1 << (country.0 % 64))
}

impl Extend<Country> for CountrySet {
    fn extend<I: IntoIterator<Item = Country>>(&mut self, countries: I) {
        for country in countries {
            self.insert(country);
        }
    }
}

impl FromIterator<Country> for CountrySet {
    fn from_iter<I: IntoIterator<Item = Country>>(countries: I) -> Self {
        let mut set = Self::EMPTY;
        set.extend(countries);
        set
    }
}

/// How an origin is written in a canonical table: one country, several (any of them may be true),
/// or a zone whose members depend on the day.
///
/// The text form is `IT`, `CA/US` (sorted) or `@EU`. An unknown origin is a null, never a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OriginText {
    /// One of these countries.
    OneOf(CountrySet),
    /// One of the members of this zone, named without `@`.
    Zone(String),
}

impl OriginText {
    /// Reads `IT`, `ITA`, `US/CA`, `EU`, `@EU`. `EU` alone is the zone.
    ///
    /// # Errors
    /// The part of the text that is no country code. Whether a zone exists is for the zones file.
    pub fn parse(text: &str) -> Result<Self, UnknownCountry> {
        let text = text.trim();
        if let Some(zone) = text.strip_prefix('@') {
            return Ok(Self::Zone(zone.to_owned()));
        }
        if text.eq_ignore_ascii_case("EU") || text.eq_ignore_ascii_case("European Union") {
            return Ok(Self::Zone("EU".to_owned()));
        }
        let one = |code: &str| {
            Country::from_code(code)
                .or_else(|| Country::from_name(code))
                .ok_or_else(|| UnknownCountry(code.trim().to_owned()))
        };
        text.split('/').map(one).collect::<Result<CountrySet, _>>().map(Self::OneOf)
    }
}

impl fmt::Display for OriginText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zone(zone) => write!(f, "@{zone}"),
            Self::OneOf(set) => {
                for (place, country) in set.iter().enumerate() {
                    write!(f, "{}{country}", if place == 0 { "" } else { "/" })?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_unique() {
        assert!(CODES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(Country::from_code("ita").unwrap().alpha2(), "IT");
        assert_eq!(Country::from_code(" IT ").unwrap().name(), "Italy");
        for unknown in ["XX", "QU", "EU", "", "I", "ITAL"] {
            assert!(Country::from_code(unknown).is_none(), "{unknown}");
        }
    }

    #[test]
    fn every_country_fits_the_set() {
        let all: CountrySet = Country::all().collect();
        assert_eq!(all.len() as usize, CODES.len());
        assert!(all.iter().eq(Country::all()));
    }

    #[test]
    fn origins_are_read_as_written() {
        assert_eq!(OriginText::parse("US/CAN").unwrap().to_string(), "CA/US");
        assert_eq!(OriginText::parse("eu").unwrap().to_string(), "@EU");
        assert_eq!(OriginText::parse("Italy").unwrap().to_string(), "IT");
        assert_eq!(OriginText::parse("IT/QU"), Err(UnknownCountry("QU".into())));
    }
}
