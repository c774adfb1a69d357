//! The command line of `salio simulate`.
//!
//! Knows nothing of: what commands do.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::JsonFlag;

/// The shapes of delivery reports that the simulator knows.
const DLR_SHAPES: [&str; 12] = ["s1", "s1_post", "s2", "s2_json", "s2_get", "s3", "s3_snake", "s3_get", "s4", "s4_post", "s4_level1", "s4_level1_post"];

/// `simulate`
#[derive(Debug, Subcommand)]
pub enum SimulateCommand {
    /// Onfon Media: its HTTP API with its oddities, its faults on demand, and a control API
    Onfon(SimulateArgs),
}

/// `simulate onfon`
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// Where to listen; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// Seed of all chance
    #[arg(long)]
    pub seed: Option<u64>,
    /// Credit at the start, such as 11378.67
    #[arg(long, value_name = "UNITS")]
    pub credit: Option<String>,
    /// Price of a segment, such as 0.8
    #[arg(long, value_name = "UNITS")]
    pub price: Option<String>,
    /// The API key that is taken
    #[arg(long, value_name = "KEY")]
    pub api_key: Option<String>,
    /// The client id that is taken
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Demand this access key too
    #[arg(long, value_name = "KEY")]
    pub access_key: Option<String>,
    /// Where the access key must be
    #[arg(long, value_name = "PLACE", value_parser = ["none", "header", "body", "either"])]
    pub access_key_required: Option<String>,
    /// Every answer takes this long
    #[arg(long, value_name = "MS")]
    pub latency_ms: Option<u64>,
    /// And up to this much longer
    #[arg(long, value_name = "MS")]
    pub jitter_ms: Option<u64>,
    /// A JSON file that describes the whole account
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// A JSON file with a plan of faults
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// Where delivery reports go
    #[arg(long, value_name = "URL")]
    pub dlr_url: Option<String>,
    /// Their shape
    #[arg(long, value_name = "SHAPE", value_parser = DLR_SHAPES)]
    pub dlr_shape: Option<String>,
    /// Where messages from phones go; POST /sim/inbound with from, to and text sends one
    #[arg(long, value_name = "URL")]
    pub inbound_url: Option<String>,
    #[command(flatten)]
    pub json: JsonFlag,
}
