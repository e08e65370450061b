//! The same subjects under every pack whose evidence is there.

mod markets;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use filiera_finding::{ConditionShown, Finding, Market, Matrix, NotAsked, Reason, Regime};
use filiera_model::{Country, Verdict, Zones};
use filiera_packs::Pack;
use filiera_tables::{Dossier, Population, evidence_hash};

use crate::engine::{Engine, Judgement};
use crate::{BindFault, EngineError, Settings};

use markets::{bound_for, markets};

/// Judges the subjects of `dossier` under every one of `packs` that asks a table it has.
///
/// A pack answers with its compositions (those that no other condition of it is made of), or with each
/// condition when it composes nothing.
/// Where a pack asks for a vehicle's destination, the vehicles are judged as if for every market
/// that its law tells apart; markets it does not speak about are left out. A pack that does not fit
/// the dossier's columns is listed, not an error. `named` says which packs the dossier names;
/// `progress` hears how many of how many runs are done.
///
/// # Errors
/// [`EngineError::Origin`] when the bill of materials cannot be walked.
pub fn matrix(
    dossier: &Dossier,
    packs: &[Arc<Pack>],
    zones: &Zones,
    settings: &Settings,
    named: &dyn Fn(&Pack) -> bool,
    progress: &dyn Fn(usize, usize),
) -> Result<Matrix, EngineError> {
    let mut asking = Asking { dossier, packs, zones, settings, unfit: BTreeMap::new() };
    let mut asked: BTreeMap<Option<Country>, Asked<'_>> = BTreeMap::new();
    let mut not_asked = Vec::new();
    for pack in packs {
        if !asking.has_evidence(pack, &mut BTreeSet::new()) {
            not_asked.push(lacking(pack));
            continue;
        }
        let markets = markets(pack, zones, dossier, settings.law_as_of);
        if markets.is_empty() {
            asked.entry(None).or_default().push((pack, None));
        }
        for market in markets {
            asked.entry(Some(market.judged_as)).or_default().push((pack, Some(market)));
        }
    }
    let mut found: BTreeMap<String, Vec<Regime>> = BTreeMap::new();
    let mut left_out: BTreeSet<String> = BTreeSet::new();
    let runs = asked.len();
    for (done, (country, own)) in asked.into_iter().enumerate() {
        progress(done, runs);
        let ids: BTreeSet<&str> = own.iter().map(|(pack, _)| pack.id.as_str()).collect();
        let Some(judgement) = asking.judge(country, &ids)? else { continue };
        for (pack, market) in own {
            let regimes = regimes(&judgement, pack, market, named(pack));
            found.entry(pack.id.clone()).or_default().extend(regimes);
        }
        let of_asked = |one: &String| one.split('#').next().is_some_and(|pack| ids.contains(pack));
        left_out.extend(judgement.left_out.into_iter().filter(of_asked));
    }
    progress(runs, runs);
    let mut regimes = Vec::new();
    for pack in packs {
        match (found.remove(&pack.id).map(spoken), asking.unfit.get(&pack.id)) {
            (_, Some(why)) => not_asked.push(unasked(pack, why.clone())),
            (Some(own), None) if own.is_empty() => not_asked
                .push(unasked(pack, "everything it asks rests on values that nobody has checked".to_owned())),
            (own, None) => regimes.extend(own.into_iter().flatten()),
        }
    }
    Ok(Matrix {
        title: dossier.title.clone(),
        regimes,
        not_asked,
        left_out: left_out.into_iter().collect(),
        evidence_hash: evidence_hash(dossier),
        law_as_of: settings.law_as_of,
        facts_as_of: settings.facts_as_of,
    })
}

/// The packs of one run, each with the market it is asked for.
type Asked<'a> = Vec<(&'a Arc<Pack>, Option<Market>)>;

struct Asking<'a> {
    dossier: &'a Dossier,
    packs: &'a [Arc<Pack>],
    zones: &'a Zones,
    settings: &'a Settings,
    /// Packs that do not fit the evidence, and why.
    unfit: BTreeMap<String, String>,
}

impl Asking<'_> {
    /// Whether some table that the pack asks is there: its own, or one that a member asks.
    fn has_evidence(&self, pack: &Pack, seen: &mut BTreeSet<String>) -> bool {
        if !seen.insert(pack.id.clone()) {
            return false;
        }
        populations(pack).iter().any(|population| self.dossier.holds(*population))
            || pack.named().iter().any(|id| {
                let other = self.packs.iter().find(|other| other.id == *id);
                other.is_some_and(|other| self.has_evidence(other, seen))
            })
    }

    /// Judges these packs (and those whose conditions they take as members), as if for a market.
    /// Packs that do not fit are noted and left out; nothing when none is left.
    fn judge(
        &mut self,
        market: Option<Country>,
        ids: &BTreeSet<&str>,
    ) -> Result<Option<Judgement>, EngineError> {
        let dossier = match market {
            Some(country) => &bound_for(self.dossier, country)?,
            None => self.dossier,
        };
        loop {
            let packs = self.with_members(ids);
            if packs.is_empty() {
                return Ok(None);
            }
            match Engine::new(dossier, &packs, self.zones, self.settings) {
                Ok(engine) => return engine.judge(&|_, _| ()).map(Some),
                Err(EngineError::Packs(faults)) if !faults.is_empty() => self.note(&faults),
                Err(other) => return Err(other),
            }
        }
    }

    fn note(&mut self, faults: &[BindFault]) {
        for fault in faults {
            let why = format!("it does not fit this dossier: {}", fault.message);
            self.unfit.entry(fault.pack.clone()).or_insert(why);
        }
    }

    fn with_members(&self, ids: &BTreeSet<&str>) -> Vec<Arc<Pack>> {
        let mut wanted: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        loop {
            let known = wanted.len();
            for pack in self.packs.iter().filter(|pack| wanted.contains(&pack.id)).collect::<Vec<_>>() {
                wanted.extend(pack.named().into_iter().map(str::to_owned));
            }
            if wanted.len() == known {
                break;
            }
        }
        let fits = |pack: &&Arc<Pack>| wanted.contains(&pack.id) && !self.unfit.contains_key(&pack.id);
        self.packs.iter().filter(fits).cloned().collect()
    }
}

