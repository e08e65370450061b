use std::cell::Cell;
use std::fmt::Write;

use filiera_finding::Settling;
use filiera_model::{Exact, Operator};
use filiera_tables::Dossier;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use crate::common::dossier;
use crate::settle_within;

/// What is known of the origin of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Home,
    Abroad,
    Missing,
    /// `IT/DE`: one of two.
    OneOfTwo,
    /// 60 % home, the rest unknown.
    Parted,
    /// 40 % abroad, the rest unknown.
    PartedAbroad,
    /// Two papers that contradict each other.
    Contradicted,
}

/// One part of a random share.
#[derive(Clone, Copy, Debug)]
struct Part {
    price: i64,
    /// How much more it may cost.
    more: i64,
    origin: Origin,
    /// Whether it counts; nothing: its class is missing.
    counts: Option<bool>,
}

#[derive(Clone, Debug)]
struct Scenario {
    parts: Vec<Part>,
    threshold: i64,
    operator: Operator,
}

fn part() -> impl Strategy<Value = Part> {
    let origin = prop::sample::select(vec![
        Origin::Home,
        Origin::Abroad,
        Origin::Missing,
        Origin::Missing,
        Origin::OneOfTwo,
        Origin::Parted,
        Origin::PartedAbroad,
        Origin::Contradicted,
    ]);
    let more = prop::sample::select(vec![0, 0, 0, 0, 3, 9]);
    let counts =
        prop::sample::select(vec![Some(true), Some(true), Some(true), Some(true), Some(false), None]);
    (1i64..30, more, origin, counts).prop_map(|(price, more, origin, counts)| Part {
        price,
        more,
        origin,
        counts,
    })
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let operators = prop::sample::select(Operator::ALL.to_vec());
    (prop::collection::vec(part(), 2..7), prop::sample::select(vec![25i64, 40, 45, 50, 60, 75]), operators)
        .prop_map(|(parts, threshold, operator)| Scenario { parts, threshold, operator })
}

impl Scenario {
    fn dossier(&self) -> Dossier {
        let mut parts =
            String::from("part,procurement,unit_value,unit_value_max,class\nR,make,,,\nP0,buy,5,,body\n");
        let mut bom = String::from("parent,child,quantity\nR,P0,1\n");
        let mut papers = String::from("part,origin,share,document\nP0,IT,,\n");
        for (place, part) in (1..).zip(&self.parts) {
            let most = if part.more > 0 { (part.price + part.more).to_string() } else { String::new() };
            let class = part.counts.map_or("", |counts| if counts { "body" } else { "battery" });
            writeln!(parts, "P{place},buy,{},{most},{class}", part.price).unwrap();
            writeln!(bom, "R,P{place},1").unwrap();
            let rows: &[&str] = match part.origin {
                Origin::Home => &["IT,,"],
                Origin::Abroad => &["CN,,"],
                Origin::Missing => &[],
                Origin::OneOfTwo => &["IT/DE,,"],
                Origin::Parted => &["IT,60 %,D1"],
                Origin::PartedAbroad => &["CN,40 %,D1"],
                Origin::Contradicted => &["IT,,D1", "CN,,D2"],
            };
            rows.iter().for_each(|row| writeln!(papers, "P{place},{row}").unwrap());
        }
        let vehicles = "vehicle,root,built_on\nV1,R,2026-03-01\n";
        dossier(&[("vehicles", vehicles), ("parts", &parts), ("bom", &bom), ("declarations", &papers)])
    }

    fn pack(&self) -> String {
        format!(
            "[pack]\ntitle = \"a rule\"\nstatus = \"draft\"\n[condition.rule]\ntitle = \"a rule\"\nper = \"vehicle\"\n\
             dated_by = \"built_on\"\nshare = {{ of = \"components\", weigh = \"value\", where = \"origin = 'IT'\", \
             among = \"class <> 'battery'\" }}\n{} = \"{} %\"\n",
            self.operator.name(),
            self.threshold
        )
    }

    /// Every paper with the number of extremes it may turn out to be.
    fn papers(&self) -> Vec<String> {
        let mut papers = Vec::new();
        for (place, part) in (1..).zip(&self.parts).filter(|(_, part)| part.counts != Some(false)) {
            let open = !matches!(part.origin, Origin::Home | Origin::Abroad);
            papers.extend(open.then(|| format!("declaration:P{place}")));
            papers.extend((part.more > 0).then(|| format!("price:P{place}")));
            papers.extend(part.counts.is_none().then(|| format!("class:P{place}")));
        }
        papers
    }

    /// Whether the share passes when every paper is at its low (false) or high (true) extreme.
    fn passes(&self, papers: &[String], ends: u32) -> bool {
        let end =
            |name: String| papers.iter().position(|paper| *paper == name).map(|at| ends & (1 << at) != 0);
        // In hundredths: part 0 is known and home.
        let (mut top, mut bottom) = (500, 500);
        for (place, part) in (1..).zip(&self.parts) {
            let counts = part.counts.or_else(|| end(format!("class:P{place}"))) == Some(true);
            let weight =
                part.price + if end(format!("price:P{place}")) == Some(true) { part.more } else { 0 };
            let home = end(format!("declaration:P{place}"));
            let marked = match (part.origin, home) {
                (Origin::Home, _) => 100,
                (Origin::Abroad, _) => 0,
                (Origin::Parted, Some(false)) => 60,
                (Origin::PartedAbroad, Some(true)) => 60,
                (_, Some(true)) => 100,
                _ => 0,
            };
            if counts {
                top += weight * marked;
                bottom += weight * 100;
            }
        }
        let share = Exact::ratio(top, bottom).unwrap();
        self.operator.passes(&share, &Exact::ratio(self.threshold, 100).unwrap())
    }
}

