//! What becomes of a submission: refused as a whole, or row by row accepted and charged. Must not know how the answer is written.

use std::borrow::Cow;
use std::sync::Arc;

use super::calendar::is_schedule;
use super::charging::CreditCheck;
use super::codes;
use super::credentials::Login;
use super::fault::Fault;
use super::fault_parts::Effect;
use super::gsm::segments;
use super::model::{Begun, Model};
use super::record::Accepted;
use super::reply::{Refusal, RowRefusal, RowReply, SubmitReply};
use super::request::{SubmitRequest, SubmitRow};
use super::service::Service;
use super::timeline::{Event, after_ms};
use super::variants::{CredentialsForm, OutOfCreditForm};

/// Longest alphanumeric sender that networks carry.
const LONGEST_SENDER: usize = 11;
/// Digits of an international number (E.164), longest and shortest that the vendor lets pass.
const NUMBER_DIGITS: (usize, usize) = (9, 15);

/// A row that may be accepted: segments and millionths.
type Cost = (u32, i64);

fn known(code: i64) -> RowRefusal {
    (code, Cow::Borrowed(codes::text(code)))
}

impl Model {
    /// Carries out a submission that [`Model::begin`] has counted.
    pub fn submit(&mut self, now: i64, request: &SubmitRequest, begun: &Begun) -> SubmitReply {
        self.advance(now);
        match begun.fault.replaces_answer() {
            None => self.accept(self.now, request, begun),
            Some(Effect::None) => SubmitReply::Nothing,
            Some(Effect::Now) => {
                self.accept(self.now, request, begun);
                SubmitReply::Nothing
            }
            Some(Effect::LaterMs(ms)) => {
                let event = Event::LateSubmission { request: Box::new(request.clone()), call_no: begun.call_no };
                self.timeline.add(after_ms(self.now, ms), event);
                SubmitReply::Nothing
            }
        }
    }

    /// A submission whose answer was lost long ago takes effect; nobody waits for its rows.
    pub(super) fn accept_late(&mut self, at: i64, request: &SubmitRequest, call_no: u64) {
        let variants = self.config.variants;
        let begun = Begun { call_no, service: Service::SendBulkSMS, at, fault: Fault::None {}, variants, latency_ms: 0 };
        self.accept(at, request, &begun);
        let mut first = std::mem::take(&mut self.reports_first);
        self.due_reports.append(&mut first);
    }

    /// Refuses a wrong login the way the variants say.
    pub(super) fn check_login(&self, login: &Login, begun: &Begun) -> Result<(), Refusal> {
        self.config
            .credentials
            .check(login)
            .map_err(|code| Refusal { http: if begun.variants.wrong_credentials == CredentialsForm::Http401 { 401 } else { 200 }, ..Refusal::of(code) })
    }

    fn accept(&mut self, at: i64, request: &SubmitRequest, begun: &Begun) -> SubmitReply {
        if let Err(refusal) = self.check_login(&request.login, begun).and_then(|()| check_call(request, &begun.fault)) {
            return SubmitReply::Refused(refusal);
        }
        let verdicts: Vec<Result<Cost, RowRefusal>> = request.rows.iter().map(|row| self.judge(request, row, &begun.fault)).collect();
        let mut left = self.available(&begun.fault);
        let cost = verdicts.iter().flatten().fold(0_i64, |sum, (_, charge)| sum.saturating_add(*charge));
        if begun.variants.out_of_credit == OutOfCreditForm::Envelope && cost > left {
            return SubmitReply::Refused(Refusal::of(21));
        }
        let (before, sender) = (left, self.record.share_sender(&request.sender));
        let mut call_id = None;
        let mut rows = Vec::with_capacity(request.rows.len());
        for (row, verdict) in request.rows.iter().zip(verdicts) {
            rows.push(match verdict {
                Err(refusal) => RowReply::refused(&row.number, refusal),
                Ok((_, charge)) if charge > left => RowReply::refused(&row.number, known(403)),
                Ok(cost) => {
                    left -= cost.1;
                    self.accept_row(at, row, &sender, cost, begun, &mut call_id)
                }
            });
        }
        self.charge(at, before - left);
        self.disfigure(&mut rows, &begun.fault);
        SubmitReply::Rows(rows)
    }

