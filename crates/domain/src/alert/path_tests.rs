//! Any path of balances: exactly one word per crossing and level, against an oracle that knows no states; and nothing is lost whatever holds it back.

use proptest::prelude::*;

use super::fixtures::*;
use super::*;
use crate::time::Millis;
use crate::units::Units;

/// One reading of a path.
#[derive(Clone, Copy, Debug)]
struct Point {
    /// When, in milliseconds.
    ms: Millis,
    /// In micros; none: unknown.
    balance: Option<i64>,
    /// How many top-ups have been seen.
    top_ups: i64,
}

/// What happens between two readings.
#[derive(Clone, Copy, Debug)]
enum Move {
    Spend(i64),
    TopUp(i64),
    Correct(i64),
    Jump(i64),
    Repeat,
    Unknown,
}

const TOP: i64 = 1_000_000;

fn moves() -> impl Strategy<Value = Vec<(Move, Millis)>> {
    let step = prop_oneof![
        6 => (0..TOP / 8).prop_map(Move::Spend),
        2 => (1..TOP).prop_map(Move::TopUp),
        3 => (0..TOP / 10).prop_map(Move::Correct),
        2 => prop::sample::select(vec![-1, 0, 1, 99_999, 100_000, 100_001, 109_999, 110_000, 500_000, 550_000, 900_000]).prop_map(Move::Jump),
        2 => Just(Move::Repeat),
        2 => Just(Move::Unknown),
    ];
    prop::collection::vec((step, 1..90 * MINUTE), 1..120)
}

fn path(moves: &[(Move, Millis)]) -> Vec<Point> {
    let (mut ms, mut balance, mut top_ups) = (0, TOP, 0);
    let mut points = Vec::new();
    for (step, pause) in moves {
        ms += pause;
        match step {
            Move::Spend(less) => balance -= less,
            Move::TopUp(more) => (balance, top_ups) = (balance + more, top_ups + 1),
            Move::Correct(more) => balance += more,
            Move::Jump(to) => balance = *to,
            Move::Repeat | Move::Unknown => {}
        }
        points.push(Point { ms, balance: (!matches!(step, Move::Unknown)).then_some(balance), top_ups });
    }
    points
}

/// Where a level is crossed and where that is over, found by looking along the whole path: no steps, no states.
fn oracle(path: &[Point], level: i64) -> Vec<(usize, NoticeKind)> {
    let known: Vec<(usize, i64, i64)> = path.iter().enumerate().filter_map(|(place, point)| Some((place, point.balance?, point.top_ups))).collect();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(down) = (from..known.len()).find(|i| known[*i].1 <= level) {
        found.push((known[down].0, NoticeKind::Fired));
        let is_over = |i: &usize| {
            let (_, balance, top_ups) = known[*i];
            balance > level && (balance >= level + (level + 9) / 10 || top_ups > known[down].2)
        };
        let Some(up) = (down + 1..known.len()).find(is_over) else { break };
        found.push((known[up].0, NoticeKind::Recovered));
        from = up + 1;
    }
    found
}

fn reading(point: Point) -> Reading {
    let seen = point.balance.and_then(|micros| seen(Figure::Balance { units: Units::from_micros(micros) }));
    Reading { seen, asked: Some((1, at(point.ms))), newest_seq: 1, top_up_seq: point.top_ups, ..Reading::default() }
}

fn rule(level: i64) -> Rule {
    Rule { condition: Condition::BalanceBelow { level: Units::from_micros(level) }, ..balance_below(0) }
}

/// What somebody does before a step.
#[derive(Clone, Copy, Debug)]
enum Hand {
    Nothing,
    Acknowledge,
    Snooze(Millis),
    Wake,
}

fn hands() -> impl Strategy<Value = Vec<Hand>> {
    let hand = prop_oneof![12 => Just(Hand::Nothing), 1 => Just(Hand::Acknowledge), 2 => (1..20 * HOUR).prop_map(Hand::Snooze), 1 => Just(Hand::Wake)];
    prop::collection::vec(hand, 120)
}

