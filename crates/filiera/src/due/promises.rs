use std::collections::BTreeMap;
use std::sync::Arc;

use filiera_finding::{DueItem, DueKind};
use filiera_model::{Day, Verdict};
use filiera_packs::Pack;
use filiera_tables::{Dossier, Table, TableKind};

use super::Window;
use super::again::State;
use super::ending::{Ending, Told, Touches};

/// Commitments and grants that are due and not done, and the ends of the time they bind.
///
/// They touch a verdict only where some condition of `packs` asks their table.
pub(super) fn commitments(dossier: &Dossier, packs: &[Arc<Pack>], window: Window) -> Vec<Ending> {
    let mut endings = Vec::new();
    for (kind, due) in [(TableKind::Commitments, DueKind::Commitment), (TableKind::Grants, DueKind::Grant)] {
        let Some(table) = dossier.table(kind) else { continue };
        let touches = if is_asked(packs, kind) { Touches::Everybody } else { Touches::Nobody };
        let ending =
            |row, due, on| Ending { touches: touches.clone(), ..ending(dossier, table, row, due, on) };
        for row in 0..table.len() {
            let open = table.day("done_on", row).is_none_or(|done| done > window.on);
            let due_on = table.day("due_on", row).filter(|on| open && *on <= window.until);
            endings.extend(due_on.map(|on| ending(row, due, on)));
            let horizon = table.day("horizon", row).filter(|on| window.is_near(*on));
            endings.extend(horizon.map(|on| ending(row, DueKind::Horizon, on)));
        }
    }
    endings
}

fn ending(dossier: &Dossier, table: &Table, row: usize, kind: DueKind, on: Day) -> Ending {
    let what = table.number("amount", row).map(|amount| match &dossier.currency {
        Some(currency) => format!("{amount} {currency}"),
        None => amount.to_text(),
    });
    let name = if table.kind() == TableKind::Grants { "grant" } else { "commitment" };
    let item = Told { kind, name, party: "party", what }.of(dossier, table, row);
    Ending { on, item, touches: Touches::Nobody }
}

fn is_asked(packs: &[Arc<Pack>], kind: TableKind) -> bool {
    let conditions = packs.iter().flat_map(|pack| &pack.conditions);
    let mut populations = conditions.filter_map(|condition| condition.form.of());
    populations.any(|of| of.value == kind.name())
}

/// Subjects of each verdict.
type Standing = BTreeMap<Verdict, u64>;

/// The days on which targets of the law fall due; one that has passed is overdue while somebody it
/// speaks about does not meet it.
pub(super) fn targets(today: &State, window: Window) -> Vec<Ending> {
    let mut targets: BTreeMap<(&str, &str), (Day, Standing)> = BTreeMap::new();
    for (name, on) in &today.due {
        let Some(verdicts) = today.verdicts.get(name) else { continue };
        let (pack, condition, _) = name;
        let entry = targets.entry((pack, condition)).or_insert_with(|| (*on, BTreeMap::new()));
        *entry.1.entry(verdicts.range).or_default() += 1;
    }
    let near = targets.into_iter().filter(|(_, (on, standing))| {
        let open = standing.keys().any(|verdict| !matches!(verdict, Verdict::Met | Verdict::NotApplicable));
        window.is_near(*on) || (*on < window.on && open)
    });
    let ending = |((pack, condition), (on, standing)): ((&str, &str), (Day, _))| Ending {
        on,
        item: DueItem {
            kind: DueKind::Target,
            name: format!("{pack}#{condition}"),
            party: None,
            what: None,
            document: None,
            place: None,
            standing,
        },
        touches: Touches::Nobody,
    };
    near.map(ending).collect()
}
