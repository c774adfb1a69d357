//! Lines into messages and refusals.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use salio_domain::ids::BatchId;
use salio_domain::message::Priority;
use salio_domain::outbox::SubmitOutcome;
use salio_domain::pricing::{Price, PriceSource};
use salio_domain::template::Template;
use salio_domain::{Timestamp, Units};
use salio_provider::{BalanceAnswer, BalanceError, Provider, SubmitRequest};
use salio_store::memory::MemoryStore;
use salio_store::{Block, LineError};

use super::writing::{chunks, noise, places};
use crate::bulk::cells::Cells;
use crate::bulk::cut::{Cutter, Kind, RawBlock};
use crate::bulk::header::{Columns, is_blank};
use crate::bulk::reader::{Reader, Shape, Sheet, Written};
use crate::options::{AccountOptions, BalanceOptions, DispatchOptions, EngineOptions, Mode};
use crate::outbox::prepare::Common;
use crate::outbox::{DraftError, Intake};
use crate::{Clock, Engine, Entropy};

const BATCH: BatchId = BatchId::from_raw(7);

/// Is never asked.
struct Silent;

#[async_trait]
impl Provider for Silent {
    fn name(&self) -> &'static str {
        "silent"
    }

    async fn fetch_balance(&self) -> Result<BalanceAnswer, BalanceError> {
        panic!("nobody asks")
    }

    async fn submit(&self, _: &SubmitRequest) -> SubmitOutcome {
        panic!("nobody sends")
    }
}

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

async fn common() -> Common {
    let account = AccountOptions {
        slug: "silent".to_owned(),
        provider: Arc::new(Silent),
        client: "made-up-client".to_owned(),
        credentials: "made-up-key".to_owned(),
        unit: "units".to_owned(),
        price: Price { per_segment: Units::whole(1), source: PriceSource::Configured },
        prices: Vec::new(),
        spending: salio_domain::admission::SpendingRules::default(),
        on_short: None,
        on_unknown: salio_domain::outbox::OnUnknown::Hold,
        look_ups: false,
        sender_id: Some("PROMO".to_owned()),
        default_country: "KE".to_owned(),
        default: true,
        dispatch: DispatchOptions::default(),
    };
    let options = EngineOptions { mode: Mode::Command { dispatch: false }, balance: BalanceOptions::default(), accounts: vec![account], forwarder: None };
    let engine = Engine::start(options, Arc::new(MemoryStore::new().process()), Clock::simulated(now()), Arc::new(Entropy::seeded(7, 0))).await.unwrap();
    let intake: &Intake = engine.intake();
    intake.common(intake.account(None).unwrap(), Priority::Bulk, now()).unwrap()
}

/// A stream read as a whole.
struct Read {
    raw: Vec<RawBlock>,
    blocks: Vec<Block>,
}

impl Read {
    fn messages(&self) -> Vec<(i64, String, String)> {
        self.blocks.iter().flat_map(|block| &block.messages).map(|message| (message.line.unwrap(), message.to.to_string(), message.text.clone())).collect()
    }

    fn errors(&self) -> Vec<&LineError> {
        self.blocks.iter().flat_map(|block| &block.errors).collect()
    }

    fn codes(&self) -> Vec<(i64, &str, &str)> {
        self.errors().into_iter().map(|error| (error.line, error.field.as_str(), error.code.as_str())).collect()
    }
}

fn reader(common: &Common, kind: Kind, text: Option<&str>, cutter: &Cutter) -> Result<Reader, DraftError> {
    let template = text.map(Template::parse);
    let written = match (kind, cutter.head()) {
        (Kind::Ndjson, _) => Written::Ndjson,
        (_, Some(head)) => Written::Csv(Box::new(Sheet { columns: Columns::read(head, None, template.as_ref())?, cells: Cells::new(head.delimiter) })),
        (_, None) => return Err(DraftError { code: "missing_column", field: "to_column", detail: String::new() }),
    };
    let shape = Shape { template, ..Shape::default() };
    Ok(Reader::new(BATCH, common.clone(), shape, written, Arc::new(Entropy::seeded(7, 0))))
}

