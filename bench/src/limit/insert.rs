//! The limit for bulk: the same three rows a message, 1,000 messages a transaction, no HTTP, no CSV. Prints messages a second and CPU microseconds each.

use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

use super::rows;
use crate::process;

const A_TRANSACTION: i64 = 1000;

/// Writes so many messages.
pub fn run(directory: &Path, messages: i64) -> Result<()> {
    let connection = rows::open(directory)?;
    let (begun, cpu) = (Instant::now(), process::cpu_ms(std::process::id())?);
    for first in (0..messages).step_by(A_TRANSACTION.unsigned_abs() as usize) {
        rows::begin(&connection)?;
        for id in first..(first + A_TRANSACTION).min(messages) {
            rows::write(&connection, id + 1, &crate::text::number(id.unsigned_abs()), &crate::text::personal(id.unsigned_abs()))?;
        }
        rows::commit(&connection)?;
    }
    let count = messages as f64;
    println!("{} {}", count / begun.elapsed().as_secs_f64(), (process::cpu_ms(std::process::id())? - cpu) * 1000.0 / count);
    Ok(())
}

/// Messages a second and CPU microseconds each, measured in a process of its own.
pub async fn measure(messages: usize) -> Result<(f64, f64)> {
    let directory = tempfile::tempdir()?;
    let run = Command::new(std::env::current_exe()?).arg("limit-insert").arg(directory.path()).arg(messages.to_string()).stderr(Stdio::inherit()).output().await?;
    ensure!(run.status.success(), "the bulk limit ended with {}", run.status);
    let text = String::from_utf8(run.stdout)?;
    let (rate, cpu) = text.trim().split_once(' ').context("the bulk limit printed something else")?;
    Ok((rate.parse()?, cpu.parse()?))
}
