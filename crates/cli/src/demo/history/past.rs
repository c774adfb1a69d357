//! What happened in the week before, in order. Pure.
//!
//! Knows nothing of: the store's methods.

use std::time::Duration;

use salio_domain::ids::{BatchId, IdSource, ReportId};
use salio_domain::message::{MessageState, Priority};
use salio_domain::outbox::{ChargeFate, Decision};
use salio_domain::report::{DeliveryReport, ReportOutcome};
use salio_domain::segments::segment;
use salio_domain::{AccountId, MessageId, Msisdn, SubmissionId, Timestamp, Units};
use salio_store::{MessageResult, NewBatch, NewMessage, NewMessages, NewReport};

use crate::demo::accounts::PRICE;
use crate::demo::dice::Dice;
use crate::demo::texts::{Flavour, numbers};

/// Between looks at the clock of the past.
const STEP: Duration = Duration::from_mins(30);
/// Nairobi is three hours before UTC, all year.
const ZONE_HOURS: i64 = 3;
/// Recipients of one call.
const BATCH: usize = 20;
/// The outage: so many steps before the end, for so many steps.
const OUTAGE: (u64, u64) = (90, 2);
/// Of a hundred messages, how many the provider refuses.
const REFUSED: u32 = 1;
/// Whenever a demo is started, night or Sunday, its last hours are worth looking at.
const RECENT_STEPS: u64 = 8;
const RECENT_BUSINESS: u32 = 75;
/// From so many steps before the end on an account that was not topped up is: three days always have a working hour in them.
const TOPPED_UP_STEPS: u64 = 144;
/// The last day, whose messages have reports; after so long each.
const REPORTED_STEPS: u64 = 48;
const REPORTED_AFTER: Duration = Duration::from_secs(12);
/// Before the last of it the history ends, so that nothing in it lies in the future.
const QUIET: Duration = Duration::from_secs(40);

/// Of one account.
pub struct Past {
    /// What it is like.
    pub flavour: Flavour,
    /// From here,
    pub start: Timestamp,
    /// to here.
    pub now: Timestamp,
    /// Who pays.
    pub account: AccountId,
    /// What charges remember.
    pub price_id: i64,
}

/// One thing that happened.
pub enum Event {
    /// A question, and its answer; none when the provider did not answer.
    Asked { at: Timestamp, figure: Option<Units> },
    /// Messages were accepted.
    Accepted(Box<NewMessages>),
    /// They were handed over.
    Submitted { id: SubmissionId, begun_at: Timestamp, results: Vec<MessageResult> },
    /// The network said what became of one.
    Reported(Box<NewReport>),
}

struct Making {
    dice: Dice,
    ids: IdSource,
    /// Two accounts are written side by side: their ids must not meet.
    salt: u32,
    credit: Units,
    topped_up: bool,
    events: Vec<Event>,
    /// Taken by the provider and not reported yet: its name of each, and the number.
    taken: Vec<(String, String)>,
}

impl Past {
    /// Everything in order, and the credit at the end.
    pub fn events(&self, dice: Dice, number: usize) -> (Vec<Event>, Units) {
        let salt = u32::try_from(number).unwrap_or(0) << 16;
        let mut making = Making { dice, ids: IdSource::new(0), salt, credit: Units::whole(self.flavour.credit), topped_up: false, events: Vec::new(), taken: Vec::new() };
        let end = self.now.before(QUIET);
        let steps = end.since(self.start).as_secs() / STEP.as_secs();
        for step in 0..steps {
            let at = self.start.after(STEP * u32::try_from(step).unwrap_or(0)).after(Duration::from_millis(number as u64 * 700));
            self.step(&mut making, at, steps - step);
        }
        making.events.push(Event::Asked { at: end, figure: Some(making.credit) });
        (making.events, making.credit)
    }

    fn step(&self, making: &mut Making, at: Timestamp, left: u64) {
        if (OUTAGE.0..OUTAGE.0 + OUTAGE.1).contains(&left) {
            making.events.push(Event::Asked { at, figure: None });
            return;
        }
        let business = business(at).max(if left <= RECENT_STEPS { RECENT_BUSINESS } else { 0 });
        let wants_credit = making.credit < Units::whole(self.flavour.low) || (left <= TOPPED_UP_STEPS && !making.topped_up);
        if business >= 60 && wants_credit {
            making.credit = making.credit.plus(Units::whole(self.flavour.top_up));
            making.topped_up = true;
        }
        making.events.push(Event::Asked { at, figure: Some(making.credit) });
        if making.dice.percent(self.flavour.busy * business / 100) {
            let sent_at = at.after(Duration::from_secs(u64::from(making.dice.between(60, 1_500))));
            self.send(making, sent_at, left <= REPORTED_STEPS);
        }
    }

