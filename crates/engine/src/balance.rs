//! The balance tracker: asks the provider for one account, once for everybody, within the budget, and publishes what that means.
//!
//! Knows no rules of the estimate (domain::balance) and no vendor.

mod actor;
mod ask;

use std::time::Duration;

use salio_domain::Units;
use salio_domain::balance::Failure;
use salio_store::{AccountSnapshot, StoreError};
use tokio::sync::{mpsc, oneshot};

pub(crate) use actor::{Tracker, TrackerParts};

/// What came of a person's sync.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// The account afterwards.
    pub snapshot: AccountSnapshot,
    /// The estimate before.
    pub previous: Option<Units>,
}

/// Why a sync brought no figure.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RefreshError {
    /// The provider brought no figure; the last one stays.
    #[error("{}", failure.detail)]
    Provider {
        /// What is shown.
        failure: Failure,
        /// Whether the provider did not answer in time.
        timed_out: bool,
        /// The account afterwards.
        last: Box<AccountSnapshot>,
    },
    /// The hour's calls are used up.
    #[error("the calls of this hour are used up")]
    OutOfBudget {
        /// When the next one is free.
        retry_after: Duration,
        /// The account as it stands.
        last: Box<AccountSnapshot>,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine is shutting down.
    #[error("Salio is shutting down")]
    Stopping,
}

pub(crate) enum Command {
    /// Somebody wants a figure now.
    Refresh(oneshot::Sender<Result<Refreshed, RefreshError>>),
    /// Somebody read a stale figure.
    Read,
    /// A figure is wanted because something is wrong; nobody waits for it.
    Alert,
    /// A figure is wanted before messages are held or refused.
    AskAgain(oneshot::Sender<()>),
    /// Something was sent, ended or cleared: plan again.
    Changed,
}

/// The handle of one tracker; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct TrackerHandle {
    commands: mpsc::Sender<Command>,
}

impl TrackerHandle {
    pub(crate) const fn new(commands: mpsc::Sender<Command>) -> Self {
        Self { commands }
    }

    /// Asks the provider now, or joins the question that is running when nothing was sent since.
    pub(crate) async fn refresh(&self) -> Result<Refreshed, RefreshError> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(Command::Refresh(reply)).await.map_err(|_| RefreshError::Stopping)?;
        answer.await.unwrap_or(Err(RefreshError::Stopping))
    }

    /// Asks the provider by itself, within budget and backoff, or joins the question that is running. What comes back ends with its answer, or at once
    /// when none can be asked now.
    pub(crate) fn ask_again(&self) -> oneshot::Receiver<()> {
        let (reply, asked) = oneshot::channel();
        self.nudge(Command::AskAgain(reply));
        asked
    }

    /// Best effort: a full queue means that the tracker is about to plan again anyway.
    pub(crate) fn nudge(&self, command: Command) {
        let _ = self.commands.try_send(command);
    }
}
