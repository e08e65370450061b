use std::env;
use std::fs::File;
use std::io::{self, IsTerminal, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use clap::ValueEnum;
use filiera_report::text::TextOptions;

use crate::arguments::{Colour, Format, Output};

/// What the terminal can show.
#[derive(Clone, Debug)]
pub struct Screen {
    pub width: usize,
    pub colour: bool,
    pub unicode: bool,
}

/// Columns when standard output is no terminal.
const DEFAULT_WIDTH: usize = 100;

impl Screen {
    #[expect(clippy::disallowed_methods, reason = "the binary reads the environment")]
    pub fn new(colour: Colour) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let colour = match colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => is_terminal && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        let of_terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let width = of_terminal.filter(|_| is_terminal).or(columns).unwrap_or(DEFAULT_WIDTH);
        let is_utf8 = |name: &str| {
            env::var(name).ok().filter(|value| !value.is_empty()).map(|value| {
                let value = value.to_ascii_lowercase();
                value.contains("utf-8") || value.contains("utf8")
            })
        };
        // A terminal says whether it can; a file or a pipe takes everything.
        let stated = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(is_utf8);
        Self { width: width.clamp(40, 200), colour, unicode: !is_terminal || stated.unwrap_or(true) }
    }

    pub fn text(&self, verbose: bool, dossier: &Path) -> TextOptions {
        let dossier = dossier.display().to_string();
        let flags = Vec::new();
        TextOptions { width: self.width, colour: self.colour, unicode: self.unicode, verbose, dossier, flags }
    }
}

impl Output {
    /// The format asked for, or told by the file's ending, and refused where `what` has no such form.
    pub fn format(&self, what: &str, without: &[Format]) -> Result<Format> {
        let format = format_of(self.format, self.out.as_deref(), without)?;
        if without.contains(&format) {
            bail!("{what} is written as {}; choose one of them", listed(&names(without), ""));
        }
        Ok(format)
    }
}

/// The format asked for, or told by the file's ending; text where neither says.
pub fn format_of<F: ValueEnum + PartialEq>(
    stated: Option<F>,
    out: Option<&Path>,
    without: &[F],
) -> Result<F> {
    let ending = match (stated, out) {
        (Some(format), _) => return Ok(format),
        (None, None) => "txt".to_owned(),
        (None, Some(out)) => {
            out.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
        }
    };
    let name = match ending.as_str() {
        "txt" => "text",
        "ndjson" => "jsonl",
        "htm" => "html",
        other => other,
    };
    let place = || out.unwrap_or(Path::new("")).display();
    F::from_str(name, false).map_err(|_| {
        let endings: Vec<String> = names(without).iter().map(|name| name.replace("text", "txt")).collect();
        let endings = listed(&endings, ".");
        anyhow!("`{}` does not say which format; end it in {endings}, or give --format", place())
    })
}

/// The names of the formats there are, but for some.
fn names<F: ValueEnum + PartialEq>(without: &[F]) -> Vec<String> {
    let there = F::value_variants().iter().filter(|format| !without.contains(format));
    there.filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned())).collect()
}

/// `.txt, .json or .csv`.
fn listed(names: &[String], before: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("{before}{name}")).collect();
    match names.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        other => other.concat(),
    }
}

/// Writes an answer to standard output, or whole to a file: what was there stays until it is done.
pub fn write(
    out: Option<&Path>,
    is_binary: bool,
    fill: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<()> {
    let Some(path) = out else {
        let stdout = io::stdout();
        if is_binary && stdout.is_terminal() {
            bail!("a workbook cannot be shown on a terminal; give `--out report.xlsx`");
        }
        let mut stdout = io::BufWriter::new(stdout.lock());
        fill(&mut stdout)?;
        stdout.flush()?;
        return Ok(());
    };
    into(path, |file| {
        let mut buffered = io::BufWriter::new(file);
        fill(&mut buffered)?;
        Ok(buffered.flush()?)
    })
}

/// Writes a long list whole: to a file, or by way of one to standard output, which hears nothing of a list that
/// could not be finished.
pub fn write_list(out: Option<&Path>, fill: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    let Some(path) = out else {
        let mut file = tempfile::tempfile().context("there is no place for a temporary file; free some")?;
        fill(&mut file)?;
        file.seek(SeekFrom::Start(0))?;
        io::copy(&mut file, &mut io::stdout().lock())?;
        return Ok(());
    };
    into(path, fill)
}

/// Fills a file beside the place, and moves it there when it is done.
fn into(path: &Path, fill: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let context = || format!("`{}` cannot be written; choose another place", path.display());
    if !folder.is_dir() {
        bail!("there is no folder `{}` to write to; make it first", folder.display());
    }
    let file = tempfile::Builder::new().prefix(".filiera-").tempfile_in(folder);
    // The name of the temporary file is nobody's business: only the kind of the error is told.
    let mut file = file.map_err(|error| io::Error::from(error.kind())).with_context(context)?;
    fill(file.as_file_mut())?;
    readable(&file)?;
    file.persist(path).map_err(|error| error.error).with_context(context)?;
    Ok(())
}

/// Temporary files are private; a report is for others to read, as far as the umask lets them.
#[cfg(unix)]
fn readable(file: &tempfile::NamedTempFile) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    Ok(())
}

#[cfg(not(unix))]
fn readable(_file: &tempfile::NamedTempFile) -> Result<()> {
    Ok(())
}

/// Makes the folder, and those above it, when it is not there.
pub fn create_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("`{}` cannot be made", folder.display()))
}

/// Prints a text answer.
pub fn print(text: &str) -> Result<()> {
    write(None, false, |out| Ok(out.write_all(text.as_bytes())?))
}

/// Prints to standard error; nothing is to be done when that fails.
pub fn complain(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = stderr.write_all(b"\n");
    }
}

/// Whether whoever reads our output stopped reading: no fault of ours.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}
