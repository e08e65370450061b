use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use clap::ValueEnum;
use filiera::{Checked, Dossier, ExitBy, FLEET_ROWS, Library, OnFault, Opened, Question, Request, exit_code};
use filiera_finding::{Explanation, Finding};
use filiera_model::Verdict;
use filiera_report::text::TextOptions;
use filiera_report::{csv, html, json, jsonl, parquet, text, xlsx};

use crate::arguments::{By, Check, Exit, FaultRule, Format, Judge, Read};
use crate::clock::today;
use crate::output::{Screen, complain, write, write_list};
use crate::progress::Progress;

/// So many conditions that were left out are named.
const NAMED: usize = 6;

/// So many findings are explained inside an HTML report.
const EXPLAINED: usize = 12;

pub fn run(arguments: &Check, screen: &Screen) -> Result<u8> {
    if arguments.all_markets {
        return crate::matrix::run(arguments, screen);
    }
    if !arguments.without.is_empty() || !arguments.with.is_empty() {
        return crate::what_if::run(arguments, screen);
    }
    if let Some(scheduler) = &arguments.cluster {
        return crate::cluster::run(arguments, scheduler, screen);
    }
    let format = arguments.output.format("a check", &[])?;
    if format == Format::Parquet && arguments.output.out.is_none() {
        bail!("a Parquet file is written to a file; give `--out findings.parquet`");
    }
    let library = library(arguments.read.by.packs_dir.as_deref())?;
    let cites_files = matches!(format, Format::Json | Format::Xlsx | Format::Html);
    let request = Request { hashes: cites_files, ..request(&arguments.read, arguments.readings) };
    let fleet_from = match (arguments.judge, format) {
        (Judge::Auto, Format::Text | Format::Jsonl | Format::Csv | Format::Parquet) => FLEET_ROWS,
        (Judge::Lots, Format::Xlsx | Format::Html) => {
            bail!(
                "--judge lots counts vehicles, as text or json, or lists them, as jsonl, csv or parquet; other \
                 reports need --judge rows"
            )
        }
        (Judge::Lots, _) => 0,
        (Judge::Auto | Judge::Rows, _) => u64::MAX,
    };
    let dossier = match Dossier::open(&request, &library, fleet_from)? {
        Opened::Whole(dossier) => {
            if arguments.judge == Judge::Lots {
                complain(
                    "note: the fleet is judged in memory, row by row: `installed` is neither text nor Parquet with \
                     canonical columns and types, or some of its rows are set aside",
                );
            }
            dossier
        }
        Opened::Fleet(fleet) => match crate::fleet::run(arguments, screen, &fleet, format) {
            Err(error) if crate::fleet::can_be_held(&error) => {
                complain(&format!("note: the fleet is judged in memory, row by row: {error}"));
                Dossier::read(&request, &library)?
            }
            told => return told,
        },
    };
    let checked = {
        let progress = Progress::new("judging");
        dossier.check(&|done, of| progress.tell(done, of))?
    };
    let out = arguments.output.out.as_deref();
    if format == Format::Parquet {
        write_list(out, |file| Ok(parquet::findings(&checked.run, file)?))?;
        warn(&checked.left_out, arguments.verbose);
        return Ok(exit_code(checked.run.deciding(), exit_by(arguments.exit)));
    }
    write(out, format == Format::Xlsx, |out| render(arguments, screen, &dossier, &checked, format, out))?;
    warn(&checked.left_out, arguments.verbose);
    Ok(exit_code(checked.run.deciding(), exit_by(arguments.exit)))
}

/// Which verdict the exit code follows.
pub fn exit_by(exit: Exit) -> ExitBy {
    if exit == Exit::Range { ExitBy::Range } else { ExitBy::Legal }
}

