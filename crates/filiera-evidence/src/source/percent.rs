use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use zip::ZipArchive;

use crate::xml_text::{Element, each_element};

/// The cells of a sheet, row and column counted from 0, whose number format is a percentage: the sheet
/// shows 45 % and keeps 0.45.
///
/// A workbook whose parts cannot be made out has none: whatever is wrong with it is found when its cells
/// are read.
pub(super) fn cells(path: &Path, sheet: &str) -> BTreeSet<(u32, u32)> {
    look(path, sheet).unwrap_or_default()
}

type Archive = ZipArchive<BufReader<File>>;

fn look(path: &Path, sheet: &str) -> Option<BTreeSet<(u32, u32)>> {
    let mut archive = ZipArchive::new(BufReader::new(File::open(path).ok()?)).ok()?;
    let styles = styles(&part(&mut archive, "xl/styles.xml")?)?;
    if !styles.contains(&true) {
        return None;
    }
    let workbook = whole(&part(&mut archive, "xl/workbook.xml")?, "workbook")?;
    let relations = whole(&part(&mut archive, "xl/_rels/workbook.xml.rels")?, "Relationships")?;
    let sheets = workbook.child("sheets")?;
    let id = sheets.all("sheet").find(|one| one.attribute("name") == Some(sheet))?.attribute("id")?;
    let relation = relations.all("Relationship").find(|one| one.attribute("Id") == Some(id))?;
    let target = relation.attribute("Target")?;
    let name = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
    Some(of_sheet(&part(&mut archive, &name)?, &styles))
}

/// A part of a workbook is no larger than this; what is, is no table that somebody made.
const LARGEST: u64 = 1 << 30;

fn part(archive: &mut Archive, name: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    archive.by_name(name).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn whole(bytes: &[u8], root: &str) -> Option<Element> {
    let mut found = None;
    each_element("", bytes, &[root], |element| found = Some(element)).ok()?;
    found
}

/// Whether each cell style is a percentage, in the order in which cells refer to them.
fn styles(bytes: &[u8]) -> Option<Vec<bool>> {
    let sheet = whole(bytes, "styleSheet")?;
    let own: BTreeSet<&str> = sheet
        .child("numFmts")
        .into_iter()
        .flat_map(|formats| formats.all("numFmt"))
        .filter(|format| format.attribute("formatCode").is_some_and(is_percentage))
        .filter_map(|format| format.attribute("numFmtId"))
        .collect();
    // The formats 9 and 10 are built in: `0%` and `0.00%`.
    let is = |id: &str| matches!(id, "9" | "10") || own.contains(id);
    let styles = sheet.child("cellXfs")?.all("xf");
    Some(styles.map(|style| style.attribute("numFmtId").is_some_and(is)).collect())
}

/// Whether a format shows a hundredfold with a percent sign: one that is not quoted or escaped.
fn is_percentage(format: &str) -> bool {
    let mut quoted = false;
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted = !quoted,
            '\\' | '_' | '*' => {
                letters.next();
            }
            '%' if !quoted => return true,
            _ => {}
        }
    }
    false
}

fn of_sheet(bytes: &[u8], styles: &[bool]) -> BTreeSet<(u32, u32)> {
    let mut cells = BTreeSet::new();
    let read = each_element("", bytes, &["c"], |cell| {
        let style = cell.attribute("s").and_then(|style| style.parse::<usize>().ok());
        if style.and_then(|style| styles.get(style)) == Some(&true) {
            cells.extend(cell.attribute("r").and_then(position));
        }
    });
    // What follows a fault in the sheet is not read as cells either.
    read.map_or_else(|_| BTreeSet::new(), |()| cells)
}

/// `B12` → row 11, column 1.
fn position(reference: &str) -> Option<(u32, u32)> {
    let digits = reference.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, digits) = reference.split_at(digits);
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let place = u32::from(letter.to_ascii_uppercase().checked_sub(b'A')?) + 1;
        column.checked_mul(26)?.checked_add(place)
    })?;
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_sign_is_no_percentage() {
        assert!(is_percentage("0.0%") && is_percentage("#,##0 %;[Red]-0%"));
        assert!(!is_percentage("0\"%\"") && !is_percentage("0\\%") && !is_percentage("0.00"));
    }

    #[test]
    fn positions() {
        assert_eq!((position("A1"), position("AB12")), (Some((0, 0)), Some((11, 27))));
        assert_eq!((position("12"), position("A"), position("A0"), position("?1")), (None, None, None, None));
    }
}
