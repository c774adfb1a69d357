//! `salio doctor`: what is right, what is not, and the fix.
//!
//! Knows nothing of: how the checked parts work. Never shows a secret.

mod accounts;
mod books;
mod configuration;
mod network;
mod report;
mod storage;
mod webhooks;

use crate::args::{Common, DoctorArgs};
use crate::config;
use crate::config::settings::Settings;
use crate::failure::{Failure, Outcome};
use crate::logging;

use report::{Line, Report};

/// `salio doctor`
pub async fn run(common: &Common, args: &DoctorArgs) -> Outcome {
    let inputs = config::process_inputs(common.flags());
    let mut report = Report::default();
    match config::load(&inputs) {
        Ok(settings) => {
            logging::start_command(&settings.log);
            configuration::check(&mut report, &settings, &inputs);
            examine(&mut report, &settings, args.ask).await;
        }
        Err(errors) => errors.0.iter().for_each(|error| report.add(Line::fail("configuration", error.to_string(), "mend it; docs/configuration.md lists every key"))),
    }
    report.show(args.json.json);
    if report.has_failed() { Err(Failure::Told) } else { Ok(()) }
}

async fn examine(report: &mut Report, settings: &Settings, ask: bool) {
    let client = storage::check(report, settings).await;
    for account in &settings.accounts {
        webhooks::check(report, settings, account);
        network::check(report, account).await;
        if let Some(client) = &client {
            accounts::check(report, client, account, ask).await;
        }
    }
    if let Some(client) = client {
        books::check(report, &client).await;
        client.close().await;
    }
}
