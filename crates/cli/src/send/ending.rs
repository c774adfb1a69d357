//! How following ended, and what a person can do then.
//!
//! Knows nothing of: transports.

/// How following ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All have left.
    Left,
    /// A person pressed Ctrl-C.
    Interrupted,
    /// Sending has stopped: the account, and why.
    Stopped(String, String),
    /// What waits has its time to come.
    Scheduled,
    /// Somebody took it back.
    Cancelled,
    /// Nobody wanted to wait.
    NotAwaited,
}

/// What helps when sending has stopped.
pub fn fix(why: &str, account: &str) -> String {
    match why {
        "out_of_credit" | "insufficient_balance" => "Top up, then run `salio balance --refresh`: they leave with the server, or with the next `salio send`".to_owned(),
        "account_paused" | "person" => format!("`salio account resume {account}` lets it send again"),
        "batch_paused" => "`salio batch resume` lets it go on".to_owned(),
        _ => "Mend the account's keys in the configuration, then start the server or send again".to_owned(),
    }
}
