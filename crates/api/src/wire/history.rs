//! The past: figures for charts, and what happened in words for people.

use salio_domain::balance;
use salio_domain::{Timestamp, Units};
use salio_engine::store;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Amount, Moment};

/// A figure of the past.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HistoryPoint {
    /// When it was answered.
    pub at: Moment,
    /// What was shown after it.
    pub balance: Amount,
    /// The lowest in its step.
    pub low: Amount,
    /// The highest in its step.
    pub high: Amount,
}

impl From<store::HistoryPoint> for HistoryPoint {
    fn from(point: store::HistoryPoint) -> Self {
        Self { at: Moment(point.at), balance: Amount(point.shown), low: Amount(point.low), high: Amount(point.high) }
    }
}

/// A top-up of the past.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TopUp {
    /// When it was seen.
    pub at: Moment,
    /// At least this.
    pub amount_low: Amount,
    /// At most this.
    pub amount_high: Amount,
    /// Whether the amount is fixed.
    pub settled: bool,
}

impl From<store::TopUpRow> for TopUp {
    fn from(row: store::TopUpRow) -> Self {
        let balance::TopUp { low, high } = row.amount;
        Self { at: Moment(row.at), amount_low: Amount(low), amount_high: Amount(high), settled: row.settled }
    }
}

/// The past of an account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct History {
    /// The slug.
    pub account: String,
    /// What the amounts count.
    pub unit: String,
    /// Where it begins.
    pub from: Moment,
    /// Where it ends.
    pub to: Moment,
    /// One point for each of these spans.
    pub step_ms: i64,
    /// Oldest first.
    pub points: Vec<HistoryPoint>,
    /// Oldest first.
    pub top_ups: Vec<TopUp>,
}

/// What kind of happening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// Messages went out.
    Sent,
    /// The provider refused messages.
    Refused,
    /// Messages may or may not have gone out.
    Unknown,
    /// The provider agreed with the estimate.
    Agreed,
    /// A top-up was seen.
    TopUp,
    /// A fall was explained by a late charge.
    LateCharge,
    /// A fall that nothing known explains.
    Drift,
    /// The provider stopped answering.
    Failure,
    /// It answers again.
    Recovered,
    /// Sending stopped.
    Paused,
    /// Sending goes on.
    Resumed,
    /// The figure's form changed and waits for a person.
    FormChanged,
}

/// How it should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Everyday.
    Neutral,
    /// Welcome.
    Good,
    /// To be looked at.
    Warn,
    /// To be acted upon.
    Bad,
}

/// A happening.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Activity {
    /// When.
    pub at: Moment,
    /// What kind.
    pub kind: ActivityKind,
    /// The slug.
    pub account: String,
    /// For people.
    pub text: String,
    /// What moved; negative for spending. Of a top-up whose `text` ends with "at least", the lower bound that is known so far.
    pub amount: Option<Amount>,
    /// How it should look.
    pub tone: Tone,
    /// Messages concerned.
    pub messages: i64,
}

/// The latest happenings.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Activities {
    /// Newest first.
    pub activity: Vec<Activity>,
}

impl Activity {
    /// `open`: the top-up whose amount is not fixed yet; then a lower bound is not told as the amount.
    pub(crate) fn of(row: &store::Activity, account: String, open: bool) -> Self {
        let (kind, tone) = kind_and_tone(row.kind);
        let tone = if by_person(row) { Tone::Warn } else { tone };
        let text = if open { "Top-up seen, at least".to_owned() } else { text(row) };
        Self { at: Moment(row.at), kind, account, text, amount: row.amount.map(Amount), tone, messages: row.messages }
    }
}

/// Somebody wished it: nothing is wrong.
fn by_person(row: &store::Activity) -> bool {
    row.kind == store::ActivityKind::Paused && row.word.as_deref() == Some("person")
}

