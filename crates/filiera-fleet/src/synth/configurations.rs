use super::Options;
use super::random::{Draw, Random};

/// What some vehicles are made of.
#[derive(Clone, Debug)]
pub(super) struct Configuration {
    /// The root of its bill of materials.
    pub(super) root: String,
    pub(super) model: String,
    /// Its parts, in rising order.
    pub(super) parts: Vec<u32>,
    /// How often it is built, beside the others.
    pub(super) weight: u64,
}

/// Parts in the order in which configurations take them up, after those that all have.
pub(super) fn own_parts(options: &Options) -> Vec<u32> {
    let mut own: Vec<u32> = (options.common()..options.parts).collect();
    Random::of(options.seed, Draw::Order, 0).shuffle(&mut own);
    own
}

/// Every configuration has the common parts and takes the next ones of the others in turn; past the end it
/// begins again, so that configurations share some of those too.
pub(super) fn configurations(options: &Options, own: &[u32]) -> Vec<Configuration> {
    let (common, each) = (options.common(), (options.lines - options.common()) as usize);
    (0..options.configurations)
        .map(|number| {
            let first = number as usize * each;
            let taken = (first..first + each).filter_map(|place| own.get(place % own.len().max(1)));
            let mut parts: Vec<u32> = (0..common).chain(taken.copied()).collect();
            parts.sort_unstable();
            let mut random = Random::of(options.seed, Draw::Order, 1 + u64::from(number));
            Configuration {
                root: format!("K{:04}", number + 1),
                model: format!("M{:02}", number % options.models + 1),
                parts,
                weight: random.between(1, 4),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_in_use_is_in_some_configuration() {
        for (lines, parts, count) in [(10, 40, 12), (10, 400, 3), (1, 1, 1), (7, 7, 5), (3, 9, 2)] {
            let mut options = Options::new(1, lines, 1_000, 5);
            (options.parts, options.configurations) = (parts, count);
            let made = configurations(&options, &own_parts(&options));
            assert!(made.iter().all(|one| one.parts.len() == lines as usize), "{lines} {parts}");
            let mut used: Vec<u32> = made.iter().flat_map(|one| one.parts.clone()).collect();
            let in_one = |one: &Configuration| one.parts.windows(2).all(|pair| pair[0] < pair[1]);
            assert!(made.iter().all(in_one), "a part stands twice");
            used.sort_unstable();
            used.dedup();
            assert_eq!(used.len(), options.used_parts() as usize);
        }
    }
}
