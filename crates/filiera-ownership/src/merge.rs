//! Several rows about one stake.

use filiera_model::{Exact, Mark};

use crate::statements::Fact;
use crate::{Band, Remark, Stake};

/// Stakes sorted by company, owner, kind and class, and what was done so that nothing counts twice.
///
/// Rows of one document are blocks and add up. Documents that agree count once; where they differ,
/// every claim is possible. Rows without a document may be one stake or several. What a document states
/// without a class, or without its votes, may be a stake that another document states with it.
pub(crate) fn stakes(mut facts: Vec<Fact>) -> (Vec<Stake>, Vec<Remark>) {
    facts.sort_by(|a, b| key(a).cmp(&key(b)).then(a.row.cmp(&b.row)));
    let mut remarks = Vec::new();
    let mut stakes = Vec::new();
    for pair in facts.chunk_by(|a, b| (a.company, a.owner, a.kind) == (b.company, b.owner, b.kind)) {
        for same in pair.chunk_by(|a, b| key(a) == key(b)) {
            stakes.extend(stake(same, &mut remarks).map(|stake| vaguely(stake, same, pair, &mut remarks)));
        }
    }
    (stakes, remarks)
}

/// The stake, or nothing where others of the same owner may be it in more words.
fn vaguely(stake: Stake, own: &[Fact], pair: &[Fact], remarks: &mut Vec<Remark>) -> Stake {
    let is_told_again = |vague: &Fact| pair.iter().any(|clear| may_be(vague, clear));
    if !own.iter().all(is_told_again) {
        return stake;
    }
    let Stake { owner, company, .. } = stake;
    let stake = Stake { share: stake.share.or_nothing(), ..stake };
    remarks.push(Remark::NotSeparable {
        owner,
        company,
        rows: stake.rows.clone(),
        share: stake.share.clone(),
    });
    stake
}

/// Whether a row says with fewer words what a row of another document says.
fn may_be(vague: &Fact, clear: &Fact) -> bool {
    let of_others = vague.document.is_some() && clear.document.is_some() && vague.document != clear.document;
    let same_class = vague.class.is_none() || vague.class == clear.class;
    let same_votes = vague.votes_per_share.is_none() || vague.votes_per_share == clear.votes_per_share;
    let says_less = (&vague.class, &vague.votes_per_share) != (&clear.class, &clear.votes_per_share)
        && same_class
        && same_votes;
    let indirect = |fact: &Fact| fact.direct == Some(false);
    let same_way = vague.treasury == clear.treasury && indirect(vague) == indirect(clear);
    of_others && says_less && same_way
}

/// What makes rows speak about one stake.
fn key(fact: &Fact) -> impl Ord + '_ {
    let indirect = fact.direct == Some(false);
    (fact.company, fact.owner, fact.kind, &fact.class, &fact.votes_per_share, fact.treasury, indirect)
}

fn stake(facts: &[Fact], remarks: &mut Vec<Remark>) -> Option<Stake> {
    let first = facts.first()?;
    let rows: Vec<u32> = facts.iter().filter_map(|fact| fact.row).collect();
    let (owner, company) = (first.owner, first.company);
    let holds = if facts.iter().any(|fact| fact.holds == Mark::Yes) { Mark::Yes } else { Mark::Maybe };
    let (share, how) = share(facts);
    let share = if holds == Mark::Maybe { share.or_nothing() } else { share };
    match how {
        How::Plain => {}
        How::Twice => remarks.push(Remark::StatedTwice { owner, company, rows: rows.clone() }),
        How::Open => {
            remarks.push(Remark::NotSeparable { owner, company, rows: rows.clone(), share: share.clone() });
        }
    }
    Some(Stake {
        owner,
        company,
        kind: first.kind,
        class: first.class.clone(),
        votes_per_share: first.votes_per_share.clone(),
        share,
        treasury: first.treasury,
        direct: first.direct,
        holds,
        rows,
    })
}

enum How {
    /// One document.
    Plain,
    /// Documents that agree.
    Twice,
    /// Documents that differ, or rows that may be one stake or several.
    Open,
}

fn share(facts: &[Fact]) -> (Band, How) {
    let any_sure = facts.iter().any(|fact| fact.holds == Mark::Yes);
    let mut documents: Vec<&Option<String>> = facts.iter().map(|fact| &fact.document).collect();
    documents.sort_unstable();
    documents.dedup();
    let claims: Vec<(Band, bool)> = documents.into_iter().map(|one| claim(facts, one, any_sure)).collect();
    let open = claims.iter().any(|(_, open)| *open);
    let agree = claims.windows(2).all(|pair| matches!(pair, [(a, _), (b, _)] if a == b));
    let how = match claims.len() {
        _ if open || !agree => How::Open,
        0 | 1 => How::Plain,
        _ => How::Twice,
    };
    let hull = claims.into_iter().map(|(band, _)| band).reduce(|a, b| a.hull(&b));
    (hull.unwrap_or_else(Band::anything), how)
}

/// What one document says of the stake, and whether it may be read in more than one way.
///
/// A row that may not be in force contributes nothing, or all it says.
fn claim(facts: &[Fact], document: &Option<String>, any_sure: bool) -> (Band, bool) {
    let rows: Vec<&Fact> = facts.iter().filter(|fact| &fact.document == document).collect();
    let sure = !any_sure || rows.iter().any(|fact| fact.holds == Mark::Yes);
    let band = |fact: &&Fact| {
        if sure && fact.holds == Mark::Maybe { fact.share.or_nothing() } else { fact.share.clone() }
    };
    let sum = rows.iter().map(band).reduce(|a, b| a.plus(&b)).unwrap_or_else(Band::anything);
    if document.is_some() || rows.len() < 2 {
        return (sum, false);
    }
    let one_fact = rows.iter().map(|fact| fact.share.clone()).reduce(|a, b| a.hull(&b));
    let mut all = one_fact.map_or_else(|| sum.clone(), |one| one.hull(&sum));
    if all.most > Exact::one() && all.least <= Exact::one() {
        (all.most, all.most_open) = (Exact::one(), false);
    }
    (all, true)
}
