//! `salio simulate onfon`: a provider that is none, for people without an account.
//!
//! Knows nothing of: how the simulator works.

use salio_simulator::SimOptions;
use salio_simulator::core::InboundPlan;
use serde_json::{Map, Value, json};

use crate::args::{Common, SimulateArgs};
use crate::failure::{Failure, Outcome, with_causes};
use crate::signals::Signals;
use crate::{logging, out};

/// A key that anybody can tell is none.
const API_KEY: &str = "made-up-key-0001";
const CLIENT_ID: &str = "made-up-client-0001";

/// Runs until told to stop.
pub async fn run(common: &Common, args: &SimulateArgs) -> Outcome {
    logging::start(common.log.as_deref().unwrap_or("warn"));
    let mut signals = Signals::listen()?;
    let simulator = salio_simulator::start(&options(args)).await.map_err(|error| match error {
        salio_simulator::SimError::Bind { .. } => Failure::failed(with_causes(&error)),
        _ => Failure::usage(with_causes(&error)),
    })?;
    if let Some(url) = &args.inbound_url {
        let plan = InboundPlan { url: Some(url.clone()), ..InboundPlan::default() };
        plan.check().map_err(|problem| Failure::usage(format!("--inbound-url: {problem}")))?;
        simulator.with(|model, _| model.set_inbound(plan));
    }
    show(&simulator.environment(), &simulator.control_url(), args.json.json);
    signals.next().await;
    simulator.shutdown().await;
    Ok(())
}

fn options(args: &SimulateArgs) -> SimOptions {
    // A settings file may bring keys of its own.
    let or_made_up = |given: &Option<String>, made_up: &str| given.clone().or_else(|| args.settings.is_none().then(|| made_up.to_owned()));
    SimOptions {
        listen: args.listen,
        seed: args.seed,
        credit: args.credit.clone(),
        price: args.price.clone(),
        api_key: or_made_up(&args.api_key, API_KEY),
        client_id: or_made_up(&args.client_id, CLIENT_ID),
        access_key: args.access_key.clone(),
        access_key_required: args.access_key_required.clone(),
        latency_ms: args.latency_ms,
        jitter_ms: args.jitter_ms,
        settings: args.settings.clone(),
        faults: args.faults.clone(),
        dlr_url: args.dlr_url.clone(),
        dlr_shape: args.dlr_shape.clone(),
    }
}

fn show(environment: &[(&'static str, String)], control_url: &str, as_json: bool) {
    if as_json {
        let variables: Map<String, Value> = environment.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
        out::json_line(&json!({ "environment": variables, "control_url": control_url }));
        return;
    }
    for (name, value) in environment {
        out::line(&format!("{name}={value}"));
    }
    out::note(&format!("Put these lines into .env. Control: {control_url} (GET shows what it can do). Ctrl-C stops."));
}
