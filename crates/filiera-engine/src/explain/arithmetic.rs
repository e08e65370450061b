use filiera_finding::Step;
use filiera_model::{End, Exact, Fraction, Mark, Range, Rounding};
use filiera_packs::Form;
use filiera_tables::Population;

use crate::bind::BoundCondition;
use crate::judge::{Outcome, Scored};

/// The arithmetic of a finding, line by line.
pub(super) fn steps(bound: &BoundCondition, outcome: &Outcome, groups: &[(String, Range)]) -> Vec<Step> {
    if let Form::NOf(_) = &bound.condition.form {
        return members_counted(bound, outcome);
    }
    if let Some(scored) = &outcome.scored {
        return score_steps(scored, outcome);
    }
    if bound.leaf.is_none() {
        let members = outcome.members.join(", ");
        let how =
            if members.is_empty() { "no member decides".to_owned() } else { format!("decided by {members}") };
        return vec![step("the members together", how, outcome.verdict.to_string())];
    }
    let mut steps = Vec::new();
    let inside = || outcome.rows.iter().filter(|row| row.scope != Mark::No);
    let sum = |ranges: Vec<Range>| ranges.into_iter().reduce(|a, b| a.plus(&b));
    let mut whole = None;
    let is_held = bound.leaf.as_ref().is_some_and(|leaf| leaf.population == Population::Holdings);
    let is_weighed = !is_held
        && matches!(
            bound.condition.form,
            Form::Share(_) | Form::Total(_) | Form::Ratio(_) | Form::Concentration(_)
        );
    if is_weighed {
        let currency = inside().find_map(|row| row.weight.currency.clone());
        let all = sum(inside().map(|row| row.weight.range.clone()).collect());
        let marked = sum(inside()
            .map(|row| {
                let least = &row.weight.range.least * &row.marked.least;
                let most = row.weight.range.most.as_ref().map(|most| most * &row.marked.most);
                let most = if row.marked.most.is_zero() { Some(Exact::zero()) } else { most };
                Range { least, most }
            })
            .collect());
        whole = all.clone().filter(Range::is_exact).map(|range| range.least);
        let is_signed = inside().any(|row| row.weight.is_signed);
        let text = |range: Option<Range>| match range {
            Some(_) if is_signed => Some("unknown".to_owned()),
            range => range.map(|range| range_text(&range, currency.as_deref())),
        };
        let rows = inside().count();
        steps
            .extend(text(all).map(|result| step("weight in scope", format!("sum over {rows} rows"), result)));
        let how = "each row's weight times its marked part".to_owned();
        steps.extend(text(marked).map(|result| step("marked weight", how, result)));
    }
    steps.extend(group_steps(groups, whole.as_ref()));
    if let Some(bounds) = &outcome.bounds {
        let quality = bounds.quality.name();
        let how = |side: &str| format!("over every completion of what is missing, the {side} ({quality})");
        steps.push(step("lower bound", how("least"), end_text(bound, &bounds.lower)));
        steps.push(step("upper bound", how("greatest"), end_text(bound, &bounds.upper)));
    }
    if let Some((operator, threshold)) = bound.operator().zip(outcome.threshold.as_ref()) {
        let how = format!("value {} {}", operator.sign(), value_text(bound, threshold));
        steps.push(step("comparison", how, outcome.verdict.to_string()));
    }
    let law_decides = outcome.legal_bounds != outcome.bounds || outcome.legal != outcome.verdict;
    if let Some(bounds) = outcome.legal_bounds.as_ref().filter(|_| law_decides) {
        let how = format!("{} to {}", end_text(bound, &bounds.lower), end_text(bound, &bounds.upper));
        steps.push(step("once the law has decided the unknowns", how, outcome.legal.to_string()));
    }
    steps
}

/// The points by criterion, what the others have, and what a premium is worth.
fn score_steps(scored: &Scored, outcome: &Outcome) -> Vec<Step> {
    let own = scored.criteria.iter().map(|(title, range)| {
        step(&format!("points for {title}"), "this row among all".to_owned(), range_text(range, None))
    });
    let all = scored.totals.iter().map(|(name, range)| {
        step(&format!("total of {name}"), "sum over the criteria".to_owned(), range_text(range, None))
    });
    let premiums = scored.premiums.iter().map(|(title, part)| {
        let how = "a rival's price, as a part of this one's, at which its price earns as many points more";
        step(&format!("{title} in price"), how.to_owned(), in_percent(part))
    });
    let rank = outcome.rank.map(|rank| {
        let how = "1 plus those that have more points".to_owned();
        let places = if rank.best == rank.worst {
            rank.best.to_string()
        } else {
            format!("{} to {}", rank.best, rank.worst)
        };
        step("rank", how, places)
    });
    let rivals = scored.rivals.iter().map(|rival| {
        let how = "at whichever price, others as they are, it has as many points".to_owned();
        step(&format!("{} without {}", rival.name, rival.premium), how, rival.remark())
    });
    own.chain(all).chain(premiums).chain(rivals).chain(rank).collect()
}

