use crate::gather::{Gather, number};
use crate::tenders::Criterion;
use crate::xml_text::Element;

use super::{Notice, extension, spot};

/// A row per award criterion and number, lot by lot; a lot without criteria is counted.
pub(super) fn rows(notice: &Notice<'_>, gather: &mut Gather<'_>) {
    for lot in notice.root.all("ProcurementProjectLot") {
        let id = lot.text_at(&["ID"]);
        let awarding = lot.at(&["TenderingTerms", "AwardingTerms"]);
        let criteria: Vec<&Element> =
            awarding.map_or_else(Vec::new, |terms| terms.all("AwardingCriterion").collect());
        if criteria.is_empty() {
            gather.note(&spot(lot), "lot without award criteria", id.unwrap_or(""));
        }
        let base = Criterion {
            tender: notice.tender.clone(),
            lot: id.map(str::to_owned),
            cpv: cpv(lot).map(str::to_owned),
            ..Criterion::default()
        };
        for criterion in criteria {
            criteria_of(criterion, &base, gather);
        }
    }
}

/// The main product code of a lot.
pub(super) fn cpv(lot: &Element) -> Option<&str> {
    lot.text_at(&["ProcurementProject", "MainCommodityClassification", "ItemClassificationCode"])
}

/// The criteria in a group, or the one that stands alone; the words on how to compute belong to all.
fn criteria_of(group: &Element, base: &Criterion, gather: &mut Gather<'_>) {
    let formula = group.text_at(&["CalculationExpression"]).map(str::to_owned);
    let base = Criterion { formula, ..base.clone() };
    let mut inner = group.all("SubordinateAwardingCriterion").peekable();
    if inner.peek().is_none() {
        criterion(group, &base, gather);
    }
    for one in inner {
        criterion(one, &base, gather);
    }
}

/// A criterion becomes a row for each of its numbers.
fn criterion(one: &Element, base: &Criterion, gather: &mut Gather<'_>) {
    let kind = one.text_at(&["AwardingCriterionTypeCode"]);
    let name = one.text_at(&["Name"]).or_else(|| one.text_at(&["Description"])).or(kind);
    let base = Criterion {
        name: name.unwrap_or("criterion").to_owned(),
        kind: kind.map(str::to_owned),
        ..base.clone()
    };
    let parameters: Vec<&Element> =
        extension(one).map_or_else(Vec::new, |ours| ours.all("AwardCriterionParameter").collect());
    let mut stated = false;
    for parameter in parameters {
        let Some(value) = parameter.text_at(&["ParameterNumeric"]).and_then(number) else { continue };
        let code = parameter.child("ParameterCode");
        let weight = Some(value.to_text());
        stated = true;
        Criterion { weight, weight_kind: code.and_then(meaning), ..base.clone() }.row(&spot(one), gather);
    }
    if !stated {
        base.row(&spot(one), gather);
    }
}

/// What the number of a criterion means: `per-exa` for a weight, `fixed fix-tot`, `threshold min-score`.
fn meaning(code: &Element) -> Option<String> {
    let text = code.text()?;
    Some(match code.attribute("listName").and_then(|list| list.strip_prefix("number-")) {
        None | Some("weight") => text.to_owned(),
        Some(list) => format!("{list} {text}"),
    })
}
