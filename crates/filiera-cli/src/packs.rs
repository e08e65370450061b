use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Result, bail};
use filiera::{ExpectationResult, FilieraError, Library, PackResult, PackText, gap_text, junit, test_pack};

use crate::BAD_INPUT;
use crate::arguments::Packs;
use crate::check::library;
use crate::clock::today;
use crate::output::{Screen, complain, print, write};
use crate::troubles::{counted, tell_packs, underline};

pub fn run(arguments: &Packs, screen: &Screen) -> Result<u8> {
    match arguments {
        Packs::List(at) => list(&library(at.packs_dir.as_deref())?),
        Packs::Show { pack, library: at } => show(&library(at.packs_dir.as_deref())?, pack),
        Packs::Check { packs, library: at } => {
            let library = library(at.packs_dir.as_deref())?;
            check(&library, &chosen(&library, packs)?, screen)
        }
        Packs::Test { packs, bless, junit, library: at } => {
            let library = library(at.packs_dir.as_deref())?;
            test(&library, &chosen(&library, packs)?, *bless, junit.as_deref(), screen)
        }
    }
}

/// The packs of these names; files bring the tests beside them.
fn chosen(library: &Library, names: &[String]) -> Result<Vec<PackText>> {
    if names.is_empty() {
        return Ok(library.packs());
    }
    let found = names.iter().map(|name| library.text(name, Path::new(".")));
    Ok(found.collect::<Result<Vec<_>, FilieraError>>()?)
}

fn list(library: &Library) -> Result<u8> {
    let texts = library.packs();
    let packs = library.read(&texts)?;
    let width = texts.iter().map(|text| text.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for pack in &packs.packs {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{:width$}  {:8}  {:>2} condition{}  {}",
            pack.id,
            pack.status.name(),
            pack.conditions.len(),
            if pack.conditions.len() == 1 { " " } else { "s" },
            pack.title
        );
    }
    print(&text)?;
    Ok(0)
}

fn show(library: &Library, name: &str) -> Result<u8> {
    let text = library.text(name, Path::new("."))?;
    print(&format!("# {}\n{}", text.file, text.text))?;
    Ok(0)
}

fn check(library: &Library, texts: &[PackText], screen: &Screen) -> Result<u8> {
    let packs = library.read(texts)?;
    let warnings = library.warnings(&packs, today());
    underline(&warnings, screen);
    let warned = match warnings.len() {
        0 => String::new(),
        some => format!(", {}", counted(some, "warning")),
    };
    complain(&format!("{} without faults{warned}", counted(texts.len(), "pack")));
    Ok(0)
}

fn test(
    library: &Library,
    texts: &[PackText],
    bless: bool,
    junit_path: Option<&Path>,
    screen: &Screen,
) -> Result<u8> {
    let mut results = Vec::new();
    let mut broken = false;
    for text in texts {
        match test_pack(library, text) {
            Ok(result) => results.push(result),
            Err(FilieraError::Packs(troubles)) => {
                broken = true;
                tell_packs(&troubles, screen);
            }
            Err(other) => return Err(other.into()),
        }
    }
    print(&results.iter().map(told).collect::<String>())?;
    if let Some(path) = junit_path {
        write(Some(path), false, |out| Ok(out.write_all(junit(&results).as_bytes())?))?;
    }
    if bless {
        return blessed(library, texts, &results);
    }
    let failed = results.iter().filter(|result| !result.passed()).count();
    print(&summary(&results, failed))?;
    Ok(if broken { BAD_INPUT } else { u8::from(failed > 0) })
}

fn summary(results: &[PackResult], failed: usize) -> String {
    let cases: usize = results.iter().map(|result| result.cases.len()).sum();
    let expectations: usize = results.iter().flat_map(|r| &r.cases).map(|case| case.expectations.len()).sum();
    format!(
        "{}, {}, {}: {}\n",
        counted(results.len(), "pack"),
        counted(cases, "case"),
        counted(expectations, "expectation"),
        if failed == 0 { "all hold".to_owned() } else { format!("{failed} with failures") }
    )
}

fn told(result: &PackResult) -> String {
    let covered = result.covered;
    let mut text = format!(
        "{} {}: {} of {} cases hold; outcomes {} of {} seen, {} excused; values {} of {} reached",
        if result.passed() { "ok    " } else { "FAILED" },
        result.pack,
        result.cases.iter().filter(|case| case.passed()).count(),
        result.cases.len(),
        covered.outcomes_seen,
        covered.outcomes,
        covered.outcomes_excused,
        covered.values_reached,
        covered.values,
    );
    if covered.memory_values > 0 {
        // Writing to a String cannot fail.
        let _ = write!(text, "; from memory {} of {}", covered.memory_values_reached, covered.memory_values);
    }
    text.push('\n');
    for case in result.cases.iter().filter(|case| !case.passed()) {
        let _ = writeln!(text, "  case `{}` (line {})", case.name, case.line);
        if let Some(error) = &case.error {
            let _ = writeln!(text, "    {}", error.replace('\n', "\n    "));
        }
        for expectation in case.expectations.iter().filter(|expectation| !expectation.passed()) {
            text.push_str(&failure(expectation));
        }
    }
    for gap in &result.gaps {
        let _ = writeln!(text, "  {}", gap_text(gap));
    }
    text
}

fn failure(expectation: &ExpectationResult) -> String {
    if expectation.not_found {
        return format!("    line {}: {}: there is no such finding\n", expectation.line, expectation.what);
    }
    let lines = expectation.differences.iter().map(|difference| {
        format!(
            "    line {}: {}: {} expected {}, was {}\n",
            expectation.line, expectation.what, difference.key, difference.expected, difference.seen
        )
    });
    lines.collect()
}

/// Writes what came out into the case files.
fn blessed(library: &Library, texts: &[PackText], results: &[PackResult]) -> Result<u8> {
    let mut count = 0;
    for result in results {
        let Some((file, text)) = &result.blessed else { continue };
        let path = match (library.folder(), texts.iter().find(|text| text.id == result.pack)) {
            (_, Some(PackText { path: Some(path), .. })) => path.with_extension("test.toml"),
            (Some(folder), _) => folder.join(file.strip_prefix("packs/").unwrap_or(file)),
            (None, _) => bail!("packs that are built in cannot be blessed; give `--packs-dir packs`"),
        };
        write(Some(&path), false, |out| Ok(out.write_all(text.as_bytes())?))?;
        complain(&format!("blessed {}", path.display()));
        count += 1;
    }
    complain(&format!("{} rewritten: read the change before you commit it", counted(count, "case file")));
    Ok(0)
}
