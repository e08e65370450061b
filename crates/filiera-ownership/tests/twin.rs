//! Bounds held against brute force: random registers of up to eight companies with cycles and bands.

mod common;

use std::collections::BTreeSet;

use common::{Row, n, row_of, snapshot};
use filiera_model::{Bounds, Exact, Mark, Quality};
use filiera_ownership::{Band, Holder, Metric, Party, ShareBook, Snapshot, State};
use proptest::prelude::*;
use proptest::test_runner::TestRng;

const PEOPLE: usize = 3;

/// A register: companies `C0`…, then people; who holds which band of whom, in hundredths.
#[derive(Clone, Debug)]
struct Draft {
    companies: usize,
    stakes: Vec<(usize, usize, u8, u8)>,
    complete: Vec<bool>,
    marks: Vec<Mark>,
    unlisted: Mark,
}

fn mark() -> impl Strategy<Value = Mark> {
    prop_oneof![2 => Just(Mark::Yes), 5 => Just(Mark::No), 1 => Just(Mark::Maybe)]
}

fn draft(exact: bool) -> impl Strategy<Value = Draft> {
    (2usize..=8).prop_flat_map(move |companies| {
        let parties = companies + PEOPLE;
        let width = if exact { 0..=0u8 } else { 0..=70u8 };
        let size = prop_oneof![4 => 1u8..=60, 1 => Just(0u8), 1 => Just(50u8), 1 => Just(100u8)];
        let stake = (0..parties, 0..companies, size, width);
        (
            prop::collection::vec(stake, companies..=companies * 3),
            prop::collection::vec(any::<bool>(), companies),
            prop::collection::vec(mark(), parties),
            mark(),
        )
            .prop_map(move |(stakes, complete, marks, unlisted)| {
                let stakes =
                    stakes.into_iter().map(|(o, c, least, width)| (o, c, least, 100.min(least + width)));
                Draft { companies, stakes: feasible(stakes), complete, marks, unlisted }
            })
    })
}

/// Each pair once, and no company whose least parts are above the whole.
fn feasible(stakes: impl Iterator<Item = (usize, usize, u8, u8)>) -> Vec<(usize, usize, u8, u8)> {
    let mut pairs = BTreeSet::new();
    let mut sums = [0u32; 16];
    let mut kept = Vec::new();
    for (owner, company, least, most) in stakes {
        if sums[company] + u32::from(least) <= 100 && pairs.insert((owner, company)) {
            sums[company] += u32::from(least);
            kept.push((owner, company, least, most));
        }
    }
    kept
}

fn name(party: usize, companies: usize) -> String {
    if party < companies { format!("C{party}") } else { format!("P{}", party - companies) }
}

fn hundredths(value: u8) -> Exact {
    Exact::ratio(value, 100).unwrap()
}

impl Draft {
    fn rows(&self) -> Vec<Row> {
        let row = |(owner, company, least, most): &(usize, usize, u8, u8)| {
            let band = Band::between(hundredths(*least), hundredths(*most));
            row_of(&name(*owner, self.companies), &name(*company, self.companies), &band)
        };
        self.stakes.iter().map(row).collect()
    }

    fn snapshot(&self) -> Snapshot {
        let names: Vec<String> = (0..self.companies)
            .filter(|one| self.complete[*one])
            .map(|one| name(one, self.companies))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        snapshot(&common::complete(&self.rows(), &names))
    }

    fn parties(&self) -> usize {
        self.companies + PEOPLE
    }

    fn mark(&self, snapshot: &Snapshot, party: Party) -> Mark {
        let id = snapshot.register().name(party);
        let place = (0..self.parties()).find(|one| name(*one, self.companies) == id).unwrap();
        self.marks[place]
    }
}

/// One completion: of every company the parts of all parties; what they leave is not listed.
type Shares = Vec<Vec<f64>>;

struct Twin<'a> {
    draft: &'a Draft,
    /// Of every company owner, least and most part.
    bands: Vec<Vec<(usize, f64, f64)>>,
    /// Whether the parts are the whole.
    whole: Vec<bool>,
}

