use filiera_finding::{Finding, Folded, Matrix, NotAsked, Regime, regime_kinds};
use filiera_model::Verdict;
use unicode_width::UnicodeWidthStr;

use super::TextOptions;
use super::pen::{Pen, Tone};
use crate::digest::Tally;
use crate::needs;
use crate::number::count;
use crate::words::{VERDICTS, glyph, missing_kinds, plural, stamp};

/// The most subjects that get a column of their own.
const COLUMNS: usize = 6;

/// What `filiera check --all-markets` shows: subjects against regimes, then what was not asked.
pub fn matrix(matrix: &Matrix, options: &TextOptions) -> String {
    let mut pen = Pen::new(options);
    pen.heading(&matrix.title);
    let kinds = matrix.kinds();
    let mut parts: Vec<String> =
        kinds.iter().map(|(kind, subjects)| plural(subjects.len() as u64, kind)).collect();
    parts.push(plural(matrix.regimes.len() as u64, "regime"));
    pen.wrapped("", &parts.join(" · "));
    pen.wrapped("", &format!("law as of {} · facts as of {}", matrix.law_as_of, matrix.facts_as_of));
    pen.wrapped("", "legal verdicts; the sign in brackets is what the evidence allows, where it differs");
    let (shown, folded) = if options.verbose { (all(matrix), Vec::new()) } else { matrix.fold() };
    for (kind, subjects) in regime_kinds(shown.iter().copied()) {
        let own: Vec<&Regime> = shown.iter().copied().filter(|regime| regime.shown.per == kind).collect();
        pen.heading(&format!("{kind}: {}", plural(subjects.len() as u64, "subject")));
        block(&mut pen, &own, &subjects);
    }
    if matrix.regimes.is_empty() {
        pen.blank();
        pen.wrapped("", "No pack was asked: the dossier has none of the tables they ask.");
    }
    undecided(&mut pen, &folded);
    not_asked(&mut pen, &matrix.not_asked);
    remarks(&mut pen, &shown);
    pen.finish()
}

fn all(matrix: &Matrix) -> Vec<&Regime> {
    matrix.regimes.iter().collect()
}

/// One line for each pack of which nothing is decided, with what is missing.
fn undecided(pen: &mut Pen<'_>, folded: &[Folded<'_>]) {
    let (nobody, open): (Vec<_>, Vec<_>) = folded.iter().partition(|one| one.reason.is_some());
    for (title, packs) in [("Evidence missing for", open), ("Applies to nobody here", nobody)] {
        if packs.is_empty() {
            continue;
        }
        pen.heading(title);
        for pack in packs {
            let stamp = folded_stamp(pack).map(|stamp| format!(" ({stamp})")).unwrap_or_default();
            pen.wrapped("  ", &format!("{}{stamp}: {}", pack.pack, why_folded(pack)));
        }
    }
    if !folded.is_empty() {
        pen.blank();
        pen.wrapped("  ", "Of these nothing is decided for anybody; --verbose shows their rows.");
    }
}

/// The stamp of a pack; none where only a part of it is no law.
pub(crate) fn folded_stamp(pack: &Folded<'_>) -> Option<String> {
    pack.statuses.first().filter(|_| pack.statuses.len() == 1).and_then(|status| stamp(status))
}

/// What the pack misses, or why it applies to nobody.
pub(crate) fn why_folded(pack: &Folded<'_>) -> String {
    pack.reason
        .map_or_else(|| missing_kinds(pack.missing.iter().copied()), |reason| reason.sentence().to_owned())
}

