//! Starting a simulator from plain settings, as a command line has them. Prints nothing: whoever calls shows the address and variables.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error as NameError, StrDeserializer};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::core::{AccessKeyRequired, Micros, SimConfig};
use crate::error::SimError;
use crate::http::{SimHandle, Simulator};

/// What a user may choose. What is `None` keeps the value of the settings file, or else the default.
#[derive(Clone)]
pub struct SimOptions {
    /// Where to listen; port 0 takes any free port.
    pub listen: SocketAddr,
    /// Seed of all chance.
    pub seed: Option<u64>,
    /// Credit at the start, a decimal such as `11378.67`.
    pub credit: Option<String>,
    /// Price of a segment, a decimal such as `0.7`.
    pub price: Option<String>,
    /// `ApiKey`
    pub api_key: Option<String>,
    /// `ClientId`
    pub client_id: Option<String>,
    /// `AccessKey`; demanded in header or body unless `access_key_required` says otherwise.
    pub access_key: Option<String>,
    /// `none`, `header`, `body` or `either`.
    pub access_key_required: Option<String>,
    /// Every answer takes this long.
    pub latency_ms: Option<u64>,
    /// And up to this much longer.
    pub jitter_ms: Option<u64>,
    /// A JSON file with a whole [`SimConfig`].
    pub settings: Option<PathBuf>,
    /// A JSON file with a plan of faults.
    pub faults: Option<PathBuf>,
    /// Where delivery reports go.
    pub dlr_url: Option<String>,
    /// `s1`, `s2`, `s2_json`, `s3`, `s3_snake`, `s4`, `s4_post` or `s4_level1`.
    pub dlr_shape: Option<String>,
}

impl Default for SimOptions {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: None,
            credit: None,
            price: None,
            api_key: None,
            client_id: None,
            access_key: None,
            access_key_required: None,
            latency_ms: None,
            jitter_ms: None,
            settings: None,
            faults: None,
            dlr_url: None,
            dlr_shape: None,
        }
    }
}

impl fmt::Debug for SimOptions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SimOptions").field("listen", &self.listen).finish_non_exhaustive()
    }
}

/// Starts a simulator; it runs until [`SimHandle::shutdown`].
///
/// # Errors
/// An option or file cannot be used, or the address cannot be had.
pub async fn start(options: &SimOptions) -> Result<SimHandle, SimError> {
    Simulator::bind(options.listen, options.config()?).await
}

/// Starts a simulator, hands its handle to `bound` as soon as it listens, and runs until `shutdown`.
///
/// # Errors
/// As [`start`].
pub async fn run(options: SimOptions, bound: oneshot::Sender<SimHandle>, shutdown: CancellationToken) -> Result<(), SimError> {
    let handle = start(&options).await?;
    // Nobody waiting for the address is no reason not to run.
    let _ = bound.send(handle.clone());
    shutdown.cancelled().await;
    handle.shutdown().await;
    Ok(())
}

impl SimOptions {
    /// The account that these options describe.
    ///
    /// # Errors
    /// The first option or file that cannot be used.
    pub fn config(&self) -> Result<SimConfig, SimError> {
        let mut config: SimConfig = self.settings.as_deref().map(read_file).transpose()?.unwrap_or_default();
        if let Some(path) = self.faults.as_deref() {
            config.faults = read_file(path)?;
        }
        self.apply_account(&mut config)?;
        set(&mut config.faults.latency_ms, self.latency_ms);
        set(&mut config.faults.jitter_ms, self.jitter_ms);
        if let Some(url) = &self.dlr_url {
            config.dlr.url = Some(url.clone());
        }
        if let Some(shape) = &self.dlr_shape {
            config.dlr.shape = named("dlr shape", shape)?;
        }
        config.check().map_err(|problem| SimError::Option { option: "settings", problem })?;
        Ok(config)
    }

    fn apply_account(&self, config: &mut SimConfig) -> Result<(), SimError> {
        set(&mut config.seed, self.seed);
        set(&mut config.credit, amount("credit", self.credit.as_deref())?);
        set(&mut config.price, amount("price", self.price.as_deref())?);
        let credentials = &mut config.credentials;
        set(&mut credentials.api_key, self.api_key.clone());
        set(&mut credentials.client_id, self.client_id.clone());
        if let Some(key) = &self.access_key {
            credentials.access_key = Some(key.clone());
            credentials.access_key_required = AccessKeyRequired::Either;
        }
        if let Some(place) = &self.access_key_required {
            credentials.access_key_required = named("access key required", place)?;
        }
        Ok(())
    }
}

fn set<T>(value: &mut T, chosen: Option<T>) {
    if let Some(chosen) = chosen {
        *value = chosen;
    }
}

fn amount(option: &'static str, text: Option<&str>) -> Result<Option<Micros>, SimError> {
    let parse = |text: &str| text.parse::<Micros>().map_err(|error| SimError::Option { option, problem: error.to_string() });
    text.map(parse).transpose()
}

/// One of a fixed set of names, read as JSON settings read it.
fn named<T: DeserializeOwned>(option: &'static str, name: &str) -> Result<T, SimError> {
    let name: StrDeserializer<'_, NameError> = name.into_deserializer();
    T::deserialize(name).map_err(|error| SimError::Option { option, problem: error.to_string() })
}

fn read_file<T: DeserializeOwned>(path: &Path) -> Result<T, SimError> {
    let text = std::fs::read(path).map_err(|source| SimError::ReadFile { path: path.to_owned(), source })?;
    serde_json::from_slice(&text).map_err(|error| SimError::ParseFile { path: path.to_owned(), problem: error.to_string() })
}
