//! Files through which tests report what the test runner hides.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// A file that tests append lines to; removed when dropped.
pub struct Lines {
    path: PathBuf,
}

impl Lines {
    /// An empty file in the folder for temporary files, named after `topic` and this process.
    pub fn new(topic: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("filiera-{topic}-{}", std::process::id()));
        fs::write(&path, "").with_context(|| format!("cannot write `{}`", path.display()))?;
        Ok(Self { path })
    }

    /// Where tests find it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The lines written so far, sorted, each once.
    pub fn sorted(&self) -> Result<Vec<String>> {
        let text = fs::read_to_string(&self.path)
            .with_context(|| format!("cannot read `{}`", self.path.display()))?;
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines.dedup();
        Ok(lines)
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        // Left behind, it is an empty-handed file in a temporary folder: nothing to report.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_once_each_and_the_file_goes() {
        let lines = Lines::new("lines-test").unwrap();
        fs::write(lines.path(), "b\na\nb\n").unwrap();
        assert_eq!(lines.sorted().unwrap(), ["a", "b"]);
        let path = lines.path().to_owned();
        drop(lines);
        assert!(!path.exists());
    }
}
