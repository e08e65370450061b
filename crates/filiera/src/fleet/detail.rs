//! What a summary says beyond counts: where the values lie, and the papers that weigh most in what stays open.

use std::collections::BTreeMap;

use filiera_engine::Judgement;
use filiera_finding::{Finding, FleetTally, PaperTally, Tenths};
use filiera_fleet::{FleetError, FleetJudgement, judge_left};
use filiera_model::{End, Exact, Operator, Rounding, Verdict};

use super::Fleet;

/// So many vehicles that stay open are looked into.
const LOOKED_INTO: usize = 1000;

/// Papers named of a condition.
const NAMED: usize = 5;

/// Pack, condition, reading.
type Name = (String, String, Option<String>);

/// Where the values of vehicles lie, condition by condition.
#[derive(Default)]
pub(super) struct Values(BTreeMap<Name, Tenths>);

impl Values {
    /// Takes a finding in, if its value is a share.
    pub fn add(&mut self, finding: &Finding) {
        if !finding.form.is_share() || finding.verdict == Verdict::NotApplicable {
            return;
        }
        let Some(wants_more) = finding.operator.map(Operator::wants_more) else { return };
        let tenths = self.0.entry(name(finding)).or_insert_with(|| Tenths::new(wants_more));
        let end =
            finding.bounds.as_ref().map(|bounds| if wants_more { &bounds.lower } else { &bounds.upper });
        match end.and_then(tenth) {
            Some(place) => tenths.add(place),
            None => tenths.without += 1,
        }
    }

    /// Hands over what was found of each condition.
    pub fn give(mut self, conditions: &mut [FleetTally]) {
        for one in conditions {
            let name = (one.shown.pack.clone(), one.shown.condition.clone(), one.reading.clone());
            one.tenths = self.0.remove(&name);
        }
    }
}

/// In which tenth of the way from 0 to 100 % a value lies; what lies beyond is in the last.
fn tenth(end: &End) -> Option<usize> {
    let value = end.value.as_ref()? * &Exact::from_int(10);
    let whole: i64 = value.to_decimal(0, Rounding::Down).parse().ok()?;
    usize::try_from(whole).ok().map(|whole| whole.min(9))
}

fn name(finding: &Finding) -> Name {
    (finding.pack.clone(), finding.condition.clone(), finding.reading.clone())
}

impl Fleet {
    /// The papers that weigh most in the first vehicles that stay open.
    pub(super) fn papers(
        &self,
        judged: &FleetJudgement,
        conditions: &mut [FleetTally],
    ) -> Result<(), FleetError> {
        let open = open(judged);
        if open.is_empty() {
            return Ok(());
        }
        let mut found: BTreeMap<Name, Vec<Vec<String>>> = BTreeMap::new();
        let mut hears = |_: &[u32], judgement: Judgement| {
            for one in judgement.findings.into_iter().chain(judgement.readings) {
                if one.verdict == Verdict::Undetermined && !one.form.is_composition() {
                    found.entry(name(&one)).or_default().push(one.missing);
                }
            }
        };
        let dossier = &self.dossier;
        let (packs, zones, settings) = (&dossier.packs.packs, &dossier.packs.zones, &dossier.settings);
        judge_left(&dossier.tables, &self.pieces, packs, zones, settings, &open, &mut hears)?;
        for one in conditions {
            let name = (one.shown.pack.clone(), one.shown.condition.clone(), one.reading.clone());
            let vehicles = found.remove(&name).unwrap_or_default();
            one.looked_into = vehicles.len() as u64;
            one.papers = heaviest(&vehicles);
        }
        Ok(())
    }
}

/// The first vehicles of which some condition stays open.
fn open(judged: &FleetJudgement) -> Vec<u32> {
    let rows = judged.conditions.first().map_or(0, |one| one.told.len());
    let is_open = |row: &usize| {
        let mut told = judged.conditions.iter().filter_map(|one| one.told.get(*row)?.pair());
        told.any(|[range, _]| range == Verdict::Undetermined)
    };
    (0..rows).filter(is_open).take(LOOKED_INTO).map(|row| row as u32).collect()
}

/// Of each paper in how many vehicles it is missing, and in how many of them it weighs most: those first.
fn heaviest(vehicles: &[Vec<String>]) -> Vec<PaperTally> {
    let mut papers: BTreeMap<&str, PaperTally> = BTreeMap::new();
    for missing in vehicles {
        for (place, paper) in missing.iter().enumerate() {
            let tally = papers.entry(paper).or_insert_with(|| PaperTally::new(paper));
            tally.missing_in += 1;
            tally.heaviest_in += u64::from(place == 0);
        }
    }
    let mut papers: Vec<PaperTally> = papers.into_values().collect();
    let key = |one: &PaperTally| (one.heaviest_in, one.missing_in);
    papers.sort_by(|a, b| key(b).cmp(&key(a)).then_with(|| a.paper.cmp(&b.paper)));
    papers.truncate(NAMED);
    papers
}
