use std::io::Write;

use anyhow::Result;
use filiera::{Owners, OwnershipRequest};
use filiera_report::{csv, html, json, jsonl, text};

use crate::arguments::{Format, Ownership};
use crate::check::on_fault;
use crate::clock::today;
use crate::output::{Screen, write};
use crate::progress::Progress;

/// So many companies are shown on a screen when nobody asks for one.
const ON_SCREEN: usize = 10;

/// So many companies are shown on a page when nobody asks for one.
const ON_PAGE: usize = 40;

pub fn run(arguments: &Ownership, screen: &Screen) -> Result<u8> {
    let format = arguments.output.format("a list of owners", &[Format::Xlsx, Format::Parquet])?;
    let progress = Progress::new("owners");
    let owners = Owners::read(&OwnershipRequest {
        path: arguments.dossier.clone(),
        companies: arguments.companies.clone(),
        on: arguments.on.unwrap_or_else(today),
        on_fault: arguments.on_fault.map(on_fault),
    })?;
    let out = arguments.output.out.as_deref();
    write(out, false, |out| render(arguments, screen, &owners, format, &progress, out))?;
    Ok(0)
}

fn render(
    arguments: &Ownership,
    screen: &Screen,
    owners: &Owners,
    format: Format,
    progress: &Progress,
    mut out: &mut dyn Write,
) -> Result<()> {
    let of = owners.len();
    let told = || {
        owners.companies().enumerate().map(|(done, company)| {
            progress.tell(done, of);
            company
        })
    };
    let is_asked = arguments.verbose || !arguments.companies.is_empty();
    let most = |usual: usize| if is_asked { usize::MAX } else { usual };
    match format {
        Format::Json => json::write_ownership(&owners.head(), told(), &mut out)?,
        Format::Jsonl => jsonl::ownership(&owners.head(), told(), &mut out)?,
        Format::Csv => csv::ownership(&owners.head(), told(), &mut out)?,
        Format::Html => {
            let ownership = owners.first(most(ON_PAGE), &|done, of| progress.tell(done, of));
            out.write_all(html::ownership(&ownership)?.as_bytes())?;
        }
        Format::Text | Format::Xlsx | Format::Parquet => {
            let options = screen.text(arguments.verbose, &arguments.dossier);
            let ownership = owners.first(most(ON_SCREEN), &|done, of| progress.tell(done, of));
            progress.hide();
            out.write_all(text::ownership(&ownership, &options).as_bytes())?;
            if arguments.verbose {
                out.write_all(b"\n")?;
                out.write_all(text::reader_report(owners.report(), &options).as_bytes())?;
            }
        }
    }
    Ok(())
}
