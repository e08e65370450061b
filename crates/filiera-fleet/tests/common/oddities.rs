//! Fleets that are odd in every way there is.

use filiera_fleet::synth::Oddities;
use proptest::prelude::*;

pub fn any_oddities() -> impl Strategy<Value = Oddities> {
    any::<[bool; 14]>().prop_map(|on| Oddities {
        alternatives: on[0],
        apportioned: on[1],
        vague_origins: on[2],
        price_ranges: on[3],
        both_papers: on[4],
        unknown_seats: on[5],
        changed_papers: on[6],
        odd_quantities: on[7],
        no_lots: on[8],
        no_suppliers: on[9],
        no_receipts: on[10],
        split_receipts: on[11],
        same_lot_names: on[12],
        odd_vehicles: on[13],
        ..Oddities::NONE
    })
}
