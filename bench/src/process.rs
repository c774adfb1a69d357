//! What the kernel knows of a process: its CPU time and its memory.

use anyhow::{Context, Result};

/// `/proc` counts CPU time in these, whatever the kernel's own tick is.
const TICKS_A_SECOND: f64 = 100.0;

/// CPU time of all its threads, in milliseconds.
pub fn cpu_ms(pid: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field is a name in brackets and may hold anything; user and system time are the 14th and 15th.
    let (_, rest) = stat.rsplit_once(')').context("no name in stat")?;
    let mut fields = rest.split_ascii_whitespace().skip(11);
    let mut next = || -> Result<f64> { Ok(fields.next().context("stat is short")?.parse()?) };
    Ok((next()? + next()?) * 1000.0 / TICKS_A_SECOND)
}

/// Resident memory now, in MiB.
pub fn rss_mib(pid: u32) -> Result<f64> {
    status_mib(pid, "VmRSS:")
}

/// The most that was ever resident, in MiB.
pub fn peak_mib(pid: u32) -> Result<f64> {
    status_mib(pid, "VmHWM:")
}

fn status_mib(pid: u32, word: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(word)).with_context(|| format!("no {word}"))?;
    let kibibytes: f64 = line.trim().split(' ').next().unwrap_or_default().parse()?;
    Ok(kibibytes / 1024.0)
}
