use filiera_model::Exact;

use crate::{Score, Spanned, Sql};

/// The question a condition puts to its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Marked weight over all weight, or over a declared total.
    Share(Box<Share>),
    /// The sum of the marked weights.
    Total(Sum),
    /// The number of marked rows.
    Count(Rows),
    /// One sum of named totals over another.
    Ratio(Ratio),
    /// The sum of the squared shares of groups.
    Concentration(Concentration),
    /// The points of each row's criteria, ranked; met for the row that has the most.
    Score(Box<Score>),
    /// Met when every row in scope is marked; the predicate is always there.
    Every(Rows),
    /// Met when no row in scope is marked.
    None(Rows),
    /// Met when some row in scope is marked.
    Any(Rows),
    /// Met when every member is.
    AllOf(Vec<Spanned<MemberRef>>),
    /// Met when some member is.
    AnyOf(Vec<Spanned<MemberRef>>),
    /// Met when so many members are.
    NOf(NOf),
    /// Met when the member is not.
    Not(Spanned<MemberRef>),
}

/// `share`: marked weight over all weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The population.
    pub of: Spanned<String>,
    /// What a row weighs.
    pub weigh: Spanned<Weigh>,
    /// Which rows count above the line.
    pub mark: ShareMark,
    /// What tells them apart, the greatest part counting; nothing: they count together.
    pub by: Option<Spanned<Apart>>,
    /// Which rows count at all; nothing: every row.
    pub among: Option<Sql>,
    /// The basis of the prices; only with [`Weigh::Value`]; nothing: `unit_value`.
    pub basis: Option<Spanned<String>>,
    /// The total below the line; nothing: the weight of all rows in scope.
    pub of_total: Option<OfTotal>,
    /// How purchased sub-assemblies count.
    pub method: Method,
    /// What a sub-assembly's own share becomes.
    pub roll_up: Option<RollUp>,
    /// The subject's column that names the day currencies convert at; nothing: `dated_by`.
    pub convert_on: Option<Spanned<String>>,
}

/// Which rows of a share count above the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShareMark {
    /// Every row; only with a declared total.
    All,
    /// The rows of which the predicate (`where`) is true.
    Where(Sql),
    /// The rows of one country of origin, for the country that fares worst (`by = "origin"`).
    ByOrigin,
}

/// What tells the marked rows of a share apart (`by`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Apart {
    /// The values of this column: a row counts for the value it has, and perhaps for any when it has none.
    Column(String),
    /// The values of this parameter, a list (`$name`): the rows are marked anew for each of them, the
    /// parameter holding that value alone.
    Each(String),
}

/// `total`: a sum of weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The population.
    pub of: Spanned<String>,
    /// What a row weighs.
    pub weigh: Spanned<Weigh>,
    /// Which rows count (`where`); nothing: every row in scope.
    pub mark: Option<Sql>,
    /// Which rows are in scope; nothing: every row.
    pub among: Option<Sql>,
    /// The basis of the prices; only with [`Weigh::Value`]; nothing: `unit_value`.
    pub basis: Option<Spanned<String>>,
    /// The subject's column that names the day currencies convert at; nothing: `dated_by`.
    pub convert_on: Option<Spanned<String>>,
    /// How a law counts what is held through others; only of `holdings`, by `share` or `votes`.
    pub attribution: Option<Attribution>,
    /// The column whose values are judged each by itself, the greatest of them counting: what the owners of
    /// one country hold; only of `holdings`, by `share` or `votes`.
    pub by: Option<Spanned<String>>,
}

/// How a law counts what is held through others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// A company of which the marked owners hold at least this part counts in full.
    pub full_at: Exact,
    /// What a company below that counts for.
    pub below: AttributionBelow,
}

/// What a company counts for of which the marked owners hold too little to count in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributionBelow {
    /// Its holdings times the part that is held of it.
    Product,
    /// Nothing.
    Nothing,
}

/// `count`, `every`, `none`, `any`: rows, marked or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The population.
    pub of: Spanned<String>,
    /// Which rows are marked (`where`); nothing: every row in scope.
    pub mark: Option<Sql>,
    /// Which rows are in scope; nothing: every row.
    pub among: Option<Sql>,
}

