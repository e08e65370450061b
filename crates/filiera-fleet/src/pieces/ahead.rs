//! Files are asked for before they are read, so that the disk works while other tables are taken in.

use std::fs::File;

/// Asks for the beginning of a file. This is advice: whether it is followed shows only in the time a reading takes.
#[cfg(target_os = "linux")]
pub(super) fn read_ahead(file: &File) {
    use std::num::NonZeroU64;

    use rustix::fs::{Advice, fadvise};

    /// What lies behind is asked for as it is read.
    const BYTES: Option<NonZeroU64> = NonZeroU64::new(256 << 20);

    fadvise(file, 0, BYTES, Advice::WillNeed).ok();
}

/// Other systems read ahead by themselves.
#[cfg(not(target_os = "linux"))]
pub(super) fn read_ahead(_: &File) {}
