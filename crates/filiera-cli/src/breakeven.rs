use anyhow::Result;
use filiera::{ExitBy, Question, breakeven, exit_code};
use filiera_report::{json, text};

use crate::arguments::{Breakeven, Plain};
use crate::check::{library, pack_and_name, request};
use crate::output::{Screen, print};
use crate::progress::Progress;

pub fn run(arguments: &Breakeven, screen: &Screen) -> Result<u8> {
    let library = library(arguments.read.by.packs_dir.as_deref())?;
    let (pack, condition) = pack_and_name(&arguments.condition);
    let question =
        Question { pack, condition, reading: arguments.reading.as_deref(), subject: &arguments.subject };
    let asked = request(&arguments.read, arguments.reading.is_some());
    let found = {
        let progress = Progress::new("trying prices");
        breakeven(&asked, &library, question, &arguments.parts, &|done, of| progress.tell(done, of))?
    };
    match arguments.format {
        Plain::Text => {
            print(&text::breakeven(&found, &screen.text(false, &arguments.read.dossier)))?;
        }
        Plain::Json => print(&json::breakeven(&found))?,
    }
    let finding = filiera_finding::Finding { reading: None, ..found.finding };
    Ok(exit_code(&[finding], ExitBy::Legal))
}
