//! Streamed from files or from memory: the same verdicts; and what no table holds is refused.

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray};
use filiera_fleet::synth::{Oddities, Options, generate, write};
use filiera_fleet::{FleetError, FleetJudgement, InMemory, ParquetFiles, Pieces, judge_fleet};
use filiera_tables::{Dossier, Table, TableKind};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use tempfile::TempDir;

use common::{parsed, settings, zones};

const PACK: &str = r#"
[pack]
title = "by value and by supplier"
status = "draft"

[condition.by-value]
title = "by value, dated"
per = "vehicle"
when = "plant_country = 'IT'"
dated_by = "built_on"
share = { of = "components", weigh = "value", where = "origin IN ('IT')" }
at_least = "45 %"
unknown = { counts_as = "no", cite = "x" }

[condition.every-one]
title = "every battery from home"
per = "vehicle"
every = { of = "components", among = "class IN ('battery', 'infotainment')", where = "supplier_country IN ('IT')" }
"#;

fn judged(dossier: &Dossier, pieces: &dyn Pieces) -> Result<FleetJudgement, FleetError> {
    judge_fleet(dossier, pieces, &[parsed(PACK)], &zones(), &settings(), None, &|_, _| {})
}

fn opened(paths: &[PathBuf]) -> ParquetFiles {
    ParquetFiles::open(paths.iter().map(PathBuf::as_path)).expect("files")
}

/// Of each condition what is told of every vehicle.
fn told(judgement: &FleetJudgement) -> Vec<String> {
    judgement.conditions.iter().map(|one| format!("{} {:?}", one.condition, one.told)).collect()
}

#[test]
fn files_say_what_tables_say() {
    // Without parts that stand twice `installed` is complete.
    let odd = Oddities { parts_twice: false, ..Oddities::ALL };
    for (number, oddities) in [Oddities::NONE, Oddities::PAPERS, odd].into_iter().enumerate() {
        for (unsorted, row_group) in [(false, 1_000_000), (false, 64), (true, 64)] {
            let folder = TempDir::new().expect("a folder");
            let options =
                Options { oddities, unsorted, row_group, ..Options::new(60, 12, 300, 5 + number as u64) };
            write(&options, folder.path(), true, &mut |_, _| {}).expect("written");
            let dossier = generate(&options).expect("a dossier");
            let installed = dossier.table(TableKind::Installed).expect("installed");
            let expected = judged(&dossier, &InMemory::new([installed])).expect("judged");
            let files = opened(&[folder.path().join("installed.parquet")]);
            let found = judged(&dossier, &files).expect("judged");
            assert_eq!(told(&found), told(&expected), "{number} {unsorted} {row_group}");
            assert_eq!(files.rows(), installed.len() as u64);
            assert_eq!(files.shared(0).is_some(), !unsorted || files.count() == 1, "{unsorted} {row_group}");
        }
    }
}

#[test]
fn long_pages_and_many_plans_are_read_whole() {
    let large = Options::new(400, 30, 900, 8);
    // More plans than a word has bits.
    let many = Options { configurations: 70, parts: 900, ..Options::new(210, 12, 2000, 9) };
    for options in [large, many] {
        let folder = TempDir::new().expect("a folder");
        write(&options, folder.path(), true, &mut |_, _| {}).expect("written");
        let dossier = generate(&options).expect("a dossier");
        let installed = dossier.table(TableKind::Installed).expect("installed");
        let expected = judged(&dossier, &InMemory::new([installed])).expect("judged");
        let found = judged(&dossier, &opened(&[folder.path().join("installed.parquet")])).expect("judged");
        assert_eq!(told(&found), told(&expected));
        assert_eq!(found.counts, expected.counts);
    }
}

#[test]
fn a_vehicle_of_thousands_of_rows_is_one_vehicle() {
    let options = Options::new(5, 9000, 20_000, 3);
    let dossier = generate(&options).expect("a dossier");
    let installed = dossier.table(TableKind::Installed).expect("installed");
    let rows: Vec<u32> = (0..installed.len() as u32).collect();
    let cut: Vec<Table> = rows.chunks(1000).map(|some| installed.take(some).expect("rows")).collect();
    let expected = judged(&dossier, &InMemory::new(&cut)).expect("judged");
    let found = judged(&dossier, &InMemory::new([installed])).expect("judged");
    assert_eq!(told(&found), told(&expected));
    assert!(found.left.is_empty(), "{:?}", found.left);
    assert_eq!(found.counts.rows, 45_000);
}

/// Rows of `installed`, with whatever stands in them.
struct Rows<'a> {
    vehicles: Vec<Option<&'a str>>,
    parts: Vec<Option<&'a str>>,
    quantities: Vec<i128>,
}

