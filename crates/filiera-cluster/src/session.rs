use anyhow::Result;
use ballista_core::config::BALLISTA_BROADCAST_JOIN_THRESHOLD_BYTES;
use ballista_core::object_store::{session_config_with_s3_support, session_state_with_s3_support};
use datafusion::prelude::{SessionConfig, SessionContext};

/// What statements are planned under, here and by the scheduler: nothing is divided, and no side of a join is made
/// a stage of its own.
pub fn config() -> SessionConfig {
    session_config_with_s3_support()
        .with_target_partitions(1)
        .with_repartition_file_scans(false)
        .set_bool("datafusion.optimizer.prefer_hash_join", true)
        .set_u64(BALLISTA_BROADCAST_JOIN_THRESHOLD_BYTES, 0)
}

/// A session on this machine, which reads files and stores as executors do.
pub fn local() -> Result<SessionContext> {
    Ok(SessionContext::new_with_state(session_state_with_s3_support(config())?))
}
