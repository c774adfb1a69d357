//! Dates as the vendor writes them, in Nairobi time (three hours ahead of UTC all year). Pure arithmetic, no clock.

/// East Africa Time is UTC+3 without summer time.
const EAT_SECONDS: i64 = 3 * 3600;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A local date and time.
struct Local {
    year: i64,
    month: usize,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

/// Days to a civil date, after the well-known algorithm that starts years in March.
fn local(at: i64) -> Local {
    let seconds = at.div_euclid(1_000_000) + EAT_SECONDS;
    let (days, rest) = (seconds.div_euclid(86_400) + 719_468, seconds.rem_euclid(86_400));
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    Local {
        year: year_of_era + era * 400 + i64::from(month <= 2),
        month: usize::try_from(month).unwrap_or(1),
        day: day_of_year - (153 * shifted + 2) / 5 + 1,
        hour: rest / 3600,
        minute: rest / 60 % 60,
        second: rest % 60,
    }
}

/// `2018-03-16 17:12:28`
pub(crate) fn sortable(at: i64) -> String {
    let Local { year, month, day, hour, minute, second } = local(at);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// `16-Mar-2018 05:12:28 PM`, as in lists of sent messages.
pub(crate) fn listed(at: i64) -> String {
    let Local { year, month, day, hour, minute, second } = local(at);
    let half = if hour < 12 { "AM" } else { "PM" };
    let twelve = (hour + 11) % 12 + 1;
    let name = MONTHS.get(month - 1).copied().unwrap_or("Jan");
    format!("{day:02}-{name}-{year:04} {twelve:02}:{minute:02}:{second:02} {half}")
}

/// `1803161712`, as in the reports of the engine underneath.
pub(crate) fn compact(at: i64) -> String {
    let Local { year, month, day, hour, minute, .. } = local(at);
    format!("{:02}{month:02}{day:02}{hour:02}{minute:02}", year.rem_euclid(100))
}

/// Whether `text` is `YYYY-MM-DD HH:MM`, with or without seconds.
pub(crate) fn is_schedule(text: &str) -> bool {
    let shape: String = text.chars().map(|character| if character.is_ascii_digit() { '0' } else { character }).collect();
    shape == "0000-00-00 00:00" || shape == "0000-00-00 00:00:00"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_three_forms_in_nairobi_time() {
        let at = 1_521_209_548_000_000; // 2018-03-16 14:12:28 UTC
        assert_eq!(sortable(at), "2018-03-16 17:12:28");
        assert_eq!(listed(at), "16-Mar-2018 05:12:28 PM");
        assert_eq!(compact(at), "1803161712");
        assert_eq!(sortable(951_782_399_000_000), "2000-02-29 02:59:59");
        assert_eq!(sortable(0), "1970-01-01 03:00:00");
        assert_eq!(listed(-3 * 3_600_000_000), "01-Jan-1970 12:00:00 AM");
    }

    #[test]
    fn knows_a_schedule() {
        assert!(is_schedule("2030-01-31 08:00") && is_schedule("2030-01-31 08:00:59"));
        assert!(!is_schedule("2030-01-31") && !is_schedule("tomorrow"));
    }
}
