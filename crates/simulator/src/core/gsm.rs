//! How many segments the vendor bills for a text. Counted here a second time on purpose: it must not know how Salio counts.

/// GSM 03.38 default alphabet: one septet each (the escape itself carries no text).
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension table: an escape and a second septet.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// Septets in one segment, and in each part of several (160 less 7 for the header that joins them).
const SEPTETS: (usize, usize) = (160, 153);
/// UTF-16 units in one segment, and in each part of several (70 less 3).
const UTF16_UNITS: (usize, usize) = (70, 67);

/// Segments billed for `text`. `unicode` is what the caller asked for; a character that GSM 03.38 lacks forces UCS-2 anyway.
#[must_use]
pub fn segments(text: &str, unicode: bool) -> u32 {
    let septets: Option<Vec<usize>> = if unicode { None } else { text.chars().map(width).collect() };
    septets.map_or_else(|| parts(&text.chars().map(char::len_utf16).collect::<Vec<_>>(), UTF16_UNITS), |septets| parts(&septets, SEPTETS))
}

/// Fills parts one after the other. A character is never split between two (TS 23.040, 9.2.3.24.1: neither an escape sequence nor a
/// UCS-2 character), so one that takes two places and finds one moves on.
fn parts(widths: &[usize], (single, part): (usize, usize)) -> u32 {
    if widths.iter().sum::<usize>() <= single {
        return 1;
    }
    let (mut parts, mut used) = (1_u32, 0);
    for width in widths {
        if used + width > part {
            parts = parts.saturating_add(1);
            used = 0;
        }
        used += width;
    }
    parts
}

fn width(character: char) -> Option<usize> {
    match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => Some(1),
        other if BASIC.contains(other) => Some(1),
        other if EXTENSION.contains(other) => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_the_standard_says() {
        let cases = [
            ("a".repeat(160), false, 1),
            ("a".repeat(161), false, 2),
            ("a".repeat(306), false, 2),
            ("a".repeat(307), false, 3),
            ("€".repeat(80), false, 1),
            (format!("{}a", "€".repeat(80)), false, 2),
            ("a".repeat(70), true, 1),
            ("a".repeat(71), true, 2),
            ("a".repeat(134), true, 2),
            ("a".repeat(135), true, 3),
            ("ș".to_owned() + &"a".repeat(69), false, 1),
            ("ș".to_owned() + &"a".repeat(70), false, 2),
            ("😀".repeat(35), false, 1),
            ("😀".repeat(36), false, 2),
            // 152 and an escape sequence would be 154: it moves on, and leaves no room for the last letter.
            (format!("{}€{}", "a".repeat(152), "a".repeat(151)), false, 2),
            (format!("{}€{}", "a".repeat(152), "a".repeat(152)), false, 3),
            // 33 pairs fill a part of 67.
            ("😀".repeat(66), false, 2),
            ("😀".repeat(67), false, 3),
            (String::new(), false, 1),
        ];
        for (text, unicode, expected) in cases {
            assert_eq!(segments(&text, unicode), expected, "{text:?} unicode={unicode}");
        }
    }

    #[test]
    fn the_tables_have_their_size() {
        assert_eq!(BASIC.chars().count(), 127, "128 places, one of them the escape");
        assert_eq!(EXTENSION.chars().count(), 10);
    }
}
