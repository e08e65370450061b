//! Bounds against every corner of what is possible, in exact arithmetic: small registers with cycles,
//! bands and open ends, all of them divided in every way.

mod common;

use common::{Row, row_of, snapshot};
use filiera_model::{Bounds, End, Exact, Mark, Quality};
use filiera_ownership::{Band, Holder, Metric, Snapshot};
use filiera_testkit::Tape;
use proptest::prelude::*;

/// Parts are counted in twentieths.
const WHOLE: usize = 20;

#[derive(Clone, Debug)]
struct Draft {
    companies: usize,
    /// Of every company its owners with their bands.
    owners: Vec<Vec<(usize, Band)>>,
    complete: Vec<bool>,
    marks: Vec<Mark>,
    unlisted: Mark,
}

/// The parts of one company's owners, in the order of the draft.
type Parts = Vec<Exact>;

fn part(twentieths: usize) -> Exact {
    Exact::ratio(twentieths, WHOLE).unwrap()
}

fn sum(parts: impl Iterator<Item = Exact>) -> Exact {
    parts.sum()
}

impl Draft {
    fn draw(tape: &mut Tape<'_>, open_ends: bool) -> Self {
        let companies = 2 + tape.below(2);
        let parties = companies + 2;
        let marks = [Mark::No, Mark::No, Mark::No, Mark::Yes, Mark::Yes, Mark::Maybe];
        let mut draft = Self {
            companies,
            owners: Vec::new(),
            complete: Vec::new(),
            marks: Vec::new(),
            unlisted: Mark::No,
        };
        for company in 0..companies {
            let owners = draw_owners(tape, company, parties, open_ends);
            draft.owners.push(owners);
            draft.complete.push(tape.below(2) == 0);
        }
        draft.marks = (0..parties).map(|_| marks[tape.below(marks.len())]).collect();
        draft.unlisted = marks[tape.below(marks.len())];
        for company in 0..companies {
            if draft.inner(company).is_none() {
                draft.close(company);
            }
        }
        draft
    }

    /// Takes back that ends are open.
    fn close(&mut self, company: usize) {
        for (_, band) in &mut self.owners[company] {
            (band.least_open, band.most_open) = (false, false);
        }
    }

    fn name(&self, party: usize) -> String {
        if party < self.companies { format!("C{party}") } else { format!("P{}", party - self.companies) }
    }

    fn snapshot(&self) -> Snapshot {
        let mut rows: Vec<Row> = Vec::new();
        for (company, owners) in self.owners.iter().enumerate() {
            rows.extend(
                owners.iter().map(|(owner, band)| row_of(&self.name(*owner), &self.name(company), band)),
            );
        }
        let complete: Vec<String> =
            (0..self.companies).filter(|one| self.complete[*one]).map(|one| self.name(one)).collect();
        snapshot(&common::complete(&rows, &complete.iter().map(String::as_str).collect::<Vec<_>>()))
    }

    fn most(&self, company: usize) -> Exact {
        sum(self.owners[company].iter().map(|(_, band)| band.most.clone()))
    }

    /// Whether the parts of a company are the whole.
    fn is_whole(&self, company: usize) -> bool {
        let open = self.owners[company].iter().any(|(_, band)| band.most_open);
        let most = self.most(company);
        self.complete[company] && (most > Exact::one() || (most == Exact::one() && !open))
    }

    /// Parts strictly between all ends that differ; nothing where there are none and an end is open.
    fn inner(&self, company: usize) -> Option<Parts> {
        let bands = || self.owners[company].iter().map(|(_, band)| band);
        let room = Exact::one() - sum(bands().map(|band| band.least.clone()));
        let width = sum(bands().map(|band| &band.most - &band.least));
        let step = if self.is_whole(company) {
            room.clone()
        } else {
            (&room * &part(WHOLE / 2)).min(&width * &part(WHOLE / 2))
        };
        let at = step.checked_div(&width).unwrap_or_default();
        let strictly = at.is_positive() && (at < Exact::one() || width.is_zero());
        let any_open = bands().any(|band| band.least_open || band.most_open);
        (strictly || !any_open)
            .then(|| bands().map(|band| &band.least + &(&at * &(&band.most - &band.least))).collect())
    }

