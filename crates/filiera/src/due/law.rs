use std::collections::BTreeMap;
use std::sync::Arc;

use filiera_finding::{DueItem, DueKind};
use filiera_model::Day;
use filiera_packs::{DatedValue, Pack, Parameter};

use super::Window;
use super::ending::{Ending, Touches};
use crate::check::Dossier;

/// Dated values of the law that end in the window, each with what comes after.
pub(super) fn values(dossier: &Dossier, window: Window) -> Vec<Ending> {
    let law_as_of = dossier.settings.law_as_of;
    let mut endings = Vec::new();
    for pack in &dossier.packs.packs {
        for parameter in pack.parameters.values() {
            let last_days = parameter.changes(law_as_of).into_iter().map(Day::previous);
            let near = last_days.filter(|on| window.is_near(*on));
            endings.extend(near.filter_map(|on| change(pack, parameter, law_as_of, on)));
        }
    }
    endings
}

fn change(pack: &Pack, parameter: &Parameter, law_as_of: Day, on: Day) -> Option<Ending> {
    let value = |day| parameter.value_on(law_as_of, day).ok();
    let (old, new) = (value(on), value(on.next()));
    let text =
        |value: Option<&DatedValue>| value.map_or_else(|| "none".to_owned(), |value| value.text.clone());
    let (before, after) = (text(old), text(new));
    if before == after {
        return None;
    }
    let item = DueItem {
        kind: DueKind::Law,
        name: format!("{}#{}", pack.id, parameter.name),
        party: None,
        what: Some(format!("{before} → {after}")),
        document: None,
        place: new.or(old).map(|value| value.cite.clone()),
        standing: BTreeMap::new(),
    };
    Some(Ending { on, item, touches: Touches::Everybody })
}

/// The packs with only what was known of them on a day, so that another day can be judged by the law
/// as known on this one.
pub(super) fn known(packs: &[Arc<Pack>], law_as_of: Day) -> Vec<Arc<Pack>> {
    packs.iter().map(|pack| Arc::new(known_of(pack, law_as_of))).collect()
}

/// The day no clock reaches.
const NEVER: i32 = i32::MAX;

fn known_of(pack: &Pack, law_as_of: Day) -> Pack {
    let mut pack = pack.clone();
    for value in pack.parameters.values_mut().flat_map(|parameter| &mut parameter.values) {
        value.published = (!value.is_known_on(law_as_of)).then(|| Day::from_days(NEVER));
        value.repealed_on = None;
    }
    pack
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACK: &str = r#"
[pack]
title = "steps"
status = "enacted"

[parameter.share]
unit = "share"
values = [
    { from = 2026-01-01, value = "50 %", published = 2025-06-01, repealed_on = 2026-06-01, cite = "art. 1" },
    { from = 2026-01-01, value = "60 %", published = 2026-06-01, cite = "art. 2" },
]

[condition.content]
title = "share"
per = "vehicle"
share = { of = "components", weigh = "value", where = "origin = 'IT'" }
at_least = "$share"
"#;

    #[test]
    fn what_was_known_on_one_day_is_known_on_every_day() {
        let pack = Arc::new(Pack::parse("p", "p.toml", PACK).unwrap());
        let day = |text: &str| text.parse::<Day>().unwrap();
        for (known_on, expected) in [("2026-05-31", "50 %"), ("2026-06-01", "60 %")] {
            let frozen = known(std::slice::from_ref(&pack), day(known_on));
            for asked in ["2024-01-01", "2026-03-01", "2030-01-01"] {
                let value = frozen[0].parameters["share"].value_on(day(asked), day("2026-02-01")).unwrap();
                assert_eq!(value.text, expected, "{known_on} {asked}");
            }
        }
    }
}