const fn kind_and_tone(kind: store::ActivityKind) -> (ActivityKind, Tone) {
    use store::ActivityKind as Kind;
    match kind {
        Kind::Sent => (ActivityKind::Sent, Tone::Neutral),
        Kind::Refused => (ActivityKind::Refused, Tone::Bad),
        Kind::Unknown => (ActivityKind::Unknown, Tone::Warn),
        Kind::Agreed => (ActivityKind::Agreed, Tone::Neutral),
        Kind::TopUp => (ActivityKind::TopUp, Tone::Good),
        Kind::LateCharge => (ActivityKind::LateCharge, Tone::Neutral),
        Kind::Drift => (ActivityKind::Drift, Tone::Warn),
        Kind::Failure => (ActivityKind::Failure, Tone::Bad),
        Kind::Recovered => (ActivityKind::Recovered, Tone::Good),
        Kind::Paused => (ActivityKind::Paused, Tone::Bad),
        Kind::Resumed => (ActivityKind::Resumed, Tone::Good),
        Kind::FormChanged => (ActivityKind::FormChanged, Tone::Warn),
    }
}

fn text(row: &store::Activity) -> String {
    use store::ActivityKind as Kind;
    let messages = messages(row.messages);
    let word = row.word.as_deref();
    let from = word.map(|sender| format!(" from {sender}")).unwrap_or_default();
    let because = word.map(|code| format!(": {}", code.replace('_', " "))).unwrap_or_default();
    match row.kind {
        Kind::Sent => format!("{messages}{from}"),
        Kind::Refused => format!("{messages} refused by the provider{because}"),
        Kind::Unknown => format!("{messages} may or may not have gone out"),
        Kind::Agreed => "The provider agrees with the estimate".to_owned(),
        Kind::TopUp => "Top-up seen".to_owned(),
        Kind::LateCharge => "The provider charged messages late".to_owned(),
        Kind::Drift => "A change that nothing known explains".to_owned(),
        Kind::Failure => format!("The provider stopped answering{}", word.map(reason).unwrap_or_default()),
        Kind::Recovered => "The provider answers again".to_owned(),
        Kind::Paused if by_person(row) => "Sending paused by a person".to_owned(),
        Kind::Paused => format!("Sending stopped{because}"),
        Kind::Resumed => "Sending goes on".to_owned(),
        Kind::FormChanged => "The provider writes its balance in another form; somebody must confirm it".to_owned(),
    }
}

/// Why there is no figure, in words; an unknown code is shown as it is.
fn reason(code: &str) -> String {
    let words = match code {
        "timeout" => "no answer in time",
        "unreachable" => "no connection",
        "connection_lost" => "the connection broke",
        "http_status" => "an HTTP error",
        "unreadable_answer" => "an answer that cannot be read",
        "unreadable_balance" => "a balance that cannot be read",
        "credentials_refused" => "the credentials are refused",
        "refused" => "the question was refused",
        other => other,
    };
    format!(": {words}")
}

fn messages(count: i64) -> String {
    if count == 1 {
        return "1 message".to_owned();
    }
    let grouped = Units::whole(count).grouped();
    format!("{} messages", grouped.split('.').next().unwrap_or_default())
}

impl History {
    pub(crate) fn of(history: store::History, (account, unit): (String, String), (from, to): (Timestamp, Timestamp), step: std::time::Duration) -> Self {
        Self {
            account,
            unit,
            from: Moment(from),
            to: Moment(to),
            step_ms: i64::try_from(step.as_millis()).unwrap_or(i64::MAX),
            points: history.points.into_iter().map(Into::into).collect(),
            top_ups: history.top_ups.into_iter().map(Into::into).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_well() {
        assert_eq!([0, 1, 3, 1000].map(messages), ["0 messages", "1 message", "3 messages", "1,000 messages"]);
    }

    #[test]
    fn a_pause_that_somebody_wished_is_no_fault() {
        let stopped = |word: &str| {
            let (at, account) = (Timestamp::from_micros(0), salio_domain::AccountId::from_raw(1));
            let row = store::Activity { at, account, kind: store::ActivityKind::Paused, amount: None, messages: 0, word: Some(word.to_owned()) };
            let shown = Activity::of(&row, "onfon".to_owned(), false);
            (shown.text, serde_json::to_value(shown.tone).unwrap())
        };
        assert_eq!(stopped("person"), ("Sending paused by a person".to_owned(), "warn".into()));
        assert_eq!(stopped("out_of_credit"), ("Sending stopped: out of credit".to_owned(), "bad".into()));
    }
}
