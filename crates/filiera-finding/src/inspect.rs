use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{Fault, Note};

/// What `filiera inspect` says of its files. JSON: `filiera.inspect/1`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// One entry per file, in the order they were named.
    pub files: Vec<FileInspected>,
}

/// What one file is and holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileInspected {
    /// The path as the user named it.
    pub path: String,
    /// The format: `csv`, `xlsx`, `catena-x test container`, `cyclonedx 1.6`, …
    pub format: String,
    /// Rows per canonical table the file fills.
    pub tables: BTreeMap<String, u64>,
    /// Counts of the bill of materials. The key is the life-cycle relation (`as_built`,
    /// `as_planned`, …) when the file holds several, and empty when it holds one.
    pub boms: BTreeMap<String, BomCounts>,
    /// Sums by column and currency: `value` → `USD` → `1253.31`.
    pub sums: BTreeMap<String, BTreeMap<String, String>>,
    /// The relationships below `--root`.
    pub relationships: Option<Vec<RelationshipShown>>,
    /// Tolerable oddities.
    pub notes: Vec<Note>,
    /// Faults.
    pub faults: Vec<Fault>,
}

/// A line below `--root`, as listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationshipShown {
    /// The part that contains.
    pub parent: String,
    /// The part that is contained.
    pub child: String,
    /// How many go into one parent.
    pub quantity: Option<String>,
    /// The unit.
    pub unit: Option<String>,
}

/// A cycle: the parts on it, in order; the first follows the last.
pub type Cycle = Vec<String>;

/// The shape of a bill of materials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BomCounts {
    /// Entries of the file with at least one aspect (twins, components).
    pub entries: u64,
    /// Distinct parts that stand on some line.
    pub nodes: u64,
    /// Lines as listed.
    pub rows: u64,
    /// Distinct parent–child pairs.
    pub edges: u64,
    /// Nodes without a parent.
    pub roots: u64,
    /// Nodes without a child.
    pub leaves: u64,
    /// Edges on the longest way down, cycles cut.
    pub depth: u64,
    /// Nodes with more than one parent.
    pub shared: u64,
    /// The most parents a node has.
    pub max_parents: u64,
    /// The cycles found.
    pub cycles: Vec<Cycle>,
    /// Children that no entry describes.
    pub missing: Vec<String>,
    /// Lines that repeat a parent–child pair.
    pub repeated_rows: u64,
}

impl Inspection {
    /// The object of `filiera inspect --format json`.
    pub fn to_json(&self) -> Value {
        let files: Vec<Value> = self.files.iter().map(FileInspected::to_json).collect();
        json!({"schema": "filiera.inspect/1", "files": files})
    }
}

impl FileInspected {
    fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("path".into(), json!(self.path));
        object.insert("format".into(), json!(self.format));
        object.insert("tables".into(), json!(self.tables));
        match (self.boms.len(), self.boms.get("")) {
            (0, _) => {}
            (1, Some(only)) => {
                object.insert("bom".into(), only.to_json());
            }
            _ => {
                let keyed: Map<String, Value> =
                    self.boms.iter().map(|(relation, bom)| (relation.clone(), bom.to_json())).collect();
                object.insert("bom".into(), Value::Object(keyed));
            }
        }
        object.insert("sums".into(), json!(self.sums));
        if let Some(relationships) = &self.relationships {
            let rows: Vec<Value> = relationships
                .iter()
                .map(|one| {
                    json!({
                        "parent": one.parent, "child": one.child,
                        "quantity": one.quantity, "unit": one.unit,
                    })
                })
                .collect();
            object.insert("relationships".into(), Value::Array(rows));
        }
        object.insert("notes".into(), self.notes.iter().map(Note::to_json).collect());
        object.insert("faults".into(), self.faults.iter().map(Fault::to_json).collect());
        Value::Object(object)
    }
}

impl BomCounts {
    fn to_json(&self) -> Value {
        json!({
            "entries": self.entries, "nodes": self.nodes, "rows": self.rows, "edges": self.edges,
            "roots": self.roots, "leaves": self.leaves, "depth": self.depth, "shared": self.shared,
            "max_parents": self.max_parents, "cycles": self.cycles, "missing": self.missing,
            "repeated_rows": self.repeated_rows,
        })
    }
}