fn act(story: &mut Story, hand: Hand, ms: Millis) {
    match hand {
        Hand::Nothing => {}
        Hand::Acknowledge => drop(story.state.acknowledge("amina", at(ms))),
        Hand::Snooze(span) => story.state.snooze("amina", at(ms + span), at(ms)),
        Hand::Wake => story.state.wake(),
    }
}

const CALM: Options = Options { reminder_ms: None, confirm_ms: MINUTE, quiet: None, escalate_ms: None };

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn exactly_one_word_per_crossing_and_level(moves in moves(), repeats in 1..3_usize) {
        let path = path(&moves);
        for level in [0, 1, 100_000, 500_000, 900_000] {
            let mut story = Story::with(CALM, rule(level));
            let mut told = Vec::new();
            for (place, point) in path.iter().enumerate() {
                for _ in 0..repeats {
                    let before = story.told.len();
                    story.step(point.ms, &reading(*point));
                    told.extend(story.told[before..].iter().map(|notice| (place, notice.kind)));
                }
            }
            prop_assert_eq!(told, oracle(&path, level), "level {}", level);
        }
    }

    #[test]
    fn the_path_of_the_clock_makes_no_difference(moves in moves(), clock in prop::collection::vec(-30 * HOUR..30 * HOUR, 120)) {
        let path = path(&moves);
        let mut story = Story::with(CALM, rule(100_000));
        for (point, ms) in path.iter().zip(&clock) {
            story.step(*ms, &reading(Point { ms: *ms, ..*point }));
        }
        let expected: Vec<NoticeKind> = oracle(&path[..path.len().min(clock.len())], 100_000).into_iter().map(|(_, kind)| kind).collect();
        prop_assert_eq!(story.kinds(), expected);
    }

    #[test]
    fn a_doubtful_crossing_is_confirmed_or_says_that_it_is_not(moves in moves(), answers in prop::collection::vec(0..4_u8, 120)) {
        let mut story = Story::with(CALM, rule(500_000));
        let (mut asked, mut seq) = (1, 1);
        let mut crossed: Option<(i64, Millis)> = None;
        for (point, answer) in path(&moves).iter().zip(answers) {
            // Spending draws a number; an answer, where one comes, rests on a newer one.
            seq += 1;
            if answer == 0 { (asked, seq) = (seq + 1, seq + 1); }
            let reading = Reading { asked: Some((asked, at(-HOUR))), newest_seq: seq, ..reading(*point) };
            let told = story.step(point.ms, &reading);
            // What must happen, told from the readings alone.
            let Some(balance) = point.balance else {
                prop_assert_eq!(told, NOTHING);
                continue;
            };
            let (low, fired) = (balance <= 500_000, told.contains(&"fired"));
            if story.told.last().is_some_and(|last| last.kind == NoticeKind::Fired) && !fired { continue; }
            let start = *crossed.get_or_insert((seq, point.ms));
            let due = low && (asked > start.0 || point.ms - start.1 >= MINUTE);
            prop_assert_eq!(fired, due, "{:?} {:?}", start, point);
            prop_assert_eq!(story.asks, low && !fired);
            if let Some(notice) = story.told.last().filter(|_| fired) {
                let confirmed = asked > start.0;
                prop_assert_eq!(matches!(notice.confirmation, Confirmation::Confirmed), confirmed);
                prop_assert_eq!(notice.since, at(start.1));
            }
            if fired || !low { crossed = None; }
        }
    }

    #[test]
    fn nothing_is_lost_whatever_holds_it_back(
        moves in moves(), hands in hands(), critical in any::<bool>(), quiet in prop::option::of((0..1_440_u16, 0..1_440_u16)), escalate in prop::option::of(1..5 * HOUR),
        start in 0..1_440_u16,
    ) {
        let severity = if critical { Severity::Critical } else { Severity::Warning };
        let options = Options { quiet: quiet.map(|(from, to)| QuietHours { from, to }), escalate_ms: escalate, ..Options::default() };
        let mut story = Story { local_start: start, ..Story::with(options, Rule { severity, ..rule(500_000) }) };
        let path = path(&moves);
        for (point, hand) in path.iter().zip(hands) {
            let (before, last) = (story.state.snooze.is_some(), last_word(&story));
            act(&mut story, hand, point.ms);
            let reminded = story.step(point.ms, &reading(*point)).contains(&"reminder");
            let apart = last.map(|last| at(point.ms).since(last).as_millis());
            prop_assert!(!reminded || before || apart >= Some(6 * 3_600_000), "only the end of a snooze reminds early");
            let minute = u16::try_from((i64::from(start) + point.ms / MINUTE) % 1_440).unwrap();
            let held = story.state.snooze.as_ref().is_some_and(|snooze| snooze.until > at(point.ms)) || (!critical && options.quiet.is_some_and(|quiet| quiet.holds(minute)));
            prop_assert!(!held || story.told.last().is_none_or(|last| last.at < at(point.ms)), "told although it is held");
        }
        settle(&mut story, &path)?;
        alternate(&story)?;
    }
}

