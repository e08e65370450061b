//! Rows that are copied while they are read: in whatever batches they come, the same is told of every vehicle.

mod common;

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use filiera_fleet::synth::{Oddities, Options, generate};
use filiera_fleet::{
    Copied, Copying, FleetJudgement, InMemory, ParquetFiles, Pieces, has_spans, judge_fleet,
};
use filiera_tables::{Dossier, TableKind};
use proptest::prelude::*;

use common::{parsed, settings, zones};

const PACK: &str = include_str!("everything.toml");

fn judged(dossier: &Dossier, pieces: &dyn Pieces) -> FleetJudgement {
    judge_fleet(dossier, pieces, &[parsed(PACK)], &zones(), &settings(), None, &|_, _| {}).expect("judged")
}

fn told(judgement: &FleetJudgement) -> Vec<String> {
    judgement.conditions.iter().map(|one| format!("{} {:?}", one.condition, one.told)).collect()
}

/// A copy of the batches, which cannot be shorter or longer than they are.
fn copied(batches: impl IntoIterator<Item = RecordBatch>) -> (Copied, ParquetFiles, u64) {
    let copying = Copying::begin().expect("a place");
    let mut rows = 0;
    for batch in batches {
        rows += batch.num_rows() as u64;
        assert!(copying.take(batch));
    }
    let copied = copying.finish().expect("a copy");
    let files = ParquetFiles::open(copied.files().collect::<Vec<&Path>>()).expect("files");
    (copied, files, rows)
}

/// The same with another column beside or in place of one.
fn with(batch: &RecordBatch, name: &str, array: ArrayRef) -> RecordBatch {
    let schema = batch.schema();
    let own = schema.fields().iter().zip(batch.columns()).filter(|(field, _)| field.name() != name);
    let mut columns: Vec<(Field, ArrayRef)> =
        own.map(|(field, array)| (field.as_ref().clone(), Arc::clone(array))).collect();
    columns.push((Field::new(name, array.data_type().clone(), true), array));
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).expect("a batch")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn batches_of_any_size_are_one_table(
        seed in 0u64..1_000_000,
        sizes in prop::collection::vec(1usize..90, 1..6),
        odd in any::<bool>(),
    ) {
        let oddities = Oddities { odd_quantities: odd, no_lots: odd, no_receipts: odd, ..Oddities::NONE };
        let dossier = generate(&Options { oddities, ..Options::new(20, 6, 60, seed) }).expect("a dossier");
        let installed = dossier.table(TableKind::Installed).expect("installed");
        let mut batches = Vec::new();
        let (mut start, mut turn) = (0, 0);
        while start < installed.len() {
            let end = installed.len().min(start + sizes[turn % sizes.len()]);
            batches.push(installed.batch().slice(start, end - start));
            (start, turn) = (end, turn + 1);
        }
        let (copied, files, rows) = copied(batches);
        prop_assert_eq!(files.rows(), rows);
        let expected = told(&judged(&dossier, &InMemory::new([installed])));
        prop_assert_eq!(told(&judged(&dossier, &files)), expected);
        let folder = copied.folder().to_owned();
        drop(copied);
        prop_assert!(!folder.exists());
    }
}

#[test]
fn wider_rows_begin_another_file_and_stay_exact() {
    let dossier = generate(&Options::new(20, 6, 60, 7)).expect("a dossier");
    let batch = dossier.table(TableKind::Installed).expect("installed").batch();
    let rows = batch.num_rows();
    let fine = Decimal128Array::from(vec![1i128; rows]).with_precision_and_scale(38, 12).expect("decimals");
    let large =
        Decimal128Array::from(vec![10i128.pow(30); rows]).with_precision_and_scale(38, 12).expect("decimals");
    let last = Arc::new(Date32Array::from(vec![20_000; rows]));
    let batches = [
        batch.clone(),
        with(batch, "quantity", Arc::new(fine)),
        batch.clone(),
        with(&with(batch, "quantity", Arc::new(large)), "received_on_max", last),
        batch.clone(),
    ];
    let (copied, files, expected) = copied(batches.clone());
    assert_eq!((copied.files().count(), files.rows()), (3, expected));
    let read: Vec<RecordBatch> = (0..files.count()).map(|piece| files.read(piece).expect("rows")).collect();
    let column = |name: &str, to: &DataType| -> Vec<ArrayRef> {
        read.iter()
            .filter_map(|batch| batch.column_by_name(name))
            .map(|array| arrow::compute::cast(array, to).expect("a column"))
            .collect()
    };
    let wide = DataType::Decimal128(38, 12);
    let numbers = column("quantity", &wide);
    let numbers: Vec<&dyn arrow::array::Array> = numbers.iter().map(AsRef::as_ref).collect();
    let given: Vec<ArrayRef> = batches
        .iter()
        .map(|batch| {
            arrow::compute::cast(batch.column_by_name("quantity").expect("numbers"), &wide).expect("numbers")
        })
        .collect();
    let given: Vec<&dyn arrow::array::Array> = given.iter().map(AsRef::as_ref).collect();
    assert_eq!(
        &arrow::compute::concat(&numbers).expect("one"),
        &arrow::compute::concat(&given).expect("one")
    );
    let may: Vec<bool> = (0..files.count()).map(|piece| files.may_have_spans(piece)).collect();
    assert_eq!(may, [false, false, true]);
    assert!(has_spans(&files).expect("read"));
    let spans: usize = column("received_on_max", &DataType::Date32)
        .iter()
        .map(|array| array.len() - array.null_count())
        .sum();
    assert_eq!(spans, rows);
}
