use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Something wrong with a file: where it stands, what it is, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file as the user named it.
    pub file: String,
    /// The row, counted from 1 with the header; nothing when the whole file is meant.
    pub row: Option<u32>,
    /// The column as the file calls it, or a JSON pointer.
    pub column: Option<String>,
    /// A stable code, `table/kind`: `number/bad`, `bom/cycle`.
    pub code: String,
    /// What is wrong: lower case, no full stop, the user's values in backticks.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl Fault {
    /// The object of `inspect --format json` and of the reader report.
    pub fn to_json(&self) -> Value {
        json!({
            "file": self.file, "row": self.row, "column": self.column,
            "code": self.code, "message": self.message, "remedy": self.remedy,
        })
    }
}

/// A kind of tolerable oddity, such as `unknown country` or `formula cell`.
pub type NoteKind = String;

/// How often a tolerable oddity was seen in a file, and where first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The file.
    pub file: String,
    /// What was seen.
    pub kind: NoteKind,
    /// How often.
    pub count: u64,
    /// Where first, with the value: `row 7, column origin: XX`.
    pub first: String,
}

/// Everything a reader has to say about the files it read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReaderReport {
    /// Faults, in the order of files and rows.
    pub faults: Vec<Fault>,
    /// Faults whose rows were set aside, as the dossier asked: they stop nothing, but the subjects
    /// they touch stay undetermined.
    pub set_aside: Vec<Fault>,
    notes: BTreeMap<(String, NoteKind), (u64, String)>,
}

impl ReaderReport {
    /// Adds a fault.
    pub fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Counts one oddity; the first place is kept.
    pub fn note(&mut self, file: &str, kind: impl Into<NoteKind>, place: impl FnOnce() -> String) {
        let entry = self.notes.entry((file.to_owned(), kind.into()));
        entry.and_modify(|(count, _)| *count += 1).or_insert_with(|| (1, place()));
    }

    /// The oddities, by file and kind.
    pub fn notes(&self) -> impl Iterator<Item = Note> + '_ {
        self.notes.iter().map(|((file, kind), (count, first))| Note {
            file: file.clone(),
            kind: kind.clone(),
            count: *count,
            first: first.clone(),
        })
    }

    /// Takes over what another report says.
    pub fn merge(&mut self, other: Self) {
        self.faults.extend(other.faults);
        self.set_aside.extend(other.set_aside);
        for (key, (count, first)) in other.notes {
            self.notes.entry(key).and_modify(|(have, _)| *have += count).or_insert((count, first));
        }
    }

    /// Whether there are no faults but those set aside.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    /// `{"faults": […], "set_aside": […], "notes": […]}`.
    pub fn to_json(&self) -> Value {
        let notes: Vec<Value> = self.notes().map(|note| note.to_json()).collect();
        let list = |faults: &[Fault]| faults.iter().map(Fault::to_json).collect::<Vec<_>>();
        json!({"faults": list(&self.faults), "set_aside": list(&self.set_aside), "notes": notes})
    }
}

impl Note {
    /// `{"file", "kind", "count", "first"}`.
    pub fn to_json(&self) -> Value {
        json!({"file": self.file, "kind": self.kind, "count": self.count, "first": self.first})
    }
}
