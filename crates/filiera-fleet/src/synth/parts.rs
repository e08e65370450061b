use super::Options;
use super::classes::{Class, SENSITIVE, class_of};
use super::companies::{Companies, HOME};
use super::configurations::Configuration;
use super::lots::MAIN;
use super::random::{Draw, Random};

/// A part of the catalogue.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) id: String,
    pub(super) class: &'static Class,
    /// Who supplies it, the main supplier first.
    pub(super) suppliers: Vec<u32>,
    /// Price of a piece in ten-thousandths of a euro; nothing: nobody stated one.
    pub(super) price: Option<i64>,
    /// The greatest price, where it is a range.
    pub(super) price_max: Option<i64>,
    pub(super) grams: i64,
    /// Pieces in a vehicle, in thousandths.
    pub(super) quantity: i64,
}

/// The percentage of the fleet's value that is bought at home. With the papers that are missing and those
/// that say something else, vehicles come to lie around 45 %, the threshold of `it/automotive-accord`.
const AROUND: u64 = 44;

/// How much more, or less, often the parts of the first and of the last model are bought at home, in percent.
const LEAN: u64 = 30;

/// Every part; `own` are those that not every configuration has.
pub(super) fn parts(
    options: &Options,
    companies: &Companies,
    configurations: &[Configuration],
    own: &[u32],
) -> Vec<Part> {
    let mut parts: Vec<Part> = (0..options.parts).map(|number| part(options, number)).collect();
    supply(options, companies, configurations, &mut parts);
    for number in own.iter().take(options.unpriced.of(options.parts) as usize) {
        if let Some(part) = parts.get_mut(*number as usize) {
            (part.price, part.price_max) = (None, None);
        }
    }
    parts
}

fn part(options: &Options, number: u32) -> Part {
    let mut random = Random::of(options.seed, Draw::Part, u64::from(number));
    let class = class_of(number);
    let cents = random.between(class.cents.0, class.cents.1) * 100;
    let price = cents + if random.percent(10) { random.below(100) } else { 0 };
    let is_range = options.oddities.price_ranges && random.percent(6);
    let price_max = is_range.then(|| price + price * random.between(1, 30) / 100);
    let pieces = random.between(class.pieces.0, class.pieces.1) * 1_000;
    let is_odd = options.oddities.odd_quantities && random.percent(10);
    Part {
        id: format!("P{:06}", number + 1),
        class,
        suppliers: Vec::new(),
        price: Some(price.cast_signed()),
        price_max: price_max.map(u64::cast_signed),
        grams: random.between(class.grams.0, class.grams.1).cast_signed(),
        quantity: if is_odd { random.between(1, 2_500) } else { pieces }.cast_signed(),
    }
}

/// Gives every part its suppliers, the dearest part first, so that about as much of the fleet's value comes
/// from home as it shall; of some models more, of others less.
fn supply(options: &Options, companies: &Companies, configurations: &[Configuration], parts: &mut [Part]) {
    let (weights, odds) = (weights(configurations, parts), odds(options, configurations));
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|number| std::cmp::Reverse(weights.get(*number).copied().unwrap_or_default()));
    let (mut home, mut total) = (0u128, 0u128);
    for number in order {
        let weight = weights.get(number).copied().unwrap_or_default();
        let Some(part) = parts.get_mut(number) else { continue };
        let mut random = Random::of(options.seed, Draw::Supplier, number as u64);
        let lacks = home < total * u128::from(AROUND);
        let lean = odds.get(number).copied().unwrap_or(LEAN);
        // A part of all models: in 80 or in 20 of a hundred cases.
        let at_home = random.percent((lean + if lacks { 80 } else { 20 }).saturating_sub(LEAN));
        part.suppliers = suppliers(companies, &mut random, at_home, part.class.name == SENSITIVE);
        home += weight * u128::from(percent_from_home(companies, &part.suppliers));
        total += weight;
    }
}

/// By how much each part is more often bought at home than the least so: `LEAN` for a part of all models.
fn odds(options: &Options, configurations: &[Configuration]) -> Vec<u64> {
    let mut odds = vec![None; options.parts as usize];
    for (number, configuration) in (0u64..).zip(configurations) {
        let model = number % u64::from(options.models);
        let steps = u64::from(options.models - 1).max(1);
        let of_model = if options.models == 1 { LEAN } else { 2 * LEAN * model / steps };
        for part in configuration.parts.iter().filter(|part| **part >= options.common()) {
            if let Some(odds) = odds.get_mut(*part as usize) {
                odds.get_or_insert(of_model);
            }
        }
    }
    odds.into_iter().map(|odds| odds.unwrap_or(LEAN)).collect()
}

/// The percentage of a part's lots that its suppliers at home deliver.
fn percent_from_home(companies: &Companies, suppliers: &[u32]) -> u64 {
    let at_home = |supplier: &u32| u64::from(companies.makes_in(*supplier) == HOME);
    match suppliers.split_first() {
        Some((main, [])) => at_home(main) * 100,
        Some((main, others)) => {
            let from_others = others.iter().map(at_home).sum::<u64>() * (100 - MAIN) / others.len() as u64;
            at_home(main) * MAIN + from_others
        }
        None => 0,
    }
}

/// What each part is worth in all vehicles together.
fn weights(configurations: &[Configuration], parts: &[Part]) -> Vec<u128> {
    let mut built = vec![0u128; parts.len()];
    for configuration in configurations {
        for part in &configuration.parts {
            if let Some(built) = built.get_mut(*part as usize) {
                *built += u128::from(configuration.weight);
            }
        }
    }
    let worth = |part: &Part| part.price.unwrap_or_default().max(0) as u128 * part.quantity.max(0) as u128;
    parts.iter().zip(built).map(|(part, built)| worth(part) * built).collect()
}

/// One to three suppliers, most on the side of the first. What is sensitive is nearly always bought at home.
fn suppliers(companies: &Companies, random: &mut Random, at_home: bool, is_sensitive: bool) -> Vec<u32> {
    let at_home = if is_sensitive { !random.percent(1) } else { at_home };
    let mut found = vec![companies.pick(at_home, random)];
    for _ in 1..random.between(1, 3) {
        let other_side = random.percent(if is_sensitive { 6 } else { 40 });
        let next = companies.pick(at_home != other_side, random);
        if !found.contains(&next) {
            found.push(next);
        }
    }
    found
}
