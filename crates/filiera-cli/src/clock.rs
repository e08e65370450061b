use std::time::{SystemTime, UNIX_EPOCH};

use filiera_model::Day;

const SECONDS_PER_DAY: u64 = 86_400;

/// Today in UTC: the one place where the clock is asked.
#[expect(clippy::disallowed_methods, reason = "the binary asks what day it is, and hands it on")]
pub fn today() -> Day {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Day::from_days(i32::try_from(since_epoch.as_secs() / SECONDS_PER_DAY).unwrap_or_default())
}
