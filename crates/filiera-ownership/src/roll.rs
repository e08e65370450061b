use std::sync::OnceLock;

use filiera_model::{End, Exact, Mark, Range};

use crate::ballot::{Ballot, Block};
use crate::lots::{Lot, greatest_fraction};
use crate::sum::Sum;
use crate::{Band, Party};

/// A ballot counted by class of share, so that what a coalition can cast is found from its own blocks and
/// the sums of all.
#[derive(Clone, Debug)]
pub(crate) struct Roll {
    classes: Vec<Class>,
    /// The shares of every owner with their class, sorted by owner.
    entries: Vec<(Party, u32, Band)>,
    /// What is not listed.
    rest: Option<(Range, Sum)>,
    /// What the least shares leave of the whole; nothing where no division is possible.
    room: Option<Exact>,
    /// Whether it is possible that nobody casts a vote.
    may_be_silent: bool,
    cap: Option<Exact>,
    /// What every owner casts alone; asked for with a cap only.
    alone: OnceLock<Alone>,
}

/// Blocks with the same votes.
#[derive(Clone, Debug)]
struct Class {
    weight: Range,
    suspended: Mark,
    /// Votes per share at their most, and at their least.
    most: Option<Exact>,
    least: Exact,
    all: Sum,
}

/// The blocks that a coalition has on a ballot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cast {
    /// By class.
    sums: Vec<(u32, Sum)>,
    /// What its owners cast at most and at least, each alone and up to the cap, where there is one.
    most_alone: Exact,
    least_alone: Exact,
}

/// What owners cast, each alone and up to the cap.
#[derive(Clone, Debug)]
struct Alone {
    /// Most and least, of the owners in their order.
    of: Vec<(Party, Exact, Exact)>,
    most: Exact,
    least: Exact,
    /// What is not listed may cast.
    hidden: Exact,
}

/// Who counts for the coalition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    Inside,
    Outside,
}

impl Roll {
    /// The blocks of a ballot, counted once.
    pub fn of(ballot: &Ballot) -> Self {
        let mut roll = Self {
            classes: Vec::new(),
            entries: Vec::with_capacity(ballot.blocks.len()),
            rest: ballot.rest.as_ref().map(|rest| (rest.weight.clone(), [&rest.share].into_iter().collect())),
            room: None,
            may_be_silent: ballot.may_be_silent(),
            cap: ballot.cap.clone(),
            alone: OnceLock::new(),
        };
        for block in &ballot.blocks {
            let class = roll.class(block);
            roll.entries.push((block.owner, class, block.share.clone()));
        }
        roll.entries.sort_by_key(|(owner, ..)| *owner);
        let sums = roll.classes.iter().map(|class| &class.all).chain(roll.rest.iter().map(|(_, sum)| sum));
        let (mut room, mut slack) = (Exact::one(), Exact::zero());
        for sum in sums {
            (room, slack) = (&room - &sum.least, &slack + &sum.slack);
        }
        roll.room = (!room.is_negative() && room <= slack).then_some(room);
        roll
    }

    /// The class of a block, with the block counted in it.
    fn class(&mut self, block: &Block) -> u32 {
        let same = |class: &Class| class.suspended == block.suspended && class.weight == block.weight;
        // Neighbours tend to have the same class.
        let last = self.entries.last().map(|(_, class, _)| *class as usize);
        let found = last.filter(|class| self.classes.get(*class).is_some_and(same));
        let class = found.or_else(|| self.classes.iter().position(same)).unwrap_or(self.classes.len());
        if class == self.classes.len() {
            self.classes.push(Class::of(block));
        }
        if let Some(known) = self.classes.get_mut(class) {
            known.all.add(&block.share);
        }
        class as u32
    }

    /// Takes what an owner has on the ballot into a coalition.
    pub fn add(&self, owner: Party, cast: &mut Cast) {
        self.add_shares(owner, cast);
        if let Some((most, least)) = self.cap.as_ref().and_then(|cap| self.alone(cap).get(owner)) {
            cast.most_alone += most;
            cast.least_alone += least;
        }
    }

    fn add_shares(&self, owner: Party, cast: &mut Cast) {
        let start = self.entries.partition_point(|(one, ..)| *one < owner);
        let own = self.entries.get(start..).unwrap_or_default();
        for (_, class, share) in own.iter().take_while(|(one, ..)| *one == owner) {
            cast.add(*class, share);
        }
    }

    /// The least part of the votes of a coalition; what is not listed is against it.
    pub fn least(&self, cast: &Cast) -> End {
        match &self.cap {
            Some(cap) => End::closed(self.capped_least(cap, cast)),
            None => self.uncapped_least(cast),
        }
    }

    /// The greatest part of the votes of a coalition, with what is not listed where told.
    pub fn most(&self, cast: &Cast, rest: bool) -> End {
        match &self.cap {
            Some(cap) => End::closed(self.capped_most(cap, cast, rest)),
            None => self.fraction(cast, For::Inside, rest),
        }
    }

