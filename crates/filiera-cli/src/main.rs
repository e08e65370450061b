//! The `filiera` command: arguments in, answers out, an exit code that is a verdict.
//!
//! Nothing is decided here; see the `filiera` crate for that.

mod arguments;
mod clock;
mod output;
mod progress;
mod troubles;

mod breakeven;
mod check;
mod cluster;
mod diff;
mod due;
mod explain;
mod fleet;
mod init;
mod inspect;
mod matrix;
mod ownership;
mod packs;
mod receive;
mod request;
mod settle;
mod synth;
mod warehouse;
mod what_if;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

use arguments::{Arguments, Command};

/// Fleets are read in megabytes that come and go: memory is kept, and given from one to the next.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

/// Usage or bad input: also what clap says for a wrong flag.
const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let screen = output::Screen::new(arguments.colour);
    let done = match &arguments.command {
        Command::Check(check) => check::run(check, &screen),
        Command::Explain(explain) => explain::run(explain, &screen),
        Command::Due(due) => due::run(due, &screen),
        Command::Breakeven(breakeven) => breakeven::run(breakeven, &screen),
        Command::Diff(diff) => diff::run(diff, &screen),
        Command::Settle(settle) => settle::run(settle, &screen),
        Command::Ownership(ownership) => ownership::run(ownership, &screen),
        Command::Request(request) => request::run(request, &screen),
        Command::Receive(receive) => receive::run(receive, &screen),
        Command::Inspect(inspect) => inspect::run(inspect, &screen),
        Command::Init(init) => init::run(init),
        Command::Synth(synth) => synth::run(synth),
        Command::Export(export) => warehouse::export(export),
        Command::Sql(sql) => warehouse::sql(sql),
        Command::Packs(packs) => packs::run(packs, &screen),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            troubles::tell(&error, &screen);
            ExitCode::from(BAD_INPUT)
        }
    }
}
