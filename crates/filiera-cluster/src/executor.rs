use std::sync::Arc;

use anyhow::{Context, Result};
use ballista_core::object_store::{runtime_env_with_s3_support, session_config_with_s3_support};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};

use crate::POLICY;
use crate::arguments::Executor;

/// Works until it is stopped.
pub async fn serve(asked: Executor) -> Result<()> {
    let usual = ExecutorProcessConfig::default();
    let scheduler = format!("{}:{}", asked.scheduler_host, asked.scheduler_port);
    let config = ExecutorProcessConfig {
        bind_host: asked.bind,
        external_host: asked.external_host,
        port: asked.port,
        scheduler_host: asked.scheduler_host,
        scheduler_port: asked.scheduler_port,
        scheduler_connect_timeout_seconds: asked.wait,
        vcores: asked.tasks.unwrap_or(usual.vcores),
        work_dir: asked.work_dir.map(|folder| folder.display().to_string()),
        memory_pool_size: asked.memory.or(usual.memory_pool_size),
        task_scheduling_policy: POLICY,
        override_config_producer: Some(Arc::new(session_config_with_s3_support)),
        override_runtime_producer: Some(Arc::new(runtime_env_with_s3_support)),
        ..usual
    };
    start_executor_process(Arc::new(config))
        .await
        .with_context(|| format!("the executor of the scheduler at {scheduler} has ended"))
}
