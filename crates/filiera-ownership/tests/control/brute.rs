//! The slow twin: what could be the case, one state of affairs after the other, and the plain rule in
//! each of them, in whole numbers.

use std::collections::BTreeSet;

use crate::draft::{Draft, Row};

/// A whole, in parts. An open end is one part inside.
pub const WHOLE: i64 = 100_000;

/// One row of `interests`; owners and companies by number.
#[derive(Clone, Debug)]
pub struct Holding {
    pub owner: usize,
    pub least: i64,
    pub most: i64,
    pub least_open: bool,
    pub most_open: bool,
    /// Votes per share; nothing: not stated, for a class of its own.
    pub votes: Option<i64>,
    /// Stated as a part of the votes.
    pub is_votes: bool,
    pub treasury: bool,
}

/// One company.
#[derive(Clone, Debug, Default)]
pub struct Company {
    pub rows: Vec<Holding>,
    pub complete: bool,
    pub seats: Vec<Option<usize>>,
    /// Whether these are all seats.
    pub all_seats: bool,
}

/// A register: the first parties are the companies.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub companies: Vec<Company>,
    pub parties: usize,
    pub pacts: Vec<Vec<usize>>,
}

/// The votes of one company in one state of affairs.
#[derive(Clone, Debug)]
pub struct State {
    /// Holder and votes (share times votes per share); suspended ones not yet taken out.
    pub votes: Vec<(usize, i64)>,
    /// What is not listed, by who holds it.
    pub rest: (usize, i64),
    pub seats: Vec<usize>,
    /// How many of them are not listed: the last.
    pub unlisted: usize,
}

pub fn id(party: usize, companies: usize) -> String {
    if party < companies { format!("C{party}") } else { format!("P{}", party - companies) }
}

impl World {
    pub fn id(&self, party: usize) -> String {
        id(party, self.companies.len())
    }

    /// Somebody who is not named, of one company.
    pub fn outsider(&self, company: usize) -> usize {
        self.parties + company
    }

    /// The same as tables.
    pub fn draft(&self) -> Draft {
        let mut draft = Draft::default();
        let (mut complete, mut boards) = (Vec::new(), Vec::new());
        for (number, company) in self.companies.iter().enumerate() {
            if company.complete {
                complete.push(self.id(number));
            }
            if company.all_seats {
                boards.push(self.id(number));
            }
            for row in &company.rows {
                draft.rows.push(self.row(number, row));
            }
            for (seat, by) in company.seats.iter().enumerate() {
                let by = by.map(|by| self.id(by));
                draft = draft.seat(&self.id(number), &seat.to_string(), by.as_deref());
            }
        }
        for pact in &self.pacts {
            let ids: Vec<String> = pact.iter().map(|member| self.id(*member)).collect();
            draft = draft.pact(&ids.iter().map(String::as_str).collect::<Vec<_>>());
        }
        for party in 0..self.parties {
            draft = draft.company(&self.id(party), None, None, None);
        }
        draft.complete = Some(Some(complete));
        draft.boards = Some(Some(boards));
        draft
    }

    fn row(&self, company: usize, row: &Holding) -> Row {
        let share = |parts: i64| Some(format!("{parts}/{WHOLE}"));
        Row {
            owner: self.id(row.owner),
            company: self.id(company),
            kind: Some(if row.is_votes { "votes" } else { "shares" }),
            class: (!row.is_votes)
                .then(|| row.votes.map_or("unknown".to_owned(), |votes| format!("{votes} votes"))),
            votes_per_share: row.votes.filter(|_| !row.is_votes).map(|votes| votes.to_string()),
            min: share(row.least),
            max: share(row.most),
            min_open: Some(row.least_open),
            max_open: Some(row.most_open),
            treasury: Some(row.treasury),
            ..Row::default()
        }
    }
}

/// One number that has to be chosen: whose, its limits, and the votes per share.
struct Choice {
    owner: usize,
    least: i64,
    most: i64,
    votes: Vec<i64>,
}

impl Company {
    fn has_stated_votes(&self) -> bool {
        self.rows.iter().any(|row| row.is_votes)
    }

    /// Whether the parts of the capital can be true together: votes stated beside them do not mend them.
    fn can_be(&self) -> bool {
        let least = |row: &Holding| row.least + i64::from(row.least_open);
        self.rows.iter().filter(|row| !row.is_votes).map(least).sum::<i64>() <= WHOLE
    }

