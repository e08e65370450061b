//! What expires or falls due, and which verdicts change with it: found by judging again.

mod again;
mod ending;
mod law;
mod papers;
mod promises;
mod users;

use std::collections::{BTreeMap, BTreeSet};

use filiera_finding::{DueDay, DueItem, DueKind, DueList, VerdictChange};
use filiera_model::Day;

use crate::FilieraError;
use crate::check::Dossier;

use again::{Again, State};
use ending::{Ending, Touches};
pub(crate) use users::Users;

/// The days to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Today, or the day taken for it. What ended before is overdue.
    pub on: Day,
    /// The last day looked at.
    pub until: Day,
}

impl Window {
    /// So many days from `on`.
    pub fn days(on: Day, days: u16) -> Self {
        Self { on, until: Day::from_days(on.days().saturating_add(i32::from(days))) }
    }

    /// Whether something that ends on `day` is still to come, and soon.
    fn is_near(self, day: Day) -> bool {
        self.on <= day && day <= self.until
    }
}

impl Dossier {
    /// Everything that expires or falls due in the window or already has, with the verdicts that
    /// differ between a product like each of the dossier's built on the last day and one built the day
    /// after. `progress` hears how many of how many days are judged.
    ///
    /// The law is taken as known on the law's clock, whatever day is judged.
    ///
    /// # Errors
    /// As [`Dossier::check`].
    pub fn due(&self, window: Window, progress: &dyn Fn(usize, usize)) -> Result<DueList, FilieraError> {
        let again = Again::new(self);
        let today = again.state(window.on, None)?;
        let mut by_day: BTreeMap<Day, Vec<Ending>> = BTreeMap::new();
        for ending in endings(self, window, &today) {
            by_day.entry(ending.on).or_default().push(ending);
        }
        let users = Users::new(&self.tables);
        let mut days = Vec::new();
        let of = by_day.len();
        for (done, (on, mut endings)) in by_day.into_iter().enumerate() {
            progress(done, of);
            endings.sort_by(|a, b| key(&a.item).cmp(&key(&b.item)));
            let changes = changes(&again, &users, on, &endings, &today, window)?;
            let items = endings.into_iter().map(|ending| ending.item).collect();
            days.push(DueDay { on, overdue: on < window.on, items, changes });
        }
        progress(of, of);
        Ok(DueList {
            title: self.tables.title.clone(),
            on: window.on,
            until: window.until,
            days,
            evidence_hash: filiera_tables::evidence_hash(&self.tables),
            law_as_of: self.settings.law_as_of,
            facts_as_of: self.settings.facts_as_of,
        })
    }
}

fn key(item: &DueItem) -> (DueKind, &str, Option<&str>, Option<&str>, Option<&str>) {
    let (party, document) = (item.party.as_deref(), item.document.as_deref());
    (item.kind, &item.name, party, document, item.place.as_deref())
}

fn endings(dossier: &Dossier, window: Window, today: &State) -> Vec<Ending> {
    let mut endings = promises::commitments(&dossier.tables, &dossier.packs.packs, window);
    endings.extend(promises::targets(today, window));
    endings.extend(law::values(dossier, window));
    endings.extend(papers::attestations(&dossier.tables, window));
    endings.extend(papers::declarations(&dossier.tables, window, dossier.settings.facts_as_of));
    endings.extend(papers::prices(&dossier.tables, window));
    endings
}

/// The verdicts that differ between `on` and the day after, of the subjects that what ends touches.
fn changes(
    again: &Again<'_>,
    users: &Users,
    on: Day,
    endings: &[Ending],
    today: &State,
    window: Window,
) -> Result<Vec<VerdictChange>, FilieraError> {
    let vehicles = again.only_vehicles(users, endings);
    if vehicles.as_ref().is_some_and(|vehicles| vehicles.is_empty()) {
        return Ok(Vec::new());
    }
    let before = again.state(on, vehicles.as_ref())?;
    let after = again.state(on.next(), vehicles.as_ref())?;
    let holders: Vec<BTreeSet<&str>> = endings.iter().map(|ending| holders(users, &ending.touches)).collect();
    let mut changes = Vec::new();
    for name in &after.order {
        let (Some(was), Some(is)) = (before.verdicts.get(name), after.verdicts.get(name)) else { continue };
        if was == is {
            continue;
        }
        let (pack, condition, subject) = name.clone();
        let is_vehicle = users.is_vehicle(&subject);
        let touches = |ending: &Ending, holders: &BTreeSet<&str>| match ending.touches {
            Touches::Nobody => false,
            Touches::Everybody => true,
            Touches::Subject(_) | Touches::Part(_) => !is_vehicle || holders.contains(subject.as_str()),
        };
        let because = (0..).zip(endings.iter().zip(&holders));
        let because = because.filter(|(_, (ending, holders))| touches(ending, holders)).map(|(at, _)| at);
        changes.push(VerdictChange {
            because: because.collect(),
            from: on.next(),
            before: *was,
            after: *is,
            now: today.verdicts.get(name).copied().filter(|_| on < window.on),
            pack,
            condition,
            subject,
        });
    }
    Ok(changes)
}

/// The vehicles that what ends can touch.
fn holders<'a>(users: &'a Users, touches: &'a Touches) -> BTreeSet<&'a str> {
    match touches {
        Touches::Nobody | Touches::Everybody => BTreeSet::new(),
        Touches::Subject(name) => BTreeSet::from([name.as_str()]),
        Touches::Part(part) => users.of(part),
    }
}
