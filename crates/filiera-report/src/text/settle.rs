use filiera_finding::{
    CommonSet, CommonStep, ConditionShown, NoSet, PaperAsked, PaperSays, PaperSet, Settlement, Settling,
};

use super::TextOptions;
use super::group::value_text;
use super::pen::{Pen, Tone};
use crate::number::{Measure, count};
use crate::words::{plural, stamp};

/// Groups of subjects of a condition, and papers of a list, before it is folded.
const SHOWN: usize = 8;

/// What `filiera settle` shows: the papers to ask for, then what settles each open finding.
pub fn settle(settlement: &Settlement, options: &TextOptions) -> String {
    let mut pen = Pen::new(options);
    headline(&mut pen, settlement);
    if settlement.settlings.is_empty() {
        return pen.finish();
    }
    match &settlement.common {
        Some(common) => order(&mut pen, settlement, common),
        None => {
            pen.blank();
            pen.wrapped("", "No paper that could be asked for brings any open finding to met.");
        }
    }
    most_decisive(&mut pen, settlement);
    useless(&mut pen, settlement);
    for condition in &settlement.conditions {
        of_condition(&mut pen, settlement, condition);
    }
    legend(&mut pen, settlement);
    pen.finish()
}

fn headline(pen: &mut Pen<'_>, settlement: &Settlement) {
    pen.heading(&settlement.title);
    let (open, judged) = (settlement.settlings.len() as u64, settlement.judged);
    let days = format!("law as of {} · facts as of {}", settlement.law_as_of, settlement.facts_as_of);
    if open == 0 {
        pen.wrapped("", &format!("nothing is open: {} judged", plural(judged, "finding")));
        pen.wrapped("", &days);
        return;
    }
    let are = if open == 1 { "is" } else { "are" };
    let papers = plural(settlement.papers.len() as u64, "paper");
    pen.wrapped(
        "",
        &format!("{} of {} {are} open · {papers} could be asked for", count(open), plural(judged, "finding")),
    );
    pen.wrapped("", &days);
}

/// The common set, one paper after the other.
fn order(pen: &mut Pen<'_>, settlement: &Settlement, common: &CommonSet) {
    pen.heading("Ask for these, in this order");
    for (place, step) in common.steps.iter().enumerate().take(pen.shown(SHOWN)) {
        step_lines(pen, settlement, place + 1, step);
    }
    pen.more("     ", common.steps.len(), SHOWN);
    pen.blank();
    let (all, greedy) = match common.steps.len() {
        1 => ("With it", ""),
        _ => (
            "With all of them",
            " Each paper is the one that completes most at its turn: a greedy list, so a shorter one may exist.",
        ),
    };
    let (met, open) = (count(common.met), plural(common.open, "open finding"));
    let are = be(common.met);
    let told = format!("{all}, {met} of {open} {are} met: everything was judged again to make sure.{greedy}");
    pen.wrapped("  ", &told);
}

/// One paper of the common set: what it must say, who can give it, and what it completes.
fn step_lines(pen: &mut Pen<'_>, settlement: &Settlement, number: usize, step: &CommonStep) {
    let paper = settlement.paper(&step.says.paper);
    let words = paper.map_or_else(|| step.says.paper.clone(), paper_words);
    let words = match words.strip_prefix("origin of ") {
        Some(of) => format!("declaration of origin for {of}"),
        None => words,
    };
    let says = step.says.says.as_ref().map(|says| format!(": {says}")).unwrap_or_default();
    let number = format!("{}  ", pen.pad_left(&number.to_string(), 3));
    pen.toned(Some(Tone::Title), &number, &format!("{words}{says}"));
    let does = match step.findings {
        0 => "only with those after it".to_owned(),
        findings => {
            let subjects = plural(step.subjects, "subject");
            format!("{} of {subjects} {} then met", plural(findings, "finding"), be(findings))
        }
    };
    let line: Vec<String> = paper.and_then(from_words).into_iter().chain([does]).collect();
    pen.wrapped("     ", &line.join(" · "));
}

fn be(n: u64) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

/// Papers that are enough by themselves for some subject, beside those of the list.
fn most_decisive(pen: &mut Pen<'_>, settlement: &Settlement) {
    let listed = |name: &str| {
        settlement.common.iter().flat_map(|common| &common.steps).any(|step| step.says.paper == name)
    };
    let others: Vec<_> = settlement
        .papers
        .iter()
        .filter(|ranked| ranked.decides_alone > 0 && !listed(&ranked.paper.paper))
        .collect();
    if others.is_empty() {
        return;
    }
    pen.heading("Enough by themselves, too");
    for ranked in others.iter().take(pen.shown(SHOWN)) {
        let subjects = plural(ranked.decides_alone, "subject");
        pen.wrapped("  ", &format!("{}: for {subjects}", paper_words(&ranked.paper)));
    }
    pen.more("     ", others.len(), SHOWN);
}

