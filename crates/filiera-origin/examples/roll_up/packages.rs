use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Context;
use filiera_model::Exact;
use filiera_origin::{BomGraph, ListedLine, Scaled};
use flate2::read::GzDecoder;

/// Totals the installed size of every package through its dependencies, cycles cut.
pub fn run(nodes: &Path, edges: &Path, out: Option<&Path>) -> anyhow::Result<()> {
    let (nodes, edges) = (unzip(nodes)?, unzip(edges)?);
    let one = Exact::one();
    let lines = edges
        .lines()
        .skip(1)
        .filter_map(|row| row.split_once('\t'))
        .map(|(parent, child)| ListedLine { parent, child, quantity: Some(one.clone()), unit: None });
    let sizes = nodes.lines().skip(1).filter_map(|row| {
        let mut cells = row.split('\t');
        Some((cells.next()?, cells.nth(3)?.parse::<i128>().unwrap_or(0)))
    });
    let (bom, _cut) = BomGraph::from_lines(lines, sizes.clone().map(|(part, _)| part))?.cut_cycles();
    let mut own = vec![0i128; bom.shape().nodes()];
    for (part, kib) in sizes {
        let node = bom.node(part).context("a package that is not in the graph")?;
        own[node.place()] = kib;
    }
    let totals = bom.totals(Scaled { unscaled: &own, denominator: 1 })?;
    crate::report(bom.names(), &totals, out)
}

fn unzip(path: &Path) -> anyhow::Result<String> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text)?;
    Ok(text)
}
