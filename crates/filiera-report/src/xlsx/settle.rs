use filiera_finding::{NoSet, PaperAsked, PaperSays, PaperSet, Settlement};
use filiera_model::End;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::{Cell, Sheet};
use crate::text::paper_words;

/// Rows a sheet holds; its format ends at 1,048,576.
const MOST_ROWS: usize = 1_000_000;

/// The papers to ask for, in their order.
pub(super) fn order(sheet: &mut Worksheet, settlement: &Settlement) -> Result<(), XlsxError> {
    let columns = [
        ("place", 7),
        ("paper", 50),
        ("must say", 24),
        ("from", 14),
        ("supplier", 34),
        ("findings then met", 12),
        ("subjects", 10),
        ("name", 40),
    ];
    let mut sheet = Sheet::new(sheet, "Ask for", &columns)?;
    for (place, step) in (1u64..).zip(settlement.common.iter().flat_map(|common| &common.steps)) {
        let paper = settlement.paper(&step.says.paper);
        sheet.row(vec![
            Cell::Count(place),
            Cell::maybe(paper.map(paper_words)),
            Cell::maybe(step.says.says.clone()),
            Cell::maybe(paper.and_then(|paper| paper.supplier.clone())),
            Cell::maybe(paper.and_then(|paper| paper.supplier_name.clone())),
            Cell::Count(step.findings),
            Cell::Count(step.subjects),
            Cell::text(&step.says.paper),
        ])?;
    }
    sheet.row(vec![
        Cell::Empty,
        Cell::Bold("Greedy: each paper completes most at its turn; a shorter list may exist.".to_owned()),
    ])?;
    sheet.finish(&[])
}

/// Every paper that could be asked for.
pub(super) fn papers(sheet: &mut Worksheet, settlement: &Settlement) -> Result<(), XlsxError> {
    let columns = [
        ("paper", 50),
        ("kind", 14),
        ("of", 20),
        ("lot", 10),
        ("from", 14),
        ("supplier", 34),
        ("basis", 20),
        ("best answer", 24),
        ("decides alone", 9),
        ("in sets", 9),
        ("asked by", 9),
        ("cannot matter", 9),
        ("name", 40),
    ];
    let mut sheet = Sheet::new(sheet, "Papers", &columns)?;
    for ranked in settlement.papers.iter().take(MOST_ROWS) {
        let PaperAsked { paper, kind, of, supplier, supplier_name, lot, bases, .. } = &ranked.paper;
        sheet.row(vec![
            Cell::Text(paper_words(&ranked.paper)),
            Cell::text(kind),
            Cell::text(of),
            Cell::maybe(lot.clone()),
            Cell::maybe(supplier.clone()),
            Cell::maybe(supplier_name.clone()),
            Cell::text(&bases.join("; ")),
            Cell::maybe(ranked.says.clone()),
            Cell::Count(ranked.decides_alone),
            Cell::Count(ranked.in_sets),
            Cell::Count(ranked.asked_by),
            Cell::maybe(ranked.cannot_matter.then_some("do not ask")),
            Cell::text(paper),
        ])?;
    }
    sheet.finish(&[])
}

/// What settles each open finding.
pub(super) fn open(sheet: &mut Worksheet, settlement: &Settlement) -> Result<(), XlsxError> {
    let columns = [
        ("pack", 26),
        ("condition", 24),
        ("reading", 14),
        ("subject", 24),
        ("range", 15),
        ("legal", 15),
        ("lower", 12),
        ("upper", 12),
        ("to be met", 60),
        ("smallest", 10),
        ("either way", 60),
        ("smallest", 10),
        ("do not ask", 50),
        ("cannot be foreseen", 30),
    ];
    let mut sheet = Sheet::new(sheet, "Open findings", &columns)?;
    for settling in settlement.settlings.iter().take(MOST_ROWS) {
        let finding = &settling.finding;
        let bounds = finding.bounds.as_ref();
        let end = |end: Option<&End>| {
            let value = end.and_then(|end| end.value.as_ref());
            value.map_or(Cell::Empty, |value| Cell::number(value, finding.form.is_share()))
        };
        let mut cells = vec![
            Cell::text(&finding.pack),
            Cell::text(&finding.condition),
            Cell::maybe(finding.reading.clone()),
            Cell::text(&finding.subject),
            Cell::Text(finding.verdict.to_string()),
            Cell::Text(finding.legal.to_string()),
            end(bounds.map(|bounds| &bounds.lower)),
            end(bounds.map(|bounds| &bounds.upper)),
        ];
        cells.extend(set(settlement, settling.hoped.as_ref(), settling.not_hoped));
        cells.extend(set(settlement, settling.either_way.as_ref(), settling.not_either_way));
        let cannot: Vec<String> = settling.cannot_matter.iter().map(|name| words(settlement, name)).collect();
        cells.push(Cell::text(&cannot.join("; ")));
        cells.push(Cell::text(&settling.unforeseen.join("; ")));
        sheet.row(cells)?;
    }
    sheet.finish(&[4, 5])
}

fn words(settlement: &Settlement, name: &str) -> String {
    settlement.paper(name).map_or_else(|| name.to_owned(), paper_words)
}

fn set(settlement: &Settlement, set: Option<&PaperSet>, why: Option<NoSet>) -> [Cell; 2] {
    let one = |says: &PaperSays| {
        let name = words(settlement, &says.paper);
        says.says.as_ref().map_or_else(|| name.clone(), |says| format!("{name}: {says}"))
    };
    match set {
        Some(set) => {
            let papers: Vec<String> = set.papers.iter().map(one).collect();
            let minimal = if set.minimal { "yes" } else { "not claimed" };
            [Cell::text(&papers.join("; ")), Cell::Text(minimal.to_owned())]
        }
        None => [Cell::maybe(why.map(NoSet::sentence)), Cell::Empty],
    }
}
