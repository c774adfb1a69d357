//! Questions to the provider: numbered before they are asked, folded into the estimate when they are answered.
//!
//! Knows nothing of: what an answer means; the domain's `take` decides.

use salio_domain::balance::{BalanceForm, Call, Failed, Observed, OpenCharge, Reason, Remembered, SettleRules, Take, TakeInput, Taken, TopUp, Verdict, take};
use salio_domain::ledger::EntryKind;
use salio_domain::outbox::Pause;
use salio_domain::{AccountId, Timestamp, Units};

use super::books::Booking;
use super::journal::{plain, revealed};
use super::rows::{Asked, AskedEnd};
use super::world::{World, missing};
use crate::{AccountSnapshot, ActivityKind, Answer, Ask, Ended, ObservationRow, Question, Result, StoreError, TopUpRow};

/// An answer to an older question than the newest answered.
pub(super) const OLDER: &str = "older";
/// The code of a figure that came in another form.
const FORM_CHANGED: &str = "balance_form_changed";

struct Figure {
    units: Units,
    form: BalanceForm,
    raw: String,
}

impl World {
    pub fn begin_question(&mut self, id: AccountId, ask: Ask) -> Result<(Question, AccountSnapshot)> {
        let account = self.account_mut(id)?;
        let number = account.questions.last_key_value().map_or(0, |(number, _)| *number) + 1;
        let question = Question { number, asked_seq: account.draw(), asked_at: ask.now };
        account.questions.insert(number, Asked { question, reason: ask.reason, pool: ask.pool, end: None });
        account.standing.ask(ask.now);
        Ok((question, self.changed(id)?))
    }

    pub fn calls_since(&self, id: AccountId, since: Timestamp) -> Result<Vec<Call>> {
        Ok(self.account(id)?.calls().into_iter().filter(|call| call.at > since).collect())
    }

    pub fn end_question(&mut self, id: AccountId, number: i64, answer: Answer, rules: SettleRules, now: Timestamp) -> Result<Ended> {
        let account = self.account(id)?;
        let asked = account.questions.get(&number).ok_or(missing("question"))?;
        if asked.end.is_some() {
            return Err(StoreError::Conflict { why: "the question has ended already" });
        }
        let (question, reason) = (asked.question, asked.reason);
        let verdict = match answer {
            Answer::Failure { failed, raw } => {
                self.close_question(id, number, AskedEnd { at: now, outcome: "failed", units: None, error_code: Some(failed.code.clone()), raw })?;
                self.fail(id, failed, now, ActivityKind::Failure)?;
                None
            }
            Answer::Figure { units, form, raw } if account.form.is_some_and(|own| own != form) => {
                self.quarantine(id, number, Figure { units, form, raw }, now)?;
                None
            }
            Answer::Figure { units, form, raw } => Some(self.fold(id, question, Figure { units, form, raw }, rules, now)?),
        };
        if verdict.is_some() && reason == Reason::Person {
            self.unpause(id, &[Pause::CredentialsRefused], now);
        }
        Ok(Ended { verdict, snapshot: self.changed(id)? })
    }

    fn close_question(&mut self, id: AccountId, number: i64, end: AskedEnd) -> Result<()> {
        self.account_mut(id)?.questions.get_mut(&number).ok_or(missing("question"))?.end = Some(end);
        Ok(())
    }

    /// Only the first failure in a row is a happening.
    fn fail(&mut self, id: AccountId, failed: Failed, now: Timestamp, kind: ActivityKind) -> Result<()> {
        let account = self.account_mut(id)?;
        let first = account.standing.failure.is_none();
        let code = failed.code.clone();
        account.standing.fail(failed, now);
        if first {
            self.tell(plain(now, id, kind, Some(code)));
        }
        Ok(())
    }

