//! Every form of a `SendBulkSMS` answer that has been seen, and what must not count as sent or as refused.

use salio_domain::outbox::RecipientOutcome::{self, InDoubt, NotSent, Rejected, Submitted};
use salio_domain::outbox::RefusalClass::{AfterFix, AfterTopUp, Alone, Permanent};

use super::submit::read;
use crate::Recipient;

const A: &str = "254712345678";
const B: &str = "254112345679";

fn to(numbers: &[&str]) -> Vec<Recipient> {
    numbers.iter().map(|to| Recipient { to: (*to).to_owned(), text: "hello".to_owned() }).collect()
}

/// Short words for outcomes: `sent ID`, `doubt REASON`, `refused CODE PROVIDER_CODE CLASS[ stop]`.
fn word(outcome: &RecipientOutcome) -> String {
    match outcome {
        Submitted { provider_message_id } => format!("sent {provider_message_id}"),
        InDoubt { reason, provider_message_id: None } => format!("doubt {reason}"),
        InDoubt { reason, provider_message_id: Some(name) } => format!("doubt {reason} {name}"),
        NotSent { reason } => format!("not sent {reason}"),
        Rejected(refusal) => {
            let class = match refusal.class {
                Permanent => "permanent",
                AfterTopUp => "after top-up",
                AfterFix => "after fix",
                Alone => "alone",
            };
            let stop = if refusal.stops_account { " stop" } else { "" };
            format!("refused {} {} {class}{stop}", refusal.code, refusal.provider_code)
        }
    }
}

fn answers(status: u16, body: impl AsRef<[u8]>, numbers: &[&str]) -> Vec<String> {
    let outcomes = read(status, body.as_ref(), &to(numbers));
    assert_eq!(outcomes.len(), numbers.len());
    outcomes.iter().map(word).collect()
}

fn one(body: &str) -> String {
    answers(200, body, &[A]).remove(0)
}

