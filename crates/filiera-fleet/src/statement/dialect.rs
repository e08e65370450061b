use super::Wanted;

/// Whose SQL a statement is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB.
    DuckDb,
    /// PostgreSQL.
    Postgres,
    /// Apache DataFusion, and Ballista with it.
    DataFusion,
}

impl Dialect {
    /// The type of whole numbers of 38 digits.
    fn whole(self) -> &'static str {
        match self {
            Self::DuckDb => "HUGEINT",
            Self::Postgres => "NUMERIC",
            Self::DataFusion => "DECIMAL(38, 0)",
        }
    }

    /// A value as such a number.
    pub(super) fn wide(self, value: &str) -> String {
        format!("CAST({value} AS {})", self.whole())
    }

    /// A sum of machine words as such a number, with nothing lost on the way.
    pub(super) fn sum(self, value: &str) -> String {
        match self {
            // Both add words up in wider numbers.
            Self::DuckDb | Self::Postgres => self.wide(&format!("SUM({value})")),
            Self::DataFusion => format!("SUM({})", self.wide(value)),
        }
    }
}

impl Wanted {
    /// How a table is named.
    pub(super) fn table(&self, name: &str) -> String {
        match (&self.folder, self.dialect) {
            (Some(folder), Dialect::DuckDb) => {
                let path = folder.join(format!("{name}.parquet"));
                format!("read_parquet({})", text(&path.display().to_string()))
            }
            _ => name.to_owned(),
        }
    }
}

/// A text in quotes.
pub(super) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// `a.pack = 'p' AND a.condition = 'c' AND a.reading IS NULL`.
pub(super) fn is_of(alias: &str, stated: &filiera_engine::Stated) -> String {
    let (pack, condition) = (text(&stated.pack), text(&stated.condition));
    let reading = match &stated.reading {
        Some(reading) => format!("= {}", text(reading)),
        None => "IS NULL".to_owned(),
    };
    format!("{alias}.pack = {pack} AND {alias}.condition = {condition} AND {alias}.reading {reading}")
}
