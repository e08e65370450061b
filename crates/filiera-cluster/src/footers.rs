use std::sync::Arc;

use anyhow::{Context, Result, bail};
use datafusion::datasource::listing::ListingTableUrl;
use datafusion::datasource::physical_plan::parquet::metadata::DFParquetMetadata;
use datafusion::parquet::file::metadata::RowGroupMetaData;
use datafusion::parquet::file::statistics::Statistics;
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;
use object_store::{ObjectMeta, ObjectStore};
use serde_json::{Value, json};

use crate::arguments::{Named, Tables};
use crate::session;
use crate::tables::{place, register};

/// Columns and row groups of the tables, read without any executor: what they say is held against it.
pub async fn told(asked: &Tables) -> Result<String> {
    let [table] = asked.tables.as_slice() else { bail!("name one table with `--table NAME=URL`") };
    Ok(of_table(table).await.with_context(|| format!("the table `{}`", table.name))?.to_string())
}

async fn of_table(table: &Named) -> Result<Value> {
    let context = session::local()?;
    let place = place(table)?;
    register(&context, &table.name, &place).await?;
    let schema = context.table_provider(table.name.as_str()).await?.schema();
    let columns: Vec<Value> =
        schema.fields().iter().map(|field| json!([field.name(), field.data_type().to_string()])).collect();
    let mut groups = Vec::new();
    for group in groups_at(&context, &place).await? {
        let ends = ends(&group);
        let (first, last) = ends.map_or((None, None), |[first, last]| (Some(first), Some(last)));
        groups.push(json!([group.num_rows(), first, last]));
    }
    Ok(json!({ "columns": columns, "groups": groups }))
}

/// The row groups of every file that a statement would read.
async fn groups_at(context: &SessionContext, place: &str) -> Result<Vec<RowGroupMetaData>> {
    let url = ListingTableUrl::parse(place)?;
    let store = context.runtime_env().object_store(url.object_store())?;
    let state = context.state();
    let files: Vec<ObjectMeta> =
        url.list_all_files(&state, store.as_ref(), ".parquet").await?.try_collect().await?;
    let mut groups = Vec::new();
    for file in files.into_iter().filter(|file| file.size > 0) {
        groups.extend(groups_of(&store, &file).await.with_context(|| file.location.to_string())?);
    }
    Ok(groups)
}

async fn groups_of(store: &Arc<dyn ObjectStore>, file: &ObjectMeta) -> Result<Vec<RowGroupMetaData>> {
    Ok(DFParquetMetadata::new(store.as_ref(), file).fetch_metadata().await?.row_groups().to_vec())
}

/// The least and the greatest vehicle, where every row has one and what is told of them is sure.
fn ends(group: &RowGroupMetaData) -> Option<[String; 2]> {
    let column = group.columns().iter().find(|column| column.column_path().string() == "vehicle")?;
    let statistics = column.statistics().filter(|told| !told.is_min_max_deprecated())?;
    let Statistics::ByteArray(told) = statistics else { return None };
    if told.null_count_opt() != Some(0) {
        return None;
    }
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
    Some([text(told.min_opt()?.data())?, text(told.max_opt()?.data())?])
}