    fn quarantine(&mut self, id: AccountId, number: i64, figure: Figure, now: Timestamp) -> Result<()> {
        let end = AskedEnd { at: now, outcome: "quarantined", units: Some(figure.units), error_code: Some(FORM_CHANGED.to_owned()), raw: Some(figure.raw) };
        self.close_question(id, number, end)?;
        let account = self.account_mut(id)?;
        let news = account.quarantined != Some(figure.form);
        account.quarantined = Some(figure.form);
        let detail = match figure.form {
            BalanceForm::Currency => "the provider now writes its figure with a currency mark; confirm that it still means the same account",
            BalanceForm::Bare => "the provider now writes its figure without a currency mark; confirm that it still means the same account",
        };
        account.standing.fail(Failed { code: FORM_CHANGED.to_owned(), detail: detail.to_owned(), credentials: false, jitter: 0 }, now);
        if news {
            self.tell(plain(now, id, ActivityKind::FormChanged, Some(figure.form.as_str().to_owned())));
        }
        Ok(())
    }

    fn fold(&mut self, id: AccountId, question: Question, figure: Figure, rules: SettleRules, now: Timestamp) -> Result<Verdict> {
        let account = self.accounts.get_mut(&id).ok_or(missing("account"))?;
        let was_settling = account.standing.is_settling();
        let was_failing = account.standing.failure.is_some();
        let anew = account.quarantined == Some(figure.form);
        account.form = Some(figure.form);
        let taken = Taken { units: figure.units, question: question.number, asked_seq: question.asked_seq, asked_at: question.asked_at, answered_at: now };
        let observed = Observed { taken, answered_seq: account.draw() };
        let charges: Vec<OpenCharge> = account.open.iter().filter_map(|open| self.submissions.get(open).map(|s| s.open)).collect();
        let remembered: Vec<Remembered> = account.remembered.values().copied().collect();
        let standing = &account.standing;
        let taking = take(&TakeInput {
            base: standing.base.filter(|_| !anew),
            charges: &charges,
            remembered: &remembered,
            opening: standing.opening.filter(|_| !anew),
            last_ended_at: standing.last_ended_at,
            observed,
            rules,
        });
        let seen = self.write_top_ups(id, &taking, now)?;
        let account = self.account_mut(id)?;
        account.standing.take(&taking);
        if taking.base.is_some() {
            // The provider writes it as before: nothing waits for a person any more.
            account.quarantined = None;
        }
        self.write_charges(id, &taking, now)?;
        self.observe(id, observed, &taking, figure)?;
        if was_failing {
            self.tell(plain(now, id, ActivityKind::Recovered, None));
        }
        self.journal.extend(revealed(now, id, &taking, was_settling, seen));
        if matches!(taking.verdict, Verdict::ToppedUp(_)) {
            self.unpause(id, &[Pause::OutOfCredit], now);
        } else if taking.base.is_some() {
            self.lift(id, now);
        }
        Ok(taking.verdict)
    }

    fn observe(&mut self, id: AccountId, observed: Observed, taking: &Take, figure: Figure) -> Result<()> {
        let outcome = if taking.base.is_none() { OLDER } else { "figure" };
        let end = AskedEnd { at: observed.taken.answered_at, outcome, units: Some(figure.units), error_code: None, raw: Some(figure.raw) };
        self.close_question(id, observed.taken.question, end)?;
        let account = self.account_mut(id)?;
        let shown = account.standing.estimate();
        account.observations.push(ObservationRow { taken: observed.taken, answered_seq: observed.answered_seq, verdict: word(&taking.verdict).to_owned(), shown });
        Ok(())
    }

    /// What of charges is still open.
    pub(super) fn keep_open(&mut self, id: AccountId, charges: &[OpenCharge]) -> Result<()> {
        let account = self.accounts.get_mut(&id).ok_or(missing("account"))?;
        for open in charges {
            if let Some(submission) = self.submissions.get_mut(&open.submission) {
                submission.open = *open;
            }
            if open.ended.is_some() && open.left().is_zero() {
                account.open.remove(&open.submission);
            }
        }
        Ok(())
    }

