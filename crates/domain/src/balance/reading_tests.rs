//! The reader of figures against tables, an independent oracle and a flood of generated texts.

use proptest::prelude::*;

use super::*;

fn bare(text: &str) -> i64 {
    let figure = parse_figure(text).expect(text);
    assert_eq!(figure.form, BalanceForm::Bare, "{text:?}");
    figure.units.micros()
}

fn marked(text: &str) -> i64 {
    let figure = parse_figure(text).expect(text);
    assert_eq!(figure.form, BalanceForm::Currency, "{text:?}");
    figure.units.micros()
}

fn fault(text: &str) -> Fault {
    parse_figure(text).expect_err(text).fault
}

#[test]
fn bare_figures_are_read_exactly() {
    for (text, micros) in [
        ("11378.67", 11_378_670_000),
        ("0", 0),
        ("-0.00", 0),
        ("+5", 5_000_000),
        ("-5.25", -5_250_000),
        ("1,024.50", 1_024_500_000),
        ("1,234,567.891234", 1_234_567_891_234),
        ("007.5", 7_500_000),
        ("1.0000000000", 1_000_000),
        ("0.000001", 1),
        ("\u{a0}11378.67\u{202f} ", 11_378_670_000),
        ("9223372036854.775807", i64::MAX),
        ("-9223372036854.775808", i64::MIN),
        ("9,223,372,036,854.775807000", i64::MAX),
    ] {
        assert_eq!(bare(text), micros, "{text:?}");
    }
}

#[test]
fn figures_with_a_currency_are_told_apart() {
    for (text, micros) in [
        ("KSh7578560.8000", 7_578_560_800_000),
        ("Ksh1.00", 1_000_000),
        ("KSh12,345.00", 12_345_000_000),
        ("KSh5000", 5_000_000_000),
        ("KES\u{a0}5", 5_000_000),
        ("KSh \u{202f}-5", -5_000_000),
        (" KES +0 ", 0),
    ] {
        assert_eq!(marked(text), micros, "{text:?}");
    }
}

#[test]
fn anything_else_is_refused() {
    for (text, expected) in [
        ("", Fault::Empty),
        (" \u{a0}", Fault::Empty),
        ("ND", Fault::NotAFigure),
        ("N/A", Fault::NotAFigure),
        ("null", Fault::NotAFigure),
        ("1.2.3", Fault::NotAFigure),
        (".5", Fault::NotAFigure),
        ("5.", Fault::NotAFigure),
        ("-", Fault::NotAFigure),
        ("KSh", Fault::NotAFigure),
        ("€5", Fault::NotAFigure),
        ("€0.6991", Fault::NotAFigure),
        ("5 KSh", Fault::NotAFigure),
        ("ksh5", Fault::NotAFigure),
        ("KSH5", Fault::NotAFigure),
        ("KShKSh5", Fault::NotAFigure),
        ("-KSh5", Fault::NotAFigure),
        ("--5", Fault::NotAFigure),
        ("+-5", Fault::NotAFigure),
        ("- 5", Fault::NotAFigure),
        ("1e3", Fault::NotAFigure),
        ("1 000", Fault::NotAFigure),
        ("1\u{a0}000", Fault::NotAFigure),
        ("\t5", Fault::NotAFigure),
        ("5\n", Fault::NotAFigure),
        ("٣", Fault::NotAFigure),
        ("５", Fault::NotAFigure),
        ("0x10", Fault::NotAFigure),
        ("inf", Fault::NotAFigure),
        ("NaN", Fault::NotAFigure),
        ("1.000,50", Fault::NotAFigure),
        ("1,02", Fault::Grouping),
        ("1,0245", Fault::Grouping),
        ("1024,500", Fault::Grouping),
        ("1,024,5", Fault::Grouping),
        (",123", Fault::Grouping),
        ("1,,123", Fault::Grouping),
        ("1,123,", Fault::Grouping),
        ("0,123", Fault::Grouping),
        ("000,123", Fault::Grouping),
        ("0.0000001", Fault::TooPrecise),
        ("9223372036854.775808", Fault::TooLarge),
        ("-9223372036854.775809", Fault::TooLarge),
        ("99999999999999999999999999999999999999999999999", Fault::TooLarge),
    ] {
        assert_eq!(fault(text), expected, "{text:?}");
    }
}

