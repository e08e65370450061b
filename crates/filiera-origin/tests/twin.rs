//! The slow, obvious way, path by path on tiny graphs, must agree with the fast one.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Row, bom_table, n, parts_table};
use filiera_model::{Day, Days, Exact, Fraction, Mark, Quality, Range};
use filiera_origin::{
    AcyclicBom, Below, BomGraph, Choice, Components, Evidence, List, Method, Node, Parts, Procurement,
    RollUp, Scaled, components, content, own_work, shares, value_added,
};
use proptest::prelude::*;

/// Ids whose order has nothing to do with who contains whom.
const IDS: [&str; 8] = ["m", "c", "x", "a", "t", "f", "z", "k"];
const QUANTITIES: [&str; 5] = ["1", "2", "3", "0.5", "1.25"];
const UNITS: [Option<&str>; 5] = [None, None, Some("kg"), Some("g"), Some("pcs")];
const DAY: &str = "2026-05-01";

/// A line before it has ids: everything is a place in a list above.
#[derive(Clone, Debug)]
struct Drawn {
    parent: usize,
    child: usize,
    quantity: usize,
    unit: usize,
    supplier: bool,
    choice: Option<bool>,
    /// It holds on the later of two possible days only.
    maybe: bool,
}

impl Drawn {
    fn row(&self) -> Row<'static> {
        Row {
            parent: IDS[self.parent],
            child: IDS[self.child],
            quantity: QUANTITIES[self.quantity],
            unit: UNITS[self.unit],
            supplier: self.supplier.then_some("S"),
            choice: self.choice.map(|second| if second { "two" } else { "one" }),
            from: self.maybe.then_some(DAY),
            to: None,
        }
    }

    fn quantity(&self) -> Exact {
        let thousandth = if UNITS[self.unit] == Some("g") { n("1/1000") } else { n("1") };
        n(QUANTITIES[self.quantity]) * thousandth
    }

    fn unit(&self) -> &'static str {
        if matches!(UNITS[self.unit], Some("kg" | "g")) { "kg" } else { "piece" }
    }
}

fn any_line(cycles: bool) -> impl Strategy<Value = Drawn> {
    let choice = prop_oneof![4 => Just(None), 1 => any::<bool>().prop_map(Some)];
    let ends = (0..IDS.len(), 0..IDS.len()).prop_filter_map("a part in itself", move |(a, b)| {
        if cycles { Some((a, b)) } else { (a != b).then_some((a.min(b), a.max(b))) }
    });
    let rest = (0..QUANTITIES.len(), 0..UNITS.len(), any::<bool>(), choice, proptest::bool::weighted(0.15));
    (ends, rest).prop_map(|((parent, child), (quantity, unit, supplier, choice, maybe))| Drawn {
        parent,
        child,
        quantity,
        unit,
        supplier,
        choice,
        maybe,
    })
}

fn any_lines() -> impl Strategy<Value = Vec<Drawn>> {
    proptest::collection::vec(any_line(false), 1..16)
}

fn any_procurement() -> impl Strategy<Value = Vec<usize>> {
    let kinds = prop_oneof![3 => 0..5usize, 3 => 2..4usize];
    prop_oneof![1 => Just(vec![0; IDS.len()]), 6 => proptest::collection::vec(kinds, IDS.len())]
}

const PROCURED: [&str; 5] = ["", "buy", "make", "phantom", "consigned"];

fn graph(lines: &[Drawn]) -> BomGraph {
    let rows: Vec<Row<'_>> = lines.iter().map(Drawn::row).collect();
    let day: Day = DAY.parse().unwrap();
    BomGraph::from_table(&bom_table(&rows), Some(Days::between(day.previous(), day))).unwrap()
}

fn parts_of(bom: &AcyclicBom, procured: &[usize]) -> Parts {
    let rows: Vec<(&str, &str, &str)> = IDS
        .iter()
        .zip(procured)
        .map(|(id, kind)| (*id, PROCURED[*kind], if *id == "a" { "Usual" } else { "" }))
        .collect();
    Parts::of(bom, Some(&parts_table(&rows)))
}

/// The pick of every choice, from one number.
fn pick(seed: u64, parent: &str, name: Option<&str>, alternatives: usize) -> usize {
    let letters = parent.bytes().chain(name.unwrap_or("?").bytes());
    let mixed = letters
        .fold(seed, |sum, byte| sum.wrapping_mul(6364136223846793005).wrapping_add(u64::from(byte) + 11));
    (mixed >> 33) as usize % alternatives
}

