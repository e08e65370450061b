use filiera_finding::{CompanyOwned, HolderShown};
use filiera_model::{Mark, Verdict};
use unicode_width::UnicodeWidthStr;

use super::super::bar;
use super::super::pen::{Pen, Tone, broken};
use crate::number::{Measure, count};
use crate::owning;
use crate::scale::Scale;

/// Holders before the list is folded.
const SHOWN: usize = 15;

/// Characters of a bar.
const BAR: usize = 12;

/// A name is broken over several lines before it has less room than this.
const NAME: usize = 18;

/// What is said of one holder: name, country, share, votes, whether it controls.
struct Row {
    cells: [String; 5],
    bar: String,
    held: String,
    controls: Mark,
}

const TITLES: [&str; 5] = ["holder", "", "share", "votes", "controls"];

/// One line per holder, or a few where the screen is too narrow.
pub(super) fn holders(pen: &mut Pen<'_>, company: &CompanyOwned) {
    let shown = pen.shown(SHOWN);
    let rows: Vec<Row> = company.holders.iter().take(shown).map(|holder| row(pen, company, holder)).collect();
    let mut widths = TITLES.map(UnicodeWidthStr::width);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(&row.cells) {
            *width = (*width).max(pen.say(cell).width());
        }
    }
    let others = 2 + widths.iter().skip(1).map(|width| width + 2).sum::<usize>() + BAR + 2;
    let room = pen.width().saturating_sub(others);
    if room >= NAME.min(widths[0]) {
        widths[0] = widths[0].min(room);
        columns(pen, &rows, &widths, others + widths[0] + 2);
    } else {
        stacked(pen, &rows);
    }
    let left = company.holders.len().saturating_sub(shown);
    if left > 0 {
        pen.wrapped("  ", &format!("… and {} more holders (--verbose lists them)", count(left as u64)));
    }
}

fn row(pen: &Pen<'_>, company: &CompanyOwned, holder: &HolderShown) -> Row {
    let scale = Scale::over(&Measure::Percent, []);
    Row {
        cells: [
            owning::holder(&holder.holder),
            owning::country(&holder.holder).to_owned(),
            owning::interval(&holder.share),
            owning::interval(&holder.votes),
            format!("{} {}", owning::sign(holder.controls), owning::controls(holder)),
        ],
        bar: bar::interval(&scale, Some(&holder.share), None, BAR, pen.options.unicode),
        held: owning::held(holder, &company.company),
        controls: holder.controls,
    }
}

fn tone(controls: Mark) -> Tone {
    match controls {
        Mark::Yes => Tone::Title,
        Mark::No => Tone::Dim,
        Mark::Maybe => Tone::Of(Verdict::Undetermined),
    }
}

fn columns(pen: &mut Pen<'_>, rows: &[Row], widths: &[usize; 5], fixed: usize) {
    let head = line(pen, TITLES, "0 to 100 %", widths, None);
    let room = pen.width().saturating_sub(fixed);
    let is_held_beside = rows.iter().all(|row| pen.say(&row.held).width() <= room);
    let head = pen.paint(Tone::Dim, &format!("{head}{}", if is_held_beside { "held" } else { "" }));
    pen.line(&head);
    for row in rows {
        let [name, country, share, votes, controls] = row.cells.each_ref().map(String::as_str);
        let mut names = broken(&pen.say(name), widths[0]).into_iter();
        let first = names.next().unwrap_or_default();
        let text = line(pen, [&first, country, share, votes, controls], &row.bar, widths, Some(row.controls));
        let held = pen.say(&row.held);
        pen.line(&if is_held_beside { format!("{text}{held}") } else { text });
        for more in names {
            pen.line(&format!("  {more}"));
        }
        if !is_held_beside && !held.is_empty() {
            pen.toned(Some(Tone::Dim), "      ", &row.held);
        }
    }
}

fn line(pen: &Pen<'_>, cells: [&str; 5], bar: &str, widths: &[usize; 5], controls: Option<Mark>) -> String {
    let mut text = String::from("  ");
    for (place, (cell, width)) in cells.iter().zip(widths).enumerate() {
        if place == 2 {
            text.push_str(&pen.pad(bar, BAR + 2));
        }
        let cell = pen.pad(cell, width + 2);
        match controls.filter(|_| place == 4) {
            Some(mark) => text.push_str(&pen.paint(tone(mark), &cell)),
            None => text.push_str(&cell),
        }
    }
    text
}

fn stacked(pen: &mut Pen<'_>, rows: &[Row]) {
    for row in rows {
        let [name, country, share, votes, controls] = &row.cells;
        let country = if country.is_empty() { String::new() } else { format!(" ({country})") };
        pen.wrapped("  ", &format!("{name}{country}"));
        let bar = pen.say(&row.bar);
        pen.line(&format!("    {bar} {}", pen.say(share)));
        let held = if row.held.is_empty() { String::new() } else { format!(" · {}", row.held) };
        pen.wrapped("    ", &format!("votes {votes} · controls: {controls}{held}"));
    }
}
