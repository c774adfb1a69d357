//! Halves of characters, which programs leave when they cut a text at a fixed length. Pure.

/// JSON in which each half of a character has become the one that stands for an unreadable character, so that the rest can be read.
pub(super) fn whole(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let taken = match unit(escape) {
            Some(0xD800..=0xDBFF) if escape.get(6..).and_then(unit).is_some_and(|low| (0xDC00..=0xDFFF).contains(&low)) => 12,
            Some(0xD800..=0xDFFF) => {
                out.push('\u{FFFD}');
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            _ => escape.chars().take(2).map(char::len_utf8).sum(),
        };
        out.push_str(escape.get(..taken).unwrap_or(escape));
        rest = escape.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The code unit of an escape.
fn unit(escape: &str) -> Option<u16> {
    escape.strip_prefix("\\u").and_then(|digits| digits.get(..4)).and_then(|digits| u16::from_str_radix(digits, 16).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_characters_spoil_only_themselves() {
        for (given, read) in [
            (r#""cut \ud83d""#, "\"cut \u{FFFD}\""),
            (r#""\ude00 \ud83d\ude00 \\ud83d""#, "\"\u{FFFD} \\ud83d\\ude00 \\\\ud83d\""),
            (r#""\ud83d\ud83d\ude00\n""#, "\"\u{FFFD}\\ud83d\\ude00\\n\""),
            (r#""é\u00e9""#, r#""é\u00e9""#),
            (r#""\"#, r#""\"#),
            (r#""\ud8"#, r#""\ud8"#),
        ] {
            assert_eq!(whole(given), read, "{given}");
        }
    }
}