impl<'a> Twin<'a> {
    fn of(draft: &'a Draft) -> Self {
        let mut bands = vec![Vec::new(); draft.companies];
        for (owner, company, least, most) in &draft.stakes {
            bands[*company].push((*owner, f64::from(*least) / 100.0, f64::from(*most) / 100.0));
        }
        let sum = |bands: &Vec<(usize, f64, f64)>| bands.iter().map(|band| band.2).sum::<f64>();
        let whole = bands
            .iter()
            .zip(&draft.complete)
            .map(|(bands, complete)| *complete && sum(bands) > 1.0 - 1e-9)
            .collect();
        Self { draft, bands, whole }
    }

    /// What of every company ends with the set, by plain elimination; 0 where nothing can.
    fn reach(&self, shares: &Shares, side: Mark) -> Vec<f64> {
        let counts = |mark: Mark| mark == Mark::Yes || (mark == Mark::Maybe && side == Mark::Maybe);
        let parties = self.draft.parties();
        let inside: Vec<bool> = self.draft.marks.iter().map(|mark| counts(*mark)).collect();
        // One equation per party: members of the set are 1, everybody else the mean of the owners.
        let mut rows = vec![vec![0.0; parties + 1]; parties];
        let mut own = rows.clone();
        for company in 0..self.draft.companies {
            let listed: f64 = shares[company].iter().sum();
            own[company][..parties].copy_from_slice(&shares[company]);
            let open = !self.draft.complete[company] && !self.bands[company].is_empty();
            // What rounding leaves of a whole would be a way out of a loop that has none.
            let rest = if 1.0 - listed > 1e-12 { 1.0 - listed } else { 0.0 };
            own[company][parties] = if open && counts(self.draft.unlisted) { rest } else { 0.0 };
        }
        for party in 0..parties {
            if inside[party] {
                rows[party][parties] = 1.0;
            } else {
                rows[party] = own[party].clone();
            }
        }
        let values = solve(&rows);
        let step =
            |row: &Vec<f64>| row[parties] + (0..parties).map(|one| row[one] * values[one]).sum::<f64>();
        (0..self.draft.companies).map(|company| step(&own[company])).collect()
    }

    /// A completion at random, often at the ends.
    fn sample(&self, random: &mut impl FnMut() -> f64) -> Shares {
        (0..self.draft.companies).map(|company| self.parts(company, random)).collect()
    }

    fn parts(&self, company: usize, random: &mut impl FnMut() -> f64) -> Vec<f64> {
        let mut parts = vec![0.0; self.draft.parties()];
        let mut left: Vec<(usize, f64, f64)> = self.bands[company].clone();
        let mut room = 1.0;
        while !left.is_empty() {
            let (owner, least, most) = left.swap_remove((random() * left.len() as f64) as usize);
            let others_least: f64 = left.iter().map(|band| band.1).sum();
            let others_most: f64 = left.iter().map(|band| band.2).sum();
            let low = if self.whole[company] { least.max(room - others_most) } else { least };
            let high = most.min(room - others_least).max(low);
            let at = (random() * 2.0 - 0.5).clamp(0.0, 1.0);
            let part = low + (high - low) * at;
            parts[owner] = part;
            room -= part;
        }
        parts
    }

    /// Every corner of what one company's parts can be.
    fn corners(&self, company: usize) -> Vec<Vec<f64>> {
        let bands = &self.bands[company];
        let mut corners: Vec<Vec<f64>> = Vec::new();
        // All but at most one owner stand at an end; the one takes what is left.
        for ends in 0..1usize << bands.len() {
            for free in 0..=bands.len() {
                let mut parts = vec![0.0; self.draft.parties()];
                let mut sum = 0.0;
                for (at, (owner, least, most)) in bands.iter().enumerate() {
                    parts[*owner] = if ends >> at & 1 == 1 { *most } else { *least };
                    sum += if at == free { 0.0 } else { parts[*owner] };
                }
                if let Some((owner, least, most)) = bands.get(free) {
                    parts[*owner] = 1.0 - sum;
                    if parts[*owner] < least - 1e-9 || parts[*owner] > most + 1e-9 {
                        continue;
                    }
                    sum = 1.0;
                }
                let feasible = if self.whole[company] { (sum - 1.0).abs() < 1e-9 } else { sum < 1.0 + 1e-9 };
                if feasible && !corners.contains(&parts) {
                    corners.push(parts);
                }
            }
        }
        corners
    }

