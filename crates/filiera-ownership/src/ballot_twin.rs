//! The slow twin of [`crate::roll`]: every block for itself, in every evaluation anew, and random ballots
//! on which both must say the same.

use std::collections::BTreeSet;

use filiera_model::{Bounds, End, Exact, Mark, Quality, Range};
use filiera_testkit::Tape;
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::ballot::{Ballot, Block, Rest};
use crate::division::{Part, greatest};
use crate::roll::Cast;
use crate::{Band, Party};

type Inside<'a> = &'a dyn Fn(Party) -> bool;

/// One block, as the coalition would have it.
struct Term<'a> {
    share: &'a Band,
    /// Votes per share inside the coalition, zero outside; nothing: without limit.
    inside: Option<Exact>,
    /// Votes per share outside.
    outside: Exact,
}

fn part(ballot: &Ballot, surely: Inside<'_>, possibly: Inside<'_>, rest: bool) -> Bounds {
    let exact = |weight: &Range| weight.is_exact();
    let blocks = ballot.blocks.iter().all(|block| exact(&block.weight) && block.suspended != Mark::Maybe);
    let is_exact = blocks && ballot.rest.iter().all(|rest| exact(&rest.weight)) && ballot.cap.is_none();
    let quality = if is_exact { Quality::Exact } else { Quality::Sound };
    Bounds { lower: least(ballot, surely), upper: most(ballot, possibly, rest), quality }
}

fn least(ballot: &Ballot, inside: Inside<'_>) -> End {
    match &ballot.cap {
        Some(cap) => End::closed(capped_least(ballot, cap, inside)),
        None => uncapped_least(ballot, inside),
    }
}

fn most(ballot: &Ballot, inside: Inside<'_>, rest: bool) -> End {
    let rest = rest && ballot.rest.as_ref().is_some_and(|one| !one.nobody);
    match &ballot.cap {
        Some(cap) => End::closed(capped_most(ballot, cap, inside, rest)),
        None => fraction(ballot, inside, rest),
    }
}

fn uncapped_least(ballot: &Ballot, inside: Inside<'_>) -> End {
    if ballot.may_be_silent() {
        return End::closed(Exact::zero());
    }
    let others = fraction(ballot, &|owner| !inside(owner), true);
    End { value: others.value.map(|value| Exact::one() - value), open: others.open }
}

fn fraction(ballot: &Ballot, inside: Inside<'_>, rest: bool) -> End {
    let mut terms: Vec<Term<'_>> = ballot.blocks.iter().map(|block| term(block, inside)).collect();
    if let Some(one) = &ballot.rest {
        terms.push(stretched(&one.share, &one.weight, rest, false));
    }
    greatest_fraction(&terms)
}

fn capped_least(ballot: &Ballot, cap: &Exact, inside: Inside<'_>) -> Exact {
    let together = value(uncapped_least(ballot, inside));
    let others = ballot.owners().into_iter().filter(|owner| !inside(*owner));
    let others: Exact =
        others.map(|owner| value(fraction(ballot, &|one| one == owner, false)).min(cap.clone())).sum();
    let hidden = value(fraction(ballot, &|_| false, true));
    let others = (others + hidden).min(Exact::one() - together.clone());
    over(together.min(cap.clone()), others)
}

fn capped_most(ballot: &Ballot, cap: &Exact, inside: Inside<'_>, rest: bool) -> Exact {
    let most = |owner: Party| value(fraction(ballot, &|one| one == owner, false)).min(cap.clone());
    let least = |owner: Party| value(uncapped_least(ballot, &|one| one == owner)).min(cap.clone());
    let hidden = if rest { value(fraction(ballot, &|_| false, true)) } else { Exact::zero() };
    let (theirs, others): (Vec<Party>, Vec<Party>) =
        ballot.owners().into_iter().partition(|owner| inside(*owner));
    let theirs: Exact = theirs.into_iter().map(most).sum();
    over(theirs + hidden, others.into_iter().map(least).sum())
}

fn over(part: Exact, others: Exact) -> Exact {
    let all = &part + &others;
    part.checked_div(&all).unwrap_or_default()
}

fn value(end: End) -> Exact {
    end.value.unwrap_or_else(Exact::one)
}

fn term<'a>(block: &'a Block, inside: Inside<'_>) -> Term<'a> {
    let inside = inside(block.owner);
    match block.suspended {
        Mark::Yes => Term { share: &block.share, inside: Some(Exact::zero()), outside: Exact::zero() },
        maybe => stretched(&block.share, &block.weight, inside, maybe == Mark::Maybe),
    }
}

fn stretched<'a>(share: &'a Band, weight: &Range, inside: bool, may_be_silent: bool) -> Term<'a> {
    if inside {
        return Term { share, inside: weight.most.clone(), outside: Exact::zero() };
    }
    let outside = if may_be_silent { Exact::zero() } else { weight.least.clone() };
    Term { share, inside: Some(Exact::zero()), outside }
}

