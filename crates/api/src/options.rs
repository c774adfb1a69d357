//! Settings of the HTTP border, already read and checked.

use std::net::SocketAddr;

use serde::Serialize;
use utoipa::ToSchema;

use crate::webhooks::{AllowFn, Webhook};

/// The largest body that is read into memory. Ten thousand recipients and a long text take less than half of it.
pub const BODY_LIMIT: usize = 1 << 20;

/// What the routes need to know beside the engine.
#[derive(Clone, Default)]
pub struct ApiOptions {
    /// Where it listens; none on a socket alone.
    pub listen: Option<SocketAddr>,
    /// The address that people reach it by when a proxy stands before it.
    pub public_url: Option<String>,
    /// Further host names that requests may carry.
    pub allowed_hosts: Vec<String>,
    /// Whether accounts and traffic are simulated.
    pub demo: bool,
    /// The version of the program.
    pub version: String,
    /// What is still to be set.
    pub setup: Setup,
    /// Where days, months and schedules begin.
    pub timezone: String,
    /// Who may report to which account.
    pub webhooks: Vec<Webhook>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Option<AllowFn>,
}

/// What is still to be set before there is anything to show.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Setup {
    /// Whether no account is configured.
    pub needed: bool,
    /// Names of settings without a value.
    pub missing: Vec<String>,
    /// What to do about it, for people.
    pub hint: String,
}
