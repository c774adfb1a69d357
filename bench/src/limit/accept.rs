//! The limit for accepting: axum, one writer thread that drains its channel into one transaction, commits once and answers them all.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};

use anyhow::Result;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use rusqlite::Connection;
use serde::Deserialize;
use tokio::sync::oneshot;

use super::rows;

/// As many as Salio lets share a commit.
const MOST: usize = 512;

#[derive(Deserialize)]
struct Message {
    to: String,
    text: String,
}

struct Job {
    message: Message,
    answer: oneshot::Sender<i64>,
}

/// Serves until killed.
pub async fn serve(directory: &Path) -> Result<()> {
    let connection = rows::open(directory)?;
    let (jobs, waiting) = channel();
    std::thread::spawn(move || write(&connection, &waiting));
    super::listen(Router::new().route("/api/v1/messages", post(accept)).with_state(jobs)).await
}

async fn accept(State(jobs): State<Sender<Job>>, Json(message): Json<Message>) -> impl IntoResponse {
    let to = message.to.clone();
    let (answer, written) = oneshot::channel();
    let sent = jobs.send(Job { message, answer }).is_ok();
    match written.await {
        Ok(id) if sent => (
            StatusCode::ACCEPTED,
            [(CONTENT_TYPE, "application/json")],
            format!(r#"{{"id":"msg_{id:013}","to":"{to}","encoding":"gsm7","segments":1,"charge":"1.00","state":"queued"}}"#),
        ),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, [(CONTENT_TYPE, "application/json")], "{}".to_owned()),
    }
}

/// Ends when it cannot write: every answer is then a 500, which the load takes for a fault.
fn write(connection: &Connection, waiting: &Receiver<Job>) -> Result<()> {
    let mut next = 0;
    while let Ok(first) = waiting.recv() {
        let mut done = Vec::with_capacity(MOST);
        rows::begin(connection)?;
        for job in std::iter::once(first).chain(waiting.try_iter()).take(MOST) {
            next += 1;
            rows::write(connection, next, &job.message.to, &job.message.text)?;
            done.push((job.answer, next));
        }
        rows::commit(connection)?;
        done.into_iter().for_each(|(answer, id)| _ = answer.send(id));
    }
    Ok(())
}
