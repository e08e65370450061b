use std::ops::Range;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Word};

use crate::PredicateFault;
use crate::names::Names;

/// A token, where the tokenizer saw it, and which bytes it covers.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) token: Token,
    pub(super) place: Span,
    pub(super) span: Range<usize>,
}

impl Piece {
    pub(super) fn with_place(&self) -> TokenWithSpan {
        TokenWithSpan::new(self.token.clone(), self.place)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(&self.token, Token::Word(own) if own.quote_style.is_none() && own.value.eq_ignore_ascii_case(word))
    }
}

/// Words that join conditions: a column of that name must be quoted.
pub(super) const JOINTS: [Keyword; 12] = [
    Keyword::AND,
    Keyword::OR,
    Keyword::NOT,
    Keyword::IN,
    Keyword::IS,
    Keyword::LIKE,
    Keyword::ILIKE,
    Keyword::BETWEEN,
    Keyword::NULL,
    Keyword::TRUE,
    Keyword::FALSE,
    Keyword::ESCAPE,
];

/// The token as the parser should see it: `@EU` is a place for a value, and a known column is
/// quoted, so that columns named `from`, `to` or `on` are not taken for SQL.
pub(super) fn settled(token: Token, next: Option<&Token>, names: &Names<'_>) -> Token {
    let Token::Word(word) = &token else { return token };
    if word.quote_style.is_some() {
        return token;
    }
    if word.value.starts_with('@') {
        return Token::Placeholder(word.value.clone());
    }
    let is_sql =
        JOINTS.contains(&word.keyword) || matches!(next, Some(Token::LParen | Token::SingleQuotedString(_)));
    match names.column(&word.value, false) {
        Some((name, _)) if !is_sql => quoted(name),
        _ => token,
    }
}

fn quoted(name: &str) -> Token {
    Token::Word(Word { value: name.to_owned(), quote_style: Some('"'), keyword: Keyword::NoKeyword })
}

/// The fault of a token that no predicate holds.
pub(super) fn foreign(token: &Token, span: Range<usize>, shown: &str) -> Option<PredicateFault> {
    let help = match token {
        Token::Word(word) if word.keyword == Keyword::SELECT => {
            "a condition looks at one row, not at other tables"
        }
        Token::Word(word) if word.keyword == Keyword::EXTRACT => {
            "compare days: `built_on >= DATE '2026-01-01'`"
        }
        Token::Word(_) | Token::Number(_, false) | Token::SingleQuotedString(_) | Token::Placeholder(_) => {
            return None;
        }
        Token::Comma | Token::LParen | Token::RParen => return None,
        Token::Eq | Token::DoubleEq | Token::Neq | Token::Lt | Token::LtEq | Token::Gt | Token::GtEq => {
            return None;
        }
        Token::Plus | Token::Minus | Token::Mul | Token::Div | Token::StringConcat => return None,
        Token::Mod => "write a share of 45 % as 0.45",
        Token::SemiColon => "write one condition without `;`",
        Token::Spaceship => "write `=`: a comparison with a missing fact stays a maybe",
        Token::Period => "name the column alone, without its table",
        Token::DoubleColon => "there are no casts: numbers are exact, days are written DATE '2026-01-01'",
        Token::AtSign => "write a zone as `@EU`, without blanks",
        Token::Char('‘' | '’' | '“' | '”' | '„') => "write straight quotes: 'text'",
        _ => "conditions are written with =, <>, <, <=, >, >=, IN, LIKE, BETWEEN, AND, OR, NOT, +, -, *, ||",
    };
    Some(PredicateFault::new(span, format!("`{shown}` does not belong in a condition")).help(help))
}