/// `ratio`: totals over totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// The population.
    pub of: Spanned<String>,
    /// What a row weighs.
    pub weigh: Spanned<Weigh>,
    /// The named totals: the weight of the rows of which the predicate is true, in the order of the
    /// file.
    pub totals: Vec<(Spanned<String>, Sql)>,
    /// The terms above the line; each names one of `totals`.
    pub top: Vec<Term>,
    /// The terms below the line; each names one of `totals`.
    pub bottom: Vec<Term>,
    /// Which rows are in scope; nothing: every row.
    pub among: Option<Sql>,
    /// The basis of the prices; only with [`Weigh::Value`]; nothing: `unit_value`.
    pub basis: Option<Spanned<String>>,
    /// The subject's column that names the day currencies convert at; nothing: `dated_by`.
    pub convert_on: Option<Spanned<String>>,
}

/// `concentration`: how far the weight lies with few. Each group's marked weight over the weight of all
/// rows in scope, squared, summed over the groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concentration {
    /// The population.
    pub of: Spanned<String>,
    /// What a row weighs.
    pub weigh: Spanned<Weigh>,
    /// The column whose values are the groups.
    pub by: Spanned<String>,
    /// Which rows belong to a group (`where`); nothing: every row in scope. The others weigh in the
    /// whole only.
    pub mark: Option<Sql>,
    /// Which rows are in scope; nothing: every row.
    pub among: Option<Sql>,
    /// The basis of the prices; only with [`Weigh::Value`]; nothing: `unit_value`.
    pub basis: Option<Spanned<String>>,
    /// The subject's column that names the day currencies convert at; nothing: `dated_by`.
    pub convert_on: Option<Spanned<String>>,
}

/// `n_of`: a number of members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NOf {
    /// How many must be met: one or more, and no more than there are members.
    pub at_least: Spanned<usize>,
    /// The members.
    pub members: Vec<Spanned<MemberRef>>,
}

/// One term of a ratio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The total's name.
    pub name: Spanned<String>,
    /// Whether it is subtracted.
    pub minus: bool,
}

/// What a row weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Weigh {
    /// Its value in money.
    Value,
    /// Its mass in kilograms.
    Mass,
    /// Its number of pieces.
    Count,
    /// What this numeric column says.
    Column(String),
}

/// The declared total a share is taken of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfTotal {
    /// The total.
    pub total: Spanned<Total>,
    /// What the difference between the total and the lines' sum counts as.
    pub remainder: Spanned<Remainder>,
}

/// Where a declared total comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Total {
    /// This numeric column of the subject.
    Column(String),
    /// This number, in the weight's unit; above zero.
    Number(Exact),
}

/// What the part of a declared total that no line explains counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remainder {
    /// Marked.
    Yes,
    /// Not marked.
    No,
    /// Either.
    Maybe,
}

/// How purchased sub-assemblies count in a share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// As their own declaration says.
    #[default]
    AsSupplied,
    /// Value added at every level below counts where it was added.
    Traced,
    /// Those that reach [`RollUp::at`] count whole.
    RolledUp,
}

/// What the share of a sub-assembly becomes: whole from `at` on, and `below` under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollUp {
    /// The share from which it counts whole.
    pub at: Spanned<Exact>,
    /// What it counts below that.
    pub below: Spanned<Below>,
}

/// What a sub-assembly counts below the roll-up threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Below {
    /// Nothing.
    Zero,
    /// Its own share.
    Share,
    /// Its own share to the nearest multiple of this step, ties up.
    Nearest(Exact),
}

/// A condition of this pack or of another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberRef {
    /// The other pack's id; nothing: this pack.
    pub pack: Option<String>,
    /// The condition's name there.
    pub condition: String,
}