    fn choices(&self, number: usize) -> Vec<Choice> {
        let limits =
            |row: &Holding| (row.least + i64::from(row.least_open), row.most - i64::from(row.most_open));
        let silent = |row: &Holding| row.treasury || row.owner == number;
        let stated: Vec<&Holding> = self.rows.iter().filter(|row| row.is_votes).collect();
        let choice = |row: &Holding, votes: Vec<i64>| {
            let (least, most) = limits(row);
            let votes = if silent(row) { vec![0] } else { votes };
            Choice { owner: row.owner, least, most, votes }
        };
        if !self.has_stated_votes() {
            // One class of which no votes are stated has one each.
            let one = self.rows.iter().all(|row| row.votes.is_none());
            let unknown = if one { vec![1] } else { vec![0, 1, 3, 50] };
            return self
                .rows
                .iter()
                .map(|row| choice(row, row.votes.map_or(unknown.clone(), |v| vec![v])))
                .collect();
        }
        let mut choices: Vec<Choice> = stated.iter().map(|row| choice(row, vec![1])).collect();
        for row in self.rows.iter().filter(|row| !row.is_votes && !silent(row) && row.votes != Some(0)) {
            if row.most > 0 && !stated.iter().any(|other| other.owner == row.owner) {
                choices.push(Choice { owner: row.owner, least: 0, most: WHOLE, votes: vec![1] });
            }
        }
        choices
    }

    fn rest_votes(&self) -> Vec<i64> {
        let stated = self.rows.iter().filter(|row| !row.is_votes).filter_map(|row| row.votes);
        let mut all: Vec<i64> = if self.has_stated_votes() { vec![1] } else { stated.chain([1]).collect() };
        all.sort_unstable();
        all.dedup();
        let (first, last) = (all[0], all[all.len() - 1]);
        if first == last { vec![first] } else { vec![first, last] }
    }

    /// Every division of the whole in which at most one number lies between its limits.
    fn corners(choices: &[Choice], rest: bool) -> Vec<Vec<i64>> {
        let mut limits: Vec<(i64, i64)> = choices.iter().map(|one| (one.least, one.most)).collect();
        limits.push((0, if rest { WHOLE } else { 0 }));
        let mut found = BTreeSet::new();
        for free in 0..limits.len() {
            for ends in 0..1u32 << limits.len() {
                if ends >> free & 1 == 1 {
                    continue;
                }
                let mut shares: Vec<i64> = limits
                    .iter()
                    .enumerate()
                    .map(|(place, (least, most))| if ends >> place & 1 == 1 { *most } else { *least })
                    .collect();
                shares[free] += WHOLE - shares.iter().sum::<i64>();
                if (limits[free].0..=limits[free].1).contains(&shares[free]) {
                    found.insert(shares);
                }
            }
        }
        found.into_iter().collect()
    }

    /// Every corner of what can be the case in a company, and points between two of them; what is not
    /// listed goes to one of `takers`, and what nobody is named for on the board to anybody. Seats that are
    /// not listed are more than the others, and all of one who appoints a listed one or of nobody. None
    /// where the statements cannot be true together.
    pub fn states(&self, number: usize, outsider: usize, takers: &[usize]) -> Vec<State> {
        if !self.can_be() {
            return Vec::new();
        }
        let choices = self.choices(number);
        let most: i64 = choices.iter().map(|one| one.most).sum();
        let has_rest = !self.complete || most < WHOLE;
        let rest_takers = if self.complete { vec![outsider] } else { takers.to_vec() };
        let mut shares = Self::corners(&choices, has_rest);
        for place in 1..shares.len().min(6) {
            let middle =
                shares[place].iter().zip(&shares[place - 1]).map(|(a, b)| (a + b) / 2).collect::<Vec<_>>();
            if middle.iter().sum::<i64>() == WHOLE {
                shares.push(middle);
            }
        }
        let mut states = Vec::new();
        for shares in &shares {
            let rest = shares[choices.len()];
            for weights in weightings(&choices) {
                for rest_votes in self.rest_votes() {
                    for taker in &rest_takers {
                        for chair in self.chairs(outsider - number, outsider) {
                            let votes = choices.iter().zip(shares).zip(&weights);
                            let votes =
                                votes.map(|((one, share), votes)| (one.owner, share * votes)).collect();
                            let votes: Vec<(usize, i64)> = votes;
                            for (seats, unlisted) in self.boards(chair, outsider) {
                                let (votes, rest) = (votes.clone(), (*taker, rest * rest_votes));
                                states.push(State { votes, rest, seats, unlisted });
                            }
                        }
                    }
                    if rest == 0 {
                        break;
                    }
                }
            }
        }
        states
    }

