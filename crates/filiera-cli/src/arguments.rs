use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use filiera::Without;
use filiera::synth::Portion;
use filiera_model::Day;

/// Checks the conditions a country puts on foreign investment against evidence.
///
/// Exit codes: 0 everything is met, 1 something is not met, 2 usage or bad input, 3 nothing failed
/// and something is undetermined (or nothing applied).
#[derive(Debug, Parser)]
#[command(name = "filiera", bin_name = "filiera", version, arg_required_else_help = true)]
pub struct Arguments {
    /// When to colour the output.
    #[arg(long = "color", visible_alias = "colour", global = true, value_enum, default_value_t = Colour::Auto)]
    pub colour: Colour,
    #[command(subcommand)]
    pub command: Command,
}

/// When to colour the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Does each subject meet each condition?
    Check(Check),
    /// Why is a finding what it is?
    Explain(Explain),
    /// What expires or falls due, and which verdicts fall with it?
    ///
    /// Lists commitments, targets, dated values of the law, certificates, declarations and prices that end
    /// in the window or already have, and judges again on each day.
    ///
    /// A verdict is that of a product like each of the dossier's as if it were built on the day: it is
    /// compared with the day before, by the law as known on --law-as-of.
    ///
    /// Exit codes: 0 nothing is due, 1 something is overdue or some verdict falls, 2 usage or bad input, 3
    /// something is due and no verdict falls.
    Due(Due),
    /// What must move, or cost, for a share or ratio to stand exactly on its threshold?
    Breakeven(Breakeven),
    /// Who changes verdict between two days of the law, or two texts of a pack, and why?
    ///
    /// Exit codes: 0 nothing changes, 1 a verdict or the law's text does, 2 usage or bad input.
    Diff(Diff),
    /// Which missing papers decide what is open, and which cannot matter?
    ///
    /// Exit codes: 0 nothing is open, 2 usage or bad input, 3 something is open.
    Settle(Settle),
    /// Who owns a company, by which chains, and who controls it in the end?
    ///
    /// Shares that are known only within a range, or not at all, give bounds; cycles are solved; control is
    /// yes, no, or cannot tell with the fact that would decide it.
    ///
    /// Exit codes: 0 an answer is given, 2 usage or bad input.
    #[command(after_help = OWNERSHIP_EXAMPLES)]
    Ownership(Ownership),
    /// Asks suppliers for what is missing.
    ///
    /// Lists the declarations and prices that a check finds missing, by supplier. With --out one
    /// workbook per supplier is written, filled as far as possible, for the supplier to complete.
    ///
    /// Exit codes: 0 something is asked, 2 usage or bad input, 3 there is nothing to ask.
    Request(RequestPapers),
    /// Takes in the workbooks that suppliers sent back.
    ///
    /// Checks the answers, lists every fault with sheet, row and column, and shows the verdicts without
    /// and with them. With --write the answers become new rows of the dossier's tables; rows that are
    /// there are never altered, and with a fault anywhere nothing is written.
    ///
    /// Exit codes: 0 the answers are sound, 2 usage, bad input or a fault in an answer, 3 nothing is
    /// answered.
    Receive(Receive),
    /// What is in a file?
    Inspect(Inspect),
    /// Writes a commented template of a dossier.
    Init(Init),
    /// Makes up a fleet: vehicles, the lots built into them, and the papers there are on these.
    ///
    /// The folder is a dossier that `filiera check` judges at once, some vehicles met, some not, some open.
    /// The same options make the same files, byte by byte, on every machine. It may be larger than the
    /// memory: hundreds of millions of installed lots are written as they are drawn.
    ///
    /// Exit codes: 0 the dossier is written, 2 usage, or it cannot be.
    #[command(after_help = SYNTH_EXAMPLES)]
    Synth(Synth),
    /// Writes the tables of a dossier as Parquet, for a warehouse.
    ///
    /// The canonical tables, and where rows add up lot by lot the judged ones: what each distinct installed
    /// row adds under each condition, and how each vehicle stands. `filiera sql` prints statements over them.
    ///
    /// Exit codes: 0 the tables are written, 2 usage, bad input, or they cannot be.
    Export(Export),
    /// Prints one SQL statement that gives the findings of a condition over exported tables.
    ///
    /// Of each vehicle: the verdict on the range, the legal verdict, and both ends of both as fractions of
    /// whole numbers. They are those of `filiera check`.
    ///
    /// Exit codes: 0 the statement is printed, 2 usage, bad input, or there is none.
    #[command(after_help = SQL_EXAMPLES)]
    Sql(Sql),
    /// The law at hand: its text, its tests and their coverage.
    #[command(subcommand)]
    Packs(Packs),
}

