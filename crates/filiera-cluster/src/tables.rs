use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use datafusion::datasource::listing::ListingTableUrl;
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use object_store::path::Path as Place;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use url::Url;
use uuid::Uuid;

use crate::arguments::{Named, Query};
use crate::query::once;

/// What was shipped for a statement; it is taken away again.
pub struct Shipped(Vec<(Arc<dyn ObjectStore>, Place)>);

impl Shipped {
    /// Ships what is to be shipped and registers all tables.
    pub async fn open(context: &SessionContext, asked: &Query) -> Result<Self> {
        let tables = asked.tables.tables.iter();
        once(tables.chain(&asked.shipped).map(|table| table.name.as_str()))?;
        let mut shipped = Self(Vec::new());
        let opened = shipped.take(context, asked).await;
        if opened.is_err() {
            drop(shipped.close().await);
            return opened.map(|()| Self(Vec::new()));
        }
        Ok(shipped)
    }

    async fn take(&mut self, context: &SessionContext, asked: &Query) -> Result<()> {
        for table in &asked.shipped {
            let place = match &asked.share {
                Some(share) => self.ship(context, share, table).await?,
                None => absolute(&table.place)?,
            };
            register(context, &table.name, &place).await?;
        }
        for table in &asked.tables.tables {
            register(context, &table.name, &place(table)?).await?;
        }
        Ok(())
    }

    async fn ship(&mut self, context: &SessionContext, share: &str, table: &Named) -> Result<String> {
        let bytes = std::fs::read(&table.place).with_context(|| format!("{} cannot be read", table.place))?;
        let folder = if Url::parse(share).is_ok() { share.to_owned() } else { absolute(share)? };
        // Statements that run at the same time do not meet, wherever they come from.
        let run = Uuid::now_v7();
        let url = format!("{}/filiera-{run}-{}.parquet", folder.trim_end_matches('/'), table.name);
        let parsed = ListingTableUrl::parse(&url)?;
        let store = context.runtime_env().object_store(parsed.object_store())?;
        let place = parsed.prefix().clone();
        store
            .put(&place, PutPayload::from(bytes))
            .await
            .with_context(|| format!("{url} cannot be written"))?;
        self.0.push((store, place));
        Ok(url)
    }

    /// Takes away what was shipped.
    pub async fn close(self) -> Result<()> {
        for (store, place) in self.0 {
            store.delete(&place).await.with_context(|| format!("{place} cannot be taken away"))?;
        }
        Ok(())
    }
}

/// Where a table is, as a URL or an absolute path.
pub fn place(table: &Named) -> Result<String> {
    if Url::parse(&table.place).is_ok() { Ok(table.place.clone()) } else { absolute(&table.place) }
}

/// Makes a table known by its name.
pub async fn register(context: &SessionContext, name: &str, place: &str) -> Result<()> {
    context
        .register_parquet(name, place, ParquetReadOptions::default())
        .await
        .with_context(|| format!("the table `{name}` cannot be read at {place}"))
}

fn absolute(path: &str) -> Result<String> {
    let full = std::path::absolute(Path::new(path)).with_context(|| format!("{path} is no path"))?;
    let text = full.to_str().ok_or_else(|| anyhow!("{path} is no UTF-8"))?;
    // A folder ends with a slash, or it is taken for a file.
    Ok(if full.is_dir() { format!("{text}/") } else { text.to_owned() })
}
