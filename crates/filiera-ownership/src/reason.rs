/// Why papers do not name who holds a company, or who an owner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// The company is traded on a market, so that it need not name its owners.
    ExemptListed,
    /// The company need not name its owners, for another reason or for one that is not stated.
    ExemptCompany,
    /// The owner need not be named: a child, a protected person.
    ExemptOwner,
    /// Somebody knows the owner and does not publish it.
    NotPublished,
    /// There is nobody whom the law wants declared, which is not the same as nobody.
    NobodyToDeclare,
    /// The owners are people, whoever they are.
    People,
    /// Those who should know do not know, or have not answered.
    Unknown,
}

/// The codes that outside formats write into the column `reason`, with what they mean.
const CODES: [(&str, Reason); 22] = [
    // Beneficial Ownership Data Standard, codelist `unspecifiedReason`.
    ("noBeneficialOwners", Reason::NobodyToDeclare),
    ("subjectUnableToConfirmOrIdentifyBeneficialOwner", Reason::Unknown),
    ("interestedPartyHasNotProvidedInformation", Reason::Unknown),
    ("subjectExemptFromDisclosure", Reason::ExemptCompany),
    ("interestedPartyExemptFromDisclosure", Reason::ExemptOwner),
    ("informationUnknownToPublisher", Reason::Unknown),
    ("unknown", Reason::Unknown),
    // Persons with significant control. The register itself writes `signficant`.
    ("super-secure", Reason::NotPublished),
    ("no-individual-or-entity-with-signficant-control", Reason::NobodyToDeclare),
    ("no-individual-or-entity-with-significant-control", Reason::NobodyToDeclare),
    ("disclosure-transparency-rules-chapter-five-applies", Reason::ExemptListed),
    ("exempt", Reason::ExemptCompany),
    // LEI reporting exceptions: why no parent is named.
    ("NATURAL_PERSONS", Reason::People),
    ("NO_KNOWN_PERSON", Reason::NobodyToDeclare),
    ("NON_PUBLIC", Reason::NotPublished),
    ("BINDING_LEGAL_COMMITMENTS", Reason::NotPublished),
    ("LEGAL_OBSTACLES", Reason::NotPublished),
    ("CONSENT_NOT_OBTAINED", Reason::NotPublished),
    ("DISCLOSURE_DETRIMENTAL", Reason::NotPublished),
    ("DETRIMENT_NOT_EXCLUDED", Reason::NotPublished),
    ("NON_CONSOLIDATING", Reason::NotPublished),
    ("NO_LEI", Reason::NotPublished),
];

impl Reason {
    /// What a code of the column `reason` means; a code that is not known says only that it is unknown.
    pub fn of(code: &str) -> Self {
        // Every exemption of that register is one of companies on a market.
        if code.starts_with("psc-exempt") {
            return Self::ExemptListed;
        }
        CODES.iter().find(|(known, _)| *known == code).map_or(Self::Unknown, |(_, reason)| *reason)
    }

    /// The reason in a few words: `exempt: listed company`.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::ExemptListed => "exempt: listed company",
            Self::ExemptCompany => "exempt: the company need not name its owners",
            Self::ExemptOwner => "exempt: the owner need not be named",
            Self::NotPublished => "not published",
            Self::NobodyToDeclare => "no owner who must be declared",
            Self::People => "people who are not named",
            Self::Unknown => "unknown to those who should name them",
        }
    }

    /// Whether the company, and not the owner, is the one that need not say.
    pub(crate) fn is_of_company(self) -> bool {
        matches!(self, Self::ExemptListed | Self::ExemptCompany)
    }
}