/// What is read, and what it is judged by.
#[derive(Debug, Args)]
pub struct Read {
    /// A folder with a dossier.toml or canonical files, a dossier.toml, or one file of evidence.
    pub dossier: PathBuf,
    #[command(flatten)]
    pub by: By,
}

/// The law to judge by, and how the evidence is taken.
#[derive(Debug, Args)]
pub struct By {
    /// A pack to judge by instead of those the dossier names: an id or a file. Repeatable.
    #[arg(long = "pack", value_name = "ID|FILE")]
    pub packs: Vec<String>,
    /// A folder of packs instead of those built in.
    #[arg(long, value_name = "DIR")]
    pub packs_dir: Option<PathBuf>,
    /// The law as known on this day. Default: today.
    #[arg(long, value_name = "DATE")]
    pub law_as_of: Option<Day>,
    /// The papers signed up to this day. Default: today.
    #[arg(long, value_name = "DATE")]
    pub facts_as_of: Option<Day>,
    /// Judge conditions that rest on values nobody has checked too; their findings are stamped.
    #[arg(long)]
    pub unverified: bool,
    /// Cut lines that close a cycle in a bill of materials, and name them, instead of stopping.
    #[arg(long)]
    pub cut_cycles: bool,
    /// What happens to faulty rows, whatever the dossier says.
    #[arg(long, value_enum)]
    pub on_fault: Option<FaultRule>,
}

#[derive(Debug, Args)]
pub struct Breakeven {
    #[command(flatten)]
    pub read: Read,
    /// The subject: a vehicle, a maker, an offer.
    #[arg(long, value_name = "SUBJECT")]
    pub subject: String,
    /// The condition, as `name` or `pack#name`: a share or a ratio.
    #[arg(long, value_name = "CONDITION")]
    pub condition: String,
    /// A reading of the condition.
    #[arg(long, value_name = "READING")]
    pub reading: Option<String>,
    /// A part whose price is tried. Repeatable. Default: the heaviest parts.
    #[arg(long = "part", value_name = "PART")]
    pub parts: Vec<String>,
    /// text or json.
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub format: Plain,
}

