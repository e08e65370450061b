//! What stands in the box of a party.

use filiera_finding::{CompanyOwned, HolderShown, PartyShown};
use filiera_model::Mark;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::clean::clean;
use crate::owning;

/// Characters of a line of a name, and of what stands below it in smaller letters.
const LINE: usize = 23;
const SMALL: usize = 29;

/// Height of a line, and what is kept free above and below all of them.
pub(super) const LINE_HEIGHT: i64 = 16;
pub(super) const PADDING: i64 = 9;

/// A party's box: what is said in it, and how it is framed.
pub(super) struct Said {
    /// Lines with their classes.
    pub(super) lines: Vec<(&'static str, String)>,
    /// `target`, `sure`, `open` or `plain`.
    pub(super) frame: &'static str,
    /// Whether it controls in the end: a second frame inside.
    pub(super) is_double: bool,
    pub(super) is_person: bool,
    /// All of it in words.
    pub(super) title: String,
}

impl Said {
    pub(super) fn of(company: &CompanyOwned, party: &PartyShown) -> Self {
        let is_target = party.id == company.company.id;
        let holder =
            company.holders.iter().find(|one| one.holder.party().is_some_and(|own| own.id == party.id));
        let holder = holder.filter(|_| !is_target);
        let controls = holder.map_or(Mark::No, |holder| holder.controls);
        let badge = if is_target { Some("the company".to_owned()) } else { holder.and_then(badge) };
        let mut lines: Vec<(&'static str, String)> =
            broken(&clean(party.called()), LINE, 2).into_iter().map(|line| ("name", line)).collect();
        let details = [place(party), pact(party), remainder(company, party)];
        let small = details.iter().flatten().flat_map(|line| broken(&clean(line), SMALL, 2));
        lines.extend(small.map(|line| ("detail", line)));
        let badges = badge.iter().flat_map(|badge| broken(badge, LINE, 2));
        lines.extend(badges.map(|line| ("badge", line)));
        let all: Vec<String> =
            [Some(party.called().to_owned())].into_iter().chain(details).chain([badge]).flatten().collect();
        Self {
            lines,
            frame: match (is_target, controls) {
                (true, _) => "target",
                (false, Mark::Yes) => "sure",
                (false, Mark::Maybe) => "open",
                (false, Mark::No) => "plain",
            },
            is_double: holder.is_some_and(|holder| holder.ultimate_controller == Mark::Yes),
            is_person: party.is_person,
            title: clean(&all.join(", ")),
        }
    }

    pub(super) fn height(&self) -> i64 {
        i64::try_from(self.lines.len()).unwrap_or(0) * LINE_HEIGHT + 2 * PADDING
    }
}

fn badge(holder: &HolderShown) -> Option<String> {
    let sign = owning::sign(holder.controls);
    match (holder.controls, holder.ultimate_controller) {
        (Mark::No, _) => None,
        (Mark::Maybe, _) => Some(format!("{sign} may control")),
        (Mark::Yes, end) => {
            let jointly = if holder.by == Some("jointly") { "controls jointly" } else { "controls" };
            let end = if end == Mark::Yes { ", in the end" } else { "" };
            Some(format!("{sign} {jointly}{end}"))
        }
    }
}

/// `CN · person or state`.
fn place(party: &PartyShown) -> Option<String> {
    let country = party.country.map(|country| country.alpha2().to_owned());
    let what = match party {
        PartyShown { unnamed: Some(_), .. } => Some("not named".to_owned()),
        PartyShown { is_person: true, .. } => Some("person or state".to_owned()),
        PartyShown { is_listed: true, .. } => Some("traded on a market".to_owned()),
        _ => None,
    };
    let parts: Vec<String> = country.into_iter().chain(what).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn pact(party: &PartyShown) -> Option<String> {
    (!party.pacts.is_empty()).then(|| format!("pact: {}", party.pacts.join(", ")))
}

fn remainder(company: &CompanyOwned, party: &PartyShown) -> Option<String> {
    let own = company.remainders.iter().find(|one| one.company.id == party.id)?;
    let share = owning::interval(&own.share);
    Some(if own.is_float { format!("float: {share}") } else { format!("not listed: {share}") })
}

/// The text on at most so many lines, broken between words where it can be; what is too much is cut.
fn broken(text: &str, room: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > most {
        let rest = lines.split_off(most.saturating_sub(1)).join(" ");
        lines.push(rest);
    }
    lines.iter().map(|line| cut(line, room)).collect()
}

/// The text, cut to so many columns with a sign that it is.
fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > room {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn names_are_broken_and_cut() {
        assert_eq!(broken("Delta Participations B.V.", 23, 2), ["Delta Participations", "B.V."]);
        assert_eq!(broken("One two three four five", 8, 2), ["One two", "three f…"]);
        assert_eq!(broken("Donaudampfschifffahrtsgesellschaft", 10, 2), ["Donaudamp…"]);
        assert_eq!(broken("", 10, 2), Vec::<String>::new());
    }
}
