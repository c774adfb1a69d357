//! Floods of generated and spoilt calls: no panic, nothing said that the call does not show, every bound held.

use salio_domain::report::ReportOutcome::{self, Unmapped};

use super::reports::{MAX_ID, MAX_WORD};
use super::{form, inbound, reports};
use crate::onfon::words::{Figures, meaning};
use crate::{MOST_IN_CALL, RawCall};

/// A small generator with a seed (xorshift).
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

    fn spoil(&mut self, body: &mut Vec<u8>) {
        for _ in 0..self.below(4) {
            let at = self.below(body.len() + 1);
            match self.below(5) {
                0 => body.truncate(at),
                1 => body.insert(at, u8::try_from(self.below(256)).expect("a byte")),
                2 => body.insert(at, b"\"{}[]:,\\0'&=%+"[self.below(14)]),
                3 => body.splice(at..at, [0xef, 0xbb, 0xbf]).for_each(drop),
                _ => {
                    let piece = body[at..(at + self.below(20)).min(body.len())].to_vec();
                    body.splice(at..at, piece).for_each(drop);
                }
            }
        }
    }
}

const NAMES: [&str; 22] = [
    "messageId",
    "MessageId",
    "message_id",
    "id",
    "mobile",
    "MobileNumber",
    "status",
    "Status",
    "message_status",
    "StatusDescription",
    "dlr_status",
    "errorCode",
    "err",
    "text",
    "shortMessage",
    "doneDate",
    "level",
    "connector",
    "From",
    "Message",
    "content",
    "Data[0][Status]",
];
const VALUES: [&str; 16] = ["m-1", "m-2", "254712345678", "0712345678", "DELIVRD", "UNDELIV", "SUBMITTED", "UNKNOWN", "Something", "1", "3", "0", "99", "'Karibu'", "é 🙂", ""];
const WRAPS: [(&str, &str); 7] =
    [("", ""), ("[", "]"), ("{\"Data\":", "}"), ("{\"status\":\"success\",\"Data\":[", "]}"), ("[[", "]]"), ("{\"MessageId\":\"m-9\",\"x\":", "}"), ("\u{feff} ", "\n")];

fn object(flood: &mut Flood) -> String {
    let fields: Vec<String> = (0..flood.below(6))
        .map(|_| {
            let (name, value) = (flood.pick(&NAMES), flood.pick(&VALUES));
            match flood.below(6) {
                0 => format!("\"{name}\":[\"{value}\",\"{}\"]", flood.pick(&VALUES)),
                1 => format!("\"{name}\":{}", flood.pick(&["null", "1", "2.0", "true", "{}", "1e99", "[]", "-0", "\"\\ud800\""])),
                2 => format!("\"{name}\":{{\"{}\":\"{value}\"}}", flood.pick(&NAMES)),
                _ => format!("\"{name}\":\"{value}\""),
            }
        })
        .collect();
    format!("{{{}}}", fields.join(","))
}

fn pairs(flood: &mut Flood) -> String {
    let pairs: Vec<String> = (0..flood.below(8)).map(|_| format!("{}={}", flood.pick(&NAMES), flood.pick(&VALUES))).collect();
    pairs.join("&")
}

fn body(flood: &mut Flood) -> Vec<u8> {
    let text = match flood.below(8) {
        0 => String::new(),
        1 | 2 => pairs(flood),
        3 => return (0..flood.below(200)).map(|_| u8::try_from(flood.below(256)).expect("a byte")).collect(),
        _ => {
            let (open, close) = WRAPS[flood.below(WRAPS.len())];
            let objects: Vec<String> = (0..1 + flood.below(3)).map(|_| object(flood)).collect();
            format!("{open}{}{close}", objects.join(","))
        }
    };
    let mut bytes = text.into_bytes();
    if flood.below(2) == 0 {
        flood.spoil(&mut bytes);
    }
    bytes
}

#[test]
fn two_hundred_thousand_generated_reports() {
    let mut flood = Flood(0x0de1_1be4);
    let mut seen = [0_u32; 4];
    for _ in 0..200_000 {
        let query: Vec<(String, String)> = if flood.below(3) == 0 { form::pairs(&pairs(&mut flood)).collect() } else { Vec::new() };
        let body = body(&mut flood);
        let call = reports::read(&RawCall { query: &query, content_type: Some("application/json"), body: &body });
        assert!((1..=MOST_IN_CALL).contains(&call.reports.len()), "{call:?}");
        assert!(matches!(call.acknowledge, "OK" | "ACK/Jasmin") && matches!(call.shape, "s1" | "s2" | "s3" | "s4" | "unknown"), "{call:?}");
        for report in &call.reports {
            seen[match report.outcome {
                ReportOutcome::Delivered => 0,
                ReportOutcome::Failed => 1,
                ReportOutcome::Pending => 2,
                Unmapped => 3,
            }] += 1;
            // A meaning has a word for it, and the word means that.
            let means = report.word.as_deref().map_or(Unmapped, |word| meaning(word, Figures::Ours));
            assert!(report.outcome == Unmapped || report.outcome == means, "{report:?}");
            for (field, most) in [(&report.provider_message_id, MAX_ID), (&report.word, MAX_WORD), (&report.number, MAX_WORD)] {
                assert!(field.as_ref().is_none_or(|text| !text.trim().is_empty() && text.len() <= most), "{report:?}");
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 10_000), "{seen:?}");
}

#[test]
fn two_hundred_thousand_generated_messages_from_phones() {
    let mut flood = Flood(0x1b0_04d5);
    let (mut found, mut none) = (0_u32, 0_u32);
    for turn in 0..200_000 {
        let query: Vec<(String, String)> = if flood.below(3) == 0 { form::pairs(&pairs(&mut flood)).collect() } else { Vec::new() };
        let body = body(&mut flood);
        let call = RawCall { query: &query, content_type: None, body: &body };
        let messages = inbound::read(&call);
        assert!(messages.len() <= MOST_IN_CALL);
        // It reads the call once more, so only now and then.
        assert!(turn % 10 > 0 || matches!(inbound::acknowledgement(&call), "OK" | "ACK/Jasmin"));
        if messages.is_empty() {
            none += 1
        } else {
            found += 1
        }
        for message in messages {
            assert!(message.from.len() <= MAX_WORD && message.from.trim() == message.from, "{message:?}");
        }
    }
    assert!(found > 20_000 && none > 20_000, "{found} {none}");
}
