use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tracing_subscriber::filter::LevelFilter;
use url::Url;

/// Adds up the installed parts of fleets too large for one machine.
///
/// `filiera check --cluster` runs it; `scheduler` and `executor` make a cluster, unless there is one already.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Arguments {
    /// How much is written to standard error
    #[arg(long, global = true, default_value = "warn")]
    pub log: Log,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Takes statements and gives them to executors
    Scheduler(Scheduler),
    /// Works on statements of one scheduler
    Executor(Executor),
    /// Has one executor run one statement and writes its rows as Parquet
    Query(Query),
    /// Prints the columns and row groups of tables, as their files tell them, as JSON
    Footers(Tables),
    /// Prints how many statements the executors of a cluster work on at once
    Slots(Slots),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Log {
    Error,
    Warn,
    Info,
    Debug,
}

#[derive(Debug, Args)]
pub struct Scheduler {
    /// Address to listen on; nothing asks who calls, so only a trusted network may reach it
    #[arg(long, default_value = "127.0.0.1")]
    pub bind: String,
    #[arg(long, default_value_t = 50050)]
    pub port: u16,
    /// Name or address by which executors reach this scheduler
    #[arg(long, default_value = "localhost")]
    pub external_host: String,
    /// Seconds without a sign of life after which an executor counts as lost and its work is given to others; an
    /// executor at work gives one every five seconds
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(10..))]
    pub executor_timeout: u64,
    /// How often the work on a statement may fail before the statement does
    #[arg(long, default_value_t = 2)]
    pub attempts: usize,
}

#[derive(Debug, Args)]
pub struct Executor {
    /// Host of the scheduler
    #[arg(long, default_value = "localhost")]
    pub scheduler_host: String,
    #[arg(long, default_value_t = 50050)]
    pub scheduler_port: u16,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    pub bind: String,
    /// Port on which answers are fetched
    #[arg(long, default_value_t = 50051)]
    pub port: u16,
    /// Name or address by which others reach this executor
    #[arg(long)]
    pub external_host: Option<String>,
    /// Folder for answers until they are fetched (a temporary one)
    #[arg(long)]
    pub work_dir: Option<PathBuf>,
    /// Statements at once (as many as there are cores)
    #[arg(long)]
    pub tasks: Option<usize>,
    /// Bytes that sorting, joining and adding up may hold at once; beyond, they go to the work folder
    #[arg(long)]
    pub memory: Option<u64>,
    /// Seconds to wait for the scheduler
    #[arg(long, default_value_t = 30)]
    pub wait: u16,
}

#[derive(Debug, Args)]
pub struct Query {
    /// The scheduler, as df://host:port
    #[arg(long, default_value = "df://localhost:50050")]
    pub scheduler: Url,
    #[command(flatten)]
    pub tables: Tables,
    /// A table in a Parquet file of this machine, which is copied to --share first
    #[arg(long = "ship", value_name = "NAME=FILE")]
    pub shipped: Vec<Named>,
    /// Folder that executors can read, as URL or path (this machine's own files, when it is left out)
    #[arg(long)]
    pub share: Option<String>,
    /// File with the statement; one executor works on it from beginning to end, or it is refused
    #[arg(long)]
    pub sql: PathBuf,
    /// Parquet file for the rows of the answer
    #[arg(long)]
    pub out: PathBuf,
    /// Seconds after which a statement without an answer is given up
    #[arg(long, default_value_t = 120)]
    pub patience: u64,
    /// Give the statement up when standard input ends, as it does with the program that asks
    #[arg(long)]
    pub attached: bool,
}

#[derive(Debug, Args)]
pub struct Tables {
    /// A table where executors can read it: name=URL or name=path of a Parquet file or of a folder of them
    #[arg(long = "table", value_name = "NAME=URL")]
    pub tables: Vec<Named>,
}

#[derive(Debug, Args)]
pub struct Slots {
    /// The scheduler, as df://host:port
    #[arg(long, default_value = "df://localhost:50050")]
    pub scheduler: Url,
}

/// A table and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub place: String,
}

impl Log {
    pub fn level(self) -> LevelFilter {
        match self {
            Self::Error => LevelFilter::ERROR,
            Self::Warn => LevelFilter::WARN,
            Self::Info => LevelFilter::INFO,
            Self::Debug => LevelFilter::DEBUG,
        }
    }
}

impl FromStr for Named {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, place)) if !name.is_empty() && !place.is_empty() => {
                Ok(Self { name: name.to_owned(), place: place.to_owned() })
            }
            _ => Err("write it as name=place"),
        }
    }
}
