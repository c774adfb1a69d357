//! The body as it comes: ended when nothing comes for too long, when its sender leaves, or when Salio stops. There is no limit to its size.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use salio_engine::bulk::Broken;
use tokio_util::sync::CancellationToken;

/// A sender from whom no byte comes for so long has broken off.
const IDLE: Duration = Duration::from_secs(60);
/// What is read and thrown away after a refusal, so that a sender who is still writing hears of it: at most so much …
const LINGER_BYTES: usize = 8 << 20;
/// … for at most so long.
const LINGER: Duration = Duration::from_secs(2);

/// The bytes of a body until one of its ends.
pub(crate) fn patient(body: Body, stop: CancellationToken) -> impl Stream<Item = Result<Bytes, Broken>> + Send + Unpin {
    let bytes = stream::unfold(Some((body.into_data_stream(), stop)), |open| async move {
        let (mut body, stop) = open?;
        let next = next(&mut body, &stop).await?;
        // What has broken is not asked again.
        let open = next.is_ok().then_some((body, stop));
        Some((next, open))
    });
    Box::pin(bytes).fuse()
}

async fn next(body: &mut BodyDataStream, stop: &CancellationToken) -> Option<Result<Bytes, Broken>> {
    let within = tokio::time::timeout(IDLE, body.next());
    match stop.run_until_cancelled(within).await {
        Some(Ok(next)) => next.map(|chunk| chunk.map_err(|_| Broken::Cut)),
        Some(Err(_)) => Some(Err(Broken::Idle)),
        None => Some(Err(Broken::Stopping)),
    }
}

/// Reads on for a while, for nothing.
pub(crate) async fn drain(mut body: impl Stream<Item = Result<Bytes, Broken>> + Unpin) {
    let reading = async {
        let mut left = LINGER_BYTES;
        while let Some(Ok(chunk)) = body.next().await {
            let Some(less) = left.checked_sub(chunk.len()) else { return };
            left = less;
        }
    };
    // Whether it came to its end changes nothing.
    let _ = tokio::time::timeout(LINGER, reading).await;
}