/// How many members are met, and how many must be.
fn members_counted(bound: &BoundCondition, outcome: &Outcome) -> Vec<Step> {
    let mut steps = Vec::new();
    if let Some(bounds) = &outcome.bounds {
        let how =
            |are: &str| format!("of {} members, those that {are}", bound.condition.form.members().len());
        steps.push(step("least number", how("are met for certain"), end_text(bound, &bounds.lower)));
        steps.push(step("greatest number", how("may be met"), end_text(bound, &bounds.upper)));
    }
    if let Some((operator, threshold)) = bound.operator().zip(outcome.threshold.as_ref()) {
        let how = format!("number met {} {}", operator.sign(), threshold.to_text());
        steps.push(step("comparison", how, outcome.verdict.to_string()));
    }
    if outcome.legal != outcome.verdict {
        let how = "the same over the members' legal verdicts".to_owned();
        steps.push(step("once the law has decided the unknowns", how, outcome.legal.to_string()));
    }
    steps
}

/// So many groups are shown one by one.
const GROUPS_SHOWN: usize = 12;

/// The share of every group, squared where it is known.
fn group_steps(groups: &[(String, Range)], whole: Option<&Exact>) -> Vec<Step> {
    let shown = groups.iter().take(GROUPS_SHOWN).map(|(name, range)| {
        let share = whole.filter(|_| range.is_exact()).and_then(|whole| range.least.checked_div(whole));
        let how = format!("weighs {}", range_text(range, None));
        let result = match share {
            Some(share) => format!(
                "{}, squared {}",
                in_percent(&share),
                (&share * &share).to_decimal(6, Rounding::HalfUp)
            ),
            None => "share open".to_owned(),
        };
        step(&format!("group {name}"), how, result)
    });
    let left = groups.len().saturating_sub(GROUPS_SHOWN);
    let more = (left > 0).then(|| step("smaller groups", format!("{left} more"), "not shown".to_owned()));
    shown.chain(more).collect()
}

fn step(what: &str, how: String, result: String) -> Step {
    Step { what: what.to_owned(), how, result }
}

fn end_text(bound: &BoundCondition, end: &End) -> String {
    match &end.value {
        None => "no limit".to_owned(),
        Some(value) if end.open => format!("{} (approached, not attained)", value_text(bound, value)),
        Some(value) => value_text(bound, value),
    }
}

/// A share as a fraction and a percentage, another value as it is.
fn value_text(bound: &BoundCondition, value: &Exact) -> String {
    match bound.condition.form {
        Form::Share(_) | Form::Ratio(_) => in_percent(value),
        Form::Concentration(_) => {
            let shown = value.to_decimal(6, Rounding::HalfUp);
            let exactly = Exact::parse(&shown).is_ok_and(|exact| exact == *value);
            format!("{} {} {shown}", value.to_fraction(), if exactly { "=" } else { "≈" })
        }
        _ => {
            let unit = bound.currency().map(|currency| format!(" {currency}")).unwrap_or_default();
            format!("{}{unit}", amount_text(value))
        }
    }
}

fn in_percent(value: &Exact) -> String {
    let percent = value * &Exact::from_int(100);
    let shown = rounded(&percent);
    let exactly = Exact::parse(&shown).is_ok_and(|exact| exact == percent);
    format!("{} {} {shown} %", value.to_fraction(), if exactly { "=" } else { "≈" })
}

/// `12.4`; a value that no decimal holds is broken off, with the fraction beside it:
/// `7550.7333… (113261/15)`.
fn amount_text(value: &Exact) -> String {
    let text = value.to_text();
    if text.contains('/') { format!("{}… ({text})", value.to_decimal(4, Rounding::Down)) } else { text }
}

/// To four decimals at most.
fn rounded(value: &Exact) -> String {
    let shown = value.to_decimal(4, Rounding::HalfUp);
    shown.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `12.40 EUR`, `30 to 80 EUR`, `5 EUR or more`, `unknown`.
pub(super) fn range_text(range: &Range, currency: Option<&str>) -> String {
    let unit = currency.map(|currency| format!(" {currency}")).unwrap_or_default();
    match &range.most {
        Some(most) if *most == range.least => format!("{}{unit}", amount_text(most)),
        Some(most) => format!("{} to {}{unit}", amount_text(&range.least), amount_text(most)),
        None if range.least.is_zero() => "unknown".to_owned(),
        None => format!("{}{unit} or more", amount_text(&range.least)),
    }
}

/// `100 %`, `60 %`, `0 to 100 %`.
pub(super) fn percent(fraction: &Fraction) -> String {
    let text = |part: &Exact| amount_text(&(part * &Exact::from_int(100)));
    if fraction.least == fraction.most {
        format!("{} %", text(&fraction.least))
    } else {
        format!("{} to {} %", text(&fraction.least), text(&fraction.most))
    }
}
