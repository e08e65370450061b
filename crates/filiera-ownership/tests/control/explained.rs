//! Explanations against what they explain: chains add up, and facts that decide do decide.

use filiera_model::{Exact, Mark};
use filiera_ownership::{Fact, Metric};
use filiera_testkit::Tape;
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::draft::{Draft, Row};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn n(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

/// Companies that hold parts of each other, in twentieths; `bands`: some of them from one value to another;
/// `cycles`: whatever comes, else only later ones hold earlier ones.
fn draft(tape: &mut Tape<'_>, companies: usize, bands: bool, cycles: bool) -> Draft {
    let mut draft = Draft::default();
    let names: Vec<String> =
        (0..companies).map(|one| format!("C{one}")).chain(["P".to_owned(), "Q".to_owned()]).collect();
    for (number, company) in names[..companies].iter().enumerate() {
        let mut left = 20;
        let owners = if cycles { &names[..] } else { &names[number..] };
        for owner in owners.iter().filter(|owner| *owner != company) {
            if left == 0 || tape.below(2) == 0 {
                continue;
            }
            let least = tape.below(left + 1);
            left -= least;
            let most = if bands && tape.below(2) == 0 { (least + tape.below(8)).min(20) } else { least };
            let share = |parts: usize| Some(format!("{}%", 5 * parts));
            let (owner, company) = (owner.clone(), company.clone());
            draft.rows.push(Row { owner, company, min: share(least), max: share(most), ..Row::default() });
        }
    }
    if tape.one_in(2) {
        draft.complete = Some(None);
    }
    draft
}

proptest! {
    #![proptest_config(config(120))]

    /// The products of all chains times their loop factors are the holding.
    #[test]
    fn chains_add_up(tape in proptest::collection::vec(any::<u8>(), 0..80)) {
        let mut tape = Tape::new(&tape);
        let companies = 1 + tape.below(5);
        let snapshot = draft(&mut tape, companies, false, true).snapshot();
        let register = snapshot.register();
        for owner in register.parties() {
            for company in register.parties().filter(|company| *company != owner) {
                let found = snapshot.chains(owner, company, Metric::Equity, 10_000);
                assert!(!found.more);
                let marks = |party| if party == owner { Mark::Yes } else { Mark::No };
                let held = snapshot.reach(company, Metric::Equity, &marks, Mark::No).lower.value.unwrap();
                let parts = found.chains.iter().map(|chain| Some(&chain.product.least * chain.loops.as_ref()?));
                // No factor: a set of companies wholly owns itself.
                let Some(parts) = parts.collect::<Option<Vec<Exact>>>() else { continue };
                let names = (register.name(owner), register.name(company));
                assert_eq!(parts.into_iter().sum::<Exact>(), held, "{names:?}");
            }
        }
    }

    /// A share that is said to decide decides with every value that is said to; and with no other, unless
    /// in a cycle it settles whose votes are suspended as well.
    #[test]
    fn deciding_shares_decide(tape in proptest::collection::vec(any::<u8>(), 0..60)) {
        let mut tape = Tape::new(&tape);
        let companies = 1 + tape.below(4);
        let cycles = tape.below(2) == 0;
        let draft = draft(&mut tape, companies, true, cycles);
        let view = draft.control();
        let parties: Vec<_> = view.0.snapshot().register().parties().collect();
        for company in view.0.companies() {
            for party in parties.iter().copied().filter(|party| *party != company) {
                for one in view.0.what_decides(party, company) {
                    let names = (view.name(party), view.name(company));
                    match &one.fact {
                        Fact::Share { rows, known, settles, .. } => {
                            for fortieths in 0..=40 {
                                let share = &n("1/40") * &Exact::from_int(fortieths);
                                let inside = |band: &filiera_ownership::Band| {
                                    (share > band.least || (share == band.least && !band.least_open))
                                        && (share < band.most || (share == band.most && !band.most_open))
                                };
                                if !inside(known) {
                                    continue;
                                }
                                let mut known = draft.clone();
                                let row = &mut known.rows[rows[0] as usize];
                                (row.min, row.max, row.share) = (None, None, Some(share.to_text()));
                                let then = known.control();
                                if then.0.snapshot().conflicts().next().is_some() {
                                    continue;
                                }
                                let mark = then.mark(&names.0, &names.1);
                                let decides = mark == one.becomes;
                                assert!(decides || !inside(settles), "{names:?} {one:?} at {share}");
                                assert!(cycles || !decides || inside(settles), "{names:?} {one:?} at {share}");
                            }
                        }
                        Fact::Complete { company: which } => {
                            let mut known = draft.clone();
                            known.complete = Some(Some(vec![view.name(*which)]));
                            assert_eq!(known.control().mark(&names.0, &names.1), one.becomes, "{names:?} {one:?}");
                        }
                        _ => {}
                    }
                }
            }
        }
    }
}
