//! "Did you mean": the known key nearest to an unknown one.
//!
//! Knows nothing of: files, variables, values.

use super::schema;

/// The known path nearest to `segments`, if any is near enough to be meant.
pub fn path(segments: &[&str], file_only: bool) -> Option<String> {
    let account = segments.get(1).filter(|_| segments.len() == 3).copied().unwrap_or("onfon");
    let wanted = normal(&segments.join("."));
    let last = normal(segments.last().copied().unwrap_or_default());
    let known = schema::SCHEMA.iter().filter(|spec| spec.in_file || !file_only).map(|spec| spec.path.replace(".ID.", &format!(".{account}.")));
    let sections = schema::SECTIONS.iter().map(|section| (*section).to_owned()).filter(|_| segments.len() == 1);
    known
        .chain(sections)
        .map(|option| (score(&wanted, &last, &option), option))
        .filter(|(score, _)| *score <= tolerance(&last))
        .min_by_key(|(score, _)| *score)
        .map(|(_, option)| option)
}

/// The word nearest to `word`, if any is near enough to be meant.
pub fn word<'a>(word: &str, options: &[&'a str]) -> Option<&'a str> {
    let wanted = normal(word);
    let scored = options.iter().map(|option| (distance(&wanted, &normal(option)), *option));
    scored.filter(|(score, _)| *score <= tolerance(&wanted)).min_by_key(|(score, _)| *score).map(|(_, option)| option)
}

/// How far an option is: as a whole, or by its last word when only the section is wrong.
fn score(wanted: &str, last: &str, option: &str) -> usize {
    let option_last = option.rsplit('.').next().unwrap_or_default();
    distance(wanted, &normal(option)).min(distance(last, &normal(option_last)) + 1)
}

/// Short words allow fewer slips: two letters of `url` are another word.
fn tolerance(word: &str) -> usize {
    match word.len() {
        0..=3 => 1,
        4..=7 => 2,
        _ => 3,
    }
}

/// Dots, dashes, underscores and capitals are what people mix up most: they count as nothing.
fn normal(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Letters to add, drop, change or swap with the next (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut best = (cell(&row, j) + usize::from(from != to)).min(cell(&row, j + 1) + 1).min(cell(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(to) && b.get(j - 1) == Some(from);
            if swapped {
                best = best.min(cell(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted() {
        for (a, b, expected) in [("", "", 0), ("", "abc", 3), ("listen", "listen", 0), ("listn", "listen", 1), ("lisetn", "listen", 1), ("kitten", "sitting", 3)] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn near_misses_find_their_key() {
        for (written, meant) in [
            ("balance.cache_tt", Some("balance.cache_ttl")),
            ("balance.cacheTTL", Some("balance.cache_ttl")),
            ("cache_ttl", Some("balance.cache_ttl")),
            ("balance_cache_ttl", Some("balance.cache_ttl")),
            ("listn", Some("server.listen")),
            ("server.lisetn", Some("server.listen")),
            ("acounts", Some("accounts")),
            ("ballance", Some("balance")),
            ("accounts.shop.apikey", Some("accounts.shop.api_key")),
            ("accounts.shop.sender", Some("accounts.shop.sender_id")),
            ("database.path", None),
            ("frobnicate", None),
            ("server.timezon", Some("server.timezone")),
        ] {
            let segments: Vec<&str> = written.split('.').collect();
            assert_eq!(path(&segments, true).as_deref(), meant, "{written}");
        }
    }

    #[test]
    fn near_words_are_found() {
        assert_eq!(word("onfn", &["onfon"]), Some("onfon"));
        assert_eq!(word("hodl", &["hold", "resend"]), Some("hold"));
        assert_eq!(word("twilight", &["onfon"]), None);
    }
}
