//! The auditor: what callers were told, what is stored, what the provider took, and the money, each held against the others.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use anyhow::{Context, Result};
use salio_domain::Units;
use salio_simulator::core::Accepted;
use serde_json::Value;

use super::World;
use super::meddle::truth;
use super::requests::{Kind, Request, Row};

/// What was found.
#[derive(Default)]
pub struct Found {
    /// What does not add up; empty when all is well.
    pub wrong: Vec<String>,
    /// Messages by state.
    pub states: BTreeMap<String, usize>,
    /// In doubt, by name: whether the provider took it.
    pub doubts: Vec<(String, bool)>,
    /// Of these, of how many a report lies here that was matched to nothing.
    pub told_of: usize,
    /// Requests that were answered, messages of them, batches.
    pub sizes: (usize, usize, usize),
    /// What the provider took.
    pub taken: usize,
    /// Charges that stand without doubt, charges in doubt that the provider took, what the provider charged.
    pub money: (Units, Units, Units),
}

impl Found {
    fn check(&mut self, right: bool, what: impl FnOnce() -> String) {
        if !right {
            self.wrong.push(what());
        }
    }
}

/// Everything that callers were told of, by recipient and reference.
type Expected = HashMap<(String, String), (Arc<Request>, Row)>;
/// By recipient and text.
type Truth = HashMap<(String, String), Vec<Accepted>>;

/// What messages are held against.
struct Known {
    expected: Expected,
    truth: Truth,
    /// Names that the provider gave to several messages.
    shared: HashSet<String>,
    /// Names in reports that were matched to nothing.
    unmatched: HashSet<String>,
    cancelled: BTreeSet<String>,
}

/// Holds everything against everything.
///
/// # Errors
/// When the server does not answer.
pub async fn audit(world: &World) -> Result<Found> {
    let (messages, batches) = (world.all("/api/v1/messages", "messages").await?, world.all("/api/v1/batches", "batches").await?);
    let mut found = Found { sizes: (world.book.answers().len(), messages.len(), batches.len()), wrong: world.book.wrongs(), ..Found::default() };
    let mut known = known(world).await?;
    found.taken = known.truth.values().map(Vec::len).sum();
    let stored = stored(&mut found, &messages);
    acknowledged(&mut found, world, &stored);
    for message in &messages {
        one(&mut found, message, &mut known);
    }
    for ((to, text), taken) in known.truth {
        found.wrong.push(format!("the provider took {text:?} for {to} {} times, and no message says so", taken.len()));
    }
    counters(&mut found, &messages, &batches);
    money(&mut found, world, &messages).await?;
    Ok(found)
}

async fn known(world: &World) -> Result<Known> {
    let (truth, mut names, mut shared) = (truth(world), HashSet::new(), HashSet::new());
    for taken in truth.values().flatten() {
        if !names.insert(taken.message_id.clone()) {
            shared.insert(taken.message_id.to_string());
        }
    }
    let unmatched = world.all("/api/v1/reports?matched=false", "reports").await?;
    let unmatched = unmatched.iter().map(|report| word(report, "provider_message_id").to_owned()).collect();
    Ok(Known { expected: expected(world), truth, shared, unmatched, cancelled: world.book.cancelled_messages() })
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn charge(message: &Value) -> Units {
    word(message, "charge").parse().unwrap_or(Units::whole(-1))
}

fn expected(world: &World) -> Expected {
    let requests = world.book.answers().into_iter().map(|(request, _)| request).chain(world.book.dropped());
    requests.flat_map(|request| request.rows.clone().into_iter().map(move |row| ((row.to.clone(), row.reference.clone()), (request.clone(), row)))).collect()
}

fn stored<'a>(found: &mut Found, messages: &'a [Value]) -> HashMap<(&'a str, &'a str), &'a Value> {
    let mut stored = HashMap::new();
    for message in messages {
        let twice = stored.insert((word(message, "to"), word(message, "reference")), message);
        found.check(twice.is_none(), || format!("stored twice: {message}"));
    }
    stored
}

/// Every acknowledged message is there, under the id that its caller was told, and in its batch.
fn acknowledged(found: &mut Found, world: &World, stored: &HashMap<(&str, &str), &Value>) {
    for (request, answer) in world.book.answers() {
        for (at, row) in request.rows.iter().enumerate() {
            let Some(message) = stored.get(&(row.to.as_str(), row.reference.as_str())) else {
                found.wrong.push(format!("{:?} to {} was acknowledged and is lost", row.reference, row.to));
                continue;
            };
            let told = match request.kind {
                Kind::Single => message["id"] == answer["id"],
                Kind::List => message["id"] == answer["messages"][at]["id"] && message["batch_id"] == answer["batch_id"],
                Kind::Csv => message["batch_id"] == answer["batch_id"],
            };
            found.check(told, || format!("{:?} to {} was acknowledged as another: {message}, told {answer}", row.reference, row.to));
        }
    }
}

