//! Whole numbers packed bit by bit, least bit first.

/// So many are unpacked at a time: as many as make whole bytes of any width.
pub(super) const AT_ONCE: usize = 8;

/// No wider numbers are unpacked: each lies within four bytes.
const WIDEST: u32 = 24;

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
                $($width => unpack_of::<$width, { $width + 4 }>(bytes, count, into)?,)*
                _ => return None,
            }
        };
    }
    of_width!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24);
    Some(())
}

/// The same of one width: as many bytes hold what is unpacked at a time, and `SEEN`, four more, are looked at.
fn unpack_of<const WIDTH: usize, const SEEN: usize>(
    bytes: &[u8],
    count: usize,
    into: &mut [u32],
) -> Option<()> {
    let (groups, _) = into.as_chunks_mut::<AT_ONCE>();
    let groups = groups.get_mut(..count.div_ceil(AT_ONCE))?;
    // Of so many groups the bytes that are looked at are all there.
    let whole = (bytes.len().saturating_sub(SEEN - WIDTH) / WIDTH).min(groups.len());
    let (groups, last) = groups.split_at_mut(whole);
    let mut rest = bytes;
    for group in groups {
        unpack_group::<WIDTH, SEEN>(rest.first_chunk()?, group);
        rest = rest.get(WIDTH..)?;
    }
    for group in last {
        let mut padded = [0u8; SEEN];
        padded.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        unpack_group::<WIDTH, SEEN>(&padded, group);
        rest = rest.get(WIDTH..).unwrap_or_default();
    }
    Some(())
}

#[inline(always)]
fn unpack_group<const WIDTH: usize, const SEEN: usize>(seen: &[u8; SEEN], into: &mut [u32; AT_ONCE]) {
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