#[derive(Debug, Args)]
pub struct Diff {
    /// A folder with a dossier.toml or canonical files, a dossier.toml, or one file of evidence.
    pub dossier: Option<PathBuf>,
    #[command(flatten)]
    pub by: By,
    /// One day: every subject is taken as if it were built, exported and sold on it.
    #[arg(long, value_name = "DATE", requires = "to")]
    pub from: Option<Day>,
    /// The other day.
    #[arg(long, value_name = "DATE", requires = "from")]
    pub to: Option<Day>,
    /// Move only the law clock: subjects keep their dates, and the law is taken as known on each day.
    #[arg(long, requires = "from", conflicts_with = "law_as_of")]
    pub law_only: bool,
    /// Compare two texts of a pack, ids or files: what the law's text changes, and with a dossier who
    /// changes verdict.
    #[arg(long = "packs", value_names = ["OLD", "NEW"], num_args = 2, conflicts_with_all = ["packs", "from"])]
    pub texts: Vec<String>,
    #[command(flatten)]
    pub output: Output,
    /// Show every subject and row.
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FaultRule {
    /// Any fault stops the check.
    Stop,
    /// Faulty rows are left out, and whatever they touch stays undetermined.
    SetAside,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub read: Read,
    /// Judge every lawful reading of vague words too, and say which one flips a verdict.
    #[arg(long)]
    pub readings: bool,
    /// Judge the same subjects under every pack of the library whose evidence is there, vehicles as
    /// if for every market, as one matrix. The exit code follows the packs the dossier names.
    #[arg(long, conflicts_with = "readings")]
    pub all_markets: bool,
    /// Which of the two verdicts the exit code follows.
    #[arg(long, value_enum, default_value_t = Exit::Legal)]
    pub exit: Exit,
    /// How vehicles are judged: row by row in memory, or lot by lot with `installed` streamed from Parquet,
    /// which counts vehicles; jsonl, csv and parquet list them.
    #[arg(long, value_enum, default_value_t = Judge::Auto)]
    pub judge: Judge,
    /// Which findings would change without `declaration=ID` (a document, or all on a part), `supplier=ID` (all it
    /// supplies or issues) or `country=CC` (all that name this origin). Repeatable.
    #[arg(long, value_name = "WHAT=ID", conflicts_with = "all_markets")]
    pub without: Vec<Without>,
    /// Which findings would change with this file of evidence, read as if it lay in the folder. Repeatable.
    #[arg(long, value_name = "FILE", conflicts_with = "all_markets")]
    pub with: Vec<PathBuf>,
    /// Add installed parts up on a cluster, by `filiera-cluster`: its scheduler, as df://host:port.
    #[arg(long, value_name = "URL", conflicts_with_all = ["judge", "all_markets", "without", "with"])]
    pub cluster: Option<String>,
    /// Where executors find `installed`: one Parquet file or a folder of them, as URL or path, also s3://
    /// [default: the files of the dossier]
    #[arg(long, value_name = "URL", requires = "cluster")]
    pub rows: Option<String>,
    /// Folder that this machine can write and executors can read, as URL or path [default: they read the files
    /// of this machine]
    #[arg(long, value_name = "URL", requires = "cluster")]
    pub share: Option<String>,
    /// Rows that the cluster is asked about at a time [default: 5000000]
    #[arg(long, value_name = "ROWS", requires = "cluster", value_parser = clap::value_parser!(u64).range(1..))]
    pub range_rows: Option<u64>,
    /// Questions that the cluster is asked at once [default: as many as its executors work on]
    #[arg(long, value_name = "NUMBER", requires = "cluster")]
    pub at_once: Option<usize>,
    /// Seconds after which the cluster is asked again about rows of which it does not tell; three times in all
    /// [default: 120]
    #[arg(long, value_name = "SECONDS", requires = "cluster")]
    pub patience: Option<u64>,
    #[command(flatten)]
    pub output: Output,
    /// Say more: notes of the readers, every missing paper.
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Judge {
    /// Lot by lot from half a million installed rows on.
    Auto,
    /// Lot by lot, however few rows there are.
    Lots,
    /// Row by row, however many there are.
    Rows,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Exit {
    /// The legal verdict: what the law makes of the unknowns.
    Legal,
    /// The range: everything that could be true.
    Range,
}

/// Where the answer goes, and how it looks.
#[derive(Debug, Args)]
pub struct Output {
    /// The format. Default: text, or what the ending of --out says.
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Write to this file instead of standard output; nothing is left half-written.
    #[arg(short, long, value_name = "PATH")]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Jsonl,
    Csv,
    Xlsx,
    Html,
    Parquet,
}

#[derive(Debug, Args)]
pub struct Explain {
    #[command(flatten)]
    pub read: Read,
    /// The subject: a vehicle, a maker, `publisher · period`.
    #[arg(long, value_name = "SUBJECT")]
    pub subject: String,
    /// The condition, as `name` or `pack#name`.
    #[arg(long, value_name = "CONDITION")]
    pub condition: String,
    /// A reading of the condition.
    #[arg(long, value_name = "READING")]
    pub reading: Option<String>,
    /// What is read of a fleet in Parquet: of half a million installed rows or more only those of the vehicle
    /// (auto), however few there are (lots), or all (rows).
    #[arg(long, value_enum, default_value_t = Judge::Auto, hide_possible_values = true)]
    pub judge: Judge,
    /// text or json.
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub format: Plain,
    /// Show every row.
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Debug, Args)]
pub struct Settle {
    #[command(flatten)]
    pub read: Read,
    /// Only this condition, as `name` or `pack#name`.
    #[arg(long, value_name = "CONDITION")]
    pub condition: Option<String>,
    /// Only this subject: a vehicle, a maker, `publisher · period`.
    #[arg(long, value_name = "SUBJECT")]
    pub subject: Option<String>,
    /// Look for sets of up to this many papers.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..))]
    pub within: u8,
    /// Settle every lawful reading of vague words too.
    #[arg(long)]
    pub readings: bool,
    #[command(flatten)]
    pub output: Output,
    /// Show every paper and every subject.
    #[arg(short, long)]
    pub verbose: bool,
}

/// What stands below the help of `filiera ownership`.
const OWNERSHIP_EXAMPLES: &str = "\
Examples:
  filiera ownership examples/ownership-register
  filiera ownership examples/ownership-register --company \"Adria Motori S.p.A.\" --on 2025-06-30
  filiera ownership psc-snapshot.txt --company GB-COH-07444723 --out owners.html
  filiera ownership bods.json --format jsonl";

#[derive(Debug, Args)]
pub struct Ownership {
    /// A folder with a dossier.toml or canonical files, a dossier.toml, or one file: a table `interests`,
    /// BODS, GLEIF, the UK register of control.
    pub dossier: PathBuf,
    /// A company, by id or name. Repeatable. Default: all in which somebody holds something.
    #[arg(long = "company", value_name = "COMPANY")]
    pub companies: Vec<String>,
    /// The day asked about. Default: today.
    #[arg(long, value_name = "DATE", alias = "facts-as-of")]
    pub on: Option<Day>,
    /// What happens to faulty rows, whatever the dossier says.
    #[arg(long, value_enum)]
    pub on_fault: Option<FaultRule>,
    #[command(flatten)]
    pub output: Output,
    /// Show every company, holder and chain, and the notes of the readers.
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Plain {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub struct Due {
    #[command(flatten)]
    pub read: Read,
    /// Look this far ahead: days, or weeks: `90d`, `12w`.
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = days)]
    pub within: u16,
    /// The day taken for today. Default: today.
    #[arg(long, value_name = "DATE")]
    pub on: Option<Day>,
    /// The format. Default: text, or what the ending of --out says.
    #[arg(long, value_enum)]
    pub format: Option<DueFormat>,
    /// Write to this file instead of standard output; nothing is left half-written.
    #[arg(short, long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Show every paper and subject.
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DueFormat {
    Text,
    Json,
    Csv,
    Xlsx,
    /// A calendar with an event per day.
    Ics,
}

/// `90d`, `12w` or `90` as days.
fn days(text: &str) -> Result<u16, String> {
    let (digits, days) = match (text.strip_suffix('w'), text.strip_suffix('d')) {
        (Some(weeks), _) => (weeks, 7),
        (None, Some(days)) => (days, 1),
        (None, None) => (text, 1),
    };
    let count = digits.trim().parse::<u16>().ok().and_then(|count| count.checked_mul(days));
    count.ok_or_else(|| "write days or weeks, up to 65535 days: `90d`, `12w`".to_owned())
}

#[derive(Debug, Args)]
pub struct RequestPapers {
    #[command(flatten)]
    pub read: Read,
    /// Ask this supplier only. Repeatable.
    #[arg(long = "supplier", value_name = "SUPPLIER")]
    pub suppliers: Vec<String>,
    /// Ask for declarations on this basis only.
    #[arg(long, value_name = "BASIS")]
    pub basis: Option<String>,
    /// Ask also for what only a reading of the law needs, and for what can change no verdict.
    #[arg(long)]
    pub all: bool,
    /// Who asks. Default: the maker of the vehicles, or the dossier's title.
    #[arg(long, value_name = "NAME")]
    pub asker: Option<String>,
    /// The day of the request. Default: today.
    #[arg(long, value_name = "DATE")]
    pub on: Option<Day>,
    /// The day by which an answer is hoped for. Default: 30 days later.
    #[arg(long, value_name = "DATE")]
    pub by: Option<Day>,
    /// Write one workbook per supplier into this folder; it is made when it is not there.
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Overwrite workbooks that are there.
    #[arg(long, requires = "out")]
    pub force: bool,
    /// text or json.
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub format: Plain,
    /// Show every question.
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Debug, Args)]
pub struct Receive {
    #[command(flatten)]
    pub read: Read,
    /// The workbooks.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Write the answers into the dossier.
    #[arg(long)]
    pub write: bool,
    /// Write nothing; this is what happens without --write.
    #[arg(long, conflicts_with = "write")]
    pub dry_run: bool,
    /// The day the answers are received. Default: today.
    #[arg(long, value_name = "DATE")]
    pub on: Option<Day>,
    /// text or json.
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub format: Plain,
    /// Show every answer and finding.
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Debug, Args)]
pub struct Inspect {
    /// The files, or folders of files.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// List the relationships below this part.
    #[arg(long, value_name = "ID")]
    pub root: Option<String>,
    /// Down to this many levels. Default: all.
    #[arg(long, value_name = "N", requires = "root")]
    pub depth: Option<u64>,
    /// text or json.
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub format: Plain,
    /// Show every note and fault.
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Debug, Args)]
pub struct Init {
    /// The folder to fill; it is made when it is not there.
    pub dir: PathBuf,
    /// The title of the dossier. Default: the folder's name.
    #[arg(long)]
    pub title: Option<String>,
}

