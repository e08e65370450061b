//! One plan on a scheduler: sent, waited for, fetched, and taken back when nobody waits any more.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use ballista_core::client::BallistaClient;
use ballista_core::serde::BallistaCodec;
use ballista_core::serde::protobuf::execute_query_params::Query;
use ballista_core::serde::protobuf::get_job_status_result::FlightProxy;
use ballista_core::serde::protobuf::job_status::Status;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use ballista_core::serde::protobuf::{
    CancelJobParams, ExecuteQueryParams, GetJobStatusParams, KeyValuePair, PartitionLocation,
    RemoveSessionParams, SuccessfulJob, execute_query_result,
};
use ballista_core::serde::scheduler::ExecutorSpecification;
use ballista_core::version;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::SessionConfig;
use datafusion_proto::physical_plan::AsExecutionPlan;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tonic::Request;
use tonic::transport::{Channel, Endpoint};
use url::Url;
use uuid::Uuid;

/// How often the scheduler is asked what has become of the job.
const LOOK: Duration = Duration::from_millis(50);

/// So long a call to the scheduler may take.
const CALL: Duration = Duration::from_secs(20);

/// Plans carry lists of files, and answers come in batches of some thousand rows.
const LONGEST_MESSAGE: usize = 256 << 20;

/// A plan that the scheduler has.
pub struct Job {
    scheduler: SchedulerGrpcClient<Channel>,
    session_id: String,
    id: String,
}

/// Where an answer lies.
pub struct Done {
    location: PartitionLocation,
    host: String,
    port: u16,
}

impl Job {
    /// Sends a plan of one task.
    pub async fn send(scheduler: &Url, plan: Arc<dyn ExecutionPlan>, config: &SessionConfig) -> Result<Self> {
        let host = scheduler.host_str().ok_or_else(|| anyhow!("`{scheduler}` names no host"))?;
        let address = format!("http://{host}:{}", scheduler.port().unwrap_or(50050));
        let endpoint = Endpoint::from_shared(address)?.connect_timeout(CALL).timeout(CALL).tcp_nodelay(true);
        let channel = endpoint.connect().await.context("no scheduler listens there")?;
        let mut scheduler = SchedulerGrpcClient::new(channel)
            .max_encoding_message_size(LONGEST_MESSAGE)
            .max_decoding_message_size(LONGEST_MESSAGE);
        let session_id = Uuid::now_v7().to_string();
        let mut request = Request::new(params(plan, config, &session_id)?);
        version::insert_version_header(request.metadata_mut());
        let sent = scheduler.execute_query(request).await?;
        version::check_compatibility(
            Some(version_of_ours()),
            version::version_from_metadata(sent.metadata()),
        )
        .map_err(|why| anyhow!(why))?;
        match sent.into_inner().result {
            Some(execute_query_result::Result::Success(taken)) => {
                Ok(Self { scheduler, session_id, id: taken.job_id })
            }
            other => bail!("the scheduler does not take the statement: {other:?}"),
        }
    }

    /// Waits until the answer lies somewhere.
    pub async fn wait(&mut self) -> Result<Done> {
        loop {
            let asked = GetJobStatusParams { job_id: self.id.clone() };
            let told = self.scheduler.get_job_status(asked).await?.into_inner();
            match told.status.and_then(|status| status.status) {
                Some(Status::Successful(job)) => return done(job, told.flight_proxy),
                Some(Status::Failed(job)) => bail!("the statement has failed: {}", job.error),
                Some(Status::Queued(_) | Status::Running(_)) | None => tokio::time::sleep(LOOK).await,
            }
        }
    }

    /// Tells the scheduler that nobody waits any more; whether it hears of it changes nothing.
    pub async fn end(mut self, is_done: bool) {
        if !is_done {
            drop(self.scheduler.cancel_job(CancelJobParams { job_id: self.id }).await);
        }
        let session_id = self.session_id;
        drop(self.scheduler.remove_session(RemoveSessionParams { session_id }).await);
    }
}

fn version_of_ours() -> &'static str {
    ballista_core::BALLISTA_VERSION
}

fn params(
    plan: Arc<dyn ExecutionPlan>,
    config: &SessionConfig,
    session_id: &str,
) -> Result<ExecuteQueryParams> {
    let codec = BallistaCodec::<LogicalPlanNode, PhysicalPlanNode>::default();
    let mut bytes = Vec::new();
    PhysicalPlanNode::try_from_physical_plan(plan, codec.physical_extension_codec())?
        .try_encode(&mut bytes)?;
    let settings = config.options().entries().into_iter();
    let settings = settings.map(|entry| KeyValuePair { key: entry.key, value: entry.value }).collect();
    Ok(ExecuteQueryParams {
        query: Some(Query::PhysicalPlan(bytes)),
        settings,
        session_id: session_id.to_owned(),
        operation_id: Uuid::now_v7().to_string(),
    })
}

/// The only part of the only stage.
fn done(job: SuccessfulJob, proxy: Option<FlightProxy>) -> Result<Done> {
    let [location] = <[PartitionLocation; 1]>::try_from(job.partition_location)
        .map_err(|all| anyhow!("the answer lies in {} parts, not in one", all.len()))?;
    let stage = location.partition_id.as_ref().map_or(0, |part| part.stage_id);
    if stage != 1 {
        bail!("the scheduler has cut the statement into {stage} stages, not one; see that it is Ballista 55");
    }
    let executor = location.executor_meta.as_ref().ok_or_else(|| anyhow!("the answer lies nowhere"))?;
    let (host, port) = match proxy {
        Some(FlightProxy::External(address)) => {
            let (host, port) = address.rsplit_once(':').ok_or_else(|| anyhow!("`{address}` has no port"))?;
            (host.to_owned(), port.parse()?)
        }
        Some(FlightProxy::Local(true)) => bail!("answers by way of the scheduler are not fetched"),
        Some(FlightProxy::Local(false)) | None => (executor.host.clone(), u16::try_from(executor.port)?),
    };
    Ok(Done { location, host, port })
}

impl Done {
    /// The executor that answered, and how many questions it works on at once, as JSON.
    pub fn executor(&self) -> String {
        let executor = self.location.executor_meta.as_ref();
        let slots = executor.and_then(|one| {
            let specification: ExecutorSpecification = one.specification.clone()?.into();
            Some(specification.vcores)
        });
        serde_json::json!([executor.map(|one| &one.id), slots]).to_string()
    }

    /// The rows, and how many there are.
    pub async fn rows(self) -> Result<(SendableRecordBatchStream, u64)> {
        let layout = self.location.layout();
        let executor = self.location.executor_meta.ok_or_else(|| anyhow!("the answer lies nowhere"))?;
        let part = self.location.partition_id.ok_or_else(|| anyhow!("the answer lies nowhere"))?;
        let count = self.location.partition_stats.map(|stats| u64::try_from(stats.num_rows));
        let count = count.ok_or_else(|| anyhow!("how long the answer is, is not told"))??;
        let port = u16::try_from(executor.port)?;
        let mut client =
            BallistaClient::try_new(&self.host, self.port, LONGEST_MESSAGE, false, None, 2, 500, 0, 0)
                .await?;
        let rows = client
            .fetch_partition_proxied(
                &executor.id,
                &part.into(),
                self.location.file_id,
                layout,
                &executor.host,
                port,
                true,
            )
            .await?;
        Ok((rows, count))
    }
}