    /// The seats, and how many of them are not listed.
    fn boards(&self, chair: usize, outsider: usize) -> Vec<(Vec<usize>, usize)> {
        let listed: Vec<usize> = self.seats.iter().map(|by| by.unwrap_or(chair)).collect();
        let mut boards = vec![(listed.clone(), 0)];
        if self.all_seats || listed.is_empty() {
            return boards;
        }
        let mut takers = BTreeSet::from([outsider]);
        takers.extend(listed.iter().copied().filter(|_| !self.complete));
        let others = listed.len() + 1;
        boards.extend(takers.into_iter().map(|taker| {
            let seats = listed.iter().copied().chain(std::iter::repeat_n(taker, others)).collect();
            (seats, others)
        }));
        boards
    }

    /// Who may have appointed the seats for which nobody is named: any party, or an outsider.
    fn chairs(&self, parties: usize, outsider: usize) -> Vec<usize> {
        let some = self.seats.iter().any(Option::is_none);
        if some { (0..parties).chain([outsider]).collect() } else { vec![outsider] }
    }

    /// Whether anything is left to be chosen that the bounds treat as independent and is not.
    pub fn is_simple(&self) -> bool {
        self.rows.iter().all(|row| row.votes.is_some() || row.is_votes)
    }
}

fn weightings(choices: &[Choice]) -> Vec<Vec<i64>> {
    let start = vec![Vec::new()];
    choices.iter().fold(start, |all, one| {
        let longer = all.iter().flat_map(|head| {
            one.votes.iter().map(move |votes| head.iter().copied().chain([*votes]).collect())
        });
        longer.collect()
    })
}

/// Which votes do not count: of a holder that the company controls and that does not control it.
pub fn suspended(states: &[&State], world: &World) -> BTreeSet<(usize, usize)> {
    // Seen without what nobody lists.
    let listed = |(number, state): (usize, &&State)| {
        let outsider = world.outsider(number);
        let listed = world.companies[number].seats.iter().map(|by| by.unwrap_or(outsider));
        let seats = listed.chain(std::iter::repeat_n(outsider, state.unlisted)).collect();
        State { rest: (outsider, state.rest.1), seats, votes: state.votes.clone(), unlisted: state.unlisted }
    };
    let open: Vec<State> = states.iter().enumerate().map(listed).collect();
    let open: Vec<&State> = open.iter().collect();
    let none = BTreeSet::new();
    let controlled: Vec<BTreeSet<usize>> =
        (0..world.companies.len()).map(|company| controlled(&open, &[company], &none)).collect();
    let mut suspended = BTreeSet::new();
    for (company, state) in states.iter().enumerate() {
        for (owner, _) in &state.votes {
            let up = controlled.get(*owner).is_some_and(|theirs| theirs.contains(&company));
            if controlled[company].contains(owner) && !up {
                suspended.insert((company, *owner));
            }
        }
    }
    suspended
}

/// What a coalition controls: again and again over all companies until nothing is added.
pub fn controlled(
    states: &[&State],
    start: &[usize],
    suspended: &BTreeSet<(usize, usize)>,
) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    loop {
        let before = found.len();
        for (company, state) in states.iter().enumerate() {
            if start.contains(&company) || found.contains(&company) {
                continue;
            }
            let inside = |party: &usize| start.contains(party) || found.contains(party);
            let counted = state.votes.iter().filter(|(owner, _)| !suspended.contains(&(company, *owner)));
            let counted: Vec<(usize, i64)> = counted.copied().chain([state.rest]).collect();
            let all: i64 = counted.iter().map(|(_, votes)| votes).sum();
            let theirs: i64 = counted.iter().filter(|(owner, _)| inside(owner)).map(|(_, votes)| votes).sum();
            let seats = state.seats.iter().filter(|by| inside(by)).count();
            if 2 * theirs > all || 2 * seats > state.seats.len() {
                found.insert(company);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}
