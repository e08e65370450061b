//! A public part graph of 63,436 nodes, with published answers.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;

use filiera_origin::{BomGraph, Cycle, ListedLine, Node, Scaled, Shape, roll_up_values};
use flate2::read::GzDecoder;
use serde_json::Value;

struct Debian {
    graph: BomGraph,
    kib: BTreeMap<String, i128>,
    answers: Value,
}

fn unzip(path: std::path::PathBuf) -> String {
    let mut text = String::new();
    GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

fn debian(test: &str) -> Option<Debian> {
    let file = |ending: &str| {
        let name = format!("dag/debian-bookworm-main-amd64.{ending}");
        filiera_testkit::outside_data(test, &name)
    };
    let edges = unzip(file("edges.tsv.gz")?);
    let nodes = unzip(file("nodes.tsv.gz")?);
    let answers = serde_json::from_reader(File::open(file("answers.json")?).unwrap()).unwrap();
    let kib = nodes.lines().skip(1).map(|row| {
        let cells: Vec<&str> = row.split('\t').collect();
        (cells[0].to_owned(), cells[4].parse().unwrap_or(0))
    });
    let kib: BTreeMap<String, i128> = kib.collect();
    let lines = edges.lines().skip(1).map(|row| {
        let (parent, child) = row.split_once('\t').unwrap();
        ListedLine { parent, child, quantity: Some(filiera_model::Exact::one()), unit: None }
    });
    let graph = BomGraph::from_lines(lines, kib.keys().map(String::as_str)).unwrap();
    Some(Debian { graph, kib, answers })
}

#[test]
fn counts_are_those_published() {
    let Some(Debian { graph, kib, answers }) = debian("counts_are_those_published") else { return };
    let counts = graph.counts(Some(&|part: &str| kib.contains_key(part)));
    let answer = |key: &str| answers[key].as_u64().unwrap();
    assert_eq!(counts.nodes + counts.isolated, answer("nodes"));
    assert_eq!(counts.isolated, answer("isolated"));
    assert_eq!((counts.edges, counts.rows, counts.repeated_rows), (answer("edges"), answer("edges"), 0));
    assert_eq!((counts.roots, counts.leaves), (answer("roots"), answer("leaves")));
    assert_eq!(counts.depth, answer("condensation_depth"));
    assert_eq!(counts.max_parents, answers["max_parents"][0][1].as_u64().unwrap());
    assert_eq!(counts.missing, Vec::<String>::new());
    assert_eq!(counts.cycles.len() as u64, answer("cyclic_sccs"));
    assert!(counts.cycles.is_sorted());
    for published in answers["smallest_cycles"].as_array().unwrap() {
        let ids: Cycle = serde_json::from_value(published.clone()).unwrap();
        let found = counts.cycles.iter().find(|cycle| cycle[0] == ids[0]).unwrap();
        assert!(found.iter().all(|id| ids.contains(id)), "{found:?} in {ids:?}");
    }
}

#[test]
fn every_published_root_reaches_what_it_should() {
    let Some(Debian { graph, kib, answers }) = debian("every_published_root_reaches_what_it_should") else {
        return;
    };
    for (root, answer) in answers["from_root"].as_object().unwrap() {
        let reached = graph.reachable_from(&[graph.node(root).unwrap()]);
        assert_eq!(reached.len() as u64, answer["reachable_nodes"].as_u64().unwrap(), "{root}");
        let sum: i128 = reached.iter().map(|node| kib[graph.part(*node)]).sum();
        assert_eq!(sum, i128::from(answer["installed_kib"].as_i64().unwrap()), "{root}");
        let pairs = graph.subtree(graph.node(root).unwrap(), u64::MAX);
        assert_eq!(pairs.len() as u64, answer["edges_inside"].as_u64().unwrap(), "{root}");
    }
}

/// The way from `start` that stays in its cyclic group, found by brute force: whoever it reaches
/// and who reaches it.
fn merged(graph: &BomGraph) -> Vec<u32> {
    let mut group: Vec<u32> = (0..graph.shape().nodes() as u32).collect();
    for cycle in graph.cycles() {
        let first = graph.node(&cycle[0]).unwrap();
        let reached = graph.reachable_from(&[first]);
        for node in reached {
            if graph.reachable_from(&[node]).binary_search(&first).is_ok() {
                group[node.place()] = first.place() as u32;
            }
        }
    }
    group
}

#[test]
fn ways_down_are_counted_and_never_walked() {
    let Some(Debian { graph, answers, .. }) = debian("ways_down_are_counted_and_never_walked") else {
        return;
    };
    let group = merged(&graph);
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for parent in graph.nodes() {
        for line in graph.lines(parent) {
            pairs.push((group[parent.place()], group[line.child.place()]));
        }
    }
    pairs.retain(|(parent, child)| parent != child);
    pairs.sort_unstable();
    pairs.dedup();
    assert_eq!(pairs.len() as u64, answers["condensation_edges"].as_u64().unwrap());
    let (parents, children): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
    let shape = Shape::new(graph.shape().nodes(), &parents, children).unwrap();
    let ends: Vec<i64> =
        (0..shape.nodes() as u32).map(|node| i64::from(shape.children(node).is_empty())).collect();
    let one_each = vec![1u8; shape.rows()];
    let quantities = Scaled { unscaled: one_each.as_slice(), denominator: 1 };
    let ways = roll_up_values(&shape, quantities, Scaled { unscaled: &ends, denominator: 1 }).unwrap();
    for (root, answer) in answers["from_root"].as_object().unwrap() {
        let of = group[graph.node(root).unwrap().place()];
        let published = answer["root_to_sink_paths_in_condensation"].as_str().unwrap();
        assert_eq!(ways.get(of).unwrap().to_text(), published, "{root}");
    }
}

#[test]
fn cut_cycles_leave_everything_below_its_first_root() {
    let Some(Debian { graph, kib, .. }) = debian("cut_cycles_leave_everything_below_its_first_root") else {
        return;
    };
    assert!(graph.clone().acyclic().is_err());
    let rows = graph.shape().rows();
    let (bom, cut) = graph.clone().cut_cycles();
    assert_eq!(bom.shape().rows(), rows - cut.len());
    assert_eq!(cut.len(), 84);
    assert!(bom.cycles().is_empty());
    assert_eq!(bom.clone().graph().clone().cut_cycles().1, []);
    let all: Vec<Node> = graph.nodes().collect();
    assert_eq!(bom.reachable_from(&all), graph.reachable_from(&all));
    let own: Vec<i128> = bom.nodes().map(|node| kib[bom.part(node)]).collect();
    let totals = bom.totals(Scaled { unscaled: &own, denominator: 1 }).unwrap();
    for node in bom.nodes() {
        let mut sum = filiera_model::Exact::from_int(own[node.place()]);
        for line in bom.lines(node) {
            sum += &totals.get(line.child.place() as u32).unwrap();
        }
        assert_eq!(totals.get(node.place() as u32), Some(sum));
    }
}

#[test]
fn a_program_as_its_packages_has_the_published_depth_and_cycle() {
    let test = "a_program_as_its_packages_has_the_published_depth_and_cycle";
    for kind in ["flat", "bare"] {
        let file = format!("cyclonedx/SBOM/juice-shop/via_npm/{kind}/bom.1.4.json");
        let Some(path) = filiera_testkit::outside_data(test, &file) else { return };
        let bom: Value = serde_json::from_reader(File::open(path).unwrap()).unwrap();
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for one in bom["dependencies"].as_array().unwrap() {
            let children = one["dependsOn"].as_array().into_iter().flatten();
            pairs.extend(children.map(|child| (one["ref"].as_str().unwrap(), child.as_str().unwrap())));
        }
        let counts = BomGraph::from_pairs(pairs).unwrap().counts(None);
        assert_eq!((counts.edges, counts.depth, counts.cycles.len()), (1775, 15, 1), "{kind}");
    }
}
