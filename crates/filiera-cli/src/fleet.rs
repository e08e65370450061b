use anyhow::Result;
use filiera::{ExitBy, FilieraError, Fleet, exit_code_of};
use filiera_report::{json, text};

use crate::arguments::{Check, Format};
use crate::check::{exit_by, warn};
use crate::output::{Screen, write};
use crate::progress::Progress;

/// A check of a fleet whose installed parts are streamed.
pub fn run(arguments: &Check, screen: &Screen, fleet: &Fleet, format: Format) -> Result<u8> {
    let run = {
        let progress = Progress::of_rows("judging");
        fleet.check(&|done, of| progress.tell_rows(done, of))?
    };
    let out = arguments.output.out.as_deref();
    let options = screen.text(arguments.verbose, &arguments.read.dossier);
    write(out, false, |out| match format {
        Format::Json => Ok(out.write_all(json::fleet(&run).as_bytes())?),
        _ => Ok(out.write_all(text::fleet(&run, &options).as_bytes())?),
    })?;
    warn(&run.left_out, arguments.verbose);
    Ok(exit_code_of(run.deciding(exit_by(arguments.exit) == ExitBy::Legal)))
}

/// Whether the dossier can be read whole instead.
pub fn can_be_held(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(FilieraError::Fleet(error)) if error.can_be_held())
}
