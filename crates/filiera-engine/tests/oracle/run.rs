use filiera_oracle::Scenario;
use filiera_testkit::{Tape, random_scenario};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

/// So many completions of one vehicle are written out; what has more is left out and not counted.
pub const MOST: usize = 1_500;

/// Judges `count` random scenarios, the same ones on every run; a failure is shrunk and shown.
pub fn for_each_scenario(
    seed: u64,
    count: u32,
    check: impl Fn(&Scenario, &[u8]) -> Result<(), TestCaseError>,
) {
    let config = Config {
        cases: count,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        max_global_rejects: count * 2,
        ..Config::default()
    };
    let tapes = prop::collection::vec(any::<u8>(), 40..320);
    let outcome = TestRunner::new(config).run(&tapes, |tape| {
        let scenario = random_scenario(&mut Tape::new(&tape));
        check(&scenario, &tape)
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
