mod table;

use filiera_finding::{CompanyOwned, EndCounts, Ownership};

use super::TextOptions;
use super::pen::{Pen, Tone};
use crate::number::count;
use crate::owning;
use crate::words::plural;

/// Lines of a list before it is folded.
const SHOWN: usize = 12;

/// What `filiera ownership` shows: per company who controls it in the end, who holds it, by which ways.
pub fn ownership(ownership: &Ownership, options: &TextOptions) -> String {
    let mut pen = Pen::new(options);
    pen.heading(&ownership.title);
    let counts = &ownership.counts;
    let parts = [
        format!("owners on {}", ownership.on),
        plural(counts.companies, "company"),
        plural(counts.parties, "party"),
        plural(counts.stakes, "stake"),
    ];
    pen.wrapped("", &parts.join(" · "));
    if let Some(day) = counts.first_day {
        pen.wrapped(
            "",
            &format!("No stake is in force that day; the first papers speak of {day} (--on {day})."),
        );
    }
    if let Some(ends) = &counts.ends {
        summary(&mut pen, ends);
    }
    if ownership.left > 0 {
        pen.wrapped("", &left(ownership));
    }
    for company in &ownership.companies {
        one(&mut pen, company);
    }
    if !ownership.companies.is_empty() {
        legend(&mut pen);
    }
    pen.finish()
}

/// Where what is left out can be seen.
pub(crate) fn left(ownership: &Ownership) -> String {
    let shown = ownership.companies.len() as u64;
    format!(
        "The first {} of {} stand here. --company NAME shows one, --verbose all, --format csv and json hold all.",
        count(shown),
        plural(shown + ownership.left, "company")
    )
}

/// How all companies end, as lines of words.
pub(crate) fn end_lines(ends: &EndCounts) -> Vec<String> {
    let mut sorted = ends.controlled.clone();
    sorted.sort_by_key(|(country, n)| (std::cmp::Reverse(*n), country.map(|country| country.alpha2())));
    let controlled = sorted.iter().map(|(country, n)| {
        let from = country.map_or("a country not stated", |country| country.alpha2());
        format!("{} controlled in the end from {from}", count(*n))
    });
    let mut lines: Vec<String> = controlled.take(SHOWN).collect();
    let others: u64 = sorted.iter().skip(SHOWN).map(|(_, n)| n).sum();
    if others > 0 {
        lines.push(format!("{} from other countries", count(others)));
    }
    lines.push(format!("{} controlled by nobody", count(ends.nobody)));
    lines.push(format!("{} cannot be told", count(ends.unknown)));
    lines
}

fn summary(pen: &mut Pen<'_>, ends: &EndCounts) {
    pen.blank();
    for line in end_lines(ends) {
        pen.wrapped("  ", &line);
    }
    pen.blank();
}

fn one(pen: &mut Pen<'_>, company: &CompanyOwned) {
    pen.heading(&format!("{}: {}", owning::party(&company.company), owning::end(&company.end)));
    if company.company.called() != company.company.id {
        pen.toned(Some(Tone::Dim), "  ", &company.company.id);
    }
    for conflict in &company.conflicts {
        pen.toned(Some(Tone::Alarm), "  cannot be true: ", conflict);
    }
    for why in owning::other_reasons(&company.end) {
        pen.wrapped("  because ", why);
    }
    if company.holders.is_empty() {
        pen.wrapped("  ", "No paper names anybody who holds a part of it that day.");
    } else {
        table::holders(pen, company);
    }
    section(pen, "What would decide", &owning::deciding(company));
    section(pen, "Chains", &owning::ways(company));
    stakes(pen, company);
    section(pen, "Notes", &owning::notes(company));
}

/// Every link with its papers.
fn stakes(pen: &mut Pen<'_>, company: &CompanyOwned) {
    let lines: Vec<String> = owning::links(company)
        .into_iter()
        .map(|link| {
            let pair = format!("{} in {}", link.owner.called(), link.company.called());
            let indirect = if link.is_indirect { ", directly or through others" } else { "" };
            let sources = owning::sources(&link.sources);
            let sources = if sources.is_empty() { sources } else { format!(" · {sources}") };
            format!("{pair}: {}{indirect}{sources}", owning::say(link.kind, &link.share))
        })
        .collect();
    section(pen, "Stakes", &lines);
}

fn section(pen: &mut Pen<'_>, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    pen.wrapped("  ", title);
    for line in lines.iter().take(pen.shown(SHOWN)) {
        pen.wrapped("    ", line);
    }
    pen.more("    ", lines.len(), SHOWN);
}

fn legend(pen: &mut Pen<'_>) {
    pen.blank();
    let text = "share: the part of the capital in the end, every way and cycle counted; votes: those cast \
                together with what the holder controls; ultimate: nobody is listed as owner of the holder, \
                and the shares of ultimate holders and of what is not listed add up to the whole. Control is more than half of the votes, \
                of the board, or a contract that gives as much.";
    pen.toned(Some(Tone::Dim), "", text);
}