/// The lines below a part that one completion has, in the order of the children's ids.
fn present(lines: &[Drawn], parent: usize, seed: u64) -> Vec<&Drawn> {
    let mut below: Vec<(usize, &Drawn)> =
        lines.iter().enumerate().filter(|(_, line)| line.parent == parent).collect();
    below.sort_by_key(|(row, line)| (IDS[line.child], *row));
    let mut groups: BTreeMap<Option<bool>, Vec<&Drawn>> = BTreeMap::new();
    let mut present = Vec::new();
    for (_, line) in below {
        match (line.choice, line.maybe) {
            (Some(choice), _) => groups.entry(Some(choice)).or_default().push(line),
            (None, true) => {
                if pick(seed, IDS[parent], None, 2) == 0 {
                    present.push(line);
                }
            }
            (None, false) => present.push(line),
        }
    }
    for (choice, members) in groups {
        let name = if choice == Some(true) { "two" } else { "one" };
        let or_nothing = members.iter().all(|line| line.maybe);
        let picked = pick(seed, IDS[parent], Some(name), members.len() + usize::from(or_nothing));
        let is_choice = members.len() > 1 || or_nothing;
        present.extend(members.get(if is_choice { picked } else { 0 }));
    }
    present
}

type Sums = BTreeMap<(String, Option<String>, String), Exact>;

/// Every path, one by one.
fn explode(
    lines: &[Drawn],
    opens: &dyn Fn(usize) -> bool,
    all_levels: bool,
    node: usize,
    times: &Exact,
    seed: u64,
    found: &mut Sums,
) {
    for line in present(lines, node, seed) {
        let quantity = &line.quantity() * times;
        let goes_on = opens(line.child) && lines.iter().any(|other| other.parent == line.child);
        if goes_on {
            explode(lines, opens, all_levels, line.child, &quantity, seed, found);
        }
        if !goes_on || all_levels {
            let usual = (IDS[line.child] == "a").then(|| "Usual".to_owned());
            let supplier = if line.supplier { Some("S".to_owned()) } else { usual };
            let key = (IDS[line.child].to_owned(), supplier, line.unit().to_owned());
            *found.entry(key).or_default() += &quantity;
        }
    }
}

/// The same completion of what the fast way found.
fn complete(
    bom: &AcyclicBom,
    base: &List,
    choices: &[Choice],
    seed: u64,
    add: &mut dyn FnMut(usize, &Exact),
) {
    fn list(
        bom: &AcyclicBom,
        of: &List,
        times: &Exact,
        choices: &[Choice],
        seed: u64,
        add: &mut dyn FnMut(usize, &Exact),
    ) {
        of.rows.iter().for_each(|row| add(*row, times));
        for (id, count) in &of.choices {
            let choice = &choices[id.place()];
            let picked =
                pick(seed, bom.part(choice.parent), choice.name.as_deref(), choice.alternatives.len());
            list(bom, &choice.alternatives[picked], &(count * times), choices, seed, add);
        }
    }
    list(bom, base, &n("1"), choices, seed, add);
}

fn without_zero(sums: Sums) -> Sums {
    sums.into_iter().filter(|(_, sum)| !sum.is_zero()).collect()
}

fn completed(bom: &AcyclicBom, found: &Components, seed: u64) -> Sums {
    let mut sums = Sums::new();
    complete(bom, &found.base, &found.choices, seed, &mut |row, times| {
        let item = &found.items[row];
        let key = (item.part.clone(), item.supplier.clone(), item.unit.clone());
        *sums.entry(key).or_default() += &(&item.quantity * times);
    });
    sums
}

