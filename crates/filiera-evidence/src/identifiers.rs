//! Identifiers that name one organisation or person and no other, written the same way whatever
//! format they came in, so that equal ones can be found.

/// A Legal Entity Identifier in capitals; nothing when the text does not look like one.
pub(crate) fn lei(text: &str) -> Option<String> {
    let text = text.trim();
    let shaped = text.len() == 20 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    shaped.then(|| text.to_ascii_uppercase())
}

/// A number in a register: the register's prefix as org-id.guide lists it, a hyphen, the number. An
/// LEI, whose prefix is `XI-LEI`, stands alone.
pub(crate) fn in_register(register: &str, number: &str) -> Option<String> {
    let (register, number) = (register.trim().to_ascii_uppercase(), number.trim());
    if register.is_empty() || number.is_empty() {
        return None;
    }
    if register == "XI-LEI" {
        return lei(number);
    }
    if register == UK_COMPANIES {
        return Some(format!("{UK_COMPANIES}-{}", uk_company(number)));
    }
    Some(format!("{register}-{number}"))
}

/// The prefix of the United Kingdom's register of companies.
pub(crate) const UK_COMPANIES: &str = "GB-COH";

/// A company number of the United Kingdom's register, which has eight characters: leading zeros are
/// often lost.
pub(crate) fn uk_company(number: &str) -> String {
    let number = number.trim().to_ascii_uppercase();
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if digits { format!("{number:0>8}") } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_each() {
        assert_eq!(in_register("xi-lei", "py6zzqwo2izfzc3iol08 ").as_deref(), Some("PY6ZZQWO2IZFZC3IOL08"));
        assert_eq!(in_register("GB-COH", "7444723").as_deref(), Some("GB-COH-07444723"));
        assert_eq!(in_register("GB-COH", "sc123456").as_deref(), Some("GB-COH-SC123456"));
        assert_eq!(in_register("FI-PRO", "3007894-1").as_deref(), Some("FI-PRO-3007894-1"));
        assert_eq!(in_register("XI-LEI", "short"), None);
        assert_eq!(in_register("", "1"), None);
    }
}
