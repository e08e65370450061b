use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use filiera_testkit::workspace_root;
use serde_json::Value;
use tempfile::TempDir;

/// Both clocks stand still, so that no answer depends on the day of the test.
pub const CLOCKS: [&str; 4] = ["--law-as-of", "2026-11-22", "--facts-as-of", "2026-11-22"];

/// What one run left behind.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
    pub bytes: Vec<u8>,
}

/// Runs `filiera` in a folder, 100 columns wide and without colour.
pub fn filiera(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command: Command = assert_cmd::cargo::cargo_bin_cmd!("filiera");
    command.current_dir(folder).env("COLUMNS", "100").env_remove("NO_COLOR").args(["--color", "never"]);
    let output = command.args(arguments).output().expect("the command starts");
    Ran {
        code: output.status.code().expect("the command ends by itself"),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
        bytes: output.stdout,
    }
}

/// `filiera check` with both clocks standing still.
pub fn check(folder: &Path, dossier: &str, more: &[&str]) -> Ran {
    let arguments: Vec<&str> = ["check", dossier].iter().chain(&CLOCKS).chain(more).copied().collect();
    filiera(folder, &arguments)
}

impl Ran {
    /// What a person at the terminal sees.
    pub fn seen(&self) -> String {
        let part = |name: &str, text: &str| {
            if text.is_empty() { String::new() } else { format!("--- {name}\n{text}") }
        };
        format!("exit {}\n{}{}", self.code, part("stdout", &self.out), part("stderr", &self.err))
    }

    /// The findings of `--format json`.
    pub fn findings(&self) -> Vec<Value> {
        let parsed: Result<Vec<Value>, _> = serde_json::from_str(&self.out);
        parsed.unwrap_or_else(|error| panic!("{error}: {}", self.seen()))
    }

    /// The one file of `inspect --format json`.
    pub fn inspected(&self) -> Value {
        self.inspection().into_iter().next().unwrap_or_default()
    }

    /// The files of `inspect --format json`.
    pub fn inspection(&self) -> Vec<Value> {
        let parsed: Value =
            serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.seen()));
        parsed["files"].as_array().cloned().unwrap_or_default()
    }

    /// Fails unless this is refused input: exit 2, a message, and no result.
    pub fn refused(&self) -> &Self {
        assert_eq!(self.code, 2, "{}", self.seen());
        assert!(self.out.is_empty() && !self.err.is_empty(), "{}", self.seen());
        self
    }
}

/// Which finding: pack, condition, reading and subject.
pub type Key = (String, String, String, String);

/// Range and legal verdict of every finding.
pub fn verdicts(findings: &[Value]) -> BTreeMap<Key, (String, String)> {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let entry = |one: &Value| {
        let key = (text(one, "pack"), text(one, "condition"), text(one, "reading"), text(one, "subject"));
        (key, (text(one, "verdict"), text(one, "legal")))
    };
    findings.iter().map(entry).collect()
}

/// Folder of the workspace, where `examples` stands.
pub fn root() -> PathBuf {
    workspace_root()
}

/// A copy of an example in a folder of its own.
pub fn copy_of(example: &str) -> Written {
    let written = Written::empty();
    copy_folder(&root().join(example), written.path());
    written
}

pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &to);
        } else {
            fs::copy(&path, to).expect("a copy");
        }
    }
}

/// A folder that is gone after the test.
pub struct Written(TempDir);

impl Written {
    pub fn empty() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// A small dossier without faults: three vehicles; V1 and V2 meet `content`, V3 may.
    pub fn dossier() -> Self {
        let mut written = Self::empty();
        for (name, text) in SMALL {
            written = written.with(name, text);
        }
        written
    }

    pub fn with(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.path().join(name), text).expect("a file");
        self
    }

    pub fn without(self, name: &str) -> Self {
        fs::remove_file(self.0.path().join(name)).expect("a file");
        self
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).expect("a file")
    }

    /// Checks what was written.
    pub fn check(&self, more: &[&str]) -> Ran {
        check(self.path(), ".", more)
    }

    /// Names of the files, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a folder");
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
        let mut names: Vec<String> = entries.map(|one| name(one).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

pub const SMALL: [(&str, &str); 6] = [
    ("dossier.toml", "title = \"Small\"\npacks = [\"pack.toml\"]\ncurrency = \"EUR\"\n"),
    ("pack.toml", PACK),
    ("parts.csv", PARTS),
    ("bom.csv", BOM),
    ("declarations.csv", DECLARATIONS),
    ("vehicles.csv", VEHICLES),
];

pub const PACK: &str = "\
[pack]
title = \"A small law\"
status = \"draft\"

[condition.content]
title = \"At least half of the value comes from Italy\"
per = \"vehicle\"
share = { of = \"components\", weigh = \"value\", where = \"origin = 'IT'\" }
at_least = \"50 %\"
";

pub const PARTS: &str = "\
part,name,class,procurement,supplier,unit_value,currency,mass_kg
DOOR,door,body,buy,S1,60,EUR,20
SEAT,seat,interior,buy,S2,40,EUR,15
LAMP,lamp,light,buy,S2,100,EUR,2
";

pub const BOM: &str = "\
parent,child,quantity
CAR,DOOR,1
CAR,SEAT,1
VAN,DOOR,2
VAN,LAMP,1
";

pub const DECLARATIONS: &str = "\
part,origin,signed_on
DOOR,IT,2026-01-10
SEAT,PL,2026-01-10
";

pub const VEHICLES: &str = "\
vehicle,root,built_on
V1,CAR,2026-03-01
V2,CAR,2026-03-02
V3,VAN,2026-03-02
";
