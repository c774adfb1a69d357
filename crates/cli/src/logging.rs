//! The log on stderr: JSON lines for machines, text on a terminal.
//!
//! Knows nothing of: what is logged. Whatever filter the user sets, other people's code is heard from `warn` up only: HTTP clients and servers write
//! addresses with their queries and headers at `debug` and `trace`, and Onfon's balance call carries its key in the query.

use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::out;

/// What a filter is when nobody set one.
const DEFAULT: &str = "info";
/// Commands say themselves what went wrong.
const DEFAULT_OF_COMMANDS: &str = "error";
/// Every target of ours begins so.
const OURS: &str = "salio";

/// Starts the log of a server.
pub fn start(filter: &str) {
    install(filter);
}

/// Starts the log of a command: quiet, unless the user asked for more.
pub fn start_command(filter: &str) {
    install(if filter == DEFAULT { DEFAULT_OF_COMMANDS } else { filter });
}

fn install(filter: &str) {
    let chosen = EnvFilter::builder().with_default_directive(LevelFilter::ERROR.into()).parse_lossy(filter);
    let capped = chosen.and(filter_fn(allowed));
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let layer = if out::stderr_is_terminal() { layer.compact().boxed() } else { layer.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed() };
    // Not `init`, which would also let the `log` records of libraries in, under a target of their own. A second start (tests) changes nothing.
    let _ = tracing::subscriber::set_global_default(Registry::default().with(layer.with_filter(capped)));
}

fn allowed(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with(OURS) || *metadata.level() <= tracing::Level::WARN
}
