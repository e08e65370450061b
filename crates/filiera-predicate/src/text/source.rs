use std::collections::BTreeSet;
use std::ops::Range;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Tokenizer, TokenizerError};

use super::depth;
use super::dialect::PredicateDialect;
use super::lines::Lines;
use super::pieces::{Piece, foreign, settled};
use crate::PredicateFault;
use crate::names::Names;

/// The longest text: more is no condition that somebody wrote.
const LONGEST: usize = 64 * 1024;

/// A text cut into its pieces, with what is needed to say where anything stands.
#[derive(Debug)]
pub(crate) struct Source {
    text: String,
    lines: Lines,
    pieces: Vec<Piece>,
    /// The bytes where a `$list` or a `@ZONE` follows `IN` without parentheses.
    bare: BTreeSet<usize>,
}

impl Source {
    /// Cuts the text, refusing what no predicate holds.
    pub(crate) fn read(text: &str, names: &Names<'_>) -> Result<Self, Vec<PredicateFault>> {
        check_size(text).map_err(|fault| vec![fault])?;
        let lines = Lines::new(text);
        let tokens = Tokenizer::new(&PredicateDialect, text)
            .tokenize_with_location()
            .map_err(|error| vec![unreadable(&error, text, &lines)])?;
        let pieces = pieces(tokens, &lines, names);
        if pieces.is_empty() {
            return Err(vec![empty(text)]);
        }
        let shown = |span: &Range<usize>| text.get(span.clone()).unwrap_or_default();
        let faults: Vec<_> = pieces
            .iter()
            .filter_map(|piece| foreign(&piece.token, piece.span.clone(), shown(&piece.span)))
            .collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        if let Some(fault) = depth::check(&pieces, 0..text.len()) {
            return Err(vec![fault]);
        }
        let bare = bare_signs(&pieces);
        Ok(Self { text: text.to_owned(), lines, pieces, bare })
    }

    /// The tokens for the parser: `IN $x` becomes `IN ($x)`.
    pub(super) fn tokens(&self) -> Vec<TokenWithSpan> {
        let mut tokens = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            let bare = self.bare.contains(&piece.span.start);
            if bare {
                tokens
                    .push(TokenWithSpan::new(Token::LParen, Span::new(piece.place.start, piece.place.start)));
            }
            tokens.push(piece.with_place());
            if bare {
                tokens.push(TokenWithSpan::new(Token::RParen, Span::new(piece.place.end, piece.place.end)));
            }
        }
        tokens
    }

    /// The bytes of the whole text.
    pub(crate) fn whole(&self) -> Range<usize> {
        0..self.text.len()
    }

    /// The text of these bytes.
    pub(crate) fn slice(&self, span: &Range<usize>) -> &str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// The bytes of a place of the tokenizer; the end of the text when the place is none.
    pub(crate) fn span(&self, place: Span) -> Range<usize> {
        let start = self.lines.byte(place.start);
        start..self.lines.byte(place.end).max(start)
    }

    /// The piece that starts at a place written as the parser writes it: `1, Column: 7`.
    pub(super) fn piece_at(&self, place: &str) -> Option<Range<usize>> {
        let (line, column) = place.split_once(", Column: ")?;
        let byte = self.lines.of(line.parse().ok()?, column.parse().ok()?)?;
        self.pieces.iter().find(|piece| piece.span.start == byte).map(|piece| piece.span.clone())
    }

    /// Whether the sign that starts at `byte` follows `IN` without parentheses.
    pub(crate) fn is_bare(&self, byte: usize) -> bool {
        self.bare.contains(&byte)
    }

    /// The start of the piece that ends last before `byte`.
    pub(crate) fn start_before(&self, byte: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.span.end <= byte);
        let before = after.checked_sub(1).and_then(|place| self.pieces.get(place));
        before.map_or(byte, |piece| piece.span.start)
    }

    /// The end of the first closing parenthesis from `byte` on.
    pub(crate) fn closed_after(&self, byte: usize) -> usize {
        self.end_after(byte, |piece| piece.token == Token::RParen)
    }

    /// The end of the first of these words from `byte` on.
    pub(crate) fn word_after(&self, byte: usize, words: &[&str]) -> usize {
        self.end_after(byte, |piece| words.iter().any(|word| piece.is_word(word)))
    }

    /// The end of the first text between quotes from `byte` on.
    pub(crate) fn quoted_after(&self, byte: usize) -> usize {
        self.end_after(byte, |piece| matches!(piece.token, Token::SingleQuotedString(_)))
    }

    fn end_after(&self, byte: usize, wanted: impl Fn(&Piece) -> bool) -> usize {
        let first = self.pieces.partition_point(|piece| piece.span.start < byte);
        let rest = self.pieces.get(first..).unwrap_or_default();
        rest.iter().find(|piece| wanted(piece)).map_or(byte, |piece| piece.span.end)
    }
}

fn check_size(text: &str) -> Result<(), PredicateFault> {
    if text.trim().is_empty() {
        return Err(empty(text));
    }
    if text.len() > LONGEST {
        let message = format!("the condition has {} bytes; at most {LONGEST} fit", text.len());
        return Err(PredicateFault::new(0..text.len(), message).help("put long lists into parameters"));
    }
    Ok(())
}

fn empty(text: &str) -> PredicateFault {
    let help = "write a condition, or TRUE for every row";
    PredicateFault::new(0..text.len(), "the condition is empty").help(help)
}

fn unreadable(error: &TokenizerError, text: &str, lines: &Lines) -> PredicateFault {
    let start = lines.byte(error.location);
    let fault = PredicateFault::new(start..text.len(), "a quote or a comment is opened and not closed");
    if error.message.to_lowercase().contains("unterminated") {
        return fault.help("close it; a quote inside a text is written twice: 'O''Brien'");
    }
    PredicateFault { message: format!("this is no SQL: {}", error.message.to_lowercase()), ..fault }
}

/// The tokens without blanks and comments, settled.
fn pieces(tokens: Vec<TokenWithSpan>, lines: &Lines, names: &Names<'_>) -> Vec<Piece> {
    let solid: Vec<TokenWithSpan> = tokens
        .into_iter()
        .filter(|token| !matches!(token.token, Token::Whitespace(_) | Token::EOF))
        .collect();
    let mut pieces = Vec::with_capacity(solid.len());
    let mut rest = solid.into_iter().peekable();
    while let Some(TokenWithSpan { token, span }) = rest.next() {
        let bytes = lines.byte(span.start)..lines.byte(span.end);
        let token = settled(token, rest.peek().map(|next| &next.token), names);
        pieces.push(Piece { token, place: span, span: bytes });
    }
    pieces
}

fn bare_signs(pieces: &[Piece]) -> BTreeSet<usize> {
    let follows_in = |pair: &[Piece]| match pair {
        [Piece { token: Token::Word(word), .. }, sign] if word.keyword == Keyword::IN => {
            matches!(sign.token, Token::Placeholder(_)).then_some(sign.span.start)
        }
        _ => None,
    };
    pieces.windows(2).filter_map(follows_in).collect()
}