#[test]
fn json_numbers_are_read_exactly() {
    for (raw, micros) in [
        ("0", 0),
        ("-0.0", 0),
        ("0e5", 0),
        ("11378.67", 11_378_670_000),
        ("1.137867e4", 11_378_670_000),
        ("1137867E-2", 11_378_670_000),
        ("1e+3", 1_000_000_000),
        ("1e-6", 1),
        ("10e-7", 1),
        ("-5.25", -5_250_000),
        ("1.000000000000000", 1_000_000),
        ("9223372036854.775807", i64::MAX),
        ("9223372036854775807e-6", i64::MAX),
    ] {
        let figure = parse_json_number(raw).expect(raw);
        assert_eq!((figure.units.micros(), figure.form), (micros, BalanceForm::Bare), "{raw}");
    }
}

#[test]
fn what_is_no_json_number_is_refused() {
    for (raw, expected) in [
        ("", Fault::NotAFigure),
        ("-", Fault::NotAFigure),
        ("+1", Fault::NotAFigure),
        ("01", Fault::NotAFigure),
        (".5", Fault::NotAFigure),
        ("5.", Fault::NotAFigure),
        ("5.e1", Fault::NotAFigure),
        ("1e", Fault::NotAFigure),
        ("1e+", Fault::NotAFigure),
        ("1e1.5", Fault::NotAFigure),
        ("1,024", Fault::NotAFigure),
        (" 1", Fault::NotAFigure),
        ("null", Fault::NotAFigure),
        ("1e-7", Fault::TooPrecise),
        ("1.5e-6", Fault::TooPrecise),
        ("1e13", Fault::TooLarge),
        ("1e999", Fault::TooLarge),
        ("1e1000", Fault::Exponent),
        ("1e999999999999999999999999", Fault::Exponent),
        ("1e-999999999999999999999999", Fault::Exponent),
        ("0e999999999999999999999999", Fault::Exponent),
    ] {
        assert_eq!(parse_json_number(raw).expect_err(raw).fault, expected, "{raw}");
    }
}

#[test]
fn an_error_repeats_at_most_64_characters() {
    let long = "é".repeat(10_000);
    let error = parse_figure(&long).expect_err("no figure");
    assert_eq!(error.shown.chars().count(), 64);
    assert!(error.to_string().chars().count() < 160, "{error}");
    let long = format!("1e{}", "9".repeat(1_000_000));
    assert_eq!(parse_json_number(&long).expect_err("absurd").shown.len(), 64);
    let zeros = format!("{}1.5{}", "0".repeat(500_000), "0".repeat(500_000));
    assert_eq!(bare(&zeros), 1_500_000);
}

/// The grammar once more, written another way: by splitting and 128-bit sums instead of walking digits.
fn oracle(text: &str) -> Option<(i64, BalanceForm)> {
    let blank = |c: char| " \u{a0}\u{202f}".contains(c);
    let text = text.trim_matches(blank);
    let (form, rest) = if text.starts_with("KSh") || text.starts_with("Ksh") || text.starts_with("KES") {
        (BalanceForm::Currency, text[3..].trim_start_matches(blank))
    } else {
        (BalanceForm::Bare, text)
    };
    let negative = rest.starts_with('-');
    let rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    let parts: Vec<&str> = rest.split('.').collect();
    let (whole, fraction) = match parts[..] {
        [whole] => (whole, "0"),
        [whole, fraction] => (whole, fraction),
        _ => return None,
    };
    let numeric = |part: &str| !part.is_empty() && part.chars().all(|c| "0123456789".contains(c));
    let groups: Vec<&str> = whole.split(',').collect();
    let threes = groups.len() == 1 || (groups[0].len() <= 3 && !groups[0].starts_with('0') && groups[1..].iter().all(|group| group.len() == 3));
    if !threes || !groups.iter().all(|group| numeric(group)) || !numeric(fraction) {
        return None;
    }
    let joined = groups.concat();
    let (kept, dropped) = fraction.split_at(fraction.len().min(6));
    if dropped.chars().any(|c| c != '0') || joined.trim_start_matches('0').len() > 20 {
        return None;
    }
    let whole: i128 = format!("0{}", joined.trim_start_matches('0')).parse().ok()?;
    let millionths: i128 = format!("{kept:0<6}").parse().ok()?;
    let total = whole * 1_000_000 + millionths;
    i64::try_from(if negative { -total } else { total }).ok().map(|micros| (micros, form))
}

