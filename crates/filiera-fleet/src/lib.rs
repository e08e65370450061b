//! Fleets: vehicles by the million, judged lot by lot.
//!
//! It never decides what a lot counts for: the engine does.

pub mod synth;
