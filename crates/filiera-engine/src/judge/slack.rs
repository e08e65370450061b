use filiera_model::{Exact, Operator};
use filiera_packs::{Form, Remainder as PackRemainder, Share};

use super::forms::{Case, may_weigh_below_zero};
use super::outcome::JudgedRow;
use super::ratio_form::ratio_sums;
use crate::arithmetic::{
    RatioOutcome, Remainder, Sums, Term, ratio_bounds, share_of_declared_total, total_bounds,
};
use crate::bind::BoundMark;

/// A share or ratio as it is added up, once the law's closure has decided what it decides.
pub(crate) struct Weighed {
    sums: Sums,
    /// The declared total of a share, and what its difference to the lines counts as.
    total: Option<(Exact, Remainder)>,
    operator: Operator,
    threshold: Exact,
}

impl Weighed {
    /// The share or ratio of one subject; nothing for other forms, for the share of each country or
    /// value in turn, and for a share of a total that nobody declared.
    pub(crate) fn of(case: &Case<'_>, judged: &[JudgedRow]) -> Option<Self> {
        let operator = case.bound.operator()?;
        let threshold = case.law.threshold(case.bound)?;
        let closed = case.closed(judged);
        if matches!(case.bound.condition.form, Form::Share(_)) && may_weigh_below_zero(&closed) {
            return None;
        }
        let (sums, total) = match &case.bound.condition.form {
            Form::Share(_) if matches!(case.leaf.mark, BoundMark::ByOrigin) => return None,
            Form::Share(share) if share.by.is_some() => return None,
            Form::Share(share) => (case.sums(&closed, Term::of_share), Self::declared(case, share, &closed)?),
            Form::Ratio(ratio) => (ratio_sums(case, ratio, &closed).0, None),
            _ => return None,
        };
        Some(Self { sums, total, operator, threshold })
    }

    /// The declared total, if the form asks for one; nothing at all when it asks and none is known.
    fn declared(case: &Case<'_>, share: &Share, judged: &[JudgedRow]) -> Option<Option<(Exact, Remainder)>> {
        let Some(of_total) = &share.of_total else { return Some(None) };
        let remainder = match of_total.remainder.value {
            PackRemainder::Yes => Remainder::Yes,
            PackRemainder::No => Remainder::No,
            PackRemainder::Maybe => Remainder::Maybe,
        };
        Some(Some((case.declared_total(share, &of_total.total.value, judged)?, remainder)))
    }

    /// How the value is compared.
    pub(crate) fn operator(&self) -> Operator {
        self.operator
    }

    /// By how much the top stands on the good side of the threshold's part of the bottom, in the
    /// completion of the evidence where it does so least: `top − t·bottom` where more is asked for,
    /// the opposite where less is. Zero or more: the threshold is reached whatever is open. Nothing
    /// when no weight limits it.
    ///
    /// It is linear in every weight that is known, which no quotient is.
    pub(crate) fn slack(&self) -> Option<Exact> {
        let wants_more = self.operator.wants_more();
        let signed = |value: Exact| if wants_more { value } else { -value };
        let part = match &self.total {
            None => self.threshold.clone(),
            // What the total holds beyond the lines counts against the condition where it may.
            Some((_, remainder)) => counted(*remainder, wants_more),
        };
        let slack = |(top, bottom): &(Exact, Exact)| signed(top - &(&part * bottom));
        let mut sums = self.sums.clone();
        sums.known_top = slack(&(sums.known_top.clone(), sums.known_bottom.clone()));
        let terms = sums.choices.iter_mut().flat_map(|choice| choice.alternatives.iter_mut().flatten());
        for option in sums.open.iter_mut().chain(terms).flat_map(|term| &mut term.options) {
            *option = (slack(option), Exact::zero());
        }
        let least = total_bounds(&sums).lower.value?;
        Some(match &self.total {
            None => least,
            Some((total, _)) => least + signed(&(&part - &self.threshold) * total),
        })
    }

    /// Whether the condition would be met with so much more above the line, or so much less when
    /// negative, all else as it is.
    pub(crate) fn is_met_with(&self, more: &Exact) -> bool {
        let mut sums = self.sums.clone();
        sums.known_top += more;
        let bounds = match &self.total {
            Some((total, remainder)) => share_of_declared_total(&sums, total, *remainder),
            None => match ratio_bounds(&sums) {
                RatioOutcome { may_be_zero: true, .. } => None,
                RatioOutcome { bounds, .. } => bounds,
            },
        };
        bounds
            .is_some_and(|bounds| bounds.judge(self.operator, &self.threshold) == filiera_model::Verdict::Met)
    }
}

/// How much of the remainder counts as marked in the worst case.
fn counted(remainder: Remainder, wants_more: bool) -> Exact {
    match remainder {
        Remainder::Yes => Exact::one(),
        Remainder::No => Exact::zero(),
        Remainder::Maybe if wants_more => Exact::zero(),
        Remainder::Maybe => Exact::one(),
    }
}