fn render(
    arguments: &Check,
    screen: &Screen,
    dossier: &Dossier,
    checked: &Checked,
    format: Format,
    mut out: &mut dyn Write,
) -> Result<()> {
    let run = &checked.run;
    match format {
        Format::Text => {
            let flags = flags(&arguments.read.by);
            let options = TextOptions { flags, ..screen.text(arguments.verbose, &arguments.read.dossier) };
            out.write_all(text::check(run, &options).as_bytes())?;
            if arguments.readings {
                out.write_all(b"\n")?;
                out.write_all(text::readings(run, &options).as_bytes())?;
            }
            if arguments.verbose {
                out.write_all(b"\n")?;
                out.write_all(text::reader_report(&checked.report, &options).as_bytes())?;
            }
        }
        Format::Json => json::write_check(run, &mut out)?,
        Format::Jsonl => jsonl::check(run, &mut out)?,
        Format::Csv | Format::Parquet => csv::findings(run, &mut out)?,
        Format::Xlsx => out.write_all(&xlsx::findings(run)?)?,
        Format::Html => out.write_all(html::report(run, &explained(dossier, &run.findings))?.as_bytes())?,
    }
    Ok(())
}

/// Explanations of the first findings of each condition that are not met or open.
fn explained(dossier: &Dossier, findings: &[Finding]) -> Vec<Explanation> {
    let mut asked: Vec<(&str, &str, Verdict)> = Vec::new();
    let mut explanations = Vec::new();
    for finding in findings {
        let key = (finding.pack.as_str(), finding.condition.as_str(), finding.verdict);
        let is_open = matches!(finding.verdict, Verdict::NotMet | Verdict::Undetermined);
        if !is_open || asked.contains(&key) || explanations.len() >= EXPLAINED {
            continue;
        }
        asked.push(key);
        let question = Question {
            pack: Some(&finding.pack),
            condition: &finding.condition,
            reading: None,
            subject: &finding.subject,
        };
        explanations.extend(dossier.explain(question).ok());
    }
    explanations
}

/// Names the conditions that were left out: the first of them, unless all are asked for.
pub fn warn(left_out: &[String], verbose: bool) {
    if left_out.is_empty() {
        return;
    }
    let shown = if verbose { left_out.len() } else { NAMED };
    let named = left_out.iter().take(shown).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = match left_out.len().saturating_sub(shown) {
        0 => String::new(),
        more => format!(" and {more} more (--verbose lists them)"),
    };
    complain(&format!(
        "note: left out, because they rest on values nobody has checked: {named}{more}; --unverified judges them"
    ));
}

/// The flags that say by what law and on what terms to judge, as they were given; the days aside, which a
/// later command takes as its own.
fn flags(by: &By) -> Vec<String> {
    let pair = |flag: &str, value: &str| [flag.to_owned(), value.to_owned()];
    let mut flags: Vec<String> = by.packs.iter().flat_map(|pack| pair("--pack", pack)).collect();
    flags.extend(by.packs_dir.iter().flat_map(|folder| pair("--packs-dir", &folder.display().to_string())));
    let set = [(by.unverified, "--unverified"), (by.cut_cycles, "--cut-cycles")];
    flags.extend(set.into_iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag.to_owned()));
    let rule = by.on_fault.and_then(|rule| rule.to_possible_value());
    flags.extend(rule.iter().flat_map(|rule| pair("--on-fault", rule.get_name())));
    flags
}

/// The packs to judge by.
pub fn library(folder: Option<&Path>) -> Result<Library> {
    Ok(folder.map_or_else(|| Ok(Library::shipped()), Library::of_folder)?)
}

/// What the flags ask for.
pub fn request(read: &Read, readings: bool) -> Request {
    request_at(&read.dossier, &read.by, readings)
}

/// What the flags ask of the dossier at a path.
pub fn request_at(dossier: &Path, by: &By, readings: bool) -> Request {
    Request {
        path: dossier.to_owned(),
        packs: by.packs.clone(),
        law_as_of: by.law_as_of.unwrap_or_else(today),
        facts_as_of: by.facts_as_of.unwrap_or_else(today),
        readings,
        unverified: by.unverified,
        cut_cycles: by.cut_cycles,
        on_fault: by.on_fault.map(on_fault),
        hashes: true,
    }
}

/// A condition as it is named on the command line: `name` or `pack#name`.
pub fn pack_and_name(condition: &str) -> (Option<&str>, &str) {
    condition.split_once('#').map_or((None, condition), |(pack, name)| (Some(pack), name))
}

/// What happens to faulty rows.
pub fn on_fault(rule: FaultRule) -> OnFault {
    match rule {
        FaultRule::Stop => OnFault::Stop,
        FaultRule::SetAside => OnFault::SetAside,
    }
}
