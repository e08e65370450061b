use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use filiera_engine::{Engine, Judgement, Settings, SettleQuestion, add_missing_vehicles, fill_destination};
use filiera_evidence::read_text_tables;
use filiera_finding::{Finding, PaperSet, Reason, Settlement, Settling};
use filiera_model::{Country, End};
use filiera_packs::{
    Blessing, Case, CaseFile, Coverage, Covered, Difference, Expectation, ExpectedEnd, Gap, Pack, Seen,
};
use filiera_tables::{Completeness, Dossier, Population};

use crate::{FilieraError, Library, PackText, PackTrouble, Packs};

/// What the tests of one pack showed.
#[derive(Debug)]
pub struct PackResult {
    /// The pack's id.
    pub pack: String,
    /// One entry per case.
    pub cases: Vec<CaseResult>,
    /// How much of the pack the cases show.
    pub covered: Covered,
    /// What they do not show, and no excuse explains.
    pub gaps: Vec<Gap>,
    /// The case file with what came out in place of what was expected.
    pub blessed: Option<(String, String)>,
}

/// What one case showed.
#[derive(Clone, Debug)]
pub struct CaseResult {
    /// The case's name.
    pub name: String,
    /// The line of its heading in the case file.
    pub line: u32,
    /// Why it could not be judged at all.
    pub error: Option<String>,
    /// One entry per expectation.
    pub expectations: Vec<ExpectationResult>,
}

/// Whether one expectation held.
#[derive(Clone, Debug)]
pub struct ExpectationResult {
    /// The condition, reading and subject, as a person reads them.
    pub what: String,
    /// The line in the case file.
    pub line: u32,
    /// The stated keys that came out otherwise; none when it holds.
    pub differences: Vec<Difference>,
    /// There was no such finding.
    pub not_found: bool,
}

impl CaseResult {
    /// Whether everything held.
    pub fn passed(&self) -> bool {
        self.error.is_none() && self.expectations.iter().all(ExpectationResult::passed)
    }
}

impl ExpectationResult {
    /// Whether it held.
    pub fn passed(&self) -> bool {
        self.differences.is_empty() && !self.not_found
    }
}

impl PackResult {
    /// Whether every case held and nothing is left unshown.
    pub fn passed(&self) -> bool {
        self.cases.iter().all(CaseResult::passed) && self.gaps.is_empty()
    }
}

/// Runs the cases beside a pack.
///
/// # Errors
/// [`FilieraError::Packs`] when the pack or its case file has faults.
pub fn test_pack(library: &Library, text: &PackText) -> Result<PackResult, FilieraError> {
    let packs = library.read(std::slice::from_ref(text))?;
    let Some(pack) = packs.packs.first().cloned() else { return Err(FilieraError::NoPacks) };
    let cases = match &text.tests {
        None => None,
        Some((file, text)) => {
            let cases = CaseFile::parse(file, text).map_err(|faults| troubles(faults.faults))?;
            let unfit = cases.check_against(&pack);
            if !unfit.is_empty() {
                return Err(troubles(unfit));
            }
            Some(cases)
        }
    };
    Ok(run(&packs, &pack, cases.as_ref()))
}

fn troubles(faults: Vec<filiera_packs::PackFault>) -> FilieraError {
    FilieraError::Packs(faults.into_iter().map(PackTrouble::Text).collect())
}

fn run(packs: &Packs, pack: &Arc<Pack>, cases: Option<&CaseFile>) -> PackResult {
    let mut coverage = Coverage::new();
    let mut results = Vec::new();
    let mut blessings = Vec::new();
    for (number, case) in cases.iter().flat_map(|cases| &cases.cases).enumerate() {
        let judged = judge(packs, case);
        let mut result =
            CaseResult { name: case.name.clone(), line: case.line, error: None, expectations: Vec::new() };
        match judged {
            Err(error) => result.error = Some(error),
            Ok((judgement, settlement)) => {
                note(&mut coverage, &pack.id, &judgement);
                for (place, expected) in case.expect.iter().enumerate() {
                    let found = find(&judgement, &pack.id, expected);
                    let seen = found.map(|finding| seen(finding, settlement.as_ref()));
                    let differences = seen.as_ref().map(|seen| expected.compare(seen)).unwrap_or_default();
                    if let Some(seen) = seen.filter(|_| !differences.is_empty()) {
                        blessings.push(Blessing { case: number, expectation: place, seen });
                    }
                    result.expectations.push(ExpectationResult {
                        what: name_of(expected),
                        line: expected.line,
                        differences,
                        not_found: found.is_none(),
                    });
                }
            }
        }
        results.push(result);
    }
    let empty =
        || CaseFile { file: String::new(), source: Arc::from(""), cases: Vec::new(), excuses: Vec::new() };
    let file = cases.cloned().unwrap_or_else(empty);
    PackResult {
        pack: pack.id.clone(),
        cases: results,
        covered: coverage.covered(pack, &file),
        gaps: coverage.gaps(pack, &file),
        blessed: (!blessings.is_empty()).then(|| (file.file.clone(), file.bless(&blessings))),
    }
}