impl Form {
    /// The key a pack uses: `share`, `total`, `all_of`, ….
    pub fn name(&self) -> &'static str {
        match self {
            Self::Share(_) => "share",
            Self::Total(_) => "total",
            Self::Count(_) => "count",
            Self::Ratio(_) => "ratio",
            Self::Concentration(_) => "concentration",
            Self::Score(_) => "score",
            Self::Every(_) => "every",
            Self::None(_) => "none",
            Self::Any(_) => "any",
            Self::AllOf(_) => "all_of",
            Self::AnyOf(_) => "any_of",
            Self::NOf(_) => "n_of",
            Self::Not(_) => "not",
        }
    }

    /// The population asked; nothing for compositions.
    pub fn of(&self) -> Option<&Spanned<String>> {
        match self {
            Self::Share(share) => Some(&share.of),
            Self::Total(sum) => Some(&sum.of),
            Self::Ratio(ratio) => Some(&ratio.of),
            Self::Concentration(concentration) => Some(&concentration.of),
            Self::Score(score) => Some(&score.of),
            Self::Count(rows) | Self::Every(rows) | Self::None(rows) | Self::Any(rows) => Some(&rows.of),
            Self::AllOf(_) | Self::AnyOf(_) | Self::NOf(_) | Self::Not(_) => None,
        }
    }

    /// What a row weighs, for the forms that weigh rows.
    pub fn weigh(&self) -> Option<&Weigh> {
        match self {
            Self::Share(share) => Some(&share.weigh.value),
            Self::Total(sum) => Some(&sum.weigh.value),
            Self::Ratio(ratio) => Some(&ratio.weigh.value),
            Self::Concentration(of) => Some(&of.weigh.value),
            _ => None,
        }
    }

    /// The members of a composition, and those that give points; none for the other forms.
    pub fn members(&self) -> &[Spanned<MemberRef>] {
        match self {
            Self::AllOf(members) | Self::AnyOf(members) => members,
            Self::NOf(of) => &of.members,
            Self::Score(score) => &score.members,
            Self::Not(member) => std::slice::from_ref(member),
            _ => &[],
        }
    }

    /// Whether it is made of other conditions.
    pub fn is_composition(&self) -> bool {
        self.of().is_none()
    }

    /// The predicates over the population's rows: the scope, the mark, the named totals.
    pub fn predicates(&self) -> Vec<&Sql> {
        match self {
            Self::Share(share) => {
                let mark = if let ShareMark::Where(mark) = &share.mark { Some(mark) } else { None };
                share.among.iter().chain(mark).collect()
            }
            Self::Total(sum) => sum.among.iter().chain(&sum.mark).collect(),
            Self::Score(score) => score.predicates().collect(),
            Self::Concentration(of) => of.among.iter().chain(&of.mark).collect(),
            Self::Ratio(ratio) => ratio.among.iter().chain(ratio.totals.iter().map(|(_, sql)| sql)).collect(),
            Self::Count(rows) | Self::Every(rows) | Self::None(rows) | Self::Any(rows) => {
                rows.among.iter().chain(&rows.mark).collect()
            }
            Self::AllOf(_) | Self::AnyOf(_) | Self::NOf(_) | Self::Not(_) => Vec::new(),
        }
    }
}

impl Sum {
    /// Whether it adds up parts of companies, so that its value is a share.
    pub fn is_of_companies(&self) -> bool {
        self.of.value == "holdings"
            && matches!(&self.weigh.value, Weigh::Column(column) if column == "share" || column == "votes")
    }
}

impl Weigh {
    /// The text a pack uses: `value`, `mass`, `count` or the column.
    pub fn name(&self) -> &str {
        match self {
            Self::Value => "value",
            Self::Mass => "mass",
            Self::Count => "count",
            Self::Column(column) => column,
        }
    }
}

impl Remainder {
    /// Every answer.
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::Maybe];

    /// The stable name: `yes`, `no`, `maybe`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Maybe => "maybe",
        }
    }
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 3] = [Self::AsSupplied, Self::Traced, Self::RolledUp];

    /// The stable name: `as-supplied`, `traced`, `rolled-up`.
    pub fn name(self) -> &'static str {
        match self {
            Self::AsSupplied => "as-supplied",
            Self::Traced => "traced",
            Self::RolledUp => "rolled-up",
        }
    }
}

impl MemberRef {
    /// Reads `name` or `pack-id#name`.
    pub fn parse(text: &str) -> Self {
        match text.split_once('#') {
            Some((pack, condition)) => Self { pack: Some(pack.to_owned()), condition: condition.to_owned() },
            None => Self { pack: None, condition: text.to_owned() },
        }
    }
}

impl std::fmt::Display for MemberRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.pack {
            Some(pack) => write!(f, "{pack}#{}", self.condition),
            None => f.write_str(&self.condition),
        }
    }
}
