use askama::Template;
use filiera_finding::{CompanyOwned, HolderShown, LinkShown, Ownership};
use filiera_model::Mark;

use super::Listed;
use super::bars::{Bar, share};
use super::chain::chain;
use crate::ReportError;
use crate::clean::clean;
use crate::owning;
use crate::text::{companies_left, end_lines};
use crate::words::plural;

/// The most holders of a company on the page.
const HOLDERS: usize = 100;

/// The most chains, and the most stakes, of a company.
const MOST: usize = 200;

/// The owners of companies as one HTML file, the chains drawn: no script, no network.
///
/// # Errors
/// [`ReportError::Page`] when the page cannot be put together.
pub fn ownership(ownership: &Ownership) -> Result<String, ReportError> {
    let counts = &ownership.counts;
    let parts = [
        plural(counts.companies, "company"),
        plural(counts.parties, "party"),
        plural(counts.stakes, "stake"),
    ];
    let companies: Result<Vec<Section>, ReportError> = (1..).zip(&ownership.companies).map(section).collect();
    let page = Page {
        title: clean(&ownership.title),
        counts: parts.join(" · "),
        on: ownership.on.to_string(),
        nothing: counts.first_day.map(|day| day.to_string()).unwrap_or_default(),
        ends: counts.ends.as_ref().map(end_lines).unwrap_or_default(),
        left: if ownership.left > 0 { companies_left(ownership) } else { String::new() },
        companies: companies?,
        evidence: ownership.evidence_hash.clone(),
    };
    Ok(page.render()?)
}

#[derive(Template)]
#[template(path = "ownership.html")]
struct Page {
    title: String,
    counts: String,
    on: String,
    /// The first day on which something is in force, where nothing is.
    nothing: String,
    ends: Vec<String>,
    left: String,
    companies: Vec<Section>,
    evidence: String,
}

/// One company.
struct Section {
    anchor: usize,
    name: String,
    id: String,
    end: String,
    state: &'static str,
    conflicts: Vec<String>,
    why: Vec<String>,
    picture: Option<String>,
    holders: Listed<Row>,
    deciding: Vec<String>,
    ways: Listed<String>,
    stakes: Listed<[String; 4]>,
    notes: Vec<String>,
}

/// One holder.
struct Row {
    name: String,
    country: &'static str,
    bar: Bar,
    share: String,
    votes: String,
    sign: &'static str,
    controls: String,
    class: &'static str,
    held: String,
}

fn section((anchor, company): (usize, &CompanyOwned)) -> Result<Section, ReportError> {
    let ways: Vec<String> = owning::ways(company).iter().map(|way| clean(way)).collect();
    let links = owning::links(company);
    Ok(Section {
        anchor,
        name: clean(&owning::party(&company.company)),
        id: clean(&company.company.id),
        end: clean(&owning::end(&company.end)),
        state: company.end.state.name(),
        conflicts: cleaned(&company.conflicts),
        why: cleaned(owning::other_reasons(&company.end)),
        picture: chain(company)?,
        holders: Listed::first(&company.holders, HOLDERS, |holder| row(company, holder)),
        deciding: cleaned(&owning::deciding(company)),
        ways: Listed::first(&ways, MOST, Clone::clone),
        stakes: Listed::first(&links, MOST, |link| stake(link)),
        notes: cleaned(&owning::notes(company)),
    })
}

fn cleaned(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| clean(text)).collect()
}

fn row(company: &CompanyOwned, holder: &HolderShown) -> Row {
    let name = clean(&owning::holder(&holder.holder));
    let interval = owning::interval(&holder.share);
    Row {
        bar: share(&holder.share, format!("{name}: {interval}")),
        name,
        country: owning::country(&holder.holder),
        share: interval,
        votes: owning::interval(&holder.votes),
        sign: owning::sign(holder.controls),
        controls: owning::controls(holder),
        class: match holder.controls {
            Mark::Yes => "sure",
            Mark::Maybe => "undetermined",
            Mark::No => "soft",
        },
        held: clean(&owning::held(holder, &company.company)),
    }
}

fn stake(link: &LinkShown) -> [String; 4] {
    let indirect = if link.is_indirect { ", directly or through others" } else { "" };
    let share = format!("{}{indirect}", owning::say(link.kind, &link.share));
    [owning::party(&link.owner), owning::party(&link.company), share, owning::sources(&link.sources)]
        .map(|text| clean(&text))
}
