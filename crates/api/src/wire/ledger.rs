//! The books as auditors read them.

use std::fmt::Write;

use salio_domain::ledger;
use salio_engine::store;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Amount, Moment};

/// What an entry records.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerEntry {
    /// 1, 2, 3… within the account.
    pub number: i64,
    /// When it was written.
    pub at: Moment,
    /// `charge_pending`, `charge_posted`, `charge_voided`, `charge_suspended`, `suspense_posted`, `suspense_voided`, `carried_spend`, `carried_pending`, `carried_suspense`.
    #[schema(example = "charge_posted")]
    pub kind: String,
    /// The side that the amount leaves: `credit`, `pending`, `suspense`.
    #[schema(example = "pending")]
    pub from: String,
    /// The side that it reaches: `pending`, `spend`, `suspense`, `credit`.
    #[schema(example = "spend")]
    pub to: String,
    /// How much; more than nothing.
    pub amount: Amount,
    /// The submission it is about.
    pub submission_id: Option<String>,
    /// The message it is about.
    pub message_id: Option<String>,
    /// SHA-256 over the entry and the hash of the one before, in hex.
    pub hash: String,
}

impl From<store::LedgerRow> for LedgerEntry {
    fn from(row: store::LedgerRow) -> Self {
        let entry = row.entry;
        Self {
            number: entry.number,
            at: Moment(entry.at),
            kind: entry.kind.as_str().to_owned(),
            from: entry.kind.from().as_str().to_owned(),
            to: entry.kind.to().as_str().to_owned(),
            amount: Amount(entry.amount),
            submission_id: entry.submission.map(|id| id.to_string()),
            message_id: entry.message.map(|id| id.to_string()),
            hash: hex(&row.hash),
        }
    }
}

/// One page of an account's books.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Ledger {
    /// The slug.
    pub account: String,
    /// What the amounts count.
    pub unit: String,
    /// In order.
    pub entries: Vec<LedgerEntry>,
    /// Where the next page begins; null at the end.
    pub next_cursor: Option<String>,
}

/// What stands on each side of an account's books; together nothing.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct LedgerBalances {
    /// What was bought less what was spent, is pending or in doubt; below zero, because top-ups are not booked.
    pub credit: Amount,
    /// Begun and not ended.
    pub pending: Amount,
    /// Spent.
    pub spend: Amount,
    /// In doubt.
    pub suspense: Amount,
    /// Where credit comes from.
    pub outside: Amount,
}

impl From<ledger::Balances> for LedgerBalances {
    fn from(balances: ledger::Balances) -> Self {
        let ledger::Balances { credit, pending, spend, suspense, outside } = balances;
        Self { credit: Amount(credit), pending: Amount(pending), spend: Amount(spend), suspense: Amount(suspense), outside: Amount(outside) }
    }
}

/// A sealed day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerSeal {
    /// In UTC.
    #[schema(example = "2026-11-22")]
    pub day: String,
    /// SHA-256 over the day's last entry and the seal before, in hex.
    pub hash: String,
}

impl From<&ledger::Seal> for LedgerSeal {
    fn from(seal: &ledger::Seal) -> Self {
        Self { day: day(seal.day), hash: hex(&seal.hash) }
    }
}

/// Something that does not fit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerFault {
    /// At which entry, where it is one's.
    pub number: Option<i64>,
    /// What, for people.
    pub what: String,
}

impl From<ledger::LedgerFault> for LedgerFault {
    fn from(fault: ledger::LedgerFault) -> Self {
        Self { number: fault.number, what: fault.what }
    }
}

/// The books of one account, gone through.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VerifiedAccount {
    /// The slug.
    pub account: String,
    /// Entries gone through.
    pub entries: i64,
    /// As stored.
    pub balances: LedgerBalances,
    /// Of the last sealed day; null before the first.
    pub last_seal: Option<LedgerSeal>,
    /// At most about a hundred; none when all is right.
    pub faults: Vec<LedgerFault>,
}

/// The books, gone through.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Verified {
    /// Whether no fault was found.
    pub ok: bool,
    /// In the order of the configuration.
    pub accounts: Vec<VerifiedAccount>,
    /// What is wrong beside them: rows of owners that are no account, sides that are missing, a sum that is not zero.
    pub strays: Vec<String>,
}

fn hex(hash: &ledger::Hash) -> String {
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A day as people write it.
fn day(number: i64) -> String {
    const MICROS: i64 = 86_400_000_000;
    let text = salio_domain::Timestamp::from_micros(number.saturating_mul(MICROS)).to_string();
    text.split('T').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_hashes_as_people_write_them() {
        assert_eq!([0, 20_779].map(day), ["1970-01-01", "2026-11-22"]);
        assert_eq!(hex(&[0xa5; 32]), "a5".repeat(32));
    }
}