/// What stands below the help of `filiera synth`.
const SYNTH_EXAMPLES: &str = "\
Examples:
  filiera synth fleet && filiera check fleet
  filiera synth odd --vehicles 40 --lines 12 --lots 300 --scenario odd --format csv
  filiera synth year --vehicles 325000 --lines 300 --lots 200000 --seed 7";

#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    pub read: Read,
    /// The folder to fill; it is made when it is not there.
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
    /// Write into a folder that is not empty: tables of an earlier export are replaced.
    #[arg(long)]
    pub force: bool,
}

/// What stands below the help of `filiera sql`.
const SQL_EXAMPLES: &str = "\
Examples:
  filiera export fleet --to warehouse
  filiera sql fleet --condition local-content --tables warehouse | duckdb
  filiera sql fleet --condition local-content --reading by-mass --dialect postgres | psql";

#[derive(Debug, Args)]
pub struct Sql {
    #[command(flatten)]
    pub read: Read,
    /// The condition, as `name` or `pack#name`: about vehicles.
    #[arg(long, value_name = "CONDITION")]
    pub condition: String,
    /// A reading of the condition.
    #[arg(long, value_name = "READING")]
    pub reading: Option<String>,
    /// Whose SQL.
    #[arg(long, value_enum, default_value_t = SqlDialect::Duckdb)]
    pub dialect: SqlDialect,
    /// The folder of an export: the statement is by its clocks, and DuckDB reads its files. Default: tables of
    /// the same names.
    #[arg(long, value_name = "DIR")]
    pub tables: Option<PathBuf>,
}

