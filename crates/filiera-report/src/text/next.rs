use filiera_finding::{Finding, NOBODY, Note, Run};
use filiera_model::Verdict;

use super::check::tone;
use super::pen::{Pen, Tone};
use crate::digest::Digest;
use crate::needs::{self, is_boundary, worth_explaining};
use crate::number::count;
use crate::words::{missing, plural};

/// Entries of a list before it is folded.
const SHOWN: usize = 5;

/// What to do next, and what a reader must keep in mind.
pub(super) fn steps(pen: &mut Pen<'_>, digest: &Digest<'_>) {
    pen.heading("What to do next");
    nobody(pen, digest);
    papers(pen, digest.run);
    set_aside(pen, digest.run);
    remarks(pen, digest.run);
    sound(pen, digest.run);
    readings(pen, digest);
    explain(pen, digest);
    notes(pen, &digest.run.notes);
    lawfulness(pen, digest);
}

/// Conditions whose subjects no table names.
fn nobody(pen: &mut Pen<'_>, digest: &Digest<'_>) {
    for (kind, _) in digest.subjects().iter().filter(|(_, n)| *n == 0) {
        pen.wrapped("- ", &format!("No {kind} is named anywhere: fill the tables that name one."));
    }
}

fn papers(pen: &mut Pen<'_>, run: &Run) {
    let ranked = needs::missing(run);
    if ranked.is_empty() {
        return;
    }
    let all = count(ranked.len() as u64);
    pen.wrapped("- ", &format!("Ask for what is missing ({all}), first what touches the most subjects:"));
    for entry in ranked.iter().take(pen.shown(SHOWN)) {
        let subjects = plural(entry.subjects, "subject");
        let touches = format!("{} · {subjects} · {}", missing(entry.key), entry.conditions.join(", "));
        pen.wrapped("    ", &touches);
    }
    pen.more("    ", ranked.len(), SHOWN);
}

fn set_aside(pen: &mut Pen<'_>, run: &Run) {
    if run.set_aside.is_empty() {
        return;
    }
    let rows = plural(run.set_aside.len() as u64, "row");
    pen.wrapped(
        "- ",
        &format!("Correct {rows} set aside because of faults; the subjects they touch are undetermined:"),
    );
    for row in run.set_aside.iter().take(pen.shown(SHOWN)) {
        let whom = match row.subjects.len() {
            0 => "all it can touch".to_owned(),
            n => plural(n as u64, "subject"),
        };
        pen.wrapped("    ", &format!("{}: {} · {whom}", row.place, row.fault));
    }
    pen.more("    ", run.set_aside.len(), SHOWN);
}

fn remarks(pen: &mut Pen<'_>, run: &Run) {
    let remarks = needs::remarks(&run.findings);
    let boundaries = remarks.iter().filter(|remark| is_boundary(remark.says)).count();
    if boundaries > 0 {
        pen.toned(
            Some(Tone::Alarm),
            "- ",
            "A value lies on a boundary: read the law's words before relying on the verdict.",
        );
    }
    if remarks.len() > boundaries {
        pen.wrapped("- ", "Bear in mind:");
    }
    for remark in remarks.iter().take(pen.shown(SHOWN)) {
        let first = format!("{} of {}", remark.first.condition, remark.first.subject);
        let others = remark.count.saturating_sub(1);
        let whom = if others == 0 { first } else { format!("{first} and {} more", count(others)) };
        pen.wrapped("    ", &format!("{} · {whom}", remark.says));
    }
    pen.more("    ", remarks.len(), SHOWN);
}

fn sound(pen: &mut Pen<'_>, run: &Run) {
    let sound = run.findings.iter().filter(|finding| finding.is_sound_only()).count();
    if sound > 0 {
        let findings = plural(sound as u64, "finding");
        pen.wrapped("- ", &format!("{findings} with bounds that are sound: never wrong, maybe wider than necessary, because the unknowns depend on each other."));
    }
}

