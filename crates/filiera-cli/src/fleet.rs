use std::fs::File;
use std::io::BufWriter;

use anyhow::{Result, anyhow};
use filiera::{ExitBy, FilieraError, Fleet, FleetError, exit_code_of};
use filiera_finding::{Finding, FleetRun};
use filiera_report::stream::Stream;
use filiera_report::{ReportError, json, text};

use crate::arguments::{Check, Format};
use crate::check::{exit_by, warn};
use crate::output::{Screen, write, write_list};
use crate::progress::Progress;

/// A check of a fleet whose installed parts are streamed.
pub fn run(arguments: &Check, screen: &Screen, fleet: &Fleet, format: Format) -> Result<u8> {
    let out = arguments.output.out.as_deref();
    let options = screen.text(arguments.verbose, &arguments.read.dossier);
    let is_list = matches!(format, Format::Jsonl | Format::Csv | Format::Parquet);
    let run = if is_list { listed(arguments, fleet, format)? } else { counted(fleet)? };
    if !is_list || out.is_some() {
        // A list in a file leaves the screen to the summary.
        write(out.filter(|_| !is_list), false, |out| match format {
            Format::Json => Ok(out.write_all(json::fleet(&run).as_bytes())?),
            _ => Ok(out.write_all(text::fleet(&run, &options).as_bytes())?),
        })?;
    }
    warn(&run.left_out, arguments.verbose);
    Ok(exit_code_of(run.deciding(exit_by(arguments.exit) == ExitBy::Legal)))
}

/// Counts vehicles.
fn counted(fleet: &Fleet) -> Result<FleetRun> {
    let progress = progress(fleet);
    Ok(fleet.check(&|done, of| progress.tell_rows(done, of))?)
}

/// Writes every finding as it is made.
fn listed(arguments: &Check, fleet: &Fleet, format: Format) -> Result<FleetRun> {
    let mut judged = None;
    write_list(arguments.output.out.as_deref(), |file| {
        let progress = progress(fleet);
        let mut stream = stream(format, BufWriter::with_capacity(1 << 20, file))?;
        let mut refused = None;
        let mut tells = |finding: &Finding, by_sum: bool| {
            stream.write(finding, by_sum).map_err(|error| {
                refused = Some(error);
                FleetError::NotTaken
            })
        };
        let found = fleet.check_told(&mut tells, &|done, of| progress.tell_rows(done, of));
        if let Some(error) = refused {
            return Err(error.into());
        }
        judged = Some(found?);
        Ok(stream.end()?)
    })?;
    judged.ok_or_else(|| anyhow!("nothing was judged"))
}

fn progress(fleet: &Fleet) -> Progress {
    if fleet.is_on_cluster() { Progress::new("asking") } else { Progress::of_rows("judging") }
}

fn stream(format: Format, out: BufWriter<&mut File>) -> Result<Stream<BufWriter<&mut File>>, ReportError> {
    match format {
        Format::Csv => Stream::csv(out),
        Format::Parquet => Stream::parquet(out),
        _ => Ok(Stream::jsonl(out)),
    }
}

/// Whether the dossier can be read whole instead.
pub fn can_be_held(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(FilieraError::Fleet(error)) if error.can_be_held())
}
