use filiera_finding::{ConditionShown, Run};
use filiera_model::Verdict;

use super::pen::{Pen, Tone};
use super::{TextOptions, group, next};
use crate::digest::{Digest, Group, Tally};
use crate::words::{glyph, plural, stamp, subjects};

/// What `filiera check` shows: the answer, a bar per condition, and what to do next.
pub fn check(run: &Run, options: &TextOptions) -> String {
    let digest = Digest::of(run);
    let mut pen = Pen::new(options);
    headline(&mut pen, &digest);
    for pack in digest.packs() {
        pack_heading(&mut pen, pack);
        if let Some(along) = digest.along(&pack.pack) {
            pen.toned(Some(Tone::Dim), "", &along);
        }
        let of_pack = digest.groups.iter().filter(|group| group.shown.pack == pack.pack);
        let of_pack: Vec<&Group<'_>> = of_pack.collect();
        for alike in of_pack.chunk_by(|a, b| a.is_single() && b.is_single()) {
            group::column_heads(&mut pen, alike);
            for shown in alike {
                group::group(&mut pen, shown);
            }
            pen.blank();
        }
    }
    if digest.groups.is_empty() {
        pen.blank();
        pen.wrapped("", "No condition was judged; name a pack with --pack, or in dossier.toml.");
    }
    next::steps(&mut pen, &digest);
    pen.finish()
}

fn headline(pen: &mut Pen<'_>, digest: &Digest<'_>) {
    let run = digest.run;
    pen.heading(&run.title);
    let mut parts: Vec<String> = digest.subjects().iter().map(|(kind, n)| subjects(*n, kind)).collect();
    parts.push(plural(digest.groups.len() as u64, "condition"));
    pen.wrapped("", &parts.join(" · "));
    pen.wrapped("", &format!("law as of {} · facts as of {}", run.law_as_of, run.facts_as_of));
    pen.blank();
    if digest.range == digest.legal {
        tally_line(pen, "both", &digest.range);
    } else {
        tally_line(pen, "range", &digest.range);
        tally_line(pen, "legal", &digest.legal);
    }
    pen.wrapped("  ", "range: what the evidence allows · legal: what the law makes of the unknown");
}

/// `range   ✓ 12 met  ✗ 3 not met  ? 4 undetermined`; the counts take as many lines as they need.
pub(super) fn tally_line(pen: &mut Pen<'_>, name: &str, tally: &Tally) {
    let width = pen.width();
    let start = format!("  {}  ", pen.pad(name, 8));
    let (mut line, mut used) = (start.clone(), start.chars().count());
    for (verdict, n) in tally.seen() {
        let text = pen.say(&format!("{} {} {verdict}", glyph(verdict), crate::number::count(n)));
        let length = text.chars().count() + 3;
        if used + length > width + 3 && used > start.chars().count() {
            pen.line(&line);
            line = " ".repeat(start.chars().count());
            used = line.len();
        }
        line.push_str(&pen.paint(Tone::Of(verdict), &text));
        line.push_str("   ");
        used += length;
    }
    if tally.total() == 0 {
        line.push_str("nothing judged");
    }
    pen.line(&line);
}

fn pack_heading(pen: &mut Pen<'_>, pack: &ConditionShown) {
    pen.heading(&pack.pack_title);
    let status = stamp(&pack.pack_status);
    let tone = status.as_ref().map_or(Tone::Dim, |_| Tone::Alarm);
    let line = status.map_or_else(|| pack.pack.clone(), |status| format!("{} · {status}", pack.pack));
    pen.toned(Some(tone), "", &line);
}

/// The colour of the worst verdict of a tally.
pub(super) fn tone(tally: &Tally) -> Tone {
    Tone::Of(if tally.total() == 0 { Verdict::NotApplicable } else { tally.overall() })
}