    /// The best value of every company over all corners. Values jump where a loop closes, so that no
    /// change of one company alone leads there: the search starts from the corners that are best for
    /// values grown from nothing, too.
    fn best(&self, start: Shares, side: Mark, sign: f64) -> Vec<f64> {
        let better = |one: f64, other: f64| if sign > 0.0 { one.max(other) } else { one.min(other) };
        let ends = [self.grown(side, sign), start].map(|start| self.climbed(start, side, sign));
        ends[0].iter().zip(&ends[1]).map(|(one, other)| better(*one, *other)).collect()
    }

    /// The corner of every company that is best for the values, which start from nothing.
    fn grown(&self, side: Mark, sign: f64) -> Shares {
        let counts = |mark: Mark| mark == Mark::Yes || (mark == Mark::Maybe && side == Mark::Maybe);
        let corners: Vec<Vec<Vec<f64>>> =
            (0..self.draft.companies).map(|company| self.corners(company)).collect();
        let mut values: Vec<f64> =
            self.draft.marks.iter().map(|mark| f64::from(u8::from(counts(*mark)))).collect();
        let mut shares: Shares = corners.iter().map(|corners| corners[0].clone()).collect();
        for _ in 0..400 {
            let before = values.clone();
            for (company, corners) in corners.iter().enumerate() {
                let open = !self.draft.complete[company] && !self.bands[company].is_empty();
                let rest = f64::from(u8::from(open && counts(self.draft.unlisted)));
                let value = |parts: &Vec<f64>| -> f64 {
                    let listed: f64 = parts.iter().zip(&before).map(|(part, value)| part * value).sum();
                    listed + rest * (1.0 - parts.iter().sum::<f64>()).max(0.0)
                };
                let best = corners.iter().max_by(|a, b| (sign * value(a)).total_cmp(&(sign * value(b))));
                shares[company].clone_from(best.unwrap());
                if !counts(self.draft.marks[company]) {
                    values[company] = value(&shares[company]);
                }
            }
        }
        shares
    }

    /// Changes one company after the other as long as something is better for it.
    fn climbed(&self, start: Shares, side: Mark, sign: f64) -> Vec<f64> {
        let mut shares = start;
        let mut now = self.reach(&shares, side);
        loop {
            let before = now.clone();
            for company in 0..self.draft.companies {
                for corner in self.corners(company) {
                    let old = std::mem::replace(&mut shares[company], corner);
                    let next = self.reach(&shares, side);
                    let gain: f64 = next.iter().zip(&now).map(|(next, now)| (next - now) * sign).sum();
                    if gain > 1e-12 {
                        now = next;
                    } else {
                        shares[company] = old;
                    }
                }
            }
            if now == before {
                return now;
            }
        }
    }
}

/// The least solution of `x = P x + b` by Gauss, what reaches no constant set to 0.
fn solve(rows: &[Vec<f64>]) -> Vec<f64> {
    let size = rows.len();
    let mut lively: Vec<bool> = rows.iter().map(|row| row[size] > 0.0).collect();
    for _ in 0..size {
        let leads = |row: &Vec<f64>| (0..size).any(|one| row[one] > 0.0 && lively[one]);
        lively = rows.iter().zip(&lively).map(|(row, before)| *before || leads(row)).collect();
    }
    let mut system: Vec<Vec<f64>> = rows.to_vec();
    for (place, row) in system.iter_mut().enumerate() {
        for (one, factor) in row.iter_mut().enumerate().take(size) {
            *factor = f64::from(one == place) - if lively[place] && lively[one] { *factor } else { 0.0 };
        }
    }
    for pivot in 0..size {
        let best =
            (pivot..size).max_by(|a, b| system[*a][pivot].abs().total_cmp(&system[*b][pivot].abs())).unwrap();
        system.swap(pivot, best);
        let head = system[pivot].clone();
        for (row, other) in system.iter_mut().enumerate() {
            let factor = other[pivot] / head[pivot];
            if row != pivot && factor != 0.0 {
                other.iter_mut().zip(&head).for_each(|(cell, head)| *cell -= factor * head);
            }
        }
    }
    (0..size).map(|row| system[row][size] / system[row][row]).collect()
}

