//! The taking of one answer, as a table: product section 2.3 line by line.

use super::*;

const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

const RULES: SettleRules = SettleRules { settle_end: Duration::from_secs(60), close_interval: SettleRules::CLOSE_INTERVAL, late_charge_window: Duration::from_hours(24) };

fn figure(units: i64, question: i64, asked_seq: i64, seconds: i64) -> Taken {
    Taken { units: Units::whole(units), question, asked_seq, asked_at: at(seconds), answered_at: at(seconds) }
}

fn charge(id: i64, begun_seq: i64, ended: Option<(i64, i64)>, sure: i64, doubtful: i64) -> OpenCharge {
    OpenCharge {
        submission: SubmissionId::from_raw(id),
        begun_seq,
        ended: ended.map(|(seq, seconds)| (seq, at(seconds))),
        sure: Units::whole(sure),
        doubtful: Units::whole(doubtful),
    }
}

struct Case {
    charges: Vec<OpenCharge>,
    remembered: Vec<Remembered>,
    opening: Option<Opening>,
    last_ended: Option<i64>,
}

impl Case {
    fn new(charges: Vec<OpenCharge>) -> Self {
        let last_ended = charges.iter().filter_map(|c| c.ended.map(|(_, at)| at.micros() / 1_000_000)).max();
        Self { charges, remembered: vec![], opening: None, last_ended }
    }

    /// Base 100 asked at seq 1; the answer was asked at `asked_seq`, second `seconds`, and written at `asked_seq + 10`.
    fn answer(&self, units: i64, asked_seq: i64, seconds: i64) -> Take {
        take(&TakeInput {
            base: Some(figure(100, 1, 1, 0)),
            charges: &self.charges,
            remembered: &self.remembered,
            opening: self.opening,
            last_ended_at: self.last_ended.map(at),
            observed: Observed { taken: figure(units, 2, asked_seq, seconds), answered_seq: asked_seq + 10 },
            rules: RULES,
        })
    }
}

fn left(take: &Take, case: &Case) -> i64 {
    case.charges.iter().map(|c| take.open.iter().find(|o| o.submission == c.submission).map_or(c.left(), OpenCharge::left)).sum::<Units>().micros() / 1_000_000
}

#[test]
fn agreement_confirms_before_and_overlapping_but_not_after() {
    let case = Case::new(vec![charge(1, 2, Some((3, 1)), 3, 0), charge(2, 12, None, 2, 0), charge(3, 31, None, 7, 0)]);
    let take = case.answer(95, 20, 5);
    assert_eq!(take.verdict, Verdict::Agreed);
    assert_eq!(left(&take, &case), 7);
    assert_eq!(take.expected, Some((Units::whole(95), Units::whole(100))));
}

#[test]
fn late_charging_keeps_the_estimate_and_settles() {
    let case = Case::new(vec![charge(1, 2, Some((3, 1)), 3, 0), charge(2, 4, Some((5, 2)), 5, 0)]);
    let take = case.answer(97, 20, 5);
    assert_eq!(take.verdict, Verdict::Uncharged(Units::whole(5)));
    assert_eq!(left(&take, &case), 5, "the estimate stays 97 − 5 = 92");
    assert_eq!(take.open.iter().find(|o| o.submission.raw() == 1).map(OpenCharge::left), Some(Units::ZERO), "the older one is confirmed first");
    assert!(take.forgotten.is_empty());
}

#[test]
fn accepted_charges_are_confirmed_before_doubtful_ones() {
    let case = Case::new(vec![charge(1, 2, Some((3, 1)), 0, 4), charge(2, 4, Some((5, 2)), 4, 0)]);
    let take = case.answer(96, 20, 5);
    assert_eq!(take.open.iter().map(|o| (o.submission.raw(), o.left())).collect::<Vec<_>>(), vec![(2, Units::ZERO)]);
}

#[test]
fn when_the_schedule_has_ended_charges_are_remembered_and_then_explain_a_fall() {
    let case = Case::new(vec![charge(1, 2, Some((3, 1)), 0, 4)]);
    assert_eq!(left(&case.answer(100, 20, 60), &case), 4);
    let take = case.answer(100, 20, 61);
    assert_eq!(left(&take, &case), 0);
    assert_eq!(take.forgotten.iter().map(|r| (r.amount, r.until)).collect::<Vec<_>>(), vec![(Units::whole(4), at(61 + 86_400))]);
    let later = Case { remembered: take.forgotten, ..Case::new(vec![]) };
    let fell = later.answer(94, 30, 90);
    assert_eq!(fell.verdict, Verdict::Fell { late: Units::whole(4), drift: Units::whole(2) });
    assert_eq!(fell.remembered.iter().map(|r| r.amount).collect::<Vec<_>>(), vec![Units::ZERO]);
    let too_late = later.answer(94, 30, 61 + 86_400);
    assert_eq!((too_late.verdict, too_late.expired.len()), (Verdict::Fell { late: Units::ZERO, drift: Units::whole(6) }, 1));
}

