use std::fs;

use anyhow::{Context, Result, bail};

use crate::arguments::Init;
use crate::output::{complain, write};

/// Fills a folder with a template; files that are there already are never touched.
pub fn run(arguments: &Init) -> Result<u8> {
    let dir = &arguments.dir;
    fs::create_dir_all(dir).with_context(|| format!("`{}` cannot be made", dir.display()))?;
    let name = dir.canonicalize().ok().and_then(|dir| Some(dir.file_name()?.to_string_lossy().into_owned()));
    let title = arguments.title.clone().or(name).unwrap_or_else(|| "dossier".to_owned());
    let templates = filiera::templates(&title);
    let taken: Vec<&str> =
        templates.iter().map(|one| one.name.as_str()).filter(|name| dir.join(name).exists()).collect();
    if !taken.is_empty() {
        bail!("`{}` already holds {}; choose another folder", dir.display(), taken.join(", "));
    }
    for template in &templates {
        write(Some(&dir.join(&template.name)), false, |out| Ok(out.write_all(template.text.as_bytes())?))?;
    }
    complain(&format!(
        "{} holds a template: fill the tables (COLUMNS.md says what goes where), then `filiera check {}`",
        dir.display(),
        dir.display()
    ));
    Ok(0)
}
