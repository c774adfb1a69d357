//! Texts made short for people.
//!
//! Knows nothing of: what is secret (see `redact`), what a text means.

/// How much of the provider's text goes with a refusal, in characters.
pub(super) const REFUSAL_CHARS: usize = 200;

/// At most `most` characters on one line; control characters become spaces.
pub(super) fn shorten(text: &str, most: usize) -> String {
    let line = |c: char| if c.is_control() { ' ' } else { c };
    if text.chars().count() <= most {
        return text.chars().map(line).collect();
    }
    text.chars().take(most.saturating_sub(1)).map(line).chain(['…']).collect()
}

/// At most `most` bytes, cut between characters.
pub(super) fn cut(text: &mut String, most: usize) {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most.saturating_sub('…'.len_utf8())));
        text.push('…');
    }
}

/// At most `most` bytes, cut between characters, without a mark: for what is compared and not read.
pub(super) fn clip(mut text: String, most: usize) -> String {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(shorten("a\nb\u{7}", 200), "a b ");
        assert_eq!(shorten(&"é".repeat(201), 200).chars().count(), 200);
        assert_eq!(shorten(&"é".repeat(200), 200), "é".repeat(200));
        let mut text = "é".repeat(100);
        cut(&mut text, 50);
        assert!(text.len() <= 50 && text.ends_with('…') && text.starts_with("éé"), "{text}");
        assert_eq!(clip("éé".to_owned(), 3), "é");
        assert_eq!(clip("éé".to_owned(), 4), "éé");
        let mut short = "abc".to_owned();
        cut(&mut short, 3);
        assert_eq!(short, "abc");
    }
}