#[test]
fn a_running_submission_keeps_the_schedule_open_until_the_interval_closes() {
    let case = Case::new(vec![charge(1, 2, Some((3, 1)), 4, 0), charge(2, 4, None, 4, 0)]);
    assert_eq!(case.answer(98, 20, 200).forgotten.len(), 0);
    let closed = case.answer(98, 20, 301);
    assert_eq!(closed.forgotten.iter().map(|r| r.amount).collect::<Vec<_>>(), vec![Units::whole(2)]);
    assert_eq!(left(&closed, &case), 4);
}

#[test]
fn a_top_up_is_a_range_until_settled() {
    let case = Case::new(vec![charge(1, 2, Some((3, 1)), 3, 0)]);
    let take = case.answer(147, 20, 5);
    assert_eq!(take.verdict, Verdict::ToppedUp(TopUp { low: Units::whole(47), high: Units::whole(50) }));
    assert_eq!((left(&take, &case), take.settled), (3, None));
    let opening = take.opening;
    let mut open = Case { opening, ..Case::new(vec![charge(1, 2, Some((3, 1)), 3, 0)]) };
    let answer = |case: &Case, base: i64, units: i64, seconds: i64| {
        super::take(&TakeInput {
            base: Some(figure(base, 2, 20, 5)),
            charges: &case.charges,
            remembered: &[],
            opening: case.opening,
            last_ended_at: Some(at(1)),
            observed: Observed { taken: figure(units, 3, 40, seconds), answered_seq: 41 },
            rules: RULES,
        })
    };
    let settled = answer(&open, 147, 147, 61);
    assert_eq!((settled.settled, settled.opening, settled.forgotten.len()), (Some(fixed(Units::whole(50))), None, 0), "it was charged already: the top-up was 50");
    let late = answer(&open, 147, 144, 15);
    assert_eq!((late.settled, late.verdict), (Some(fixed(Units::whole(47))), Verdict::Agreed), "it was charged afterwards: the top-up was 47");
    open.charges = vec![charge(1, 2, Some((3, 1)), 0, 3)];
    let doubtful = answer(&open, 147, 147, 61);
    assert_eq!((doubtful.settled, doubtful.forgotten.len()), (Some(fixed(Units::whole(47))), 1), "what is in doubt is remembered");
}

#[test]
fn without_charges_a_rise_is_a_top_up_at_once() {
    let take = Case::new(vec![]).answer(600, 20, 5);
    assert_eq!((take.verdict, take.opening), (Verdict::ToppedUp(TopUp { low: Units::whole(500), high: Units::whole(500) }), None));
}

#[test]
fn an_older_answer_changes_nothing() {
    let mut input_case = Case::new(vec![charge(1, 2, Some((3, 1)), 3, 0)]);
    input_case.opening = Some(Opening { first_figure: false, low: Units::whole(1), high: Units::whole(2) });
    let take = take(&TakeInput {
        base: Some(figure(100, 7, 50, 9)),
        charges: &input_case.charges,
        remembered: &[],
        opening: input_case.opening,
        last_ended_at: Some(at(1)),
        observed: Observed { taken: figure(5, 6, 40, 3), answered_seq: 60 },
        rules: RULES,
    });
    assert_eq!((take.verdict, take.base, take.open.len(), take.opening), (Verdict::Older, None, 0, input_case.opening));
}

#[test]
fn the_first_figure_waits_for_what_was_sent_before_it() {
    let case = Case::new(vec![charge(1, 2, Some((3, 1)), 3, 0)]);
    let first = |seconds| {
        super::take(&TakeInput {
            base: None,
            charges: &case.charges,
            remembered: &[],
            opening: None,
            last_ended_at: Some(at(1)),
            observed: Observed { taken: figure(97, 1, 20, seconds), answered_seq: 21 },
            rules: RULES,
        })
    };
    assert_eq!((first(5).verdict, left(&first(5), &case)), (Verdict::First, 3));
    assert_eq!((left(&first(61), &case), first(61).settled, first(61).forgotten.len()), (0, None, 0));
}
