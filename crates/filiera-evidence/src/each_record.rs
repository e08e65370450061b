use std::num::NonZeroUsize;
use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

use filiera_finding::{Fault, ReaderReport};

use crate::gather::{Gather, Spot};
use crate::json_text::{Json, Record, Records, parse, parse_after};

/// More faults of one file than this help nobody.
const MOST: usize = 1000;

/// A thread is worth its start for so many records.
const WORTH_A_THREAD: usize = 1024;

/// What `read` makes of each record, in their order; what it refuses or what is no JSON is left out.
///
/// Records are read on all cores. The report is the same on any number of them: at most 1000 faults
/// are listed, the first ones, and the rest is counted.
pub(crate) fn each_record<T: Send>(
    records: &Records<'_>,
    file: &str,
    report: &mut ReaderReport,
    read: impl Fn(&Json, &Spot, &mut Gather<'_>) -> Option<T> + Sync,
) -> Vec<T> {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = records.len().div_ceil(WORTH_A_THREAD).clamp(1, cores);
    let share = records.len().div_ceil(threads);
    let read = &read;
    let parts: Vec<Part<T>> = thread::scope(|scope| {
        let start = |thread: usize| {
            let range = thread * share..((thread + 1) * share).min(records.len());
            scope.spawn(move || part(records, range, file, read))
        };
        let running: Vec<_> = (0..threads).map(start).collect();
        running.into_iter().map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    together(parts, file, report)
}

struct Part<T> {
    read: Vec<T>,
    report: ReaderReport,
    /// Faults that are not listed.
    hidden: usize,
}

fn part<T>(
    records: &Records<'_>,
    range: Range<usize>,
    file: &str,
    read: &impl Fn(&Json, &Spot, &mut Gather<'_>) -> Option<T>,
) -> Part<T> {
    let mut part = Part { read: Vec::new(), report: ReaderReport::default(), hidden: 0 };
    for record in range.filter_map(|place| records.get(place)) {
        let spot = Spot { row: record.number, pointer: records.pointer(record, "") };
        match parse(record.bytes) {
            Ok(json) => {
                let mut gather = Gather::new(file, &mut part.report).by_line(records.by_line());
                part.read.extend(read(&json, &spot, &mut gather));
            }
            Err(_) => part.report.fault(syntax(records, record, file)),
        }
        let surplus = part.report.faults.len().saturating_sub(MOST);
        part.report.faults.truncate(MOST);
        part.hidden += surplus;
    }
    part
}

/// The fault of a record that is no JSON, with its line in the document.
fn syntax(records: &Records<'_>, record: Record<'_>, file: &str) -> Fault {
    let before = records.lines_before(record);
    let fault = parse_after(record.bytes, before).err().map(|fault| fault.of(file));
    let fault =
        fault.unwrap_or_else(|| whole(file, "json/syntax", "the record is no JSON", "export it again"));
    Fault { row: Some(record.number), ..fault }
}

fn whole(file: &str, code: &str, message: &str, remedy: &str) -> Fault {
    Fault {
        file: file.to_owned(),
        row: None,
        column: None,
        code: code.to_owned(),
        message: message.to_owned(),
        remedy: remedy.to_owned(),
    }
}

fn together<T>(parts: Vec<Part<T>>, file: &str, report: &mut ReaderReport) -> Vec<T> {
    let mut all = Vec::with_capacity(parts.iter().map(|part| part.read.len()).sum());
    let mut found = ReaderReport::default();
    let mut hidden = 0;
    for part in parts {
        all.extend(part.read);
        found.merge(part.report);
        hidden += part.hidden;
    }
    hidden += found.faults.len().saturating_sub(MOST);
    found.faults.truncate(MOST);
    if hidden > 0 {
        let message = format!("and {hidden} more faults");
        found.fault(whole(file, "file/more", &message, "correct those listed first"));
    }
    report.merge(found);
    all
}
