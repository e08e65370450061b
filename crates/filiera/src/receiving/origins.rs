use std::collections::BTreeSet;

use filiera_evidence::AnswerFile;
use filiera_finding::Fault;
use filiera_model::{Country, Day, Exact};
use filiera_tables::TableKind;

use super::Rows;
use super::cells::{Cells, row};
use super::declarant::Declarant;
use super::questions::Asked;

/// One country with its part of the whole.
type Portion = (Country, Option<Exact>);

/// The rows of `declarations` that an answer becomes: one, or one per country with its share.
pub(super) fn rows(
    file: &AnswerFile,
    asked: &Asked<'_>,
    declarant: &Declarant,
    faults: &mut Vec<Fault>,
) -> Option<Rows> {
    let mut cells = Cells { file, row: asked.row, faults };
    let question = &asked.question;
    let basis = cells.basis(question);
    let validity = cells.validity(question);
    let portions = portions(&mut cells);
    let (lot, document) = (cells.text("lot"), cells.text("document"));
    let (basis, (from, to), portions) = (basis?, validity?, portions?);
    let says = says(&portions, &basis, from, to, lot.as_deref());
    let rows = portions.iter().map(|(country, share)| {
        let filled = vec![
            ("part", Some(question.part.clone())),
            ("origin", Some(country.alpha2().to_owned())),
            ("basis", Some(basis.clone())),
            ("supplier", Some(question.supplier.clone())),
            ("issuer", Some(declarant.company.clone())),
            ("issuer_country", Some(declarant.country.clone())),
            ("lot", lot.clone()),
            ("share", share.as_ref().map(percent)),
            ("valid_from", Some(from.to_string())),
            ("valid_to", Some(to.to_string())),
            ("signed_on", declarant.signed_on.map(|day| day.to_string())),
            ("document", Some(document.clone().unwrap_or_else(|| declarant.document.clone()))),
        ];
        row(asked.row, filled)
    });
    Some((TableKind::Declarations, says, rows.collect()))
}

/// `62.5 %`.
fn percent(share: &Exact) -> String {
    format!("{} %", (share * &Exact::from_int(100)).to_text())
}

fn says(portions: &[Portion], basis: &str, from: Day, to: Day, lot: Option<&str>) -> String {
    let origin = portions.iter().map(|(country, share)| match share {
        Some(share) => format!("{} {}", country.alpha2(), percent(share)),
        None => country.alpha2().to_owned(),
    });
    let origin = origin.collect::<Vec<_>>().join(", ");
    let lot = lot.map(|lot| format!(" · lot {lot}")).unwrap_or_default();
    format!("{origin} · {basis} · {from} to {to}{lot}")
}

/// The countries with their shares; nothing, and every fault, when they do not hold together.
fn portions(cells: &mut Cells<'_>) -> Option<Vec<Portion>> {
    let before = cells.faults.len();
    let mut portions: Vec<Portion> = Vec::new();
    let mut seen = BTreeSet::new();
    for n in 1..=3 {
        let (origin, share) = (format!("origin_{n}"), format!("share_{n}"));
        let country = country(cells, &origin);
        let part = part(cells, &share);
        match (country, part) {
            (Some(country), part) => {
                if !seen.insert(country.alpha2()) {
                    let message = format!("`{}` stands there twice", country.alpha2());
                    cells.fault(&origin, "answers/origin-twice", message, "add its shares up");
                }
                portions.push((country, part));
            }
            (None, Some(_)) if cells.cell(&origin).text.is_empty() => {
                let message = "a share without its origin".to_owned();
                cells.fault(&origin, "answers/origin", message, "write the country the share is from");
            }
            _ => {}
        }
    }
    whole(cells, &mut portions);
    (cells.faults.len() == before).then_some(portions)
}

/// Several countries need shares of 100 % at most; one country alone with 100 % needs none.
fn whole(cells: &mut Cells<'_>, portions: &mut [Portion]) {
    if portions.len() > 1 && portions.iter().any(|(_, share)| share.is_none()) {
        let message = "several countries of origin, and not each with its share".to_owned();
        cells.fault("share_1", "answers/share-missing", message, "give each its share, or leave one country");
        return;
    }
    let sum: Exact = portions.iter().filter_map(|(_, share)| share.clone()).sum();
    if sum > Exact::one() {
        let message = format!("the shares add up to {}", percent(&sum));
        cells.fault("share_1", "answers/share-sum", message, "correct the shares: 100 % is the whole part");
    }
    if let [(_, share)] = portions
        && share.as_ref() == Some(&Exact::one())
    {
        *share = None;
    }
}

fn country(cells: &mut Cells<'_>, key: &str) -> Option<Country> {
    let text = cells.text(key)?;
    let country = Country::from_code(&text);
    if country.is_none() {
        let message = format!("`{text}` is no country code");
        cells.fault(key, "answers/origin", message, "write a code of the sheet Codes, such as IT");
    }
    country
}

/// A share: the cell is a percentage, so `0.6` is 60 %.
fn part(cells: &mut Cells<'_>, key: &str) -> Option<Exact> {
    let share = cells.number(key)?;
    if !share.is_positive() || share > Exact::one() {
        let message = format!("`{}` is no share", percent(&share));
        cells.fault(key, "answers/share", message, "a share lies above 0 % and not above 100 %");
        return None;
    }
    Some(share)
}