/// Whose SQL a statement is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SqlDialect {
    Duckdb,
    Postgres,
    /// Apache DataFusion, and Ballista with it.
    Datafusion,
}

#[derive(Debug, Args)]
pub struct Synth {
    /// The folder to fill; it is made when it is not there.
    pub dir: PathBuf,
    /// How many vehicles.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub vehicles: u32,
    /// How many installed lots each vehicle has.
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub lines: u32,
    /// How many lots there are.
    #[arg(long, value_name = "N", default_value_t = 5000)]
    pub lots: u32,
    /// What chance begins with.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How many parts the catalogue lists. Default: four times the lines, at most the lots.
    #[arg(long, value_name = "N")]
    pub parts: Option<u32>,
    /// How many companies supply. Default: a fifth of the parts.
    #[arg(long, value_name = "N")]
    pub suppliers: Option<u32>,
    /// How many models the configurations are of. Default: 4.
    #[arg(long, value_name = "N")]
    pub models: Option<u32>,
    /// How many configurations there are. Default: 12.
    #[arg(long, value_name = "N")]
    pub configurations: Option<u32>,
    /// How many months vehicles are built, from 1 January 2025. Default: 12.
    #[arg(long, value_name = "N")]
    pub months: Option<u32>,
    /// The portion of declarations that nobody sent. Default: 5 %.
    #[arg(long, value_name = "SHARE")]
    pub missing: Option<Portion>,
    /// The portion of parts without a price: one such part leaves every vehicle that has it open. Default:
    /// none in a plain fleet, else 1 %.
    #[arg(long, value_name = "SHARE")]
    pub unpriced: Option<Portion>,
    /// The portion of its parts that a configuration has in common with all others. Default: 60 %.
    #[arg(long, value_name = "SHARE")]
    pub shared: Option<Portion>,
    /// What is odd about it.
    #[arg(long, value_enum, default_value_t = Scenario::Plain)]
    pub scenario: Scenario,
    /// Rows in a row group of installed.parquet.
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub row_group: usize,
    /// Write the installed lots in no order, instead of vehicle by vehicle.
    #[arg(long)]
    pub unsorted: bool,
    /// How the tables are written.
    #[arg(long, value_enum, default_value_t = TableFormat::Parquet)]
    pub format: TableFormat,
    /// Fill a folder that is not empty, and replace its tables.
    #[arg(long)]
    pub force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Papers are missing, and some change in the middle of a year.
    Plain,
    /// Also papers that disagree, divide the goods or name a zone, and prices that are ranges.
    Mixed,
    /// Also rows without a lot, a supplier, a day or a quantity, lots of the same name, revoked papers,
    /// plants abroad.
    Odd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    Parquet,
    Csv,
    Jsonl,
}

#[derive(Debug, Subcommand)]
pub enum Packs {
    /// The packs at hand, with status and title.
    List(Library),
    /// The text of a pack, and what it asks.
    Show {
        /// The pack's id, or a file.
        pack: String,
        #[command(flatten)]
        library: Library,
    },
    /// Every fault of every pack, underlined.
    Check {
        /// Ids or files. Default: all packs.
        packs: Vec<String>,
        #[command(flatten)]
        library: Library,
    },
    /// Runs the tests beside the packs and reports what they cover.
    Test {
        /// Ids or files. Default: all packs.
        packs: Vec<String>,
        /// Write what came out into the case files in place of what was expected.
        #[arg(long)]
        bless: bool,
        /// Write JUnit XML to this file.
        #[arg(long, value_name = "PATH")]
        junit: Option<PathBuf>,
        #[command(flatten)]
        library: Library,
    },
}

#[derive(Debug, Args)]
pub struct Library {
    /// A folder of packs instead of those built in.
    #[arg(long, value_name = "DIR")]
    pub packs_dir: Option<PathBuf>,
}
