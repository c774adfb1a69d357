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
    let septets = if unicode { None } else { septets(text) };
    let (size, (single, part)) = septets.map_or_else(|| (text.encode_utf16().count(), UTF16_UNITS), |size| (size, SEPTETS));
    let parts = if size <= single { 1 } else { size.div_ceil(part) };
    u32::try_from(parts).unwrap_or(u32::MAX)
}

/// Septets that `text` takes in GSM 03.38, or `None` if it cannot be written in it.
fn septets(text: &str) -> Option<usize> {
    text.chars().map(width).sum()
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
