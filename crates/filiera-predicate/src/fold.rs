//! `lower` and `upper`, which DataFusion keeps in a crate that this one does not need otherwise.

use std::sync::Arc;

use arrow::array::{AsArray, StringArray};
use arrow::datatypes::DataType;
use datafusion_common::{DataFusionError, ScalarValue};
use datafusion_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

use crate::node::Fold;

/// The function, over one `Utf8`; null stays null.
pub(crate) fn fold_function(fold: Fold) -> Arc<ScalarUDF> {
    let signature = Signature::exact(vec![DataType::Utf8], Volatility::Immutable);
    Arc::new(ScalarUDF::from(FoldFunction { fold, signature }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct FoldFunction {
    fold: Fold,
    signature: Signature,
}

impl FoldFunction {
    fn folded(&self, text: &str) -> String {
        match self.fold {
            Fold::Lower => text.to_lowercase(),
            Fold::Upper => text.to_uppercase(),
        }
    }
}

impl ScalarUDFImpl for FoldFunction {
    fn name(&self) -> &str {
        match self.fold {
            Fold::Lower => "lower",
            Fold::Upper => "upper",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType, DataFusionError> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue, DataFusionError> {
        match call.args.as_slice() {
            [ColumnarValue::Scalar(ScalarValue::Utf8(text))] => {
                let folded = text.as_ref().map(|text| self.folded(text));
                Ok(ColumnarValue::Scalar(ScalarValue::Utf8(folded)))
            }
            [ColumnarValue::Array(texts)] if *texts.data_type() == DataType::Utf8 => {
                let texts = texts.as_string::<i32>();
                let folded: StringArray =
                    texts.iter().map(|text| text.map(|text| self.folded(text))).collect();
                Ok(ColumnarValue::Array(Arc::new(folded)))
            }
            _ => Err(DataFusionError::Internal(format!("{} takes one text", self.name()))),
        }
    }
}
