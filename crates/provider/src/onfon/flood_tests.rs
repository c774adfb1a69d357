//! Floods of generated answers through the pure readers: no panic, and never more said than the answer shows.

use std::fmt::Write;

use salio_domain::outbox::RecipientOutcome;

use super::{balance, submit};
use crate::Recipient;
use crate::http::{Ending, Reply};

/// A small generator with a seed (xorshift): the flood is the same each time and costs nothing.
struct Flood(u64);

impl Flood {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 16) % bound as u64).expect("small")
    }

    fn pick<'a>(&mut self, pieces: &[&'a str]) -> &'a str {
        pieces[self.below(pieces.len())]
    }

    /// Now and then cuts the text short or spoils a byte.
    fn spoil(&mut self, body: &mut Vec<u8>) {
        if body.is_empty() {
            return;
        }
        let at = self.below(body.len());
        match self.below(16) {
            0 => body.truncate(at),
            1 => body[at] = u8::try_from(self.below(256)).expect("a byte"),
            2 => body.insert(at, b"\"{}[]:,\\0"[self.below(9)]),
            _ => {}
        }
    }
}

const CODES: [&str; 14] = ["0", "0", "0", "\"000\"", "null", "\"\"", "7", "\"021\"", "401.0", "6", "13", "999", "true", "1e99"];
const CREDITS: [&str; 14] = ["5", "\"5\"", "\"KSh5.00\"", "\"KSh 1,024.50\"", "-1e3", "\"ND\"", "null", "\"\"", "1e999", "{}", "[1]", "\"1,02\"", "0", "\"€5\""];

fn balance_body(flood: &mut Flood, body: &mut String) {
    body.clear();
    let _ = write!(body, "{{\"{}\":{},\"{}\":", flood.pick(&["ErrorCode", "errorcode", "X"]), flood.pick(&CODES), flood.pick(&["Data", "data", "ErrorCode"]));
    let (open, close) = [("[", "]"), ("[[", "]]"), ("", ""), ("{\"a\":[", "]}")][flood.below(4)];
    body.push_str(open);
    for at in 0..1 + flood.below(2) {
        let comma = if at > 0 { "," } else { "" };
        let _ = write!(body, "{comma}{{\"PluginType\":{},\"Credits\":{}}}", flood.pick(&["\"SMS\"", "\"sms\"", "null", "\"VOICE\""]), flood.pick(&CREDITS));
    }
    body.push_str(close);
    body.push('}');
}

/// The figures that the pieces above can honestly give, in millionths.
const HONEST: [i64; 5] = [5_000_000, 1_024_500_000, -1_000_000_000, 0, 1_024_500_000];

#[test]
fn a_million_generated_balance_answers() {
    let mut flood = Flood(0x0ba1_a2ce);
    let (mut text, mut figures, mut refusals) = (String::new(), 0_u32, 0_u32);
    let statuses = [200, 200, 200, 200, 200, 200, 401, 403, 500, 302];
    for turn in 0..1_000_000 {
        balance_body(&mut flood, &mut text);
        let mut body = text.clone().into_bytes();
        let spoilt = turn % 2 == 0;
        if spoilt {
            flood.spoil(&mut body);
        }
        let status = statuses[flood.below(statuses.len())];
        match balance::read(&Reply { status, body, ending: Ending::Whole }) {
            Ok(reading) => {
                figures += 1;
                assert_eq!(status, 200, "{text}");
                assert!(spoilt || HONEST.contains(&reading.figure.units.micros()), "{text} {reading:?}");
                assert!(text.contains("Credits"), "{text}");
            }
            Err(trouble) => {
                refusals += 1;
                assert_eq!(trouble.credentials, trouble.code == "credentials_refused", "{text}");
            }
        }
    }
    assert!(figures > 50_000 && refusals > 50_000, "{figures} figures, {refusals} refusals");
}

const NUMBERS: [&str; 4] = ["254712345678", "254112345679", "255712345678", "254700000001"];

/// What a generated row really says.
struct Truth {
    /// Which recipient it names; `None` for a row without a number.
    names: Option<usize>,
    place: usize,
    accepted: bool,
    id: String,
}

fn submit_body(flood: &mut Flood, rows: usize, body: &mut String) -> Vec<Truth> {
    body.clear();
    let _ = write!(body, "{{\"ErrorCode\":{},\"ErrorDescription\":\"null\",\"Data\":[", flood.pick(&CODES));
    let mut truths = Vec::new();
    for place in 0..rows {
        let names = flood.below(NUMBERS.len() + 1);
        let code = flood.pick(&CODES);
        let id = if flood.below(4) == 0 { String::new() } else { format!("m{place}") };
        let comma = if place > 0 { "," } else { "" };
        let _ = write!(body, "{comma}{{\"MessageErrorCode\":{code},\"MessageId\":\"{id}\"");
        if let Some(number) = NUMBERS.get(names) {
            let _ = write!(body, ",\"MobileNumber\":\"{}\"", if flood.below(2) == 0 { number } else { &number[3..] });
        }
        body.push('}');
        let accepted = !id.is_empty() && matches!(code, "0" | "\"000\"" | "null" | "\"\"");
        truths.push(Truth { names: (names < NUMBERS.len()).then_some(names), place, accepted, id });
    }
    body.push_str("]}");
    truths
}

#[test]
fn two_hundred_thousand_generated_submissions() {
    let mut flood = Flood(0x05e4_d511);
    let (mut text, mut sent, mut other) = (String::new(), 0_u32, 0_u32);
    let all: Vec<Recipient> = NUMBERS.iter().map(|to| Recipient { to: (*to).to_owned(), text: String::new() }).collect();
    for turn in 0..200_000 {
        let recipients = &all[..1 + flood.below(all.len())];
        let rows = flood.below(5);
        let truths = submit_body(&mut flood, rows, &mut text);
        let mut body = text.clone().into_bytes();
        let spoilt = turn % 2 == 0;
        if spoilt {
            flood.spoil(&mut body);
        }
        let status = [200, 200, 200, 400, 429, 503][flood.below(6)];
        let outcomes = submit::read(status, &body, recipients);
        assert_eq!(outcomes.len(), recipients.len(), "{text}");
        for (at, outcome) in outcomes.iter().enumerate() {
            let RecipientOutcome::Submitted { provider_message_id } = outcome else {
                other += 1;
                continue;
            };
            sent += 1;
            assert!(String::from_utf8_lossy(&body).contains(provider_message_id.as_str()), "{text}");
            let backed = truths.iter().any(|truth| {
                let about = truth.names.map_or(truth.place == at && rows == recipients.len(), |names| NUMBERS[names][3..] == NUMBERS[at][3..]);
                truth.accepted && truth.id == *provider_message_id && about
            });
            assert!(backed || spoilt, "{at} {outcome:?} {text}");
        }
    }
    assert!(sent > 10_000 && other > 10_000, "{sent} sent, {other} other");
}
