//! The books, the stop list, keys for programs.

use serde::Deserialize;

/// An entry of the books.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// 1, 2, 3…
    pub number: u64,
    /// When.
    pub at: String,
    /// What it records.
    pub kind: String,
    /// The side the amount leaves.
    pub from: String,
    /// The side it reaches.
    pub to: String,
    /// How much.
    pub amount: String,
    /// The submission it is about.
    pub submission_id: Option<String>,
    /// The message it is about.
    pub message_id: Option<String>,
}

/// A page of an account's books.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ledger {
    /// In order.
    pub entries: Vec<Entry>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// The books, gone through.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Verified {
    /// Whether no fault was found.
    pub ok: bool,
    /// Each account's.
    pub accounts: Vec<VerifiedAccount>,
}

/// The books of one account, gone through.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct VerifiedAccount {
    /// The slug.
    pub account: String,
    /// Entries gone through.
    pub entries: u64,
    /// What stands on each side.
    pub balances: Sides,
    /// Of the last sealed day.
    pub last_seal: Option<Seal>,
    /// What does not fit.
    pub faults: Vec<Fault>,
}

/// What stands on the sides that people ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sides {
    /// Begun and not ended.
    pub pending: String,
    /// Spent.
    pub spend: String,
    /// In doubt.
    pub suspense: String,
}

/// A sealed day.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Seal {
    /// In UTC.
    pub day: String,
    /// Of the chain.
    pub hash: String,
}

/// Something that does not fit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fault {
    /// At which entry.
    pub number: Option<i64>,
    /// What.
    pub what: String,
}

/// The stop list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StopList {
    /// By number.
    pub numbers: Vec<Stop>,
}

/// A number that nobody may send to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Stop {
    /// E.164 digits.
    pub number: String,
    /// Since when.
    pub since: String,
}

/// A key for a program. It has no `Debug`: a new one holds its secrets.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Token {
    /// Its id.
    pub id: String,
    /// What a person called it.
    pub name: String,
    /// What it may do.
    pub scope: String,
    /// Whose credit it spends.
    pub account: String,
    /// No secret.
    pub client_id: String,
    /// How the program is told the balance.
    pub credits_format: String,
    /// Where reports of its messages go.
    pub dlr_url: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// When it was used last.
    pub last_used_at: Option<String>,
    /// When it was taken back.
    pub revoked_at: Option<String>,
    /// Of a new one.
    pub api_key: String,
    /// Of a new one.
    pub access_key: String,
}

/// All keys.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Tokens {
    /// Oldest first.
    pub tokens: Vec<Token>,
}
