//! What a run measures and how long it takes over it.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

/// Every part, in the order of a whole run.
pub const PARTS: [&str; 9] = ["reads", "latency", "footprint", "accept", "bulk", "dispatch", "reports", "overtake", "growth"];

/// The settings of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// What to measure.
    pub parts: Vec<String>,
    /// Less of everything: to see whether it runs, not for figures to keep.
    pub quick: bool,
    /// Also with 10,000,000 stored messages; takes some minutes and 6 GB of disk.
    pub ten_million: bool,
    /// Salio.
    pub binary: PathBuf,
}

impl Options {
    /// From the command line: names of parts, `--quick`, `--ten-million`, `--binary PATH`.
    pub fn read(words: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self { parts: Vec::new(), quick: false, ten_million: false, binary: built()? };
        let mut words = words;
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => options.quick = true,
                "--ten-million" => options.ten_million = true,
                "--binary" => options.binary = std::path::absolute(words.next().context("--binary needs a path")?)?,
                part if PARTS.contains(&part) => options.parts.push(word),
                _ => bail!("{word:?} is no part; there are {}, and --quick, --ten-million, --binary PATH", PARTS.join(", ")),
            }
        }
        if options.parts.is_empty() {
            options.parts = PARTS.map(str::to_owned).to_vec();
        }
        ensure!(options.binary.exists(), "{} is missing: run `make build` first", options.binary.display());
        Ok(options)
    }

    /// One of two sizes.
    pub const fn size(&self, whole: usize, quick: usize) -> usize {
        if self.quick { quick } else { whole }
    }
}

/// The binary of `make build`.
fn built() -> Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name("salio"))
}
