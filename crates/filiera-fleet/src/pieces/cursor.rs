use std::slice::Iter;

use parquet::column::page::Page;

use super::bits::{AT_ONCE, unpack};
use super::pages::Pages;

/// So many numbers of one run are unpacked at a time, at most.
const STEP: usize = 512;

/// So many numbers are held at least: few enough for those of all columns to stay close to the processor.
const HELD: usize = 2048;

/// The numbers of some pages, taken from the first on.
pub(crate) struct Cursor<'p> {
    pages: &'p Pages,
    rest: Iter<'p, Page>,
    width: u32,
    hybrid: Hybrid<'p>,
    /// So many numbers of the page are still to come.
    in_page: usize,
    run: Run<'p>,
    /// What was unpacked and not taken yet stands between `start` and `end`.
    buffer: Vec<u32>,
    start: usize,
    end: usize,
}

/// Numbers as runs of one, or packed bit by bit.
struct Hybrid<'p> {
    bytes: &'p [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run<'p> {
    Same(u32, usize),
    Packed(&'p [u8], usize),
}

impl<'p> Cursor<'p> {
    pub(super) fn new(pages: &'p Pages) -> Self {
        Self {
            pages,
            rest: pages.iter(),
            width: 0,
            hybrid: Hybrid { bytes: &[] },
            in_page: 0,
            run: Run::Same(0, 0),
            buffer: Vec::new(),
            start: 0,
            end: 0,
        }
    }

    /// The next so many; nothing where the pages end before, or say something else.
    pub fn next(&mut self, count: usize) -> Option<&[u32]> {
        if self.end - self.start < count {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            let room = count.max(HELD) + STEP + AT_ONCE;
            if self.buffer.len() < room {
                self.buffer.resize(room, 0);
            }
            while self.end + STEP + AT_ONCE <= self.buffer.len() && self.more().is_some() {}
            if self.end < count {
                return None;
            }
        }
        let start = self.start;
        self.start += count;
        self.buffer.get(start..start + count)
    }

    /// The next number, and how often it stands there at least.
    pub(super) fn next_run(&mut self) -> Option<(u32, usize)> {
        if self.start < self.end {
            return Some((*self.next(1)?.first()?, 1));
        }
        self.find_run()?;
        match self.run {
            Run::Same(code, count) => {
                self.run = Run::Same(code, 0);
                self.in_page -= count;
                Some((code, count))
            }
            Run::Packed(..) => Some((*self.next(1)?.first()?, 1)),
        }
    }

    /// Unpacks some more.
    fn more(&mut self) -> Option<()> {
        self.find_run()?;
        let into = self.buffer.get_mut(self.end..)?;
        let done = match &mut self.run {
            Run::Same(code, count) => {
                let some = STEP.min(*count);
                into.get_mut(..some)?.fill(*code);
                *count -= some;
                some
            }
            Run::Packed(bytes, count) => {
                let some = STEP.min(*count);
                unpack(bytes, self.width, some, into)?;
                *count -= some;
                *bytes = bytes.get(some * self.width as usize / 8..)?;
                some
            }
        };
        self.end += done;
        self.in_page -= done;
        Some(())
    }

    /// Goes on to a run of which something is left.
    fn find_run(&mut self) -> Option<()> {
        while matches!(self.run, Run::Same(_, 0) | Run::Packed(_, 0)) {
            while self.in_page == 0 {
                let (count, width, bytes) = self.pages.values(self.rest.next()?)?;
                (self.in_page, self.width, self.hybrid) = (count, width, Hybrid { bytes });
            }
            self.run = self.hybrid.next(self.width, self.in_page)?;
        }
        Some(())
    }
}

impl<'p> Hybrid<'p> {
    /// The next run, of at most so many numbers; nothing where the bytes end or say something else.
    fn next(&mut self, width: u32, most: usize) -> Option<Run<'p>> {
        let header = self.header()?;
        let count = usize::try_from(header >> 1).ok()?;
        if header & 1 == 1 {
            let length = count.checked_mul(width as usize)?;
            // The last group may be cut short where its numbers are.
            let (packed, rest) = self.bytes.split_at(length.min(self.bytes.len()));
            self.bytes = rest;
            let count = count.checked_mul(8)?.min(most);
            return (count > 0).then_some(Run::Packed(packed, count));
        }
        let (value, rest) = self.bytes.split_at_checked(width.div_ceil(8) as usize)?;
        self.bytes = rest;
        let code = value.iter().rev().fold(0u32, |code, byte| (code << 8) | u32::from(*byte));
        (count > 0).then_some(Run::Same(code, count.min(most)))
    }

    /// A whole number in seven bits a byte, least first.
    fn header(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..63).step_by(7) {
            let (byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::bits::tests::packed;
    use super::*;

    #[test]
    fn runs_and_packed_groups_alternate() {
        // Five times 3, then a packed group of eight, of which six count.
        let group = packed(&[1, 2, 3, 4, 5, 6, 0, 0], 3);
        let bytes = [vec![10, 3, 3], group].concat();
        let mut hybrid = Hybrid { bytes: &bytes };
        assert!(matches!(hybrid.next(3, 11), Some(Run::Same(3, 5))));
        assert!(matches!(hybrid.next(3, 6), Some(Run::Packed(_, 6))));
        assert!(hybrid.next(3, 1).is_none());
    }
}
