/// What the parts of a class cost and weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) name: &'static str,
    /// Least and greatest price of one piece, in cents.
    pub(super) cents: (u64, u64),
    /// Least and greatest mass of one piece, in grams.
    pub(super) grams: (u64, u64),
    /// How many pieces a vehicle has of one part: from, to.
    pub(super) pieces: (u64, u64),
}

const fn class(name: &'static str, cents: (u64, u64), grams: (u64, u64), pieces: (u64, u64)) -> Class {
    Class { name, cents, grams, pieces }
}

const BODY: Class = class("body", (3_000, 25_000), (2_000, 20_000), (1, 1));
const CHASSIS: Class = class("chassis", (4_000, 30_000), (3_000, 25_000), (1, 1));
const BATTERY: Class = class("battery", (40_000, 120_000), (15_000, 40_000), (1, 1));
const DRIVE: Class = class("drive", (15_000, 90_000), (5_000, 40_000), (1, 1));
const POWER: Class = class("power-electronics", (8_000, 40_000), (1_000, 8_000), (1, 1));
const INFOTAINMENT: Class = class("infotainment", (3_000, 35_000), (200, 3_000), (1, 1));
const INTERIOR: Class = class("interior", (800, 12_000), (300, 5_000), (1, 2));
const SEATS: Class = class("seats", (6_000, 30_000), (8_000, 22_000), (1, 2));
const GLASS: Class = class("glass", (2_500, 15_000), (3_000, 14_000), (1, 2));
const LIGHTING: Class = class("lighting", (2_000, 20_000), (300, 3_000), (2, 2));
const WIRING: Class = class("wiring", (500, 9_000), (200, 6_000), (1, 3));
const BRAKES: Class = class("brakes", (1_500, 12_000), (1_000, 9_000), (2, 4));
const STEERING: Class = class("steering", (3_000, 25_000), (1_000, 9_000), (1, 1));
const THERMAL: Class = class("thermal", (1_000, 15_000), (500, 8_000), (1, 2));
const TYRES: Class = class("tyres", (4_000, 11_000), (7_000, 12_000), (4, 4));
const FASTENERS: Class = class("fasteners", (5, 200), (2, 90), (4, 40));

/// One part in a round of these is of each class, dear ones first, so that short lists have them too.
const ROUND: [Class; 32] = [
    BODY,
    DRIVE,
    INFOTAINMENT,
    INTERIOR,
    BATTERY,
    CHASSIS,
    WIRING,
    LIGHTING,
    SEATS,
    BRAKES,
    FASTENERS,
    THERMAL,
    BODY,
    POWER,
    GLASS,
    INTERIOR,
    TYRES,
    STEERING,
    WIRING,
    FASTENERS,
    CHASSIS,
    INFOTAINMENT,
    BODY,
    INTERIOR,
    DRIVE,
    BRAKES,
    THERMAL,
    WIRING,
    FASTENERS,
    CHASSIS,
    BODY,
    INTERIOR,
];

/// The class whose suppliers the sensitive components of an accord come from.
pub(super) const SENSITIVE: &str = INFOTAINMENT.name;

/// The class of the part of this number.
pub(super) fn class_of(part: u32) -> &'static Class {
    &ROUND[part as usize % ROUND.len()]
}