fn near(value: &Exact) -> f64 {
    value.to_decimal(15, filiera_model::Rounding::HalfUp).parse().unwrap()
}

fn ends(bounds: &Bounds) -> (f64, f64) {
    (near(bounds.lower.value.as_ref().unwrap()), near(bounds.upper.value.as_ref().unwrap()))
}

fn randomly(rng: &mut TestRng) -> impl FnMut() -> f64 {
    move || f64::from(rng.next_u32()) / (f64::from(u32::MAX) + 1.0)
}

fn check_bounds(
    draft: &Draft,
    samples: usize,
    random: &mut impl FnMut() -> f64,
) -> Result<(), TestCaseError> {
    let (snapshot, twin) = (draft.snapshot(), Twin::of(draft));
    let marks = |party| draft.mark(&snapshot, party);
    let all = snapshot.reach_all(Metric::Equity, &marks, draft.unlisted);
    let bounds: Vec<Option<(f64, f64)>> = (0..draft.companies)
        .map(|company| snapshot.register().party(&name(company, draft.companies)))
        .map(|party| party.map(|party| ends(&all[party.place()])))
        .collect();
    for (company, bounds) in bounds.iter().enumerate() {
        let Some(party) = snapshot.register().party(&name(company, draft.companies)) else { continue };
        let alone = snapshot.reach(party, Metric::Equity, &marks, draft.unlisted);
        prop_assert_eq!(alone.quality, Quality::Exact);
        prop_assert_eq!(Some(ends(&alone)), *bounds);
    }
    for _ in 0..samples {
        let shares = twin.sample(random);
        let (least, most) = (twin.reach(&shares, Mark::Yes), twin.reach(&shares, Mark::Maybe));
        for ((bounds, least), most) in bounds.iter().zip(least).zip(most) {
            let Some((lower, upper)) = bounds else { continue };
            prop_assert!(*lower < least + 1e-9 && most < upper + 1e-9, "{lower} {least} {most} {upper}");
        }
    }
    let least = twin.best(twin.sample(random), Mark::Yes, -1.0);
    let most = twin.best(twin.sample(random), Mark::Maybe, 1.0);
    for ((bounds, least), most) in bounds.iter().zip(least).zip(most) {
        let Some((lower, upper)) = bounds else { continue };
        prop_assert!(
            (lower - least).abs() < 1e-9 && (upper - most).abs() < 1e-9,
            "{lower} {least} {most} {upper}"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Ten thousand completions lie inside, and the best and worst of all corners touch the bounds.
    #[test]
    fn bounds_hold_every_completion_and_are_touched(draft in draft(false), mut rng in any::<u64>().prop_perturb(|_, rng| rng)) {
        check_bounds(&draft, 10_000, &mut randomly(&mut rng))?;
    }

    /// Points leave nothing open: the corrected definition as a matrix formula says the same.
    #[test]
    fn exact_holdings_follow_the_matrix_formula(draft in draft(true)) {
        let snapshot = draft.snapshot();
        let Some(inverse) = inverse(&draft) else { return Ok(()) };
        for company in 0..draft.companies {
            for (owner, row) in inverse.iter().enumerate() {
                let id = |party| snapshot.register().party(&name(party, draft.companies));
                let (Some(of), Some(by)) = (id(company), id(owner)) else { continue };
                let (walks, returns) = (&row[company], &row[owner]);
                let walks = if owner == company { walks - &Exact::one() } else { walks.clone() };
                let expected = Bounds::exactly(walks.checked_div(returns).unwrap());
                prop_assert_eq!(snapshot.holding(by, of).share, expected, "{} in {}", owner, company);
            }
        }
    }

    /// What ends somewhere adds up to the whole, whatever loops there are.
    #[test]
    fn ultimate_holdings_add_up_to_the_whole(draft in draft(true)) {
        let snapshot = draft.snapshot();
        for company in snapshot.companies() {
            let ends = snapshot.holdings_of(company).into_iter().filter(|holding| holding.ultimate);
            let sum: Exact = ends.map(|holding| holding.share.lower.value.unwrap()).sum();
            prop_assert_eq!(sum, Exact::one());
        }
    }

    /// The book of millions says of few what the snapshot says, closer than 10^-15.
    #[test]
    fn a_book_says_the_same(draft in draft(true)) {
        let snapshot = draft.snapshot();
        let book = ShareBook::of(snapshot.equity()).unwrap();
        let ultimates = book.ultimates(&book.components());
        for company in snapshot.companies() {
            let found: Vec<(Party, Bounds)> = ultimates.of(company).unwrap().collect();
            for holding in snapshot.holdings_of(company).into_iter().filter(|holding| holding.ultimate) {
                let Holder::Party(owner) = holding.owner else { continue };
                let exact = holding.share.lower.value.unwrap();
                let (_, bounds) = found.iter().find(|(one, _)| *one == owner).unwrap();
                let (lower, upper) = (bounds.lower.value.clone().unwrap(), bounds.upper.value.clone().unwrap());
                prop_assert!(lower <= exact && exact <= upper);
                prop_assert!(&upper - &lower < n("0.000000000000001"), "{} {}", lower, upper);
            }
        }
    }

    /// Majorities of a book against the plain definition.
    #[test]
    fn majorities_are_the_least_fixpoint(draft in draft(true)) {
        let snapshot = draft.snapshot();
        let book = ShareBook::of(snapshot.equity()).unwrap();
        let found = book.majorities(|_| true);
        for party in snapshot.register().parties() {
            let expected: Vec<Party> = controlled(&snapshot, party).into_iter().collect();
            prop_assert_eq!(found.of(party).collect::<Vec<_>>(), expected);
        }
    }
}

/// Adds companies in which the party and those it controls have more than half of the votes that can be
/// cast, until there is none.
fn controlled(snapshot: &Snapshot, party: Party) -> BTreeSet<Party> {
    let mut controlled: BTreeSet<Party> = BTreeSet::new();
    loop {
        let more = snapshot
            .companies()
            .filter(|company| *company != party && !controlled.contains(company))
            .find(|company| {
                let part = |owner: Party| {
                    snapshot.equity().part(owner, *company).map_or_else(Exact::zero, |b| b.least.clone())
                };
                let votes: Exact = controlled.iter().copied().chain([party]).map(part).sum();
                votes.clone() + votes > Exact::one() - part(*company)
            });
        match more {
            Some(company) => controlled.insert(company),
            None => return controlled,
        };
    }
}

/// `(I - W)^-1` with `W[owner][company]`, or nothing where companies own each other entirely.
fn inverse(draft: &Draft) -> Option<Vec<Vec<Exact>>> {
    let size = draft.parties();
    let mut left = vec![vec![Exact::zero(); size]; size];
    for (owner, company, share, _) in &draft.stakes {
        left[*owner][*company] = -hundredths(*share);
    }
    let mut right = vec![vec![Exact::zero(); size]; size];
    for one in 0..size {
        left[one][one] = &left[one][one] + &Exact::one();
        right[one][one] = Exact::one();
    }
    for pivot in 0..size {
        let found = (pivot..size).find(|row| !left[*row][pivot].is_zero())?;
        left.swap(pivot, found);
        right.swap(pivot, found);
        let by = left[pivot][pivot].clone();
        for side in [&mut left, &mut right] {
            side[pivot].iter_mut().for_each(|cell| *cell = cell.checked_div(&by).unwrap());
        }
        for row in (0..size).filter(|row| *row != pivot) {
            let factor = left[row][pivot].clone();
            for side in [&mut left, &mut right] {
                let head = side[pivot].clone();
                side[row].iter_mut().zip(&head).for_each(|(cell, head)| *cell = &*cell - &(&factor * head));
            }
        }
    }
    Some(right)
}

#[test]
fn a_list_that_is_complete_and_too_small_leaves_a_float() {
    let rows = [common::stake("X", "A", "0.25")];
    let float = snapshot(&common::complete(&rows, &["A"]));
    let a = common::party(&float, "A");
    assert_eq!(float.equity().state(a), State::Float);
    let whole = float.reach(a, Metric::Equity, &|_| Mark::No, Mark::Maybe);
    assert_eq!(whole, Bounds::exactly(Exact::zero()));
}
