//! The balance as everybody reads it: the same body from the route, the event stream and inside problems.

use salio_domain::balance::Failure;
use salio_engine::BalanceView;
use salio_engine::store::QuestionRow;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Amount, BalanceState, Health, Held, Moment, Paused, PriceSource};

/// The balance of an account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Balance {
    /// The slug.
    #[schema(example = "onfon")]
    pub account: String,
    /// The id that never changes.
    pub account_id: String,
    /// Whose API it is.
    #[schema(example = "onfon")]
    pub provider: String,
    /// What every amount here counts.
    #[schema(example = "units")]
    pub unit: String,
    /// The estimate; null when the provider has not said a figure yet.
    pub balance: Option<Amount>,
    /// The estimate as on screen.
    #[schema(example = "11,375.50 units")]
    pub formatted: Option<String>,
    /// The figure last taken from the provider.
    pub observed: Option<Amount>,
    /// When that figure was asked for.
    pub observed_at: Option<Moment>,
    /// Charges that count and that the provider has not confirmed; subtracted.
    pub pending: Amount,
    /// Charges of messages accepted and not yet begun; not subtracted.
    pub queued: Amount,
    /// Messages that may or may not have arrived.
    pub unknown_messages: i64,
    /// How far the figure can be relied on.
    pub state: BalanceState,
    /// How asking goes.
    pub health: Health,
    /// Failures in a row; null after a success.
    pub error: Option<BalanceError>,
    /// Where the price of a segment comes from.
    pub price_source: PriceSource,
    /// How old the figure is.
    pub age_ms: Option<i64>,
    /// When it will be asked next by itself.
    pub next_refresh_at: Option<Moment>,
    /// Why sending has stopped; null while it goes on.
    pub paused: Option<Paused>,
    /// Why the next message waits for credit; null while there is enough, or nothing waits.
    pub held: Option<Held>,
    /// Only grows; a viewer ignores anything that is not newer.
    pub version: i64,
}

/// Failures in a row.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BalanceError {
    /// A stable word.
    #[schema(example = "unreachable")]
    pub code: String,
    /// For people.
    pub detail: String,
    /// When the first of them was.
    pub since: Moment,
    /// How many.
    pub attempts: u32,
    /// When the next automatic try may be; null when only a person can help.
    pub next_try_at: Option<Moment>,
}

impl From<Failure> for BalanceError {
    fn from(failure: Failure) -> Self {
        Self { code: failure.code, detail: failure.detail, since: Moment(failure.since), attempts: failure.attempts, next_try_at: failure.next_try_at.map(Moment) }
    }
}

impl From<BalanceView> for Balance {
    fn from(view: BalanceView) -> Self {
        Self {
            formatted: view.formatted(),
            account: view.account,
            account_id: view.account_id.to_string(),
            provider: view.provider,
            unit: view.unit,
            balance: view.balance.map(Amount),
            observed: view.observed.map(Amount),
            observed_at: view.observed_at.map(Moment),
            pending: Amount(view.pending),
            queued: Amount(view.queued),
            unknown_messages: view.unknown_messages,
            state: view.state.into(),
            health: view.health.into(),
            error: view.error.map(Into::into),
            price_source: view.price_source.into(),
            age_ms: view.age_ms,
            next_refresh_at: view.next_refresh_at.map(Moment),
            paused: view.paused.map(Into::into),
            held: view.held.map(Into::into),
            version: view.version,
        }
    }
}

/// A balance that the provider was just asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Refreshed {
    /// The balance afterwards.
    #[serde(flatten)]
    pub balance: Balance,
    /// The estimate before.
    pub previous: Option<Amount>,
    /// Whether the two differ.
    pub changed: bool,
}

/// A question to the provider and what came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Question {
    /// Grows by one for each question of the account.
    pub number: i64,
    /// Why it was asked.
    #[schema(example = "schedule")]
    pub reason: String,
    /// When.
    pub asked_at: Moment,
    /// When it ended; null while it runs.
    pub answered_at: Option<Moment>,
    /// `figure`, `older`, `quarantined`, `failed`, `abandoned`; null while it runs.
    pub outcome: Option<String>,
    /// The figure.
    pub balance: Option<Amount>,
    /// The code of a failure.
    pub error_code: Option<String>,
}

/// The latest questions, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Questions {
    /// The slug.
    pub account: String,
    /// Newest first.
    pub questions: Vec<Question>,
}

impl From<QuestionRow> for Question {
    fn from(row: QuestionRow) -> Self {
        Self {
            number: row.question.number,
            reason: row.reason,
            asked_at: Moment(row.question.asked_at),
            answered_at: row.answered_at.map(Moment),
            outcome: row.outcome,
            balance: row.units.map(Amount),
            error_code: row.error_code,
        }
    }
}
