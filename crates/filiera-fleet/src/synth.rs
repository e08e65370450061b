//! A seeded generator of fleets: dossiers of any size that look like a maker's, of vehicles, the lots built
//! into them, and the papers there are on these.
//!
//! The same [`Options`] give the same rows, and the same bytes of every file, on every machine: there is
//! no clock, no hash order and no binary floating point in it.
//!
//! ```
//! use filiera_fleet::synth::{Options, Scenario, generate};
//!
//! let dossier = generate(&Options::new(20, 8, 60, 7).scenario(Scenario::Odd))?;
//! assert_eq!(dossier.tables.len(), 7);
//! # Ok::<(), filiera_fleet::synth::SynthError>(())
//! ```

mod error;
mod options;

mod random;

mod calendar;
mod classes;

mod companies;
mod configurations;
mod lots;
mod papers;
mod parts;
mod vehicles;
mod world;

mod columns;
mod installed;
mod tables;

mod memory;

mod folder;
mod settings;
mod sink;

pub use error::SynthError;
pub use folder::{Written, write};
pub use memory::generate;
pub use options::{FileFormat, Oddities, Options, Portion, Scenario};

pub(crate) use folder::{Unfinished, cannot_write, is_free};
pub(crate) use sink::{LEVEL, Layout, Sink};
