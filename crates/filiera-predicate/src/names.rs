use std::collections::BTreeMap;

use filiera_tables::ColumnKind;

use crate::{ParameterKind, PredicateFault};

/// The most names that one help lists.
const MOST_LISTED: usize = 40;

/// The names a predicate may use.
pub(crate) struct Names<'a> {
    columns: BTreeMap<&'a str, ColumnKind>,
    parameters: &'a BTreeMap<String, ParameterKind>,
    zones: &'a [String],
}

impl<'a> Names<'a> {
    pub(crate) fn new(
        columns: &'a [(String, ColumnKind)],
        parameters: &'a BTreeMap<String, ParameterKind>,
        zones: &'a [String],
    ) -> Self {
        let mut by_name = BTreeMap::new();
        for (name, kind) in columns {
            by_name.entry(name.as_str()).or_insert(*kind);
        }
        Self { columns: by_name, parameters, zones }
    }

    /// The column of this name, or of the name in lower case when it was not quoted.
    pub(crate) fn column(&self, name: &str, quoted: bool) -> Option<(&'a str, ColumnKind)> {
        let exact = self.columns.get_key_value(name);
        let found = if quoted {
            exact
        } else {
            exact.or_else(|| self.columns.get_key_value(name.to_lowercase().as_str()))
        };
        found.map(|(name, kind)| (*name, *kind))
    }

    /// The kind of `$name` or `@ZONE`.
    pub(crate) fn sign(&self, sign: &str) -> Option<ParameterKind> {
        match sign.strip_prefix('@') {
            Some(zone) => {
                self.zones.iter().any(|known| bare(known) == zone).then_some(ParameterKind::Countries)
            }
            None => self.parameters.get(sign.strip_prefix('$')?).copied(),
        }
    }

    /// The help for an unknown column.
    pub(crate) fn near_column(&self, name: &str) -> String {
        suggestion(name, "", self.columns.keys().copied(), "columns")
    }

    /// The help for an unknown `$name` or `@ZONE`.
    pub(crate) fn near_sign(&self, sign: &str) -> String {
        match sign.strip_prefix('@') {
            Some(zone) => suggestion(zone, "@", self.zones.iter().map(|zone| bare(zone)), "zones"),
            None => {
                let name = sign.strip_prefix('$').unwrap_or(sign);
                suggestion(name, "$", self.parameters.keys().map(String::as_str), "parameters")
            }
        }
    }

    /// Whether quotes of the wrong kind explain an unknown column.
    pub(crate) fn unknown_column(&self, name: &str, quoted: bool, fault: PredicateFault) -> PredicateFault {
        if quoted && nearest(name, self.columns.keys().copied()).is_none() {
            return fault.help(format!("texts stand between single quotes: '{}'", name.replace('\'', "''")));
        }
        fault.help(self.near_column(name))
    }
}

/// A zone's name without its sign.
fn bare(zone: &str) -> &str {
    zone.strip_prefix('@').unwrap_or(zone)
}

fn suggestion<'n>(
    name: &str,
    sign: &str,
    known: impl Iterator<Item = &'n str> + Clone,
    noun: &str,
) -> String {
    if let Some(near) = nearest(name, known.clone()) {
        return format!("did you mean `{sign}{near}`?");
    }
    let all: Vec<String> = known.clone().take(MOST_LISTED).map(|name| format!("`{sign}{name}`")).collect();
    let more = match known.count().saturating_sub(MOST_LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    if all.is_empty() {
        format!("there are no {noun} here")
    } else {
        format!("the {noun} are {}{more}", all.join(", "))
    }
}

/// The known name that differs least, when it differs little.
pub(crate) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    // A name far longer than any real one is no typing error, and measuring it takes long.
    if name.len() > 100 {
        return None;
    }
    let name = name.to_lowercase();
    let allowed = (name.chars().count() / 3).max(1);
    known
        .map(|candidate| (strsim::damerau_levenshtein(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