/// Papers that cannot matter for anything.
fn useless(pen: &mut Pen<'_>, settlement: &Settlement) {
    let none: Vec<_> = settlement.papers.iter().filter(|ranked| ranked.cannot_matter).collect();
    if none.is_empty() {
        return;
    }
    pen.heading("Do not ask for these: whatever they say, nothing changes");
    for ranked in none.iter().take(pen.shown(SHOWN)) {
        pen.wrapped("  ", &paper_words(&ranked.paper));
    }
    pen.more("     ", none.len(), SHOWN);
}

fn of_condition(pen: &mut Pen<'_>, settlement: &Settlement, condition: &ConditionShown) {
    let own = |settling: &&Settling| {
        settling.finding.pack == condition.pack && settling.finding.condition == condition.condition
    };
    let own: Vec<&Settling> = settlement.settlings.iter().filter(own).collect();
    if own.is_empty() {
        return;
    }
    let subjects = plural(own.len() as u64, &condition.per);
    let asked =
        condition.form.target.as_ref().map(|target| {
            format!(", asked: {}", measure(condition).asked(target.operator, &target.threshold))
        });
    let status = stamp(&condition.pack_status).map(|stamp| format!(" · {stamp}")).unwrap_or_default();
    pen.heading(&format!("{}  ({subjects} open{})", condition.condition, asked.unwrap_or_default()));
    pen.toned(Some(Tone::Dim), "  ", &format!("{} · {}{status}", condition.title, condition.pack));
    let groups = grouped(settlement, &own);
    for group in groups.iter().take(pen.shown(SHOWN)) {
        match group.as_for {
            Some(other) => {
                let names = listed(&group.subjects());
                pen.wrapped("  ", &format!("{names}: the same papers as for {other}"));
            }
            None => of_group(pen, settlement, condition, &group.settlings),
        }
    }
    pen.more("     ", groups.len(), SHOWN);
}

/// Subjects of a condition that the same papers settle.
struct Group<'a> {
    /// The condition before, of the same subjects, that they settle too.
    as_for: Option<&'a str>,
    settlings: Vec<&'a Settling>,
}

impl<'a> Group<'a> {
    fn subjects(&self) -> Vec<&'a str> {
        self.settlings.iter().map(|settling| settling.finding.subject.as_str()).collect()
    }
}

fn grouped<'a>(settlement: &'a Settlement, own: &[&'a Settling]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for settling in own {
        let as_for = as_for(settlement, settling);
        let fits = |group: &&mut Group<'_>| {
            group.as_for == as_for
                && (as_for.is_some()
                    || group.settlings.first().is_some_and(|first| is_alike(first, settling)))
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.settlings.push(settling),
            None => groups.push(Group { as_for, settlings: vec![settling] }),
        }
    }
    groups
}

/// The first condition told before this one that the same papers settle for the same subject.
fn as_for<'a>(settlement: &'a Settlement, settling: &Settling) -> Option<&'a str> {
    let names = |set: &Option<PaperSet>| set.as_ref().map(|set| set.papers.clone());
    let before = settlement.settlings.iter().take_while(|other| !std::ptr::eq(*other, settling));
    let same = |other: &&Settling| {
        other.finding.subject == settling.finding.subject
            && other.finding.reading == settling.finding.reading
            && (other.hoped.is_some() || other.either_way.is_some())
            && names(&other.hoped) == names(&settling.hoped)
            && names(&other.either_way) == names(&settling.either_way)
            && other.cannot_matter == settling.cannot_matter
            && other.unforeseen == settling.unforeseen
    };
    before.filter(same).map(|other| other.finding.condition.as_str()).next()
}

/// Whether the same papers settle both.
fn is_alike(a: &Settling, b: &Settling) -> bool {
    a.finding.reading == b.finding.reading
        && a.papers == b.papers
        && a.hoped == b.hoped
        && a.either_way == b.either_way
        && a.not_hoped == b.not_hoped
        && a.not_either_way == b.not_either_way
        && a.cannot_matter == b.cannot_matter
        && a.unforeseen == b.unforeseen
}

fn of_group(pen: &mut Pen<'_>, settlement: &Settlement, condition: &ConditionShown, group: &[&Settling]) {
    let Some(first) = group.first() else { return };
    let reading = first.finding.reading.as_ref().map(|name| format!(", read {name}")).unwrap_or_default();
    let names: Vec<&str> = group.iter().map(|settling| settling.finding.subject.as_str()).collect();
    let value = interval(first, &measure(condition));
    let same = group.iter().all(|settling| interval(settling, &measure(condition)) == value);
    let value = if same && !value.is_empty() { format!(": {value}") } else { String::new() };
    pen.wrapped("  ", &format!("{}{reading}{value}", listed(&names)));
    for (name, tone, text) in group_lines(settlement, first) {
        let first = format!("    {}", pen.pad(name, 12));
        pen.toned(tone, &first, &text);
    }
}

