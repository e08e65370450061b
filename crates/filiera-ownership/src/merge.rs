//! Several rows about one stake.

use std::collections::BTreeMap;

use filiera_model::{Exact, Mark};

use crate::statements::{Fact, Told};
use crate::{Band, Remark, Stake};

/// Stakes sorted by company, owner, kind and class, and what was done so that nothing counts twice.
///
/// Rows of one document are blocks and add up. Documents that agree count once; where they differ,
/// every claim is possible. Rows without a document may be one stake or several, and so may what one register
/// tells in several files, unless a statement is in more than one of them: that is one stake. What a document states
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// One document.
    Plain,
    /// Documents, or files of one, that agree.
    Twice,
    /// Documents that differ, or rows that may be one stake or several.
    Open,
}

fn share(facts: &[Fact]) -> (Band, How) {
    let any_sure = facts.iter().any(|fact| fact.holds == Mark::Yes);
    let mut documents: Vec<&Option<String>> = facts.iter().map(|fact| &fact.document).collect();
    documents.sort_unstable();
    documents.dedup();
    let claims: Vec<(Band, How)> = documents.into_iter().map(|one| claim(facts, one, any_sure)).collect();
    let open = claims.iter().any(|(_, how)| *how == How::Open);
    let twice = claims.iter().any(|(_, how)| *how == How::Twice);
    let agree = claims.windows(2).all(|pair| matches!(pair, [(a, _), (b, _)] if a == b));
    let how = match claims.len() {
        _ if open || !agree => How::Open,
        0 | 1 if !twice => How::Plain,
        _ => How::Twice,
    };
    let hull = claims.into_iter().map(|(band, _)| band).reduce(|a, b| a.hull(&b));
    (hull.unwrap_or_else(Band::anything), how)
}

/// What one document says of the stake, and whether it may be read in more than one way.
///
/// A row that may not be in force contributes nothing, or all it says.
fn claim(facts: &[Fact], document: &Option<String>, any_sure: bool) -> (Band, How) {
    let rows: Vec<&Fact> = facts.iter().filter(|fact| &fact.document == document).collect();
    let sure = !any_sure || rows.iter().any(|fact| fact.holds == Mark::Yes);
    let band = |fact: &&Fact| {
        if sure && fact.holds == Mark::Maybe { fact.share.or_nothing() } else { fact.share.clone() }
    };
    let sum = rows.iter().map(band).reduce(|a, b| a.plus(&b)).unwrap_or_else(Band::anything);
    if document.is_some() {
        let told: Option<Vec<(&Told, Band)>> =
            rows.iter().map(|fact| Some((fact.told.as_ref()?, band(fact)))).collect();
        return told.and_then(|told| in_files(&told)).unwrap_or((sum, How::Plain));
    }
    if rows.len() < 2 {
        return (sum, How::Plain);
    }
    let one_fact = rows.iter().map(|fact| fact.share.clone()).reduce(|a, b| a.hull(&b));
    let all = one_fact.map_or_else(|| sum.clone(), |one| one.hull(&sum));
    (within_whole(all), How::Open)
}

/// What a register tells in several files; nothing: it is one file.
///
/// A statement that several files hold is one stake. What only one of them tells may be what another tells in
/// other words, or another stake.
fn in_files(told: &[(&Told, Band)]) -> Option<(Band, How)> {
    let mut files: BTreeMap<u32, Band> = BTreeMap::new();
    let mut statements: BTreeMap<Option<&str>, BTreeMap<u32, Band>> = BTreeMap::new();
    let add = |of: &mut BTreeMap<u32, Band>, file: u32, band: &Band| {
        let sum = of.get(&file).map_or_else(|| band.clone(), |sum| sum.plus(band));
        of.insert(file, sum);
    };
    for (one, band) in told {
        add(statements.entry(one.statement.as_deref()).or_default(), one.file, band);
        add(&mut files, one.file, band);
    }
    if files.len() < 2 {
        return None;
    }
    let is_repeated = |id: &Option<&str>, of: &BTreeMap<u32, Band>| id.is_some() && of.len() > 1;
    let mut all = Band::point(Exact::zero());
    let mut others: BTreeMap<u32, Band> = BTreeMap::new();
    let mut agree = true;
    for (id, of) in &statements {
        if is_repeated(id, of) {
            agree &= of.values().all(|band| Some(band) == of.values().next());
            let one = of.values().cloned().reduce(|a, b| a.hull(&b));
            all = one.map_or(all.clone(), |one| all.plus(&one));
        } else {
            of.iter().for_each(|(file, band)| add(&mut others, *file, band));
        }
    }
    let sum = others.values().cloned().reduce(|a, b| a.plus(&b));
    let one = others.values().cloned().reduce(|a, b| a.hull(&b));
    if let (Some(sum), Some(one)) = (sum, one) {
        all = all.plus(&if others.len() > 1 { one.hull(&sum) } else { sum });
    }
    let how = if agree && others.len() < 2 { How::Twice } else { How::Open };
    Some((within_whole(all), how))
}

/// No more than the whole, where that can be.
fn within_whole(mut share: Band) -> Band {
    if share.most > Exact::one() && share.least <= Exact::one() {
        (share.most, share.most_open) = (Exact::one(), false);
    }
    share
}
