use std::io::Read as _;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use datafusion::prelude::SessionContext;
use tokio::sync::oneshot;

use crate::answer;
use crate::arguments::Query;
use crate::job::Job;
use crate::one_task::one_task;
use crate::session;
use crate::tables::Shipped;

/// Has one executor run one statement, and writes its rows.
/// Tells which executor has answered.
pub async fn run(asked: Query) -> Result<String> {
    let statement = std::fs::read_to_string(&asked.sql)
        .with_context(|| format!("{} cannot be read", asked.sql.display()))?;
    let context = session::local()?;
    let shipped = Shipped::open(&context, &asked).await?;
    let patience = Duration::from_secs(asked.patience);
    let done = answered(&context, &asked, statement.trim().trim_end_matches(';'), patience).await;
    let done = done.with_context(|| format!("the cluster at {} could not answer", asked.scheduler));
    shipped.close().await?;
    done
}

/// Asks, and gives up when nobody waits any more or nothing comes.
async fn answered(
    context: &SessionContext,
    asked: &Query,
    statement: &str,
    patience: Duration,
) -> Result<String> {
    let plan = one_task(context.sql(statement).await?.create_physical_plan().await?)?;
    let mut job = Job::send(&asked.scheduler, plan, context.state().config()).await?;
    let wait = async {
        let done = job.wait().await?;
        let executor = done.executor();
        let (rows, count) = done.rows().await?;
        answer::write(rows, count, &asked.out).await?;
        anyhow::Ok(executor)
    };
    let done = tokio::select! {
        done = wait => done,
        () = tokio::time::sleep(patience) => Err(anyhow!(
            "there was no answer for {} s; see whether its executors run, and wait longer with `--patience` if they \
             are slow",
            patience.as_secs(),
        )),
        () = gone(asked.attached) => Err(anyhow!("nobody waits for the answer any more")),
    };
    // An answer that is no more wanted is taken back, one that has come is forgotten.
    drop(tokio::time::timeout(Duration::from_secs(5), job.end(done.is_ok())).await);
    done
}

/// Whoever asks has gone, if anybody is attached, or ends it by hand.
async fn gone(attached: bool) {
    let (tell, told) = oneshot::channel::<()>();
    if !attached {
        drop(tokio::signal::ctrl_c().await);
        return;
    }
    std::thread::spawn(move || {
        let mut rest = Vec::new();
        drop(std::io::stdin().read_to_end(&mut rest));
        drop(tell);
    });
    tokio::select! {
        _ = told => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Refuses tables that are named twice.
pub fn once<'n>(names: impl Iterator<Item = &'n str>) -> Result<()> {
    let mut known: Vec<&str> = Vec::new();
    for name in names {
        if known.contains(&name) {
            bail!("the table `{name}` is named twice");
        }
        known.push(name);
    }
    Ok(())
}
