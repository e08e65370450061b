use std::collections::BTreeMap;
use std::sync::Arc;

use filiera_model::{Day, Membership, Zones};

use crate::fault::Faults;
use crate::keys::{Entry, Keys, document};
use crate::names::{is_identifier, refuse_bad_name};
use crate::read_pack::references;
use crate::read_parameter::{country, days};
use crate::warnings::stale;
use crate::{Cause, PackFault, PackFaults, Reference, Span};

/// What a zones file says of a zone beyond its members.
#[derive(Clone, Debug)]
pub struct ZoneInfo {
    /// The name, without `@`.
    pub name: String,
    /// The title.
    pub title: String,
    /// Where the membership stands.
    pub references: Vec<Reference>,
    /// The heading.
    pub span: Span,
}

/// Reads dated sets of countries: the text of `packs/zones.toml`.
///
/// # Errors
/// Every fault of the text at once; among them a country that is a member twice on one day.
pub fn parse_zones(file: &str, text: &str) -> Result<(Zones, Vec<ZoneInfo>), PackFaults> {
    let source: Arc<str> = Arc::from(text);
    let mut faults = Faults::new(file, Arc::clone(&source));
    let zones = document(&source, &mut faults).map(|document| {
        let root = Keys::root(document.as_table(), &["zone"], &mut faults);
        let entries = root.table("zone", &[], &mut faults).map(|zones| zones.entries()).unwrap_or_default();
        let mut members = BTreeMap::new();
        let mut infos = Vec::new();
        for (name, entry) in &entries {
            if let Some((info, memberships)) = zone(name, entry, &mut faults) {
                members.insert(name.clone(), memberships);
                infos.push(info);
            }
        }
        (Zones::new(members), infos)
    });
    faults.finish(|| zones)
}

/// The zones whose sources nobody has checked within the year before `today`. `file` and `text` are
/// those handed to [`parse_zones`].
pub fn zone_warnings(file: &str, text: &str, zones: &[ZoneInfo], today: Day) -> Vec<PackFault> {
    let mut faults = Faults::new(file, Arc::from(text));
    for zone in zones {
        stale(&zone.references, today, &mut faults);
    }
    faults.into_list()
}

fn zone(name: &str, entry: &Entry<'_>, faults: &mut Faults) -> Option<(ZoneInfo, Vec<Membership>)> {
    refuse_bad_name("zone", name, is_identifier(name), &entry.key, faults);
    let keys = Keys::open(entry, &["title", "reference", "members"], faults)?;
    let title = keys.required_text("title", faults);
    let references = references(&keys, faults);
    let listed = keys.required("members", faults)?;
    let members = members(&listed.list(faults)?, faults);
    let info = ZoneInfo { name: name.to_owned(), title: title?.value, references, span: entry.span.clone() };
    Some((info, members))
}

fn members(entries: &[Entry<'_>], faults: &mut Faults) -> Vec<Membership> {
    let mut members = Vec::new();
    for entry in entries {
        if let Some(membership) = member(entry, faults) {
            members.push((membership, entry.span.clone()));
        }
    }
    refuse_twice(&members, faults);
    members.into_iter().map(|(membership, _)| membership).collect()
}

fn member(entry: &Entry<'_>, faults: &mut Faults) -> Option<Membership> {
    let keys = Keys::open(entry, &["country", "from", "to"], faults)?;
    let code = keys.required_text("country", faults);
    let (from, to) = days(&keys, "from", "to", faults);
    Some(Membership { country: country(&code?, faults)?, from, to })
}

/// Notes countries whose times overlap.
fn refuse_twice(members: &[(Membership, Span)], faults: &mut Faults) {
    let mut sorted: Vec<&(Membership, Span)> = members.iter().collect();
    sorted.sort_by_key(|(membership, _)| (membership.country, membership.from));
    for pair in sorted.windows(2) {
        let [(earlier, first), (later, second)] = pair else { continue };
        let goes_on = earlier.to.is_none_or(|to| later.from.is_none_or(|from| from <= to));
        if earlier.country == later.country && goes_on {
            let cause = Cause::MemberTwice { country: later.country.to_string(), on: later.from };
            faults.push_with(cause, second, vec![(first.clone(), "and here".to_owned())]);
        }
    }
}
