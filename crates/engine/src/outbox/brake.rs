//! A brake on doubt, as a pure value: while every answer leaves doubt, single messages go one at a time and further and further apart, so that a provider in
//! trouble does not put a whole queue in doubt. Knows no clock: instants come in.

use std::time::Duration;

use salio_domain::Timestamp;
use salio_domain::message::MessageState;
use salio_store::EndSubmission;

/// Submissions in a row that leave nothing but doubt before it is pulled.
const DOUBTS: u32 = 5;
/// The first pause; doubled with each try that leaves doubt again.
const FIRST: Duration = Duration::from_secs(2);
/// The longest pause.
const LONGEST: Duration = Duration::from_mins(1);

/// What the end of a submission changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Nothing,
    Pulled,
    Released,
}

#[derive(Debug, Default)]
pub(super) struct Brake {
    /// In a row.
    doubts: u32,
    pauses: u32,
    until: Timestamp,
}

impl Brake {
    /// A submission ended. One that certainly never arrived says nothing about answers.
    pub(super) fn ended(&mut self, end: &EndSubmission, now: Timestamp) -> Change {
        if end.results.iter().all(|result| result.decision.state == MessageState::Unknown) {
            return self.doubted(now);
        }
        let answered = end.results.iter().any(|result| matches!(result.decision.state, MessageState::Sent | MessageState::Rejected));
        if !answered {
            return Change::Nothing;
        }
        let was_on = self.is_on();
        *self = Self::default();
        if was_on { Change::Released } else { Change::Nothing }
    }

    /// Those that were on their way when it was pulled lengthen no pause.
    fn doubted(&mut self, now: Timestamp) -> Change {
        self.doubts = self.doubts.saturating_add(1);
        if !self.is_on() || now < self.until {
            return Change::Nothing;
        }
        self.until = now.after(FIRST.saturating_mul(1 << self.pauses.min(16)).min(LONGEST));
        self.pauses += 1;
        if self.pauses == 1 { Change::Pulled } else { Change::Nothing }
    }

    /// Single messages go one at a time.
    pub(super) const fn is_on(&self) -> bool {
        self.doubts >= DOUBTS
    }

    /// When the next one may go.
    pub(super) const fn ready_at(&self) -> Timestamp {
        self.until
    }
}

#[cfg(test)]
mod tests {
    use salio_domain::outbox::{ChargeFate, Decision};
    use salio_store::MessageResult;

    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(1_795_000_000_000_000).after(Duration::from_secs(seconds))
    }

    fn end(states: &[MessageState]) -> EndSubmission {
        let result = |state: &MessageState| MessageResult {
            decision: Decision { state: *state, cause: String::new(), charge: ChargeFate::Stands, retry_at: None, pause: None },
            provider_message_id: None,
        };
        EndSubmission { results: states.iter().map(result).collect(), raw: None, now: at(0) }
    }

    const DOUBT: [MessageState; 2] = [MessageState::Unknown; 2];

    #[test]
    fn five_doubts_in_a_row_pull_it_and_one_answer_releases_it() {
        let mut brake = Brake::default();
        for _ in 0..4 {
            assert_eq!(brake.ended(&end(&DOUBT), at(0)), Change::Nothing);
            assert!(!brake.is_on());
        }
        assert_eq!(brake.ended(&end(&DOUBT), at(0)), Change::Pulled);
        assert_eq!((brake.is_on(), brake.ready_at()), (true, at(2)));
        assert_eq!(brake.ended(&end(&DOUBT), at(1)), Change::Nothing, "it was on its way");
        assert_eq!(brake.ready_at(), at(2));
        assert_eq!(brake.ended(&end(&DOUBT), at(3)), Change::Nothing);
        assert_eq!(brake.ready_at(), at(7));
        assert_eq!(brake.ended(&end(&[MessageState::Unknown, MessageState::Sent]), at(8)), Change::Released);
        assert!(!brake.is_on());
    }

    #[test]
    fn answers_between_keep_it_off_and_what_never_arrived_says_nothing() {
        let mut brake = Brake::default();
        for round in 0..100 {
            let said = if round % 5 == 4 { end(&[MessageState::Rejected]) } else { end(&DOUBT) };
            assert_eq!(brake.ended(&said, at(round)), Change::Nothing);
            assert_eq!(brake.ended(&end(&[MessageState::Queued]), at(round)), Change::Nothing);
            assert!(!brake.is_on());
        }
    }

    #[test]
    fn pauses_grow_to_a_minute() {
        let mut brake = Brake::default();
        let mut now = at(0);
        for _ in 0..60 {
            brake.ended(&end(&DOUBT), now);
            now = now.max(brake.ready_at());
        }
        brake.ended(&end(&DOUBT), now);
        assert_eq!(now.until(brake.ready_at()), LONGEST);
    }
}
