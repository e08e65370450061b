use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, Severity};

use crate::{Cause, Instead, Span};

/// One fault of a text, or one oddity ([`Cause::is_warning`]), with its place.
///
/// A [`Diagnostic`] that carries the text, so that a report can underline it.
#[derive(Clone, Debug)]
pub struct PackFault {
    /// What is wrong.
    pub cause: Cause,
    /// Where.
    pub span: Span,
    /// Further places that have to do with it, with a word on each.
    pub also: Vec<(Span, String)>,
    text: NamedSource<Arc<str>>,
}

/// Every fault of one text, in the order of the text; never none.
#[derive(Clone, Debug)]
pub struct PackFaults {
    /// The file, as the caller named it.
    pub file: String,
    /// The faults.
    pub faults: Vec<PackFault>,
}

impl PackFault {
    /// The file, as the caller named it.
    pub fn file(&self) -> &str {
        self.text.name()
    }

    /// The line the fault begins on, counted from 1.
    pub fn line(&self) -> u32 {
        let before = self.text.inner().get(..self.span.start).unwrap_or_default();
        u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX).saturating_add(1)
    }
}

impl fmt::Display for PackFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl std::error::Error for PackFault {}

impl Diagnostic for PackFault {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.cause.code()))
    }

    fn severity(&self) -> Option<Severity> {
        Some(if self.cause.is_warning() { Severity::Warning } else { Severity::Error })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.cause.help().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.text)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let here = LabeledSpan::new_primary_with_span(None, self.span.clone());
        let also =
            self.also.iter().map(|(span, word)| LabeledSpan::new_with_span(Some(word.clone()), span.clone()));
        Some(Box::new(std::iter::once(here).chain(also)))
    }
}

impl fmt::Display for PackFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.faults.len() {
            1 => write!(f, "`{}` has a fault", self.file),
            many => write!(f, "`{}` has {many} faults", self.file),
        }
    }
}

impl std::error::Error for PackFaults {}

impl Diagnostic for PackFaults {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.faults.iter().map(|fault| fault as &dyn Diagnostic)))
    }
}

/// How many pairs of words are compared for suggestions in one text. Beyond it a fault goes without
/// one, so that a text of nothing but faults is not compared word by word with itself.
const COMPARISONS: usize = 50_000;

/// How many names a suggestion lists at most.
const FEW: usize = 15;

/// The longest word a suggestion is looked for, in bytes.
const LONGEST_WORD: usize = 64;

/// Collects the faults of one text.
pub(crate) struct Faults {
    file: String,
    pub(crate) text: Arc<str>,
    list: Vec<PackFault>,
    seen: BTreeSet<(usize, usize, String)>,
    comparisons_left: usize,
}

impl Faults {
    pub(crate) fn new(file: &str, text: Arc<str>) -> Self {
        Self {
            file: file.to_owned(),
            text,
            list: Vec::new(),
            seen: BTreeSet::new(),
            comparisons_left: COMPARISONS,
        }
    }

    /// Notes a fault, unless the same one is noted for the same place: a reading repeats what is
    /// wrong with the keys it takes over from its condition.
    pub(crate) fn push(&mut self, cause: Cause, span: &Span) {
        self.push_with(cause, span, Vec::new());
    }

    pub(crate) fn push_with(&mut self, cause: Cause, span: &Span, also: Vec<(Span, String)>) {
        if self.seen.insert((span.start, span.end, cause.to_string())) {
            let text = NamedSource::new(&self.file, Arc::clone(&self.text)).with_language("toml");
            self.list.push(PackFault { cause, span: span.clone(), also, text });
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.list.len()
    }

    /// The faults so far, in the order of the text.
    pub(crate) fn into_list(mut self) -> Vec<PackFault> {
        self.list.sort_by_key(|fault| (fault.span.start, fault.span.end));
        self.list
    }

    /// `value`, unless there was a fault.
    pub(crate) fn finish<T>(self, value: impl FnOnce() -> Option<T>) -> Result<T, PackFaults> {
        let file = self.file.clone();
        if self.list.is_empty()
            && let Some(value) = value()
        {
            return Ok(value);
        }
        Err(PackFaults { file, faults: self.into_list() })
    }

    /// The candidate nearest to `word`; all of them when there are few and none comes near.
    pub(crate) fn near<'a>(&mut self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Instead {
        let most = self.comparisons_left.max(FEW);
        let mut names: Vec<&str> = candidates.into_iter().take(most + 1).collect();
        if names.len() > most {
            self.comparisons_left = 0;
            return Instead::Unknown;
        }
        self.comparisons_left = self.comparisons_left.saturating_sub(names.len());
        if let Some(name) = nearest(word, &names) {
            return Instead::Near(name.to_owned());
        }
        if names.is_empty() || names.len() > FEW {
            return Instead::Unknown;
        }
        names.sort_unstable();
        Instead::OneOf(names.into_iter().map(str::to_owned).collect())
    }
}

fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    if word.len() > LONGEST_WORD {
        return None;
    }
    let lower = word.to_lowercase();
    let letters = word.chars().count();
    let allowed = letters.div_ceil(4).min(letters / 2);
    let distance = |name: &str| strsim::damerau_levenshtein(&lower, &name.to_lowercase());
    let close = |name: &&&str| name.len() <= LONGEST_WORD && name.len().abs_diff(word.len()) <= allowed * 4;
    let best = names.iter().filter(close).map(|name| (distance(name), *name)).min()?;
    (best.0 <= allowed).then_some(best.1)
}