fn file(folder: &Path, name: &str, rows: &Rows<'_>, dictionary: bool) -> PathBuf {
    let count = rows.vehicles.len();
    let quantities = Decimal128Array::from(rows.quantities.clone());
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("vehicle", Arc::new(StringArray::from(rows.vehicles.clone()))),
        ("part", Arc::new(StringArray::from(rows.parts.clone()))),
        ("lot", Arc::new(StringArray::from(vec!["L1"; count]))),
        ("supplier", Arc::new(StringArray::from(vec!["S1"; count]))),
        ("quantity", Arc::new(quantities.with_precision_and_scale(9, 0).expect("decimals"))),
        ("received_on", Arc::new(Date32Array::from(vec![20_000; count]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let path = folder.join(name);
    let properties = WriterProperties::builder().set_dictionary_enabled(dictionary).build();
    let out = std::fs::File::create(&path).expect("a file");
    let mut writer = ArrowWriter::try_new(out, batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a whole file");
    path
}

fn clean<'a>() -> Rows<'a> {
    Rows {
        vehicles: vec![Some("V1"); 3],
        parts: vec![Some("P1"), Some("P2"), Some("P1")],
        quantities: vec![1; 3],
    }
}

#[test]
fn what_no_table_holds_is_refused() {
    let folder = TempDir::new().expect("a folder");
    let dossier = generate(&Options::new(5, 4, 20, 7)).expect("a dossier");
    let refused = |name: &str, rows: Rows<'_>| {
        for dictionary in [true, false] {
            let path = file(folder.path(), &format!("{name}-{dictionary}.parquet"), &rows, dictionary);
            match judged(&dossier, &opened(&[path])) {
                Err(FleetError::Faulty { column }) => assert_eq!(column, name),
                other => panic!("{name}: {other:?}"),
            }
        }
    };
    refused("vehicle", Rows { vehicles: vec![Some("V1"), None, Some("V1")], ..clean() });
    refused("vehicle", Rows { vehicles: vec![Some("V1 "); 3], ..clean() });
    refused("part", Rows { parts: vec![Some("P1"), None, Some("P1")], ..clean() });
    refused("part", Rows { parts: vec![Some("P1"), Some(""), Some("P1")], ..clean() });
    refused("quantity", Rows { quantities: vec![1, 0, 1], ..clean() });
}

#[test]
fn files_in_any_order_and_split_vehicles_are_one_fleet() {
    let folder = TempDir::new().expect("a folder");
    let dossier = generate(&Options::new(5, 4, 20, 7)).expect("a dossier");
    let installed = dossier.table(TableKind::Installed).expect("installed");
    let write_rows = |name: &str, rows: Vec<u32>| {
        let path = folder.path().join(name);
        let batch = installed.take(&rows).expect("rows").batch().clone();
        let out = std::fs::File::create(&path).expect("a file");
        let mut writer = ArrowWriter::try_new(out, batch.schema(), None).expect("a writer");
        writer.write(&batch).expect("rows");
        writer.close().expect("a whole file");
        path
    };
    let count = installed.len() as u32;
    let expected = told(&judged(&dossier, &InMemory::new([installed])).expect("judged"));
    // Every vehicle in both files; then a cut in the middle of one.
    let even = write_rows("even.parquet", (0..count).filter(|row| row % 2 == 0).collect());
    let odd = write_rows("odd.parquet", (0..count).filter(|row| row % 2 == 1).collect());
    assert_eq!(told(&judged(&dossier, &opened(&[odd, even])).expect("judged")), expected);
    let (first, last) =
        (write_rows("first.parquet", (0..7).collect()), write_rows("last.parquet", (7..count).collect()));
    assert_eq!(told(&judged(&dossier, &opened(&[last, first])).expect("judged")), expected);
}

#[test]
fn a_file_cut_short_is_unreadable() {
    let folder = TempDir::new().expect("a folder");
    let path = file(folder.path(), "whole.parquet", &clean(), true);
    let bytes = std::fs::read(&path).expect("bytes");
    let cut = folder.path().join("cut.parquet");
    std::fs::write(&cut, &bytes[..bytes.len() - 9]).expect("written");
    let error = ParquetFiles::open([cut.as_path()]).expect_err("cut short").to_string();
    assert!(error.contains("cut.parquet") && error.contains("truncated"), "{error}");
    // The footer is whole, the rows are not.
    let mut hollow = bytes;
    hollow[4..60].fill(0);
    std::fs::write(&cut, &hollow).expect("written");
    let dossier = generate(&Options::new(5, 4, 20, 7)).expect("a dossier");
    let error = judged(&dossier, &opened(&[cut])).expect_err("hollow").to_string();
    assert!(error.contains("cut.parquet"), "{error}");
}
