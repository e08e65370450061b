use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, RecordBatchOptions, StringArray};
use arrow::compute::nullif;
use arrow::datatypes::{DataType, Field, SchemaRef};
use arrow::error::ArrowError;
use datafusion_common::DataFusionError;
use datafusion_physical_expr::PhysicalExpr;

use crate::EvaluateError;

/// A predicate with values in all its places: asked of batches, as often as needed, from any
/// thread.
#[derive(Clone, Debug)]
pub struct BoundPredicate {
    expression: Arc<dyn PhysicalExpr>,
    schema: SchemaRef,
    /// Which columns of the schema hold origins.
    origins: Vec<bool>,
}

impl BoundPredicate {
    pub(crate) fn new(expression: Arc<dyn PhysicalExpr>, schema: SchemaRef, origins: Vec<bool>) -> Self {
        Self { expression, schema, origins }
    }

    /// The answer for every row of `batch`, in its order: true yes, false no, null maybe.
    ///
    /// The batch holds the named columns in any order, beside any others. A column of origins may
    /// hold sets (`CA/US`, `@EU`): such a cell counts as not known here. Who wants more asks once
    /// per candidate, with one country in each cell, and joins the answers.
    ///
    /// # Errors
    /// [`EvaluateError`] when a named column is missing or of another type than its kind.
    pub fn evaluate(&self, batch: &RecordBatch) -> Result<BooleanArray, EvaluateError> {
        let rows = batch.num_rows();
        let columns = self
            .schema
            .fields()
            .iter()
            .zip(&self.origins)
            .map(|(field, is_origin)| column(batch, field, *is_origin))
            .collect::<Result<Vec<_>, _>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let asked = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options);
        let answer = asked.map_err(broken)?;
        let answer = self.expression.evaluate(&answer).and_then(|value| value.into_array(rows));
        let answer = answer.map_err(|error: DataFusionError| EvaluateError::Evaluate(Box::new(error)))?;
        let truths = answer.as_boolean_opt().filter(|truths| truths.len() == rows).cloned();
        truths
            .ok_or_else(|| broken(ArrowError::ComputeError("the answer is not one truth per row".to_owned())))
    }
}

fn broken(error: ArrowError) -> EvaluateError {
    EvaluateError::Evaluate(Box::new(error))
}

fn column(batch: &RecordBatch, field: &Field, is_origin: bool) -> Result<ArrayRef, EvaluateError> {
    let name = field.name();
    let missing = || EvaluateError::MissingColumn { column: name.clone() };
    let array = batch.column_by_name(name).ok_or_else(missing)?;
    if array.data_type() != field.data_type() {
        return Err(EvaluateError::ColumnType {
            column: name.clone(),
            expected: field.data_type().clone(),
            found: array.data_type().clone(),
        });
    }
    if is_origin && *array.data_type() == DataType::Utf8 {
        return single_origins(array).map_err(broken);
    }
    Ok(Arc::clone(array))
}

/// The origins with sets of countries, whose text is not two letters, as nulls.
fn single_origins(origins: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let texts: &StringArray = origins.as_string::<i32>();
    if texts.offsets().lengths().enumerate().all(|(row, length)| length == 2 || texts.is_null(row)) {
        return Ok(Arc::clone(origins));
    }
    let is_set = |text: Option<&str>| Some(text.is_some_and(|text| text.len() != 2));
    nullif(origins, &texts.iter().map(is_set).collect())
}