/// What a reader must keep in mind: where a value lies on a boundary always, the rest when more is
/// asked for.
fn remarks(pen: &mut Pen<'_>, shown: &[&Regime]) {
    let remarks = needs::remarks(shown.iter().flat_map(|regime| &regime.findings));
    let is_told = |remark: &&needs::Remark<'_>| pen.options.verbose || needs::is_boundary(remark.says);
    let told: Vec<_> = remarks.iter().filter(is_told).collect();
    let left = remarks.len() - told.len();
    if told.is_empty() && left == 0 {
        return;
    }
    pen.heading("Bear in mind");
    for remark in told {
        let first = format!("{} of {}", remark.first.condition, remark.first.subject);
        let others = remark.count.saturating_sub(1);
        let whom = if others == 0 { first } else { format!("{first} and {} more", count(others)) };
        pen.wrapped("  ", &format!("{} · {whom}", remark.says));
    }
    if left > 0 {
        pen.wrapped("  ", &format!("{} (--verbose lists them)", plural(left as u64, "remark")));
    }
}

/// `us/aala · domestic-content, as for US`.
pub(crate) fn regime_name(regime: &Regime) -> String {
    let market = regime.market.as_ref().map(|market| format!(", as for {}", market.name));
    format!("{} · {}{}", regime.shown.pack, regime.shown.condition, market.unwrap_or_default())
}

/// How a verdict is written into a cell.
type Cell = fn(Option<&Finding>) -> String;

/// `✗ not met (?)`.
fn words(finding: Option<&Finding>) -> String {
    let Some(finding) = finding else { return String::new() };
    let legal = format!("{} {}", glyph(finding.legal), finding.legal);
    if finding.legal == finding.verdict { legal } else { format!("{legal} ({})", glyph(finding.verdict)) }
}

/// `✗ (?)`.
fn signs(finding: Option<&Finding>) -> String {
    let Some(finding) = finding else { return String::new() };
    let legal = glyph(finding.legal);
    if finding.legal == finding.verdict {
        legal.into()
    } else {
        format!("{legal} ({})", glyph(finding.verdict))
    }
}

fn block(pen: &mut Pen<'_>, regimes: &[&Regime], subjects: &[&str]) {
    let names: Vec<String> = regimes.iter().map(|regime| regime_name(regime)).collect();
    let label =
        names.iter().map(|name| name.width()).max().unwrap_or_default().max("not applicable".len()) + 2;
    if subjects.len() > COLUMNS {
        return counts(pen, regimes, label);
    }
    for (is_full, cell) in [(true, words as Cell), (false, signs as Cell)] {
        let width = |subject: &&str| {
            let widest = regimes.iter().map(|regime| cell(regime.finding(subject)).width()).max();
            widest.unwrap_or_default().max(subject.width()) + 2
        };
        let widths: Vec<usize> = subjects.iter().map(width).collect();
        if label + widths.iter().sum::<usize>() <= pen.width() {
            if !is_full {
                let legend: Vec<String> = VERDICTS.iter().map(|verdict| column(*verdict)).collect();
                pen.wrapped("  ", &legend.join("  "));
            }
            return columns(pen, regimes, subjects, (label, &widths), cell);
        }
    }
    stacked(pen, regimes, subjects);
}

/// One line per regime, one column per subject, then how many verdicts of each subject are which.
fn columns(
    pen: &mut Pen<'_>,
    regimes: &[&Regime],
    subjects: &[&str],
    (label, widths): (usize, &[usize]),
    cell: Cell,
) {
    let head: String = subjects.iter().zip(widths).map(|(subject, width)| pen.pad(subject, *width)).collect();
    let head = pen.paint(Tone::Dim, &head);
    pen.line(&format!("  {}{head}", pen.pad("", label)));
    for regime in regimes {
        let cells = subjects.iter().zip(widths).map(|(subject, width)| {
            let finding = regime.finding(subject);
            let text = pen.pad(&cell(finding), *width);
            finding.map_or_else(|| text.clone(), |finding| pen.paint(Tone::Of(finding.legal), &text))
        });
        let cells: String = cells.collect();
        pen.line(&format!("  {}{cells}", pen.pad(&regime_name(regime), label)));
        stamped(pen, regime);
    }
    pen.blank();
    for verdict in VERDICTS {
        let of = |subject: &&str| {
            let legal = regimes.iter().filter_map(|regime| Some(regime.finding(subject)?.legal));
            Tally::of(legal).get(verdict)
        };
        let numbers: Vec<u64> = subjects.iter().map(of).collect();
        if numbers.iter().any(|n| *n > 0) {
            let cells: String =
                numbers.iter().zip(widths).map(|(n, width)| pen.pad(&count(*n), *width)).collect();
            let name = pen.pad(&format!("{} {verdict}", glyph(verdict)), label);
            pen.line(&format!("  {}{cells}", pen.paint(Tone::Of(verdict), &name)));
        }
    }
}

