use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use ballista_core::object_store::{session_config_with_s3_support, session_state_with_s3_support};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;

use crate::POLICY;
use crate::arguments::Scheduler;

/// Serves until it is stopped.
pub async fn serve(asked: Scheduler) -> Result<()> {
    let address: SocketAddr = format!("{}:{}", asked.bind, asked.port)
        .parse()
        .with_context(|| format!("`{}` is no address to listen on", asked.bind))?;
    let config = SchedulerConfig {
        bind_host: asked.bind,
        bind_port: asked.port,
        external_host: asked.external_host,
        scheduling_policy: POLICY,
        executor_timeout_seconds: asked.executor_timeout,
        // Looked at often enough for a lost executor to be missed in time.
        expire_dead_executor_interval_seconds: (asked.executor_timeout / 4).max(1),
        no_executors_grace_period_seconds: asked.executor_timeout,
        task_max_failures: asked.attempts,
        stage_max_failures: asked.attempts,
        override_config_producer: Some(Arc::new(session_config_with_s3_support)),
        override_session_builder: Some(Arc::new(session_state_with_s3_support)),
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await?;
    start_server(cluster, address, Arc::new(config))
        .await
        .with_context(|| format!("the scheduler on {address} has ended"))
}
