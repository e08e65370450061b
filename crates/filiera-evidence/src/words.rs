use filiera_model::{Country, OriginText};
use rustc_hash::FxHashMap;

/// Whether a word says yes or no, in the languages of the files we get.
pub(crate) fn truth(text: &str) -> Option<bool> {
    const YES: [&str; 13] =
        ["true", "yes", "y", "1", "x", "ja", "wahr", "sì", "si", "vero", "oui", "vrai", "sí"];
    const NO: [&str; 9] = ["false", "no", "n", "0", "nein", "falsch", "falso", "non", "faux"];
    let word = text.to_lowercase();
    if YES.contains(&word.as_str()) {
        Some(true)
    } else if NO.contains(&word.as_str()) {
        Some(false)
    } else {
        None
    }
}

/// The word of a list that `text` most likely meant.
pub(crate) fn nearest<'a>(text: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let text = plain(text);
    words
        .into_iter()
        .map(|word| (strsim::jaro_winkler(&text, &plain(word)), word))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, word)| word)
}

/// `: did you mean …?` or nothing, to end a remedy with.
pub(crate) fn suggestion<'a>(text: &str, words: impl IntoIterator<Item = &'a str>) -> String {
    nearest(text, words).map_or_else(String::new, |word| format!("; did you mean `{word}`?"))
}

/// A name with case, spaces, hyphens and underscores levelled: `Valid From` → `valid_from`.
pub(crate) fn plain(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for letter in name.trim().chars() {
        if letter.is_whitespace() || matches!(letter, '-' | '_' | '.') {
            if !text.is_empty() && !text.ends_with('_') {
                text.push('_');
            }
        } else {
            text.extend(letter.to_lowercase());
        }
    }
    text.trim_end_matches('_').to_owned()
}

/// Looks up what a text means, once per distinct text.
pub(crate) struct Memo {
    known: FxHashMap<String, Option<String>>,
    reads: fn(&str) -> Option<String>,
}

impl Memo {
    /// For columns of one country.
    pub fn countries() -> Self {
        Self { known: FxHashMap::default(), reads: country }
    }

    /// For columns of origins.
    pub fn origins() -> Self {
        Self { known: FxHashMap::default(), reads: origin }
    }

    /// The canonical text; nothing when unknown.
    pub fn get(&mut self, text: &str) -> Option<&str> {
        // A hostile file must not fill the memory with distinct nonsense.
        if self.known.len() > 100_000 {
            self.known.clear();
        }
        if !self.known.contains_key(text) {
            self.known.insert(text.to_owned(), (self.reads)(text));
        }
        self.known.get(text).and_then(Option::as_deref)
    }
}

fn country(text: &str) -> Option<String> {
    Country::from_code(text).or_else(|| Country::from_name(text)).map(|country| country.alpha2().to_owned())
}

fn origin(text: &str) -> Option<String> {
    OriginText::parse(text).ok().map(|origin| origin.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_named() {
        assert_eq!(nearest("quantiy", ["parent", "child", "quantity"]), Some("quantity"));
        assert_eq!(nearest("Valid-From", ["valid_to", "valid_from"]), Some("valid_from"));
        assert_eq!(nearest("zzz", ["parent"]), None);
    }

    #[test]
    fn words_and_countries() {
        assert_eq!((truth("Ja"), truth("FALSE"), truth("maybe")), (Some(true), Some(false), None));
        let mut memo = Memo::origins();
        assert_eq!(memo.get("ITA"), Some("IT"));
        assert_eq!(memo.get("eu"), Some("@EU"));
        assert_eq!(memo.get("XX"), None);
        assert_eq!(Memo::countries().get("Italy"), Some("IT"));
        assert_eq!(plain(" Valid  From "), "valid_from");
    }
}