    /// Whether every listed share has exactly so many votes.
    pub fn is_exact(&self) -> bool {
        self.classes.iter().all(|class| class.weight.is_exact() && class.suspended != Mark::Maybe)
    }

    fn uncapped_least(&self, cast: &Cast) -> End {
        if self.may_be_silent {
            return End::closed(Exact::zero());
        }
        let others = self.fraction(cast, For::Outside, true);
        End { value: others.value.map(|value| Exact::one() - value), open: others.open }
    }

    /// With a cap per holder, the holders inside counting as one: some statutes say so.
    fn capped_least(&self, cap: &Exact, cast: &Cast) -> Exact {
        let (together, alone) = (value(self.uncapped_least(cast)), self.alone(cap));
        let others = &(&alone.most - &cast.most_alone) + &alone.hidden;
        let others = others.min(Exact::one() - together.clone());
        over(together.min(cap.clone()), others)
    }

    /// With a cap per holder, each one inside counting for itself.
    fn capped_most(&self, cap: &Exact, cast: &Cast, rest: bool) -> Exact {
        let alone = self.alone(cap);
        let hidden = if rest { alone.hidden.clone() } else { Exact::zero() };
        over(&cast.most_alone + &hidden, &alone.least - &cast.least_alone)
    }

    fn alone(&self, cap: &Exact) -> &Alone {
        self.alone.get_or_init(|| {
            let own = |owner: Party| {
                let mut cast = Cast::default();
                self.add_shares(owner, &mut cast);
                let most = value(self.fraction(&cast, For::Inside, false)).min(cap.clone());
                (owner, most, value(self.uncapped_least(&cast)).min(cap.clone()))
            };
            let owners = self.entries.chunk_by(|a, b| a.0 == b.0).filter_map(<[_]>::first);
            let of: Vec<(Party, Exact, Exact)> = owners.map(|(owner, ..)| own(*owner)).collect();
            let most = of.iter().map(|(_, most, _)| most.clone()).sum();
            let least = of.iter().map(|(.., least)| least.clone()).sum();
            let hidden = value(self.fraction(&Cast::default(), For::Inside, true));
            Alone { of, most, least, hidden }
        })
    }

    /// The greatest part of the votes of those who count, over everything that is possible.
    fn fraction(&self, cast: &Cast, those: For, rest: bool) -> End {
        let mut lots: Vec<Lot<'_>> = Vec::with_capacity(2 * self.classes.len() + 1);
        let mut sums = cast.sums.iter().peekable();
        for (number, class) in (0u32..).zip(&self.classes) {
            let own = sums.next_if(|(of, _)| *of == number).map(|(_, sum)| sum);
            let (own, others) = match own {
                Some(own) => (own.clone(), class.all.without(own)),
                None => (Sum::default(), class.all.clone()),
            };
            let (inside, outside) = if those == For::Inside { (own, others) } else { (others, own) };
            lots.push(Lot { inside: true, votes: class.most.as_ref(), sum: inside });
            lots.push(Lot { inside: false, votes: Some(&class.least), sum: outside });
        }
        if let Some((weight, sum)) = &self.rest {
            let votes = if rest { weight.most.as_ref() } else { Some(&weight.least) };
            lots.push(Lot { inside: rest, votes, sum: sum.clone() });
        }
        greatest_fraction(&lots, self.room.as_ref())
    }
}

impl Class {
    /// The class of a block, nothing counted in it.
    fn of(block: &Block) -> Self {
        let suspended = block.suspended;
        let most = if suspended == Mark::Yes { Some(Exact::zero()) } else { block.weight.most.clone() };
        let least = if suspended == Mark::No { block.weight.least.clone() } else { Exact::zero() };
        Self { weight: block.weight.clone(), suspended, most, least, all: Sum::default() }
    }
}

impl Cast {
    fn add(&mut self, class: u32, share: &Band) {
        let place = self.sums.partition_point(|(one, _)| *one < class);
        if self.sums.get(place).is_none_or(|(one, _)| *one != class) {
            self.sums.insert(place, (class, Sum::default()));
        }
        if let Some((_, sum)) = self.sums.get_mut(place) {
            sum.add(share);
        }
    }
}

impl Alone {
    fn get(&self, owner: Party) -> Option<(&Exact, &Exact)> {
        let place = self.of.binary_search_by_key(&owner, |(one, ..)| *one).ok()?;
        self.of.get(place).map(|(_, most, least)| (most, least))
    }
}

/// `part / (part + others)`, and 0 of nothing.
fn over(part: Exact, others: Exact) -> Exact {
    let all = &part + &others;
    part.checked_div(&all).unwrap_or_default()
}

/// An end as a part of the votes.
fn value(end: End) -> Exact {
    end.value.unwrap_or_else(Exact::one)
}
