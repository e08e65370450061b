//! Whole numbers packed bit by bit, least bit first.

/// So many are unpacked at a time: as many as make whole bytes of any width.
pub(super) const AT_ONCE: usize = 8;

/// No wider numbers are unpacked: each lies within four bytes.
const WIDEST: u32 = 24;

/// What is unpacked at a time.
type Group = [u32; AT_ONCE];

/// Unpacks so many numbers of some bits each to the front of `into`, which has room for a whole number of
/// [`AT_ONCE`] more; nothing where the bytes end before.
pub(super) fn unpack(bytes: &[u8], width: u32, count: usize, into: &mut [u32]) -> Option<()> {
    if width > WIDEST || (count * width as usize).div_ceil(8) > bytes.len() {
        return None;
    }
    macro_rules! of_width {
        ($($width:literal)*) => {
            match width {
                0 => into.get_mut(..count)?.fill(0),
                $($width => unpack_of::<$width, { $width + 4 }, { $width / 2 + 16 }>(bytes, count, into)?,)*
                _ => return None,
            }
        };
    }
    of_width!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24);
    Some(())
}

/// The same of one width: as many bytes hold what is unpacked at a time. `SEEN` of them, four more, are looked
/// at one number at a time, and `SEEN_WIDE` all at once.
fn unpack_of<const WIDTH: usize, const SEEN: usize, const SEEN_WIDE: usize>(
    bytes: &[u8],
    count: usize,
    into: &mut [u32],
) -> Option<()> {
    let (groups, _) = into.as_chunks_mut::<AT_ONCE>();
    let groups = groups.get_mut(..count.div_ceil(AT_ONCE))?;
    let done = wide::unpack_groups::<WIDTH, SEEN_WIDE>(bytes, groups);
    let (groups, mut rest) = (groups.get_mut(done..)?, bytes.get(done * WIDTH..)?);
    for group in groups {
        match rest.first_chunk::<SEEN>() {
            Some(seen) => unpack_group::<WIDTH, SEEN>(seen, group),
            None => {
                let mut padded = [0u8; SEEN];
                padded.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                unpack_group::<WIDTH, SEEN>(&padded, group);
            }
        }
        rest = rest.get(WIDTH..).unwrap_or_default();
    }
    Some(())
}

#[inline(always)]
fn unpack_group<const WIDTH: usize, const SEEN: usize>(seen: &[u8; SEEN], into: &mut Group) {
    macro_rules! numbers {
        ($($place:literal)*) => { [$(number::<WIDTH, SEEN>(seen, $place)),*] };
    }
    *into = numbers!(0 1 2 3 4 5 6 7);
}

#[inline(always)]
fn number<const WIDTH: usize, const SEEN: usize>(seen: &[u8; SEEN], place: usize) -> u32 {
    let bit = place * WIDTH;
    let word = seen.get(bit / 8..).and_then(<[u8]>::first_chunk::<4>);
    (word.map_or(0, |word| u32::from_le_bytes(*word)) >> (bit % 8)) & ((1u32 << WIDTH) - 1)
}

/// Groups unpacked by one instruction for all their numbers, where the processor has such.
#[cfg(target_arch = "x86_64")]
mod wide {
    use pulp::x86::V3;
    use pulp::{Simd, WithSimd, cast};

    use super::{AT_ONCE, Group};

    /// How many of the groups it unpacked.
    pub fn unpack_groups<const WIDTH: usize, const SEEN: usize>(bytes: &[u8], groups: &mut [Group]) -> usize {
        let Some(v3) = V3::try_new() else { return 0 };
        Simd::vectorize(v3, Groups::<WIDTH, SEEN> { v3, bytes, groups })
    }

