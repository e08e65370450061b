use std::ops::Range;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::pieces::Piece;
use crate::PredicateFault;

/// How deep operators and parentheses may be nested. Trees are walked by recursion, by us and by
/// the libraries, so their depth must be bounded before the first one is built. The parser takes up
/// to 70 KiB a level without optimisation, and a thread has 2 MiB.
const DEEPEST: usize = 16;

/// How many conditions may be joined: a chain of them is a deep tree when it comes from the parser.
const MOST_JOINED: usize = 1000;

pub(super) fn too_deep(span: Range<usize>) -> PredicateFault {
    let help = "take parentheses away, or split it; alternatives are written `x IN (…)`";
    let message = "the condition is nested too deeply, or calculates too long in a row";
    PredicateFault::new(span, message).help(help)
}

/// One level of parentheses while it is read.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Operators since the last comma, the last AND or OR included: each may hold the one before.
    operators: usize,
    /// The deepest group in parentheses since then.
    group: usize,
    /// The deepest stretch between ANDs, ORs and commas so far.
    deepest: usize,
}

impl Level {
    /// A new stretch starts, inside of `operators`: what an AND or OR joins stands below it.
    fn close_stretch(&mut self, operators: usize) {
        self.deepest = self.depth();
        self.operators = operators;
        self.group = 0;
    }

    fn depth(&self) -> usize {
        self.deepest.max(self.operators.saturating_add(self.group))
    }
}

/// The fault of a text whose tree would be too deep, found without building it.
pub(super) fn check(pieces: &[Piece], whole: Range<usize>) -> Option<PredicateFault> {
    let mut depth = Depth::default();
    let mut joined = 0usize;
    for piece in pieces {
        let weight = weight(&piece.token);
        joined = joined.saturating_add(usize::from(matches!(weight, Weight::Join)));
        depth.add(&weight);
        if depth.now() > DEEPEST {
            return Some(too_deep(piece.span.clone()));
        }
    }
    (joined > MOST_JOINED).then(|| {
        let message = format!("{joined} ANDs and ORs are more than the {MOST_JOINED} that fit");
        PredicateFault::new(whole, message).help("write alternatives as `x IN (…)` or as a parameter")
    })
}

/// The depth of the tree that the tokens read so far make.
#[derive(Default)]
struct Depth {
    open: Vec<Level>,
    /// What the open levels add to the depth of what is inside of them.
    above: usize,
    level: Level,
}

impl Depth {
    fn add(&mut self, weight: &Weight) {
        match weight {
            Weight::Open => {
                self.above = self.above.saturating_add(self.level.operators).saturating_add(1);
                self.open.push(std::mem::take(&mut self.level));
            }
            Weight::Close => {
                let inner = self.level.depth().saturating_add(1);
                self.level = self.open.pop().unwrap_or_default();
                self.above = self.above.saturating_sub(self.level.operators).saturating_sub(1);
                self.level.group = self.level.group.max(inner);
            }
            Weight::Join => self.level.close_stretch(1),
            Weight::Comma => self.level.close_stretch(0),
            Weight::Operator => self.level.operators = self.level.operators.saturating_add(1),
            Weight::Nothing => {}
        }
    }

    fn now(&self) -> usize {
        self.above.saturating_add(self.level.depth())
    }
}

enum Weight {
    Open,
    Close,
    Join,
    Comma,
    Operator,
    Nothing,
}

fn weight(token: &Token) -> Weight {
    match token {
        Token::Word(word) if matches!(word.keyword, Keyword::TRUE | Keyword::FALSE) => Weight::Nothing,
        Token::LParen => Weight::Open,
        Token::RParen => Weight::Close,
        Token::Comma => Weight::Comma,
        Token::Word(word) if matches!(word.keyword, Keyword::AND | Keyword::OR) => Weight::Join,
        Token::Word(word) if word.keyword == Keyword::NoKeyword => Weight::Nothing,
        Token::Number(..) | Token::SingleQuotedString(_) | Token::Placeholder(_) => Weight::Nothing,
        _ => Weight::Operator,
    }
}
