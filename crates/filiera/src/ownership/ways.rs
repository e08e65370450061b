use filiera_finding::{ChainShown, LinkShown};
use filiera_model::{Exact, Mark, Quality};
use filiera_ownership::{Band, ChainOfStakes, Kind, Link, Metric, Party};

use super::Owners;

/// So many ways from one holder are listed.
const MOST_WAYS: usize = 8;

impl Owners {
    /// The ways from a holder to a company: those of the capital, else the statement that it holds
    /// through others, else the way of its control. None from a company to itself.
    pub(super) fn ways(&self, party: Party, company: Party, through: &[Party]) -> (Vec<ChainShown>, bool) {
        if party == company {
            return (Vec::new(), false);
        }
        let found = self.snapshot().chains(party, company, Metric::Equity, MOST_WAYS);
        let mut chains: Vec<ChainShown> = found.chains.iter().map(|chain| self.chain(chain)).collect();
        if chains.is_empty() {
            chains.extend(self.claimed(party, company));
        }
        if chains.is_empty() {
            chains.extend(self.controlling(party, company, through));
        }
        (chains, found.more)
    }

    /// What a holder has itself, where asking for all ways would take too long; there may be more.
    pub(super) fn direct_way(&self, party: Party, company: Party) -> (Vec<ChainShown>, bool) {
        let own = self.say(party, company).filter(|_| party != company);
        let chain = own.map(|link| {
            let product = (link.kind == Kind::Shares.name()).then(|| link.share.clone());
            ChainShown { links: vec![link], product, loops: None }
        });
        (chain.into_iter().collect(), true)
    }

    fn chain(&self, chain: &ChainOfStakes) -> ChainShown {
        let is_one = |factor: &Exact| *factor == Exact::one();
        ChainShown {
            links: chain.links.iter().map(|link| self.link(link)).collect(),
            product: Some(chain.product.bounds(Quality::Exact)),
            loops: chain.loops.clone().filter(|factor| !is_one(factor)),
        }
    }

    fn link(&self, link: &Link) -> LinkShown {
        let is_indirect = self.is_indirect(link.owner, link.company);
        self.link_of(link.owner, link.company, Kind::Shares, &link.share, is_indirect, &link.rows)
    }

    fn link_of(
        &self,
        owner: Party,
        company: Party,
        kind: Kind,
        share: &Band,
        is_indirect: bool,
        rows: &[u32],
    ) -> LinkShown {
        LinkShown {
            owner: self.shown(owner),
            company: self.shown(company),
            kind: kind.name(),
            share: share.bounds(Quality::Exact),
            is_indirect,
            sources: self.sources(rows),
        }
    }

    /// What is stated to be held directly or through others.
    fn claimed(&self, party: Party, company: Party) -> Option<ChainShown> {
        let claim = self.snapshot().claims_by(party, company).iter().min_by_key(|claim| claim.stake.kind)?;
        let stake = &claim.stake;
        let link = self.link_of(party, company, stake.kind, &stake.share, true, &stake.rows);
        let product = (stake.kind == Kind::Shares).then(|| link.share.clone());
        Some(ChainShown { links: vec![link], product, loops: None })
    }

    /// The links by which a party controls, each by what it says most with.
    fn controlling(&self, party: Party, company: Party, through: &[Party]) -> Option<ChainShown> {
        let path: Vec<Party> = [party].iter().chain(through).chain([&company]).copied().collect();
        let pairs = path.iter().zip(path.iter().skip(1));
        let links: Option<Vec<LinkShown>> = pairs.map(|(owner, held)| self.say(*owner, *held)).collect();
        links.map(|links| ChainShown { links, product: None, loops: None })
    }

    fn say(&self, owner: Party, company: Party) -> Option<LinkShown> {
        let stakes = self.snapshot().stakes_by(owner, company).iter();
        let own = stakes.filter(|stake| stake.holds != Mark::No);
        let stake = own.filter(|stake| stake.kind != Kind::Veto).max_by(|a, b| {
            let most =
                |stake: &filiera_ownership::Stake| (stake.share.least.clone(), stake.share.most.clone());
            most(a).cmp(&most(b)).then(b.kind.cmp(&a.kind))
        })?;
        let is_indirect = stake.direct == Some(false);
        let share = stake.share.meet(&Band::anything());
        Some(self.link_of(owner, company, stake.kind, &share, is_indirect, &stake.rows))
    }
}