    fn send(&self, making: &mut Making, at: Timestamp, reported: bool) {
        let (low, high) = self.flavour.batch;
        let count = making.dice.between(low, high);
        let recipients = numbers(&mut making.dice, count);
        let text = making.dice.one_of(self.flavour.texts).copied().unwrap_or_default();
        let sender = making.dice.one_of(self.flavour.senders).copied().unwrap_or_default();
        let mut begun_at = at;
        for part in recipients.chunks(BATCH) {
            self.submit(making, begun_at, text, sender, part);
            begun_at = begun_at.after(Duration::from_millis(900));
        }
        // The provider agrees a little later.
        making.events.push(Event::Asked { at: begun_at.after(Duration::from_secs(2)), figure: Some(making.credit) });
        let taken = std::mem::take(&mut making.taken);
        if reported {
            taken.into_iter().for_each(|(name, number)| self.report(making, begun_at.after(REPORTED_AFTER), name, number));
        }
    }

    /// Most arrive, some do not, and of some nobody ever hears.
    fn report(&self, making: &mut Making, at: Timestamp, name: String, number: String) {
        let (word, outcome, error_code) = match making.dice.between(1, 100) {
            1..=3 => return,
            4..=8 => ("UNDELIV", ReportOutcome::Failed, "027"),
            _ => ("DELIVRD", ReportOutcome::Delivered, "000"),
        };
        let raw = format!("GET /webhooks/{}/dlr?messageId={name}&mobile={number}&status={word}", self.flavour.slug);
        let report = DeliveryReport {
            provider_message_id: Some(name),
            number: Some(number),
            word: Some(word.to_owned()),
            outcome,
            error_code: Some(error_code.to_owned()),
            text: None,
            done_at: None,
        };
        let id = ReportId::from_raw(making.ids.next(at.millis(), making.salt));
        making.events.push(Event::Reported(Box::new(NewReport { id, account: self.account, received_at: at, shape: "s1".to_owned(), report, raw })));
    }

    fn submit(&self, making: &mut Making, at: Timestamp, text: &str, sender: &str, recipients: &[String]) {
        let segmented = segment(text);
        let charge = PRICE.checked_mul(i64::from(segmented.segments)).unwrap_or(Units::ZERO);
        let mut id = || making.ids.next(at.millis(), making.salt);
        let lines = i64::try_from(recipients.len()).unwrap_or(0);
        let batch = (lines > 1).then(|| NewBatch { id: BatchId::from_raw(id()), lines, refused: 0, duplicates: 0 });
        let message = |to: &String, id: i64| NewMessage {
            id: MessageId::from_raw(id),
            to: Msisdn::from_stored(to.clone()),
            text: text.to_owned(),
            sender: sender.to_owned(),
            encoding: segmented.encoding,
            segments: segmented.segments,
            charge,
            priority: Priority::Normal,
            reference: None,
            send_at: None,
            valid_until: None,
            price_id: self.price_id,
            line: None,
        };
        let messages: Vec<NewMessage> = recipients.iter().map(|to| message(to, id())).collect();
        let submission = SubmissionId::from_raw(id());
        let results: Vec<MessageResult> = messages.iter().map(|message| result(making.dice.percent(REFUSED), message)).collect();
        let named = messages.iter().zip(&results).filter_map(|(message, result)| Some((result.provider_message_id.clone()?, message.to.to_string())));
        making.taken.extend(named);
        let taken = results.iter().filter(|result| result.decision.charge == ChargeFate::Stands).count();
        making.credit = making.credit.minus(charge.checked_mul(i64::try_from(taken).unwrap_or(0)).unwrap_or(Units::ZERO));
        making.events.push(Event::Accepted(Box::new(NewMessages { account: self.account, batch, messages, token: None, covered_by: None, idempotency: None, now: at })));
        making.events.push(Event::Submitted { id: submission, begun_at: at.after(Duration::from_millis(5)), results });
    }
}

