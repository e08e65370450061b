//! Who owns and who controls companies on one day.

mod json;

use filiera_model::{Bounds, Country, Day, Exact, Mark};

/// Who owns and controls companies on one day.
///
/// Its JSON is versioned `filiera.holding/1`: one object per holder and company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// The dossier's title.
    pub title: String,
    /// The day asked for.
    pub on: Day,
    /// What the papers hold that day.
    pub counts: OwnershipCounts,
    /// The companies asked for, or the first of all, in the order of their ids.
    pub companies: Vec<CompanyOwned>,
    /// How many companies are left out.
    pub left: u64,
    /// SHA-256 of the canonical evidence.
    pub evidence_hash: String,
}

/// What the papers hold on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnershipCounts {
    /// Parties of all days, those that are one counted once.
    pub parties: u64,
    /// Companies in which somebody is listed.
    pub companies: u64,
    /// Stakes, each once however often it is stated.
    pub stakes: u64,
    /// The first day of the next statement, where there is none in force.
    pub first_day: Option<Day>,
    /// How the companies end, where they were all asked.
    pub ends: Option<EndCounts>,
}

/// How many companies end in which way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndCounts {
    /// Companies whose ultimate controllers are known, by the country of the first: nothing where it is
    /// not stated. In the order of the codes.
    pub controlled: Vec<(Option<Country>, u64)>,
    /// Companies that nobody controls.
    pub nobody: u64,
    /// Companies of which it cannot be told.
    pub unknown: u64,
}

/// A party as a report names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartyShown {
    /// The id, as in the papers.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// The country of its seat.
    pub country: Option<Country>,
    /// A natural person or a state.
    pub is_person: bool,
    /// Traded on a market.
    pub is_listed: bool,
    /// Why it stands for somebody who is not named, where it does.
    pub unnamed: Option<String>,
    /// The agreements in concert it is a member of.
    pub pacts: Vec<String>,
}

/// One company: who controls it in the end, who holds it, and by which ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyOwned {
    /// The company.
    pub company: PartyShown,
    /// The end of its chains of control.
    pub end: InTheEnd,
    /// Parties first, the greatest share first; then loops, the float, and what is not listed.
    pub holders: Vec<HolderShown>,
    /// The stakes of the company and of all companies above it, by company and owner.
    pub stakes: Vec<StakeShown>,
    /// The parties of those stakes, by id; the company among them.
    pub parties: Vec<PartyShown>,
    /// What is not listed of the company and of companies above it.
    pub remainders: Vec<Remainder>,
    /// Rights to stop decisions without taking them.
    pub vetoes: Vec<VetoShown>,
    /// What was done with statements so that nothing counts twice.
    pub remarks: Vec<String>,
    /// What cannot be true, so that there is no answer.
    pub conflicts: Vec<String>,
}

/// Who stands at the end of a company's chains of control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InTheEnd {
    /// What is known.
    pub state: EndState,
    /// Those who surely control the company; where the end is known, nobody controls them.
    pub controllers: Vec<PartyShown>,
    /// Those who may control it in the end beside them.
    pub candidates: Vec<PartyShown>,
    /// Whether the controllers do so together only.
    pub jointly: bool,
    /// Whether there are several and each of them controls the others: nobody stands above a ring.
    pub each_other: bool,
    /// The parties between a single controller and the company, from its own end.
    pub through: Vec<PartyShown>,
    /// Why it cannot be told, as sentences.
    pub why: Vec<String>,
    /// One missing fact that would tell.
    pub decides: Option<Deciding>,
}

/// What is known of the end of a chain of control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EndState {
    /// The controllers are known.
    Controlled,
    /// Nobody controls the company.
    Nobody,
    /// It cannot be told.
    Unknown,
}

/// Who holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolderKind {
    /// A party.
    Party(PartyShown),
    /// Companies that own each other entirely, so that nobody owns them.
    Loop(Vec<PartyShown>),
    /// Owners whom nobody names: what complete lists leave.
    Float,
    /// Owners who are not listed, of the company or of one above it.
    Unlisted,
}

/// What one holder has of one company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderShown {
    /// Who.
    pub holder: HolderKind,
    /// The part of the capital in the end, all ways added up and cycles solved.
    pub share: Bounds,
    /// The part of the votes cast by the holder and by what it controls.
    pub votes: Bounds,
    /// Whether the holder is listed as an owner of the company itself.
    pub is_direct: bool,
    /// Whether nobody is listed with a part of the holder's capital.
    pub is_end: bool,
    /// Whether it controls the company, alone or with others in concert; of what is not listed: whether
    /// somebody there may.
    pub controls: Mark,
    /// By what: `votes`, `board`, `contract` or `jointly`.
    pub by: Option<&'static str>,
    /// The others of a concert.
    pub with: Vec<PartyShown>,
    /// The part of the votes that the concert casts, where it controls jointly.
    pub together: Option<Bounds>,
    /// The parties through which it controls the company, from its own end.
    pub through: Vec<PartyShown>,
    /// Whether it controls the company and nobody in turn controls it.
    pub ultimate_controller: Mark,
    /// The ways from the holder to the company, the greatest product first.
    pub chains: Vec<ChainShown>,
    /// Whether there are more ways.
    pub more_chains: bool,
    /// Facts that alone would settle whether it controls the company.
    pub decides: Vec<Deciding>,
}

