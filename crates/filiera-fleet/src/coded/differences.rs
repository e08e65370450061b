//! Where the rows of two vehicles differ.

use super::columns::COLUMNS;

/// So many rows are compared at a time.
const AT_ONCE: usize = 8;

/// The places at which two vehicles differ, in order at the front of `places`, which has room for all; how many.
/// All columns are of one length.
pub(super) fn places_of_differences(
    old: &[&[u32]; COLUMNS],
    new: &[&[u32]; COLUMNS],
    places: &mut [u32],
) -> usize {
    let (done, mut count) = wide::places_of_differences(old, new, places);
    let [rows, ..] = new;
    for place in done..rows.len() {
        let differ = |(old, new): (&&[u32], &&[u32])| old.get(place) != new.get(place);
        if let Some(slot) = places.get_mut(count) {
            *slot = place as u32;
        }
        count += usize::from(old.iter().zip(new).any(differ));
    }
    count
}

/// Some rows by one instruction each, where the processor has such.
#[cfg(target_arch = "x86_64")]
mod wide {
    use pulp::x86::V3;
    use pulp::{Simd, WithSimd, cast};

    use super::{AT_ONCE, COLUMNS};

    /// How many of the rows it compared, and how many of them differ.
    pub fn places_of_differences(
        old: &[&[u32]; COLUMNS],
        new: &[&[u32]; COLUMNS],
        places: &mut [u32],
    ) -> (usize, usize) {
        let Some(v3) = V3::try_new() else { return (0, 0) };
        Simd::vectorize(v3, Comparing { v3, old, new, places })
    }

    struct Comparing<'c> {
        v3: V3,
        old: &'c [&'c [u32]; COLUMNS],
        new: &'c [&'c [u32]; COLUMNS],
        places: &'c mut [u32],
    }

    /// Of each set of places, a bit for each: those in it, in order.
    const PLACES: [[u8; AT_ONCE]; 1 << AT_ONCE] = {
        let mut all = [[0; AT_ONCE]; 1 << AT_ONCE];
        let mut set = 0;
        while set < all.len() {
            let (mut place, mut count) = (0, 0);
            while place < AT_ONCE {
                if set >> place & 1 == 1 {
                    all[set][count] = place as u8;
                    count += 1;
                }
                place += 1;
            }
            set += 1;
        }
        all
    };

    impl WithSimd for Comparing<'_> {
        type Output = (usize, usize);

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> (usize, usize) {
            let Self { v3, old, new, places } = self;
            let [old_a, old_b, old_c, old_d, old_e] = old.map(|column| column.as_chunks::<AT_ONCE>().0);
            let [new_a, new_b, new_c, new_d, new_e] = new.map(|column| column.as_chunks::<AT_ONCE>().0);
            let differ =
                |old: &[u32; AT_ONCE], new: &[u32; AT_ONCE]| v3.avx2._mm256_xor_si256(cast(*old), cast(*new));
            let or = |a, b| v3.avx2._mm256_or_si256(a, b);
            let rows = old_a.iter().zip(new_a).zip(old_b.iter().zip(new_b)).zip(old_c.iter().zip(new_c));
            let rows = rows.zip(old_d.iter().zip(new_d)).zip(old_e.iter().zip(new_e));
            let (mut place, mut count) = (0u32, 0);
            for (((((a, with_a), (b, with_b)), (c, with_c)), (d, with_d)), (e, with_e)) in rows {
                let all = or(
                    or(or(differ(a, with_a), differ(b, with_b)), or(differ(c, with_c), differ(d, with_d))),
                    differ(e, with_e),
                );
                let equal = v3.avx2._mm256_cmpeq_epi32(all, v3.avx._mm256_setzero_si256());
                let differing = !v3.avx._mm256_movemask_ps(cast(equal)) as usize & 0xff;
                let own = PLACES.get(differing).copied().unwrap_or_default();
                if let Some(into) = places.get_mut(count..).and_then(<[u32]>::first_chunk_mut::<AT_ONCE>) {
                    *into = own.map(|own| place + u32::from(own));
                }
                count += differing.count_ones() as usize;
                place += AT_ONCE as u32;
            }
            (place as usize, count)
        }
    }
}

/// Other processors go on row by row.
#[cfg(not(target_arch = "x86_64"))]
mod wide {
    use super::COLUMNS;

    pub fn places_of_differences(
        _: &[&[u32]; COLUMNS],
        _: &[&[u32]; COLUMNS],
        _: &mut [u32],
    ) -> (usize, usize) {
        (0, 0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_row_that_differs_is_found(
            rows in prop::collection::vec(prop::collection::vec(0u32..9, 2 * COLUMNS), 0..70),
        ) {
            let column = |place: usize| rows.iter().map(|row| row[place] / 8).collect::<Vec<u32>>();
            let all: Vec<Vec<u32>> = (0..2 * COLUMNS).map(column).collect();
            let old: [&[u32]; COLUMNS] = std::array::from_fn(|place| all[place].as_slice());
            let new: [&[u32]; COLUMNS] = std::array::from_fn(|place| all[COLUMNS + place].as_slice());
            let mut places = vec![0; rows.len()];
            let count = places_of_differences(&old, &new, &mut places);
            let differ = |row: &usize| (0..COLUMNS).any(|column| old[column][*row] != new[column][*row]);
            let slow: Vec<u32> = (0..rows.len()).filter(differ).map(|row| row as u32).collect();
            prop_assert_eq!(&places[..count], slow.as_slice());
        }
    }
}