fn result(refused: bool, message: &NewMessage) -> MessageResult {
    let (state, cause, charge) = if refused { (MessageState::Rejected, "number_refused", ChargeFate::Voided) } else { (MessageState::Sent, "accepted", ChargeFate::Stands) };
    let decision = Decision { state, cause: cause.to_owned(), charge, retry_at: None, pause: None };
    MessageResult { decision, provider_message_id: (!refused).then(|| format!("made-up-{:x}", message.id.raw())) }
}

/// How busy a shop is, of a hundred: quiet nights, busy forenoons, Saturdays half, Sundays a third.
fn business(at: Timestamp) -> u32 {
    let hours = at.millis().div_euclid(3_600_000) + ZONE_HOURS;
    let by_hour = match hours.rem_euclid(24) {
        8 | 13 | 17 => 60,
        9..=12 => 100,
        14..=16 => 85,
        18..=19 => 30,
        7 | 20 => 10,
        _ => 0,
    };
    // 1970-01-01 was a Thursday.
    match (hours.div_euclid(24) + 3).rem_euclid(7) {
        5 => by_hour / 2,
        6 => by_hour / 3,
        _ => by_hour,
    }
}

#[cfg(test)]
mod tests {
    use crate::demo::texts::{MARKETING, ONFON};

    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);

    fn past(flavour: Flavour) -> Past {
        Past { flavour, start: NOW.before(Duration::from_hours(168)), now: NOW, account: AccountId::from_raw(1), price_id: 1 }
    }

    #[test]
    fn a_week_has_top_ups_an_outage_and_never_less_than_nothing() {
        for (number, flavour) in [ONFON, MARKETING].into_iter().enumerate() {
            let (events, credit) = past(flavour).events(Dice::new(7, number as u64), number);
            let figures: Vec<Units> = events.iter().filter_map(|event| if let Event::Asked { figure, .. } = event { *figure } else { None }).collect();
            let top_ups = figures.windows(2).filter(|pair| pair[1] > pair[0]).count();
            assert!((1..=4).contains(&top_ups), "{}: {top_ups}, {figures:?}", flavour.slug);
            assert!(figures.iter().all(|figure| *figure > Units::ZERO));
            assert_eq!(figures.last(), Some(&credit));
            assert_eq!(events.iter().filter(|event| matches!(event, Event::Asked { figure: None, .. })).count(), 2);
            let sent: usize = events.iter().map(|event| if let Event::Submitted { results, .. } = event { results.len() } else { 0 }).sum();
            assert!(sent > 300, "{}: {sent}", flavour.slug);
        }
    }

    #[test]
    fn whenever_a_demo_is_started_its_last_six_days_have_a_top_up() {
        for hour in 0..168 {
            let now = NOW.after(Duration::from_hours(hour));
            for (number, flavour) in [ONFON, MARKETING].into_iter().enumerate() {
                let past = Past { start: now.before(Duration::from_hours(168)), now, ..past(flavour) };
                let (events, _) = past.events(Dice::new(7, number as u64), number);
                let from = now.before(Duration::from_hours(144));
                let figures: Vec<Units> = events.iter().filter_map(|event| if let Event::Asked { at, figure } = event { figure.filter(|_| *at >= from) } else { None }).collect();
                assert!(figures.windows(2).any(|pair| pair[1] > pair[0]), "{} started at {now}", past.flavour.slug);
            }
        }
    }

    #[test]
    fn time_only_goes_forward_and_ends_before_now() {
        let (events, _) = past(ONFON).events(Dice::new(7, 0), 0);
        let times: Vec<Timestamp> = events
            .iter()
            .map(|event| match event {
                Event::Asked { at, .. } => *at,
                Event::Accepted(new) => new.now,
                Event::Submitted { begun_at, .. } => *begun_at,
                Event::Reported(new) => new.received_at,
            })
            .collect();
        assert!(times.is_sorted() && times.last().is_some_and(|last| *last < NOW));
    }

    #[test]
    fn nights_and_sundays_are_quiet() {
        let at = |text: &str| business(text.parse().unwrap());
        assert_eq!(at("2026-11-18T07:00:00Z"), 100, "Wednesday at ten in Nairobi");
        assert_eq!(at("2026-11-21T07:00:00Z"), 50, "Saturday");
        assert_eq!(at("2026-11-22T07:00:00Z"), 33, "Sunday");
        assert_eq!(at("2026-11-18T23:00:00Z"), 0, "night");
    }
}