/// Steps on with the last reading until nothing can hold it back: then somebody has been told how things are.
fn settle(story: &mut Story, path: &[Point]) -> Result<(), TestCaseError> {
    let last = path.last().map_or(0, |point| point.ms);
    let Some(known) = path.iter().rev().find(|point| point.balance.is_some()) else { return Ok(()) };
    for hour in 0..50 {
        let ms = last + hour * HOUR;
        story.step(ms, &reading(Point { ms, ..*known }));
    }
    let fires = matches!(oracle(path, 500_000).last(), Some((_, NoticeKind::Fired)));
    let told = story.kinds().into_iter().rev().find(|kind| matches!(kind, NoticeKind::Fired | NoticeKind::Recovered));
    let quiet_day =
        story.options.quiet.is_some_and(|quiet| (0..24).all(|hour| quiet.holds((story.local_start + u16::try_from((last / MINUTE) % 60).unwrap() + hour * 60) % 1_440)));
    if fires && !quiet_day {
        prop_assert_eq!(told, Some(NoticeKind::Fired), "it fires and nobody knows");
    } else if !fires && !quiet_day {
        prop_assert!(told != Some(NoticeKind::Fired), "it is over and nobody knows");
    }
    Ok(())
}

fn alternate(story: &Story) -> Result<(), TestCaseError> {
    let turns: Vec<_> = story.told.iter().filter(|notice| matches!(notice.kind, NoticeKind::Fired | NoticeKind::Recovered)).collect();
    for (place, notice) in turns.iter().enumerate() {
        let expected = if place % 2 == 0 { NoticeKind::Fired } else { NoticeKind::Recovered };
        prop_assert_eq!(notice.kind, expected);
        prop_assert!(place % 2 == 0 || notice.crossing == turns[place - 1].crossing);
    }
    let mut keys: Vec<String> = story.told.iter().map(Notice::key).collect();
    keys.sort();
    prop_assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "no key twice");
    Ok(())
}

fn last_word(story: &Story) -> Option<crate::time::Timestamp> {
    story.told.iter().rev().find(|notice| matches!(notice.kind, NoticeKind::Fired | NoticeKind::Reminder)).map(|notice| notice.at)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn reminders_keep_their_distance(moves in moves(), hours in 1..12_i64) {
        let options = Options { reminder_ms: Some(hours * HOUR), ..Options::default() };
        let mut story = Story::with(options, rule(500_000));
        for point in path(&moves) {
            story.step(point.ms, &reading(point));
        }
        let words: Vec<_> = story.told.iter().filter(|notice| notice.kind != NoticeKind::Recovered).collect();
        for pair in words.windows(2).filter(|pair| pair[1].kind == NoticeKind::Reminder) {
            prop_assert!(pair[1].at.since(pair[0].at).as_millis() >= u128::try_from(hours * HOUR).unwrap());
        }
        let longest = story.told.windows(2).filter(|pair| pair[0].kind != NoticeKind::Recovered).map(|pair| pair[1].at.since(pair[0].at).as_millis()).max();
        prop_assert!(longest.unwrap_or(0) < u128::try_from((hours + 2) * HOUR).unwrap(), "it reminds while it lasts");
    }
}
