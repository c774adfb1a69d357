//! The HTTP border: routes, wire types, Server-Sent Events, OpenAPI, problems, the embedded dashboard.
//!
//! Knows nothing of: rules, SQL, vendors. Everything it says comes from the engine's handle.

mod assets;
mod body;
mod docs;
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
pub mod wire;

pub use metrics::{Metrics, MetricsError};
pub use options::{ApiOptions, Setup};
pub use problem::{Code, Problem};
pub use router::{openapi, router};
pub use server::{Listener, MAX_CONNECTIONS, serve};
pub use state::ApiState;