/// The verdicts of all completions, as a table over the extremes of the papers.
struct Table {
    papers: Vec<String>,
    passes: Vec<bool>,
}

impl Table {
    fn of(scenario: &Scenario) -> Self {
        let papers = scenario.papers();
        let all = 0..1u32 << papers.len();
        let passes = all.map(|ends| scenario.passes(&papers, ends)).collect();
        Self { papers, passes }
    }

    fn all(&self) -> u32 {
        (1 << self.papers.len()) - 1
    }

    fn at(&self, ends: u32) -> bool {
        self.passes[ends as usize]
    }

    /// What the completions say when the papers of `set` are as in `ends`: met, not met, or open.
    fn said(&self, set: u32, ends: u32) -> Option<bool> {
        let rest = self.all() & !set;
        let first = self.at(ends & set);
        subsets(rest).all(|other| self.at((ends & set) | other) == first).then_some(first)
    }

    /// Whether the papers can make it met.
    fn makes_it_met(&self, set: u32) -> bool {
        subsets(set).any(|ends| self.said(set, ends) == Some(true))
    }

    fn decides(&self, set: u32) -> bool {
        subsets(set).all(|ends| self.said(set, ends).is_some())
    }

    fn smallest(&self, does: impl Fn(&Self, u32) -> bool) -> Option<u32> {
        (0..=self.all()).filter(|set| does(self, *set)).map(u32::count_ones).min()
    }

    fn set<'a>(&self, names: impl Iterator<Item = &'a str>) -> u32 {
        names.map(|name| 1 << self.papers.iter().position(|paper| paper == name).unwrap()).sum()
    }
}

/// Every subset of the bits of `of`.
fn subsets(of: u32) -> impl Iterator<Item = u32> {
    let mut next = Some(of);
    std::iter::from_fn(move || {
        let now = next?;
        next = (now > 0).then(|| (now - 1) & of);
        Some(now)
    })
}

fn check(scenario: &Scenario, found: &Settling, table: &Table) -> Result<bool, TestCaseError> {
    let hoped = found.hoped.as_ref().map(|set| (table.set(set.names()), set.minimal));
    match (hoped, table.smallest(Table::makes_it_met)) {
        (None, None) => {}
        (Some((set, minimal)), Some(size)) => {
            prop_assert!(table.makes_it_met(set), "not enough: {found:?}\n{scenario:?}");
            prop_assert!(
                !minimal || set.count_ones() == size,
                "not the smallest ({size}): {found:?}\n{scenario:?}"
            );
        }
        other => prop_assert!(false, "{other:?} {found:?}\n{scenario:?}"),
    }
    let has_range = scenario.parts.iter().any(|part| part.more > 0);
    let Some(either) = &found.either_way else {
        prop_assert!(false, "nothing decides it either way: {found:?}\n{scenario:?}");
        return Ok(false);
    };
    let set = table.set(either.names());
    prop_assert!(table.decides(set), "does not decide: {found:?}\n{scenario:?}");
    let useless = table.set(found.cannot_matter.iter().map(String::as_str));
    prop_assert!(table.decides(table.all() & !useless), "they matter: {found:?}\n{scenario:?}");
    if either.minimal && !has_range {
        prop_assert_eq!(
            Some(set.count_ones()),
            table.smallest(Table::decides),
            "{:?}\n{:?}",
            found,
            scenario
        );
        prop_assert_eq!(useless, table.all() & !set);
    }
    Ok(hoped.is_some_and(|(_, minimal)| minimal) && either.minimal)
}

/// The claim of a smallest set, held against every subset of the papers and everything they may say.
#[test]
fn on_a_thousand_random_shares_no_smaller_set_does() {
    let (claimed, several, open) = (Cell::new(0u32), Cell::new(0u32), Cell::new(0u32));
    let config = Config {
        cases: 2_600,
        rng_seed: RngSeed::Fixed(7),
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&scenario(), |scenario| {
        if claimed.get() >= 1_000 && several.get() >= 200 {
            return Ok(());
        }
        let table = Table::of(&scenario);
        if table.papers.len() > 7 || table.said(0, 0).is_some() {
            return Ok(());
        }
        let settlement = settle_within(&scenario.dossier(), &scenario.pack(), 8);
        let Some(found) = settlement.settlings.first() else {
            return Err(TestCaseError::fail(format!("open, and nothing settles it: {scenario:?}")));
        };
        open.set(open.get() + 1);
        if check(&scenario, found, &table)? {
            claimed.set(claimed.get() + 1);
            let size = found.hoped.as_ref().map_or(0, |set| set.papers.len());
            several.set(several.get() + u32::from(size > 1));
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    println!(
        "{} open shares, {} with a smallest set claimed, {} of several papers",
        open.get(),
        claimed.get(),
        several.get()
    );
    assert!(claimed.get() >= 1_000, "only {} shares with a claim", claimed.get());
    assert!(several.get() >= 200, "only {} sets of several papers", several.get());
}
