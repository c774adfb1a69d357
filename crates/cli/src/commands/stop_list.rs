//! `salio stop-list`.
//!
//! Knows nothing of: transports, numbers.

use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::{Value, json};

use super::{begin, open, parsed, show_rows};
use crate::args::{Common, StopAddArgs, StopListCommand, StopRemoveArgs};
use crate::client::wire::StopList;
use crate::client::{Client, escaped};
use crate::failure::{Failure, Outcome};
use crate::{out, say};

/// Numbers of one request.
const TOGETHER: usize = 1000;

/// `salio stop-list …`
pub async fn run(common: &Common, command: &StopListCommand) -> Outcome {
    let settings = begin(common)?;
    let client = open(&settings, "stop-list").await?;
    let done = match command {
        StopListCommand::List(json) => list(&client, json.json, &settings.server.timezone).await,
        StopListCommand::Add(args) => add(&client, args).await,
        StopListCommand::Remove(args) => remove(&client, args).await,
    };
    client.close().await;
    done
}

async fn list(client: &Client, as_json: bool, timezone: &str) -> Outcome {
    let body = client.get("/api/v1/stop-list").await?.ok()?;
    if as_json {
        out::json(&body);
        return Ok(());
    }
    let all: StopList = parsed(body)?;
    let rows = all.numbers.iter().map(|stop| vec![stop.number.clone(), say::instant(&stop.since, timezone)]).collect();
    show_rows("the stop list is empty", &["NUMBER", "SINCE"], rows, &[]);
    Ok(())
}

async fn add(client: &Client, args: &StopAddArgs) -> Outcome {
    let numbers = numbers(args)?;
    let mut taken: Vec<Value> = Vec::new();
    for (part, some) in numbers.chunks(TOGETHER).enumerate() {
        let texts: Vec<&str> = some.iter().map(|(_, text)| text.as_str()).collect();
        let reply = client.post("/api/v1/stop-list", Some(&json!({ "numbers": texts }))).await?;
        if reply.is_problem() {
            let (detail, index) = (reply.problem().detail, reply.body.get("index").and_then(Value::as_u64));
            let at = index.and_then(|index| some.get(usize::try_from(index).ok()?));
            let place = at.map(|(line, text)| line.map_or_else(|| format!("{text}: "), |line| format!("line {line}, {text}: "))).unwrap_or_default();
            let done = part * TOGETHER;
            let kept = if done == 0 { "nothing was put on the list".to_owned() } else { format!("the {} before are on the list", say::count(done, "number")) };
            return Err(Failure::usage(format!("{place}{detail} Mend it and run this again; {kept}")));
        }
        taken.extend(reply.ok()?.get("numbers").and_then(Value::as_array).cloned().unwrap_or_default());
    }
    if args.json.json {
        out::json(&json!({ "numbers": taken }));
    } else {
        out::line(&format!("{} on the stop list", say::count(taken.len(), "number")));
    }
    Ok(())
}

/// Those of the command line, then those of the file with their lines.
fn numbers(args: &StopAddArgs) -> Outcome<Vec<(Option<usize>, String)>> {
    let mut numbers: Vec<_> = args.numbers.iter().map(|number| (None, number.clone())).collect();
    if let Some(path) = &args.file {
        let unreadable = |error: std::io::Error| Failure::usage(format!("{}: {error}", path.display()));
        let reader: Box<dyn BufRead> =
            if path == Path::new("-") { Box::new(std::io::stdin().lock()) } else { Box::new(BufReader::new(std::fs::File::open(path).map_err(unreadable)?)) };
        for (line, text) in (1..).zip(reader.lines()) {
            let text = text.map_err(unreadable)?;
            if !text.trim().is_empty() {
                numbers.push((Some(line), text.trim().to_owned()));
            }
        }
    }
    if numbers.is_empty() { Err(Failure::usage("the file names no number")) } else { Ok(numbers) }
}

async fn remove(client: &Client, args: &StopRemoveArgs) -> Outcome {
    let mut bodies = Vec::new();
    for number in &args.numbers {
        let body = client.delete(&format!("/api/v1/stop-list/{}", escaped(number))).await?.ok()?;
        if !args.json.json {
            let was = body.get("was_stopped").and_then(Value::as_bool).unwrap_or(false);
            let shown = body.get("number").and_then(Value::as_str).unwrap_or(number);
            out::line(&format!("{shown}  {}", if was { "taken off the stop list" } else { "was not on the stop list" }));
        }
        bodies.push(body);
    }
    if args.json.json {
        out::json(&json!({ "numbers": bodies }));
    }
    Ok(())
}
