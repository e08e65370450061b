use std::cmp::Reverse;

use filiera_finding::{HolderKind, HolderShown};
use filiera_model::{Exact, Mark};
use filiera_ownership::{By, Holder, Holding, Party};

use super::Owners;
use super::ends::Controllers;

/// So many holders of a company, those that may have most votes, are asked what would decide.
const DECIDED: usize = 5;

/// Where more parties stand above a company, only what is held directly is listed as a way, and nobody
/// asks what would decide: it takes too long.
pub(super) const MOST_ABOVE: usize = 300;

impl Owners {
    /// Everybody who has or controls a part of a company.
    pub(super) fn holders(
        &self,
        company: Party,
        controllers: &Controllers,
        above: usize,
    ) -> Vec<HolderShown> {
        let others: Vec<Party> = controllers.parties().collect();
        let holdings = self.snapshot().holdings_with(company, &others);
        let mut ranked: Vec<(Option<Party>, HolderShown)> =
            holdings.iter().map(|one| (party_of(one), self.holder(one, controllers, above))).collect();
        ranked.sort_by(|(a, x), (b, y)| order(*a, x).cmp(&order(*b, y)));
        if above <= MOST_ABOVE {
            self.add_deciding(company, &mut ranked);
        }
        ranked.into_iter().map(|(_, holder)| holder).collect()
    }

    fn add_deciding(&self, company: Party, ranked: &mut [(Option<Party>, HolderShown)]) {
        let mut open: Vec<&mut (Option<Party>, HolderShown)> = ranked
            .iter_mut()
            .filter(|(party, holder)| party.is_some() && holder.controls == Mark::Maybe)
            .collect();
        open.sort_by_key(|(party, holder)| (Reverse(holder.votes.upper.value.clone()), *party));
        for (party, holder) in open.into_iter().take(DECIDED) {
            holder.decides = party.map(|party| self.deciding(party, company)).unwrap_or_default();
        }
    }

    fn holder(&self, holding: &Holding, controllers: &Controllers, above: usize) -> HolderShown {
        let kind = match &holding.owner {
            Holder::Party(party) => HolderKind::Party(self.shown(*party)),
            Holder::Loop(members) => HolderKind::Loop(self.all_shown(members)),
            Holder::Float => HolderKind::Float,
            Holder::Unlisted => HolderKind::Unlisted,
        };
        let may_be = self.control.may_be_anybody(holding.company);
        let is_anybody = holding.owner == Holder::Unlisted && may_be;
        let mut shown = HolderShown {
            holder: kind,
            share: holding.share.clone(),
            votes: holding.votes.clone(),
            is_direct: holding.direct,
            is_end: holding.ultimate,
            controls: if is_anybody { Mark::Maybe } else { Mark::No },
            by: None,
            with: Vec::new(),
            together: None,
            through: Vec::new(),
            ultimate_controller: if is_anybody { Mark::Maybe } else { Mark::No },
            chains: Vec::new(),
            more_chains: false,
            decides: Vec::new(),
        };
        if let Holder::Party(party) = holding.owner {
            self.add_control(party, holding.company, controllers, &mut shown);
            let (chains, more) = if above <= MOST_ABOVE {
                let through =
                    controllers.strongest(party).map(|found| found.through.as_slice()).unwrap_or_default();
                self.ways(party, holding.company, through)
            } else {
                self.direct_way(party, holding.company)
            };
            (shown.chains, shown.more_chains) = (chains, more);
        }
        shown
    }

    fn add_control(&self, party: Party, company: Party, controllers: &Controllers, shown: &mut HolderShown) {
        shown.controls = self.control.mark_any(party, company);
        shown.votes = self.control.votes_of(party, company, false);
        let ends = controllers.by(party).iter().map(|one| one.controls.and(one.ultimate));
        shown.ultimate_controller = ends.fold(Mark::No, Mark::or);
        if let Some(found) = controllers.strongest(party) {
            shown.by = Some(by(found.by));
            shown.with = self.all_shown(&found.with);
            shown.together = (found.by == By::Jointly).then(|| found.votes.clone());
            shown.through = self.all_shown(&found.through);
        }
    }
}

fn party_of(holding: &Holding) -> Option<Party> {
    match holding.owner {
        Holder::Party(party) => Some(party),
        _ => None,
    }
}

fn by(by: By) -> &'static str {
    match by {
        By::Votes => "votes",
        By::Board => "board",
        By::Contract => "contract",
        By::Jointly => "jointly",
    }
}

/// Parties by their share, then by control, the others behind them.
fn order(party: Option<Party>, holder: &HolderShown) -> impl Ord {
    let most = |end: &filiera_model::End| end.value.clone().unwrap_or_else(Exact::one);
    let kind = match holder.holder {
        HolderKind::Party(_) => 0,
        HolderKind::Loop(_) => 1,
        HolderKind::Float => 2,
        HolderKind::Unlisted => 3,
    };
    let sure = (holder.ultimate_controller == Mark::No, holder.controls == Mark::No);
    (kind, Reverse((most(&holder.share.upper), most(&holder.share.lower))), sure, party)
}
