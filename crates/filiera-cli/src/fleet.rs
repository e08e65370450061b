use anyhow::Result;
use filiera::{ExitBy, Fleet, exit_code_of};
use filiera_report::text;

use crate::arguments::Check;
use crate::check::{exit_by, warn};
use crate::output::{Screen, write};
use crate::progress::Progress;

/// A check of a fleet whose installed parts are streamed.
pub fn run(arguments: &Check, screen: &Screen, fleet: &Fleet) -> Result<u8> {
    let run = {
        let progress = Progress::of_rows("judging");
        fleet.check(&|done, of| progress.tell_rows(done, of))?
    };
    let options = screen.text(arguments.verbose, &arguments.read.dossier);
    let out = arguments.output.out.as_deref();
    write(out, false, |out| Ok(out.write_all(text::fleet(&run, &options).as_bytes())?))?;
    warn(&run.left_out, arguments.verbose);
    Ok(exit_code_of(run.deciding(exit_by(arguments.exit) == ExitBy::Legal)))
}
