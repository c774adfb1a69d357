//! The particulars of each event.

use serde::{Deserialize, Serialize};

use crate::alert::{Advice, Condition, Confirmation, Figure, Notice, NoticeKind, Severity};
use crate::balance::State;
use crate::ids::{AccountId, BatchId, MessageId};
use crate::message::MessageState;
use crate::msisdn::Msisdn;
use crate::time::Timestamp;
use crate::units::Units;

/// Which account, and what its provider counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Of {
    /// The slug.
    pub account: String,
    /// The id that never changes.
    pub account_id: AccountId,
    /// The unit of every amount beside it.
    pub unit: String,
}

/// The shown balance is another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceChanged {
    /// Whose.
    #[serde(flatten)]
    pub of: Of,
    /// The shown balance.
    pub balance: Units,
    /// What was shown before; null: nothing was known.
    pub previous: Option<Units>,
    /// What the provider said last.
    pub observed: Option<Units>,
    /// When it said so.
    pub observed_at: Option<Timestamp>,
    /// Charges that count and that no observation has confirmed.
    pub pending: Units,
    /// Charges of messages accepted and not begun.
    pub queued: Units,
    /// How far the balance can be relied on.
    pub state: State,
    /// Grows with every state shown: a receiver keeps the largest.
    pub version: i64,
}

/// A balance or a runway fell to its level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceLow {
    /// Whose.
    #[serde(flatten)]
    pub of: Of,
    /// The slug of the rule.
    pub rule: String,
    /// The level.
    pub condition: Condition,
    /// What reached it.
    pub figure: Figure,
    /// How urgent it is.
    pub severity: Severity,
    /// The shown balance.
    pub balance: Option<Units>,
    /// Since when.
    pub since: Timestamp,
    /// Whether a fresh figure confirmed it.
    pub confirmation: Confirmation,
    /// What to top up.
    pub advice: Option<Advice>,
}

impl BalanceLow {
    /// The event of a notice; none unless a low balance or runway fired.
    #[must_use]
    pub fn of(notice: &Notice, of: Of) -> Option<Self> {
        (notice.kind == NoticeKind::Fired && notice.condition.is_confirmed_first()).then(|| Self {
            of,
            rule: notice.rule.clone(),
            condition: notice.condition,
            figure: notice.seen.figure,
            severity: notice.severity,
            balance: notice.seen.balance,
            since: notice.since,
            confirmation: notice.confirmation.clone(),
            advice: notice.seen.advice,
        })
    }
}

/// The provider's figure grew by a top-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopUpSeen {
    /// Whose.
    #[serde(flatten)]
    pub of: Of,
    /// At least so much.
    pub amount_low: Units,
    /// At most so much; the same as the least once it is settled.
    pub amount_high: Units,
    /// Whether the amount is final; until then another event follows.
    pub settled: bool,
    /// The shown balance.
    pub balance: Units,
    /// When the provider's answer showed it.
    pub seen_at: Timestamp,
}

/// Units went that nothing known explains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftFound {
    /// Whose.
    #[serde(flatten)]
    pub of: Of,
    /// How much is gone.
    pub amount: Units,
    /// What was expected.
    pub expected: Units,
    /// What the provider said.
    pub observed: Units,
    /// When the interval began in which it went.
    pub from: Timestamp,
    /// When it was found.
    pub until: Timestamp,
}

/// A message came to where its sender wants to hear of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageChanged {
    /// Which.
    pub id: MessageId,
    /// To whom.
    pub to: Msisdn,
    /// The sender.
    pub from: Option<String>,
    /// The caller's own word for it.
    pub reference: Option<String>,
    /// Where it is now.
    pub state: MessageState,
    /// Why.
    pub cause: Option<String>,
    /// The slug of its account.
    pub account: String,
    /// The id of its account.
    pub account_id: AccountId,
    /// The batch it came in.
    pub batch_id: Option<BatchId>,
    /// Parts on the air.
    pub segments: u32,
    /// What it should cost.
    pub charge: Units,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it changed.
    pub changed_at: Timestamp,
}

/// How a batch's messages ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchCounts {
    /// The provider took them; reports may follow.
    pub sent: i64,
    /// The network delivered them.
    pub delivered: i64,
    /// The network gave up.
    pub undelivered: i64,
    /// Too late to send.
    pub expired: i64,
    /// Refused by the provider.
    pub rejected: i64,
    /// We gave up.
    pub failed: i64,
    /// Taken back.
    pub cancelled: i64,
    /// In doubt.
    pub unknown: i64,
}

/// Nothing of a batch waits any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchDone {
    /// Which.
    pub id: BatchId,
    /// Whose.
    #[serde(flatten)]
    pub of: Of,
    /// What its sender called it.
    pub name: Option<String>,
    /// How many messages it had.
    pub messages: i64,
    /// How they ended, so far.
    pub counts: BatchCounts,
    /// What it should cost.
    pub charge: Units,
    /// What it cost.
    pub spent: Units,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When the last message had left.
    pub ended_at: Timestamp,
}
