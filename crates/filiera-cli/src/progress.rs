use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on standard error for what takes longer than a blink; none when that is no terminal.
pub struct Progress(ProgressBar);

impl Progress {
    pub fn new(what: &'static str) -> Self {
        Self::of(what, "{msg} {bar:30} {pos}/{len} {eta}")
    }

    /// A bar over rows by the million, which tells how many a second as well.
    pub fn of_rows(what: &'static str) -> Self {
        Self::of(what, "{msg} {bar:30} {human_pos} of {human_len} rows, {per_sec}, {eta} left")
    }

    fn of(what: &'static str, template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(250));
        Self(bar)
    }

    pub fn tell(&self, done: usize, of: usize) {
        self.tell_rows(done as u64, of as u64);
    }

    pub fn tell_rows(&self, done: u64, of: u64) {
        self.0.set_length(of);
        self.0.set_position(done);
    }

    /// Takes the bar off the screen before an answer is written there.
    pub fn hide(&self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
