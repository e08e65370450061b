use std::path::Path;

use filiera::{FilieraError, PackTrouble};
use filiera_report::text;
use miette::{GraphicalReportHandler, GraphicalTheme};

use crate::output::{Screen, complain};

/// Says what went wrong, every fault of it, on standard error.
pub fn tell(error: &anyhow::Error, screen: &Screen) {
    match error.downcast_ref::<FilieraError>() {
        Some(FilieraError::Faults(report)) => {
            complain(&text::reader_report(report, &screen.text(false, Path::new(""))));
        }
        Some(FilieraError::Packs(troubles)) => tell_packs(troubles, screen),
        _ => complain(&format!("error: {}", with_causes(error))),
    }
}

/// What happened and why; a cause that the text before it names already is not told again.
fn with_causes(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |told, cause| match told.as_str() {
        "" => cause,
        _ if told.contains(&cause) => told,
        _ => format!("{told}: {cause}"),
    })
}

/// Every fault of every pack, underlined, and how many there are.
pub fn tell_packs(troubles: &[PackTrouble], screen: &Screen) {
    underline(troubles, screen);
    complain(&format!("{} in rule packs", counted(troubles.len(), "fault")));
}

/// What is wrong or odd about packs, each underlined where it stands.
pub fn underline(troubles: &[PackTrouble], screen: &Screen) {
    let theme = match (screen.unicode, screen.colour) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, _) => GraphicalTheme::ascii(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(screen.width);
    for trouble in troubles {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = handler.render_report(&mut text, trouble);
        complain(&text);
    }
}

/// `1 fault`, `2 faults`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
