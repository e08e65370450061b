//! The benchmark of many listed owners: one company, its owners, its ultimate controllers, its holdings.
//!
//! ```text
//! listed [OWNERS…]     100 3000 30000 when nothing is said
//! ```
//!
//! Every case is named for what it is of: so many owners, of whom a complete list or one that leaves 55 %
//! open, with exact shares, with ranges, or with a cap on votes. Prints seconds per step by the wall, and those of the
//! processor for all of them.

mod generate;

use std::time::Instant;

use anyhow::{Context, ensure};
use filiera_model::Mark;
use filiera_ownership::{ControlRule, Register};

use generate::{COMPANY, Case, dossier};

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut sizes: Vec<usize> = words.iter().map(|word| word.parse()).collect::<Result<_, _>>()?;
    if sizes.is_empty() {
        sizes = vec![100, 3_000, 30_000];
    }
    for owners in sizes {
        for case in Case::all(owners) {
            run(&case)?;
        }
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the result of the run")]
fn run(case: &Case) -> anyhow::Result<()> {
    let dossier = dossier(case)?;
    let before = processor_seconds().unwrap_or_default();
    let mut clock = Clock::start();
    let snapshot = Register::read(&dossier).on("2026-11-22".parse()?);
    let company = snapshot.register().party(COMPANY).context("no company")?;
    let read = clock.lap();
    let control = snapshot.control(&ControlRule::default());
    let controlled = clock.lap();
    let controllers = control.controllers_of(company);
    let ultimate = control.ultimate_of(company);
    let ends = clock.lap();
    let holdings = snapshot.holdings_of(company);
    let held = clock.lap();
    let sure = controllers.iter().filter(|one| one.controls == Mark::Yes).count();
    ensure!(
        controllers.len() == if case.open { case.owners } else { 0 } && sure == 0,
        "{}",
        controllers.len()
    );
    ensure!(holdings.len() >= case.owners && ultimate.unknown == case.open, "{}", holdings.len());
    let processor = processor_seconds().unwrap_or_default() - before;
    println!(
        "{:<34} read {read:.3} s  control {controlled:.3} s  ends {ends:.3} s  holdings {held:.3} s  processor \
         {processor:.2} s",
        case.name()
    );
    Ok(())
}

/// Time spent computing, to a hundredth of a second, where the system tells.
fn processor_seconds() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = status.rsplit_once(')')?;
    let ticks: Vec<f64> = fields.split_whitespace().skip(11).take(2).flat_map(str::parse).collect();
    Some(ticks.iter().sum::<f64>() / 100.0)
}

/// When a step began.
struct Clock(Instant);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the benchmark measures")]
    fn start() -> Self {
        Self(Instant::now())
    }

    /// The seconds since the last lap.
    fn lap(&mut self) -> f64 {
        let seconds = self.0.elapsed().as_secs_f64();
        *self = Self::start();
        seconds
    }
}