fn read(common: &Common, kind: Kind, text: Option<&str>, chunks: &[&[u8]]) -> Result<Read, DraftError> {
    let mut cutter = Cutter::new(kind, &[0; 32]);
    let mut raw: Vec<RawBlock> = chunks.iter().flat_map(|chunk| cutter.feed(chunk, false)).collect();
    raw.extend(cutter.feed(&[], true));
    let mut reader = reader(common, kind, text, &cutter)?;
    let blocks = raw.iter().map(|raw| reader.prepare(raw, BATCH, 1, now())).collect();
    Ok(Read { raw, blocks })
}

fn csv(common: &Common, text: Option<&str>, body: &str) -> Read {
    read(common, Kind::Csv(None), text, &[body.as_bytes()]).unwrap()
}

fn ndjson(common: &Common, text: Option<&str>, body: &str) -> Read {
    read(common, Kind::Ndjson, text, &[body.as_bytes()]).unwrap()
}

fn message(line: i64, to: &str, text: &str) -> (i64, String, String) {
    (line, to.to_owned(), text.to_owned())
}

#[tokio::test]
async fn columns_fill_the_text_and_wrong_lines_are_told_apart() {
    let common = common().await;
    let body = "Name;Phone;Due\nJane;0712345678;1,200.00\nJohn;07;5\n;;\n\"Ali \"\"Baba\"\"\";+254 722 000 000;{due}\nJane;0712345678;1,200.00\nToo;few\n";
    let read = csv(&common, Some("Hi {name}, {{due}}: {DUE}"), body);
    assert_eq!(read.messages(), [message(2, "254712345678", "Hi Jane, {due}: 1,200.00"), message(5, "254722000000", "Hi Ali \"Baba\", {due}: {due}")]);
    assert_eq!(read.codes(), [(3, "Phone", "invalid_number"), (6, "Phone", "duplicate"), (7, "", "wrong_columns")]);
    let errors = read.errors();
    assert_eq!((errors[0].given.as_str(), errors[1].detail.as_str(), errors[2].given.as_str()), ("07", "254712345678 gets the same text in line 2 already.", "Too;few"));
    assert_eq!(read.blocks[0].lines, 5, "a line of empty cells carries nothing");
}

#[tokio::test]
async fn own_columns_override_and_empty_cells_do_not() {
    let common = common().await;
    let body = "to,message,sender,reference,send_at,valid_until\n\
        0712345678,Hello {to},SHOP, r-1 ,2026-12-01T08:00:00+03:00,\n\
        0722000000,,,,,\n\
        0733000000,Hi {nobody},,,,\n\
        0733000000,Hi,,,tomorrow,\n\
        0733000000,Hi,TWELVE-CHARS,,,\n\
        0733000000,Hi,,,,2020-01-01T00:00:00Z\n";
    let read = csv(&common, Some("Usual"), body);
    assert_eq!(read.messages(), [message(2, "254712345678", "Hello 0712345678"), message(3, "254722000000", "Usual")]);
    let first = &read.blocks[0].messages[0];
    assert_eq!((first.sender.as_str(), first.reference.as_deref(), first.send_at), ("SHOP", Some("r-1"), "2026-12-01T05:00:00Z".parse().ok()));
    assert_eq!((read.blocks[0].messages[1].sender.as_str(), read.blocks[0].messages[1].priority), ("PROMO", Priority::Bulk));
    assert_eq!(read.codes(), [(4, "message", "unknown_placeholder"), (5, "send_at", "invalid_time"), (6, "sender", "sender_invalid"), (7, "valid_until", "valid_until_passed")]);
    assert_eq!(read.errors()[2].given, "TWELVE-CHARS");
}

