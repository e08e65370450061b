//! Judges, explains: binds packs to the evidence and finds what is met, not met, or open.
//!
//! Never here: files, HTTP, printing, a clock, floating point.

mod arithmetic;
