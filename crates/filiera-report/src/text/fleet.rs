use filiera_finding::{Finding, FleetRun, FleetTally, PaperAsked, PaperTally, Tenths};
use filiera_model::Verdict;

use super::TextOptions;
use super::check::tally_line;
use super::next::notes;
use super::pen::{Pen, Tone};
use crate::digest::{Tally, measure};
use crate::number::count;
use crate::words::{asked_of_rows, glyph, plural, stamp};

/// So many models are shown of a condition.
const MODELS: usize = 4;

/// What `filiera check` shows of a fleet: vehicles counted, condition by condition.
pub fn fleet(run: &FleetRun, options: &TextOptions) -> String {
    let mut pen = Pen::new(options);
    pen.heading(&run.title);
    let vehicles = plural(run.vehicles, "vehicle");
    let rows = plural(run.rows, "installed row");
    pen.wrapped("", &format!("{vehicles} · {rows} · {}", plural(run.conditions.len() as u64, "condition")));
    pen.wrapped("", &format!("law as of {} · facts as of {}", run.law_as_of, run.facts_as_of));
    let mut last = "";
    for one in &run.conditions {
        if one.shown.pack != last {
            last = &one.shown.pack;
            heading(&mut pen, run, one);
        }
        condition(&mut pen, one, options.verbose);
    }
    others(&mut pen, run);
    pen.blank();
    notes(&mut pen, &run.notes);
    for (condition, why) in &run.not_summed {
        pen.wrapped(
            "",
            &format!("all vehicles were judged part by part, which takes longer: {condition}: {why}"),
        );
    }
    if options.verbose && run.not_summed.is_empty() {
        let kinds = plural(run.kinds, "kind");
        pen.wrapped("", &format!("judged lot by lot: {kinds} of installed parts, then added up per vehicle"));
        let singly = plural(run.singly, "vehicle");
        pen.wrapped("", &format!("judged part by part, because a sum does not tell: {singly}"));
    }
    if run.conditions.iter().any(|one| !one.papers.is_empty()) {
        let alone =
            "papers: alone, vehicles that are met once it says what one hopes, whatever else is missing";
        pen.wrapped("", &format!("{alone} · either way, those of them that it decides whatever it says"));
    }
    pen.wrapped("", "range: what the evidence allows · legal: what the law makes of the unknown");
    pen.finish()
}

fn heading(pen: &mut Pen<'_>, run: &FleetRun, one: &FleetTally) {
    pen.heading(&one.shown.pack_title);
    let status = stamp(&one.shown.pack_status);
    let tone = status.as_ref().map_or(Tone::Dim, |_| Tone::Alarm);
    let line =
        status.map_or_else(|| one.shown.pack.clone(), |status| format!("{} · {status}", one.shown.pack));
    pen.toned(Some(tone), "", &line);
    if let Some((_, by)) = run.along.iter().find(|(id, _)| *id == one.shown.pack) {
        let why = format!("judged too, because {by} names a condition of it; not in the exit code");
        pen.toned(Some(Tone::Dim), "", &why);
    }
}

fn condition(pen: &mut Pen<'_>, one: &FleetTally, verbose: bool) {
    let reading = one.reading.as_ref().map(|reading| format!(" ({reading})")).unwrap_or_default();
    let asked = asked_of_rows(one.shown.form.form).map(str::to_owned).or_else(|| {
        let target = one.shown.form.target.as_ref()?;
        Some(measure(&one.shown.form).asked(target.operator, &target.threshold))
    });
    let asked = asked.map(|asked| format!("  (asked: {asked})")).unwrap_or_default();
    pen.toned(None, "", &format!("{}{reading}{asked}", one.shown.condition));
    pen.toned(Some(Tone::Dim), "  ", &one.shown.title);
    let (range, legal) = (Tally::counted(&one.range), Tally::counted(&one.legal));
    if range == legal {
        tally_line(pen, "both", &range);
    } else {
        tally_line(pen, "range", &range);
        tally_line(pen, "legal", &legal);
    }
    if let Some(tenths) = &one.tenths {
        values(pen, tenths);
    }
    models(pen, one, verbose);
    papers(pen, one, verbose);
    if let Some(grants) = &one.shown.grants {
        pen.wrapped("  earns ", grants);
    }
    pen.blank();
}

/// How long the longest bar of a histogram is.
const LONGEST: u64 = 40;

/// Vehicles by tenths of the way to 100 %.
fn values(pen: &mut Pen<'_>, tenths: &Tenths) {
    let most = tenths.vehicles.iter().copied().max().unwrap_or(0);
    let all = tenths.vehicles.iter().sum::<u64>() + tenths.without;
    if most == 0 {
        return;
    }
    let end = if tenths.is_lower { "lower" } else { "upper" };
    pen.toned(Some(Tone::Dim), "    ", &format!("vehicles by the {end} end of the share"));
    for (place, vehicles) in tenths.vehicles.iter().enumerate().filter(|(_, vehicles)| **vehicles > 0) {
        let bar = "#".repeat((vehicles * LONGEST).div_ceil(most) as usize);
        let (from, of_all) = (place * 10, vehicles * 100 / all.max(1));
        pen.toned(None, "    ", &format!("{from}–{} % {bar} {} ({of_all} %)", from + 10, count(*vehicles)));
    }
    if tenths.without > 0 {
        pen.wrapped("    ", &format!("no share is known of {}", plural(tenths.without, "vehicle")));
    }
}

