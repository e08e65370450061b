use sqlparser::dialect::Dialect;
use sqlparser::keywords::{Keyword, RESERVED_FOR_IDENTIFIER};

/// Plain SQL with `$parameter` and `@ZONE`, and none of the extensions of any product.
#[derive(Debug)]
pub(super) struct PredicateDialect;

impl Dialect for PredicateDialect {
    fn is_delimited_identifier_start(&self, letter: char) -> bool {
        letter == '"'
    }

    fn is_identifier_start(&self, letter: char) -> bool {
        letter.is_alphabetic() || letter == '_' || letter == '@'
    }

    fn is_identifier_part(&self, letter: char) -> bool {
        letter.is_alphanumeric() || letter == '_'
    }

    fn supports_dollar_placeholder(&self) -> bool {
        true
    }

    fn is_reserved_for_identifier(&self, keyword: Keyword) -> bool {
        super::pieces::JOINTS.contains(&keyword) || RESERVED_FOR_IDENTIFIER.contains(&keyword)
    }

    fn supports_in_empty_list(&self) -> bool {
        true
    }
}
