use crate::Cycle;

/// Why a bill of materials cannot be walked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OriginError {
    /// Parts contain themselves. Every strongly connected group shows one cycle.
    #[error("part cycle in bill of materials: {}; remove one line of each, end its validity, or cut cycles", print(.cycles))]
    Cycles {
        /// The cycles, each starting at its smallest part id.
        cycles: Vec<Cycle>,
    },
    /// A line has no parent or no child.
    #[error("line {row} of the bill of materials names no {column}; fill the cell or remove the line")]
    NoPart {
        /// The row of the table, counted from 0.
        row: usize,
        /// `parent` or `child`.
        column: &'static str,
    },
    /// A line that has to be multiplied has no quantity above zero.
    #[error("the line `{parent}` → `{child}` has no quantity above zero; state how many go into one parent")]
    NoQuantity {
        /// The parent.
        parent: String,
        /// The child.
        child: String,
        /// The row of the table, counted from 0.
        row: u32,
    },
    /// A quantity has more decimals than a canonical table holds.
    #[error("quantity `{quantity}` of `{parent}` → `{child}` has more than 12 decimals; write fewer")]
    TooFine {
        /// The parent.
        parent: String,
        /// The child.
        child: String,
        /// The quantity.
        quantity: String,
    },
    /// More parts or lines than 32-bit places can number.
    #[error("{count} {what} are more than one graph holds (4294967294); split the bill of materials")]
    TooMany {
        /// `parts`, `lines` or `units`.
        what: &'static str,
        /// How many.
        count: usize,
    },
    /// Arrays handed in do not fit each other: our fault, never the user's.
    #[error("{what}: {found} where {expected} are needed")]
    Mismatch {
        /// What does not fit.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A column of part ids has a type that holds no text.
    #[error("part ids are `{found}`; they must be text, plain or by dictionary")]
    NotText {
        /// The Arrow type found.
        found: String,
    },
    /// A roll-up rule outside its limits.
    #[error("roll-up {what} `{value}` is not above 0 % and up to 100 %; write a share such as `70 %`")]
    RollUpRule {
        /// `threshold` or `step`.
        what: &'static str,
        /// The value.
        value: String,
    },
}

fn print(cycles: &[Cycle]) -> String {
    let one = |cycle: &Cycle| {
        let mut ids: Vec<String> = cycle.iter().map(|id| format!("`{id}`")).collect();
        ids.extend(ids.first().cloned());
        ids.join(" → ")
    };
    let shown: Vec<String> = cycles.iter().take(5).map(one).collect();
    match cycles.len().checked_sub(5) {
        None | Some(0) => shown.join("; "),
        Some(more) => format!("{}; and {more} more", shown.join("; ")),
    }
}
