use filiera_model::{Day, Exact};

/// What a parameter of a pack holds, known before its value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParameterKind {
    /// A list of countries, as every zone is.
    Countries,
    /// A list of texts.
    Text,
    /// One number.
    Number,
    /// One number between 0 and 1.
    Share,
    /// One day.
    Day,
    /// True or false.
    Truth,
}

impl ParameterKind {
    /// Whether it can only follow `IN`.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Countries | Self::Text)
    }

    pub(crate) fn described(self) -> &'static str {
        match self {
            Self::Countries => "a list of countries",
            Self::Text => "a list of texts",
            Self::Number => "a number",
            Self::Share => "a share",
            Self::Day => "a day",
            Self::Truth => "true or false",
        }
    }
}

/// The value of a parameter or zone on the day a predicate is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterValue {
    /// Texts; for a list of countries and for a zone their alpha-2 codes. May be empty.
    Texts(Vec<String>),
    /// A number or a share.
    Number(Exact),
    /// A day.
    Day(Day),
    /// True or false.
    Truth(bool),
}

impl ParameterValue {
    pub(crate) fn described(&self) -> &'static str {
        match self {
            Self::Texts(_) => "a list",
            Self::Number(_) => "a number",
            Self::Day(_) => "a day",
            Self::Truth(_) => "true or false",
        }
    }
}