    /// Every corner of what the parts of a company can be, open ends included.
    fn corners(&self, company: usize) -> Vec<Parts> {
        let bands: Vec<&Band> = self.owners[company].iter().map(|(_, band)| band).collect();
        let mut corners: Vec<Parts> = Vec::new();
        for ends in 0..1usize << bands.len() {
            // All but at most one stand at an end; the one takes what is left.
            for free in 0..=bands.len() {
                let end = |at: usize| if ends >> at & 1 == 1 { &bands[at].most } else { &bands[at].least };
                let mut parts: Parts = (0..bands.len()).map(|at| end(at).clone()).collect();
                if let Some(slot) = parts.get_mut(free) {
                    *slot = Exact::zero();
                    let left = Exact::one() - sum(parts.iter().cloned());
                    if left < bands[free].least || left > bands[free].most {
                        continue;
                    }
                    parts[free] = left;
                }
                let total = sum(parts.iter().cloned());
                let fits = if self.is_whole(company) { total == Exact::one() } else { total <= Exact::one() };
                if fits && !corners.contains(&parts) {
                    corners.push(parts);
                }
            }
        }
        corners
    }

    /// What of every company ends with the set; `most`: with everybody who may be in it.
    fn reach(&self, world: &[&Parts], most: bool) -> Vec<Exact> {
        let counts = |mark: Mark| mark == Mark::Yes || (most && mark == Mark::Maybe);
        let parties = self.companies + 2;
        let mut rows = vec![(vec![Exact::zero(); parties], Exact::zero()); parties];
        for (company, (factors, constant)) in rows.iter_mut().enumerate().take(self.companies) {
            for ((owner, _), part) in self.owners[company].iter().zip(world[company]) {
                if counts(self.marks[*owner]) {
                    *constant += part;
                } else {
                    factors[*owner] = part.clone();
                }
            }
            let is_open = !self.complete[company] && !self.owners[company].is_empty();
            if is_open && counts(self.unlisted) {
                *constant += &(Exact::one() - sum(world[company].iter().cloned()));
            }
        }
        common::least_solution(rows)
    }

    /// Every way to take one corner of every company.
    fn worlds<'c>(&self, corners: &'c [Vec<Parts>]) -> Vec<Vec<&'c Parts>> {
        let mut worlds: Vec<Vec<&Parts>> = vec![Vec::new()];
        for of_company in corners {
            let with = |world: &Vec<&'c Parts>| {
                let world = world.clone();
                of_company.iter().map(move |one| world.iter().copied().chain([one]).collect::<Vec<_>>())
            };
            worlds = worlds.iter().flat_map(with).collect();
        }
        worlds
    }

    /// Whether all parts lie inside their bands, open ends not being possible.
    fn is_possible(&self, world: &[&Parts]) -> bool {
        let mut bands = self.owners.iter().flatten().map(|(_, band)| band);
        world
            .iter()
            .flat_map(|parts| parts.iter())
            .all(|part| bands.next().is_some_and(|band| band.holds(part)))
    }
}

