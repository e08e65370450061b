use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

/// So long the scheduler may think about who works for it.
const CALL: Duration = Duration::from_secs(10);

/// How many statements the executors work on at once, as the scheduler says on the port on which it is asked.
pub async fn told(scheduler: &Url) -> Result<String> {
    let asked = tokio::time::timeout(CALL, executors(scheduler)).await;
    let executors = asked.context("the scheduler does not answer").flatten();
    let executors = executors.with_context(|| format!("{scheduler} does not say who works for it"))?;
    let slots = |one: &Value| one.pointer("/specification/vcores").and_then(Value::as_u64);
    let slots = executors.as_array().map(|all| all.iter().filter_map(slots).sum::<u64>());
    Ok(slots.ok_or_else(|| anyhow!("{scheduler} tells of no executors"))?.to_string())
}

async fn executors(scheduler: &Url) -> Result<Value> {
    let host = scheduler.host_str().ok_or_else(|| anyhow!("it names no host"))?;
    let mut stream = TcpStream::connect((host, scheduler.port().unwrap_or(50050))).await?;
    let request = format!("GET /api/executors HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    // The body is one list, in however many pieces it comes.
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
    let (first, last) = (body.find('['), body.rfind(']'));
    let list = first.zip(last).and_then(|(first, last)| body.get(first..=last));
    Ok(serde_json::from_str(list.ok_or_else(|| anyhow!("it has no `/api/executors`"))?)?)
}
