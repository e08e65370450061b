use filiera_engine::Takes;

/// What the rows of a vehicle that wait for one paper are to one condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// How many they are.
    pub rows: u32,
    /// How many of them it moves.
    pub moved: u32,
    /// How many of those go by themselves, not together with others.
    pub alone: u32,
    /// Of how many of those it may make anything between two ends.
    pub between: u32,
    /// Of how many of those nobody tells.
    pub untold: u32,
    /// How far apart least and most of marked weight are.
    pub marked: i64,
    /// And of the rest.
    pub rest: i64,
}

/// The papers that a vehicle waits for now, condition by condition.
#[derive(Clone, Debug, Default)]
pub(crate) struct Here {
    /// By number.
    pub papers: Vec<u32>,
    /// Of each paper as many as there are conditions.
    pub parts: Vec<Part>,
}

impl Part {
    /// One row that adds these sums, in the order of lanes.
    pub fn of(takes: Takes, sums: &[i128]) -> Self {
        let is = |is: bool| u32::from(is);
        let apart = |least: usize, most: usize| {
            let (least, most) = sums.get(least).zip(sums.get(most))?;
            i64::try_from(most.checked_sub(*least)?).ok()
        };
        let moved = Self { rows: 1, moved: 1, ..Self::default() };
        let ends = apart(0, 2).zip(apart(3, 1)).filter(|_| takes != Takes::Untold);
        match (takes, ends) {
            (Takes::Nothing, _) => Self { moved: 0, ..moved },
            (_, Some((marked, rest))) => Self {
                alone: is(takes != Takes::EndsTogether),
                between: is(takes == Takes::Between),
                marked,
                rest,
                ..moved
            },
            (_, None) => Self { untold: 1, ..moved },
        }
    }

    /// The same where nobody tells what the paper makes of it.
    pub fn not_told(&self) -> Self {
        Self { untold: self.moved, ..*self }
    }

    fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.moved += other.moved;
        self.alone += other.alone;
        self.between += other.between;
        self.untold += other.untold;
        self.weigh(self.marked.checked_add(other.marked), self.rest.checked_add(other.rest));
    }

    /// Takes rows away that were added before.
    fn take(&mut self, other: &Self) {
        self.rows = self.rows.saturating_sub(other.rows);
        self.moved = self.moved.saturating_sub(other.moved);
        self.alone = self.alone.saturating_sub(other.alone);
        self.between = self.between.saturating_sub(other.between);
        self.untold = self.untold.saturating_sub(other.untold);
        self.weigh(self.marked.checked_sub(other.marked), self.rest.checked_sub(other.rest));
    }

    /// What is too large for a word is not told.
    fn weigh(&mut self, marked: Option<i64>, rest: Option<i64>) {
        match marked.zip(rest) {
            Some((marked, rest)) => (self.marked, self.rest) = (marked, rest),
            None => self.untold = u32::MAX / 2,
        }
    }

    /// Counts in units that are so many times as fine.
    fn rescale(&mut self, factor: i64) {
        self.weigh(self.marked.checked_mul(factor), self.rest.checked_mul(factor));
    }

    /// Whether it is told what the paper makes of all of them together.
    pub fn is_told(&self) -> bool {
        self.untold == 0 && (self.alone == 0 || self.moved == 1)
    }
}

impl Here {
    pub fn clear(&mut self) {
        self.papers.clear();
        self.parts.clear();
    }

    /// One more row waits for the paper.
    pub fn add(&mut self, paper: u32, parts: &[Part]) {
        match self.papers.iter().position(|known| *known == paper) {
            Some(place) => {
                self.of(place, parts.len()).iter_mut().zip(parts).for_each(|(own, part)| own.add(part))
            }
            None => {
                self.papers.push(paper);
                self.parts.extend_from_slice(parts);
            }
        }
    }

    /// One row fewer does.
    pub fn take(&mut self, paper: u32, parts: &[Part]) {
        let Some(place) = self.papers.iter().position(|known| *known == paper) else { return };
        let width = parts.len();
        let own = self.of(place, width);
        own.iter_mut().zip(parts).for_each(|(own, part)| own.take(part));
        if own.iter().any(|part| part.rows > 0) {
            return;
        }
        self.papers.swap_remove(place);
        let last = self.parts.len().saturating_sub(width);
        self.parts.copy_within(last.., place * width);
        self.parts.truncate(last);
    }

    /// All rows of others, whose papers have these numbers here.
    pub fn merge(&mut self, others: &Self, number: impl Fn(u32) -> u32, conditions: usize) {
        for (paper, parts) in others.papers.iter().zip(others.parts.chunks(conditions.max(1))) {
            self.add(number(*paper), parts);
        }
    }

    /// Counts in finer units, by condition so many times as fine.
    pub fn rescale(&mut self, factors: &[i64]) {
        for parts in self.parts.chunks_mut(factors.len().max(1)) {
            parts
                .iter_mut()
                .zip(factors)
                .filter(|(_, factor)| **factor != 1)
                .for_each(|(part, factor)| part.rescale(*factor));
        }
    }

    fn of(&mut self, place: usize, width: usize) -> &mut [Part] {
        self.parts.get_mut(place * width..(place + 1) * width).unwrap_or_default()
    }
}
