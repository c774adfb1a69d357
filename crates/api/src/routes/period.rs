//! Which part of the past, and how finely: instants, or spans before now; never more points than a chart can show.

use std::time::Duration;

use salio_domain::Timestamp;

use super::extract::wrong;
use crate::problem::Problem;

/// Without `from`.
const USUAL: Duration = Duration::from_hours(24);
/// A chart has about this many points when nothing else is asked.
const POINTS: u32 = 300;
/// More would be slower to draw than to read.
const MOST_POINTS: u32 = 5000;
/// Ten years; whoever wants more can ask twice.
const LONGEST: Duration = Duration::from_hours(24 * 3653);
const SHORTEST_STEP: Duration = Duration::from_secs(1);
/// Steps that people can name.
const STEPS: [u64; 19] = [1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];

/// A part of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub from: Timestamp,
    pub to: Timestamp,
    pub step: Duration,
}

impl Period {
    pub(super) fn read(from: Option<&str>, to: Option<&str>, step: Option<&str>, now: Timestamp) -> Result<Self, Problem> {
        let to = to.map_or(Ok(now), |text| instant("to", text, now))?;
        let from = from.map_or(Ok(to.before(USUAL)), |text| instant("from", text, now))?;
        let range = from.until(to);
        if range.is_zero() {
            return Err(wrong("from", "\"from\" must lie before \"to\"."));
        }
        if range > LONGEST {
            return Err(wrong("from", "At most ten years are shown at once."));
        }
        let step = step.map_or_else(|| Ok(usual_step(range)), |text| read_step(text, range))?;
        Ok(Self { from, to, step })
    }
}

/// RFC 3339, `now`, or a span before now such as `-24h`.
fn instant(parameter: &str, text: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    let refused = || wrong(parameter, format!("{text:?} is no instant: write it like 2026-11-22T08:00:00Z, or like -24h for a span before now."));
    match text.strip_prefix('-') {
        Some(back) => span(back).map(|back| now.before(back)).ok_or_else(refused),
        None if text == "now" => Ok(now),
        // A plus sign that was not encoded arrives as a space.
        None => text.replace(' ', "+").parse().map_err(|_| refused()),
    }
}

fn read_step(text: &str, range: Duration) -> Result<Duration, Problem> {
    let step = span(text).filter(|step| *step >= SHORTEST_STEP).ok_or_else(|| wrong("step", format!("{text:?} is no step: write it like 30s, 5m, 1h or 1d.")))?;
    if range > step.saturating_mul(MOST_POINTS) {
        return Err(wrong("step", format!("That would be more than {MOST_POINTS} points: take a longer step or a shorter time.")));
    }
    Ok(step)
}

/// `30s`, `5m`, `24h`, `7d`, `4w`.
fn span(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds: u64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    let number: u64 = number.parse().ok().filter(|_| digits)?;
    number.checked_mul(seconds).map(Duration::from_secs)
}

fn usual_step(range: Duration) -> Duration {
    let wanted = range / POINTS;
    let longest = STEPS.last().copied().unwrap_or(1);
    let step = STEPS.iter().map(|seconds| Duration::from_secs(*seconds)).find(|step| *step >= wanted);
    step.unwrap_or(Duration::from_secs(longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T08:00:00Z".parse().unwrap()
    }

    fn read(from: Option<&str>, to: Option<&str>, step: Option<&str>) -> Result<(String, String, u64), Problem> {
        Period::read(from, to, step, now()).map(|period| (period.from.to_string(), period.to.to_string(), period.step.as_secs()))
    }

    #[test]
    fn the_last_day_in_steps_of_five_minutes_unless_asked_otherwise() {
        let whole = |from: &str, to: &str, step| (format!("2026-11-{from}:00.000000Z"), format!("2026-11-{to}:00.000000Z"), step);
        for (from, to, step, shown) in [
            (None, None, None, whole("21T08:00", "22T08:00", 300)),
            (Some("-1h"), None, None, whole("22T07:00", "22T08:00", 30)),
            (Some("-7d"), None, None, whole("15T08:00", "22T08:00", 3600)),
            (Some("-2h"), Some("-1h"), Some("1m"), whole("22T06:00", "22T07:00", 60)),
            (None, Some("2026-11-21T08:00:00Z"), None, whole("20T08:00", "21T08:00", 300)),
            (Some("2026-11-22T08:00:00 03:00"), Some("now"), None, whole("22T05:00", "22T08:00", 60)),
        ] {
            assert_eq!(read(from, to, step).unwrap(), shown, "{from:?} {to:?} {step:?}");
        }
    }

    #[test]
    fn what_no_chart_can_show_is_refused() {
        for (from, to, step) in [
            (Some("yesterday"), None, None),
            (Some("-24"), None, None),
            (Some("--1h"), None, None),
            (Some("-+1h"), None, None),
            (Some("-é"), None, None),
            (Some("now"), None, None),
            (Some("-1h"), Some("-2h"), None),
            (Some("-4000d"), None, None),
            (None, None, Some("1s")),
            (None, None, Some("0s")),
            (None, None, Some("m")),
            (Some("-99999999999999999999w"), None, None),
        ] {
            assert!(read(from, to, step).is_err(), "{from:?} {to:?} {step:?}");
        }
    }

    #[test]
    fn charts_have_a_few_hundred_points() {
        for hours in [1, 6, 24, 168, 720, 8760, 87_600] {
            let range = Duration::from_hours(hours);
            let points = range.as_secs() / usual_step(range).as_secs();
            assert!((100..=600).contains(&points), "{hours} h: {points}");
        }
    }
}
