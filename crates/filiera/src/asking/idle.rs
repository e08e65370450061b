use std::collections::BTreeSet;

use filiera_finding::{PaperRanked, QuestionKind, Settlement};

/// Papers that can change no finding: kind, part, and the supplier they would come from.
#[derive(Clone, Debug, Default)]
pub(super) struct Idle {
    papers: BTreeSet<(String, String, Option<String>)>,
}

impl Idle {
    /// A paper is idle when it is so for every lot it could speak for.
    pub(super) fn of(settlement: &Settlement) -> Self {
        let of = |ranked: &PaperRanked| {
            let paper = &ranked.paper;
            (paper.kind.clone(), paper.of.clone(), paper.supplier.clone())
        };
        let mut papers: BTreeSet<_> =
            settlement.papers.iter().filter(|ranked| ranked.cannot_matter).map(of).collect();
        for ranked in settlement.papers.iter().filter(|ranked| !ranked.cannot_matter) {
            papers.remove(&of(ranked));
        }
        Self { papers }
    }

    /// Whether the paper of this supplier, or of whoever supplies the part, changes nothing.
    pub(super) fn has(&self, kind: QuestionKind, part: &str, supplier: &str) -> bool {
        let of =
            |supplier: Option<&str>| (kind.name().to_owned(), part.to_owned(), supplier.map(str::to_owned));
        self.papers.contains(&of(Some(supplier))) || self.papers.contains(&of(None))
    }
}
