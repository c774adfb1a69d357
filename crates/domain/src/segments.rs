//! How many parts a text takes on the air, and in which encoding. 3GPP TS 23.038 (alphabets) and TS 23.040 (concatenation).

use serde::{Deserialize, Serialize};

/// 140 octets hold 160 septets or 70 UTF-16 units.
const SINGLE_SEPTETS: usize = 160;
/// 153 = 160 − 7 septets that 6 octets of header and padding take (TS 23.040 9.2.3.24.1).
const PART_SEPTETS: usize = 153;
const SINGLE_UTF16: usize = 70;
/// 67 = 70 − 3 units that 6 octets of header take.
const PART_UTF16: usize = 67;

/// The basic table of TS 23.038 6.2.1, without the escape itself.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// The extension table of TS 23.038 6.2.1.1: an escape and a second septet.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How a text travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// GSM 03.38, 7 bits a character.
    Gsm7,
    /// UCS-2, 16 bits a unit; astral characters take two.
    Ucs2,
}

impl Encoding {
    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "gsm7",
            Self::Ucs2 => "ucs2",
        }
    }
}

/// What a text takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segmented {
    /// Chosen from the text: UCS-2 only when GSM 03.38 cannot carry it.
    pub encoding: Encoding,
    /// Parts on the air; an empty text takes one.
    pub segments: u32,
    /// Septets or UTF-16 units in all.
    pub length: usize,
}

/// Septets a character takes in GSM 03.38: 1, 2 (extension), or none where the alphabet lacks it.
#[must_use]
pub fn septets(character: char) -> Option<usize> {
    if character.is_ascii_alphanumeric() || BASIC.contains(character) {
        Some(1)
    } else if EXTENSION.contains(character) {
        Some(2)
    } else {
        None
    }
}

/// Chooses the encoding and counts the parts.
#[must_use]
pub fn segment(text: &str) -> Segmented {
    let gsm: Option<usize> = text.chars().map(septets).sum();
    match gsm {
        Some(length) => Segmented { encoding: Encoding::Gsm7, segments: parts(text, length, SINGLE_SEPTETS, PART_SEPTETS, |c| septets(c).unwrap_or(1)), length },
        None => {
            let length = text.encode_utf16().count();
            Segmented { encoding: Encoding::Ucs2, segments: parts(text, length, SINGLE_UTF16, PART_UTF16, char::len_utf16), length }
        }
    }
}

/// The characters that GSM 03.38 lacks, each with its place counted in characters: they are why a text travels as UCS-2.
pub fn forced_by(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    text.chars().enumerate().filter(|(_, character)| septets(*character).is_none())
}

/// Fills parts greedily; a character that takes two places is never split between parts.
fn parts(text: &str, length: usize, single: usize, part: usize, width: impl Fn(char) -> usize) -> u32 {
    if length <= single {
        return 1;
    }
    let mut count: u32 = 1;
    let mut used = 0;
    for character in text.chars() {
        let needed = width(character);
        if used + needed > part {
            count = count.saturating_add(1);
            used = 0;
        }
        used += needed;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Encoding, u32) {
        let found = segment(text);
        (found.encoding, found.segments)
    }

    #[test]
    fn borders_are_where_the_standard_puts_them() {
        for (text, encoding, segments) in [
            (String::new(), Encoding::Gsm7, 1),
            ("a".repeat(160), Encoding::Gsm7, 1),
            ("a".repeat(161), Encoding::Gsm7, 2),
            ("a".repeat(306), Encoding::Gsm7, 2),
            ("a".repeat(307), Encoding::Gsm7, 3),
            ("€".repeat(80), Encoding::Gsm7, 1),
            ("€".repeat(81), Encoding::Gsm7, 2),
            ("ж".repeat(70), Encoding::Ucs2, 1),
            ("ж".repeat(71), Encoding::Ucs2, 2),
            ("ж".repeat(134), Encoding::Ucs2, 2),
            ("ж".repeat(135), Encoding::Ucs2, 3),
            ("😀".repeat(35), Encoding::Ucs2, 1),
            ("😀".repeat(36), Encoding::Ucs2, 2),
        ] {
            assert_eq!(of(&text), (encoding, segments), "{} × {:?}", text.chars().count(), text.chars().next());
        }
    }

    #[test]
    fn an_escape_and_a_surrogate_pair_are_never_split() {
        // 152 + an escape pair would need 154: the pair moves on, so two parts hold only 152 + 153.
        assert_eq!(of(&format!("{}€{}", "a".repeat(152), "a".repeat(151))), (Encoding::Gsm7, 2));
        assert_eq!(of(&format!("{}€{}", "a".repeat(152), "a".repeat(152))), (Encoding::Gsm7, 3));
        // 67 is odd: 33 pairs fill a part.
        assert_eq!(of(&"😀".repeat(66)), (Encoding::Ucs2, 2));
        assert_eq!(of(&"😀".repeat(67)), (Encoding::Ucs2, 3));
    }

    #[test]
    fn the_alphabet_has_127_characters_and_10_more() {
        assert_eq!(BASIC.chars().count(), 127);
        assert_eq!(EXTENSION.chars().count(), 10);
        assert!(BASIC.chars().all(|c| septets(c) == Some(1)));
        assert!(EXTENSION.chars().all(|c| septets(c) == Some(2)));
        assert_eq!(forced_by("a’b`").collect::<Vec<_>>(), vec![(1, '’'), (3, '`')]);
    }
}
