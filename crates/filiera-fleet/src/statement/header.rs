//! What a statement says of itself.

use std::sync::Arc;

use filiera_engine::{Settings, Stated};
use filiera_packs::Pack;

use super::{Dialect, Wanted};

/// Comments: what comes out, over which tables, by which law.
pub(super) fn header(stated: &Stated, packs: &[Arc<Pack>], settings: &Settings, wanted: &Wanted) -> String {
    let reading = stated.reading.as_ref().map(|reading| format!(", reading {reading}")).unwrap_or_default();
    let mut lines = vec![
        format!("{}#{}{reading}", stated.pack, stated.condition),
        stated.title.replace('\n', " "),
        String::new(),
        "Gives of each vehicle the verdict on the range (all that the evidence allows), the legal verdict"
            .to_owned(),
        "(once the law has said what an unknown counts for), and the ends of both as fractions, top over"
            .to_owned(),
        "bottom; an end that is null is no limit, or was never computed. A verdict that is null: a row of"
            .to_owned(),
        "`installed` was not there when the tables were judged, or another one was; export them again."
            .to_owned(),
        String::new(),
        format!(
            "Over installed, judged_vehicles, judged_rows, judged_kinds, judged_cohorts, judged_members and {}",
            place(wanted)
        ),
        format!("The law as known on {}, papers signed up to {}:", settings.law_as_of, settings.facts_as_of),
    ];
    for pack in packs {
        lines.push(format!("  {} ({}), {}", pack.id, pack.status.name(), pack.hash));
    }
    lines
        .iter()
        .map(|line| format!("-- {line}\n").replace("--  \n", "--\n").replace("-- \n", "--\n"))
        .collect()
}

fn place(wanted: &Wanted) -> &'static str {
    match (&wanted.folder, wanted.dialect) {
        (Some(_), Dialect::DuckDb) => "judged_settled,\n-- read from the files that `filiera export` wrote.",
        _ => "judged_settled,\n-- loaded from the files that `filiera export` writes.",
    }
}
