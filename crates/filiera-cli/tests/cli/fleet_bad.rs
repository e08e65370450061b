//! Fleets whose files are not as they should be: the same answer as from any other files, or a fault with its
//! place and remedy, and nothing half-written.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray, UInt32Array};
use arrow::compute::{cast, concat_batches, take_record_batch};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::fleet_findings::{assert_same, not_by_adding_up, of_lines};
use crate::support::{Ran, Written, check, filiera};

const VEHICLES: usize = 30;

/// A folder with a small fleet in `fleet`.
fn fleet() -> Written {
    let folder = Written::empty();
    let size = ["--vehicles", "30", "--lines", "12", "--lots", "200", "--row-group", "100"];
    assert_eq!(filiera(folder.path(), &[&["synth", "fleet"][..], &size].concat()).code, 0);
    folder
}

fn read(path: &Path) -> RecordBatch {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("a file")).expect("Parquet");
    let schema = builder.schema().clone();
    let batches: Vec<RecordBatch> =
        builder.build().expect("a reader").map(|batch| batch.expect("rows")).collect();
    concat_batches(&schema, &batches).expect("one")
}

fn write(path: &Path, batch: &RecordBatch) {
    let mut writer =
        ArrowWriter::try_new(File::create(path).expect("a file"), batch.schema(), None).expect("a writer");
    writer.write(batch).expect("rows");
    writer.close().expect("a whole file");
}

fn rows(batch: &RecordBatch, rows: impl Iterator<Item = usize>) -> RecordBatch {
    let rows: UInt32Array = rows.map(|row| row as u32).collect();
    take_record_batch(batch, &rows).expect("rows")
}

/// The same with another column in the place of one.
fn with(batch: &RecordBatch, name: &str, array: ArrayRef) -> RecordBatch {
    let place = batch.schema().index_of(name).expect("the column");
    let mut fields: Vec<Field> = batch.schema().fields().iter().map(|field| field.as_ref().clone()).collect();
    let mut columns = batch.columns().to_vec();
    fields[place] = Field::new(name, array.data_type().clone(), true);
    columns[place] = array;
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("a batch")
}

/// The same with another text in one cell.
fn with_text(batch: &RecordBatch, name: &str, row: usize, text: Option<&str>) -> RecordBatch {
    let texts = cast(batch.column_by_name(name).expect("the column"), &DataType::Utf8).expect("texts");
    let old = texts.as_string::<i32>().iter().enumerate();
    let new: StringArray = old.map(|(at, own)| if at == row { text } else { own }).collect();
    with(batch, name, Arc::new(new))
}

fn installed(folder: &Written) -> PathBuf {
    folder.path().join("fleet/installed.parquet")
}

fn lots(folder: &Written) -> Ran {
    check(folder.path(), "fleet", &["--judge", "lots", "--format", "jsonl"])
}

fn by_rows(folder: &Written) -> Ran {
    check(folder.path(), "fleet", &["--judge", "rows", "--format", "jsonl"])
}

/// Lot by lot as row by row; `held`: because the rows are held in memory after all.
fn assert_judged(folder: &Written, held: bool) -> Ran {
    let (lots, rows) = (lots(folder), by_rows(folder));
    assert_ne!(rows.code, 2, "{}", rows.seen());
    assert_eq!(lots.code, rows.code, "{}", lots.seen());
    assert_eq!(lots.err.contains("row by row"), held, "{}", lots.err);
    if held {
        assert_eq!(lots.out, rows.out);
    } else {
        assert_same(&of_lines(&lots.out), &of_lines(&rows.out), &not_by_adding_up);
    }
    lots
}

