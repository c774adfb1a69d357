//! What a value may be: its limits, how to say them, and how it is written in the file.
//!
//! Knows nothing of: which keys exist, where values come from.

use std::time::Duration;

use salio_domain::message::{MAX_NUMERIC_SENDER, MAX_SENDER};

use super::duration;

/// Characters of a token at least: shorter ones are guessed.
pub const TOKEN_LEAST: usize = 8;

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// An address and a port to listen on.
    Listen,
    /// An `http` or `https` address without user, password, query and fragment.
    Url,
    /// An IANA time zone.
    TimeZone,
    /// Five fields of cron.
    Cron,
    /// A length of time.
    Duration {
        /// The shortest, in milliseconds.
        min_ms: u64,
        /// The longest, in milliseconds.
        max_ms: u64,
    },
    /// Ascending lengths of time, at least one.
    Durations {
        /// The shortest, in milliseconds.
        min_ms: u64,
        /// The longest, in milliseconds.
        max_ms: u64,
        /// How many at most.
        most: usize,
    },
    /// A whole number.
    Integer {
        /// The smallest.
        min: u32,
        /// The largest.
        max: u32,
    },
    /// A text that is never shown.
    Secret,
    /// A secret that stands in an address as it is.
    Token,
    /// What messages may come from.
    Sender,
    /// A text of visible characters and single spaces.
    Text {
        /// How many characters at most.
        most: usize,
    },
    /// One of some words.
    Choice(&'static [&'static str]),
    /// An amount above zero.
    Price,
    /// An amount, zero or more.
    Amount,
    /// Prices by the first digits of a number.
    Prices,
    /// `true` or `false`.
    Bool,
    /// Two letters of ISO 3166-1.
    Country,
    /// Addresses or networks.
    Addresses,
    /// A path of the file system.
    Path,
    /// The file of the database.
    Database,
    /// A log filter.
    LogFilter,
}

impl Kind {
    /// What is allowed, as the second half of a sentence and of a table row.
    pub fn allowed(self) -> String {
        let span = |min_ms, max_ms| format!("{} to {}", duration::show(Duration::from_millis(min_ms)), duration::show(Duration::from_millis(max_ms)));
        match self {
            Self::Listen => "an address and a port, such as 127.0.0.1:8080".to_owned(),
            Self::Url => "an http:// or https:// address without user, password and query".to_owned(),
            Self::TimeZone => "an IANA time zone, such as Africa/Nairobi".to_owned(),
            Self::Cron => "five cron fields (minute, hour, day, month, weekday), such as */5 * * * *".to_owned(),
            Self::Duration { min_ms, max_ms } => format!("a length of time, {}", span(min_ms, max_ms)),
            Self::Durations { min_ms, max_ms, most } => format!("1 to {most} ascending lengths of time, each {}", span(min_ms, max_ms)),
            Self::Integer { min, max } => format!("a whole number, {min} to {max}"),
            Self::Secret => "a text without spaces".to_owned(),
            Self::Token => format!("{TOKEN_LEAST} or more of A-Z a-z 0-9 . _ ~ -, such as `openssl rand -hex 24` makes"),
            Self::Sender => format!("an approved sender of at most {MAX_SENDER} visible ASCII characters, or up to {MAX_NUMERIC_SENDER} digits"),
            Self::Text { most } => format!("a text of 1 to {most} visible characters"),
            Self::Choice(words) => words.join(", "),
            Self::Price => "an amount above zero with at most 6 fraction digits, in quotes, such as \"0.80\"".to_owned(),
            Self::Amount => "an amount of zero or more with at most 6 fraction digits, in quotes, such as \"500\"".to_owned(),
            Self::Prices => "digits of a number, = and an amount above zero, such as 254=0.80 or 2547=0.75".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::Country => "two letters of a country, such as KE".to_owned(),
            Self::Addresses => "IP addresses or networks, such as 192.0.2.7 or 192.0.2.0/24".to_owned(),
            Self::Path => "a path".to_owned(),
            Self::Database => "a SQLite file, such as sqlite:./salio-data/salio.db".to_owned(),
            Self::LogFilter => "a filter such as info or info,salio=debug".to_owned(),
        }
    }

    /// A value in the notation of the file, from the notation of a variable.
    #[cfg(test)]
    pub fn in_toml(self, text: &str) -> String {
        match self {
            Self::Integer { .. } | Self::Bool => text.to_owned(),
            Self::Durations { .. } | Self::Addresses | Self::Prices => {
                let items: Vec<String> = text.split(',').filter(|item| !item.is_empty()).map(|item| format!("{item:?}")).collect();
                format!("[{}]", items.join(", "))
            }
            _ => format!("{text:?}"),
        }
    }
}
