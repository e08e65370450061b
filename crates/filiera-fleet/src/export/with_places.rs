use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use filiera_tables::Table;

use crate::FleetError;

/// The rows of a table with where each was read.
pub(super) fn with_places(table: &Table, files: &[String]) -> Result<RecordBatch, FleetError> {
    let batch = table.batch();
    let mut fields: Vec<Arc<Field>> = batch.schema().fields().iter().cloned().collect();
    let mut arrays = batch.columns().to_vec();
    let file = |file: u32| files.get(file as usize).map(String::as_str);
    let from_file: StringArray = table.places().iter().map(|place| file(place.file)).collect();
    let from_row: Int64Array = table.places().iter().map(|place| Some(i64::from(place.row))).collect();
    let places = [("from_file", Arc::new(from_file) as ArrayRef), ("from_row", Arc::new(from_row))];
    for (name, array) in places.into_iter().filter(|(name, _)| batch.column_by_name(name).is_none()) {
        fields.push(Arc::new(Field::new(name, array.data_type().clone(), true)));
        arrays.push(array);
    }
    // A column of nothing but nulls has a type in every warehouse when it is one of texts.
    for (field, array) in fields.iter_mut().zip(&mut arrays) {
        if *field.data_type() == DataType::Null {
            *field = Arc::new(Field::new(field.name(), DataType::Utf8, true));
            *array = arrow::array::new_null_array(&DataType::Utf8, batch.num_rows());
        }
    }
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}