fn greatest_fraction(terms: &[Term<'_>]) -> End {
    if terms.iter().any(|term| term.inside.is_none() && term.share.most.is_positive()) {
        return End::open(Exact::one());
    }
    let votes = |term: &Term<'_>| term.inside.clone().unwrap_or_default();
    let mut fraction = Exact::zero();
    loop {
        let parts: Vec<Part<'_>> = terms
            .iter()
            .map(|term| {
                let gain = votes(term) * (Exact::one() - fraction.clone());
                Part { worth: gain - &term.outside * &fraction, share: term.share }
            })
            .collect();
        let Some(best) = greatest(&parts) else { return End::closed(Exact::zero()) };
        if !best.value.is_positive() {
            return End { value: Some(fraction), open: !best.attained };
        }
        let inside: Exact = terms.iter().zip(&best.shares).map(|(term, share)| &votes(term) * share).sum();
        let outside: Exact = terms.iter().zip(&best.shares).map(|(term, share)| &term.outside * share).sum();
        fraction = over(inside, outside);
    }
}

/// Shares are twentieths of the whole.
pub(crate) fn twentieths(parts: usize) -> Exact {
    Exact::ratio(parts, 20).unwrap()
}

fn band(tape: &mut Tape<'_>, left: &mut usize) -> Band {
    let least = tape.below((*left).min(8) + 1);
    // Now and then the shares are more than the whole.
    *left = left.saturating_sub(if tape.one_in(8) { 0 } else { least });
    let most = if tape.one_in(2) { (least + tape.below(8)).min(20) } else { least };
    let is_moving = most > least;
    Band {
        least: twentieths(least),
        least_open: is_moving && tape.one_in(3),
        most: twentieths(most),
        most_open: is_moving && tape.one_in(3),
    }
}

fn weight(tape: &mut Tape<'_>) -> Range {
    let exactly = |votes: i64| Range::exactly(Exact::from_int(votes));
    match tape.below(8) {
        0 => exactly(0),
        1 => exactly(10),
        2 => exactly(0).hull(&exactly(2)),
        3 => exactly(1).hull(&exactly(3)),
        4 if tape.one_in(3) => Range::anything(),
        5 => Range { least: Exact::one(), most: None },
        _ => exactly(1),
    }
}

pub(crate) fn ballot(tape: &mut Tape<'_>) -> Ballot {
    let weights: Vec<Range> = (0..1 + tape.below(4)).map(|_| weight(tape)).collect();
    let mut left = 20;
    let blocks = (0..tape.below(9)).map(|stake| Block {
        owner: Party::numbered(tape.below(6) as u32),
        stake,
        share: band(tape, &mut left),
        weight: tape.pick(&weights).unwrap(),
        suspended: tape.pick(&[Mark::No, Mark::No, Mark::No, Mark::Yes, Mark::Maybe]).unwrap(),
    });
    let blocks: Vec<Block> = blocks.collect();
    let cap = tape.one_in(4).then(|| twentieths(1 + tape.below(20)));
    let rest = Rest { share: Band::anything(), weight: weight(tape), nobody: tape.one_in(3) };
    let ballot = Ballot::new(blocks, Some(rest), cap);
    if tape.one_in(3) { ballot.complete() } else { ballot }
}

fn members(tape: &mut Tape<'_>) -> BTreeSet<Party> {
    (0..tape.below(7)).map(|_| Party::numbered(tape.below(7) as u32)).collect()
}

fn cast(ballot: &Ballot, members: &BTreeSet<Party>) -> Cast {
    let mut cast = Cast::default();
    members.iter().for_each(|party| ballot.roll().add(*party, &mut cast));
    cast
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same value, open where the twin's is open, whatever the ballot and the coalitions.
    #[test]
    fn sums_by_class_say_what_the_blocks_say(tape in proptest::collection::vec(any::<u8>(), 0..120)) {
        let tape = &mut Tape::new(&tape);
        let ballot = ballot(tape);
        for rest in [false, true] {
            let (few, many) = (members(tape), members(tape));
            let (surely, possibly) = (|party| few.contains(&party), |party| many.contains(&party));
            let fast = ballot.part(&cast(&ballot, &few), &cast(&ballot, &many), rest);
            assert_eq!(fast, part(&ballot, &surely, &possibly, rest), "{few:?}, {many:?} of {ballot:?}");
        }
    }
}

/// Twins are only worth what they are tried on: among random ballots are possible ones of every kind.
#[test]
fn random_ballots_are_of_every_kind() {
    let mut seen = BTreeSet::new();
    for seed in 0..3000u32 {
        let bytes: Vec<u8> = (0..120u32)
            .map(|place| (seed.wrapping_mul(2_654_435_761).rotate_left(place % 32) ^ (place * 97)) as u8)
            .collect();
        let tape = &mut Tape::new(&bytes);
        let ballot = ballot(tape);
        let inside = members(tape);
        let least = least(&ballot, &|party| inside.contains(&party));
        let most = most(&ballot, &|party| inside.contains(&party), true);
        let is_between =
            |end: &End| end.value.as_ref().is_some_and(|value| value.is_positive() && *value < Exact::one());
        seen.insert((
            ballot.is_possible(),
            ballot.cap.is_some(),
            is_between(&least),
            is_between(&most),
            least.open,
            most.open,
        ));
    }
    for (cap, least_open, most_open) in
        [(false, true, false), (false, false, true), (false, true, true), (true, false, false)]
    {
        assert!(
            seen.contains(&(true, cap, true, true, least_open, most_open)),
            "{cap} {least_open} {most_open} of {seen:?}"
        );
    }
}
