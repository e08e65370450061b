use filiera_model::Day;

use crate::gather::{Gather, Spot};
use crate::json_text::Json;

use super::share::{self, Share};

/// One interest of a relationship.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Interest {
    pub(super) kind: Kind,
    /// How directly it is held; nothing where the statement leaves that open.
    pub(super) direct: Option<bool>,
    pub(super) share: Share,
    /// Whether it makes its holder a beneficial owner, alone or with others, as the publisher defines one.
    pub(super) is_beneficial: bool,
    /// The first day.
    pub(super) start: Option<Day>,
    /// The day from which it is no more.
    pub(super) end: Option<Day>,
}

macro_rules! kinds {
    ($($kind:ident = $code:literal),* $(,)?) => {
        /// The types of the standard.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Kind {
            $(#[doc = $code] $kind,)*
            /// `controlViaCompanyRulesOrArticles` whose details speak of a golden share or a veto.
            GoldenShare,
        }

        impl Kind {
            fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$kind),)* _ => None }
            }

            /// The code of the standard.
            pub(super) fn code(self) -> &'static str {
                match self { $(Self::$kind => $code,)* Self::GoldenShare => "controlViaCompanyRulesOrArticles" }
            }
        }
    };
}

kinds! {
    Shareholding = "shareholding",
    VotingRights = "votingRights",
    AppointmentOfBoard = "appointmentOfBoard",
    OtherInfluence = "otherInfluenceOrControl",
    SeniorManager = "seniorManagingOfficial",
    Settlor = "settlor",
    Trustee = "trustee",
    Protector = "protector",
    Beneficiary = "beneficiaryOfLegalArrangement",
    SurplusAssets = "rightsToSurplusAssetsOnDissolution",
    Profit = "rightsToProfitOrIncome",
    Contract = "rightsGrantedByContract",
    ConditionalContract = "conditionalRightsGrantedByContract",
    Articles = "controlViaCompanyRulesOrArticles",
    LegalFramework = "controlByLegalFramework",
    BoardMember = "boardMember",
    BoardChair = "boardChair",
    Unknown = "unknownInterest",
    Unpublished = "unpublishedInterest",
    UseOfAssets = "enjoymentAndUseOfAssets",
    IncomeFromAssets = "rightToProfitOrIncomeFromAssets",
    Nominee = "nominee",
    Nominator = "nominator",
}

/// What a type becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Becomes {
    /// A row of `interests` of this kind.
    Row(&'static str),
    /// The same; without a stated share it is more than half, because the type says that it decides.
    Deciding(&'static str),
    /// A seat in `appointments`.
    Seat,
    /// Nothing: it gives no part in the entity and no say.
    Nothing,
}

impl Kind {
    /// What a statement of this type becomes.
    pub(super) fn becomes(self) -> Becomes {
        match self {
            Self::Shareholding | Self::SurplusAssets | Self::Unknown | Self::Unpublished => {
                Becomes::Row("shares")
            }
            Self::VotingRights => Becomes::Row("votes"),
            Self::AppointmentOfBoard => Becomes::Deciding("board"),
            Self::LegalFramework => Becomes::Deciding("contract"),
            Self::GoldenShare => Becomes::Row("veto"),
            Self::OtherInfluence
            | Self::Articles
            | Self::Contract
            | Self::ConditionalContract
            | Self::Profit
            | Self::Settlor
            | Self::Trustee
            | Self::Protector
            | Self::Beneficiary
            | Self::Nominator => Becomes::Row("contract"),
            Self::BoardMember | Self::BoardChair | Self::SeniorManager => Becomes::Seat,
            Self::UseOfAssets | Self::IncomeFromAssets | Self::Nominee => Becomes::Nothing,
        }
    }

    /// The weight of what is held, where the statement gives a share: a share of profits or benefits is no
    /// share of the say, and what is granted on a condition, or of an unknown kind, may be nothing.
    pub(super) fn weight(self, share: &Share) -> Share {
        match self {
            _ if share.is_unknown() => share.clone(),
            Self::Profit | Self::Beneficiary => Share::default(),
            Self::ConditionalContract | Self::Unknown | Self::Unpublished => share.clone().or_nothing(),
            _ => share.clone(),
        }
    }

    /// Whether it is a seat among those who decide together, not one of a manager, who is written down where
    /// nobody else is known.
    pub(super) fn is_board(self) -> bool {
        matches!(self, Self::BoardMember | Self::BoardChair)
    }

    /// Whether the statement leaves open what is held.
    pub(super) fn is_unknown(self) -> bool {
        matches!(self, Self::Unknown | Self::Unpublished)
    }
}

/// An interest of which nothing is said but that there is one.
pub(super) fn unspecified() -> Interest {
    let (kind, share) = (Kind::Unknown, Share::default());
    Interest { kind, direct: None, share, is_beneficial: false, start: None, end: None }
}

pub(super) fn read(json: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Interest {
    let kind = json.text_of("type").and_then(Kind::from_code).unwrap_or(Kind::Unknown);
    let kind = match kind {
        Kind::Articles if is_veto(json.text_of("details").unwrap_or("")) => Kind::GoldenShare,
        other => other,
    };
    let day = |name: &str| json.text_of(name).and_then(|text| text.parse::<Day>().ok());
    Interest {
        kind,
        direct: match json.text_of("directOrIndirect") {
            Some("direct") => Some(true),
            Some("indirect") => Some(false),
            _ => None,
        },
        share: share::read(json, spot, gather),
        is_beneficial: json.get("beneficialOwnershipOrControl") == Some(&Json::Bool(true)),
        start: day("startDate"),
        end: day("endDate"),
    }
}

/// The standard has no code for a right to stop decisions, only its words.
fn is_veto(details: &str) -> bool {
    let details = details.to_lowercase();
    ["golden share", "golden power", "veto"].iter().any(|word| details.contains(word))
}
