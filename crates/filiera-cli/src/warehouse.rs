use anyhow::Result;
use filiera::{Dialect, Dossier, Exported, FLEET_ROWS, FilieraError, Manifest, Opened, Request, Wanted};

use crate::arguments::{Export, Sql, SqlDialect};
use crate::check::{library, pack_and_name, request};
use crate::output::{complain, print};
use crate::progress::Progress;

/// Writes the tables of a dossier into a folder.
pub fn export(arguments: &Export) -> Result<u8> {
    let library = library(arguments.read.by.packs_dir.as_deref())?;
    let request = request(&arguments.read, true);
    let write = |opened: &Opened| {
        let progress = Progress::new("writing");
        opened.export(&arguments.to, arguments.force, &|done, of| progress.tell(done, of))
    };
    let opened = Dossier::open(&request, &library, 0)?;
    let is_streamed = matches!(opened, Opened::Fleet(_));
    let exported = match write(&opened) {
        Err(FilieraError::Fleet(error)) if is_streamed && error.can_be_held() => {
            complain(&format!("note: the fleet is read whole: {error}"));
            let dossier = Dossier::read(&request, &library)?;
            write(&Opened::Whole(dossier))?
        }
        told => told?,
    };
    tell(arguments, &exported);
    Ok(0)
}

fn tell(arguments: &Export, exported: &Exported) {
    let to = arguments.to.display();
    complain(&format!("{to} holds {} tables", exported.files.len().saturating_sub(1)));
    match &exported.not_judged {
        None => complain(&format!(
            "`filiera sql {} --condition NAME --tables {to}` prints the statement for a condition",
            arguments.read.dossier.display()
        )),
        Some(why) => {
            complain(&format!("note: without judged tables, so `filiera sql` has no statement: {why}"))
        }
    }
}

/// Prints the statement of a condition.
pub fn sql(arguments: &Sql) -> Result<u8> {
    let library = library(arguments.read.by.packs_dir.as_deref())?;
    let request = as_exported(arguments)?;
    let opened = Dossier::open(&request, &library, FLEET_ROWS)?;
    let (pack, condition) = pack_and_name(&arguments.condition);
    let wanted = Wanted {
        pack: pack.map(str::to_owned),
        condition: condition.to_owned(),
        reading: arguments.reading.clone(),
        dialect: match arguments.dialect {
            SqlDialect::Duckdb => Dialect::DuckDb,
            SqlDialect::Postgres => Dialect::Postgres,
            SqlDialect::Datafusion => Dialect::DataFusion,
        },
        folder: arguments.tables.clone(),
        has_spans: false,
    };
    print(&opened.statement(&wanted)?)?;
    Ok(0)
}

/// By the clocks of the export, where none are given.
fn as_exported(arguments: &Sql) -> Result<Request> {
    let mut request = request(&arguments.read, true);
    if let Some(folder) = &arguments.tables {
        let manifest = Manifest::read(folder)?;
        let by = &arguments.read.by;
        request.law_as_of = by.law_as_of.unwrap_or(manifest.law_as_of);
        request.facts_as_of = by.facts_as_of.unwrap_or(manifest.facts_as_of);
    }
    Ok(request)
}
