//! The words for what became of a message, and what each means. The table is made of what has been seen; words nobody knows change nothing.
//!
//! Knows nothing of: where a word stood, what follows from it.

use salio_domain::report::ReportOutcome::{self, Delivered, Failed, Pending, Unmapped};

const DELIVERED: [&str; 5] = ["delivrd", "delivered", "deliveredtoterminal", "delivredtoterminal", "success"];
const FAILED: [&str; 24] = [
    "undeliv",
    "undelivrd",
    "undelivered",
    "undeliverable",
    "rejectd",
    "rejected",
    "failed",
    "error",
    "expired",
    "deleted",
    "deliveryimpossible",
    "absentsubscriber",
    "userinblacklist",
    "userabnormalstate",
    "userissuspended",
    "sendernameblacklisted",
    "msisdnblacklisted",
    "invalidmsisdn",
    "invalidnumber",
    "callbarred",
    "servicenotprovisioned",
    "systemfailure",
    "unknownsubscriber",
    "invalidsourceaddress",
];
/// The last two are disputed: others leave them alone or call them delivered. Taken as pending, they spoil nothing that a later word says.
const PENDING: [&str; 16] = [
    "acceptd",
    "accepted",
    "submitted",
    "enroute",
    "buffered",
    "queued",
    "pending",
    "sent",
    "deliveredtonetwork",
    "senttonetwork",
    "messagewaiting",
    "deliveryuncertain",
    "deliverynotificationnotsupported",
    "esmerok",
    "unknownerror",
    "unknown",
];
/// Answers of the operator's centre to the engine: it is busy or broken, and the engine tries again by itself.
const CENTRE_BUSY: [&str; 4] = ["esmersyserr", "esmerthrottled", "esmermsgqful", "esmerxtappn"];
/// Any other answer of the centre but `ESME_ROK` is a refusal.
const CENTRE_REFUSAL: &str = "esmer";

/// Whether figures have the meaning they have in the vendor's own reports (1 delivered, 2 and 3 failed, 0 pending).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figures {
    /// They do.
    Ours,
    /// They would mean something else, so they mean nothing.
    Foreign,
}

/// What a word means. Figures first; else letters alone, in lower case.
pub(super) fn meaning(word: &str, figures: Figures) -> ReportOutcome {
    let word = word.trim();
    if !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) {
        return if figures == Figures::Ours { by_figure(word) } else { Unmapped };
    }
    let letters: String = word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let is_in = |words: &[&str]| words.contains(&letters.as_str());
    if is_in(&DELIVERED) {
        Delivered
    } else if is_in(&PENDING) || is_in(&CENTRE_BUSY) {
        Pending
    } else if is_in(&FAILED) || letters.starts_with(CENTRE_REFUSAL) {
        Failed
    } else {
        Unmapped
    }
}

fn by_figure(figure: &str) -> ReportOutcome {
    match figure.parse::<u32>() {
        Ok(1) => Delivered,
        Ok(2 | 3) => Failed,
        Ok(0) => Pending,
        Ok(_) | Err(_) => Unmapped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_has_been_seen() {
        for (outcome, words) in [
            (Delivered, "DELIVRD DELIVERED DeliveredToTerminal DelivredToTerminal SUCCESS 1 01 delivrd Delivered_To_Terminal DELIVRD:000"),
            (
                Failed,
                "UNDELIV UNDELIVRD UNDELIVERED UNDELIVERABLE REJECTD REJECTED FAILED ERROR EXPIRED DELETED DeliveryImpossible AbsentSubscriber UserInBlacklist UserAbnormalState \
                 UserIsSuspended SenderName+Blacklisted MSISDN+Blacklisted InvalidMsisdn InvalidNumber CallBarred ServiceNotProvisioned SystemFailure UnknownSubscriber \
                 Invalid+Source+Address 2 3 ESME_RINVDSTADR",
            ),
            (
                Pending,
                "ACCEPTD ACCEPTED SUBMITTED ENROUTE BUFFERED QUEUED PENDING SENT DeliveredToNetwork SentToNetwork MessageWaiting DeliveryUncertain DeliveryNotificationNotSupported \
                 0 000 ESME_ROK ESME_RTHROTTLED UnknownError UNKNOWN",
            ),
            (Unmapped, "4 99 -1 1.5 99999999999999999999 DELIVER NotDelivered ok true null ДОСТАВЛЕНО ESME + 1a"),
        ] {
            for word in words.split_whitespace().map(|word| word.replace('+', " ")) {
                assert_eq!(meaning(&word, Figures::Ours), outcome, "{word}");
            }
        }
        assert_eq!(meaning("", Figures::Ours), Unmapped);
    }

    #[test]
    fn figures_of_the_engine_mean_nothing() {
        for figure in ["0", "1", "2", "3", "000"] {
            assert_eq!(meaning(figure, Figures::Foreign), Unmapped, "{figure}");
        }
        assert_eq!(meaning("DELIVRD", Figures::Foreign), Delivered);
    }
}