fn draw_owners(tape: &mut Tape<'_>, company: usize, parties: usize, open_ends: bool) -> Vec<(usize, Band)> {
    let mut left = WHOLE;
    let mut owners = Vec::new();
    for owner in (0..parties).filter(|owner| *owner != company) {
        if owners.len() == 3 || tape.below(2) == 0 {
            continue;
        }
        let least = if tape.below(2) == 0 { 0 } else { tape.below(left + 1) };
        left -= least;
        let most = match tape.below(4) {
            0 => least,
            1 => WHOLE,
            _ => (least + tape.below(WHOLE)).min(WHOLE),
        };
        let mut band = Band::between(part(least), part(most));
        if open_ends && least < most {
            band.least_open = tape.below(3) == 0;
            band.most_open = tape.below(3) == 0;
        }
        owners.push((owner, band));
    }
    owners
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// The best values of every company over all worlds: the least or the greatest.
fn best(values: &[Vec<Exact>], company: usize, most: bool) -> Exact {
    let own = values.iter().map(|world| world[company].clone());
    if most { own.max().unwrap() } else { own.min().unwrap() }
}

fn bounds(draft: &Draft, snapshot: &Snapshot, company: usize) -> Option<Bounds> {
    let register = snapshot.register();
    let party = register.party(&draft.name(company))?;
    let marks = |party| {
        let place = (0..draft.companies + 2).find(|one| draft.name(*one) == register.name(party));
        draft.marks[place.unwrap()]
    };
    Some(snapshot.reach(party, Metric::Equity, &marks, draft.unlisted))
}

proptest! {
    #![proptest_config(config(400))]

    /// With closed ends the bounds are the best of all corners, to the last digit.
    #[test]
    fn bounds_are_the_best_corners(tape in prop::collection::vec(any::<u8>(), 0..90)) {
        let draft = Draft::draw(&mut Tape::new(&tape), false);
        let snapshot = draft.snapshot();
        let corners: Vec<Vec<Parts>> = (0..draft.companies).map(|company| draft.corners(company)).collect();
        let worlds = draft.worlds(&corners);
        let values = |most| worlds.iter().map(|world| draft.reach(world, most)).collect::<Vec<_>>();
        let (least, most) = (values(false), values(true));
        for company in 0..draft.companies {
            let Some(found) = bounds(&draft, &snapshot, company) else { continue };
            let expected = Bounds {
                lower: End::closed(best(&least, company, false)),
                upper: End::closed(best(&most, company, true)),
                quality: Quality::Exact,
            };
            prop_assert_eq!(found, expected, "C{} of {:?}", company, draft);
        }
    }

    /// What is asked for all holders at once is what is asked for each of them by itself.
    #[test]
    fn holders_together_have_what_each_has_alone(
        tape in prop::collection::vec(any::<u8>(), 0..90),
        open in any::<bool>(),
    ) {
        let draft = Draft::draw(&mut Tape::new(&tape), open);
        let (together, apart) = (draft.snapshot(), draft.snapshot());
        for company in together.companies() {
            let found = together.holdings_of(company);
            for party in together.register().parties() {
                let alone = apart.holding(party, company);
                let one = found.iter().find(|one| one.owner == Holder::Party(party));
                let is_nothing = |end: &End| end.value == Some(Exact::zero());
                match one {
                    Some(one) => prop_assert_eq!(one, &alone, "{:?}", draft),
                    None => prop_assert!(is_nothing(&alone.share.upper) && is_nothing(&alone.votes.upper)),
                }
            }
        }
    }

    /// An open end is never reached; and bounds that are called exact are approached as closely as one
    /// likes by parts strictly inside their bands.
    #[test]
    fn open_ends_are_approached_and_never_reached(tape in prop::collection::vec(any::<u8>(), 0..90)) {
        let draft = Draft::draw(&mut Tape::new(&tape), true);
        let snapshot = draft.snapshot();
        let corners: Vec<Vec<Parts>> = (0..draft.companies).map(|company| draft.corners(company)).collect();
        let inner: Vec<Parts> = (0..draft.companies).map(|company| draft.inner(company).unwrap()).collect();
        let near: Vec<Vec<Parts>> =
            corners.iter().zip(&inner).map(|(all, inner)| all.iter().map(|one| beside(one, inner)).collect()).collect();
        let (worlds, inside) = (draft.worlds(&corners), draft.worlds(&near));
        let values = |worlds: &[Vec<&Parts>], most| worlds.iter().map(|world| draft.reach(world, most)).collect::<Vec<_>>();
        let possible: Vec<Vec<&Parts>> = worlds.into_iter().filter(|world| draft.is_possible(world)).collect();
        for company in 0..draft.companies {
            let Some(found) = bounds(&draft, &snapshot, company) else { continue };
            for (most, end) in [(false, &found.lower), (true, &found.upper)] {
                let end_value = end.value.clone().unwrap();
                let beyond = |value: &Exact| if most { *value > end_value } else { *value < end_value };
                let reached = values(&possible, most);
                let near = values(&inside, most);
                for value in reached.iter().chain(&near).map(|world| &world[company]) {
                    prop_assert!(!beyond(value), "C{} {} beyond {:?} of {:?}", company, value, found, draft);
                    prop_assert!(!end.open || *value != end_value, "C{} reaches {:?} of {:?}", company, found, draft);
                }
                let best = best(&near, company, most);
                let gap = if most { &end_value - &best } else { &best - &end_value };
                if found.quality == Quality::Exact {
                    prop_assert!(gap < part(1) * Exact::from_decimal(1, 4), "C{} {} of {:?} {:?}", company, best, found, draft);
                }
            }
        }
    }
}

/// Parts a thousandth of a millionth off a corner, towards the inside.
fn beside(corner: &Parts, inner: &Parts) -> Parts {
    let off = Exact::from_decimal(1, 9);
    corner.iter().zip(inner).map(|(corner, inner)| corner + &(&off * &(inner - corner))).collect()
}