fn read(text: &str) -> Option<(i64, BalanceForm)> {
    parse_figure(text).ok().map(|figure| (figure.units.micros(), figure.form))
}

/// A small generator with a seed (xorshift), so that the flood is the same each time and costs nothing.
struct Flood(u64);

impl Flood {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 16) % below as u64).expect("small")
    }

    fn text(&mut self, pieces: &[&str], most: usize, into: &mut String) {
        into.clear();
        for _ in 0..self.next(most + 1) {
            into.push_str(pieces[self.next(pieces.len())]);
        }
    }
}

#[test]
fn a_million_generated_texts_agree_with_the_oracle() {
    // Mostly digits, so that a good part of the texts are figures; the rest is what providers have been seen to write.
    let pieces = [
        "0",
        "1",
        "2",
        "5",
        "9",
        "00",
        "123",
        "000",
        "999",
        ",123",
        ",000",
        ".",
        ".5",
        ".000000",
        ",",
        "-",
        "+",
        "KSh",
        "Ksh",
        "KES",
        " ",
        "\u{a0}",
        "\u{202f}",
        "e3",
        "ND",
        "€",
        "٣",
        "\t",
        "92233720368547",
        "75807",
    ];
    let mut flood = Flood(0x5a11_0b41);
    let (mut text, mut figures) = (String::new(), 0_u32);
    for _ in 0..1_000_000 {
        flood.text(&pieces, 5, &mut text);
        let got = read(&text);
        assert_eq!(got, oracle(&text), "{text:?}");
        figures += u32::from(got.is_some());
    }
    assert!(figures > 100_000, "the flood must hold figures too, it held {figures}");
}

#[test]
fn generated_json_tokens_never_panic_and_agree_with_text_where_both_read() {
    let pieces = ["0", "1", "7", "00", "999", ".", ".25", "e", "E+", "e-", "-", "12", "000000000000", "1e6"];
    let mut flood = Flood(0x00b4_1a4c);
    let (mut token, mut figures) = (String::new(), 0_u32);
    for _ in 0..300_000 {
        flood.text(&pieces, 5, &mut token);
        let Ok(figure) = parse_json_number(&token) else { continue };
        figures += 1;
        if !token.contains(['e', 'E']) {
            assert_eq!(Some((figure.units.micros(), BalanceForm::Bare)), oracle(&token), "{token}");
        }
    }
    assert!(figures > 10_000, "{figures}");
}

proptest! {
    #[test]
    fn what_units_write_is_read_back(micros in any::<i64>(), mark in prop::sample::select(vec!["", "KSh", "Ksh ", "KES\u{a0}"])) {
        let units = Units::from_micros(micros);
        for written in [units.to_string(), units.grouped()] {
            let figure = parse_figure(&format!("{mark}{written}")).expect("a figure");
            prop_assert_eq!(figure.units, units);
            prop_assert_eq!(figure.form == BalanceForm::Bare, mark.is_empty());
        }
        prop_assert_eq!(parse_json_number(&units.to_string()).expect("a number").units, units);
    }

    #[test]
    fn an_exponent_only_moves_the_point(digits in 1_i64..1_000_000_000_000, exponent in -6_i64..1) {
        let scale = 10_i64.pow(u32::try_from(exponent + 6).expect("small"));
        let expected = digits.checked_mul(scale);
        let got = parse_json_number(&format!("{digits}e{exponent}")).ok().map(|figure| figure.units.micros());
        prop_assert_eq!(got, expected);
    }

    #[test]
    fn no_text_at_all_panics(text in any::<String>()) {
        prop_assert_eq!(read(&text), oracle(&text));
        let _ = parse_json_number(&text);
    }
}
