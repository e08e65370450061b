use filiera_finding::{ConditionShown, Finding, Form};
use filiera_model::Verdict;

use super::bars::{Bar, bar};
use super::histogram::{Histogram, histogram};
use crate::clean::clean;
use crate::digest::{Digest, Group, Tally};
use crate::number::count;
use crate::text::value_text;
use crate::words::{glyph, plural, stamp, subjects};

/// How many findings have a verdict.
pub(super) struct Count {
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) word: String,
    pub(super) n: String,
    /// Where its part of a whole bar begins and how wide it is, in thousandths.
    pub(super) from: u64,
    pub(super) width: u64,
}

impl Count {
    pub(super) fn all(tally: &Tally) -> Vec<Self> {
        let total = u128::from(tally.total().max(1));
        let mut before = 0u128;
        let edge = |n: u128| u64::try_from(n * 1_000 / total).unwrap_or(1_000);
        tally
            .seen()
            .map(|(verdict, n)| {
                let from = edge(before);
                before += u128::from(n);
                Self { n: count(n), from, width: edge(before) - from, ..Self::word(verdict) }
            })
            .collect()
    }

    pub(super) fn word(verdict: Verdict) -> Self {
        let (class, sign) = (verdict.name(), glyph(verdict));
        Self { class, sign, word: verdict.to_string(), n: String::new(), from: 0, width: 0 }
    }
}

/// The cards of one pack.
pub(super) struct PackCards {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) stamp: Option<String>,
    /// Why the pack stands here though nobody asked for it; empty when somebody did.
    pub(super) along: String,
    pub(super) cards: Vec<Card>,
}

/// One condition and its answer.
pub(super) struct Card {
    pub(super) condition: String,
    pub(super) title: String,
    pub(super) range: Vec<Count>,
    pub(super) legal: Vec<Count>,
    /// The value, and the value by law; for a single subject.
    pub(super) value: String,
    pub(super) legal_value: String,
    pub(super) single: bool,
    pub(super) subjects: String,
    pub(super) bar: Option<Bar>,
    pub(super) histogram: Option<Histogram>,
    /// What a reader must know, as (name, text).
    pub(super) facts: Vec<(String, String)>,
    pub(super) unverified: bool,
}

pub(super) fn packs(digest: &Digest<'_>) -> Vec<PackCards> {
    let of_pack = |pack: &ConditionShown| {
        let mine = digest.groups.iter().filter(|group| group.shown.pack == pack.pack);
        mine.map(card).collect()
    };
    let shown = digest.packs();
    shown
        .into_iter()
        .map(|pack| PackCards {
            id: clean(&pack.pack),
            title: clean(&pack.pack_title),
            stamp: stamp(&pack.pack_status).map(|stamp| clean(&stamp)),
            along: clean(&digest.along(&pack.pack).unwrap_or_default()),
            cards: of_pack(pack),
        })
        .collect()
}

fn card(group: &Group<'_>) -> Card {
    let only = group.findings.first().copied().filter(|_| group.is_single());
    let value = only.map(|finding| value_text(finding, &group.measure)).unwrap_or_default();
    let legal = only.filter(|_| group.is_drawn());
    let legal = legal.and_then(|finding| Some((finding.legal_bounds.as_ref()?, finding.threshold.as_ref())));
    let legal_value = legal.map(|(bounds, threshold)| group.measure.interval(bounds, threshold));
    Card {
        condition: clean(&group.shown.condition),
        title: clean(&group.shown.title),
        range: Count::all(&group.range),
        legal: Count::all(&group.legal),
        legal_value: clean(&legal_value.unwrap_or_else(|| value.clone())),
        value: clean(&value),
        single: only.is_some(),
        subjects: clean(&subjects(group.findings.len() as u64, &group.shown.per)),
        bar: only.and_then(|finding| bar(group, &group.scale, finding)),
        histogram: if only.is_none() { histogram(group) } else { None },
        facts: facts(group, only),
        unverified: group.findings.iter().any(|finding| finding.unverified),
    }
}

fn facts(group: &Group<'_>, only: Option<&Finding>) -> Vec<(String, String)> {
    let mut facts: Vec<(&str, String)> = Vec::new();
    if let Some(asked) = group.asked() {
        facts.push(("asked", asked));
    } else if group.findings.len() > 1 {
        facts.push(("asked", "depends on the subject's date".to_owned()));
    }
    match only {
        Some(finding) => facts.extend(of_one(finding)),
        None => facts.extend(of_many(group)),
    }
    if let Some(due) = group.findings.iter().filter_map(|f| f.due).max_by_key(|due| due.on) {
        let when = if due.to_come { "not yet due" } else { "the day has passed" };
        facts.push(("due", format!("{}, {when}", due.on)));
    }
    facts.extend(group.shown.grants.iter().map(|grants| ("earns", grants.clone())));
    facts.into_iter().map(|(name, text)| (name.to_owned(), clean(&text))).collect()
}

fn of_one(finding: &Finding) -> Vec<(&'static str, String)> {
    let mut facts = vec![("subject", finding.subject.clone())];
    if finding.form == Form::NOf && !finding.members.is_empty() {
        facts.push(("decided by", finding.members.join(", ")));
    }
    facts.extend(finding.rank.map(|rank| ("rank", crate::words::rank(rank))));
    if finding.form != Form::Score && finding.rows.maybe > 0 {
        facts.push(("open", plural(finding.rows.maybe, "row")));
    }
    facts.extend(finding.reason.map(|reason| ("why", reason.sentence().to_owned())));
    if finding.is_sound_only() {
        facts.push(("bounds", "sound: never wrong, maybe wider than necessary".to_owned()));
    }
    facts
}

fn of_many(group: &Group<'_>) -> Vec<(&'static str, String)> {
    let named = [("worst", group.worst()), ("closest", group.closest())];
    let told = |(name, finding): (&'static str, Option<&Finding>)| {
        finding.map(|f| (name, format!("{}, {}", f.subject, value_text(f, &group.measure))))
    };
    let mut facts: Vec<(&'static str, String)> = named.into_iter().filter_map(told).collect();
    let reasons = group.reasons();
    facts.extend(
        reasons.into_iter().map(|(reason, n)| ("why", format!("{}: {}", count(n), reason.sentence()))),
    );
    facts
}

/// What meeting a condition earns.
pub(super) struct Grant {
    pub(super) condition: String,
    pub(super) earns: String,
    pub(super) range: Vec<Count>,
    pub(super) legal: Vec<Count>,
}

pub(super) fn grants(digest: &Digest<'_>) -> Vec<Grant> {
    let grant = |group: &Group<'_>| {
        Some(Grant {
            condition: clean(&group.shown.title),
            earns: clean(group.shown.grants.as_deref()?),
            range: Count::all(&group.range),
            legal: Count::all(&group.legal),
        })
    };
    digest.groups.iter().filter_map(grant).collect()
}
