//! What is measured; each part stands alone.

mod accept;
mod bulk;
mod dispatch;
mod footprint;
mod growth;
mod latency;
mod overtake;
mod reads;
mod reports;
mod seed;

use anyhow::Result;

use crate::figures::Figures;
use crate::options::Options;

/// Measures one part.
pub async fn run(part: &str, options: &Options, figures: &mut Figures) -> Result<()> {
    println!("-- {part}");
    match part {
        "reads" => reads::measure(options, figures).await,
        "latency" => latency::measure(options, figures).await,
        "footprint" => footprint::measure(options, figures).await,
        "accept" => accept::measure(options, figures).await,
        "bulk" => bulk::measure(options, figures).await,
        "dispatch" => dispatch::measure(options, figures).await,
        "reports" => reports::measure(options, figures).await,
        "overtake" => overtake::measure(options, figures).await,
        "growth" => growth::measure(options, figures).await,
        _ => anyhow::bail!("nobody measures {part}"),
    }
}
