use std::collections::BTreeSet;

use filiera_finding::{PartyShown, Remainder, StakeShown};
use filiera_model::{Mark, Quality};
use filiera_ownership::{Band, Kind, Metric, Party, Stake, State};

use super::Owners;

impl Owners {
    /// The company and every party above it by any kind of stake, by number.
    pub(super) fn above(&self, company: Party) -> BTreeSet<Party> {
        let mut above = BTreeSet::from([company]);
        let mut open = vec![company];
        while let Some(one) = open.pop() {
            let stakes = self.snapshot().stakes_of(one).iter();
            let owners = stakes.filter(|stake| stake.holds != Mark::No).map(|stake| stake.owner);
            open.extend(owners.filter(|owner| above.insert(*owner)));
        }
        above
    }

    pub(super) fn parties(&self, above: &BTreeSet<Party>) -> Vec<PartyShown> {
        above.iter().map(|party| self.shown(*party)).collect()
    }

    /// Every stake in these companies: shares with the votes they give, then what else gives a say.
    pub(super) fn stakes(&self, above: &BTreeSet<Party>) -> Vec<StakeShown> {
        above.iter().flat_map(|company| self.stakes_in(*company)).collect()
    }

    fn stakes_in(&self, company: Party) -> Vec<StakeShown> {
        let snapshot = self.snapshot();
        let stakes = snapshot.stakes_of(company);
        let (equity, votes) = (snapshot.equity(), snapshot.matrix(Metric::Votes));
        let mut shown = Vec::new();
        for (owner, band) in equity.owners_of(company).filter(|(_, band)| !band.is_nothing()) {
            let cast = votes.part(owner, company).filter(|cast| *cast != band);
            let is_indirect = self.is_indirect(owner, company);
            let base = self.stake(owner, company, Kind::Shares, band.bounds(Quality::Exact), is_indirect);
            shown.push(StakeShown { votes: cast.map(|cast| cast.bounds(Quality::Exact)), ..base });
        }
        for stake in stakes.iter().filter(|stake| stake.kind != Kind::Shares && stake.holds != Mark::No) {
            let is_held = stake.kind == Kind::Votes && equity.part(stake.owner, company).is_some();
            if !is_held {
                shown.push(self.other(stake));
            }
        }
        shown.sort_by(|a, b| (&a.owner, a.kind).cmp(&(&b.owner, b.kind)));
        shown
    }

    /// Whether shares of an owner may be held through others.
    pub(super) fn is_indirect(&self, owner: Party, company: Party) -> bool {
        let stakes = self.snapshot().stakes_by(owner, company).iter();
        stakes.filter(|stake| stake.kind == Kind::Shares).any(|stake| stake.direct == Some(false))
    }

    fn other(&self, stake: &Stake) -> StakeShown {
        let share = stake.share.meet(&Band::anything()).bounds(Quality::Exact);
        self.stake(stake.owner, stake.company, stake.kind, share, stake.direct == Some(false))
    }

    fn stake(
        &self,
        owner: Party,
        company: Party,
        kind: Kind,
        share: filiera_model::Bounds,
        is_indirect: bool,
    ) -> StakeShown {
        let register = self.snapshot().register();
        StakeShown {
            owner: register.name(owner).to_owned(),
            company: register.name(company).to_owned(),
            kind: kind.name(),
            share,
            votes: None,
            is_indirect,
        }
    }

    /// What is not listed of these companies, where somebody is.
    pub(super) fn remainders(&self, above: &BTreeSet<Party>) -> Vec<Remainder> {
        let equity = self.snapshot().equity();
        let listed = above.iter().filter(|company| equity.owners_of(**company).len() > 0);
        let open = listed.filter(|company| matches!(equity.state(**company), State::Open | State::Float));
        let all = open.map(|company| Remainder {
            company: self.shown(*company),
            share: equity.unlisted(*company).bounds(Quality::Exact),
            is_float: equity.state(*company) == State::Float,
        });
        let is_some =
            |one: &Remainder| one.share.upper.value.as_ref().is_none_or(filiera_model::Exact::is_positive);
        all.filter(is_some).collect()
    }
}
