//! From an HTTP answer, or none, to what came of an attempt.
//!
//! Knows nothing of: what was sent, and to which service beside how that one says no.

use salio_provider::http::{Answer, Failure, FailureKind, NoAnswer, NoWay, Phase};

use crate::{Attempt, Outcome};

/// How one kind of service says no.
pub(crate) struct Manners<'a> {
    /// The statuses after which trying again is pointless.
    pub permanent: &'a [u16],
    /// Its own words in the body of an answer, already harmless.
    pub words: &'a dyn Fn(&[u8]) -> Option<String>,
}

/// What came of it.
pub(crate) fn judge(answer: Result<Answer, NoAnswer>, manners: &Manners<'_>) -> Attempt {
    match answer {
        Ok(answer) if (200..300).contains(&answer.status) => Attempt::answered(Outcome::Taken { note: None }, answer.status),
        Ok(answer) => refused(&answer, manners),
        Err(NoAnswer::NoWay(NoWay::Forbidden)) => {
            Attempt::not_sent("its address is private or reserved, and such addresses are not allowed; allow them in the settings if that is meant")
        }
        Err(NoAnswer::NoWay(NoWay::Unknown)) => Attempt::not_sent("its name cannot be resolved"),
        Err(NoAnswer::Unsendable) => Attempt::not_sent("a setting of the channel holds characters that cannot be sent"),
        Err(NoAnswer::Failed(failure)) => failed(&failure),
    }
}

fn refused(answer: &Answer, manners: &Manners<'_>) -> Attempt {
    let words = (manners.words)(&answer.body).map(|words| format!(": {words}")).unwrap_or_default();
    let detail = match answer.status {
        status @ 300..400 => format!("it answered {status}, a redirect, which is not followed; write down the address where it leads"),
        status @ 410 => format!("it answered {status}: it is gone for good{words}"),
        status => format!("it answered {status}{words}"),
    };
    let outcome = Outcome::Refused { permanent: manners.permanent.contains(&answer.status), detail };
    Attempt { retry_after: answer.retry_after, ..Attempt::answered(outcome, answer.status) }
}

fn failed(failure: &Failure) -> Attempt {
    match failure.kind {
        FailureKind::NotConnected(Phase::Dns) => Attempt::not_sent("its name cannot be resolved"),
        FailureKind::NotConnected(Phase::Connect) if failure.timed_out => Attempt::not_sent("no connection in time"),
        FailureKind::NotConnected(Phase::Connect) => Attempt::not_sent("no connection: refused or unreachable"),
        FailureKind::NotConnected(Phase::Tls) => Attempt::not_sent(format!("it cannot be verified (TLS){}", certificate_words(&failure.detail))),
        FailureKind::TimedOut => Attempt::in_doubt("no answer in time after it had been sent"),
        FailureKind::Lost => Attempt::in_doubt("the connection broke before an answer came"),
    }
}

/// What the TLS library found wrong (`UnknownIssuer`, `Expired`): the last part of its words, which never come from the other side.
pub(crate) fn certificate_words(detail: &str) -> String {
    detail.split_once("invalid peer certificate: ").map(|(_, what)| format!(": {what}")).unwrap_or_default()
}