    fn write_charges(&mut self, id: AccountId, taking: &Take, now: Timestamp) -> Result<()> {
        self.keep_open(id, &taking.open)?;
        let account = self.accounts.get_mut(&id).ok_or(missing("account"))?;
        for old in &taking.expired {
            account.remembered.remove(&old.submission);
        }
        for now in taking.forgotten.iter().chain(&taking.remembered) {
            account.remembered.insert(now.submission, *now);
            if let Some(submission) = self.submissions.get_mut(&now.submission) {
                submission.remembered = Some(*now);
            }
        }
        account.remembered.retain(|_, left| !left.amount.is_zero());
        self.suspend(&taking.expired, now)
    }

    /// Nobody waits any more for evidence about what the books still hold of these charges.
    fn suspend(&mut self, expired: &[Remembered], now: Timestamp) -> Result<()> {
        let mut expired = expired.to_vec();
        expired.sort_by_key(|old| (old.until, old.submission));
        for old in expired {
            let pending = self.submissions.get(&old.submission).map_or(Units::ZERO, |submission| submission.books_pending);
            self.book(&Booking { at: now, kind: EntryKind::ChargeSuspended, amount: old.amount.min(pending), submission: old.submission, message: None })?;
        }
        Ok(())
    }

    /// An answer may fix the amount of an earlier top-up, narrow it, or reveal a new one: its place among the account's.
    fn write_top_ups(&mut self, id: AccountId, taking: &Take, now: Timestamp) -> Result<Option<usize>> {
        let account = self.account_mut(id)?;
        let before = account.standing.opening.filter(|opening| !opening.first_figure);
        let narrowed = match (taking.verdict, taking.settled, taking.opening) {
            // A new top-up ends the waiting for the amount of the one before.
            (Verdict::ToppedUp(_), _, _) => before.map(|before| (before.low, before.low)),
            (_, Some(amount), _) => Some((amount.low, amount.high)),
            (_, None, opening) => opening.map(|opening| (opening.low, opening.high)),
        };
        if let (Some(_), Some((low, high)), Some(row)) = (before, narrowed, account.top_ups.last_mut()) {
            (row.amount, row.settled) = (TopUp { low, high }, low == high);
        }
        let Verdict::ToppedUp(top_up) = taking.verdict else { return Ok(None) };
        let amount = taking.opening.map_or_else(|| fixed(top_up, taking), |opening| TopUp { low: opening.low, high: opening.high });
        account.top_ups.push(TopUpRow { at: now, amount, settled: amount.low == amount.high });
        Ok(Some(account.top_ups.len() - 1))
    }

    pub fn clear_cache(&mut self, id: AccountId) -> Result<AccountSnapshot> {
        let account = self.account_mut(id)?;
        account.standing.cleared_seq = account.draw();
        self.changed(id)
    }

    pub fn accept_form(&mut self, id: AccountId) -> Result<AccountSnapshot> {
        let account = self.account_mut(id)?;
        let Some(form) = account.quarantined.filter(|form| account.form != Some(*form)) else {
            return Err(StoreError::Conflict { why: "no form of the figure waits for a person" });
        };
        // Both the same: confirmed, and its first figure has not come. Until then the last one stays.
        account.form = Some(form);
        account.standing.opening = None;
        self.changed(id)
    }
}

/// A top-up whose charges were closed by the same answer: what of them was already in the figure raises it.
fn fixed(top_up: TopUp, taking: &Take) -> TopUp {
    let forgotten: Units = taking.forgotten.iter().map(|old| old.amount).sum();
    let amount = top_up.low.plus(taking.released.minus(forgotten));
    TopUp { low: amount, high: amount }
}

const fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Older => OLDER,
        Verdict::First => "first",
        Verdict::Agreed => "agreed",
        Verdict::Uncharged(_) => "uncharged",
        Verdict::ToppedUp(_) => "topped_up",
        Verdict::Fell { .. } => "fell",
    }
}
