use filiera_model::Verdict;
use unicode_width::UnicodeWidthStr;

use super::TextOptions;
use crate::clean::clean;
use crate::number::count;
use crate::words::glyph;

/// Text being written: knows the width, the colours and the signs the terminal has.
pub(super) struct Pen<'a> {
    pub(super) options: &'a TextOptions,
    text: String,
}

/// What a stretch of text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Title,
    Dim,
    Alarm,
    Of(Verdict),
}

impl Tone {
    fn sequence(self) -> &'static str {
        match self {
            Self::Title => "\u{1b}[1m",
            Self::Dim | Self::Of(Verdict::NotApplicable) => "\u{1b}[2m",
            Self::Alarm => "\u{1b}[1;33m",
            Self::Of(Verdict::Met) => "\u{1b}[32m",
            Self::Of(Verdict::NotMet) => "\u{1b}[31m",
            Self::Of(Verdict::Undetermined) => "\u{1b}[33m",
        }
    }
}

impl<'a> Pen<'a> {
    pub(super) fn new(options: &'a TextOptions) -> Self {
        Self { options, text: String::new() }
    }

    /// The text written so far, with one line end at its end.
    pub(super) fn finish(mut self) -> String {
        while self.text.ends_with("\n\n") {
            self.text.pop();
        }
        self.text
    }

    /// How many entries of a list are shown: `usual`, or all where more is asked for.
    pub(super) fn shown(&self, usual: usize) -> usize {
        if self.options.verbose { usize::MAX } else { usual }
    }

    /// Says how many of `all` entries were left out, if any were.
    pub(super) fn more(&mut self, indent: &str, all: usize, usual: usize) {
        let left = all.saturating_sub(self.shown(usual));
        if left > 0 {
            self.wrapped(indent, &format!("… and {} more (--verbose lists them)", count(left as u64)));
        }
    }

    pub(super) fn width(&self) -> usize {
        self.options.width.max(20)
    }

    /// `text` without characters that act, and in ASCII where the terminal has nothing else.
    pub(super) fn say(&self, text: &str) -> String {
        let text = clean(text);
        if self.options.unicode { text } else { text.chars().map(in_ascii).collect() }
    }

    /// `text` in its colour; the text must have been said.
    pub(super) fn paint(&self, tone: Tone, text: &str) -> String {
        if self.options.colour { format!("{}{text}\u{1b}[0m", tone.sequence()) } else { text.to_owned() }
    }

    /// `text`, said, followed by spaces up to `width` columns.
    pub(super) fn pad(&self, text: &str, width: usize) -> String {
        let text = self.say(text);
        let spaces = width.saturating_sub(text.width());
        text + &" ".repeat(spaces)
    }

    /// `text`, said, preceded by spaces up to `width` columns.
    pub(super) fn pad_left(&self, text: &str, width: usize) -> String {
        let text = self.say(text);
        " ".repeat(width.saturating_sub(text.width())) + &text
    }

    /// `✓ met` and the like, in colour, filled to `width` columns.
    pub(super) fn verdict(&self, verdict: Verdict, width: usize) -> String {
        let word = self.pad(&format!("{} {verdict}", glyph(verdict)), width);
        self.paint(Tone::Of(verdict), &word)
    }

    /// Ends the line with `text`, which must have been said; it may hold colours.
    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    pub(super) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    pub(super) fn heading(&mut self, text: &str) {
        self.blank();
        self.toned(Some(Tone::Title), "", text);
    }

    /// `text` on as many lines as it needs: the first begins with `first`, the others with as many
    /// spaces.
    pub(super) fn wrapped(&mut self, first: &str, text: &str) {
        self.toned(None, first, text);
    }

    /// As [`Pen::wrapped`], each line in one colour.
    pub(super) fn toned(&mut self, tone: Option<Tone>, first: &str, text: &str) {
        let first = self.say(first);
        let indent = " ".repeat(first.width());
        let room = self.width().saturating_sub(indent.len()).max(10);
        for (place, line) in broken(&self.say(text), room).into_iter().enumerate() {
            let line = tone.map_or_else(|| line.clone(), |tone| self.paint(tone, &line));
            let start = if place == 0 { &first } else { &indent };
            let whole = format!("{start}{line}");
            self.line(&whole);
        }
    }
}

/// The lines of `text`, broken between words to `room` columns; a longer word has a line of its
/// own, unbroken, so that it can be copied.
pub(super) fn broken(text: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let width = word.width();
        if used > 0 && used + 1 + width > room {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += width;
    }
    lines.push(line);
    lines
}

/// The nearest ASCII for the signs that filiera itself writes; other characters stay.
fn in_ascii(c: char) -> String {
    let sign = match c {
        '–' | '—' | '·' | '−' => "-",
        '…' => "...",
        '≥' => ">=",
        '≤' => "<=",
        '→' => "->",
        '×' => "x",
        '✓' => "+",
        '✗' => "x",
        other => return other.to_string(),
    };
    sign.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_never_inside() {
        assert_eq!(broken("one two three", 7), ["one two", "three"]);
        assert_eq!(broken("abcdefghij k", 4), ["abcdefghij", "k"]);
        assert_eq!(broken("", 4), [""]);
        assert_eq!(broken("汽车 汽车", 8), ["汽车", "汽车"]);
    }

    #[test]
    fn without_unicode_only_ascii_is_our_own() {
        let options = TextOptions { unicode: false, ..TextOptions::default() };
        let pen = Pen::new(&options);
        assert_eq!(pen.say("≥ 45 % – ✓ met…"), ">= 45 % - + met...");
        assert_eq!(pen.pad("≥", 4), ">=  ");
    }
}