/// The lines under the subjects of a group: what settles them, and what cannot.
fn group_lines(settlement: &Settlement, settling: &Settling) -> Vec<(&'static str, Option<Tone>, String)> {
    let mut lines = Vec::new();
    let missing: Vec<String> = settling.unforeseen.iter().map(|key| crate::words::missing(key)).collect();
    let missing = missing.join("; ");
    match (&settling.hoped, settling.not_hoped) {
        (Some(set), _) => lines.push(("to be met", None, set_words(settlement, set))),
        (None, Some(NoSet::Unforeseen)) => {
            let text = format!("first {missing}: what that will say cannot be foreseen");
            lines.push(("to be met", Some(Tone::Alarm), text));
        }
        (None, Some(why)) => lines.push(("to be met", Some(Tone::Alarm), why.sentence().to_owned())),
        (None, None) => {}
    }
    lines.extend(either_line(settlement, settling));
    if !settling.cannot_matter.is_empty() {
        let papers: Vec<String> =
            settling.cannot_matter.iter().map(|name| name_words(settlement, name)).collect();
        lines.push(("do not ask", Some(Tone::Dim), papers.join("; ")));
    }
    if !missing.is_empty() && settling.not_hoped != Some(NoSet::Unforeseen) {
        lines.push(("also open", Some(Tone::Dim), missing));
    }
    lines
}

fn either_line(settlement: &Settlement, settling: &Settling) -> Option<(&'static str, Option<Tone>, String)> {
    let name = "either way";
    let waits_for_word = settling.papers.iter().any(|paper| paper.starts_with("complete:"));
    match (&settling.either_way, settling.not_either_way) {
        (Some(set), _) if settling.hoped.as_ref().is_some_and(|hoped| hoped.names().eq(set.names())) => {
            Some((name, None, "the same, whatever they say".to_owned()))
        }
        (Some(set), _) => Some((name, None, set_words(settlement, set))),
        (None, why) if why == settling.not_hoped => None,
        (None, Some(NoSet::StaysOpen)) if waits_for_word => {
            Some((name, Some(Tone::Dim), "as long as nobody vouches for the list it stays open".to_owned()))
        }
        (None, Some(why)) => Some((name, Some(Tone::Dim), why.sentence().to_owned())),
        (None, None) => None,
    }
}

/// `VNB260004`, `VNB260004 and VNB260008`, `VNB260004, VNB260008 and 12 more`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first, second] => format!("{first} and {second}"),
        [first, second, third] => format!("{first}, {second} and {third}"),
        [first, second, rest @ ..] => format!("{first}, {second} and {} more", count(rest.len() as u64)),
    }
}

fn measure(condition: &ConditionShown) -> Measure {
    if condition.form.form.is_share() {
        Measure::Percent
    } else {
        Measure::Amount(condition.form.unit.clone())
    }
}

/// The value of an open finding as it stands.
pub(crate) fn interval(settling: &Settling, measure: &Measure) -> String {
    let finding = &settling.finding;
    if finding.form.is_composition() {
        return String::new();
    }
    value_text(finding, measure)
}

/// The papers of a set, what each must say, and whether a smaller set may exist.
pub(crate) fn set_words(settlement: &Settlement, set: &PaperSet) -> String {
    let one = |says: &PaperSays| {
        let name = name_words(settlement, &says.paper);
        says.says.as_ref().map_or_else(|| name.clone(), |says| format!("{name}: {says}"))
    };
    let papers: Vec<String> = set.papers.iter().map(one).collect();
    let claim = match (set.minimal, set.papers.len()) {
        (true, 1) | (false, 1) => "",
        (true, _) => " (no smaller set does)",
        (false, _) => " (a smaller set may exist)",
    };
    format!("{}{claim}", papers.join("; "))
}

fn name_words(settlement: &Settlement, name: &str) -> String {
    settlement.paper(name).map_or_else(|| name.to_owned(), paper_words)
}

/// A paper as a person asks for it: `origin of P-7 (seat), lot S-03`.
pub(crate) fn paper_words(paper: &PaperAsked) -> String {
    let name = paper.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let lot = paper.lot.as_ref().map(|lot| format!(", lot {lot}")).unwrap_or_default();
    let of = &paper.of;
    match paper.kind.as_str() {
        "declaration" => format!("origin of {of}{name}{lot}"),
        "price" => format!("price of {of}{name}"),
        "complete" => format!("somebody's word that the list of {} is complete", of.replace('_', " ")),
        "mass_kg" => format!("mass of {of}{name}"),
        "country" => format!("country of {of}{name}"),
        column => format!("`{column}` of {of}{name}"),
    }
}

/// Whoever can give the paper: `from Sedili Torino S.p.A. (TORINO), on basis non-preferential`.
fn from_words(paper: &PaperAsked) -> Option<String> {
    let supplier = paper.supplier.as_ref().map(|id| match &paper.supplier_name {
        Some(name) => format!("from {name} ({id})"),
        None => format!("from {id}"),
    });
    let bases = (!paper.bases.is_empty()).then(|| format!("basis {}", paper.bases.join(" or ")));
    let parts: Vec<String> = supplier.into_iter().chain(bases).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn legend(pen: &mut Pen<'_>, settlement: &Settlement) {
    pen.blank();
    let within = plural(settlement.within, "paper");
    pen.toned(
        Some(Tone::Dim),
        "",
        &format!(
            "to be met: the papers must say this · either way: whatever they say. Every set was put into the evidence and judged again; sets of up to {within} were looked for."
        ),
    );
}
