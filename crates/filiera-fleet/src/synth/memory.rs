use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array, RecordBatch, StringArray};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Field};
use filiera_model::Country;
use filiera_tables::{ColumnKind, Completeness, Dossier, Place, Population, SCALE, Table, TableKind};

use super::companies::HOME;
use super::settings::{PACK, SETTINGS, VOUCHES, title};
use super::tables::KINDS;
use super::world::World;
use super::{Options, SynthError};

/// The dossier that [`super::write`] would write, without files: what reading it back would give.
///
/// For tests and examples; everything is held in memory at once.
///
/// # Errors
/// [`SynthError::Size`] when the options do not fit each other.
pub fn generate(options: &Options) -> Result<Dossier, SynthError> {
    let world = World::new(options)?;
    let mut dossier = Dossier {
        title: title(options),
        packs: vec![PACK.to_owned()],
        destination: Country::from_code(HOME),
        currency: Some("EUR".to_owned()),
        files: vec![SETTINGS.to_owned()],
        installed_complete: !options.oddities.parts_twice,
        ..Dossier::default()
    };
    for population in [Population::Components, Population::Flows] {
        let by = Completeness { by: Some(VOUCHES.to_owned()), on: None, subjects: None };
        dossier.complete.insert(population, by);
    }
    for (file, kind) in (1u32..).zip(KINDS) {
        dossier.files.push(format!("{}.{}", kind.name(), options.format.ending()));
        dossier.tables.insert(kind, table(&world, kind, file)?);
    }
    Ok(dossier)
}

fn table(world: &World, kind: TableKind, file: u32) -> Result<Table, SynthError> {
    let mut batches: Vec<RecordBatch> = Vec::new();
    world.each_batch(kind, &mut |batch| {
        batches.push(canonical(kind, &batch)?);
        Ok(())
    })?;
    let Some(schema) = batches.first().map(RecordBatch::schema) else { return Ok(Table::empty(kind)) };
    let all = concat_batches(&schema, &batches)?;
    let fields = schema.fields().iter().map(|field| field.as_ref().clone());
    let columns: Vec<(Field, ArrayRef)> = fields.zip(all.columns().iter().cloned()).collect();
    let places = (1..=all.num_rows() as u32).map(|row| Place { file, row }).collect();
    Ok(Table::new(kind, columns, places)?)
}

/// The columns in the types of canonical tables.
fn canonical(kind: TableKind, batch: &RecordBatch) -> Result<RecordBatch, SynthError> {
    let (schema, mut columns) = (batch.schema(), Vec::new());
    for (field, array) in schema.fields().iter().zip(batch.columns()) {
        let Some(column) = kind.column(field.name()) else { continue };
        let array = match column.kind {
            ColumnKind::Origin => origins(array),
            ColumnKind::Share => shares(array)?,
            other => cast(array, &other.arrow())?,
        };
        columns.push((field.name(), array));
    }
    Ok(RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )?)
}

/// Zones are marked: `@EU`.
fn origins(texts: &ArrayRef) -> ArrayRef {
    let marked = |text: &'_ str| if text == "EU" { "@EU".to_owned() } else { text.to_owned() };
    Arc::new(texts.as_string::<i32>().iter().map(|text| text.map(marked)).collect::<StringArray>())
}

/// `60 %` as the fraction it is.
fn shares(texts: &ArrayRef) -> Result<ArrayRef, SynthError> {
    let whole = 10i128.pow(u32::from(SCALE));
    let read =
        |text: &str| text.strip_suffix(" %")?.parse::<i128>().ok().map(|percent| percent * whole / 100);
    let shares: Decimal128Array = texts.as_string::<i32>().iter().map(|text| text.and_then(read)).collect();
    debug_assert_eq!(shares.null_count(), texts.null_count());
    let DataType::Decimal128(digits, decimals) = ColumnKind::Share.arrow() else {
        return Ok(Arc::new(shares));
    };
    Ok(Arc::new(shares.with_precision_and_scale(digits, decimals)?))
}
