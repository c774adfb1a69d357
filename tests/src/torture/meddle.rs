//! A person who cancels, pauses, resumes, syncs, and settles messages in doubt as the provider really did.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::World;

/// Messages settled at once.
const SETTLED_AT_ONCE: usize = 5;
/// Whatever a submission had on its way has come by then.
const ARRIVED: Duration = Duration::from_millis(300);

/// Meddles until the server is gone.
pub async fn meddle_until_cut(world: Arc<World>, seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    while act(&world, &mut rng).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(rng.random_range(5..60))).await;
    }
}

async fn act(world: &World, rng: &mut StdRng) -> Result<()> {
    match rng.random_range(0..100) {
        0..25 => cancel_message(world, rng).await,
        25..33 => order(world, "/api/v1/accounts/onfon/pause", "pauses").await.map(drop),
        33..55 => order(world, "/api/v1/accounts/onfon/resume", "resumes").await.map(drop),
        55..63 => batch(world, "pause", rng).await,
        63..75 => batch(world, "resume", rng).await,
        75..79 => batch(world, "cancel", rng).await,
        79..83 => order(world, "/api/v1/accounts/onfon/balance/refresh", "syncs").await.map(drop),
        _ => settle_doubts(world, rng).await,
    }
}

async fn order(world: &World, path: &str, what: &'static str) -> Result<(u16, Value)> {
    let answer = world.client().post(format!("{}{path}", world.url)).json(&json!({})).send().await?;
    let status = answer.status().as_u16();
    let body = answer.json().await?;
    world.book.count(what);
    Ok((status, body))
}

async fn cancel_message(world: &World, rng: &mut StdRng) -> Result<()> {
    let Some(id) = world.book.some_single(rng) else { return Ok(()) };
    let answer = world.client().delete(format!("{}/api/v1/messages/{id}", world.url)).send().await?;
    let status = answer.status().as_u16();
    let body: Value = answer.json().await?;
    match status {
        200 if body["state"] == "cancelled" => {
            world.book.cancelled(&id);
            world.book.count("messages cancelled");
        }
        409 => {}
        _ => world.book.wrong(format!("cancel of {id}: {status} {body}")),
    }
    Ok(())
}

async fn batch(world: &World, what: &'static str, rng: &mut StdRng) -> Result<()> {
    let page = world.get("/api/v1/batches?limit=12").await?;
    let Some(id) = page["batches"].get(rng.random_range(0..12_usize)).and_then(|batch| batch["id"].as_str()) else { return Ok(()) };
    if what == "cancel" {
        world.book.cancelling(id);
    }
    let (status, body) = order(world, &format!("/api/v1/batches/{id}/{what}"), what).await?;
    let refused = status == 409 && (body["code"] == "batch_ended" || (body["code"] == "batch_receiving" && what != "cancel"));
    if status != 200 && !refused {
        world.book.wrong(format!("{what} of {id}: {status} {body}"));
    }
    Ok(())
}

/// Asks the provider what really happened; leaves most of them alone.
async fn settle_doubts(world: &World, rng: &mut StdRng) -> Result<()> {
    let page = world.get("/api/v1/messages?state=unknown&limit=100").await?;
    let Some(doubts) = page["messages"].as_array().filter(|doubts| !doubts.is_empty()) else { return Ok(()) };
    let chosen: Vec<&str> = (0..SETTLED_AT_ONCE).filter_map(|_| doubts[rng.random_range(0..doubts.len())]["id"].as_str()).collect();
    tokio::time::sleep(ARRIVED).await;
    for id in chosen {
        let detail = world.get(&format!("/api/v1/messages/{id}")).await?;
        let (Some(to), Some(text)) = (detail["to"].as_str(), detail["text"].as_str()) else { continue };
        let taken = world.vendor.with(|model, _| model.times_accepted(to, text)) > 0;
        let said = if taken { "sent" } else { "not_sent" };
        let answer = world.client().post(format!("{}/api/v1/messages/{id}/resolve", world.url)).json(&json!({ "as": said })).send().await?;
        let status = answer.status().as_u16();
        let body: Value = answer.json().await?;
        match (status, taken) {
            (200, true) => world.book.count("resolved as sent"),
            (200, false) => world.book.count("resolved as not sent"),
            (409, _) if body["code"] == "not_in_doubt" => {}
            _ => world.book.wrong(format!("resolve of {id} as {said}: {status} {body}")),
        }
    }
    Ok(())
}

/// Whatever was paused goes on.
///
/// # Errors
/// When it cannot be resumed.
pub async fn all_goes_on(world: &World) -> Result<()> {
    order(world, "/api/v1/accounts/onfon/resume", "resumes").await?;
    for batch in world.all("/api/v1/batches?state=paused", "batches").await? {
        let id = batch["id"].as_str().unwrap_or_default();
        order(world, &format!("/api/v1/batches/{id}/resume"), "resume").await?;
    }
    Ok(())
}

/// How often the provider took each recipient and text.
#[must_use]
pub fn truth(world: &World) -> HashMap<(String, String), Vec<salio_simulator::core::Accepted>> {
    let mut taken: HashMap<_, Vec<_>> = HashMap::new();
    world.vendor.with(|model, _| {
        for accepted in model.accepted() {
            taken.entry((accepted.number.to_string(), accepted.text.to_string())).or_default().push(accepted.clone());
        }
    });
    taken
}
