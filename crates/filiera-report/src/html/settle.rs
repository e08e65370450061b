use askama::Template;
use filiera_finding::{NoSet, PaperSet, Settlement, Settling};

use super::{Listed, left};
use crate::ReportError;
use crate::clean::clean;
use crate::number::{Measure, count};
use crate::text::{interval, paper_words, set_words};
use crate::words::plural;

/// Rows of a list in the page.
const MOST: usize = 500;

/// What settles open findings as one HTML file: the papers to ask for, then every open finding.
///
/// # Errors
/// [`ReportError::Page`] when the page cannot be put together.
pub fn settlement(settlement: &Settlement) -> Result<String, ReportError> {
    let steps = settlement.common.iter().flat_map(|common| &common.steps);
    let page = Page {
        title: clean(&settlement.title),
        law_as_of: settlement.law_as_of.to_string(),
        facts_as_of: settlement.facts_as_of.to_string(),
        evidence: settlement.evidence_hash.clone(),
        lead: lead(settlement),
        steps: steps.map(|step| step_row(settlement, step)).collect(),
        useless: settlement
            .papers
            .iter()
            .filter(|ranked| ranked.cannot_matter)
            .map(|ranked| clean(&paper_words(&ranked.paper)))
            .collect(),
        open: Listed {
            rows: settlement.settlings.iter().take(MOST).map(|one| open_row(settlement, one)).collect(),
            left: left(settlement.settlings.len(), MOST),
        },
    };
    Ok(page.render()?)
}

#[derive(Template)]
#[template(path = "settle.html")]
struct Page {
    title: String,
    law_as_of: String,
    facts_as_of: String,
    evidence: String,
    lead: String,
    steps: Vec<StepRow>,
    useless: Vec<String>,
    open: Listed<OpenRow>,
}

struct StepRow {
    paper: String,
    says: String,
    from: String,
    findings: String,
    subjects: String,
}

struct OpenRow {
    condition: String,
    subject: String,
    value: String,
    hoped: String,
    either_way: String,
    cannot_matter: String,
}

fn lead(settlement: &Settlement) -> String {
    let open = settlement.settlings.len() as u64;
    let judged = plural(settlement.judged, "finding");
    match &settlement.common {
        _ if open == 0 => format!("Nothing is open: {judged} judged."),
        None => format!("Of {judged}, {} open; no paper brings any of them to met.", count(open)),
        Some(common) => format!(
            "Of {judged}, {} open. With {} below, {} of them met when everything is judged again.",
            count(open),
            plural(common.steps.len() as u64, "paper"),
            count(common.met)
        ),
    }
}

fn step_row(settlement: &Settlement, step: &filiera_finding::CommonStep) -> StepRow {
    let paper = settlement.paper(&step.says.paper);
    let from = paper.and_then(|paper| paper.supplier_name.clone().or_else(|| paper.supplier.clone()));
    StepRow {
        paper: clean(&paper.map_or_else(|| step.says.paper.clone(), paper_words)),
        says: clean(step.says.says.as_deref().unwrap_or_default()),
        from: clean(&from.unwrap_or_default()),
        findings: count(step.findings),
        subjects: count(step.subjects),
    }
}

fn open_row(settlement: &Settlement, settling: &Settling) -> OpenRow {
    let finding = &settling.finding;
    let measure = if finding.form.is_share() { Measure::Percent } else { Measure::Amount(String::new()) };
    let reading = finding.reading.as_ref().map(|name| format!(", read {name}")).unwrap_or_default();
    let set = |set: &Option<PaperSet>, why: Option<NoSet>| match set {
        Some(set) => clean(&set_words(settlement, set)),
        None => why.map(NoSet::sentence).unwrap_or_default().to_owned(),
    };
    let cannot = settling
        .cannot_matter
        .iter()
        .map(|name| settlement.paper(name).map_or_else(|| name.clone(), paper_words));
    OpenRow {
        condition: clean(&format!("{}{reading}", finding.condition)),
        subject: clean(&finding.subject),
        value: clean(&interval(settling, &measure)),
        hoped: set(&settling.hoped, settling.not_hoped),
        either_way: set(&settling.either_way, settling.not_either_way),
        cannot_matter: clean(&cannot.collect::<Vec<_>>().join("; ")),
    }
}
