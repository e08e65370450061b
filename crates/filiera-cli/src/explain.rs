use anyhow::Result;
use filiera::{ExitBy, FLEET_ROWS, Question, exit_code, explain};
use filiera_report::{json, text};

use crate::arguments::{Explain, Judge, Plain};
use crate::check::{library, pack_and_name, request};
use crate::output::{Screen, print};

pub fn run(arguments: &Explain, screen: &Screen) -> Result<u8> {
    let library = library(arguments.read.by.packs_dir.as_deref())?;
    let request = request(&arguments.read, arguments.reading.is_some());
    let (pack, condition) = pack_and_name(&arguments.condition);
    let question =
        Question { pack, condition, reading: arguments.reading.as_deref(), subject: &arguments.subject };
    let fleet_from = match arguments.judge {
        Judge::Auto => FLEET_ROWS,
        Judge::Lots => 0,
        Judge::Rows => u64::MAX,
    };
    let explanation = explain(&request, &library, question, fleet_from)?;
    let finding = explanation.finding.clone();
    let explanations = [explanation];
    match arguments.format {
        Plain::Text => {
            print(&text::explain(&explanations, &screen.text(arguments.verbose, &arguments.read.dossier)))?;
        }
        Plain::Json => print(&json::explain(&explanations))?,
    }
    Ok(exit_code(&[filiera_finding::Finding { reading: None, ..finding }], ExitBy::Legal))
}