fn name_of(expected: &Expectation) -> String {
    let reading = expected.reading.as_ref().map(|reading| format!(" read as {}", reading.value));
    format!("{}{} for {}", expected.condition.value, reading.unwrap_or_default(), expected.subject)
}

/// Judges the small dossier of a case; a text says why it cannot be.
fn judge(packs: &Packs, case: &Case) -> Result<(Judgement, Option<Settlement>), String> {
    let tables: BTreeMap<String, String> =
        case.tables.iter().map(|(name, text)| (name.clone(), text.value.clone())).collect();
    let read = read_text_tables(&tables);
    if !read.report.is_sound() {
        let faults = read.report.faults.iter().map(|fault| {
            let row = fault.row.map(|row| format!(", row {row}")).unwrap_or_default();
            format!("{}{row}: {}; {}", fault.file, fault.message, fault.remedy)
        });
        return Err(faults.collect::<Vec<_>>().join("\n"));
    }
    let mut dossier = read.dossier;
    declare(&mut dossier, case)?;
    add_missing_vehicles(&mut dossier).map_err(|error| error.to_string())?;
    fill_destination(&mut dossier).map_err(|error| error.to_string())?;
    let settings = Settings {
        law_as_of: case.law_as_of,
        facts_as_of: case.facts_as_of,
        readings: true,
        unverified: case.unverified,
        cut_cycles: false,
    };
    let engine = Engine::new(&dossier, &packs.packs, &packs.zones, &settings);
    let engine = engine.map_err(|error| match error {
        filiera_engine::EngineError::Packs(faults) => {
            faults.iter().map(|fault| fault.message.clone()).collect::<Vec<_>>().join("\n")
        }
        other => other.to_string(),
    })?;
    let judgement = engine.judge(&|_, _| {}).map_err(|error| error.to_string())?;
    let asks = case.expect.iter().any(Expectation::asks_for_papers);
    let settlement = asks.then(|| engine.settle(&SettleQuestion::default(), &|_, _| {})).transpose();
    Ok((judgement, settlement.map_err(|error| error.to_string())?))
}

fn declare(dossier: &mut Dossier, case: &Case) -> Result<(), String> {
    for (name, subjects) in &case.complete {
        if name == "installed" {
            dossier.installed_complete = true;
            continue;
        }
        let population = Population::from_name(name).ok_or_else(|| format!("`{name}` is no population"))?;
        let declared =
            Completeness { by: None, on: None, subjects: subjects.clone().map(BTreeSet::from_iter) };
        dossier.complete.insert(population, declared);
    }
    dossier.destination = case.destination.as_deref().and_then(Country::from_code);
    Ok(())
}

fn note(coverage: &mut Coverage, pack: &str, judgement: &Judgement) {
    for finding in judgement.findings.iter().filter(|finding| finding.pack == pack) {
        coverage.saw(&finding.condition, finding.verdict);
    }
    for (_, parameter, index) in judgement.reached.iter().filter(|(id, ..)| id == pack) {
        coverage.reached(parameter, *index);
    }
}

fn find<'a>(judgement: &'a Judgement, pack: &str, expected: &Expectation) -> Option<&'a Finding> {
    let reading = expected.reading.as_ref().map(|reading| reading.value.as_str());
    let list = if reading.is_some() { &judgement.readings } else { &judgement.findings };
    list.iter().find(|finding| {
        finding.pack == pack
            && finding.condition == expected.condition.value
            && finding.reading.as_deref() == reading
            && finding.subject == expected.subject
    })
}

/// The papers of one kind of set, when papers were looked for; none when there is no such set.
fn papers(
    settlement: Option<&Settlement>,
    finding: &Finding,
    set: fn(&Settling) -> &Option<PaperSet>,
) -> Option<Vec<String>> {
    let of = |settling: &&Settling| {
        let other = &settling.finding;
        (&other.pack, &other.condition, &other.reading, &other.subject)
            == (&finding.pack, &finding.condition, &finding.reading, &finding.subject)
    };
    let found = settlement?.settlings.iter().find(of).and_then(|settling| set(settling).as_ref());
    Some(found.iter().flat_map(|set| set.names()).map(str::to_owned).collect())
}

fn seen(finding: &Finding, settlement: Option<&Settlement>) -> Seen {
    let end = |end: &End| match &end.value {
        Some(value) => ExpectedEnd::Exact(value.clone()),
        None => ExpectedEnd::Unlimited,
    };
    let (range, legal) = (finding.bounds.as_ref(), finding.legal_bounds.as_ref());
    Seen {
        verdict: finding.verdict,
        legal: finding.legal,
        lower: range.map(|bounds| end(&bounds.lower)),
        upper: range.map(|bounds| end(&bounds.upper)),
        legal_lower: legal.map(|bounds| end(&bounds.lower)),
        legal_upper: legal.map(|bounds| end(&bounds.upper)),
        threshold: finding.threshold.clone(),
        bounds: range.map(|bounds| bounds.quality),
        reason: finding.reason.map(|reason: Reason| reason.name().to_owned()),
        missing: finding.missing.clone(),
        settles: papers(settlement, finding, |settling| &settling.hoped),
        settles_either_way: papers(settlement, finding, |settling| &settling.either_way),
        remarks: finding.remarks.clone(),
        due: finding.due.map(|due| due.on),
    }
}
