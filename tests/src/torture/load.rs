//! Callers: each sends until the server is gone; what was not answered is sent again, the same to the byte, when it is back.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use futures::{StreamExt, stream};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::World;
use super::requests::{Kind, Request};

/// Bytes of one write of a stream.
const PIECE: usize = 4096;

/// Sends requests of one kind until one is cut.
pub async fn send_until_cut(world: Arc<World>, kind: Kind, seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    loop {
        let (request, had_its_answer) = world.book.next(kind, &mut rng);
        let slow = request.kind == Kind::Csv && rng.random_bool(0.5);
        let Ok((status, replayed, body)) = put(&world, &request, slow).await else {
            if !had_its_answer {
                world.book.wait(request);
            }
            return;
        };
        world.book.answered(request, status, replayed, body);
        tokio::time::sleep(Duration::from_millis(rng.random_range(0..25))).await;
    }
}

/// Sends whatever waits for an answer until nothing does.
///
/// # Errors
/// When one is not answered.
pub async fn finish(world: &World) -> Result<()> {
    while let Some(request) = world.book.unanswered() {
        let (status, replayed, body) = put(world, &request, false).await?;
        world.book.answered(request, status, replayed, body);
    }
    ensure!(world.book.wrongs().is_empty(), "{:#?}", world.book.wrongs());
    Ok(())
}

async fn put(world: &World, request: &Request, slow: bool) -> Result<(u16, bool, String)> {
    let builder = world.client().post(format!("{}{}", world.url, request.path)).header("Content-Type", request.content_type).header("Idempotency-Key", &request.key);
    let builder = if request.kind == Kind::Csv { builder.body(streamed(&request.body, slow)) } else { builder.body(request.body.clone()) };
    let answer = builder.send().await?;
    let (status, replayed) = (answer.status().as_u16(), answer.headers().contains_key("idempotency-replayed"));
    Ok((status, replayed, answer.text().await?))
}

/// In pieces, so that a kill finds it half written.
fn streamed(body: &str, slow: bool) -> reqwest::Body {
    let pieces: Vec<Vec<u8>> = body.as_bytes().chunks(PIECE).map(<[u8]>::to_vec).collect();
    let pause = Duration::from_millis(if slow { 15 } else { 0 });
    reqwest::Body::wrap_stream(stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, std::io::Error>(piece)
    }))
}
