//! One self-contained page: readable by anyone, on screen and on paper, with what an auditor needs
//! to replay it. No script, no network, charts as inline SVG.

mod bars;
mod cards;
mod chain;
mod charts;
mod context;
mod diff;
mod histogram;
mod matrix;
mod ownership;
mod settle;
mod subjects;
mod why;

use askama::Template;
use filiera_finding::{Explanation, Run};
use filiera_model::Verdict;

use self::cards::{Count, PackCards};
use self::charts::{Countries, Strength};
use self::context::{Cited, MissingRow, NoteRow, Replay, SetAsideRow};
pub use self::settle::settlement;
use self::subjects::{Matrix, SubjectTable};
use self::why::Why;
use crate::ReportError;
use crate::clean::clean;
use crate::digest::{Digest, Tally};
use crate::number::count;
use crate::words::{plural, subjects};

pub use chain::chain;
pub use diff::diff;
pub use matrix::matrix;
pub use ownership::ownership;

/// The report as one HTML file.
///
/// `explanations` stand in it as given, the first 25 of them. Long tables are cut, with the number
/// of rows left out and where to find them: the page of a very large run stays a few megabytes.
///
/// # Errors
/// [`ReportError::Page`] when the page cannot be put together.
pub fn report(run: &Run, explanations: &[Explanation]) -> Result<String, ReportError> {
    let digest = Digest::of(run);
    let page = Page {
        title: clean(&run.title),
        subjects: subjects_line(&digest),
        law_as_of: run.law_as_of.to_string(),
        facts_as_of: run.facts_as_of.to_string(),
        range: Count::all(&digest.range),
        legal: Count::all(&digest.legal),
        lead: lead(&digest),
        judged: plural(digest.range.total(), "finding"),
        packs: cards::packs(&digest),
        grants: cards::grants(&digest),
        missing: context::missing(run),
        set_aside: context::set_aside(run),
        remarks: context::remarks(&run.findings),
        tables: subjects::tables(&digest),
        matrices: subjects::matrices(&digest),
        readings_offered: readings_offered(&digest),
        countries: charts::countries(run),
        strength: charts::strength(run),
        why: why::explained(&digest, explanations),
        why_left: why::left(explanations),
        law: context::law(&digest),
        lawfulness: context::lawfulness(&digest),
        notes: context::notes(run),
        replay: context::replay(run),
    };
    Ok(page.render()?)
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    title: String,
    subjects: String,
    law_as_of: String,
    facts_as_of: String,
    range: Vec<Count>,
    legal: Vec<Count>,
    lead: String,
    judged: String,
    packs: Vec<PackCards>,
    grants: Vec<cards::Grant>,
    missing: Listed<MissingRow>,
    set_aside: Listed<SetAsideRow>,
    remarks: Listed<context::RemarkRow>,
    tables: Vec<SubjectTable>,
    matrices: Vec<Matrix>,
    /// Empty when no condition has another reading.
    readings_offered: String,
    countries: Option<Countries>,
    strength: Option<Strength>,
    why: Vec<Why>,
    why_left: String,
    law: Vec<Cited>,
    lawfulness: Vec<(String, String)>,
    notes: Listed<NoteRow>,
    replay: Replay,
}

/// The first rows of a list, and how many are left out.
struct Listed<T> {
    rows: Vec<T>,
    /// Empty when nothing is left out.
    left: String,
}

impl<T> Listed<T> {
    /// The first `most` of `all` rows.
    fn first<S>(all: &[S], most: usize, row: impl Fn(&S) -> T) -> Self {
        Self { rows: all.iter().take(most).map(row).collect(), left: left(all.len(), most) }
    }

    fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// How many of `all` are beyond `most`; empty when none is.
fn left(all: usize, most: usize) -> String {
    let left = all.saturating_sub(most);
    if left == 0 { String::new() } else { count(left as u64) }
}

/// `3 other ways`.
fn readings_offered(digest: &Digest<'_>) -> String {
    match digest.groups.iter().map(|group| group.shown.readings.len() as u64).sum() {
        0 => String::new(),
        offered => plural(offered, "other way"),
    }
}

fn subjects_line(digest: &Digest<'_>) -> String {
    let mut parts: Vec<String> = digest.subjects().iter().map(|(kind, n)| subjects(*n, kind)).collect();
    parts.push(plural(digest.groups.len() as u64, "condition"));
    clean(&parts.join(" · "))
}

/// The answer in one sentence, condition by condition, by law.
fn lead(digest: &Digest<'_>) -> String {
    let judged = digest.groups.iter().filter(|group| !group.findings.is_empty());
    let overall = Tally::of(judged.map(|group| group.legal.overall()));
    let many = digest.groups.iter().any(|group| group.findings.len() > 1);
    let (every, some) = if many { (" by every subject", " by at least one subject") } else { ("", "") };
    let says = |(verdict, n): (Verdict, u64)| match verdict {
        Verdict::Met => format!("{} met{every}", count(n)),
        Verdict::NotMet => format!("{} not met{some}", count(n)),
        Verdict::Undetermined => format!("{} still undetermined", count(n)),
        Verdict::NotApplicable => format!("{} not applicable", count(n)),
    };
    let parts: Vec<String> = overall.seen().map(says).collect();
    if parts.is_empty() {
        return "No condition was judged.".to_owned();
    }
    format!("Of {}, by law: {}.", plural(overall.total(), "condition"), parts.join(", "))
}
