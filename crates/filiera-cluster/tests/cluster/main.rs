//! A scheduler and two executors, as processes of their own: they find what one machine finds, or say that they
//! cannot.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "nodes are waited for, and whoever looks into a lost one wants to know when and what it said"
)]

mod fleet;
mod nodes;
mod s3;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use filiera::Cluster;
use filiera_fleet::synth::{Oddities, Options, Portion};
use tempfile::TempDir;

use fleet::{Checked, Written, cluster, here, same, there};
use nodes::Nodes;

fn odd(seed: u64) -> Options {
    let oddities = Oddities { parts_twice: false, ..Oddities::ALL };
    Options { oddities, unpriced: Portion::percent(4), row_group: 700, ..Options::new(200, 20, 500, seed) }
}

#[test]
fn a_fleet_judged_on_a_cluster_is_a_fleet_judged_here() {
    let nodes = Nodes::start(2, &[]);
    let papers = Options { oddities: Oddities::PAPERS, ..odd(5) };
    let fleets = [
        ("sorted", Written::new(&papers)),
        ("odd", Written::new(&odd(14))),
        ("unsorted", Written::new(&Options { unsorted: true, ..papers.clone() })),
        ("a folder in which files divide vehicles", Written::new(&odd(7)).split(7)),
        ("a vehicle that nobody lists", Written::new(&papers).strike_one()),
    ];
    for (name, fleet) in fleets {
        println!("{name}");
        let there = there(&fleet.dossier, cluster(&nodes)).unwrap_or_else(|error| panic!("{name}: {error}"));
        same(&here(&fleet.dossier), &there);
        assert_eq!(
            there.run.notes.iter().any(|note| note.first.contains("vehicle")),
            name.contains("nobody")
        );
    }
    assert!(nodes.taken(0) > 0 && nodes.taken(1) > 0);
}

/// How often an executor is lost, each time a little later; `FILIERA_KILLS` asks for more.
const KILLS: u64 = 2;

#[test]
fn an_executor_that_is_lost_costs_time_or_the_answer_and_never_its_truth() {
    let kills = std::env::var("FILIERA_KILLS").map_or(KILLS, |number| number.parse().expect("a number"));
    let fleet = Written::new(&Options { row_group: 2000, ..Options::new(1500, 40, 2000, 9) });
    let expected = here(&fleet.dossier);
    for kill in 0..kills {
        let signal = if kill % 3 == 2 { "STOP" } else { "KILL" };
        lose_one(&fleet.dossier, &expected, signal, kill as usize % 9);
    }
}

/// Loses one of two executors when it has taken so many questions; a stopped one goes on after 15 seconds.
fn lose_one(dossier: &Path, expected: &Checked, signal: &str, after: usize) {
    let nodes = Nodes::start(2, &[]);
    let begin = Instant::now();
    let asked = Cluster { patience: Some(25), range_rows: Some(3000), ..cluster(&nodes) };
    let found = thread::scope(|scope| {
        let asking = scope.spawn(|| there(dossier, asked));
        while nodes.taken(1) <= after && !asking.is_finished() {
            thread::sleep(Duration::from_millis(2));
        }
        assert!(!asking.is_finished(), "the answer was there too soon");
        nodes.signal(1, signal);
        let lost = begin.elapsed();
        if signal == "STOP" {
            thread::sleep(Duration::from_secs(15));
            nodes.signal(1, "CONT");
        }
        let found = asking.join().expect("asked");
        let told = found.as_ref().map_or_else(ToString::to_string, |_| "answered".to_owned());
        println!("{signal} after {lost:?} and {after} questions: {told} after {:?}", begin.elapsed());
        found
    });
    match found {
        Ok(found) => same(expected, &found),
        Err(error) => assert!(error.to_string().contains(&nodes.scheduler()), "{error}"),
    }
    // Who is left answers the same question.
    let again = there(dossier, Cluster { patience: Some(25), range_rows: Some(9000), ..cluster(&nodes) });
    same(expected, &again.unwrap_or_else(|error| panic!("{error}")));
}

#[test]
fn rows_in_an_object_store_are_added_up_where_they_are() {
    let fleet = Written::new(&odd(6)).split(3);
    let expected = here(&fleet.dossier);
    let folder = TempDir::new().expect("a folder");
    let away = folder.path().join("installed");
    fleet.installed_away(&away);
    let store = s3::Store::start();
    store.fill("fleet", &away);
    let nodes = Nodes::start(2, &store.environment());
    let before = store.objects("fleet");
    assert_eq!(before.len(), 3);
    // The rows stand in the store; what was judged is shipped there, and gone afterwards.
    let (rows, share) = (Some("s3://fleet/".to_owned()), Some("s3://shared/of/all".to_owned()));
    store.bucket("shared");
    let there = there(&fleet.dossier, Cluster { rows, share, ..cluster(&nodes) });
    same(&expected, &there.unwrap_or_else(|error| panic!("{error}")));
    assert_eq!(store.objects("fleet"), before);
    assert!(store.objects("shared").is_empty());
}

#[test]
fn what_cannot_be_asked_is_said() {
    let fleet = Written::new(&odd(3));
    let failed = |nodes: &Nodes, change: fn(Cluster) -> Cluster| {
        there(&fleet.dossier, change(cluster(nodes))).map(|_| ()).expect_err("an error").to_string()
    };
    let mut nodes = Nodes::start(0, &[]);
    let nobody = failed(&nodes, |cluster| Cluster { patience: Some(1), tries: Some(2), ..cluster });
    assert!(nobody.contains("was asked 2 times about") && nobody.contains(&nodes.scheduler()), "{nobody}");
    assert!(nobody.contains("no answer for 1 s") || nobody.contains("has failed"), "{nobody}");
    let nowhere =
        failed(&nodes, |cluster| Cluster { rows: Some("/nowhere/installed.parquet".into()), ..cluster });
    assert!(nowhere.contains("/nowhere/installed.parquet"), "{nowhere}");
    nodes.kill_scheduler();
    let gone = failed(&nodes, |cluster| Cluster { tries: Some(1), ..cluster });
    assert!(gone.contains("no scheduler listens there"), "{gone}");
}

#[test]
fn a_statement_that_would_pass_rows_between_executors_is_refused() {
    let nodes = Nodes::start(1, &[]);
    let fleet = Written::new(&Options::new(10, 5, 20, 1));
    let table = format!("installed={}", fleet.dossier.join("installed.parquet").display());
    let one = nodes.query("SELECT vehicle, COUNT(*) AS n FROM installed GROUP BY vehicle;", &table, "60");
    assert!(one.status.success(), "{}", String::from_utf8_lossy(&one.stderr));
    assert_eq!(filiera_fleet::read_rows(&nodes.answer()).expect("an answer").num_rows(), 10);
    let twice =
        nodes.query("SELECT vehicle FROM installed UNION ALL SELECT part FROM installed", &table, "60");
    let told = String::from_utf8_lossy(&twice.stderr).into_owned();
    assert!(!twice.status.success() && told.contains("more than one piece of work"), "{told}");
}