/// Prices by place; 0 stands for not stated, the last digit for how far a price may rise.
fn price(prices: &[u64], place: usize) -> Option<Range> {
    let price = prices[place];
    let (least, more) = (Exact::from_int(price / 4), Exact::from_int(price % 4));
    (price > 0).then(|| Range { most: Some(&least + &more), least })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn components_and_content_are_those_of_every_path(
        lines in any_lines(), procured in any_procurement(), seeds in proptest::collection::vec(any::<u64>(), 6),
    ) {
        let bom = graph(&lines).acyclic().unwrap();
        let parts = parts_of(&bom, &procured);
        let opens = |place: usize| matches!(PROCURED[procured[place]], "make" | "phantom");
        for (place, id) in IDS.iter().enumerate() {
            let Some(root) = bom.node(id) else { continue };
            let found = components(&bom, &parts, root).unwrap();
            let everything = content(&bom, &parts, root).unwrap();
            for seed in &seeds {
                let mut slow = Sums::new();
                explode(&lines, &opens, false, place, &n("1"), *seed, &mut slow);
                prop_assert_eq!(completed(&bom, &found, *seed), without_zero(slow));
                let mut slow = Sums::new();
                explode(&lines, &|_| true, true, place, &n("1"), *seed, &mut slow);
                let mut fast = Sums::new();
                complete(&bom, &everything.base, &everything.choices, *seed, &mut |row, times| {
                    let row = &everything.rows[row];
                    let key = (row.part.clone(), row.supplier.clone(), row.unit.clone());
                    *fast.entry(key).or_default() += &(&row.quantity * times);
                });
                prop_assert_eq!(fast, slow);
            }
        }
    }

    #[test]
    fn totals_are_those_of_every_path(lines in any_lines(), own in proptest::collection::vec(0i128..1000, IDS.len())) {
        let bom = graph(&lines).acyclic().unwrap();
        fn slow(lines: &[Drawn], own: &[i128], node: usize) -> Exact {
            let below = lines.iter().filter(|line| line.parent == node);
            let own_value = Exact::ratio(own[node], 100).unwrap();
            below.fold(own_value, |sum, line| sum + line.quantity() * slow(lines, own, line.child))
        }
        let place_of = |node: Node| IDS.iter().position(|id| *id == bom.part(node)).unwrap();
        let by_node: Vec<i128> = bom.nodes().map(|node| own[place_of(node)]).collect();
        let totals = bom.totals(Scaled { unscaled: &by_node, denominator: 100 }).unwrap();
        for node in bom.nodes() {
            prop_assert_eq!(totals.get(node.place() as u32), Some(slow(&lines, &own, place_of(node))));
        }
        // Values so large that 128 bits overflow on the way give the same.
        let huge: Vec<i128> = by_node.iter().map(|value| value * (i128::MAX / 1000)).collect();
        let scaled = bom.totals(Scaled { unscaled: &huge, denominator: 100 }).unwrap();
        for node in 0..huge.len() as u32 {
            let expected = totals.get(node).unwrap() * Exact::from_int(i128::MAX / 1000);
            prop_assert_eq!(scaled.get(node), Some(expected));
        }
    }

    #[test]
    fn own_work_and_components_make_up_the_whole(
        lines in any_lines(), procured in any_procurement(),
        prices in proptest::collection::vec(0u64..400, IDS.len()),
    ) {
        // Without choices and with exact prices, so that one completion is all there is.
        let lines: Vec<Drawn> = lines.into_iter()
            .map(|line| Drawn { choice: None, maybe: false, unit: 0, ..line }).collect();
        let bom = graph(&lines).acyclic().unwrap();
        let parts = parts_of(&bom, &procured);
        let place_of = |node: Node| IDS.iter().position(|id| *id == bom.part(node)).unwrap();
        let value = |node: Node| price(&prices, place_of(node)).map(|range| Range::exactly(range.least));
        for root in bom.nodes() {
            let found = components(&bom, &parts, root).unwrap();
            let own = own_work(&bom, &parts, &found, &value).unwrap();
            if own.rows.iter().any(|row| row.conflict) {
                continue;
            }
            let mut sum = Range::exactly(Exact::zero());
            for item in &found.items {
                let stated = parts.procurement(item.node.unwrap()) != Some(Procurement::Phantom);
                let unit = item.node.filter(|_| stated).and_then(value).unwrap_or_else(Range::anything);
                sum = sum.plus(&unit.times(&item.quantity));
            }
            for row in &own.rows {
                sum = sum.plus(&row.value);
            }
            // Exact where every price is known; else what is known of the parts holds the total.
            prop_assert!(!sum.is_exact() || sum == own.total);
            prop_assert!(sum.least <= own.total.least);
            prop_assert!(sum.most.is_none() || sum.most >= own.total.most);
        }
    }
}

/// What the slow way says one completion of prices and marks makes of a part: its value and what is
/// marked of it, or nothing when the prices contradict each other.
struct Completion<'a> {
    lines: &'a [Drawn],
    procured: &'a [usize],
    method: &'a Method,
    /// By place: the value, or nothing when the value is what it consists of.
    value: Vec<Option<Exact>>,
    mark: Vec<Exact>,
}

