use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::parquet::arrow::ArrowWriter;
use futures::StreamExt;

/// Writes so many rows as they come; the file appears when all of them are in it.
pub async fn write(mut rows: SendableRecordBatchStream, count: u64, out: &Path) -> Result<()> {
    let unfinished = beside(out);
    let file = File::create(&unfinished).with_context(|| format!("{} cannot be written", out.display()))?;
    let mut writer = ArrowWriter::try_new(file, rows.schema(), None)?;
    let written = async {
        let mut come = 0;
        while let Some(batch) = rows.next().await {
            let batch = batch?;
            come += batch.num_rows() as u64;
            writer.write(&batch)?;
        }
        writer.close()?;
        if come != count {
            bail!("{come} rows of the answer have come, and there are {count}");
        }
        anyhow::Ok(())
    };
    match written.await {
        Ok(()) => Ok(std::fs::rename(&unfinished, out)
            .with_context(|| format!("{} cannot be written", out.display()))?),
        Err(error) => {
            // What is left of a failed answer is no answer; that it failed is what counts.
            drop(std::fs::remove_file(&unfinished));
            Err(error)
        }
    }
}

fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    out.with_file_name(name)
}
