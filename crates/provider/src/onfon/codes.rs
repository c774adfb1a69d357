//! What a code means: the vendor's table, and what is to be done about each. The words after each code are ours.
//!
//! Knows nothing of: JSON, HTTP, which message a code is about. Text decides only where the vendor's engine says the cause in text alone.

use salio_domain::outbox::RefusalClass;

/// Where a code stood. The vendor's tables for the two places contradict each other in the lowest numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// `ErrorCode`: about the whole call.
    Envelope,
    /// `MessageErrorCode`: about one recipient.
    Row,
}

/// What a code other than success says about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Certainly not taken.
    Refused {
        /// Our word for the cause.
        code: &'static str,
        /// What may happen next.
        class: RefusalClass,
        /// Whether the account must stop.
        stops_account: bool,
    },
    /// May have been taken: the vendor has been seen to queue and deliver such messages an hour later.
    Ambiguous,
}

/// Under this number a row carries what the engine underneath refused.
const ENGINE_REFUSAL: u32 = 401;

const OUT_OF_CREDIT: Verdict = Verdict::Refused { code: "out_of_credit", class: RefusalClass::AfterTopUp, stops_account: true };
const FIXABLE_CREDENTIALS: Verdict = Verdict::Refused { code: "credentials_refused", class: RefusalClass::AfterFix, stops_account: true };
const BLANK_CREDENTIALS: Verdict = Verdict::Refused { code: "credentials_refused", class: RefusalClass::Permanent, stops_account: true };
const SPAM_LOCK: Verdict = Verdict::Refused { code: "refused", class: RefusalClass::Permanent, stops_account: true };
const SENDER: Verdict = permanent("sender_refused");
const NUMBER: Verdict = permanent("number_refused");
const TEXT: Verdict = permanent("text_refused");
const OTHER: Verdict = permanent("refused");

const fn permanent(code: &'static str) -> Verdict {
    Verdict::Refused { code, class: RefusalClass::Permanent, stops_account: false }
}

/// What a code, with the text beside it, says about a message. Zero is no matter for this table.
pub(super) fn verdict(level: Level, number: u32, text: Option<&str>) -> Verdict {
    let said = || text.and_then(by_text);
    match by_number(level, number) {
        // Too much hangs on these for a text to soften them.
        Some(Verdict::Ambiguous) => Verdict::Ambiguous,
        Some(known @ Verdict::Refused { code: "credentials_refused", .. }) => known,
        // The engine's own refusals come under one number, or under one that nobody knows: only its text tells them apart.
        Some(SENDER) if number == ENGINE_REFUSAL => said().unwrap_or(SENDER),
        None => said().unwrap_or(Verdict::Ambiguous),
        Some(known) => said().filter(|cause| *cause == OUT_OF_CREDIT).unwrap_or(known),
    }
}

/// Whether a code in answer to a balance question means that only a person can help.
pub(super) const fn refuses_credentials(number: u32) -> bool {
    matches!(number, 1 | 2 | 7 | 8 | 9 | 10 | 11 | 16 | 30)
}

fn by_number(level: Level, number: u32) -> Option<Verdict> {
    Some(match (level, number) {
        (_, 6 | 31 | 33 | 34 | 40) => Verdict::Ambiguous,
        (Level::Envelope, 1 | 2) => BLANK_CREDENTIALS,
        (Level::Envelope, 3) => SENDER,
        (Level::Envelope, 4) => TEXT,
        // In a row 1 to 5 mean number, sender, credit, network, length in one table and something else in the other.
        (Level::Row, 1..=4) | (_, 5) => OTHER,
        (_, 7..=11 | 16 | 30) => FIXABLE_CREDENTIALS,
        (_, 12 | 24 | 38) => TEXT,
        (_, 13 | 801 | 802) => NUMBER,
        (_, 14) => SPAM_LOCK,
        (_, 15) | (Level::Row, ENGINE_REFUSAL) => SENDER,
        (_, 21) => OUT_OF_CREDIT,
        (_, 17..=20 | 22 | 23 | 25 | 26 | 28 | 29 | 32 | 41 | 101 | 803..=805) => OTHER,
        _ => return None,
    })
}

/// Whether a code in the envelope is about one of the messages of a call: a number, a text, a route.
pub(super) const fn is_about_one(number: u32) -> bool {
    matches!(number, 4 | 12 | 13 | 24 | 38 | 101 | 801..=805)
}

/// Causes that the engine underneath names in text alone, under changing codes.
fn by_text(text: &str) -> Option<Verdict> {
    let text = text.to_ascii_lowercase();
    let says = |words: &str| text.contains(words);
    if says("chargingerror") || says("cannot charge") || says_balance_zero(&text) {
        Some(OUT_OF_CREDIT)
    } else if says("source_address filter mismatch") {
        Some(SENDER)
    } else if says("destination_address filter mismatch") || says("no route found") {
        Some(NUMBER)
    } else {
        None
    }
}

/// `balance 0` and `balance 0.00`, not `balance 0.75` and not `balance 05`.
fn says_balance_zero(text: &str) -> bool {
    text.match_indices("balance 0").any(|(at, _)| {
        let rest = text.get(at + "balance 0".len()..).unwrap_or_default();
        let figure = rest.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').next().unwrap_or_default();
        !figure.starts_with('0') && figure.chars().all(|c| matches!(c, '0' | '.' | ','))
    })
}

/// What a code means, for people, in our words.
pub(super) const fn meaning(level: Level, number: u32) -> &'static str {
    match (level, number) {
        (Level::Row, 1..=5) => "the recipient was refused; the vendor's tables disagree about why",
        (_, 1 | 2) => "account or login is blank",
        (_, 3) => "the sender is missing",
        (_, 4) => "the text is missing",
        (_, 5 | 20 | 23 | 25) => "a part of the request is missing",
        (_, 6) => "a general error at the provider; it may have acted all the same",
        (_, 7) => "API key or client id are wrong",
        (_, 8) => "the account is inactive",
        (_, 9) => "the account is locked",
        (_, 10) => "the account may not use the API, or the access key is missing",
        (_, 11) => "the address of this machine is not on the account's list",
        (_, 12) => "the text is too long",
        (_, 13) => "the number is bad",
        (_, 14) => "the account is locked for spam",
        (_, 15) => "the sender is not approved",
        (_, 16) => "this type of account is switched off",
        (_, 21) => "the credit is used up",
        (_, 24) => "the text fits no approved template",
        (_, 30) => "the account has expired",
        (_, 31) => "the provider has no gateway at the moment; it may have acted all the same",
        (_, 33) => "the provider's queue is closed; it may have acted all the same",
        (_, 34 | 40) => "the provider failed half-way; it may have acted all the same",
        (_, 38) => "the text was taken for spam",
        (_, 101 | 803..=805) => "the account has no price or route for this network",
        (Level::Row, ENGINE_REFUSAL) => "the sender is not allowed on this account",
        (_, 801 | 802) => "the country of the number is unknown",
        (_, 17..=19 | 22 | 26 | 28 | 29 | 32 | 41) => "the request was refused",
        _ => "a code that nobody knows",
    }
}

#[cfg(test)]
#[path = "codes_tests.rs"]
mod tests;
