/// A holder or a company of a register, by number.
///
/// Numbers follow the order of the ids, so nothing depends on the order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Party(pub(crate) u32);

impl Party {
    /// The number, from 0: an index for arrays with one entry per party.
    pub fn place(self) -> usize {
        self.0 as usize
    }

    /// The party with this number, for graphs that no register made.
    pub fn numbered(number: u32) -> Self {
        Self(number)
    }
}

/// The ids of all parties, sorted, and which of them are one and the same party.
#[derive(Debug, Default)]
pub(crate) struct Parties {
    ids: Vec<String>,
    /// Of every party the one it was merged into: itself, or the least of its group.
    kept: Vec<Party>,
}

impl Parties {
    /// All different ids, in any order.
    pub fn of(ids: impl Iterator<Item = String>) -> Self {
        let mut ids: Vec<String> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        let kept = (0..ids.len() as u32).map(Party).collect();
        Self { ids, kept }
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The number of the id itself, merged or not.
    pub fn own(&self, id: &str) -> Option<Party> {
        self.ids.binary_search_by(|one| one.as_str().cmp(id)).ok().map(|place| Party(place as u32))
    }

    /// The party that the id stands for.
    pub fn get(&self, id: &str) -> Option<Party> {
        self.own(id).map(|party| self.kept(party))
    }

    pub fn kept(&self, party: Party) -> Party {
        self.kept.get(party.place()).copied().unwrap_or(party)
    }

    pub fn id(&self, party: Party) -> &str {
        self.ids.get(party.place()).map_or("", String::as_str)
    }

    /// Every party that was not merged into another one, in the order of the ids.
    pub fn iter(&self) -> impl Iterator<Item = Party> {
        (0..self.ids.len() as u32).map(Party).filter(|party| self.kept(*party) == *party)
    }

    /// Makes one party of two; true when they were two.
    pub fn merge(&mut self, a: Party, b: Party) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        let (least, most) = (a.min(b), a.max(b));
        if let Some(slot) = self.kept.get_mut(most.place()) {
            *slot = least;
        }
        least != most
    }

    fn root(&self, mut party: Party) -> Party {
        // INVARIANT: a party points to a lower number or to itself, so the walk ends.
        while self.kept(party) != party {
            party = self.kept(party);
        }
        party
    }

    /// After the last merge: every party points straight to the one that was kept.
    pub fn settle(&mut self) {
        for place in 0..self.kept.len() as u32 {
            let kept = self.kept(self.kept(Party(place)));
            if let Some(slot) = self.kept.get_mut(place as usize) {
                *slot = kept;
            }
        }
    }
}
