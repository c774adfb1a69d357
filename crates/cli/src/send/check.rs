//! A file looked at before anything of it is sent: whoever mends bad lines and runs it again must not send the others twice. The rules are the engine's own, applied
//! here; the account and the stop list are asked for.
//!
//! Knows nothing of: transports, how lines are read.

use futures::StreamExt;
use salio_domain::message::Priority;
use salio_domain::{Msisdn, Units};
use salio_engine::Engine;
use salio_engine::bulk::{Broken, BulkError};
use salio_engine::store::{Block, LineError};
use sha2::{Digest, Sha256};

use super::options;
use super::progress::Progress;
use super::source::Source;
use crate::args::SendArgs;
use crate::client::wire::{self, Account, StopList};
use crate::client::{Client, Problem};
use crate::commands::{accounts, parsed};
use crate::config::settings::Settings;
use crate::failure::{Failure, Outcome};
use crate::wiring::{self, Rules};

/// Bad lines that are kept to be shown.
const KEPT: usize = 1000;

/// What a file comes to.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Who pays.
    pub account: String,
    /// Lines that carry something.
    pub lines: u64,
    /// Of them usable.
    pub messages: u64,
    /// Parts on the air, of the usable ones.
    pub segments: u64,
    /// What the usable ones should cost.
    pub charge: Units,
    /// Lines that cannot be sent.
    pub bad: u64,
    /// The first of them.
    pub first_bad: Vec<wire::LineError>,
    /// SHA-256 of the whole.
    pub digest: [u8; 32],
}

/// Reads the whole file.
pub async fn run(client: &Client, settings: &Settings, args: &SendArgs, source: &Source, progress: &Progress) -> Outcome<Checked> {
    let all = accounts(client).await?;
    let payer = args.account.as_deref().map_or_else(|| all.payer(), |word| all.find(word))?;
    let engine = engine(client, settings, payer).await?;
    progress.bytes("checking", source.bytes());
    let mut checked = Checked { account: payer.slug.clone(), ..Checked::default() };
    let done = read(&engine, args, source, progress, &mut checked).await;
    engine.stop().await;
    done.map(|()| checked)
}

/// An engine that knows what the account's own knows.
async fn engine(client: &Client, settings: &Settings, account: &Account) -> Outcome<Engine> {
    // Prices by prefix are the configuration's; a server elsewhere keeps its own to itself.
    let own = settings.accounts.iter().find(|own| own.slug == account.slug && !matches!(client, Client::Tcp(_)));
    let rules = Rules {
        slug: account.slug.clone(),
        unit: account.unit.clone(),
        sender_id: account.sender_id.clone(),
        default_country: account.default_country.clone(),
        price: account.price_per_segment.parse().ok().filter(|_| account.price_source != "assumed"),
        prices: own.map(|own| own.prices.clone()).unwrap_or_default(),
    };
    let engine = wiring::scratch(rules).await?;
    let stops: StopList = parsed(client.get("/api/v1/stop-list").await?.ok()?)?;
    let numbers: Vec<Msisdn> = stops.numbers.into_iter().map(|stop| Msisdn::from_stored(stop.number)).collect();
    engine.add_stops(&numbers).await.map_err(|error| Failure::failed(error.to_string()))?;
    Ok(engine)
}

async fn read(engine: &Engine, args: &SendArgs, source: &Source, progress: &Progress, checked: &mut Checked) -> Outcome {
    let (mut hasher, mut broken) = (Sha256::new(), None);
    let bytes = source.stream(progress).map(|chunk| match chunk {
        Ok(bytes) => {
            hasher.update(&bytes);
            Ok(bytes)
        }
        Err(error) => {
            broken = Some(error);
            Err(Broken::Cut)
        }
    });
    let mut request = options::request(args);
    request.priority = request.priority.or(Some(Priority::Bulk));
    let done = engine.intake().check(&request, bytes, |block| checked.take(block)).await;
    if let Some(error) = broken {
        return Err(Failure::failed(format!("{} cannot be read: {error}", source.shown())));
    }
    checked.digest = hasher.finalize().into();
    match done {
        Ok(()) => Ok(()),
        Err(BulkError::Draft(error)) => {
            let problem = Problem {
                detail: format!("{}: {}", source.shown(), in_flags(&error.detail)),
                code: error.code.to_owned(),
                field: Some(error.field.to_owned()),
                ..Problem::default()
            };
            Err(problem.failure(None))
        }
        Err(error) => Err(Failure::failed(error.to_string())),
    }
}

/// The engine's words, for the command line.
fn in_flags(detail: &str) -> String {
    detail
        .replace("give \"text\" in the address", "give --text")
        .replace("nor in the address", "nor in --text")
        .replace("\"to_column\"", "--to-column")
        .replace("in \"from\"", "with --from")
        .replace("The text needs", "--text needs")
}

impl Checked {
    fn take(&mut self, block: Block) {
        self.lines += u64::try_from(block.lines).unwrap_or(0);
        self.messages += u64::try_from(block.messages.len()).unwrap_or(0);
        self.segments += block.messages.iter().map(|message| u64::from(message.segments)).sum::<u64>();
        self.charge = self.charge.plus(block.messages.iter().map(|message| message.charge).sum());
        self.bad += u64::try_from(block.errors.len()).unwrap_or(0);
        let room = KEPT.saturating_sub(self.first_bad.len());
        self.first_bad.extend(block.errors.into_iter().take(room).map(shown));
    }
}

fn shown(error: LineError) -> wire::LineError {
    wire::LineError { line: u64::try_from(error.line).unwrap_or(0), field: error.field, detail: in_flags(&error.detail), given: error.given }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_engine_says_is_said_in_flags() {
        assert_eq!(in_flags("Give more: give \"text\" in the address, or name \"to_column\"."), "Give more: give --text, or name --to-column.");
        assert_eq!(in_flags("neither in this line nor in the address."), "neither in this line nor in --text.");
    }
}
