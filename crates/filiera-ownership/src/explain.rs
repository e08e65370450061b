use std::collections::BTreeSet;

use filiera_model::Exact;

use crate::{Band, Kind, Metric, Party, Snapshot};

/// How a holding comes about: its chains, and what cycles add to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chains {
    /// Every way from the owner to the company that passes no party twice, the greatest product first.
    pub chains: Vec<ChainOfStakes>,
    /// Whether there are more than were asked for.
    pub more: bool,
}

/// One way from an owner to a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainOfStakes {
    /// The links, from the owner's end.
    pub links: Vec<Link>,
    /// The product of their shares.
    pub product: Band,
    /// What going round cycles on the way multiplies the product by: `1/(1 − loop)` for one cycle. The
    /// products times these factors add up to the holding. Nothing where a share of a cycle is not
    /// exact, or cycles have more than a hundred members.
    pub loops: Option<Exact>,
}

/// One link of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Who holds.
    pub owner: Party,
    /// In which company.
    pub company: Party,
    /// Which part.
    pub share: Band,
    /// The rows of `interests` that say so.
    pub rows: Vec<u32>,
}

/// More members than this have no factor: the determinant would take too long.
const MOST_MEMBERS: usize = 100;

impl Snapshot {
    /// The chains that make a holding, at most so many.
    pub fn chains(&self, owner: Party, company: Party, metric: Metric, at_most: usize) -> Chains {
        let below = self.on_the_way(owner, company, metric);
        let mut found = Vec::new();
        let more = self.walk(owner, company, metric, &below, at_most, &mut found);
        let core = self.core(owner, metric, &below);
        let whole = core.as_ref().and_then(|core| self.determinant(core, metric));
        let chains =
            found.into_iter().map(|path| self.chain_of(&path, metric, core.as_deref(), whole.as_ref()));
        let mut chains: Vec<ChainOfStakes> = chains.collect();
        chains
            .sort_by(|a, b| b.product.most.cmp(&a.product.most).then(b.product.least.cmp(&a.product.least)));
        Chains { chains, more }
    }

    /// The companies on the way, by number: below the owner and, by some chain, above the company.
    fn on_the_way(&self, owner: Party, company: Party, metric: Metric) -> Vec<Party> {
        let matrix = self.matrix(metric);
        let mut above = vec![company];
        let mut known = BTreeSet::from([company]);
        let mut next = 0;
        while let Some(party) = above.get(next).copied() {
            next += 1;
            for (holder, _) in matrix.owners_of(party).filter(|(_, band)| !band.is_nothing()) {
                if holder != owner && known.insert(holder) {
                    above.push(holder);
                }
            }
        }
        let mut reached: BTreeSet<Party> = BTreeSet::new();
        let mut open = vec![owner];
        while let Some(party) = open.pop() {
            // Whoever holds a part has a stake.
            let held = self.owned_by(party).iter().chain([&party]).filter(|held| known.contains(held));
            for held in held {
                let holds = matrix.part(party, *held).is_some_and(|band| !band.is_nothing());
                if holds && reached.insert(*held) {
                    open.push(*held);
                }
            }
        }
        reached.into_iter().collect()
    }

    /// All simple paths, depth first; true when there are more.
    fn walk(
        &self,
        owner: Party,
        company: Party,
        metric: Metric,
        below: &[Party],
        at_most: usize,
        found: &mut Vec<Vec<Party>>,
    ) -> bool {
        let matrix = self.matrix(metric);
        let mut open = vec![vec![owner]];
        while let Some(path) = open.pop() {
            let Some(last) = path.last().copied() else { continue };
            if last == company {
                if found.len() == at_most {
                    return true;
                }
                found.push(path);
                continue;
            }
            let next = below.iter().rev().filter(|held| !path.contains(held));
            for held in next.filter(|held| matrix.part(last, **held).is_some_and(|band| !band.is_nothing())) {
                open.push(path.iter().copied().chain([*held]).collect());
            }
        }
        false
    }

    fn chain_of(
        &self,
        path: &[Party],
        metric: Metric,
        core: Option<&[Party]>,
        whole: Option<&Exact>,
    ) -> ChainOfStakes {
        let pairs = path.iter().zip(path.iter().skip(1));
        let links: Vec<Link> = pairs.map(|(owner, company)| self.link(*owner, *company, metric)).collect();
        let product =
            links.iter().fold(Band::point(Exact::one()), |product, link| product.times(&link.share));
        let loops = core.zip(whole).and_then(|(core, whole)| {
            let rest: Vec<Party> = core.iter().copied().filter(|party| !path.contains(party)).collect();
            self.determinant(&rest, metric)?.checked_div(whole)
        });
        ChainOfStakes { links, product, loops }
    }

    fn link(&self, owner: Party, company: Party, metric: Metric) -> Link {
        let share = self.matrix(metric).part(owner, company).cloned();
        let share = share.unwrap_or_else(|| Band::point(Exact::zero()));
        let counts = |kind: Kind| kind == Kind::Shares || (metric == Metric::Votes && kind == Kind::Votes);
        let stakes = self.stakes_by(owner, company).iter().filter(|stake| counts(stake.kind));
        Link { owner, company, share, rows: stakes.flat_map(|stake| stake.rows.iter().copied()).collect() }
    }

    /// What is left of the companies on the way when those outside every cycle are peeled off; nothing
    /// where too many are left, or a share among them is not exact.
    fn core(&self, owner: Party, metric: Metric, below: &[Party]) -> Option<Vec<Party>> {
        let matrix = self.matrix(metric);
        let holds = |a: &Party, b: &Party| matrix.part(*a, *b).is_some_and(|band| !band.is_nothing());
        let mut core: Vec<Party> = below.iter().copied().filter(|party| *party != owner).collect();
        loop {
            let stays = |party: &&Party| {
                core.iter().any(|other| holds(other, party)) && core.iter().any(|other| holds(party, other))
            };
            let next: Vec<Party> = core.iter().filter(stays).copied().collect();
            if next.len() == core.len() {
                break;
            }
            core = next;
        }
        let exact = |a: &Party| core.iter().all(|b| matrix.part(*a, *b).is_none_or(Band::is_point));
        (core.len() <= MOST_MEMBERS && core.iter().all(exact)).then_some(core)
    }

    /// The determinant of 1 − W over these companies; nothing where it is zero.
    fn determinant(&self, members: &[Party], metric: Metric) -> Option<Exact> {
        let matrix = self.matrix(metric);
        let entry = |row: &Party, column: &Party| {
            let share = matrix.part(*row, *column).map(|band| band.least.clone()).unwrap_or_default();
            if row == column { Exact::one() - share } else { -share }
        };
        let rows = members.iter().map(|row| members.iter().map(|column| entry(row, column)).collect());
        eliminated(rows.collect())
    }
}

/// The product of the pivots. The matrix is one minus shares, so that a pivot is zero only where a set
/// of companies wholly owns itself.
fn eliminated(mut rows: Vec<Vec<Exact>>) -> Option<Exact> {
    let mut product = Exact::one();
    for pivot in 0..rows.len() {
        let top = rows.get(pivot)?.clone();
        let value = top.get(pivot)?;
        product = &product * value;
        for row in rows.iter_mut().skip(pivot + 1) {
            let factor = row.get(pivot)?.checked_div(value)?;
            if factor.is_zero() {
                continue;
            }
            for (cell, above) in row.iter_mut().zip(&top).skip(pivot) {
                *cell = &*cell - &(&factor * above);
            }
        }
    }
    (!product.is_zero()).then_some(product)
}
