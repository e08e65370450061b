use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use filiera_evidence::{AnyFile, ImportedBom, ReadOptions, files_of, read_any};
use filiera_finding::{BomCounts, FileInspected, Inspection, RelationshipShown};
use filiera_model::Exact;
use filiera_origin::{BomGraph, ListedLine, OriginError};
use filiera_tables::{Table, TableKind};

use crate::FilieraError;

/// Which files to look into.
#[derive(Clone, Debug, Default)]
pub struct InspectRequest {
    /// The files, or folders of files.
    pub paths: Vec<PathBuf>,
    /// List the relationships below this part.
    pub root: Option<String>,
    /// Down to this many levels; nothing: all.
    pub depth: Option<u64>,
}

/// Says what each file is and holds.
///
/// # Errors
/// [`FilieraError::Evidence`] when a file cannot be read at all; what is wrong inside one is in its
/// notes and faults.
pub fn inspect(request: &InspectRequest) -> Result<Inspection, FilieraError> {
    let mut files = Vec::new();
    for path in &request.paths {
        for path in files_of(path)? {
            let any = read_any(&path, ReadOptions::default())?;
            files.push(file(path.display().to_string(), any, request)?);
        }
    }
    Ok(Inspection { files })
}

fn file(path: String, any: AnyFile, request: &InspectRequest) -> Result<FileInspected, FilieraError> {
    let boms = boms_of(&any)?;
    let tables = any.tables.iter().map(|(kind, table)| (kind.name().to_owned(), table.len() as u64));
    let mut inspected = FileInspected {
        path,
        format: any.format.clone(),
        tables: tables.collect(),
        sums: any.sums.clone(),
        notes: any.report.notes().collect(),
        faults: any.report.faults.clone(),
        ..FileInspected::default()
    };
    if let Some(root) = &request.root {
        let mut relationships = Vec::new();
        for bom in boms.values() {
            if let Some(node) = find(&bom.graph, root) {
                let depth = request.depth.unwrap_or(u64::MAX);
                relationships.extend(bom.graph.subtree(node, depth).into_iter().map(|one| {
                    RelationshipShown {
                        parent: one.parent,
                        child: one.child,
                        quantity: one.quantity.map(|quantity| quantity.to_text()),
                        unit: one.unit,
                    }
                }));
            }
        }
        inspected.relationships = Some(relationships);
    }
    let only = boms.len() == 1;
    for (relation, bom) in boms {
        let key = if only { String::new() } else { relation };
        inspected.boms.insert(key, bom.counts());
    }
    Ok(inspected)
}

struct Bom {
    graph: BomGraph,
    entries: u64,
    described: Option<BTreeSet<String>>,
}

impl Bom {
    fn counts(&self) -> BomCounts {
        let is_described =
            self.described.as_ref().map(|described| move |part: &str| described.contains(part));
        let counts = match &is_described {
            Some(is_described) => self.graph.counts(Some(is_described)),
            None => self.graph.counts(None),
        };
        BomCounts {
            entries: self.entries,
            nodes: counts.nodes,
            rows: counts.rows,
            edges: counts.edges,
            roots: counts.roots,
            leaves: counts.leaves,
            depth: counts.depth,
            shared: counts.shared,
            max_parents: counts.max_parents,
            cycles: counts.cycles,
            missing: counts.missing,
            repeated_rows: counts.repeated_rows,
        }
    }
}

fn boms_of(any: &AnyFile) -> Result<BTreeMap<String, Bom>, FilieraError> {
    let engine = |error: OriginError| FilieraError::Engine(error.into());
    let mut boms = BTreeMap::new();
    for (relation, imported) in &any.boms {
        boms.insert(relation.clone(), imported_bom(imported).map_err(engine)?);
    }
    if let Some(table) = any.tables.get(&TableKind::Bom).filter(|_| boms.is_empty()) {
        let graph = BomGraph::from_table(table, None).map_err(engine)?;
        let described = any.tables.get(&TableKind::Parts).map(described);
        let entries = described.as_ref().map_or(0, |described| described.len() as u64);
        boms.insert(String::new(), Bom { graph, entries, described });
    }
    Ok(boms)
}

fn described(parts: &Table) -> BTreeSet<String> {
    (0..parts.len()).filter_map(|row| parts.text("part", row).map(str::to_owned)).collect()
}

fn imported_bom(imported: &ImportedBom) -> Result<Bom, OriginError> {
    let quantity = |text: &String| Exact::parse(text).ok();
    let lines = imported.lines.iter().map(|line| ListedLine {
        parent: &line.parent,
        child: &line.child,
        quantity: line.quantity.as_ref().and_then(quantity),
        unit: line.unit.as_deref(),
    });
    let graph = BomGraph::from_lines(lines, [])?;
    Ok(Bom { graph, entries: imported.entries, described: Some(imported.described.clone()) })
}

/// The node of a part id, with or without the `urn:uuid:` before it.
fn find(graph: &BomGraph, part: &str) -> Option<filiera_origin::Node> {
    let bare = part.strip_prefix("urn:uuid:").unwrap_or(part);
    graph.node(part).or_else(|| graph.node(bare)).or_else(|| graph.node(&format!("urn:uuid:{bare}")))
}
