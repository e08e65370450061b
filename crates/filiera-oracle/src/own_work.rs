use crate::Price;
use crate::origins::{Item, Number};
use crate::structure::{Built, Row};
use crate::supplied::Looking;

/// What one of a part that was opened consists of, own work of stated parts inside it included.
fn consists_of(looking: &Looking<'_>, part: usize) -> Option<Number> {
    let built = &looking.built;
    let mut sum = Number::from(0);
    for line in built.lines(part) {
        let has_price = looking.scenario.parts[line.child].price != Price::Missing;
        let each = if !built.is_opened(line.child) {
            looking.value(line.child)?
        } else if has_price && !built.is_phantom(line.child) {
            looking.world.prices[&line.child]
        } else {
            consists_of(looking, line.child)?
        };
        sum += each * i128::from(line.quantity);
    }
    Some(sum)
}

/// One row for every made part that states a value, and for the root if it does.
pub(crate) fn own_work_rows(built: &Built<'_>, root: usize) -> Vec<Row> {
    let stated = built.opened(root).into_iter().filter(|(part, _)| {
        (*part == root || built.is_made(*part)) && built.scenario.parts[*part].price != Price::Missing
    });
    let row = |(part, quantity)| Row {
        item: Item { part, supplier: None, lot: None },
        quantity,
        is_own_work: true,
        received_on: None,
    };
    stated.map(row).collect()
}

/// What was added to all of a part: its value less what it consists of. Nothing when that would be
/// below zero: then these prices cannot all be true.
pub(crate) fn own_work(looking: &Looking<'_>, row: &Row) -> Option<Number> {
    let each = looking.world.prices[&row.item.part] - consists_of(looking, row.item.part)?;
    (each >= Number::from(0)).then(|| each * i128::from(row.quantity))
}