/// Refused either way with the same faults, which say all of this; a file that was there stays.
fn assert_refused(folder: &Written, says: &[&str]) {
    let (lots, rows) = (lots(folder), by_rows(folder));
    rows.refused();
    lots.refused();
    let faults = |ran: &Ran| {
        let own = ran.err.lines().filter(|line| !line.starts_with("note: "));
        own.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(faults(&lots), faults(&rows));
    for word in says {
        assert!(lots.err.contains(word), "{word} in {}", lots.err);
    }
    for name in ["findings.csv", "findings.jsonl", "findings.parquet"] {
        fs::write(folder.path().join(name), "as it was").expect("written");
        check(folder.path(), "fleet", &["--judge", "lots", "--out", name]).refused();
        assert_eq!(folder.text(name), "as it was");
    }
    assert_eq!(folder.names(), ["findings.csv", "findings.jsonl", "findings.parquet", "fleet"]);
}

/// `installed` in several files.
fn in_files(folder: &Written, files: &[(&str, RecordBatch)]) {
    let dossier = folder.path().join("fleet/dossier.toml");
    let mut text = fs::read_to_string(&dossier).expect("a dossier");
    for (name, batch) in files {
        write(&folder.path().join("fleet").join(name), batch);
        text.push_str(&format!("\n[[table.installed]]\nfile = \"{name}\"\n"));
    }
    fs::write(dossier, text).expect("written");
    fs::remove_file(installed(folder)).expect("removed");
}

#[test]
fn rows_in_no_order() {
    let folder = fleet();
    let whole = read(&installed(&folder));
    let count = whole.num_rows();
    let expected = of_lines(&lots(&folder).out);
    write(&installed(&folder), &rows(&whole, (0..count).map(|row| row * 7919 % count)));
    let ran = assert_judged(&folder, false);
    assert_same(&of_lines(&ran.out), &expected, &not_by_adding_up);
}

#[test]
fn a_vehicle_in_several_files() {
    let folder = fleet();
    let whole = read(&installed(&folder));
    let count = whole.num_rows();
    let expected = of_lines(&lots(&folder).out);
    // In the middle of a vehicle, and every vehicle in both.
    let (first, last) = (rows(&whole, 0..count / 2 + 5), rows(&whole, count / 2 + 5..count));
    let (even, odd) =
        (rows(&first, (0..count / 2 + 5).step_by(2)), rows(&first, (1..count / 2 + 5).step_by(2)));
    in_files(&folder, &[("last.parquet", last), ("even.parquet", even), ("odd.parquet", odd)]);
    let ran = assert_judged(&folder, false);
    assert_same(&of_lines(&ran.out), &expected, &not_by_adding_up);
}

#[test]
fn a_lot_that_nobody_knows() {
    let folder = fleet();
    let whole = read(&installed(&folder));
    let strange = with_text(&whole, "lot", 3, Some("LOT-OF-NOBODY"));
    write(&installed(&folder), &with_text(&strange, "part", 4, Some("PART-OF-NOBODY")));
    assert_judged(&folder, false);
}

#[test]
fn a_row_without_a_vehicle() {
    let folder = fleet();
    let whole = read(&installed(&folder));
    write(&installed(&folder), &with_text(&whole, "vehicle", 17, None));
    assert_refused(&folder, &["installed.parquet", "row 18", "`vehicle`", "help: "]);
}

#[test]
fn a_vehicle_that_is_listed_twice() {
    let folder = fleet();
    let path = folder.path().join("fleet/vehicles.parquet");
    let whole = read(&path);
    write(&path, &rows(&whole, (0..VEHICLES).chain([4])));
    assert_refused(&folder, &["vehicles.parquet", "row 31", "`vehicle`", "help: "]);
}

#[test]
fn a_row_of_a_vehicle_that_is_not_listed() {
    let folder = fleet();
    let path = folder.path().join("fleet/vehicles.parquet");
    let whole = read(&path);
    write(&path, &rows(&whole, (0..VEHICLES).filter(|row| *row != 4)));
    let ran = assert_judged(&folder, false);
    let name = whole.column_by_name("vehicle").expect("names");
    let name = cast(name, &DataType::Utf8).expect("texts").as_string::<i32>().value(4).to_owned();
    assert!(!ran.out.contains(&name));
    let note = |judge: &str| {
        let ran = check(folder.path(), "fleet", &["--judge", judge]);
        let from = ran.out.find("installed: ").unwrap_or_else(|| panic!("{}", ran.out));
        ran.out[from..].split_whitespace().take(18).collect::<Vec<_>>().join(" ")
    };
    assert!(note("lots").ends_with(&format!("judged for nobody, first vehicle {name}")), "{}", note("lots"));
    assert_eq!(note("lots"), note("rows"));
}

#[test]
fn files_that_were_cut_short() {
    let folder = fleet();
    let bytes = fs::read(installed(&folder)).expect("bytes");
    fs::write(installed(&folder), &bytes[..bytes.len() - 9]).expect("written");
    assert_refused(&folder, &["installed.parquet", "truncated"]);
}

#[test]
fn a_row_group_that_is_broken() {
    for fill in [0, 0xA5] {
        let folder = fleet();
        let mut bytes = fs::read(installed(&folder)).expect("bytes");
        bytes[200..900].fill(fill);
        fs::write(installed(&folder), bytes).expect("written");
        for ran in [lots(&folder), by_rows(&folder)] {
            assert!(ran.refused().err.contains("installed.parquet"), "{}", ran.seen());
        }
    }
}

#[test]
fn files_with_other_columns_and_types() {
    let folder = fleet();
    let whole = read(&installed(&folder));
    let count = whole.num_rows();
    let expected = of_lines(&by_rows(&folder).out);
    let (first, rest) = (rows(&whole, 0..100), rows(&whole, 100..count));
    // Texts by dictionary are texts.
    let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let part = cast(first.column_by_name("part").expect("parts"), &kind).expect("a dictionary");
    in_files(&folder, &[("a.parquet", with(&first, "part", part)), ("b.parquet", rest.clone())]);
    let ran = by_rows(&folder);
    assert_same(&of_lines(&ran.out), &expected, &|name, _| name == "evidence_hash");
    assert_judged(&folder, lots(&folder).err.contains("row by row"));
    // Days as texts are read row by row.
    let days = cast(first.column_by_name("received_on").expect("days"), &DataType::Utf8).expect("texts");
    write(&folder.path().join("fleet/a.parquet"), &with(&first, "received_on", days));
    let ran = assert_judged(&folder, true);
    assert_same(&of_lines(&ran.out), &expected, &|name, _| name == "evidence_hash");
    // One file without a column that another has.
    let place = first.schema().index_of("lot").expect("lots");
    let kept: Vec<usize> = (0..first.num_columns()).filter(|column| *column != place).collect();
    write(&folder.path().join("fleet/a.parquet"), &first.project(&kept).expect("columns"));
    assert_judged(&folder, false);
    // One without a column that every file needs.
    let place = first.schema().index_of("part").expect("parts");
    let kept: Vec<usize> = (0..first.num_columns()).filter(|column| *column != place).collect();
    write(&folder.path().join("fleet/a.parquet"), &first.project(&kept).expect("columns"));
    assert_refused(&folder, &["a.parquet", "part", "help: "]);
}
