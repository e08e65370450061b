//! From text to SQL's syntax tree, with every place kept.

mod depth;
mod dialect;
mod lines;
mod pieces;
mod source;

use datafusion_sql::sqlparser::ast::Expr;
use datafusion_sql::sqlparser::parser::{Parser, ParserError};
use datafusion_sql::sqlparser::tokenizer::Token;

pub(crate) use source::Source;

use crate::PredicateFault;
use dialect::PredicateDialect;

/// The syntax tree of the whole text.
pub(crate) fn parse(source: &Source) -> Result<Expr, Vec<PredicateFault>> {
    let mut parser = Parser::new(&PredicateDialect).with_tokens_with_locations(source.tokens());
    let tree = parser.parse_expr().map_err(|error| vec![fault(&error, &parser, source)])?;
    let next = parser.peek_token();
    if next.token == Token::EOF {
        return Ok(tree);
    }
    let span = source.span(next.span);
    let message = format!("`{}` does not belong here", source.slice(&span));
    let help = "write one condition; join several with AND or OR";
    Err(vec![PredicateFault::new(span, message).help(help)])
}

fn fault(error: &ParserError, parser: &Parser<'_>, source: &Source) -> PredicateFault {
    let ParserError::ParserError(text) = error else { return depth::too_deep(source.whole()) };
    let (text, place) = text.rsplit_once(" at Line: ").unwrap_or((text, ""));
    let span = source.piece_at(place).unwrap_or_else(|| source.span(parser.peek_token().span));
    let expected = text.strip_prefix("Expected: ").and_then(|rest| rest.split_once(", found: "));
    match expected {
        Some((expected, _)) if span.is_empty() => {
            PredicateFault::new(span, format!("the text ends where {} is expected", quoted(expected)))
        }
        Some((expected, _)) => {
            let message = format!("expected {}, found `{}`", quoted(expected), source.slice(&span));
            PredicateFault::new(span, message)
        }
        None => PredicateFault::new(span, format!("this is no SQL: {}", lower_first(text))),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// What the parser expects: a sign as it is written, between backticks, or words as they are.
fn quoted(expected: &str) -> String {
    if expected.contains(' ') { expected.to_owned() } else { format!("`{expected}`") }
}