/// What answers for the pack: the compositions that no other condition is made of, or each condition
/// that was judged where it composes nothing.
fn regimes(judgement: &Judgement, pack: &Pack, market: Option<Market>, is_named: bool) -> Vec<Regime> {
    let own: Vec<_> = judgement.conditions.iter().filter(|shown| shown.pack == pack.id).collect();
    let is_member = |name: &str| {
        let members = pack.conditions.iter().flat_map(|condition| condition.form.members());
        members.into_iter().any(|member| member.value.pack.is_none() && member.value.condition == name)
    };
    let is_whole =
        |shown: &&&ConditionShown| shown.form.form.is_composition() && !is_member(&shown.condition);
    let whole: Vec<_> = own.iter().filter(is_whole).copied().collect();
    let answering = if whole.is_empty() { own } else { whole };
    let own = judgement.findings.iter().filter(|finding| finding.pack == pack.id);
    let own: Findings<'_> =
        own.map(|finding| ((finding.condition.as_str(), finding.subject.as_str()), finding)).collect();
    let regime = |shown: &ConditionShown| {
        let is_of = |((condition, _), _): &(&(&str, &str), &&Finding)| *condition == shown.condition;
        let findings = own.iter().filter(is_of).map(|(_, finding)| {
            let mut remarks = Vec::new();
            remarks_below(pack, &shown.condition, &finding.subject, &own, &mut remarks);
            Finding { remarks, ..(*finding).clone() }
        });
        Regime { shown: shown.clone(), market: market.clone(), is_named, findings: findings.collect() }
    };
    answering.into_iter().map(regime).collect()
}

/// The findings of one pack, by condition and subject.
type Findings<'a> = BTreeMap<(&'a str, &'a str), &'a Finding>;

/// What is remarked of a subject by a condition and by those it is made of, each once.
fn remarks_below(pack: &Pack, condition: &str, subject: &str, own: &Findings<'_>, remarks: &mut Vec<String>) {
    for remark in own.get(&(condition, subject)).iter().flat_map(|finding| &finding.remarks) {
        if !remarks.contains(remark) {
            remarks.push(remark.clone());
        }
    }
    let members = pack.condition(condition).into_iter().flat_map(|condition| condition.form.members());
    for member in members.into_iter().filter(|member| member.pack.is_none()) {
        remarks_below(pack, &member.condition, subject, own, remarks);
    }
}

/// The regimes without the markets that the law does not speak about; those stay where it speaks
/// about none at all.
fn spoken(regimes: Vec<Regime>) -> Vec<Regime> {
    let is_silent = |regime: &Regime| {
        let is_outside = |finding: &Finding| {
            finding.verdict == Verdict::NotApplicable
                && matches!(finding.reason, Some(Reason::WhenFalse | Reason::NoMemberApplies))
        };
        regime.market.is_some() && regime.findings.iter().all(is_outside)
    };
    let speaking: Vec<Regime> = regimes.iter().filter(|regime| !is_silent(regime)).cloned().collect();
    if !speaking.is_empty() {
        return speaking;
    }
    let first = regimes.first().and_then(|regime| regime.market.clone());
    regimes.into_iter().filter(|regime| regime.market == first).collect()
}

fn populations(pack: &Pack) -> BTreeSet<Population> {
    let of = pack.conditions.iter().filter_map(|condition| condition.form.of());
    of.filter_map(|of| Population::from_name(&of.value)).collect()
}

fn lacking(pack: &Pack) -> NotAsked {
    let tables: BTreeSet<&str> =
        populations(pack).iter().map(|population| population.table().name()).collect();
    NotAsked { needs: tables.into_iter().map(str::to_owned).collect(), ..not_asked(pack) }
}

fn unasked(pack: &Pack, why: String) -> NotAsked {
    NotAsked { why: Some(why), ..not_asked(pack) }
}

fn not_asked(pack: &Pack) -> NotAsked {
    NotAsked {
        pack: pack.id.clone(),
        title: pack.title.clone(),
        status: pack.status.name().to_owned(),
        needs: Vec::new(),
        why: None,
    }
}
