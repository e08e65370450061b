//! JSON schemas of outside formats: compiling the published texts, and saying what breaks them.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Registry, ValidationError, Validator};
use serde_json::Value;

/// A validator for `schema`, which may refer to the named texts.
///
/// # Errors
/// Why the texts are no schema; the texts are ours, so this is our mistake.
pub(crate) fn compile(schema: &str, shared: &[(&str, &str)]) -> Result<Validator, String> {
    let read = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
    let mut registry = Registry::new();
    for (uri, text) in shared {
        registry = registry.add(*uri, read(text)?).map_err(|error| error.to_string())?;
    }
    let registry = registry.prepare().map_err(|error| error.to_string())?;
    let options = jsonschema::options().with_registry(&registry).should_validate_formats(true);
    options.build(&read(schema)?).map_err(|error| error.to_string())
}

/// What to do about an error.
pub(crate) fn remedy(error: &ValidationError<'_>, unknown: &'static str) -> &'static str {
    match error.kind() {
        ValidationErrorKind::Required { .. } => "add it",
        ValidationErrorKind::AdditionalProperties { .. } => unknown,
        ValidationErrorKind::UniqueItems => "keep one of them",
        _ => "correct the value, as the schema of this version asks",
    }
}

/// What is wrong, in one sentence.
pub(crate) fn message(error: &ValidationError<'_>) -> String {
    let shown = shown(error.instance());
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            format!("`{}` is missing", property.as_str().unwrap_or("?"))
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            format!("`{}` is not known here", unexpected.join("`, `"))
        }
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => {
            format!("{shown} is not one of the values allowed here")
        }
        ValidationErrorKind::Pattern { pattern } => format!("{shown} does not match `{pattern}`"),
        ValidationErrorKind::Format { format } => format!("{shown} is no {format}"),
        ValidationErrorKind::MinLength { .. } => "the text is too short".to_owned(),
        ValidationErrorKind::UniqueItems => "an entry is listed twice".to_owned(),
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            nearest(context)
        }
        ValidationErrorKind::OneOfMultipleValid { .. } => {
            "the value mixes two forms of which only one is allowed".to_owned()
        }
        _ => error.masked_with(shown).to_string(),
    }
}

/// What is wrong under the form that fits best.
fn nearest(context: &[Vec<ValidationError<'static>>]) -> String {
    let best = context.iter().filter_map(|errors| errors.first().map(|first| (errors.len(), first)));
    match best.min_by_key(|(count, _)| *count) {
        Some((_, first)) => {
            format!("the value fits none of the forms allowed here, nearest: {}", message(first))
        }
        None => "the value fits none of the forms allowed here".to_owned(),
    }
}

/// A value as a message shows it: short texts and numbers in full, anything else by what it is.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if text.chars().count() <= 80 => format!("`{text}`"),
        Value::String(text) => format!("`{}…`", text.chars().take(80).collect::<String>()),
        Value::Array(_) => "the list".to_owned(),
        Value::Object(_) => "the object".to_owned(),
        other => format!("`{other}`"),
    }
}