/// One message against what the provider really did with it.
fn one(found: &mut Found, message: &Value, known: &mut Known) {
    let (state, id) = (word(message, "state"), word(message, "id"));
    *found.states.entry(state.to_owned()).or_default() += 1;
    let Some((request, row)) = known.expected.get(&(word(message, "to").to_owned(), word(message, "reference").to_owned())) else {
        found.wrong.push(format!("nobody asked for {message}"));
        return;
    };
    let taken = known.truth.remove(&(row.to.clone(), row.text.clone())).unwrap_or_default();
    let right = match state {
        "sent" | "delivered" | "undelivered" => taken.len() == 1,
        "unknown" => taken.len() <= 1,
        "rejected" | "failed" | "cancelled" => taken.is_empty(),
        "expired" => taken.is_empty() && request.expires,
        _ => false,
    };
    found.check(right, || format!("{id} ({}) is {state} ({}) and the provider took it {} times", row.reference, word(message, "cause"), taken.len()));
    let all = i64::from(salio_simulator::core::segments(&row.text, !row.text.is_ascii())) * 1_000_000;
    found.check(charge(message).micros() == all, || format!("{id} is charged {}, its text takes {all} millionths", word(message, "charge")));
    if known.cancelled.contains(id) {
        found.check(state == "cancelled", || format!("{id} was answered as cancelled and is {state}"));
    }
    if state == "unknown" {
        found.doubts.push((id.to_owned(), !taken.is_empty()));
    }
    if let Some(first) = taken.first() {
        delivery(found, (id, state), first, known);
    }
}

/// What the network said of it, and no other's word.
fn delivery(found: &mut Found, (id, state): (&str, &str), taken: &Accepted, known: &Known) {
    if state == "unknown" {
        found.told_of += usize::from(known.unmatched.contains(&*taken.message_id));
    }
    // A name shared by several messages may bring each the other's word.
    if known.shared.contains(&*taken.message_id) {
        return;
    }
    let delivered = taken.outcome.starts_with("DELIV");
    found.check(state != "delivered" || delivered, || format!("{id} is delivered, the network said {}", taken.outcome));
    found.check(state != "undelivered" || !delivered, || format!("{id} is undelivered, the network said {}", taken.outcome));
}

/// Counters of batches are the counts of their messages, and every line is accounted for.
fn counters(found: &mut Found, messages: &[Value], batches: &[Value]) {
    let mut counted: HashMap<&str, BTreeMap<&str, i64>> = HashMap::new();
    let mut spent: HashMap<&str, Units> = HashMap::new();
    for message in messages {
        let (batch, state) = (word(message, "batch_id"), word(message, "state"));
        *counted.entry(batch).or_default().entry(state).or_default() += 1;
        if matches!(state, "sent" | "delivered" | "undelivered" | "unknown" | "submitting") {
            let sum = spent.entry(batch).or_default();
            *sum = sum.plus(charge(message));
        }
    }
    for batch in batches {
        let id = word(batch, "id");
        let counts = counted.remove(id).unwrap_or_default();
        let shown: BTreeMap<&str, i64> =
            batch["counts"].as_object().into_iter().flatten().filter_map(|(state, count)| Some((state.as_str(), count.as_i64().filter(|count| *count != 0)?))).collect();
        found.check(shown == counts, || format!("{id} counts {shown:?}, its messages are {counts:?}: {batch}"));
        let figure = |name: &str| batch[name].as_i64().unwrap_or(-1);
        found.check(figure("lines") == figure("messages") + figure("rejected"), || format!("lines are lost: {batch}"));
        found.check(figure("messages") == counts.values().sum::<i64>(), || format!("of {id}: {counts:?}, {batch}"));
        let stands = spent.remove(id).unwrap_or_default();
        found.check(word(batch, "spent").parse() == Ok(stands), || format!("{id} says it spent {}, and its messages {stands}", word(batch, "spent")));
    }
    counted.remove("");
    found.check(counted.is_empty(), || format!("messages of batches that are not there: {counted:?}"));
}

/// What stands in the books is what the provider took, but for what is in doubt.
async fn money(found: &mut Found, world: &World, messages: &[Value]) -> Result<()> {
    let sum = |states: &[&str]| -> Units { messages.iter().filter(|message| states.contains(&word(message, "state"))).map(charge).sum() };
    let (sure, doubtful) = (sum(&["sent", "delivered", "undelivered"]), sum(&["unknown"]));
    let ids: HashMap<&str, &Value> = messages.iter().map(|message| (word(message, "id"), message)).collect();
    let explained: Units = found.doubts.iter().filter(|(_, taken)| *taken).filter_map(|(id, _)| ids.get(id.as_str())).map(|message| charge(message)).sum();
    let charged = world.vendor.with(|model, _| model.books().charged.to_string()).parse::<Units>().context("what the provider charged")?;
    found.money = (sure, explained, charged);
    found.check(sure.plus(explained) == charged, || format!("{sure} stands, {explained} is in doubt and was taken, the provider charged {charged}"));
    let books = world.books().await?;
    let amount = |name: &str| word(&books["balances"], name).parse::<Units>().unwrap_or(Units::whole(-1));
    found.check(amount("spend") == sure, || format!("the books say {} was spent, {sure} stands", amount("spend")));
    found.check(amount("pending").plus(amount("suspense")) == doubtful, || format!("the books hold {} back, {doubtful} is in doubt: {books}", amount("pending")));
    let all: Units = ["credit", "pending", "spend", "suspense", "outside"].map(amount).into_iter().sum();
    found.check(all == Units::ZERO, || format!("the books do not come to zero: {books}"));
    Ok(())
}
