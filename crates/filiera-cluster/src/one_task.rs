//! Plans that one executor works on from beginning to end: nothing passes between executors, so nothing has to be
//! made again when one is lost.

use std::sync::Arc;

use anyhow::{Result, bail};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::DataFusionError;
use datafusion::physical_plan::joins::{HashJoinExec, PartitionMode};
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};

/// What a plan of one task does not hold.
const EXCHANGES: [&str; 3] = ["RepartitionExec", "CoalescePartitionsExec", "SortPreservingMergeExec"];

/// The plan with joins that Ballista does not cut at: of two sides that are one part each, it makes no stages.
pub fn one_task(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let plan = plan.transform_up(|node| {
        let collects = node
            .downcast_ref::<HashJoinExec>()
            .filter(|join| *join.partition_mode() == PartitionMode::CollectLeft)
            .map(|join| join.builder().with_partition_mode(PartitionMode::Partitioned).build_exec());
        match collects {
            Some(join) => Ok::<_, DataFusionError>(Transformed::yes(join?)),
            None => Ok(Transformed::no(node)),
        }
    })?;
    check(plan.data.as_ref())?;
    Ok(plan.data)
}

/// Refuses a plan that more than one executor would work on.
fn check(plan: &dyn ExecutionPlan) -> Result<()> {
    let name = plan.name();
    let parts = plan.output_partitioning().partition_count();
    let collects = plan
        .downcast_ref::<HashJoinExec>()
        .is_some_and(|join| *join.partition_mode() == PartitionMode::CollectLeft);
    if EXCHANGES.contains(&name) || parts != 1 || collects {
        bail!(
            "the statement is more than one piece of work (`{name}`, {parts} parts); leave out what sorts or divides"
        );
    }
    plan.children().into_iter().try_for_each(|child| check(child.as_ref()))
}

#[cfg(test)]
mod tests {
    use datafusion::physical_plan::displayable;
    use datafusion::prelude::{SessionConfig, SessionContext};

    use super::*;

    async fn planned(parts: usize, statement: &str) -> Result<Arc<dyn ExecutionPlan>> {
        let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(parts));
        for table in ["a", "b"] {
            context
                .sql(&format!("CREATE TABLE {table} AS VALUES (1, 'x'), (2, 'y')"))
                .await?
                .collect()
                .await?;
        }
        one_task(context.sql(statement).await?.create_physical_plan().await?)
    }

    const JOINED: &str =
        "SELECT b.column2, COUNT(*) FROM a RIGHT JOIN b ON a.column1 = b.column1 GROUP BY b.column2";

    #[tokio::test]
    async fn a_join_is_one_piece_of_work() {
        let plan = planned(1, JOINED).await.expect("a plan");
        let shown = displayable(plan.as_ref()).indent(false).to_string();
        assert!(shown.contains("HashJoinExec: mode=Partitioned"), "{shown}");
    }

    #[tokio::test]
    async fn a_plan_that_divides_is_refused() {
        let error = planned(4, JOINED).await.expect_err("refused").to_string();
        assert!(error.contains("more than one piece of work"), "{error}");
    }
}