fn row(fields: &str) -> String {
    one(&format!(r#"{{"ErrorCode":0,"ErrorDescription":"null","Data":[{{{fields}}}]}}"#))
}

#[test]
fn accepted_rows_in_every_form() {
    for fields in [
        r#""MessageErrorCode":0,"MessageErrorDescription":"Success","MobileNumber":"254712345678","MessageId":"m-1","Custom":"""#,
        r#""MobileNumber":"254712345678","MessageId":"m-1""#,
        r#""MessageErrorCode":"0","MobileNumber":"+254 712-345678","MessageId":" m-1 ""#,
        r#""MessageErrorCode":"000","mobilenumber":254712345678,"messageid":"m-1""#,
        r#""MessageErrorCode":"0.0","MobileNumber":"0712345678","messageId":"m-1""#,
        r#""MessageErrorCode":null,"MobileNumber":"712345678","MESSAGEID":"m-1""#,
        r#""MessageErrorCode":"","MobileNumber":"254254712345678","MessageId":"m-1""#,
        r#""MessageErrorCode":0.0,"MobileNumber":2.54712345678e11,"MessageId":"m-1""#,
        r#""MessageErrorCode":0,"MobileNumber":"","MessageId":"m-1""#,
        r#""MessageErrorCode":0,"messageerrorcode":"000","MobileNumber":"254712345678","MessageId":"m-1","MessageId":"m-1""#,
    ] {
        assert_eq!(row(fields), "sent m-1", "{fields}");
    }
    assert_eq!(row(r#""MobileNumber":"254712345678","MessageId":123456789012345678901"#), "sent 123456789012345678901");
}

#[test]
fn rows_that_leave_doubt() {
    for (fields, reason) in [
        (r#""MessageErrorCode":0,"MobileNumber":"254712345678","MessageId":"""#, "no_message_id"),
        (r#""MessageErrorCode":0,"MobileNumber":"254712345678","MessageId":"null""#, "no_message_id"),
        (r#""MessageErrorCode":0,"MobileNumber":"254712345678","MessageId":null"#, "no_message_id"),
        (r#""MessageErrorCode":0,"MobileNumber":"254712345678","MessageId":"  ""#, "no_message_id"),
        (r#""MessageErrorCode":0,"MobileNumber":"254712345678""#, "no_message_id"),
        (r#""MessageErrorCode":0,"MobileNumber":"254712345678","MessageId":["m-1"]"#, "no_message_id"),
        (r#""MobileNumber":"254712345678""#, "no_message_id"),
        (r#""MessageErrorCode":401,"MobileNumber":"254712345678","MessageId":"m-1""#, "contradictory_row m-1"),
        (r#""MessageErrorCode":21,"MobileNumber":"254712345678","MessageId":["m-1"]"#, "contradictory_row"),
        (r#""MessageErrorCode":6,"MobileNumber":"254712345678","MessageId":"""#, "ambiguous_code"),
        (r#""MessageErrorCode":"031","MobileNumber":"254712345678","MessageId":"""#, "ambiguous_code"),
        (r#""MessageErrorCode":999,"MobileNumber":"254712345678","MessageId":"""#, "ambiguous_code"),
        (r#""MessageErrorCode":999,"MobileNumber":"254712345678","MessageId":"m-1""#, "ambiguous_code m-1"),
        (r#""MessageErrorCode":-1,"MobileNumber":"254712345678","MessageId":"""#, "ambiguous_code"),
        (r#""MessageErrorCode":13.5,"MobileNumber":"254712345678","MessageId":"""#, "ambiguous_code"),
        (r#""MessageErrorCode":false,"MobileNumber":"254712345678","MessageId":"m-1""#, "ambiguous_code m-1"),
        (r#""MessageErrorCode":0,"MessageErrorCode":13,"MobileNumber":"254712345678","MessageId":"m-1""#, "unreadable_row m-1"),
        (r#""MessageErrorCode":0,"MobileNumber":"254712345678","MessageId":"m-1","messageid":"m-2""#, "unreadable_row"),
        (r#""MessageErrorCode":0,"MobileNumber":"254700000000","MessageId":"m-1""#, "missing_row"),
        (r#""MessageErrorCode":0,"MobileNumber":"255712345678","MessageId":"m-1""#, "missing_row"),
    ] {
        assert_eq!(row(fields), format!("doubt {reason}"), "{fields}");
    }
}

#[test]
fn refused_rows() {
    for (fields, expected) in [
        (r#""MessageErrorCode":401,"MessageErrorDescription":"(source_address filter mismatch)","MessageId":"""#, "sender_refused 401 permanent"),
        (r#""MessageErrorCode":401.0,"MessageErrorDescription":"null","MessageId":"null""#, "sender_refused 401.0 permanent"),
        (r#""MessageErrorCode":"013","MessageErrorDescription":7"#, "number_refused 013 permanent"),
        (r#""MessageErrorCode":801"#, "number_refused 801 permanent"),
        (r#""MessageErrorCode":412,"MessageErrorDescription":"No route found""#, "number_refused 412 permanent"),
        (r#""MessageErrorCode":" 021 ""#, "out_of_credit 021 after top-up stop"),
        (r#""MessageErrorCode":3,"MessageErrorDescription":"Cannot charge""#, "out_of_credit 3 after top-up stop"),
        (r#""MessageErrorCode":3"#, "refused 3 permanent"),
        (r#""MessageErrorCode":1"#, "refused 1 permanent"),
        (r#""MessageErrorCode":7"#, "credentials_refused 7 after fix stop"),
        (r#""MessageErrorCode":14"#, "refused 14 permanent stop"),
        (r#""ErrorCode":13"#, "number_refused 13 permanent"),
    ] {
        let fields = format!(r#"{fields},"MobileNumber":"254712345678""#);
        assert_eq!(row(&fields), format!("refused {expected}"), "{fields}");
    }
}

#[test]
fn the_providers_words_are_kept() {
    let body = r#"{"ErrorCode":0,"Data":[{"MessageErrorCode":401,"MessageErrorDescription":" Filter said no ","MobileNumber":"254712345678"}]}"#;
    let outcomes = read(200, body.as_bytes(), &to(&[A]));
    assert!(matches!(&outcomes[..], [Rejected(refusal)] if refusal.text == "Filter said no"), "{outcomes:?}");
}

#[test]
fn rows_are_matched_by_number_whatever_their_order() {
    let answer = |rows: &str| answers(200, format!(r#"{{"ErrorCode":0,"Data":{rows}}}"#), &[A, B]);
    let (a, b) = (r#"{"MobileNumber":"254712345678","MessageId":"a"}"#, r#"{"MobileNumber":"0112345679","MessageId":"b"}"#);
    let extra = r#"{"MobileNumber":"254799999999","MessageId":"x"}"#;
    let bare = |id: &str| format!(r#"{{"MessageId":"{id}"}}"#);
    for (rows, expected) in [
        (format!("[{a},{b}]"), ["sent a", "sent b"]),
        (format!("[{b},{a}]"), ["sent a", "sent b"]),
        (format!("[[{b}],[[{a}]]]"), ["sent a", "sent b"]),
        (format!(r#"{{"messages":[{b},{a}],"total":"2"}}"#), ["sent a", "sent b"]),
        (format!("[{extra},{b},{a},{extra}]"), ["sent a", "sent b"]),
        (format!("[{a},{a},{b}]"), ["sent a", "sent b"]),
        (format!("[{a}]"), ["sent a", "doubt missing_row"]),
        (a.to_owned(), ["sent a", "doubt missing_row"]),
        (format!("[{b}]"), ["doubt missing_row", "sent b"]),
        (format!("[{extra},{b}]"), ["doubt missing_row", "sent b"]),
        (format!("[{},{}]", bare("a"), bare("b")), ["sent a", "sent b"]),
        (format!("[{a},{}]", bare("b")), ["sent a", "sent b"]),
        // A row without a number counts by its place alone: here that place is already spoken for.
        (format!("[{},{a}]", bare("b")), ["sent a", "doubt missing_row"]),
        (format!("[{}]", bare("a")), ["doubt missing_row", "doubt missing_row"]),
        (format!("[{a},null]"), ["sent a", "doubt unreadable_row"]),
        (format!(r#"[{a},{{"MobileNumber":"254712345678","MessageId":"c"}},{b}]"#), ["doubt contradictory_row", "sent b"]),
        (format!(r#"[{a},{{"MobileNumber":"254712345678","MessageErrorCode":13}},{b},{a}]"#), ["doubt contradictory_row a", "sent b"]),
        ("[]".to_owned(), ["doubt missing_row", "doubt missing_row"]),
        ("null".to_owned(), ["doubt missing_row", "doubt missing_row"]),
        (r#""Success""#.to_owned(), ["doubt missing_row", "doubt missing_row"]),
    ] {
        assert_eq!(answer(&rows), expected, "{rows}");
    }
}

#[test]
fn nine_digits_name_a_recipient_only_when_they_are_its_alone() {
    let local = r#"{"ErrorCode":0,"Data":[{"MobileNumber":"0712345678","MessageId":"x"}]}"#;
    assert_eq!(answers(200, local, &[A, "255712345678"]), ["doubt missing_row", "doubt missing_row"]);
    assert_eq!(answers(200, local, &[A, B]), ["sent x", "doubt missing_row"]);
    let whole = r#"{"ErrorCode":0,"Data":[{"MobileNumber":"255712345678","MessageId":"x"}]}"#;
    assert_eq!(answers(200, whole, &[A, "255712345678"]), ["doubt missing_row", "sent x"]);
    assert_eq!(answers(200, whole, &["255712345678", "255712345678"]), ["doubt duplicate_number"; 2]);
}

#[test]
fn a_refusal_of_the_whole_call() {
    for (code, expected) in [
        ("7", "refused credentials_refused 7 after fix stop"),
        ("\"010\"", "refused credentials_refused 010 after fix stop"),
        ("1", "refused credentials_refused 1 permanent stop"),
        ("3", "refused sender_refused 3 permanent"),
        ("21", "refused out_of_credit 21 after top-up stop"),
        ("14", "refused refused 14 permanent stop"),
        ("6", "doubt ambiguous_code"),
        ("40", "doubt ambiguous_code"),
        ("999", "doubt ambiguous_code"),
        ("401", "doubt ambiguous_code"),
        ("\"x\"", "doubt ambiguous_code"),
        ("{}", "doubt ambiguous_code"),
    ] {
        for data in ["null", "[]", r#""""#] {
            let body = format!(r#"{{"ErrorCode":{code},"ErrorDescription":"words","Data":{data}}}"#);
            for status in [200, 400, 401, 403, 422] {
                assert_eq!(answers(status, &body, &[A, B]), [expected, expected], "{status} {body}");
            }
        }
    }
}

#[test]
fn a_row_that_shows_acceptance_wins_over_a_refusing_envelope() {
    let answer = |code: u32, rows: &str| answers(200, format!(r#"{{"ErrorCode":{code},"Data":{rows}}}"#), &[A, B]);
    let accepted = r#"{"MobileNumber":"254712345678","MessageId":"a","MessageErrorCode":0}"#;
    assert_eq!(answer(21, &format!("[{accepted}]")), ["sent a", "doubt contradictory_answer"]);
    assert_eq!(answer(6, &format!("[{accepted}]")), ["sent a", "doubt ambiguous_code"]);
    let odd = r#"{"MobileNumber":"254112345679","MessageId":"b","MessageErrorCode":999}"#;
    assert_eq!(answer(21, &format!("[{odd}]")), ["doubt contradictory_answer", "doubt contradictory_answer b"]);
    assert_eq!(answer(6, &format!("[{odd}]")), ["doubt ambiguous_code", "doubt ambiguous_code b"]);
    let foreign = r#"{"MobileNumber":"254799999999","MessageId":"x"}"#;
    assert_eq!(answer(21, &format!("[{foreign}]")), ["doubt contradictory_answer"; 2]);
    let (silent, own) = (r#"{"MobileNumber":"254712345678","MessageId":""}"#, r#"{"MobileNumber":"254112345679","MessageErrorCode":13}"#);
    assert_eq!(answer(21, &format!("[{silent},{own}]")), ["refused out_of_credit 21 after top-up stop", "refused number_refused 13 permanent"]);
    let says_ok = r#"{"MobileNumber":"254712345678","MessageErrorCode":0,"MessageId":""}"#;
    assert_eq!(answer(21, &format!("[{says_ok}]")), ["doubt no_message_id", "refused out_of_credit 21 after top-up stop"]);
}

#[test]
fn statuses_that_prove_nothing() {
    let accepted = r#"{"ErrorCode":0,"Data":[{"MobileNumber":"254712345678","MessageId":"a"}]}"#;
    let refused = r#"{"ErrorCode":21,"Data":null}"#;
    for status in [100, 301, 302, 307, 429, 500, 502, 503, 520, 524, 599, 999] {
        for body in [refused, "", "<html>"] {
            assert_eq!(answers(status, body, &[A]), ["doubt http_status"], "{status} {body}");
        }
        assert_eq!(answers(status, accepted, &[A, B]), ["doubt http_status a", "doubt http_status"], "{status}: the name is kept");
    }
    for status in [400, 401, 403, 404, 422] {
        for body in ["", "<html>", "null", r#"{"error":"no"}"#, r#"{"Data":null}"#] {
            assert_eq!(answers(status, body, &[A]), ["doubt http_status"], "{status} {body}");
        }
        assert_eq!(answers(status, accepted, &[A]), ["doubt http_status a"], "{status}: the name is kept");
    }
}

#[test]
fn bodies_that_cannot_be_read_leave_everyone_in_doubt() {
    let deep = format!(r#"{{"ErrorCode":0,"Data":{}"#, "[".repeat(500_000));
    let closed = format!(r#"{{"ErrorCode":0,"Data":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    for body in [
        "",
        " ",
        "<html><body>502 Bad Gateway</body></html>",
        "<Response><ErrorCode>0</ErrorCode></Response>",
        r#"{"ErrorCode":0,"Data":[{"MobileNumber":"254712345678","MessageId":"a"}"#,
        r#"{"ErrorCode":0,"ErrorCode":7,"Data":[{"MobileNumber":"254712345678","MessageId":"a"}]}"#,
        r#"{"MessageId":"a"}"#,
        "[]",
        "OK",
        &deep,
    ] {
        assert_eq!(answers(200, body, &[A, B]), ["doubt unreadable_answer"; 2], "{:.80}", body);
    }
    assert_eq!(answers(200, closed, &[A]), ["doubt unreadable_row"]);
    assert_eq!(answers(200, "\u{feff} {\"ErrorCode\":0,\"Data\":[{\"MessageId\":\"a\"}]}", &[A]), ["sent a"]);
    let latin = b"{\"ErrorCode\":0,\"Data\":[{\"MessageId\":\"a\",\"MessageErrorDescription\":\"\xe9\"}]}";
    assert_eq!(answers(200, latin, &[A]), ["sent a"]);
    let latin_id = b"{\"ErrorCode\":0,\"Data\":[{\"MessageId\":\"\xe9\"}]}";
    assert_eq!(answers(200, latin_id, &[A]), ["doubt no_message_id"]);
}

/// One bad number condemns nobody else: each is tried again by itself. What is about the call as a whole refuses the whole.
#[test]
fn an_envelope_that_refuses_one_of_several() {
    for (code, one, several) in [
        (13, "refused number_refused 13 permanent", "refused number_refused 13 alone"),
        (801, "refused number_refused 801 permanent", "refused number_refused 801 alone"),
        (12, "refused text_refused 12 permanent", "refused text_refused 12 alone"),
        (804, "refused refused 804 permanent", "refused refused 804 alone"),
        (15, "refused sender_refused 15 permanent", "refused sender_refused 15 permanent"),
        (21, "refused out_of_credit 21 after top-up stop", "refused out_of_credit 21 after top-up stop"),
    ] {
        for data in ["[]", "null"] {
            let body = format!(r#"{{"ErrorCode":{code},"ErrorDescription":"no","Data":{data}}}"#);
            assert_eq!(answers(200, &body, &[A]), [one], "{body}");
            assert_eq!(answers(200, &body, &[A, B]), [several, several], "{body}");
        }
    }
}
