use filiera_packs::Gap;

/// What no case shows, as a person reads it.
pub fn gap_text(gap: &Gap) -> String {
    match gap {
        Gap::Outcome { condition, outcome } => {
            format!(
                "no case shows `{condition}` {outcome}; add one, or an [[excuse]] that says why there is none"
            )
        }
        Gap::Value { parameter, from, from_memory, .. } => {
            let from = from.map_or_else(|| "without a first day".to_owned(), |day| format!("from {day}"));
            let memory = if *from_memory { " (from memory)" } else { "" };
            format!("no case reaches the value of `{parameter}` {from}{memory}")
        }
        Gap::IdleExcuse { condition, outcome, .. } => {
            format!("the excuse for `{condition}` {outcome} is idle: a case shows it")
        }
    }
}
