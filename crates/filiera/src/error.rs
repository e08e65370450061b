use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use filiera_engine::{BindFault, EngineError};
use filiera_evidence::EvidenceError;
use filiera_finding::ReaderReport;
use filiera_fleet::FleetError;
use filiera_packs::PackFault;
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceSpan};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FilieraError {
    /// Nothing at all could be read.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// The files have faults: all of them are in the report.
    #[error("{} faults in the evidence", .0.faults.len())]
    Faults(Box<ReaderReport>),
    /// The installed parts of a fleet cannot be streamed.
    #[error(transparent)]
    Fleet(FleetError),
    /// The packs have faults: all of them, each with its place.
    #[error("{} faults in rule packs", .0.len())]
    Packs(Vec<PackTrouble>),
    /// There is no such pack.
    #[error("there is no pack `{name}`; {help}")]
    NoPack {
        /// What was asked for.
        name: String,
        /// What there is.
        help: String,
    },
    /// The dossier names no pack, and none was given.
    #[error("no pack is named; add `packs = [\"it/automotive-accord\"]` to dossier.toml or give `--pack`")]
    NoPacks,
    /// No part comes from this supplier.
    #[error("no part comes from `{name}`; the suppliers are {known}")]
    NoSupplier {
        /// Who was asked for.
        name: String,
        /// Who there is.
        known: String,
    },
    /// Nothing of the kind is there to be taken away.
    #[error("there is no {what} among the declarations; {help}")]
    NothingWithout {
        /// What was to be taken away.
        what: String,
        /// The nearest there are.
        help: String,
    },
    /// Nobody is said to hold anything.
    #[error(
        "the dossier has no table `interests`, so nobody is known to own anything; add interests.csv with \
         the columns owner, company and share, or a file of beneficial ownership (BODS, GLEIF, UK register)"
    )]
    NoInterests,
    /// No company or owner of this id or name.
    #[error("there is no company `{name}`; {help}")]
    NoCompany {
        /// What was asked for.
        name: String,
        /// The nearest there are.
        help: String,
    },
    /// A pack file cannot be read.
    #[error("`{}` cannot be read: {source}; check the path", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The evidence cannot be judged.
    #[error(transparent)]
    Engine(EngineError),
}

impl FilieraError {
    pub(crate) fn of_engine(error: EngineError, texts: &[(String, Arc<str>)]) -> Self {
        match error {
            EngineError::Packs(faults) => Self::Packs(
                faults.into_iter().map(|fault| PackTrouble::Bind(Unfit::new(fault, texts))).collect(),
            ),
            other => Self::Engine(other),
        }
    }
}

/// One fault of a pack, underlined where it stands.
#[derive(Debug)]
pub enum PackTrouble {
    /// In the pack itself.
    Text(PackFault),
    /// Where the pack does not fit the columns of the evidence.
    Bind(Unfit),
}

/// A place where a pack does not fit the evidence.
#[derive(Debug)]
pub struct Unfit {
    fault: BindFault,
    text: NamedSource<Arc<str>>,
}

impl Unfit {
    fn new(fault: BindFault, texts: &[(String, Arc<str>)]) -> Self {
        let text = texts.iter().find(|(file, _)| *file == fault.file);
        let text = text.map_or_else(|| Arc::from(""), |(_, text)| Arc::clone(text));
        Self { text: NamedSource::new(&fault.file, text), fault }
    }
}

impl fmt::Display for PackTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(fault) => fault.fmt(f),
            Self::Bind(unfit) => f.write_str(&unfit.fault.message),
        }
    }
}

impl std::error::Error for PackTrouble {}

impl Diagnostic for PackTrouble {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        match self {
            Self::Text(fault) => fault.code(),
            Self::Bind(_) => Some(Box::new("pack/evidence")),
        }
    }

    fn severity(&self) -> Option<miette::Severity> {
        match self {
            Self::Text(fault) => fault.severity(),
            Self::Bind(_) => Some(miette::Severity::Error),
        }
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        match self {
            Self::Text(fault) => fault.help(),
            Self::Bind(unfit) => {
                unfit.fault.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display + 'a>)
            }
        }
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        match self {
            Self::Text(fault) => fault.source_code(),
            Self::Bind(unfit) => Some(&unfit.text),
        }
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        match self {
            Self::Text(fault) => fault.labels(),
            Self::Bind(unfit) => {
                let span = SourceSpan::from(unfit.fault.span.clone());
                Some(Box::new(std::iter::once(LabeledSpan::new_with_span(None, span))))
            }
        }
    }
}