#[tokio::test]
async fn a_header_that_cannot_serve_refuses_the_whole_stream() {
    let common = common().await;
    for (text, body, code, said) in [
        (Some("Hi {name}"), "to,first\n0712345678,Jane\n", "unknown_placeholder", "{name}"),
        (Some("Hi"), "telephone,first\n0712345678,Jane\n", "missing_column", "\"telephone\", \"first\""),
        (None, "to,first\n0712345678,Jane\n", "text_missing", "\"to\", \"first\""),
        (Some("Hi"), "to,Name,name \n", "duplicate_column", "\"name \""),
        (Some("Hi"), "to,\"name\n", "header_invalid", "quote"),
        (Some("Hi"), "to,\"na\"me\n", "header_invalid", "quote"),
    ] {
        let Err(refused) = read(&common, Kind::Csv(None), text, &[body.as_bytes()]) else { panic!("{body} was taken") };
        assert!(refused.code == code && refused.detail.contains(said), "{body} {refused:?}");
    }
    let Err(refused) = read(&common, Kind::Csv(None), Some("Hi"), &[b"to,n\xffme\n"]) else { panic!("taken") };
    assert_eq!(refused.code, "header_invalid");
}

#[tokio::test]
async fn objects_are_read_line_by_line() {
    let common = common().await;
    let body = concat!(
        "\u{feff}{\"to\":\"0712345678\",\"name\":\"Jane\",\"sum\":1.50}\r\n",
        "\n",
        "{\"to\":\"0722000000\",\"text\":\"Own \\u00e9 \\ud83d\\ude00\",\"from\":\"SHOP\",\"reference\":\"r-2\"}\n",
        "{\"to\":\"0733000000\",\"name\":\"J\",\"sum\":1,\"colour\":\"red\"}\n",
        "{\"to\":\"0733000000\",\"name\":\"J\"}\n",
        "{\"to\":254733000000,\"name\":\"J\",\"sum\":1}\n",
        "{\"to\":\"0733000000\",\"name\":[1],\"sum\":1}\n",
        "{\"to\":\"0733000000\",\"to\":\"0733000000\"}\n",
        "[1]\n",
        "{\"to\":\n",
        "{\"name\":\"J\",\"sum\":1}\n",
        "{\"to\":\"0733000000\",\"name\":null,\"sum\":1}\n",
        "{\"to\":\"0712345678\",\"name\":\"Jane\",\"sum\":1.50}"
    );
    let read = ndjson(&common, Some("Hi {name}: {sum}"), body);
    assert_eq!(read.messages(), [message(1, "254712345678", "Hi Jane: 1.50"), message(3, "254722000000", "Own é 😀")]);
    assert_eq!(
        read.codes(),
        [
            (4, "colour", "unknown_field"),
            (5, "text", "unknown_placeholder"),
            (6, "to", "invalid_field"),
            (7, "name", "invalid_field"),
            (8, "to", "invalid_field"),
            (9, "", "invalid_field"),
            (10, "", "malformed_json"),
            (11, "to", "invalid_field"),
            (12, "text", "unknown_placeholder"),
            (13, "to", "duplicate"),
        ]
    );
    let without = ndjson(&common, None, "{\"to\":\"0712345678\"}\n\u{1}\n");
    assert_eq!(without.codes(), [(1, "text", "text_missing"), (2, "", "malformed_json")]);
}

#[tokio::test]
async fn what_is_told_of_a_line_is_short() {
    let common = common().await;
    let read = csv(&common, Some("Hi"), &format!("to,name\n{},x\n0712345678,\"{}\n", "é".repeat(300), "z".repeat(70_000)));
    assert_eq!(read.codes(), [(2, "to", "invalid_number"), (3, "", "line_too_long")]);
    assert_eq!(read.errors()[0].given, format!("{}…", "é".repeat(80)));
    let long = "n".repeat(5_000);
    let wide = ndjson(
        &common,
        None,
        &format!(
            "{{\"to\":\"0712345678\",\"text\":\"Hi {{{long}}}\"}}\n{{\"to\":\"0712345678\",\"text\":\"Hi\",\"{long}\":[]}}\n{{\"to\":\"0712345678\",\"text\":\"Hi\",\"{long}\":1}}\n"
        ),
    );
    assert_eq!(wide.errors().iter().map(|error| error.code.as_str()).collect::<Vec<_>>(), ["unknown_placeholder", "invalid_field", "unknown_field"]);
    let names: String = (0..5_000).map(|name| format!("{name},")).collect();
    let Err(refused) = super::reading::read(&common, Kind::Csv(None), Some("Hi"), &[names.as_bytes()]) else { panic!("taken") };
    assert!(refused.detail.len() < 600 && refused.detail.contains("and 4971 more"), "{refused:?}");
    assert!(read.errors().iter().chain(&wide.errors()).all(|error| error.given.chars().count() <= 81 && error.detail.len() < 300), "{:?}", read.errors());
}

