use Band::{Above25, To50, To75, To100, Unstated};
use Held::{Firm, Own, Trust};
use Right::{Board, Influence, Shares, Surplus, Votes};

/// What a nature of control gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    Shares,
    Votes,
    /// The right to appoint or remove a majority of those who direct.
    Board,
    /// Significant influence or control: either of them, not said which.
    Influence,
    /// A part of what is left when a partnership is wound up, which has no shares.
    Surplus,
}

/// How much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Band {
    /// More than 25 % and at most 50 %.
    To50,
    /// More than 50 % and at most 75 %.
    To75,
    /// More than 75 %.
    To100,
    /// More than 25 %, as the register of overseas entities asks.
    Above25,
    /// The right has no amount.
    Unstated,
}

/// In what capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// By the person, directly or indirectly.
    Own,
    /// By the trustees of a trust over which the person has influence.
    Trust,
    /// By the members of a firm over which the person has influence.
    Firm,
}

/// One nature of control.
pub(super) type Nature = (&'static str, Right, Band, Held);

/// The nature with this code.
pub(super) fn of_code(code: &str) -> Option<Nature> {
    NATURES.iter().find(|(known, ..)| *known == code).copied()
}

impl Band {
    /// The least share, which itself is not meant, and the greatest.
    pub(super) fn ends(self) -> Option<(&'static str, &'static str)> {
        match self {
            To50 => Some(("25 %", "50 %")),
            To75 => Some(("50 %", "75 %")),
            To100 => Some(("75 %", "100 %")),
            Above25 => Some(("25 %", "100 %")),
            Unstated => None,
        }
    }
}

/// The codes that the register of persons with significant control uses, and what each means: facts from
/// its published list of descriptions.
#[rustfmt::skip]
const NATURES: &[Nature] = &[
    ("ownership-of-shares-25-to-50-percent", Shares, To50, Own),
    ("ownership-of-shares-50-to-75-percent", Shares, To75, Own),
    ("ownership-of-shares-75-to-100-percent", Shares, To100, Own),
    ("ownership-of-shares-25-to-50-percent-as-trust", Shares, To50, Trust),
    ("ownership-of-shares-50-to-75-percent-as-trust", Shares, To75, Trust),
    ("ownership-of-shares-75-to-100-percent-as-trust", Shares, To100, Trust),
    ("ownership-of-shares-25-to-50-percent-as-firm", Shares, To50, Firm),
    ("ownership-of-shares-50-to-75-percent-as-firm", Shares, To75, Firm),
    ("ownership-of-shares-75-to-100-percent-as-firm", Shares, To100, Firm),
    ("ownership-of-shares-more-than-25-percent-registered-overseas-entity", Shares, Above25, Own),
    ("ownership-of-shares-more-than-25-percent-as-trust-registered-overseas-entity", Shares, Above25, Trust),
    ("ownership-of-shares-more-than-25-percent-as-firm-registered-overseas-entity", Shares, Above25, Firm),
    ("voting-rights-25-to-50-percent", Votes, To50, Own),
    ("voting-rights-50-to-75-percent", Votes, To75, Own),
    ("voting-rights-75-to-100-percent", Votes, To100, Own),
    ("voting-rights-25-to-50-percent-as-trust", Votes, To50, Trust),
    ("voting-rights-50-to-75-percent-as-trust", Votes, To75, Trust),
    ("voting-rights-75-to-100-percent-as-trust", Votes, To100, Trust),
    ("voting-rights-25-to-50-percent-as-firm", Votes, To50, Firm),
    ("voting-rights-50-to-75-percent-as-firm", Votes, To75, Firm),
    ("voting-rights-75-to-100-percent-as-firm", Votes, To100, Firm),
    ("voting-rights-more-than-25-percent-registered-overseas-entity", Votes, Above25, Own),
    ("voting-rights-more-than-25-percent-as-trust-registered-overseas-entity", Votes, Above25, Trust),
    ("voting-rights-more-than-25-percent-as-firm-registered-overseas-entity", Votes, Above25, Firm),
    ("right-to-appoint-and-remove-directors", Board, Unstated, Own),
    ("right-to-appoint-and-remove-directors-as-trust", Board, Unstated, Trust),
    ("right-to-appoint-and-remove-directors-as-firm", Board, Unstated, Firm),
    ("significant-influence-or-control", Influence, Unstated, Own),
    ("significant-influence-or-control-as-trust", Influence, Unstated, Trust),
    ("significant-influence-or-control-as-firm", Influence, Unstated, Firm),
    ("right-to-share-surplus-assets-25-to-50-percent-limited-liability-partnership", Surplus, To50, Own),
    ("right-to-share-surplus-assets-50-to-75-percent-limited-liability-partnership", Surplus, To75, Own),
    ("right-to-share-surplus-assets-75-to-100-percent-limited-liability-partnership", Surplus, To100, Own),
    ("right-to-share-surplus-assets-25-to-50-percent-as-trust-limited-liability-partnership", Surplus, To50, Trust),
    ("right-to-share-surplus-assets-50-to-75-percent-as-trust-limited-liability-partnership", Surplus, To75, Trust),
    ("right-to-share-surplus-assets-75-to-100-percent-as-trust-limited-liability-partnership", Surplus, To100, Trust),
    ("right-to-share-surplus-assets-25-to-50-percent-as-firm-limited-liability-partnership", Surplus, To50, Firm),
    ("right-to-share-surplus-assets-50-to-75-percent-as-firm-limited-liability-partnership", Surplus, To75, Firm),
    ("right-to-share-surplus-assets-75-to-100-percent-as-firm-limited-liability-partnership", Surplus, To100, Firm),
    ("voting-rights-25-to-50-percent-limited-liability-partnership", Votes, To50, Own),
    ("voting-rights-50-to-75-percent-limited-liability-partnership", Votes, To75, Own),
    ("voting-rights-75-to-100-percent-limited-liability-partnership", Votes, To100, Own),
    ("voting-rights-25-to-50-percent-as-trust-limited-liability-partnership", Votes, To50, Trust),
    ("voting-rights-50-to-75-percent-as-trust-limited-liability-partnership", Votes, To75, Trust),
    ("voting-rights-75-to-100-percent-as-trust-limited-liability-partnership", Votes, To100, Trust),
    ("voting-rights-25-to-50-percent-as-firm-limited-liability-partnership", Votes, To50, Firm),
    ("voting-rights-50-to-75-percent-as-firm-limited-liability-partnership", Votes, To75, Firm),
    ("voting-rights-75-to-100-percent-as-firm-limited-liability-partnership", Votes, To100, Firm),
    ("right-to-appoint-and-remove-members-limited-liability-partnership", Board, Unstated, Own),
    ("right-to-appoint-and-remove-members-as-trust-limited-liability-partnership", Board, Unstated, Trust),
    ("right-to-appoint-and-remove-members-as-firm-limited-liability-partnership", Board, Unstated, Firm),
    ("significant-influence-or-control-limited-liability-partnership", Influence, Unstated, Own),
    ("significant-influence-or-control-as-trust-limited-liability-partnership", Influence, Unstated, Trust),
    ("significant-influence-or-control-as-firm-limited-liability-partnership", Influence, Unstated, Firm),
    ("significant-influence-or-control-registered-overseas-entity", Influence, Unstated, Own),
    ("significant-influence-or-control-as-trust-registered-overseas-entity", Influence, Unstated, Trust),
    ("significant-influence-or-control-as-firm-registered-overseas-entity", Influence, Unstated, Firm),
    ("part-right-to-share-surplus-assets-25-to-50-percent", Surplus, To50, Own),
    ("part-right-to-share-surplus-assets-50-to-75-percent", Surplus, To75, Own),
    ("part-right-to-share-surplus-assets-75-to-100-percent", Surplus, To100, Own),
    ("part-right-to-share-surplus-assets-25-to-50-percent-as-trust", Surplus, To50, Trust),
    ("part-right-to-share-surplus-assets-50-to-75-percent-as-trust", Surplus, To75, Trust),
    ("part-right-to-share-surplus-assets-75-to-100-percent-as-trust", Surplus, To100, Trust),
    ("part-right-to-share-surplus-assets-25-to-50-percent-as-firm", Surplus, To50, Firm),
    ("part-right-to-share-surplus-assets-50-to-75-percent-as-firm", Surplus, To75, Firm),
    ("part-right-to-share-surplus-assets-75-to-100-percent-as-firm", Surplus, To100, Firm),
    ("right-to-appoint-and-remove-person", Board, Unstated, Own),
    ("right-to-appoint-and-remove-person-as-firm", Board, Unstated, Firm),
    ("right-to-appoint-and-remove-person-as-trust", Board, Unstated, Trust),
    ("right-to-appoint-and-remove-directors-registered-overseas-entity", Board, Unstated, Own),
    ("right-to-appoint-and-remove-directors-as-trust-registered-overseas-entity", Board, Unstated, Trust),
    ("right-to-appoint-and-remove-directors-as-firm-registered-overseas-entity", Board, Unstated, Firm),
];

#[cfg(test)]
mod tests {
    use filiera_testkit::outside_data;

    use super::*;

    #[test]
    fn every_code_of_the_register_is_known() {
        let Some(path) = outside_data("natures of control", "psc/natures_of_control.tsv") else { return };
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!((text.lines().count(), NATURES.len()), (72, 72));
        for line in text.lines() {
            let (code, meaning) = line.split_once('\t').unwrap();
            let (_, right, band, held) = of_code(code).unwrap();
            let says = |words: &str| meaning.contains(words);
            assert_eq!(held == Trust, says("of a trust"), "{code}");
            assert_eq!(held == Firm, says("firm"), "{code}");
            assert_eq!(band == Unstated, matches!(right, Board | Influence), "{code}");
            let least = band.ends().map(|(least, _)| least.replace(' ', ""));
            let more =
                least.map(|least| says(&format!("more than {least}")) || says(&format!("{least} or more")));
            assert!(more.unwrap_or(true), "{code}");
        }
    }
}
