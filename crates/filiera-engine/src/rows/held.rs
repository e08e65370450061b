use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{BooleanArray, Decimal128Array};
use filiera_model::{Bounds, Exact, Mark};
use filiera_ownership::{By, Holder, Party};
use filiera_tables::{ColumnKind, Population, SCALE, share_ranges};

use super::{RowInfo, Rows};
use crate::EngineError;
use crate::columns::Columns;
use crate::ground::Ground;
use crate::ownership::State;
use crate::subjects::Subjects;

/// What a row of `holdings` or `control` says beyond its columns.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// The state of the register that it is of.
    pub(crate) state: usize,
    /// Who holds or controls; nothing: somebody who is not listed.
    pub(crate) holder: Option<Party>,
    pub(crate) company: Party,
    /// Whether there is such a holding or controller at all.
    pub(crate) exists: Mark,
}

/// One row in the making.
struct Draft {
    held: Held,
    share: Option<Bounds>,
    votes: Option<Bounds>,
    direct: Option<bool>,
    ultimate: Option<bool>,
    jointly: Option<bool>,
    by: Option<&'static str>,
    steps: Option<u32>,
}

/// The holdings, or the controllers, of every company in these states of the register.
pub(crate) fn held_rows(
    ground: &Ground<'_>,
    population: Population,
    subjects: &Subjects,
    states: &BTreeSet<usize>,
) -> Result<Rows, EngineError> {
    let mut rows = Rows::new(subjects.len());
    let mut drafts = Vec::new();
    for place in states {
        let state = ground.ownership.at(*place);
        match population {
            Population::Control => add_controllers(&state, *place, &mut drafts),
            _ => add_holdings(&state, *place, &mut drafts),
        }
    }
    let mut columns = columns_of(ground, population, &drafts)?;
    ground.companies.join(&mut columns, ground.dossier)?;
    for (row, draft) in (0u32..).zip(drafts) {
        for own in subjects.all_of_row(&columns, row as usize) {
            if let Some(list) = rows.by_subject.get_mut(own as usize) {
                list.push(row);
            }
        }
        let register = ground.ownership.register();
        let holder = draft.held.holder.map_or("not listed", |party| register.name(party));
        let name = format!("{holder} · {}", register.name(draft.held.company));
        rows.infos.push(RowInfo { name, component: None, choice: None, place: None, held: Some(draft.held) });
    }
    rows.columns = columns;
    Ok(rows)
}

fn add_holdings(state: &State, place: usize, drafts: &mut Vec<Draft>) {
    for holding in state.snapshot.holdings() {
        let holder = match holding.owner {
            Holder::Party(party) => Some(party),
            Holder::Unlisted => None,
            // Nobody who could be asked about.
            Holder::Float | Holder::Loop(_) => continue,
        };
        let above_zero = |bounds: &Bounds| {
            let least = bounds.lower.value.as_ref();
            least.is_some_and(|least| least.is_positive() || (least.is_zero() && bounds.lower.open))
        };
        let surely = holder.is_some() && (above_zero(&holding.share) || above_zero(&holding.votes));
        let exists = if surely { Mark::Yes } else { Mark::Maybe };
        drafts.push(Draft {
            held: Held { state: place, holder, company: holding.company, exists },
            share: Some(holding.share),
            votes: Some(holding.votes),
            direct: Some(holding.direct),
            ultimate: holder.map(|_| holding.ultimate),
            jointly: None,
            by: None,
            steps: None,
        });
    }
}

fn add_controllers(state: &State, place: usize, drafts: &mut Vec<Draft>) {
    let control = state.control();
    for company in control.companies() {
        for found in control.controllers_of(company).into_iter().filter(|found| found.controls != Mark::No) {
            drafts.push(Draft {
                held: Held { state: place, holder: Some(found.party), company, exists: found.controls },
                share: None,
                votes: Some(found.votes),
                direct: None,
                ultimate: match found.ultimate {
                    Mark::Yes => Some(true),
                    Mark::No => Some(false),
                    Mark::Maybe => None,
                },
                jointly: Some(found.by == By::Jointly),
                by: Some(match found.by {
                    By::Votes => "votes",
                    By::Board => "board",
                    By::Contract => "contract",
                    By::Jointly => "jointly",
                }),
                steps: Some(found.steps),
            });
        }
        if control.may_be_anybody(company) {
            drafts.push(Draft {
                held: Held { state: place, holder: None, company, exists: Mark::Maybe },
                share: None,
                votes: None,
                direct: None,
                ultimate: None,
                jointly: None,
                by: None,
                steps: None,
            });
        }
    }
}

fn columns_of(ground: &Ground<'_>, population: Population, drafts: &[Draft]) -> Result<Columns, EngineError> {
    let register = ground.ownership.register();
    let mut columns = Columns::of_len(drafts.len());
    let holder = if population == Population::Control { "controller" } else { "owner" };
    let holders = drafts.iter().map(|draft| draft.held.holder.map(|party| register.name(party)));
    columns.push_texts(holder, ColumnKind::Text, holders);
    let companies = drafts.iter().map(|draft| Some(register.name(draft.held.company)));
    columns.push_texts("company", ColumnKind::Text, companies);
    let assets = drafts.iter().map(|draft| ground.companies.asset(register.name(draft.held.company)));
    columns.push_texts("asset", ColumnKind::Text, assets);
    let ranges = |of: fn(&Draft) -> Option<&Bounds>| share_ranges(drafts.iter().map(of));
    columns.push("share", ColumnKind::ShareRange, ranges(|draft| draft.share.as_ref())?);
    columns.push("votes", ColumnKind::ShareRange, ranges(|draft| draft.votes.as_ref())?);
    for (name, of) in [
        ("direct", (|draft| draft.direct) as fn(&Draft) -> Option<bool>),
        ("ultimate", |draft| draft.ultimate),
        ("jointly", |draft| draft.jointly),
    ] {
        let truths: BooleanArray = drafts.iter().map(of).collect();
        columns.push(name, ColumnKind::Truth, Arc::new(truths));
    }
    columns.push_texts("by", ColumnKind::Text, drafts.iter().map(|draft| draft.by));
    let step = |draft: &Draft| Exact::from_int(draft.steps?).to_unscaled(u32::from(SCALE));
    let steps: Decimal128Array = drafts.iter().map(step).collect();
    let steps = steps.with_precision_and_scale(38, SCALE.cast_signed())?;
    columns.push("steps", ColumnKind::Number, Arc::new(steps));
    Ok(columns)
}
