//! Many messages of one call, each with its own number and text, as programs hand them over: accepted together, in one transaction; each refused by itself.

use std::sync::Arc;

use salio_domain::admission::OnShort;
use salio_domain::ids::{BatchId, TokenId};
use salio_domain::message::Priority;
use salio_domain::{MessageId, Timestamp};

use super::draft::{AcceptError, Accepted, Key, MAX_RECIPIENTS, RejectedRecipient};
use super::intake::{Admission, Intake, wrong};
use super::offer::Offer;
use super::prepare::Line;

/// What a program wants sent.
#[derive(Clone, Debug)]
pub struct Rows {
    /// Slug or id.
    pub account: String,
    /// Numbers with their texts. A number may stand twice: it was asked for twice.
    pub rows: Vec<(String, Arc<str>)>,
    /// The sender; else the account's.
    pub from: Option<String>,
    /// Not before.
    pub send_at: Option<Timestamp>,
    /// Whose key it came with.
    pub token: TokenId,
}

impl Intake {
    /// Accepts rows durably: when this returns `Ok`, the accepted ones are on disk. As [`Intake::accept`] otherwise; refused rows are in `rejected` by their places.
    ///
    /// # Errors
    /// As [`Intake::accept`].
    pub async fn accept_rows(&self, rows: Rows, key: Option<Key>, render: impl Fn(&Accepted) -> String + Send) -> Result<String, AcceptError> {
        let now = self.shared.clock.now();
        let account = self.account(Some(&rows.account))?;
        if rows.rows.len() > MAX_RECIPIENTS {
            return Err(wrong("too_many_recipients", "MessageParameters", format!("One call takes at most {MAX_RECIPIENTS} rows; this one has {}.", rows.rows.len())).into());
        }
        let many = rows.rows.len() > 1;
        let on_short = account.on_short.unwrap_or(if many { OnShort::Refuse } else { OnShort::Hold });
        let common = self.common(account, Priority::Normal, now)?;
        let (mut messages, mut rejected) = (Vec::with_capacity(rows.rows.len()), Vec::new());
        for (index, (to, text)) in rows.rows.iter().enumerate() {
            let line = Line { to, text: text.to_string(), from: rows.from.as_deref(), reference: None, send_at: rows.send_at, valid_until: None, line: None };
            match common.message(MessageId::from_raw(self.shared.entropy.id(now)), line) {
                Ok(message) => messages.push((index, message)),
                Err(refusal) => rejected.push(RejectedRecipient { index, to: to.clone(), code: refusal.code, detail: refusal.detail }),
            }
        }
        if messages.is_empty() {
            return Err(AcceptError::NoneValid(rejected));
        }
        let batch = many.then(|| BatchId::from_raw(self.shared.entropy.id(now)));
        let to: Vec<String> = rows.rows.into_iter().map(|(to, _)| to).collect();
        let offer = Offer::new(batch, to.len(), messages, rejected);
        self.admit(account, offer, &Admission { on_short, token: Some(rows.token), key, to: &to, now }, render).await
    }
}
