use std::borrow::Cow;
use std::io::Write;

use filiera_model::Exact;

use crate::ReportError;
use crate::clean::clean;

/// A header and rows being written, each cell as a spreadsheet may open it.
pub(crate) struct Table<W: Write>(::csv::Writer<W>);

impl<W: Write> Table<W> {
    /// A table under these columns.
    pub(crate) fn new<'a>(out: W, columns: impl IntoIterator<Item = &'a str>) -> Result<Self, ReportError> {
        let mut writer = ::csv::Writer::from_writer(out);
        writer.write_record(columns.into_iter().map(str::as_bytes))?;
        Ok(Self(writer))
    }

    /// Adds one row.
    pub(crate) fn row(
        &mut self,
        cells: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<(), ReportError> {
        for cell in cells {
            self.0.write_field(harmless(cell.as_ref()).as_bytes())?;
        }
        self.0.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Hands on what is not written yet.
    pub(crate) fn end(mut self) -> Result<(), ReportError> {
        Ok(self.0.flush()?)
    }
}

/// The cell as a spreadsheet may open it.
fn harmless(cell: &str) -> Cow<'_, str> {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && Exact::parse(cell).is_err();
    if formula { Cow::Owned(format!("'{}", clean(cell))) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_name_never_becomes_a_formula() {
        assert_eq!(harmless("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(harmless("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless("-0.05"), "-0.05");
        assert_eq!(harmless("-1/3"), "-1/3");
        assert_eq!(harmless("ZFA-1"), "ZFA-1");
    }
}
