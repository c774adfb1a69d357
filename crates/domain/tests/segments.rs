//! Segments against published tables and against a second implementation, the library `sms_splitter`: no text is excluded from the comparison.

use salio_domain::segments::{Encoding, Segmented, segment, septets};
use sms_splitter::SplitSms;
use sms_splitter::gsm_validator::GsmValidator;

const TEXTS: u64 = 100_000;
const EXTENSION: &str = "\u{c}^{}\\[~]|€";
/// Lengths at which the count changes, in septets and in UTF-16 units.
const SEPTETS: &[usize] = &[0, 70, 153, 160, 306, 459, 612];
const UNITS: &[usize] = &[67, 70, 134, 201, 268, 335];
/// Beside the basic alphabet: what word processors and phones put in, marks that combine, what lies at the edges of the planes.
const FOREIGN: &str = "’“”…–—`ç•\u{a0}\tçÁêşıжЖ中文हिنع\u{301}\u{200d}\u{fe0f}\u{feff}\u{fffd}\u{d7ff}\u{e000}\u{ffff}";
const ASTRAL: &str = "😀🎉👍🏽🇰🇪👩\u{10000}\u{10ffff}𝒳";

/// A small generator of its own (xorshift64*), so that a failing text can be found again by its number.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % below
    }

    fn one_of(&mut self, characters: &[char]) -> char {
        characters[self.roll(characters.len())]
    }
}

/// Which alphabets a text is mixed from, in percent: extension, foreign, astral; the rest is basic.
const MIXES: &[[usize; 3]] = &[[0, 0, 0], [10, 0, 0], [100, 0, 0], [50, 0, 0], [0, 100, 0], [0, 30, 0], [0, 0, 100], [0, 10, 60], [10, 1, 0], [10, 10, 10]];

struct Alphabets {
    basic: Vec<char>,
    extension: Vec<char>,
    foreign: Vec<char>,
    astral: Vec<char>,
}

impl Alphabets {
    fn new() -> Self {
        let basic = ('\0'..'\u{2000}').filter(|c| septets(*c) == Some(1)).collect();
        let of = |text: &str| text.chars().collect();
        Self { basic, extension: of(EXTENSION), foreign: of(FOREIGN), astral: of(ASTRAL) }
    }

    /// A text about as long as a border, in the units of its mix.
    fn text(&self, number: u64) -> String {
        let mut dice = Dice(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let [extension, foreign, astral] = MIXES[dice.roll(MIXES.len())];
        let borders = if foreign + astral == 0 { SEPTETS } else { UNITS };
        let length = (borders[dice.roll(borders.len())] + dice.roll(7)).saturating_sub(4);
        let (mut text, mut filled) = (String::new(), 0);
        while filled < length {
            let at = dice.roll(100);
            let (alphabet, width) = if at < extension {
                (&self.extension, if foreign + astral == 0 { 2 } else { 1 })
            } else if at < extension + foreign {
                (&self.foreign, 1)
            } else if at < extension + foreign + astral {
                (&self.astral, 2)
            } else {
                (&self.basic, 1)
            };
            text.push(dice.one_of(alphabet));
            filled += width;
        }
        text
    }
}

/// What the library says, in our words: it counts octets, and two to a UTF-16 unit.
fn by_library(text: &str) -> Segmented {
    let split = SplitSms::default().split(String::from(text));
    let segments = u32::try_from(split.parts.len()).unwrap_or(u32::MAX);
    match split.character_set.as_str() {
        "GSM" => Segmented { encoding: Encoding::Gsm7, segments, length: split.bytes },
        _ => Segmented { encoding: Encoding::Ucs2, segments, length: split.bytes / 2 },
    }
}

#[test]
fn a_hundred_thousand_texts_agree_with_a_second_implementation() {
    let alphabets = Alphabets::new();
    let (mut gsm, mut changes) = (0, 0);
    for number in 0..TEXTS {
        let text = alphabets.text(number);
        let found = segment(&text);
        assert_eq!(found, by_library(&text), "text {number}: {text:?}");
        gsm += u64::from(found.encoding == Encoding::Gsm7);
        let at_border = number % 20 == 0 && segment(&format!("{text}xxx")).segments != found.segments;
        changes += u64::from(at_border);
    }
    assert!(gsm > TEXTS / 4 && gsm < TEXTS * 3 / 4, "{gsm} of them GSM 03.38");
    assert!(changes > TEXTS / 20 / 5, "{changes} of every twentieth just below a border");
}

#[test]
fn every_character_of_the_basic_plane_agrees_with_a_second_implementation() {
    let validator = GsmValidator::new();
    for character in '\0'..='\u{ffff}' {
        let code = u16::try_from(u32::from(character)).unwrap();
        let expected = validator.clone().validate_character(code).then(|| if validator.clone().validate_extended_character(code) { 2 } else { 1 });
        assert_eq!(septets(character), expected, "{character:?}");
    }
}

/// The lengths up to which a text takes so many parts, as gateways publish them.
#[test]
fn the_published_limits_hold() {
    let gsm = [160, 306, 459, 612, 765, 918, 1071, 1224, 1377, 1530];
    let ucs2 = [70, 134, 201, 268, 335, 402, 469, 536, 603, 670];
    for (character, encoding, limits) in [('a', Encoding::Gsm7, gsm), ('中', Encoding::Ucs2, ucs2)] {
        for (most, parts) in limits.into_iter().zip(1..) {
            let text = character.to_string().repeat(most);
            assert_eq!(segment(&text), Segmented { encoding, segments: parts, length: most });
            let longer = format!("{text}{character}");
            assert_eq!(segment(&longer), Segmented { encoding, segments: parts + 1, length: most + 1 });
        }
    }
}

/// Texts as gateways publish them to explain the count.
#[test]
fn the_published_examples_hold() {
    let a = |count: usize| "a".repeat(count);
    for (text, encoding, segments, length) in [
        ("Hello World!".to_owned(), Encoding::Gsm7, 1, 12),
        ("Price: 10€ [net]".to_owned(), Encoding::Gsm7, 1, 19),
        ("Don't".to_owned(), Encoding::Gsm7, 1, 5),
        ("Don’t".to_owned(), Encoding::Ucs2, 1, 5),
        (format!("{}’", a(70)), Encoding::Ucs2, 2, 71),
        (format!("{}’", a(69)), Encoding::Ucs2, 1, 70),
        (format!("{}€", a(158)), Encoding::Gsm7, 1, 160),
        (format!("{}€", a(159)), Encoding::Gsm7, 2, 161),
        ("|".repeat(80), Encoding::Gsm7, 1, 160),
        ("ñandú".to_owned(), Encoding::Ucs2, 1, 5),
        ("mañana".to_owned(), Encoding::Gsm7, 1, 6),
        ("ΔΦΓΛΩΠΨΣΘΞ".to_owned(), Encoding::Gsm7, 1, 10),
        ("Αθήνα".to_owned(), Encoding::Ucs2, 1, 5),
        ("👍".to_owned(), Encoding::Ucs2, 1, 2),
        ("👍🏽".to_owned(), Encoding::Ucs2, 1, 4),
        ("🇰🇪".to_owned(), Encoding::Ucs2, 1, 4),
    ] {
        assert_eq!(segment(&text), Segmented { encoding, segments, length }, "{text}");
    }
}