#[tokio::test]
async fn bytes_that_are_no_text_cost_their_line_alone() {
    let common = common().await;
    let read = read(&common, Kind::Csv(None), Some("Hi {name}"), &[b"to,name\n0712345678,Ren\xe9\n0722000000,Ren\xc3\xa9\n"]).unwrap();
    assert_eq!(read.codes(), [(2, "", "not_utf8")]);
    assert_eq!(read.messages(), [message(3, "254722000000", "Hi René")]);
}

#[tokio::test]
async fn a_stream_that_is_read_again_decides_as_it_did() {
    let common = common().await;
    let rows: String = (0..3_000).map(|row| format!("07{:08},{}\n", row * 7 % 1_500, if row % 3 == 0 { "a" } else { "b" })).collect();
    let body = format!("to,x\n{rows}");
    let whole = csv(&common, Some("Hi {x}"), &body);
    assert!(whole.errors().iter().any(|error| error.code == "duplicate") && whole.raw.len() == 3);
    for kept in 1..=3 {
        let mut cutter = Cutter::new(Kind::Csv(None), &[0; 32]);
        let mut raw = cutter.feed(body.as_bytes(), false);
        raw.extend(cutter.feed(&[], true));
        let mut reader = reader(&common, Kind::Csv(None), Some("Hi {x}"), &cutter).unwrap();
        for (raw, block) in raw.iter().zip(&whole.blocks).take(kept) {
            let refused: Vec<i64> = block.errors.iter().map(|error| error.line).collect();
            reader.remember(raw, &refused);
        }
        for (raw, block) in raw.iter().zip(&whole.blocks).skip(kept) {
            let again = reader.prepare(raw, BATCH, 2, now());
            assert_eq!((again.errors, again.digest, again.lines), (block.errors.clone(), block.digest, block.lines), "after {kept}");
        }
    }
}

/// Every line is a message, a refusal or blank, once, whatever it is made of.
#[tokio::test]
async fn floods_of_noise_lose_no_line() {
    let common = common().await;
    let kinds = prop::sample::select(vec![Kind::Csv(None), Kind::Ndjson]);
    let strategy = (noise(), places(), kinds, any::<bool>());
    TestRunner::new(ProptestConfig::with_cases(400))
        .run(&strategy, |(noise, places, kind, named)| {
            let mut bytes = if kind == Kind::Ndjson { Vec::new() } else { b"to,name\n".to_vec() };
            bytes.extend(noise);
            let text = if named { "Hi {name}" } else { "Hi" };
            let whole = read(&common, kind, Some(text), &[&bytes]).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let parts = read(&common, kind, Some(text), &chunks(&bytes, &places)).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(whole.messages(), parts.messages());
            prop_assert_eq!(whole.errors(), parts.errors());
            let told: BTreeSet<i64> = whole.messages().iter().map(|message| message.0).chain(whole.errors().iter().map(|error| error.line)).collect();
            let lines: i64 = whole.blocks.iter().map(|block| block.lines).sum();
            prop_assert_eq!((told.len(), i64::try_from(whole.messages().len() + whole.errors().len())), (usize::try_from(lines).unwrap_or(0), Ok(lines)));
            for (record, line) in whole.raw.iter().flat_map(RawBlock::lines).filter(|(record, _)| !told.contains(&record.line)) {
                let empty = is_blank(line) || line.iter().all(|byte| b",;\t\" ".contains(byte));
                prop_assert!(empty && record.fault.is_none(), "line {} is told nowhere: {:?}", record.line, line);
            }
            prop_assert!(whole.errors().iter().all(|error| !error.code.is_empty() && !error.detail.is_empty() && error.given.chars().count() <= 81));
            Ok(())
        })
        .unwrap();
}
