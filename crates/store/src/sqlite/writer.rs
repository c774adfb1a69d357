//! The one thread that writes: it takes the calls that wait, does them in one transaction, commits once and answers them all.
//!
//! Calls run one after the other in the order they came. Normally without savepoints; when one of them fails after it has written,
//! the transaction is rolled back and all run again, each inside a savepoint, so that a failing call never spoils its neighbours.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use parking_lot::RwLock;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot, watch};

use super::Options;
use super::fault::{Fault, Outcome};
use super::tx::{Memory, Tx};
use crate::{Result, StoreError};

/// Calls that wait at most; beyond it callers wait to be let in. A few full commits.
const WAITING: usize = 2048;

/// A call: may run twice, answers once.
trait Job: Send {
    /// Whether it worked.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    fn fail(&mut self, why: Fault);
    fn failure(&self, path: &Path) -> Option<StoreError>;
    fn answer(self: Box<Self>, path: &Path);
}

struct Call<F, T> {
    work: F,
    outcome: Outcome<T>,
    reply: oneshot::Sender<Result<T>>,
}

impl<F, T: Send> Job for Call<F, T>
where
    F: FnMut(&mut Tx<'_>) -> Outcome<T> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        self.outcome = (self.work)(tx);
        self.outcome.is_ok()
    }

    fn fail(&mut self, why: Fault) {
        self.outcome = Err(why);
    }

    fn failure(&self, path: &Path) -> Option<StoreError> {
        self.outcome.as_ref().err().map(|fault| fault.at(path))
    }

    fn answer(self: Box<Self>, path: &Path) {
        // A caller that went away is no failure: what it asked for is on the disk.
        drop(self.reply.send(self.outcome.map_err(|fault| fault.at(path))));
    }
}

/// The handle.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: RwLock<Option<mpsc::Sender<Box<dyn Job>>>>,
    done: watch::Receiver<bool>,
}

impl Writer {
    pub(super) fn start(connection: Connection, path: PathBuf, options: &Options) -> std::io::Result<Self> {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let (finished, done) = watch::channel(false);
        let limit = options.commit_limit.max(1);
        std::thread::Builder::new().name("salio-writer".to_owned()).spawn(move || {
            Desk { connection, memory: Memory::default(), path, limit, data_version: None }.run(waiting);
            finished.send_replace(true);
        })?;
        Ok(Self { jobs: RwLock::new(Some(jobs)), done })
    }

    /// Runs `work` inside a transaction; answers after its commit.
    pub(super) async fn call<T: Send + 'static>(&self, work: impl FnMut(&mut Tx<'_>) -> Outcome<T> + Send + 'static) -> Result<T> {
        let jobs = self.jobs.read().clone().ok_or(StoreError::Closed)?;
        let (reply, answer) = oneshot::channel();
        let call = Call { work, outcome: Err(Fault::Answer(StoreError::Closed)), reply };
        jobs.send(Box::new(call)).await.map_err(|_| StoreError::Closed)?;
        drop(jobs);
        answer.await.map_err(|_| StoreError::Broken { detail: "the writer's thread has gone".to_owned() })?
    }

    /// Lets nobody in any more, and waits until all that waited is done.
    pub(super) async fn close(&self) {
        self.jobs.write().take();
        // An error means that the thread has gone, which is what is waited for.
        drop(self.done.clone().wait_for(|done| *done).await);
    }
}

/// What the thread works with.
struct Desk {
    connection: Connection,
    memory: Memory,
    path: PathBuf,
    limit: usize,
    data_version: Option<i64>,
}

/// What a run over the waiting calls came to.
enum Run {
    Done,
    /// A call failed after it had written.
    Spoilt,
}

impl Desk {
    fn run(&mut self, mut waiting: mpsc::Receiver<Box<dyn Job>>) {
        while let Some(first) = waiting.blocking_recv() {
            let mut jobs = vec![first];
            if let Err(why) = self.write(&mut jobs, &mut waiting) {
                self.undo();
                let told = why.at(&self.path);
                tracing::error!(target: "salio", error = %told, "nothing was written");
                jobs.iter_mut().for_each(|job| job.fail(Fault::Answer(told.clone())));
            }
            jobs.into_iter().for_each(|job| job.answer(&self.path));
        }
        self.finish();
    }

    fn write(&mut self, jobs: &mut Vec<Box<dyn Job>>, waiting: &mut mpsc::Receiver<Box<dyn Job>>) -> Outcome<()> {
        self.begin()?;
        if matches!(self.run_all(jobs, waiting), Run::Spoilt) {
            self.undo();
            self.begin()?;
            self.run_apart(jobs)?;
        }
        self.memory.flush(&self.connection)?;
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }

    fn begin(&mut self) -> Outcome<()> {
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        // Changes when another connection wrote (a person with a tool): then what is kept in memory may be wrong.
        let version = self.connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if self.data_version.replace(version) != Some(version) {
            self.memory.clear();
        }
        Ok(())
    }

    /// The fast way. Takes in whoever comes meanwhile, up to the limit.
    fn run_all(&mut self, jobs: &mut Vec<Box<dyn Job>>, waiting: &mut mpsc::Receiver<Box<dyn Job>>) -> Run {
        let mut next = 0;
        while let Some(job) = jobs.get_mut(next) {
            let before = self.connection.total_changes();
            let mut tx = Tx::new(&self.connection, &mut self.memory);
            let worked = attempt(job.as_mut(), &mut tx);
            if !worked && (tx.put || self.connection.total_changes() != before || self.connection.is_autocommit()) {
                return Run::Spoilt;
            }
            next += 1;
            if jobs.len() < self.limit
                && let Ok(job) = waiting.try_recv()
            {
                jobs.push(job);
            }
        }
        Run::Done
    }

    /// The careful way.
    fn run_apart(&mut self, jobs: &mut [Box<dyn Job>]) -> Outcome<()> {
        for job in jobs {
            // Accounts go to the database first, so that what is in memory can be forgotten with the call.
            self.memory.flush(&self.connection)?;
            self.connection.prepare_cached("SAVEPOINT job")?.execute([])?;
            if !attempt(job.as_mut(), &mut Tx::new(&self.connection, &mut self.memory)) {
                self.memory.clear();
                // A full or failing disk makes the database roll back everything: then nobody's call was written.
                if self.connection.is_autocommit() {
                    return Err(Fault::Answer(job.failure(&self.path).unwrap_or(StoreError::Closed)));
                }
                self.connection.prepare_cached("ROLLBACK TO job")?.execute([])?;
            }
            self.connection.prepare_cached("RELEASE job")?.execute([])?;
        }
        Ok(())
    }

    /// Back to the last commit.
    fn undo(&mut self) {
        self.memory.clear();
        // A full disk or a failed COMMIT may have rolled back by itself.
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!(target: "salio", %error, "the transaction could not be rolled back");
        }
    }

    /// No ANALYZE ever: every statement was looked at without statistics, and those of a small database would mislead a grown one.
    fn finish(&self) {
        if let Err(error) = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);") {
            tracing::warn!(target: "salio", %error, "the database's log was not folded in; the next start does it");
        }
    }
}

/// A panic is a defect of one call: the others and the thread go on.
fn attempt(job: &mut dyn Job, tx: &mut Tx<'_>) -> bool {
    catch_unwind(AssertUnwindSafe(|| job.run(tx))).unwrap_or_else(|_| {
        job.fail(Fault::File("a call panicked; this is a defect of salio, please report it with the log around this line".to_owned()));
        false
    })
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
