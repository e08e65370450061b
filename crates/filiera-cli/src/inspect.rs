use std::path::Path;

use anyhow::Result;
use filiera::{InspectRequest, inspect};
use filiera_report::{json, text};

use crate::BAD_INPUT;
use crate::arguments::{Inspect, Plain};
use crate::output::{Screen, print};

pub fn run(arguments: &Inspect, screen: &Screen) -> Result<u8> {
    let request = InspectRequest {
        paths: arguments.files.clone(),
        root: arguments.root.clone(),
        depth: arguments.depth,
    };
    let inspection = inspect(&request)?;
    match arguments.format {
        Plain::Text => print(&text::inspection(&inspection, &screen.text(arguments.verbose, Path::new(""))))?,
        Plain::Json => print(&json::inspect(&inspection))?,
    }
    let has_faults = inspection.files.iter().any(|file| !file.faults.is_empty());
    Ok(if has_faults { BAD_INPUT } else { 0 })
}