/// One way from a holder to a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainShown {
    /// The links, from the holder's end.
    pub links: Vec<LinkShown>,
    /// The product of their shares; nothing where a link is no part of the capital.
    pub product: Option<Bounds>,
    /// What going round cycles multiplies the product by, where it is known and not 1: one over one
    /// minus the loop.
    pub loops: Option<Exact>,
}

/// One link of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkShown {
    /// Who holds.
    pub owner: PartyShown,
    /// In which company.
    pub company: PartyShown,
    /// `shares`, `votes`, `board` or `contract`.
    pub kind: &'static str,
    /// Which part.
    pub share: Bounds,
    /// Whether it may be held through others.
    pub is_indirect: bool,
    /// The rows that say so.
    pub sources: Vec<StakeSource>,
}

/// Where a stake is stated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StakeSource {
    /// `file, row N`.
    pub place: String,
    /// The paper, or the statement's id.
    pub document: Option<String>,
}

/// What one owner holds itself in one company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StakeShown {
    /// The owner's id.
    pub owner: String,
    /// The company's id.
    pub company: String,
    /// `shares`, `votes`, `board`, `veto` or `contract`.
    pub kind: &'static str,
    /// The part of the capital, or of what the kind gives.
    pub share: Bounds,
    /// The part of the votes, where it differs.
    pub votes: Option<Bounds>,
    /// Whether it may be held through others.
    pub is_indirect: bool,
}

/// What is not listed of one company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remainder {
    /// The company.
    pub company: PartyShown,
    /// The part.
    pub share: Bounds,
    /// Whether the list is declared complete, so that it belongs to nobody who is named.
    pub is_float: bool,
}

/// A right to stop decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VetoShown {
    /// Who has it.
    pub party: PartyShown,
    /// Whether it is in force.
    pub holds: Mark,
    /// The rows that say so.
    pub sources: Vec<StakeSource>,
}

/// A fact that alone would settle whether a party controls a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// Whose control.
    pub party: PartyShown,
    /// What is not known.
    pub fact: DecidingFact,
    /// What it would settle: yes or no; maybe: either, whichever it says.
    pub becomes: Mark,
}

/// A missing fact, and which of its values settle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a handful at a time")]
pub enum DecidingFact {
    /// The exact share of an owner in a company.
    Share {
        /// Who holds.
        owner: PartyShown,
        /// In which company.
        company: PartyShown,
        /// What is possible.
        known: Bounds,
        /// Values that settle: from one end of what is possible.
        settles: Bounds,
        /// The rows that say what is known.
        sources: Vec<StakeSource>,
    },
    /// That nobody else holds votes in a company.
    Complete {
        /// The company.
        company: PartyShown,
    },
    /// Who appointed a seat of a board.
    Seat {
        /// The company.
        company: PartyShown,
        /// The seat.
        seat: String,
    },
    /// That a company's board has no other seats than those that are listed.
    Board {
        /// The company.
        company: PartyShown,
    },
    /// Who holds a party, or that it is a person or a state, whom nobody owns.
    Holders {
        /// The party.
        party: PartyShown,
    },
}

impl PartyShown {
    /// The name, or the id where there is none.
    pub fn called(&self) -> &str {
        self.name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(&self.id)
    }
}

impl EndState {
    /// The stable name: `controlled`, `nobody` or `unknown`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Controlled => "controlled",
            Self::Nobody => "nobody",
            Self::Unknown => "unknown",
        }
    }
}

impl HolderKind {
    /// The stable name: `party`, `loop`, `float` or `unlisted`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Party(_) => "party",
            Self::Loop(_) => "loop",
            Self::Float => "float",
            Self::Unlisted => "unlisted",
        }
    }

    /// The id of a party; else what stands for it: `loop:A+B`, `float`, `unlisted`.
    pub fn id(&self) -> String {
        match self {
            Self::Party(party) => party.id.clone(),
            Self::Loop(members) => {
                let ids: Vec<&str> = members.iter().map(|one| one.id.as_str()).collect();
                format!("loop:{}", ids.join("+"))
            }
            Self::Float | Self::Unlisted => self.name().to_owned(),
        }
    }

    /// The party, where it is one.
    pub fn party(&self) -> Option<&PartyShown> {
        match self {
            Self::Party(party) => Some(party),
            _ => None,
        }
    }
}

impl ChainShown {
    /// Whether it passes any other party.
    pub fn is_direct(&self) -> bool {
        self.links.len() < 2
    }

    /// The parties from the holder to the company.
    pub fn parties(&self) -> impl Iterator<Item = &PartyShown> {
        let first = self.links.first().map(|link| &link.owner);
        first.into_iter().chain(self.links.iter().map(|link| &link.company))
    }
}
