//! From text to SQL's syntax tree, with every place kept.

mod depth;
mod dialect;
mod lines;
mod pieces;
mod source;

use sqlparser::ast::Expr;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

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
    let text = match error {
        ParserError::RecursionLimitExceeded => return depth::too_deep(source.whole()),
        ParserError::ParserError(text) | ParserError::TokenizerError(text) => text,
    };
    let (text, place) = text.rsplit_once(" at Line: ").unwrap_or((text, ""));
    let span = source.piece_at(place).unwrap_or_else(|| source.span(parser.peek_token().span));
    let expected = text.strip_prefix("Expected: ").and_then(|rest| rest.split_once(", found: "));
    let message = match expected {
        Some((expected, _)) if span.is_empty() => {
            format!("the text ends where {} is expected", quoted(expected))
        }
        Some((expected, _)) => format!("expected {}, found `{}`", quoted(expected), source.slice(&span)),
        None => format!("this is no SQL: {}", lower_first(text)),
    };
    PredicateFault::new(span, message)
        .help("write comparisons, IN, LIKE and BETWEEN, joined by AND, OR and NOT")
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// What the parser expects: a sign as it is written, between backticks, or words as they are.
fn quoted(expected: &str) -> String {
    if expected.contains(' ') { expected.to_owned() } else { format!("`{expected}`") }
}
