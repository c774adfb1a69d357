//! The HTTP border: routes, wire types, Server-Sent Events, OpenAPI, problems, the embedded dashboard.
//!
//! Knows nothing of: rules, SQL, vendors. Everything it says comes from the engine's handle.

mod assets;
mod audit;
mod body;
mod bulk;
mod described;
mod docs;
mod dropin;
mod events;
mod guard;
mod hosts;
mod kept;
mod metrics;
mod options;
mod problem;
mod router;
mod routes;
mod server;
mod state;
mod text;
mod webhooks;
pub mod wire;

pub use dropin::forward_url;
pub use metrics::{Metrics, MetricsError};
pub use options::{ApiOptions, Setup};
pub use problem::{Code, Problem};
pub use router::{openapi, router};
pub use server::{Listener, MAX_CONNECTIONS, serve};
pub use state::ApiState;
pub use webhooks::{AllowFn, Webhook};
