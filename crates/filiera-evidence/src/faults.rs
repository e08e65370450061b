use std::collections::BTreeMap;

use filiera_finding::{Fault, ReaderReport};

/// Whether a faulty row stops the run or is set aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFault {
    /// The run stops once everything was read.
    #[default]
    Stop,
    /// The row is left out and listed; whatever it touches stays undetermined.
    SetAside,
}

/// Collects what one reading of one file finds: faults up to a limit, every faulty row, notes.
pub(crate) struct FileFaults {
    file: String,
    on_fault: OnFault,
    limit: usize,
    listed: Vec<(bool, Fault)>,
    hidden: [u64; 2],
    rows: BTreeMap<u32, String>,
    lost: Vec<LostRow>,
    notes: ReaderReport,
}

/// A row that could not be taken apart into the columns of its file.
pub(crate) struct LostRow {
    /// The row.
    pub row: u32,
    /// Its fields by the column names of the file, as far as they go.
    pub cells: BTreeMap<String, String>,
}

/// What a fault says, apart from where it stands.
pub(crate) struct Saying {
    /// `table/kind`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

impl Saying {
    pub fn new(code: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { code, message: message.into(), remedy: remedy.into() }
    }
}

impl FileFaults {
    /// For the file as the user named it; at most `limit` faults are listed, the rest counted.
    pub fn new(file: &str, on_fault: OnFault, limit: usize) -> Self {
        Self {
            file: file.to_owned(),
            on_fault,
            limit,
            listed: Vec::new(),
            hidden: [0, 0],
            rows: BTreeMap::new(),
            lost: Vec::new(),
            notes: ReaderReport::default(),
        }
    }

    /// The file as the user named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What happens to faulty rows.
    pub fn on_fault(&self) -> OnFault {
        self.on_fault
    }

    /// A fault of the whole file or of a whole column; it stops, whatever the table asks.
    pub fn whole(&mut self, row: Option<u32>, column: Option<&str>, saying: Saying) {
        self.list(false, row, column, saying);
    }

    /// A fault of one row.
    pub fn row(&mut self, row: u32, column: Option<&str>, saying: Saying) {
        self.rows.entry(row).or_insert_with(|| saying.message.clone());
        let set_aside = self.on_fault == OnFault::SetAside;
        self.list(set_aside, Some(row), column, saying);
    }

    /// Sets a row aside because of a fault that another row already names.
    pub fn touch(&mut self, row: u32, message: &str) {
        self.rows.entry(row).or_insert_with(|| message.to_owned());
    }

    /// Keeps the fields of a row that could not be read, to find the subjects it touches.
    pub fn lose(&mut self, row: u32, cells: BTreeMap<String, String>) {
        if self.on_fault == OnFault::SetAside {
            self.lost.push(LostRow { row, cells });
        }
    }

    /// The rows that could not be read.
    pub fn lost(&mut self) -> Vec<LostRow> {
        std::mem::take(&mut self.lost)
    }

    fn list(&mut self, set_aside: bool, row: Option<u32>, column: Option<&str>, saying: Saying) {
        if self.listed.len() >= self.limit {
            let [stopping, aside] = &mut self.hidden;
            *if set_aside { aside } else { stopping } += 1;
            return;
        }
        let Saying { code, message, remedy } = saying;
        let (file, column) = (self.file.clone(), column.map(str::to_owned));
        self.listed.push((set_aside, Fault { file, row, column, code: code.to_owned(), message, remedy }));
    }

    /// Counts an oddity.
    pub fn note(&mut self, kind: &str, place: impl FnOnce() -> String) {
        self.notes.note(&self.file, kind, place);
    }

    /// Counts an oddity of a cell.
    pub fn note_cell(&mut self, kind: &str, row: u32, column: &str, text: &str) {
        self.note(kind, || format!("row {row}, column {column}: {text}"));
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// Takes over what another reading of the same file found.
    pub fn take_over(&mut self, other: Self) {
        self.listed.extend(other.listed);
        self.rows.extend(other.rows);
        self.notes.merge(other.notes);
    }

    /// The faulty rows, each with its first fault.
    pub fn rows(&self) -> &BTreeMap<u32, String> {
        &self.rows
    }

    /// Hands everything to the report, faults by row.
    pub fn finish(mut self, report: &mut ReaderReport) {
        self.listed.sort_by_key(|(_, fault)| fault.row);
        for (set_aside, fault) in self.listed {
            if set_aside { report.set_aside.push(fault) } else { report.faults.push(fault) }
        }
        let [stopping, aside] = self.hidden;
        for (count, list) in [(stopping, &mut report.faults), (aside, &mut report.set_aside)] {
            if count > 0 {
                list.push(Fault {
                    file: self.file.clone(),
                    row: None,
                    column: None,
                    code: "file/more".to_owned(),
                    message: format!("and {count} more faults"),
                    remedy: "correct those listed first".to_owned(),
                });
            }
        }
        report.merge(self.notes);
    }
}
