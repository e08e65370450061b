//! The `filiera` command, run as its users run it: what it prints, where, and how it exits.

mod support;

mod absence;
mod cluster;
mod due;
mod examples;
mod explain;
mod fleet;
mod fleet_bad;
mod fleet_explain;
mod fleet_findings;
mod fleet_texts;
mod formats;
mod settle;

mod outside_boms;
mod outside_values;

mod breakeven;

mod bad_files;
mod bad_rows;
mod cycles;

mod clocks;
mod diff;
mod hashes;
mod help;
mod init;
mod matrix;
mod ownership;
mod packs;
mod papers;
mod premium;
mod synth;
mod warehouse;
mod what_if;