    /// What submissions may still cost.
    pub(super) const fn available(&self, fault: &Fault) -> i64 {
        match (fault, self.config.charging.credit_check) {
            (Fault::OutOfCredit {}, _) => -1,
            (_, CreditCheck::Free) => self.account.holds_after_pending(),
            (_, CreditCheck::Shown) => self.account.credit(),
        }
    }

    fn judge(&mut self, request: &SubmitRequest, row: &SubmitRow, fault: &Fault) -> Result<Cost, RowRefusal> {
        check_row(row)?;
        if self.config.senders.as_ref().is_some_and(|senders| !senders.contains(&request.sender)) {
            return Err(known(401));
        }
        if let Fault::PartialRefusals { per_mille, code, text } = fault
            && self.forms.chance(*per_mille)
        {
            return Err((*code, Cow::Owned(text.clone())));
        }
        let segments = segments(&row.text, request.unicode);
        Ok((segments, self.config.price.0.saturating_mul(i64::from(segments))))
    }

    fn accept_row(&mut self, at: i64, row: &SubmitRow, sender: &Arc<str>, cost: Cost, begun: &Begun, call_id: &mut Option<Arc<str>>) -> RowReply {
        let message_id = match call_id {
            Some(shared) if matches!(begun.fault, Fault::DuplicateIds {}) => Arc::clone(shared),
            _ => self.new_id(begun.variants.message_id),
        };
        *call_id = Some(Arc::clone(&message_id));
        let (outcome, error_code, done_at) = self.fate(at, &row.number);
        let message = Accepted {
            number: row.number.as_str().into(),
            text: self.record.share_text(&row.text),
            sender: Arc::clone(sender),
            segments: cost.0,
            charge: cost.1,
            message_id: Arc::clone(&message_id),
            at,
            call_no: begun.call_no,
            outcome,
            done_at,
        };
        self.plan_reports(&message, &error_code);
        self.record.push(message);
        let hidden = match begun.fault {
            Fault::NoMessageId { per_mille, form } if self.forms.chance(per_mille) => Some(form),
            _ => None,
        };
        RowReply { number: row.number.as_str().into(), code: 0, text: Cow::Borrowed(""), message_id: Some(message_id), hidden }
    }

    /// Takes the cost of a call in the parts that the settings ask for.
    fn charge(&mut self, at: i64, amount: i64) {
        self.account.promise(amount);
        for (delay_ms, part) in self.config.charging.parts(amount) {
            if delay_ms == 0 {
                self.account.take(part);
            } else {
                self.timeline.add(after_ms(at, delay_ms), Event::Charge(part));
            }
        }
    }
}

fn check_call(request: &SubmitRequest, fault: &Fault) -> Result<(), Refusal> {
    if let Fault::Refuse { code, text, http } = fault {
        let text = text.clone().map_or(Cow::Borrowed(codes::text(*code)), Cow::Owned);
        return Err(Refusal { code: *code, text, http: *http });
    }
    let code = match request {
        SubmitRequest { sender, .. } if sender.is_empty() => 3,
        SubmitRequest { sender, .. } if sender.chars().count() > LONGEST_SENDER => 15,
        SubmitRequest { rows, .. } if rows.is_empty() => 5,
        SubmitRequest { schedule: Some(text), .. } if !is_schedule(text) => 19,
        _ => return Ok(()),
    };
    Err(Refusal::of(code))
}

fn check_row(row: &SubmitRow) -> Result<(), RowRefusal> {
    let digits = row.number.strip_prefix('+').unwrap_or(&row.number);
    let code = match (digits, digits.len()) {
        ("", _) => 20,
        _ if row.text.is_empty() => 4,
        (_, len) if len > NUMBER_DIGITS.1 => 801,
        (_, len) if len < NUMBER_DIGITS.0 || !digits.bytes().all(|byte| byte.is_ascii_digit()) => 13,
        _ => return Ok(()),
    };
    Err(known(code))
}
