/// What a sign or code beside an amount says about its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CurrencyMark {
    /// One currency, by its ISO 4217 code.
    Code(&'static str),
    /// `$`: US dollars, unless the currency column names another dollar or peso.
    Dollar,
    /// `¥`: yen or yuan; the currency column must say which.
    Yen,
}

impl CurrencyMark {
    /// The code, where the mark alone decides it.
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::Code(code) => Some(code),
            Self::Dollar => Some("USD"),
            Self::Yen => None,
        }
    }

    /// Whether an amount with this mark may be in `currency`.
    pub fn agrees_with(self, currency: &str) -> bool {
        match self {
            Self::Code(code) => code == currency,
            Self::Dollar => DOLLARS.contains(&currency),
            Self::Yen => matches!(currency, "JPY" | "CNY"),
        }
    }
}

/// The currency that a sign, code or usual word stands for.
pub(crate) fn mark(text: &str) -> Option<CurrencyMark> {
    let text = text.trim();
    if let Some(code) = code(text) {
        return Some(CurrencyMark::Code(code));
    }
    Some(match text {
        "$" => CurrencyMark::Dollar,
        "¥" | "￥" => CurrencyMark::Yen,
        "€" => CurrencyMark::Code("EUR"),
        "£" => CurrencyMark::Code("GBP"),
        "US$" | "US $" => CurrencyMark::Code("USD"),
        "C$" | "CA$" => CurrencyMark::Code("CAD"),
        "A$" | "AU$" => CurrencyMark::Code("AUD"),
        "R$" => CurrencyMark::Code("BRL"),
        "₹" => CurrencyMark::Code("INR"),
        "₩" => CurrencyMark::Code("KRW"),
        "₺" => CurrencyMark::Code("TRY"),
        "₽" => CurrencyMark::Code("RUB"),
        "₪" => CurrencyMark::Code("ILS"),
        "元" => CurrencyMark::Code("CNY"),
        "円" => CurrencyMark::Code("JPY"),
        "zł" => CurrencyMark::Code("PLN"),
        "Kč" => CurrencyMark::Code("CZK"),
        "Ft" => CurrencyMark::Code("HUF"),
        _ if text.eq_ignore_ascii_case("euro") || text.eq_ignore_ascii_case("euros") => {
            CurrencyMark::Code("EUR")
        }
        _ => return None,
    })
}

/// The ISO 4217 code that `text` is, in any case.
pub(crate) fn code(text: &str) -> Option<&'static str> {
    CODES.split(' ').find(|code| code.eq_ignore_ascii_case(text))
}

/// Currencies written with a bare `$`.
const DOLLARS: [&str; 12] =
    ["USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP", "BRL"];

/// ISO 4217, funds and metals left out.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN \
    BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS \
    GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD \
    KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK \
    NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP \
    STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG \
    XOF XPF YER ZAR ZMW ZWG";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_codes() {
        assert_eq!(mark("eur"), Some(CurrencyMark::Code("EUR")));
        assert_eq!(mark("kg"), None);
        assert_eq!(mark(""), None);
        assert!(CurrencyMark::Dollar.agrees_with("CAD") && !CurrencyMark::Dollar.agrees_with("EUR"));
        assert_eq!(CurrencyMark::Yen.code(), None);
        assert!(code("ZWG").is_some() && code("EURO").is_none());
    }
}