impl Completion<'_> {
    fn of(&self, node: usize) -> Option<(Exact, Exact)> {
        let below: Vec<&Drawn> = self.lines.iter().filter(|line| line.parent == node).collect();
        let kind = PROCURED[self.procured[node]];
        let (mut sum, mut marked) = (Exact::zero(), Exact::zero());
        for line in &below {
            let (value, part) = self.of(line.child)?;
            marked += &(&(&line.quantity() * &value) * &part);
            sum += &(&line.quantity() * &value);
        }
        let value = match &self.value[node] {
            Some(value) if kind != "phantom" || below.is_empty() => value.clone(),
            _ => sum.clone(),
        };
        if value < sum {
            return None;
        }
        marked += &(&(&value - &sum) * &self.mark[node]);
        let mut share =
            if below.is_empty() { self.mark[node].clone() } else { marked.checked_div(&value)? };
        if let Method::RolledUp(rule) = self.method
            && !matches!(kind, "make" | "phantom")
        {
            share = rule.count(&share);
        }
        Some((value, share))
    }
}

fn any_method() -> impl Strategy<Value = Method> {
    let below = prop_oneof![Just(Below::Nothing), Just(Below::Share), Just(Below::Nearest(n("5 %")))];
    let rule = (1u32..=10, below).prop_map(|(tenths, below)| {
        Method::RolledUp(RollUp::new(Exact::ratio(tenths, 10).unwrap(), below).unwrap())
    });
    prop_oneof![1 => Just(Method::Traced), 3 => rule]
}

