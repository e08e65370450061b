//! The ownership benchmark: a register of 10 million parties, made up the same way on every run.
//!
//! ```text
//! book [PARTIES STAKES CORE]     10000000 6500000 1300 when nothing is said
//! ```
//!
//! Finds the cyclic cores, the ultimate owners of every company with their shares, and the companies
//! every person controls by majorities; checks sums on the way, and prints seconds, counts and memory.

mod generate;

use std::time::Instant;

use anyhow::{Context, ensure};
use filiera_model::Exact;
use filiera_ownership::{Components, Party, ShareBook, Ultimates};

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<usize> = words.iter().map(|word| word.parse()).collect::<Result<_, _>>()?;
    let (parties, stakes, core) = match numbers[..] {
        [] => (10_000_000, 6_500_000, 1_300),
        [parties, stakes, core] => (parties, stakes, core),
        _ => anyhow::bail!("usage: book [PARTIES STAKES CORE]"),
    };
    let mut clock = Clock::start();
    let stakes = generate::stakes(parties, stakes, core);
    clock.say("generated", &format!("{parties} parties, {} stakes", stakes.len()));

    let book = ShareBook::new(parties, stakes, generate::WHOLE)?;
    clock.say("booked", &format!("{} stakes", book.stakes()));

    let components = book.components();
    let largest = (0..components.len() as u32).map(|one| components.nodes(one).len()).max().unwrap_or(0);
    clock.say("cores", &format!("{} components, the largest of {largest}", components.len()));

    let is_person = |party| book.owners_of(party).len() == 0;
    let majorities = book.majorities(is_person);
    let controllers = majorities.controllers().len();
    clock.say("majority control", &format!("{} pairs of {controllers} persons", majorities.pairs()));

    let ultimates = book.ultimates(&components);
    clock.say("ultimate owners", &format!("{} pairs", ultimates.pairs()));
    check(&book, &components, &ultimates, parties)
}

/// Of a sample of companies, and of the core: lower ends add up to at most the whole.
#[expect(clippy::print_stdout, reason = "the result of the run")]
fn check(
    book: &ShareBook,
    components: &Components,
    ultimates: &Ultimates,
    parties: usize,
) -> anyhow::Result<()> {
    let in_core = |party: u32| components.nodes(components.of(party)).len() > 1;
    let sample =
        (0..parties as u32).filter(|party| party % 1_009 == 0 || (party % 97 == 0 && in_core(*party)));
    let mut widest = Exact::zero();
    let mut checked = 0;
    for company in sample.map(Party::numbered) {
        let Some(owners) = ultimates.of(company) else { continue };
        let mut lower = Exact::zero();
        for (_, share) in owners {
            let least = share.lower.value.context("no lower end")?;
            let most = share.upper.value.context("no upper end")?;
            widest = widest.max(&most - &least);
            lower += &least;
        }
        ensure!(lower <= Exact::one(), "more than the whole of {company:?}");
        checked += 1;
    }
    let width = widest.to_decimal(24, filiera_model::Rounding::Up);
    println!("checked {checked} companies, {} in conflict; widest bounds {width}", book.conflicts().len());
    Ok(())
}

/// When a step began, by the clock on the wall and by the processor's.
struct Clock(Instant, f64);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the benchmark measures")]
    fn start() -> Self {
        Self(Instant::now(), processor_seconds().unwrap_or_default())
    }

    #[expect(clippy::print_stdout, reason = "the result of the run")]
    fn say(&mut self, step: &str, what: &str) {
        let seconds = self.0.elapsed().as_secs_f64();
        let processor = processor_seconds().unwrap_or_default() - self.1;
        let peak = peak_mib().unwrap_or_default();
        println!("{step:<17} {seconds:>7.3} s  processor {processor:>6.2} s  peak {peak:>5} MiB  {what}");
        *self = Self::start();
    }
}

/// Time spent computing, to a hundredth of a second, where the system tells.
fn processor_seconds() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = status.rsplit_once(')')?;
    let ticks: Vec<f64> = fields.split_whitespace().skip(11).take(2).flat_map(str::parse).collect();
    Some(ticks.iter().sum::<f64>() / 100.0)
}

/// The greatest memory the process ever had, where the system tells.
fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()? / 1024)
}
