use std::fs::File;
use std::io::Read;
use std::path::Path;

/// How a file is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Values separated by commas, semicolons or bars.
    Csv,
    /// Values separated by tabs.
    Tsv,
    /// An Excel workbook.
    Xlsx,
    /// One JSON object per line, or one array of objects.
    JsonLines,
    /// Apache Parquet.
    Parquet,
    /// JSON or XML of an outside format: see [`crate::formats`].
    Imported,
}

impl Format {
    /// The name that `inspect` shows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Xlsx => "xlsx",
            Self::JsonLines => "jsonl",
            Self::Parquet => "parquet",
            Self::Imported => "json",
        }
    }

    /// The format that a file's ending promises.
    pub fn of_ending(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "txt" => Some(Self::Csv),
            "tsv" | "tab" => Some(Self::Tsv),
            "xlsx" | "xlsm" => Some(Self::Xlsx),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "parquet" | "pq" => Some(Self::Parquet),
            "json" | "xml" => Some(Self::Imported),
            _ => None,
        }
    }
}

/// How a file is built, by its ending, or else by its first bytes.
///
/// The first bytes overrule an ending that they contradict: a workbook saved as `.csv` is common.
pub(crate) fn sniff(path: &Path) -> std::io::Result<Format> {
    let mut start = [0u8; 512];
    let mut file = File::open(path)?;
    let mut length = 0;
    while let Some(rest) = start.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            read => length += read,
        }
    }
    let start = start.get(..length).unwrap_or(&[]);
    let ending = Format::of_ending(path);
    Ok(match start {
        [b'P', b'A', b'R', b'1', ..] => Format::Parquet,
        [b'P', b'K', 3, 4, ..] => Format::Xlsx,
        _ => ending.unwrap_or_else(|| by_text(start)),
    })
}

fn by_text(start: &[u8]) -> Format {
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf));
    match first {
        Some(b'{' | b'[' | b'<') => Format::Imported,
        _ if start.split(|byte| *byte == b'\n').next().is_some_and(|line| line.contains(&b'\t')) => {
            Format::Tsv
        }
        _ => Format::Csv,
    }
}