/// So many papers are shown of a condition.
const PAPERS: usize = 10;

/// The papers to ask for first: those that decide most of the open vehicles by themselves.
fn papers(pen: &mut Pen<'_>, one: &FleetTally, verbose: bool) {
    let open = one.range.get(&Verdict::Undetermined).copied().unwrap_or(0);
    if open == 0 || one.shown.form.form.is_composition() {
        return;
    }
    if one.looked_into < open {
        let (looked, all) = (count(one.looked_into), plural(open, "open vehicle"));
        pen.toned(Some(Tone::Dim), "    ", &format!("papers counted in {looked} of {all}"));
    }
    if one.papers.is_empty() {
        return;
    }
    let papers = plural(one.papers.len() as u64, "paper");
    pen.toned(Some(Tone::Dim), "    ", &format!("open vehicles wait for {papers}"));
    paper_line(pen, ["alone", "either way", "missing in", "paper"]);
    let shown = if verbose { MOST_PAPERS } else { PAPERS }.min(one.papers.len());
    for paper in one.papers.iter().take(shown) {
        let [alone, either] = [paper.decides_in, paper.either_way_in].map(|count| decided(paper, count));
        let name = paper_name(&paper.paper);
        paper_line(pen, [&alone, &either, &count(paper.missing_in), &name]);
    }
    if let Some(more) = one.papers.len().checked_sub(shown).filter(|more| *more > 0) {
        let how = if verbose { "--format json lists a thousand" } else { "--verbose lists a hundred" };
        pen.wrapped("    ", &format!("and {} ({how})", plural(more as u64, "more paper")));
    }
}

/// So many papers are shown in detail.
const MOST_PAPERS: usize = 100;

fn paper_line(pen: &mut Pen<'_>, [alone, either, missing, paper]: [&str; 4]) {
    let (alone, either) = (pen.pad_left(alone, 13), pen.pad_left(either, 12));
    let line = format!("{alone}{either}{}  {}", pen.pad_left(missing, 12), pen.say(paper));
    pen.line(&line);
}

/// `1,204`; `≥ 1,204` where it is not told of every vehicle, `?` where of none.
fn decided(one: &PaperTally, decided: u64) -> String {
    match one.untold_in {
        0 => count(decided),
        untold if untold >= one.missing_in => "?".to_owned(),
        _ => format!("≥ {}", count(decided)),
    }
}

/// `declaration:P-7 lot L-3 (Dashboard), Rossi`.
fn paper_name(asked: &PaperAsked) -> String {
    let name = asked.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let supplier = asked.supplier_name.as_ref().or(asked.supplier.as_ref());
    let is_named = |supplier: &&String| !asked.paper.contains(&format!(" from {supplier}"));
    let supplier = supplier.filter(is_named).map(|supplier| format!(", {supplier}")).unwrap_or_default();
    format!("{}{name}{supplier}", asked.paper)
}

/// The models with most vehicles that are not met, or open.
fn models(pen: &mut Pen<'_>, one: &FleetTally, verbose: bool) {
    let open = [Verdict::NotMet, Verdict::Undetermined];
    let is_open = |tally: &Tally| open.iter().any(|verdict| tally.get(*verdict) > 0);
    let tallies = one.models.iter().map(|model| (&model.model, Tally::counted(&model.range)));
    let tallies: Vec<(&String, Tally)> = tallies.filter(|(_, tally)| is_open(tally)).collect();
    let shown = if verbose { tallies.len() } else { MODELS };
    for (name, tally) in tallies.iter().take(shown) {
        let verdicts = tally.seen().map(|(verdict, n)| format!("{} {} {verdict}", glyph(verdict), count(n)));
        let line = format!("{name}: {}", verdicts.collect::<Vec<_>>().join(" · "));
        pen.wrapped("    ", &line);
    }
    if let Some(more) = tallies.len().checked_sub(shown).filter(|more| *more > 0) {
        pen.wrapped("    ", &format!("and {} (--verbose lists them)", plural(more as u64, "model")));
    }
}

fn others(pen: &mut Pen<'_>, run: &FleetRun) {
    for shown in &run.shown {
        let own = |one: &&Finding| one.pack == shown.pack && one.condition == shown.condition;
        let findings: Vec<&Finding> = run.others.iter().filter(own).collect();
        if findings.is_empty() {
            continue;
        }
        pen.toned(None, "", &format!("{}  ({})", shown.condition, shown.pack));
        pen.toned(Some(Tone::Dim), "  ", &shown.title);
        let (range, legal) = (
            Tally::of(findings.iter().map(|one| one.verdict)),
            Tally::of(findings.iter().map(|one| one.legal)),
        );
        tally_line(pen, if range == legal { "both" } else { "range" }, &range);
        if range != legal {
            tally_line(pen, "legal", &legal);
        }
        pen.blank();
    }
}
