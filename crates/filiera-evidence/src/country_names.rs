//! Names of countries as people write them into forms and notices.

use filiera_model::Country;

/// The country of a name or code: the English short name of ISO 3166-1, a common one, a part of the
/// United Kingdom.
pub(crate) fn country(text: &str) -> Option<Country> {
    find(NAMES, text).or_else(|| Country::from_name(text)).or_else(|| Country::from_code(text))
}

/// The country of a word in a sorted list of words in lower case.
pub(crate) fn find(list: &[(&str, &str)], text: &str) -> Option<Country> {
    let text = text.trim().to_lowercase();
    let place = list.binary_search_by(|(word, _)| (*word).cmp(text.as_str())).ok()?;
    list.get(place).and_then(|(_, code)| Country::from_code(code))
}

/// Names of countries and their parts beside those of ISO 3166-1, sorted.
#[rustfmt::skip]
const NAMES: &[(&str, &str)] = &[
    ("bahamas", "BS"),
    ("bolivia", "BO"),
    ("british virgin islands", "VG"),
    ("brunei", "BN"),
    ("burma", "MM"),
    ("bvi", "VG"),
    ("cape verde", "CV"),
    ("cayman islands", "KY"),
    ("channel islands, jersey", "JE"),
    ("comoros", "KM"),
    ("congo", "CG"),
    ("cote d'ivoire", "CI"),
    ("czech republic", "CZ"),
    ("delaware", "US"),
    ("delaware, united states", "US"),
    ("delaware, usa", "US"),
    ("democratic people's republic of korea", "KP"),
    ("democratic republic of the congo", "CD"),
    ("dominican republic", "DO"),
    ("east timor", "TL"),
    ("eire", "IE"),
    ("england", "GB"),
    ("england & wales", "GB"),
    ("england and wales", "GB"),
    ("england, wales", "GB"),
    ("england/wales", "GB"),
    ("falkland islands", "FK"),
    ("federal republic of germany", "DE"),
    ("gambia", "GM"),
    ("gb", "GB"),
    ("great britain", "GB"),
    ("guernsey, channel islands", "GG"),
    ("holland", "NL"),
    ("hong kong", "HK"),
    ("iran", "IR"),
    ("ireland", "IE"),
    ("islamic republic of iran", "IR"),
    ("isle of man", "IM"),
    ("ivory coast", "CI"),
    ("jersey, channel islands", "JE"),
    ("kingdom of the netherlands", "NL"),
    ("korea, south", "KR"),
    ("laos", "LA"),
    ("macau", "MO"),
    ("macedonia", "MK"),
    ("marshall islands", "MH"),
    ("micronesia", "FM"),
    ("moldova", "MD"),
    ("netherlands", "NL"),
    ("niger", "NE"),
    ("north korea", "KP"),
    ("north macedonia", "MK"),
    ("northern ireland", "GB"),
    ("palestine", "PS"),
    ("people's republic of china", "CN"),
    ("philippines", "PH"),
    ("prc", "CN"),
    ("republic of china", "TW"),
    ("republic of ireland", "IE"),
    ("republic of italy", "IT"),
    ("republic of korea", "KR"),
    ("republic of moldova", "MD"),
    ("republic of poland", "PL"),
    ("republic of the congo", "CG"),
    ("russia", "RU"),
    ("russian federation", "RU"),
    ("scotland", "GB"),
    ("slovak republic", "SK"),
    ("south korea", "KR"),
    ("sudan", "SD"),
    ("swaziland", "SZ"),
    ("syria", "SY"),
    ("taiwan", "TW"),
    ("taiwan, province of china", "TW"),
    ("tanzania", "TZ"),
    ("the bahamas", "BS"),
    ("the gambia", "GM"),
    ("the isle of man", "IM"),
    ("the netherlands", "NL"),
    ("turkey", "TR"),
    ("turkiye", "TR"),
    ("türkiye", "TR"),
    ("u.k", "GB"),
    ("u.k.", "GB"),
    ("u.s.", "US"),
    ("u.s.a.", "US"),
    ("uae", "AE"),
    ("uk", "GB"),
    ("united arab emirates", "AE"),
    ("united kingdom", "GB"),
    ("united kingdom (england and wales)", "GB"),
    ("united kingdom (england)", "GB"),
    ("united kingdom (scotland)", "GB"),
    ("united republic of tanzania", "TZ"),
    ("united states", "US"),
    ("united states of america", "US"),
    ("united states virgin islands", "VI"),
    ("us", "US"),
    ("us virgin islands", "VI"),
    ("usa", "US"),
    ("vatican", "VA"),
    ("vatican city", "VA"),
    ("venezuela", "VE"),
    ("viet nam", "VN"),
    ("vietnam", "VN"),
    ("virgin islands, british", "VG"),
    ("wales", "GB"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_its_codes_are_countries() {
        assert!(NAMES.is_sorted() && NAMES.iter().all(|(_, code)| Country::from_code(code).is_some()));
        let code = |text: &str| country(text).map(Country::alpha2);
        assert_eq!(
            (code("England & Wales"), code("Italy"), code("West Yorkshire")),
            (Some("GB"), Some("IT"), None)
        );
        assert_eq!(
            (code("United Kingdom"), code("ITA"), code("the Netherlands")),
            (Some("GB"), Some("IT"), Some("NL"))
        );
    }
}
