//! What became of the messages, said once at the end.
//!
//! Knows nothing of: transports.

use std::collections::BTreeMap;

use salio_domain::Units;
use serde_json::{Value, json};

use super::follow::{Ending, Follow};
use super::hand_over::Handed;
use super::lines::{self, Lines};
use super::plan::Plan;
use crate::args::SendArgs;
use crate::client::Client;
use crate::client::wire::Balance;
use crate::commands::{account_path, parsed, show};
use crate::failure::{Failure, Outcome};
use crate::{out, say};

/// Shows it; an error when not everything is on its way.
pub async fn show(client: &Client, args: &SendArgs, plan: &Plan, handed: &Handed, follow: &Follow, ending: &Ending) -> Outcome {
    let states = states(handed, follow);
    if args.json.json {
        out::json(&whole(plan, handed, follow, &states));
    } else {
        tell(client, handed, follow, &states).await;
    }
    tell_refused(handed);
    let lines = Lines::of(plan, handed);
    if !lines.not_taken.is_empty() {
        out::note(&format!(
            "lines that went: {}\n{}: {}",
            lines::ranges(&lines.taken),
            if handed.broke_off { "lines that did not, or of which no answer came" } else { "lines that did not" },
            lines::ranges(&lines.not_taken)
        ));
    }
    tell_ending(client, plan, handed, follow, ending);
    if handed.ids.is_empty() && !handed.refused.is_empty() && handed.refused.iter().all(|(line, _)| line.is_none()) {
        return Err(Failure::usage("nothing was sent: no number after --to can be sent to"));
    }
    let good = |state: &str| matches!(state, "sent" | "delivered") || (*ending == Ending::NotAwaited && state == "queued");
    let all_good = handed.refused.is_empty() && plan.bad_lines.is_empty() && !handed.ids.is_empty() && states.keys().all(|state| good(state));
    if all_good && !matches!(ending, Ending::Interrupted | Ending::Stopped(..)) { Ok(()) } else { Err(Failure::Told) }
}

/// How many are in each state.
fn states(handed: &Handed, follow: &Follow) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for id in &handed.ids {
        let state = follow.seen.get(id).map_or("queued", |message| message.state.as_str());
        *states.entry(state.to_owned()).or_insert(0) += 1;
    }
    states
}

fn charge(handed: &Handed) -> Units {
    handed.charges.iter().filter_map(|charge| charge.parse::<Units>().ok()).sum()
}

fn whole(plan: &Plan, handed: &Handed, follow: &Follow, states: &BTreeMap<String, usize>) -> Value {
    let message = |id: &String| match follow.seen.get(id) {
        Some(message) => json!({ "id": id, "to": message.to, "state": message.state, "cause": message.cause, "charge": message.charge }),
        None => json!({ "id": id, "state": "queued" }),
    };
    let refused = handed.refused.iter().map(|(line, refused)| json!({ "line": line, "to": refused.to, "code": refused.code, "detail": refused.detail }));
    let lines = Lines::of(plan, handed);
    json!({
        "messages": handed.ids.iter().map(message).collect::<Vec<_>>(),
        "states": states,
        "batch_ids": handed.batches,
        "charge": charge(handed).to_string(),
        "rejected": refused.collect::<Vec<_>>(),
        "lines": { "went": lines.taken, "did_not": lines.not_taken, "broke_off": handed.broke_off },
        "bad_lines": plan.bad_lines.iter().map(|(line, why)| json!({ "line": line, "detail": why })).collect::<Vec<_>>(),
    })
}

async fn tell(client: &Client, handed: &Handed, follow: &Follow, states: &BTreeMap<String, usize>) {
    if handed.ids.is_empty() {
        return;
    }
    let counts: Vec<String> = states.iter().map(|(state, count)| format!("{count} {state}")).collect();
    out::line(&format!("{}: {}  (charge {})", say::count(handed.ids.len(), "message"), counts.join(", "), charge(handed).grouped()));
    if let [id] = handed.ids.as_slice() {
        out::line(id);
    }
    out::lines(&handed.batches);
    tell_causes(follow);
    // The figure afterwards is a courtesy: that it cannot be had is no failure of sending.
    if let Some(account) = follow.seen.values().next().map(|message| message.account.as_str())
        && let Ok(reply) = client.get(&account_path(account, "/balance")).await
        && let Ok(balance) = reply.ok().and_then(parsed::<Balance>)
    {
        out::lines(&show::balances(&[balance]));
    }
}

/// Why some were not taken, each reason once.
fn tell_causes(follow: &Follow) {
    let mut causes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for message in follow.seen.values().filter(|message| !matches!(message.state.as_str(), "sent" | "delivered")) {
        if let Some(cause) = message.cause.as_deref() {
            *causes.entry((message.state.as_str(), cause)).or_insert(0) += 1;
        }
    }
    causes.iter().for_each(|((state, cause), count)| out::note(&format!("{count} {state}: {}", cause.replace('_', " "))));
}

fn tell_refused(handed: &Handed) {
    for (line, refused) in &handed.refused {
        let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        out::error(&format!("{place}{} was refused: {}", refused.to, refused.detail));
    }
}

fn tell_ending(client: &Client, plan: &Plan, handed: &Handed, follow: &Follow, ending: &Ending) {
    let (waiting, here) = (stay_queued(follow.waiting()), client.local().is_some());
    let goes_on = if here { "they leave with `salio serve` or the next `salio send`" } else { "the server goes on with them" };
    match ending {
        Ending::Left => {}
        Ending::NotAwaited => out::note(&format!("the server sends them; follow with `{}`", follow_with(handed))),
        Ending::Stopped(account, why) => out::error(&format!("the account {account} has stopped sending ({}); {waiting}. {}", why.replace('_', " "), fix(why))),
        Ending::Interrupted => {
            let left_out = plan.recipients().saturating_sub(handed.ids.len() + handed.refused.len());
            if left_out > 0 {
                out::note(&format!("{} were not accepted yet and will not be sent", say::count(left_out, "message")));
            }
            if follow.waiting() > 0 {
                out::note(&format!("{waiting}: {goes_on}. Follow with `{}`, take back with `salio messages cancel ID`", follow_with(handed)));
            }
        }
    }
}

fn stay_queued(waiting: usize) -> String {
    format!("{} {} queued", say::count(waiting, "message"), if waiting == 1 { "stays" } else { "stay" })
}

fn fix(why: &str) -> &'static str {
    match why {
        "out_of_credit" => "Top up, then run `salio balance --refresh`: they leave with the server, or with the next `salio send`",
        _ => "Mend the account's keys in the configuration, then start the server or send again",
    }
}

fn follow_with(handed: &Handed) -> String {
    match (handed.batches.as_slice(), handed.ids.as_slice()) {
        ([batch], _) => format!("salio messages --batch {batch}"),
        ([], [id]) => format!("salio messages {id}"),
        _ => "salio messages --state queued".to_owned(),
    }
}