fn readings(pen: &mut Pen<'_>, digest: &Digest<'_>) {
    let offered: usize = digest.groups.iter().map(|group| group.shown.readings.len()).sum();
    if digest.run.readings.is_empty() && offered > 0 {
        let command = format!("filiera check {} --readings", judged(pen));
        pen.wrapped(
            "- ",
            &format!(
                "The law's words can be read in {}; judge them all:",
                plural(offered as u64, "other way")
            ),
        );
        command_line(pen, &command);
    }
}

fn explain(pen: &mut Pen<'_>, digest: &Digest<'_>) {
    let Some(finding) = worth_explaining(digest.run).filter(|finding| finding.subject != NOBODY) else {
        let named = digest.subjects().iter().any(|(_, n)| *n > 0);
        if named && digest.range.total() > 0 {
            pen.wrapped("- ", "No condition speaks about any subject: see the reasons above.");
        }
        return;
    };
    let why = match (finding.verdict, finding.legal) {
        (Verdict::Undetermined, _) | (_, Verdict::Undetermined) => "See what is open",
        (_, Verdict::NotMet) | (Verdict::NotMet, _) => "See why it fails",
        _ if tone(&digest.legal) == Tone::Of(Verdict::Met) => "Everything is met; see why",
        _ => "See why",
    };
    pen.wrapped("- ", &format!("{why}:"));
    let command = explain_command(&judged(pen), finding);
    command_line(pen, &command);
}

/// A command stands on one line, however long, so that it can be copied.
fn command_line(pen: &mut Pen<'_>, command: &str) {
    let said = format!("    {}", pen.say(command));
    pen.line(&said);
}

/// The dossier, and by what law it was judged.
fn judged(pen: &Pen<'_>) -> String {
    let options = &pen.options;
    let arguments = std::iter::once(&options.dossier).chain(&options.flags);
    arguments.map(|argument| quoted(argument)).collect::<Vec<_>>().join(" ")
}

fn explain_command(judged: &str, finding: &Finding) -> String {
    let (subject, condition) = (quoted(&finding.subject), quoted(&finding.condition));
    format!("filiera explain {judged} --subject {subject} --condition {condition}")
}

/// The argument as a POSIX shell takes it.
fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "._/:@%+-".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', "'\\''"))
}

/// What the readers noted, if anything.
pub(super) fn notes(pen: &mut Pen<'_>, notes: &[Note]) {
    let oddities: u64 = notes.iter().map(|note| note.count).sum();
    if oddities == 0 {
        return;
    }
    let kinds = plural(notes.len() as u64, "kind");
    pen.wrapped("- ", &format!("The readers noted {} of {kinds}:", plural(oddities, "oddity")));
    for note in notes.iter().take(pen.shown(SHOWN)) {
        pen.wrapped(
            "    ",
            &format!("{}: {} × {}, first {}", note.file, count(note.count), note.kind, note.first),
        );
    }
    pen.more("    ", notes.len(), SHOWN);
}

fn lawfulness(pen: &mut Pen<'_>, digest: &Digest<'_>) {
    let mut said: Vec<&str> = Vec::new();
    for group in &digest.groups {
        let Some(note) = group.shown.lawfulness.as_deref().filter(|note| !said.contains(note)) else {
            continue;
        };
        if said.is_empty() {
            pen.heading("Is the rule itself lawful?");
        }
        said.push(note);
        pen.wrapped("  ", &format!("{}: {note}", group.shown.pack));
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn commands_can_be_pasted() {
        assert_eq!(quoted("ZFA00000000000001"), "ZFA00000000000001");
        assert_eq!(quoted("Fabbrica Sud; rm -rf ~"), "'Fabbrica Sud; rm -rf ~'");
        assert_eq!(quoted("l'auto"), "'l'\\''auto'");
        assert_eq!(quoted(""), "''");
    }
}