/// One block per regime where the screen is too narrow for columns: the subjects under each verdict.
fn stacked(pen: &mut Pen<'_>, regimes: &[&Regime], subjects: &[&str]) {
    for regime in regimes {
        pen.wrapped("  ", &regime_name(regime));
        stamped(pen, regime);
        let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
        for subject in subjects {
            let text = words(regime.finding(subject));
            match groups.iter_mut().find(|(known, _)| *known == text) {
                _ if text.is_empty() => {}
                Some((_, own)) => own.push(subject),
                None => groups.push((text, vec![subject])),
            }
        }
        for (verdict, own) in groups {
            pen.wrapped("    ", &format!("{verdict}: {}", own.join(", ")));
        }
    }
}

/// One line per regime with its subjects counted, for more subjects than a screen holds.
fn counts(pen: &mut Pen<'_>, regimes: &[&Regime], label: usize) {
    let head: String = VERDICTS.iter().map(|verdict| format!("  {:>16}", column(*verdict))).collect();
    let head = pen.say(&head);
    let is_wide = label + 2 + head.width() <= pen.width();
    if is_wide {
        let head = pen.paint(Tone::Dim, &head);
        pen.line(&format!("  {}{head}", pen.pad("", label)));
    }
    for regime in regimes {
        let tally = Tally::of(regime.findings.iter().map(|finding| finding.legal));
        if is_wide {
            let cells: String = VERDICTS
                .iter()
                .map(|verdict| format!("  {}", pen.pad_left(&count(tally.get(*verdict)), 16)))
                .collect();
            pen.line(&format!("  {}{cells}", pen.pad(&regime_name(regime), label)));
        } else {
            pen.wrapped("  ", &regime_name(regime));
            super::check::tally_line(pen, "", &tally);
        }
        stamped(pen, regime);
    }
    pen.blank();
    pen.wrapped("  ", "CSV, XLSX and JSON hold every subject.");
}

fn column(verdict: Verdict) -> String {
    format!("{} {verdict}", glyph(verdict))
}

/// What a reader must know before relying on the line above.
fn stamped(pen: &mut Pen<'_>, regime: &Regime) {
    let unverified = regime.findings.iter().any(|finding| finding.unverified);
    let unverified = unverified.then(|| "UNVERIFIED: rests on values nobody has checked".to_owned());
    let stamps: Vec<String> = stamp(&regime.shown.pack_status).into_iter().chain(unverified).collect();
    if !stamps.is_empty() {
        pen.toned(Some(Tone::Alarm), "    ", &stamps.join(" · "));
    }
}

fn not_asked(pen: &mut Pen<'_>, packs: &[NotAsked]) {
    if packs.is_empty() {
        return;
    }
    pen.heading("Not asked");
    for pack in packs {
        pen.wrapped("  ", &format!("{}: {}", pack.pack, why(pack)));
    }
}

/// What the pack would need, or what else stands against it.
pub(crate) fn why(pack: &NotAsked) -> String {
    match (&pack.why, pack.needs.as_slice()) {
        (Some(why), _) => why.clone(),
        (None, [only]) => format!("needs the table {only}"),
        (None, tables) => format!("needs one of the tables {}", tables.join(", ")),
    }
}
