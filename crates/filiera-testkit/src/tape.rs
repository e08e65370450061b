/// Numbers that decide what a random thing is made of. The simplest thing comes from an empty tape, and
/// a smaller number never makes a wilder one.
pub struct Tape<'a> {
    left: std::slice::Iter<'a, u8>,
}

impl<'a> Tape<'a> {
    /// Starts at the first number.
    pub fn new(numbers: &'a [u8]) -> Self {
        Self { left: numbers.iter() }
    }

    /// One of `0..count`; 0 once the tape has run out.
    pub fn below(&mut self, count: usize) -> usize {
        let number = usize::from(self.left.next().copied().unwrap_or_default());
        if count == 0 { 0 } else { number % count }
    }

    /// True for one number in `count`, never at the end of the tape.
    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) + 1 == count
    }

    /// One of these; the first is the simplest.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let place = self.below(from.len());
        from.get(place).cloned()
    }
}
