use filiera_model::Exact;

use crate::{Band, Party};

/// Of every company its listed owners, each once, with the part each has of one whole: the capital,
/// or the votes.
///
/// What the listed parts leave of the whole belongs to owners who are not listed. Where the list is
/// complete, the parts add up to the whole if they can; if they cannot, the rest is a float that
/// belongs to nobody who is named anywhere.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    starts: Vec<u32>,
    /// Numbers of parties.
    owners: Vec<u32>,
    bands: Vec<Band>,
    state: Vec<State>,
}

/// What the parts are parts of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Metric {
    /// The capital.
    Equity,
    /// The votes that can be cast.
    Votes,
}

/// What is known of one company's list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Others may own the rest.
    #[default]
    Open,
    /// The listed parts are the whole.
    Complete,
    /// The list is complete and its parts cannot be the whole: the rest belongs to nobody who is named
    /// anywhere.
    Float,
    /// The listed parts cannot be true together: no answer for the company.
    Conflict,
}

impl Matrix {
    /// A matrix for so many parties from parts in any order; parts of one owner in one company add up.
    ///
    /// `is_complete` is asked for companies with owners. A list whose parts add up to more than the
    /// whole at least is in [`State::Conflict`]. What the sum makes impossible is cut off every band:
    /// 60 % of one owner leave at most 40 % to another.
    pub fn new(
        parties: usize,
        mut parts: Vec<(Party, Party, Band)>,
        is_complete: impl Fn(Party) -> bool,
    ) -> Self {
        parts.sort_by_key(|(company, owner, _)| (*company, *owner));
        let mut matrix = Self { starts: vec![0; parties + 1], ..Self::default() };
        matrix.state = vec![State::Open; parties];
        for company in parts.chunk_by(|a, b| a.0 == b.0) {
            matrix.add(company, &is_complete);
        }
        let mut end = 0;
        for start in &mut matrix.starts {
            end = end.max(*start);
            *start = end;
        }
        matrix
    }

    /// Adds one company's parts, sorted by owner.
    fn add(&mut self, parts: &[(Party, Party, Band)], is_complete: &impl Fn(Party) -> bool) {
        let Some((company, ..)) = parts.first() else { return };
        let first = self.bands.len();
        for one in parts.chunk_by(|a, b| a.1 == b.1) {
            let sum = one.iter().map(|(.., band)| band.clone()).reduce(|a, b| a.plus(&b));
            let Some((owner, band)) = one.first().map(|part| part.1).zip(sum) else { continue };
            self.owners.push(owner.0);
            self.bands.push(band);
        }
        let complete = is_complete(*company);
        let listed = self.bands.get_mut(first..).unwrap_or_default();
        let state = tighten(listed, complete);
        if let Some(slot) = self.state.get_mut(company.place()) {
            *slot = state;
        }
        if let Some(end) = self.starts.get_mut(company.place() + 1) {
            *end = self.bands.len() as u32;
        }
    }

    /// How many numbers parties have.
    pub fn len(&self) -> usize {
        self.state.len()
    }

    /// Whether there is no party.
    pub fn is_empty(&self) -> bool {
        self.state.is_empty()
    }

    /// The listed owners of a company, by number, with the part of each; empty for a conflict's
    /// caller to see: the parts of a company in conflict are as stated.
    pub fn owners_of(&self, company: Party) -> impl ExactSizeIterator<Item = (Party, &Band)> + Clone {
        let range = self.range(company);
        let owners = self.owners.get(range.clone()).unwrap_or_default();
        let bands = self.bands.get(range).unwrap_or_default();
        owners.iter().map(|owner| Party(*owner)).zip(bands)
    }

    /// The part of one owner in a company, when it is listed.
    pub fn part(&self, owner: Party, company: Party) -> Option<&Band> {
        let range = self.range(company);
        let place = self.owners.get(range.clone())?.binary_search(&owner.0).ok()?;
        self.bands.get(range.start + place)
    }

    /// What is known of a company's list.
    pub fn state(&self, company: Party) -> State {
        self.state.get(company.place()).copied().unwrap_or_default()
    }

    /// The part that is not listed: of unknown owners, or a float where the list is complete.
    pub fn unlisted(&self, company: Party) -> Band {
        if self.state(company) == State::Complete {
            return Band::point(Exact::zero());
        }
        let listed = self.owners_of(company).map(|(_, band)| band.clone()).reduce(|a, b| a.plus(&b));
        let listed = listed.unwrap_or_else(|| Band::point(Exact::zero()));
        rest(&listed)
    }

    /// Of every company where its owners start, and the owners: those that may have a part. Who is listed
    /// with 0 % must not tie companies into one core.
    pub(crate) fn graph(&self) -> (Vec<u32>, Vec<u32>) {
        let mut starts = vec![0];
        let mut owners = Vec::with_capacity(self.owners.len());
        for company in 0..self.len() as u32 {
            let holding = self.owners_of(Party(company)).filter(|(_, band)| !band.is_nothing());
            owners.extend(holding.map(|(owner, _)| owner.0));
            starts.push(owners.len() as u32);
        }
        (starts, owners)
    }

    fn range(&self, company: Party) -> std::ops::Range<usize> {
        let at = |place: usize| self.starts.get(place).copied().unwrap_or(0) as usize;
        at(company.place())..at(company.place() + 1)
    }
}

/// What a part leaves of the whole, never below 0.
fn rest(part: &Band) -> Band {
    let left = |value: &Exact| Exact::one() - value.clone();
    let (least, least_open) = (left(&part.most), part.most_open);
    let (most, most_open) = (left(&part.least), part.least_open);
    if least.is_negative() {
        return Band { least: Exact::zero(), least_open: false, most, most_open };
    }
    Band { least, least_open, most, most_open }
}

/// Cuts off every band what the sum makes impossible; nothing where no values add up.
fn tighten(bands: &mut [Band], complete: bool) -> State {
    let one = Exact::one();
    let all = bands.iter().fold(Band::point(Exact::zero()), |sum, band| sum.plus(band));
    if all.least > one || (all.least == one && all.least_open) {
        return State::Conflict;
    }
    let whole = all.most > one || (all.most == one && !all.most_open);
    let state = match (complete, whole) {
        (false, _) => State::Open,
        (true, true) => State::Complete,
        (true, false) => State::Float,
    };
    let open_below = bands.iter().filter(|band| band.least_open).count();
    let open_above = bands.iter().filter(|band| band.most_open).count();
    for band in bands {
        let room = &one - &(&all.least - &band.least);
        let room_open = open_below > usize::from(band.least_open);
        let floor = &one - &(&all.most - &band.most);
        let floor_open = open_above > usize::from(band.most_open);
        let mut cut = band.meet(&Band { most: room, most_open: room_open, ..Band::anything() });
        if state == State::Complete && !floor.is_negative() {
            cut = cut.meet(&Band { least: floor, least_open: floor_open, ..Band::anything() });
        }
        *band = cut;
    }
    state
}
