use filiera_model::{End, Exact};

/// How much of the votes is control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlRule {
    /// The part of the votes that has to be passed, 0 to 1.
    pub over: Exact,
    /// Whether that part itself is enough.
    pub inclusive: bool,
}

impl Default for ControlRule {
    /// More than half of the votes.
    fn default() -> Self {
        Self { over: Exact::ratio(1, 2).unwrap_or_default(), inclusive: false }
    }
}

impl ControlRule {
    /// Whether every value from this lower end up is enough.
    pub(crate) fn passes_above(&self, end: &End) -> bool {
        let Some(value) = &end.value else { return false };
        *value > self.over || (*value == self.over && (self.inclusive || end.open))
    }

    /// Whether some value up to this upper end is enough.
    pub(crate) fn passes_up_to(&self, end: &End) -> bool {
        let Some(value) = &end.value else { return true };
        *value > self.over || (*value == self.over && self.inclusive && !end.open)
    }
}