/// A mark by number: no, maybe, yes, 40 %, 72 %.
fn mark(number: usize) -> Fraction {
    match number {
        0 => Mark::No.into(),
        1 => Mark::Maybe.into(),
        2 => Mark::Yes.into(),
        3 => Fraction::exactly(n("40 %")),
        _ => Fraction::exactly(n("72 %")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every completion lies inside; with exact prices the ends are attained and called exact.
    #[test]
    fn shares_hold_every_completion(
        lines in proptest::collection::vec(any_line(false), 1..8), procured in any_procurement(),
        marks in proptest::collection::vec(0usize..5, IDS.len()),
        worth in proptest::collection::vec((1i64..60, prop_oneof![4 => Just(0i64), 1 => 1i64..40]), IDS.len()),
        method in any_method(), picks in proptest::collection::vec(proptest::collection::vec(any::<(u8, bool)>(), IDS.len()), 24),
    ) {
        let lines: Vec<Drawn> = lines.into_iter()
            .map(|line| Drawn { choice: None, maybe: false, unit: 0, quantity: line.quantity % 3, ..line }).collect();
        let bom = graph(&lines).acyclic().unwrap();
        let parts = parts_of(&bom, &procured);
        let place_of = |node: Node| IDS.iter().position(|id| *id == bom.part(node)).unwrap();
        // A part is worth what is drawn plus four times what it consists of, so prices rarely clash.
        let mut base = vec![Exact::zero(); IDS.len()];
        for place in (0..IDS.len()).rev() {
            let below = lines.iter().filter(|line| line.parent == place);
            base[place] = below.fold(Exact::from_int(worth[place].0), |sum, line| sum + line.quantity() * base[line.child].clone());
        }
        let value = |node: Node| {
            let place = place_of(node);
            let most = &base[place] + &Exact::from_int(worth[place].1);
            Some(Range { least: base[place].clone(), most: Some(most) })
        };
        let marked = |node: Node| mark(marks[place_of(node)]);
        let all: Vec<Node> = bom.nodes().collect();
        let found = shares(&bom, &parts, &all, &method, &Evidence { mark: &marked, unit_value: &value }).unwrap();
        prop_assert!(found.conflicts.is_empty() || worth.iter().any(|(_, more)| *more > 0));
        let mut attained: BTreeMap<Node, (bool, bool)> = BTreeMap::new();
        let all_ends = [vec![(0u8, false); IDS.len()], vec![(0u8, true); IDS.len()]];
        for picked in all_ends.iter().chain(&picks) {
            let completion = Completion {
                lines: &lines,
                procured: &procured,
                method: &method,
                value: (0..IDS.len()).map(|place| {
                    let more = i64::from(picked[place].0) % (worth[place].1 + 1);
                    Some(&base[place] + &Exact::from_int(more))
                }).collect(),
                mark: (0..IDS.len()).map(|place| {
                    let fraction = mark(marks[place]);
                    if picked[place].1 { fraction.most } else { fraction.least }
                }).collect(),
            };
            for node in &all {
                let Some((worth, share)) = completion.of(place_of(*node)) else { continue };
                let bounds = found.get(*node).unwrap();
                prop_assert!(bounds.fraction.least <= share && share <= bounds.fraction.most,
                    "{} {:?} {}", bom.part(*node), bounds, share);
                prop_assert!(bounds.value.least <= worth && bounds.value.most.as_ref().is_none_or(|most| worth <= *most));
                let seen = attained.entry(*node).or_default();
                seen.0 |= share == bounds.fraction.least;
                seen.1 |= share == bounds.fraction.most;
            }
        }
        for (node, (least, most)) in attained {
            let exact = found.get(node).unwrap().quality == Quality::Exact;
            if exact && found.conflicts.is_empty() {
                prop_assert!(least && most, "{} {:?}", bom.part(node), found.get(node));
            }
            let all_known = worth.iter().all(|(_, more)| *more == 0);
            prop_assert!(exact || !all_known);
        }
    }

    /// Value added is what a part states less what its lines state.
    #[test]
    fn value_added_holds_every_completion(
        lines in proptest::collection::vec(any_line(false), 1..8), procured in any_procurement(),
        prices in proptest::collection::vec(0u64..400, IDS.len()), rises in proptest::collection::vec(0u64..4, IDS.len()),
    ) {
        let lines: Vec<Drawn> = lines.into_iter().map(|line| Drawn { choice: None, maybe: false, unit: 0, ..line }).collect();
        let bom = graph(&lines).acyclic().unwrap();
        let parts = parts_of(&bom, &procured);
        let place_of = |node: Node| IDS.iter().position(|id| *id == bom.part(node)).unwrap();
        let value = |node: Node| price(&prices, place_of(node));
        let all: Vec<Node> = bom.nodes().collect();
        let added = value_added(&bom, &parts, &all, &value).unwrap();
        let one = |place: usize| {
            let range = price(&prices, place).unwrap_or_else(|| Range::exactly(Exact::from_int(50)));
            let most = range.most.clone().unwrap();
            (&range.least + &Exact::from_int(rises[place])).min(most)
        };
        fn worth(lines: &[Drawn], procured: &[usize], one: &dyn Fn(usize) -> Exact, place: usize) -> Exact {
            let mut below = lines.iter().filter(|line| line.parent == place).peekable();
            if PROCURED[procured[place]] != "phantom" || below.peek().is_none() {
                return one(place);
            }
            below.map(|line| line.quantity() * worth(lines, procured, one, line.child)).sum()
        }
        for node in all {
            let place = place_of(node);
            let below = lines.iter().filter(|line| line.parent == place);
            let inside: Exact = below.map(|line| line.quantity() * worth(&lines, &procured, &one, line.child)).sum();
            let rest = &worth(&lines, &procured, &one, place) - &inside;
            let range = &added[&node];
            if rest.is_negative() {
                continue;
            }
            prop_assert!(!range.conflict);
            prop_assert!(range.value.least <= rest && range.value.most.as_ref().is_none_or(|most| rest <= *most));
        }
    }

    /// Cycles, cuts and counts, by brute force.
    #[test]
    fn cycles_cuts_and_counts_are_those_of_the_obvious_way(lines in proptest::collection::vec(any_line(true), 1..20)) {
        let graph = graph(&lines);
        let edges: BTreeSet<(&str, &str)> = lines.iter().map(|line| (IDS[line.parent], IDS[line.child])).collect();
        let nodes: BTreeSet<&str> = edges.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let reach = |start: &str| -> BTreeMap<String, usize> {
            let mut steps = BTreeMap::new();
            let mut front: Vec<&str> = vec![start];
            for step in 1.. {
                let next: BTreeSet<&str> = edges.iter().filter(|(a, _)| front.contains(a)).map(|(_, b)| *b)
                    .filter(|b| !steps.contains_key(*b)).collect();
                if next.is_empty() { break }
                next.iter().for_each(|b| { steps.insert((*b).to_owned(), step); });
                front = next.into_iter().collect();
            }
            steps
        };
        let reached: BTreeMap<&str, BTreeMap<String, usize>> = nodes.iter().map(|node| (*node, reach(node))).collect();
        let same = |a: &str, b: &str| a == b || (reached[a].contains_key(b) && reached[b].contains_key(a));

        let cycles = graph.cycles();
        let mut expected = 0;
        for node in &nodes {
            let first = nodes.iter().all(|other| other >= node || !same(node, other));
            let group = nodes.iter().filter(|other| same(node, other)).count();
            expected += usize::from(first && group > 1) + usize::from(edges.contains(&(*node, *node)));
        }
        prop_assert_eq!(cycles.len(), expected);
        for cycle in &cycles {
            prop_assert!(cycle.iter().all(|id| *id >= cycle[0] ));
            for (place, id) in cycle.iter().enumerate() {
                let next = &cycle[(place + 1) % cycle.len()];
                prop_assert!(edges.contains(&(id.as_str(), next.as_str())));
            }
            let shortest = nodes.iter().filter(|other| **other != cycle[0] && same(&cycle[0], other))
                .filter(|other| edges.contains(&(**other, cycle[0].as_str())))
                .map(|other| reached[cycle[0].as_str()][*other] + 1).min();
            prop_assert!(cycle.len() == 1 || Some(cycle.len()) == shortest);
        }

        // The walk that cuts, recursively.
        fn descend<'a>(edges: &BTreeSet<(&'a str, &'a str)>, node: &'a str, open: &mut Vec<&'a str>, done: &mut BTreeSet<&'a str>, cut: &mut BTreeSet<(&'a str, &'a str)>) {
            open.push(node);
            for (_, child) in edges.iter().filter(|(parent, _)| *parent == node) {
                if open.contains(child) {
                    cut.insert((node, child));
                } else if !done.contains(child) {
                    descend(edges, child, open, done, cut);
                }
            }
            open.pop();
            done.insert(node);
        }
        let (mut done, mut cut) = (BTreeSet::new(), BTreeSet::new());
        let is_root = |node: &&&str| !edges.iter().any(|(_, child)| child == *node);
        for start in nodes.iter().filter(is_root).chain(&nodes) {
            if !done.contains(start) {
                descend(&edges, start, &mut Vec::new(), &mut done, &mut cut);
            }
        }
        prop_assert_eq!(graph.clone().acyclic().is_ok(), cut.is_empty());
        let (bom, cut_lines) = graph.clone().cut_cycles();
        let found: BTreeSet<(&str, &str)> = cut_lines.iter().map(|line| (line.parent.as_str(), line.child.as_str())).collect();
        prop_assert_eq!(&found, &cut);
        prop_assert!(bom.cycles().is_empty());
        let rows_cut = lines.iter().filter(|line| cut.contains(&(IDS[line.parent], IDS[line.child]))).count();
        prop_assert_eq!(cut_lines.len(), rows_cut);
        let rows_are_theirs = cut_lines.iter().all(|line| {
            let row = &lines[line.row as usize];
            IDS[row.parent] == line.parent && IDS[row.child] == line.child
        });
        prop_assert!(rows_are_theirs);

        let counts = graph.counts(None);
        let parents = |node: &str| edges.iter().filter(|(_, child)| *child == node).count() as u64;
        let has_lines = |node: &str| edges.iter().any(|(parent, _)| *parent == node);
        prop_assert_eq!((counts.nodes, counts.rows, counts.edges), (nodes.len() as u64, lines.len() as u64, edges.len() as u64));
        prop_assert_eq!(counts.repeated_rows, counts.rows - counts.edges);
        prop_assert_eq!(counts.roots, nodes.iter().filter(|node| parents(node) == 0).count() as u64);
        prop_assert_eq!(counts.leaves, nodes.iter().filter(|node| !has_lines(node)).count() as u64);
        prop_assert_eq!(counts.shared, nodes.iter().filter(|node| parents(node) > 1).count() as u64);
        prop_assert_eq!(counts.max_parents, nodes.iter().map(|node| parents(node)).max().unwrap_or(0));
        fn longest(node: &str, edges: &BTreeSet<(&str, &str)>, same: &dyn Fn(&str, &str) -> bool, nodes: &BTreeSet<&str>) -> u64 {
            let group = nodes.iter().filter(|other| same(node, other));
            let ways = group.flat_map(|member| edges.iter().filter(move |(parent, _)| parent == member));
            ways.filter(|(_, child)| !same(node, child)).map(|(_, child)| 1 + longest(child, edges, same, nodes)).max().unwrap_or(0)
        }
        prop_assert_eq!(counts.depth, nodes.iter().map(|node| longest(node, &edges, &same, &nodes)).max().unwrap_or(0));
    }
}
