//! The vendor's table, row by row, written down a second time.

use salio_domain::outbox::RefusalClass::{AfterFix, AfterTopUp, Permanent};

use super::Level::{Envelope, Row};
use super::*;

const fn refused(code: &'static str, class: RefusalClass, stops_account: bool) -> Verdict {
    Verdict::Refused { code, class, stops_account }
}

#[test]
fn every_code_of_the_table_at_both_levels() {
    let both: &[(&[u32], Verdict)] = &[
        (&[6, 31, 33, 34, 40], Verdict::Ambiguous),
        (&[7, 8, 9, 10, 11, 16, 30], refused("credentials_refused", AfterFix, true)),
        (&[12, 24, 38], refused("text_refused", Permanent, false)),
        (&[13, 801, 802], refused("number_refused", Permanent, false)),
        (&[14], refused("refused", Permanent, true)),
        (&[15], refused("sender_refused", Permanent, false)),
        (&[21], refused("out_of_credit", AfterTopUp, true)),
        (&[5, 17, 18, 19, 20, 22, 23, 25, 26, 28, 29, 32, 41, 101, 803, 804, 805], refused("refused", Permanent, false)),
        (&[27, 35, 36, 37, 39, 42, 100, 102, 103, 104, 200, 400, 403, 500, 999, u32::MAX], Verdict::Ambiguous),
    ];
    for (numbers, expected) in both {
        for number in *numbers {
            for level in [Envelope, Row] {
                assert_eq!(verdict(level, *number, None), *expected, "{level:?} {number}");
                assert_eq!(verdict(level, *number, Some("Success")), *expected, "{level:?} {number} with a text");
            }
        }
    }
}

#[test]
fn the_lowest_codes_mean_something_else_in_a_row() {
    for (level, number, expected) in [
        (Envelope, 1, refused("credentials_refused", Permanent, true)),
        (Envelope, 2, refused("credentials_refused", Permanent, true)),
        (Envelope, 3, refused("sender_refused", Permanent, false)),
        (Envelope, 4, refused("text_refused", Permanent, false)),
        (Row, 1, refused("refused", Permanent, false)),
        (Row, 2, refused("refused", Permanent, false)),
        (Row, 3, refused("refused", Permanent, false)),
        (Row, 4, refused("refused", Permanent, false)),
        (Row, 401, refused("sender_refused", Permanent, false)),
        (Envelope, 401, Verdict::Ambiguous),
    ] {
        assert_eq!(verdict(level, number, None), expected, "{level:?} {number}");
    }
    let no_credit = Some("Not enough credit: Balance 0");
    assert_eq!(verdict(Row, 3, no_credit), refused("out_of_credit", AfterTopUp, true));
}

#[test]
fn text_decides_only_where_the_engine_speaks_in_text() {
    let credit = refused("out_of_credit", AfterTopUp, true);
    let sender = refused("sender_refused", Permanent, false);
    let number = refused("number_refused", Permanent, false);
    for (level, code, text, expected) in [
        (Row, 403, "403: ChargingError (User x has no credit)", credit),
        (Row, 401, "Cannot charge submit_sm, check RouterPB log file", credit),
        (Envelope, 403, "chargingerror", credit),
        (Row, 403, "(cost 2, Balance 0.00)", credit),
        (Row, 403, "Balance 0.75 left", Verdict::Ambiguous),
        (Row, 403, "Balance 05", Verdict::Ambiguous),
        (Row, 403, "Balance 00", Verdict::Ambiguous),
        (Row, 401, "Authorization failed for user [x] (source_address filter mismatch).", sender),
        (Envelope, 400, "source_address filter mismatch", sender),
        (Row, 401, "destination_address filter mismatch", number),
        (Row, 412, "No route found", number),
        (Row, 401, "something else", sender),
        // Known codes are not reinterpreted, but for credit.
        (Row, 14, "No route found", refused("refused", Permanent, true)),
        (Row, 13, "source_address filter mismatch", number),
        (Row, 13, "Cannot charge", credit),
        (Envelope, 7, "Cannot charge", refused("credentials_refused", AfterFix, true)),
        (Envelope, 6, "Cannot charge", Verdict::Ambiguous),
        (Row, 34, "No route found", Verdict::Ambiguous),
        (Row, 999, "invalid number", Verdict::Ambiguous),
    ] {
        assert_eq!(verdict(level, code, Some(text)), expected, "{level:?} {code} {text}");
    }
}

#[test]
fn the_credentials_of_a_balance_question() {
    let refusing: Vec<u32> = (0..1000).filter(|number| refuses_credentials(*number)).collect();
    assert_eq!(refusing, [1, 2, 7, 8, 9, 10, 11, 16, 30]);
}

#[test]
fn every_known_code_has_words() {
    for number in 1..1000 {
        for level in [Envelope, Row] {
            let known = by_number(level, number).is_some();
            assert_eq!(meaning(level, number) != "a code that nobody knows", known, "{level:?} {number}");
        }
    }
}
