use filiera_model::Day;

use super::interest::Interest;
use super::relationship::Relationship;
use super::statement::Head;

/// One statement of a relationship's record.
#[derive(Clone, Copy)]
pub(super) struct Version<'s> {
    pub(super) head: &'s Head,
    pub(super) relationship: &'s Relationship,
    /// The newest day on which the same declaration lets something begin in the same entity.
    pub(super) begins_beside: Option<Day>,
}

/// One interest, unchanged from its first to its last day.
#[derive(Clone)]
pub(super) struct Held<'s> {
    pub(super) head: &'s Head,
    pub(super) relationship: &'s Relationship,
    pub(super) interest: &'s Interest,
    pub(super) from: Day,
    /// The last day; nothing while it lasts.
    pub(super) to: Option<Day>,
}

/// What the statements of one record, oldest first, say for every day.
///
/// A statement that changes an interest speaks from the interest's new start, else from its own day. An
/// interest that is closed or left out without an end ends where the same declaration lets something
/// else begin in the same entity, else on the statement's day.
pub(super) fn states<'s>(versions: &[Version<'s>]) -> Vec<Held<'s>> {
    let mut history = History::default();
    for version in versions {
        history.add(*version);
    }
    history.finish()
}

#[derive(Default)]
struct History<'s> {
    done: Vec<Held<'s>>,
    open: Vec<Open<'s>>,
    /// The day of the statement before.
    before: Option<Day>,
    /// The day since which nothing is left of an earlier life of the record.
    closed_on: Option<Day>,
}

struct Open<'s> {
    held: Held<'s>,
    /// The day from which it is no more, as stated.
    ends: Option<Day>,
}

impl<'s> History<'s> {
    fn add(&mut self, version: Version<'s>) {
        let mut left: Vec<Option<Open<'s>>> = std::mem::take(&mut self.open).into_iter().map(Some).collect();
        let partners: Vec<Option<usize>> = partners(&left, version.relationship);
        for (interest, partner) in version.relationship.interests.iter().zip(partners) {
            let old = partner.and_then(|place| left.get_mut(place)).and_then(Option::take);
            if version.head.closes {
                self.close(old, interest, version);
            } else {
                self.change(old, interest, version);
            }
        }
        let changed_on = self.changed_on(version);
        for old in left.into_iter().flatten() {
            self.end(old, changed_on);
        }
        self.before = Some(version.head.day);
        if version.head.closes {
            self.closed_on = Some(version.head.day);
        }
    }

    /// The day on which happened what the statement reports without a day.
    fn changed_on(&self, version: Version<'_>) -> Day {
        let reported = version.head.day;
        let beside = version.begins_beside.filter(|day| *day <= reported && self.before < Some(*day));
        beside.unwrap_or(reported)
    }

    fn change(&mut self, old: Option<Open<'s>>, interest: &'s Interest, version: Version<'s>) {
        let Some(mut old) = old else {
            let from = interest.start.unwrap_or(version.head.day);
            let from = self.closed_on.map_or(from, |closed| from.max(closed));
            self.begin(interest, version, from);
            return;
        };
        if is_unchanged(old.held.interest, interest) {
            old.ends = interest.end.or(old.ends);
            self.open.push(old);
            return;
        }
        let from = match (interest.start, old.held.interest.start) {
            (Some(start), Some(before)) if start > before => start,
            (Some(start), None) if Some(start) > self.before => start,
            _ => version.head.day,
        };
        self.end(old, interest.end.map_or(from, |end| end.min(from)));
        self.begin(interest, version, from);
    }

    fn begin(&mut self, interest: &'s Interest, version: Version<'s>, from: Day) {
        let Version { head, relationship, .. } = version;
        let held = Held { head, relationship, interest, from, to: None };
        self.open.push(Open { held, ends: interest.end });
    }

    fn close(&mut self, old: Option<Open<'s>>, interest: &'s Interest, version: Version<'s>) {
        match old {
            Some(old) => {
                let stated = interest.end.or(old.ends);
                let end = stated.unwrap_or_else(|| self.changed_on(version));
                self.end(old, end);
            }
            // A record that is closed at once still tells of the past.
            None => {
                let Some(from) = interest.start else { return };
                let Version { head, relationship, .. } = version;
                let held = Held { head, relationship, interest, from, to: None };
                self.end(Open { held, ends: interest.end }, interest.end.unwrap_or(head.day));
            }
        }
    }

    /// Ends an interest before a day, or before the day that was stated for it if that is earlier.
    fn end(&mut self, open: Open<'s>, before: Day) {
        let before = open.ends.map_or(before, |ends| ends.min(before));
        if before > open.held.from {
            self.done.push(Held { to: Some(before.previous()), ..open.held });
        }
    }

    fn finish(mut self) -> Vec<Held<'s>> {
        for open in std::mem::take(&mut self.open) {
            match open.ends {
                Some(ends) => self.end(open, ends),
                None => self.done.push(open.held),
            }
        }
        self.done
    }
}

fn is_unchanged(old: &Interest, new: &Interest) -> bool {
    let same_start = new.start.is_none() || new.start == old.start;
    let same_say = old.kind == new.kind && old.is_beneficial == new.is_beneficial;
    same_say && old.direct == new.direct && old.share == new.share && same_start
}

/// For every interest of a new statement the one it goes on from: of the same parties and type, held as
/// directly if there is such a one.
fn partners(open: &[Option<Open<'_>>], new: &Relationship) -> Vec<Option<usize>> {
    let mut taken = vec![false; open.len()];
    let mut partners = vec![None; new.interests.len()];
    for strictly in [true, false] {
        for (interest, partner) in new.interests.iter().zip(&mut partners) {
            if partner.is_some() {
                continue;
            }
            let found = open.iter().enumerate().position(|(place, old)| {
                let free = !taken.get(place).copied().unwrap_or(true);
                free && old.as_ref().is_some_and(|old| goes_on(old, new, interest, strictly))
            });
            if let Some(slot) = found.and_then(|place| taken.get_mut(place)) {
                *slot = true;
                *partner = found;
            }
        }
    }
    partners
}

fn goes_on(old: &Open<'_>, new: &Relationship, interest: &Interest, strictly: bool) -> bool {
    let before = old.held.relationship;
    old.held.interest.kind == interest.kind
        && before.owner == new.owner
        && before.subject == new.subject
        && (!strictly || old.held.interest.direct == interest.direct)
}
