use filiera_finding::Finding;
use filiera_model::Verdict;

/// Which of the two verdicts the exit code follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExitBy {
    /// The legal one: the closure has decided the unknowns.
    #[default]
    Legal,
    /// Everything that could be true.
    Range,
}

/// 0 when everything that applies is met, 1 when something is not met, 3 when nothing failed and
/// something is undetermined, or nothing applied.
pub fn exit_code<'a>(findings: impl IntoIterator<Item = &'a Finding>, by: ExitBy) -> u8 {
    let verdicts = findings.into_iter().filter(|finding| finding.reading.is_none()).map(|finding| match by {
        ExitBy::Legal => finding.legal,
        ExitBy::Range => finding.verdict,
    });
    exit_code_of(verdicts)
}

/// The same of verdicts alone.
pub fn exit_code_of(verdicts: impl IntoIterator<Item = Verdict>) -> u8 {
    match Verdict::all(verdicts) {
        Verdict::Met => 0,
        Verdict::NotMet => 1,
        Verdict::Undetermined | Verdict::NotApplicable => 3,
    }
}
