//! A whole divided into shares so that they are worth most.

use filiera_model::Exact;

use crate::Band;

/// One of several shares that add up to a whole, and what a whole of it is worth.
pub(crate) struct Part<'a> {
    pub worth: Exact,
    pub share: &'a Band,
}

/// The best division of a whole.
pub(crate) struct Best {
    /// Σ worth · share.
    pub value: Exact,
    /// The shares, in the order of the parts; they add up to 1.
    pub shares: Vec<Exact>,
    /// Whether the value is reached, or only approached because an end is open.
    pub attained: bool,
}

/// The division of 1 into shares within their bands that is worth most; nothing when there is none.
///
/// The fractional knapsack: everybody gets the least, what is left goes to the worthiest first. Parts
/// of equal worth are one, so that an open end does not count against a value reached another way.
pub(crate) fn greatest(parts: &[Part<'_>]) -> Option<Best> {
    let mut shares: Vec<Exact> = parts.iter().map(|part| part.share.least.clone()).collect();
    let mut room = Exact::one() - shares.iter().cloned().sum();
    if room.is_negative() {
        return None;
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|a, b| worth(parts, *b).cmp(&worth(parts, *a)));
    let mut attained = true;
    for group in order.chunk_by(|a, b| worth(parts, *a) == worth(parts, *b)) {
        attained &= is_attained(parts, group, &room);
        room = fill(parts, group, room, &mut shares);
    }
    if room.is_positive() {
        return None;
    }
    let value = parts.iter().zip(&shares).map(|(part, share)| &part.worth * share).sum();
    Some(Best { value, shares, attained })
}

fn worth<'a>(parts: &'a [Part<'_>], place: usize) -> Option<&'a Exact> {
    parts.get(place).map(|part| &part.worth)
}

/// Whether a group of equal worth can take exactly this much above its least shares.
fn is_attained(parts: &[Part<'_>], group: &[usize], room: &Exact) -> bool {
    let bands = || group.iter().filter_map(|place| parts.get(*place)).map(|part| part.share);
    let slack: Exact = bands().map(|band| &band.most - &band.least).sum();
    let moving = |band: &&Band| band.most > band.least;
    if room.is_zero() {
        return !bands().filter(moving).any(|band| band.least_open);
    }
    *room < slack || !bands().filter(moving).any(|band| band.most_open)
}

/// Gives the room to the group, one after the other; what is left over.
fn fill(parts: &[Part<'_>], group: &[usize], mut room: Exact, shares: &mut [Exact]) -> Exact {
    for place in group {
        let (Some(part), Some(share)) = (parts.get(*place), shares.get_mut(*place)) else { continue };
        let taken = (&part.share.most - &part.share.least).min(room.clone());
        room = room - taken.clone();
        *share += &taken;
    }
    room
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    #[test]
    fn what_is_left_goes_to_the_worthiest() {
        let bands = [Band::between(n("1/4"), n("1/2")), Band::between(n("1/4"), n("1/2")), Band::anything()];
        let worths = ["1", "0", "-1"];
        let parts: Vec<Part<'_>> =
            worths.iter().zip(&bands).map(|(worth, share)| Part { worth: n(worth), share }).collect();
        let best = greatest(&parts).unwrap();
        assert_eq!(best.shares, [n("1/2"), n("1/2"), n("0")]);
        assert_eq!((best.value, best.attained), (n("1/2"), true));
    }

    #[test]
    fn an_open_end_is_approached() {
        let open = Band { most_open: true, ..Band::between(n("0"), n("1/2")) };
        let rest = Band::anything();
        let parts = [Part { worth: n("1"), share: &open }, Part { worth: n("0"), share: &rest }];
        let best = greatest(&parts).unwrap();
        assert_eq!((best.value, best.attained), (n("1/2"), false));
        let same = [Part { worth: n("1"), share: &open }, Part { worth: n("1"), share: &rest }];
        assert!(greatest(&same).unwrap().attained);
    }

    #[test]
    fn more_than_the_whole_and_less_than_it_are_impossible() {
        let (many, few) = (Band::between(n("3/4"), n("1")), Band::between(n("0"), n("1/3")));
        let twice = [Part { worth: n("1"), share: &many }, Part { worth: n("1"), share: &many }];
        assert!(greatest(&twice).is_none());
        assert!(greatest(&[Part { worth: n("1"), share: &few }]).is_none());
    }
}