    struct Groups<'g, const WIDTH: usize, const SEEN: usize> {
        v3: V3,
        bytes: &'g [u8],
        groups: &'g mut [Group],
    }

    impl<const WIDTH: usize, const SEEN: usize> Groups<'_, WIDTH, SEEN> {
        /// Where the bytes begin in which the second four numbers lie.
        const SECOND: usize = WIDTH * AT_ONCE / 2 / 8;
        /// Of each byte of the numbers, as words, its place in the bytes.
        const PLACES: [u8; 32] = {
            let mut places = [0; 32];
            let mut byte = 0;
            while byte < 32 {
                places[byte] = (Self::bit(byte / 4) / 8 + byte % 4) as u8;
                byte += 1;
            }
            places
        };
        /// How far each word is to be moved.
        const SHIFTS: Group = {
            let mut shifts = [0; AT_ONCE];
            let mut number = 0;
            while number < AT_ONCE {
                shifts[number] = (Self::bit(number) % 8) as u32;
                number += 1;
            }
            shifts
        };

        /// Where a number begins, in the bytes of its four.
        const fn bit(number: usize) -> usize {
            number * WIDTH - if number < AT_ONCE / 2 { 0 } else { 8 * Self::SECOND }
        }
    }

    impl<const WIDTH: usize, const SEEN: usize> WithSimd for Groups<'_, WIDTH, SEEN> {
        type Output = usize;

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> usize {
            let Self { v3, bytes, groups } = self;
            let (places, shifts) = (cast(Self::PLACES), cast(Self::SHIFTS));
            let mask = v3.avx._mm256_set1_epi32((1 << WIDTH) - 1);
            let whole = bytes.len().checked_sub(SEEN).map_or(0, |rest| rest / WIDTH + 1).min(groups.len());
            let starts = bytes.windows(SEEN).step_by(WIDTH);
            for (group, seen) in groups.iter_mut().zip(starts).take(whole) {
                let (first, second) = (seen.first_chunk::<16>(), seen.last_chunk::<16>());
                let Some((first, second)) = first.zip(second) else { continue };
                let words = v3.avx2._mm256_shuffle_epi8(cast([*first, *second]), places);
                let words = v3.avx2._mm256_srlv_epi32(words, shifts);
                *group = cast(v3.avx2._mm256_and_si256(words, mask));
            }
            whole
        }
    }
}

/// Other processors go on number by number.
#[cfg(not(target_arch = "x86_64"))]
mod wide {
    pub fn unpack_groups<const WIDTH: usize, const SEEN: usize>(_: &[u8], _: &mut [super::Group]) -> usize {
        0
    }
}
#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub fn packed(values: &[u32], width: u32) -> Vec<u8> {
        let mut bytes = vec![0u8; (values.len() * width as usize).div_ceil(8)];
        for (place, value) in values.iter().enumerate() {
            for bit in 0..width as usize {
                if value >> bit & 1 == 1 {
                    let at = place * width as usize + bit;
                    bytes[at / 8] |= 1 << (at % 8);
                }
            }
        }
        bytes
    }

    proptest! {
        #[test]
        fn what_was_packed_is_unpacked(
            width in 0u32..=24,
            values in prop::collection::vec(any::<u32>(), 0..200),
            more in prop::collection::vec(any::<u8>(), 0..8),
        ) {
            let values: Vec<u32> = values.into_iter().map(|value| value & ((1 << width) - 1)).collect();
            let mut found = vec![7; values.len().next_multiple_of(AT_ONCE)];
            let bytes = [packed(&values, width), more].concat();
            prop_assert_eq!(unpack(&bytes, width, values.len(), &mut found), Some(()));
            prop_assert_eq!(&found[..values.len()], values.as_slice());
        }

        #[test]
        fn bytes_that_end_early_are_no_numbers(width in 1u32..=24, count in 1usize..100) {
            let bytes = packed(&vec![0; count], width);
            let mut found = vec![0; 128];
            prop_assert_eq!(unpack(&bytes[..bytes.len() - 1], width, count, &mut found), None);
        }
    }
}
