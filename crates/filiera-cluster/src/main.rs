//! The `filiera-cluster` command: adds up the installed parts of fleets too large for one machine.
//!
//! A scheduler, executors, and a client that has one of them run one statement. Nothing is judged here: what the
//! statement joins with the rows was judged by `filiera` before, and `filiera` checks what comes back.

mod arguments;
mod executor;
mod scheduler;

mod answer;
mod footers;
mod job;
mod one_task;
mod query;
mod session;
mod slots;
mod tables;

use std::process::ExitCode;

use anyhow::{Context, Result};
use ballista_core::config::TaskSchedulingPolicy;
use clap::Parser;
use tokio::runtime::Builder;

use arguments::{Arguments, Command};

/// Plans of long statements are walked down: deeper than the stacks that threads have by themselves.
const STACK: usize = 32 << 20;

/// Executors ask for work. Where Ballista 55 sends it, it loses count of what an executor could still take when
/// another one is lost, and waits for ever.
const POLICY: TaskSchedulingPolicy = TaskSchedulingPolicy::PullStaged;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .context("no threads can be started")?;
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .with_max_level(arguments.log.level())
        .init();
    let done = runtime.block_on(async {
        match arguments.command {
            Command::Scheduler(scheduler) => scheduler::serve(scheduler).await,
            Command::Executor(executor) => executor::serve(executor).await,
            Command::Query(query) => print(&tokio::spawn(query::run(query)).await??),
            Command::Footers(tables) => print(&footers::told(&tables).await?),
            Command::Slots(slots) => print(&slots::told(&slots.scheduler).await?),
        }
    });
    // Whoever still waits for standard input is not waited for.
    runtime.shutdown_background();
    done
}

#[expect(clippy::print_stdout, reason = "this is what was asked for")]
fn print(text: &str) -> Result<()> {
    println!("{text}");
    Ok(())
}

#[expect(clippy::print_stderr, reason = "this is the command's own voice")]
fn complain(text: &str) {
    eprintln!("{text}");
}
