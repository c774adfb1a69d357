//! The table of stable codes. Each has a page under docs/errors, which a test checks.

macro_rules! codes {
    ($($name:ident = $word:literal, $status:literal, $title:literal;)*) => {
        /// Everything that can be wrong, by stable word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $title] $name,)* }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable word.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $word,)* } }

            /// What a word of the engine or a driver stands for.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> { match word { $($word => Some(Self::$name),)* _ => None } }

            /// The status it is answered with, where nothing else is said.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $(Self::$name => $status,)* } }

            /// The same words for every occurrence.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$name => $title,)* } }
        }
    };
}

codes! {
    HostNotAllowed = "host_not_allowed", 403, "This host name is not one of Salio's";
    OriginNotAllowed = "origin_not_allowed", 403, "Another site may not use Salio through your browser";
    NotFound = "not_found", 404, "There is nothing here";
    MethodNotAllowed = "method_not_allowed", 405, "This route does not answer that method";
    UnknownAccount = "unknown_account", 404, "No such account";
    UnknownMessage = "unknown_message", 404, "No such message";
    UnknownBatch = "unknown_batch", 404, "No such batch";
    UnknownToken = "unknown_token", 404, "No such key";
    MalformedJson = "malformed_json", 400, "The body is no JSON";
    UnknownField = "unknown_field", 400, "The body has a field that nobody knows";
    InvalidField = "invalid_field", 400, "A field of the body is missing or of the wrong kind";
    InvalidParameter = "invalid_parameter", 400, "A parameter of the address cannot be used";
    InvalidIdempotencyKey = "invalid_idempotency_key", 400, "The Idempotency-Key cannot be used";
    BodyUnreadable = "body_unreadable", 400, "The body broke off";
    UnsupportedMediaType = "unsupported_media_type", 415, "The body is of another kind";
    BodyTooLarge = "body_too_large", 413, "The body is too large";
    IdempotencyKeyReused = "idempotency_key_reused", 422, "This Idempotency-Key was used with another body";
    InvalidMessage = "invalid_message", 422, "The message cannot be accepted";
    NoAccount = "no_account", 422, "No account is configured";
    AccountNeeded = "account_needed", 422, "It is not clear which account pays";
    SenderMissing = "sender_missing", 422, "The message has no sender";
    SenderInvalid = "sender_invalid", 422, "The sender cannot be used";
    ReferenceTooLong = "reference_too_long", 422, "The reference is too long";
    TooManyRecipients = "too_many_recipients", 422, "One request cannot take so many recipients";
    ValidUntilPassed = "valid_until_passed", 422, "The message would expire before it is sent";
    TextMissing = "text_missing", 422, "The text is empty";
    TextInvalid = "text_invalid", 422, "The text has a character that cannot be sent";
    TextTooLong = "text_too_long", 422, "The text is too long";
    PriceTooLarge = "price_too_large", 422, "The charge is beyond what can be counted";
    InvalidNumber = "invalid_number", 422, "The number cannot exist";
    Stopped = "stopped", 422, "The number is on the stop list";
    NoValidRecipient = "no_valid_recipient", 422, "No recipient can be sent to";
    NoneValid = "none_valid", 422, "No line can be sent";
    HeaderInvalid = "header_invalid", 422, "The header cannot be read";
    MissingColumn = "missing_column", 422, "There is no column with the recipients";
    DuplicateColumn = "duplicate_column", 422, "Two columns have the same name";
    UnknownPlaceholder = "unknown_placeholder", 422, "The text needs a column that is not there";
    StreamTakenOver = "stream_taken_over", 409, "Another request goes on with this stream";
    BatchCancelled = "batch_cancelled", 409, "The batch was cancelled while it was received";
    InsufficientBalance = "insufficient_balance", 409, "The balance does not cover it";
    AlreadyLeft = "already_left", 409, "The message has left";
    NotInDoubt = "not_in_doubt", 409, "The message is not in doubt";
    BatchEnded = "batch_ended", 409, "The batch has ended";
    BatchReceiving = "batch_receiving", 409, "The batch is still being received";
    NameTaken = "name_taken", 409, "A living key has this name";
    NothingToConfirm = "nothing_to_confirm", 409, "No new form of the balance waits";
    OutOfCalls = "out_of_calls", 429, "The provider was asked as often as the hour allows";
    ProviderFailed = "provider_failed", 502, "The provider said no balance";
    Timeout = "timeout", 504, "The provider did not answer in time";
    Unreachable = "unreachable", 502, "The provider cannot be reached";
    ConnectionLost = "connection_lost", 502, "The connection to the provider broke";
    ProviderError = "provider_error", 502, "The provider has a fault";
    HttpStatus = "http_status", 502, "The provider answered with an unexpected status";
    UnreadableAnswer = "unreadable_answer", 502, "The provider's answer cannot be read";
    UnreadableBalance = "unreadable_balance", 502, "The provider's figure cannot be read";
    CredentialsRefused = "credentials_refused", 502, "The provider refused the credentials";
    Refused = "refused", 502, "The provider refused to answer";
    BalanceFormChanged = "balance_form_changed", 502, "The provider writes its figure in another form";
    StorageFailed = "storage_failed", 503, "The database failed";
    WebhookNotSetUp = "webhook_not_set_up", 403, "Nobody may report for this account yet";
    WebhookRefused = "webhook_refused", 401, "The caller may not report";
    NotReady = "not_ready", 503, "Salio is not ready";
    Stopping = "stopping", 503, "Salio is shutting down";
    Internal = "internal", 500, "Something went wrong inside Salio";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_page() {
        for code in Code::ALL {
            let page = format!("{}/../../docs/errors/{}.md", env!("CARGO_MANIFEST_DIR"), code.as_str());
            let text = std::fs::read_to_string(&page).unwrap_or_else(|error| panic!("{page}: {error}"));
            assert!(text.starts_with(&format!("# `{}`", code.as_str())) && text.len() > 120, "{page}");
            assert_eq!(Code::from_word(code.as_str()), Some(*code));
        }
    }

    #[test]
    fn every_page_has_its_code() {
        let folder = format!("{}/../../docs/errors", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(Code::from_word(name.trim_end_matches(".md")).is_some(), "{name} describes no code");
        }
    }

    /// The words that follow `before` in a source of the intake; of several texts in a call the one at `place`.
    fn words_of(file: &str, before: &str, place: usize) -> Vec<String> {
        let text = std::fs::read_to_string(format!("{}/../engine/src/outbox/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let words: Vec<String> = text.split(before).skip(1).filter_map(|rest| rest.split('"').nth(place).map(str::to_owned)).collect();
        assert!(words.len() > 5, "{file}: {words:?}");
        words
    }

    #[test]
    fn every_word_of_the_intake_is_in_the_table() {
        let mut words = words_of("intake.rs", "wrong(\"", 0);
        words.extend(words_of("prepare.rs", "refused(\"", 2));
        for word in words {
            assert!(Code::from_word(&word).is_some(), "{word}");
        }
    }
}
