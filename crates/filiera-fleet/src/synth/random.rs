use super::Portion;

/// A small generator of random numbers (SplitMix64): the same sequence on every machine.
///
/// Whatever is drawn for one thing comes from a generator of its own, so that it does not depend on what
/// was drawn before it, nor on the order in which rows are written.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

/// What is drawn: each kind of thing has its own sequences.
#[derive(Clone, Copy, Debug)]
pub(super) enum Draw {
    Company = 1,
    Order,
    Part,
    Supplier,
    Lot,
    Paper,
    Vehicle,
    Row,
}

/// The odd constant of SplitMix64: two to the 64th by the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    /// The generator for the thing of this number.
    pub(super) fn of(seed: u64, draw: Draw, number: u64) -> Self {
        let kind = mixed(seed.wrapping_add((draw as u64).wrapping_mul(STEP)));
        Self(mixed(kind ^ number.wrapping_mul(STEP)))
    }

    /// 64 random bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// A number below `count`; 0 when that is 0.
    pub(super) fn below(&mut self, count: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(count)) >> 64) as u64
    }

    /// A number from `least` to `most`.
    pub(super) fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// True in that portion of cases.
    pub(super) fn chance(&mut self, portion: Portion) -> bool {
        self.below(10_000) < u64::from(portion.of_10_000())
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub(super) fn pick<'a, T>(&mut self, several: &'a [T]) -> Option<&'a T> {
        several.get(self.below(several.len() as u64) as usize)
    }

    /// Puts things into a random order.
    pub(super) fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

fn mixed(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        let mut random = Random(1_234_567);
        assert_eq!(random.bits(), 6_457_827_717_110_365_317);
        assert_eq!(random.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn every_value_comes_about_as_often() {
        let mut random = Random::of(3, Draw::Row, 9);
        let mut counts = [0u32; 10];
        (0..10_000).for_each(|_| counts[random.below(10) as usize] += 1);
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn neighbours_have_nothing_in_common() {
        let first = |number| Random::of(1, Draw::Row, number).below(1_000_000);
        let drawn: std::collections::BTreeSet<u64> = (0..1000).map(first).collect();
        assert!(drawn.len() > 990);
        assert_ne!(Random::of(1, Draw::Lot, 5).bits(), Random::of(1, Draw::Row, 5).bits());
        assert_ne!(Random::of(1, Draw::Lot, 5).bits(), Random::of(2, Draw::Lot, 5).bits());
    }
}
