//! The Onfon driver and the fake Onfon, which share no code: every shape of report and message is read as it was meant, and messages are found again.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use percent_encoding::percent_decode_str;
use salio_domain::Timestamp;
use salio_domain::report::ReportOutcome;
use salio_provider::onfon::Onfon;
use salio_provider::{Found, LookUp, LookUpError, Provider, RawCall, Recipient, Secret, SubmitRequest};
use salio_simulator::core::{
    DlrRequest, DlrShape, Fault, InboundMessage, InboundShape, Micros, Next, Report, Service, SubmitRequest as Submission, SubmitRow, dlr_request, inbound_request,
};
use salio_simulator::{SimConfig, SimHandle, Simulator};
use support::{DEADLINE, HASTY, PATIENT, config, nowhere, onfon};

const TO: &str = "254712345678";
const TEXT: &str = "Habari yako, \"leo\" & kesho\nasante";

/// Takes a request of the simulator apart as an HTTP server would.
fn with_call<T>(request: &DlrRequest, read: impl FnOnce(&RawCall<'_>) -> T) -> T {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let query = request.url.split_once('?').map_or("", |(_, query)| query);
    let pairs: Vec<(String, String)> =
        query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(name, _)| *name != "token").map(|(name, value)| (decode(name), decode(value))).collect();
    read(&RawCall { query: &pairs, content_type: request.content_type, body: request.body.as_bytes() })
}

#[tokio::test]
async fn every_shape_of_report_says_what_was_meant() {
    let driver = onfon(&nowhere().await, HASTY);
    let report = |word: &str| Report {
        message_id: "id-1".into(),
        number: TO.into(),
        word: word.into(),
        error_code: "013".into(),
        text: TEXT.into(),
        submitted_at: 1_521_209_548_000_000,
        done_at: 1_521_209_608_000_000,
    };
    for (shape, name, acknowledge) in [
        (DlrShape::S1, "s1", "OK"),
        (DlrShape::S1Post, "s1", "OK"),
        (DlrShape::S2, "s2", "OK"),
        (DlrShape::S2Json, "s2", "OK"),
        (DlrShape::S2Get, "s2", "OK"),
        (DlrShape::S3, "s3", "OK"),
        (DlrShape::S3Snake, "s3", "OK"),
        (DlrShape::S3Get, "s3", "OK"),
        (DlrShape::S4, "s4", "ACK/Jasmin"),
        (DlrShape::S4Post, "s4", "ACK/Jasmin"),
        (DlrShape::S4Level1, "s4", "ACK/Jasmin"),
        (DlrShape::S4Level1Post, "s4", "ACK/Jasmin"),
    ] {
        for (word, outcome) in [
            ("DELIVRD", ReportOutcome::Delivered),
            ("AbsentSubscriber", ReportOutcome::Failed),
            ("ENROUTE", ReportOutcome::Pending),
            ("Odd word", ReportOutcome::Unmapped),
            ("1", if name == "s4" { ReportOutcome::Unmapped } else { ReportOutcome::Delivered }),
        ] {
            let call = with_call(&dlr_request(shape, "http://h/dlr?token=made-up", &report(word)), |call| driver.read_reports(call));
            assert_eq!((call.shape, call.acknowledge, call.reports.len()), (name, acknowledge, 1), "{shape:?}");
            let read = &call.reports[0];
            assert_eq!((read.provider_message_id.as_deref(), read.word.as_deref(), read.outcome), (Some("id-1"), Some(word), outcome), "{shape:?}");
            assert!(read.number.as_deref().is_none_or(|number| number == TO), "{read:?}");
            assert!(read.text.as_deref().is_none_or(|text| TEXT.starts_with(text)), "{read:?}");
            let level1 = matches!(shape, DlrShape::S4Level1 | DlrShape::S4Level1Post);
            assert_eq!((read.error_code.is_some(), read.done_at.is_some()), (!level1 && name != "s2", !level1), "{shape:?}");
        }
    }
}

#[tokio::test]
async fn every_shape_of_a_message_from_a_phone() {
    let driver = onfon(&nowhere().await, HASTY);
    for text in ["STOP", "é 🙂 ndiyo", "a&b=c\nd"] {
        let sent = InboundMessage { message_id: "mo-1".to_owned(), from: TO.to_owned(), to: "20880".to_owned(), text: text.to_owned(), received_at: 1_521_209_548_000_000 };
        for shape in [InboundShape::Pascal, InboundShape::Snake, InboundShape::Engine, InboundShape::EngineGet, InboundShape::Shortcode] {
            let (read, acknowledge) = with_call(&inbound_request(shape, "http://h/in?token=made-up", &sent), |call| (driver.read_inbound(call), driver.acknowledge_inbound(call)));
            assert_eq!(read.len(), 1, "{shape:?}");
            assert_eq!((read[0].from.as_str(), read[0].to.as_deref(), read[0].text.as_str()), (TO, Some("20880"), text), "{shape:?}");
            assert_eq!(read[0].provider_message_id.is_some(), shape != InboundShape::Shortcode);
            assert_eq!(acknowledge == "ACK/Jasmin", shape.wants_ack(), "{shape:?}");
        }
    }
}

async fn start() -> (SimHandle, Onfon) {
    let sim = Simulator::bind(([127, 0, 0, 1], 0).into(), SimConfig { credit: Micros(1_000_000_000_000), ..SimConfig::default() }).await.expect("a simulator");
    let login = sim.with(|model, _| model.config().credentials.clone());
    let config =
        salio_provider::onfon::OnfonConfig { api_key: Secret::new(login.api_key), client_id: Secret::new(login.client_id), access_key: None, ..config(&sim.api_url(), PATIENT) };
    (sim, Onfon::new(config).expect("a driver"))
}

async fn send(driver: &Onfon, rows: &[(&str, &str)]) {
    let recipients = rows.iter().map(|(to, text)| Recipient { to: (*to).to_owned(), text: (*text).to_owned() }).collect();
    support::submit(driver, &SubmitRequest { sender: "Shop".to_owned(), unicode: false, recipients }).await;
}

fn ask(sim: &SimHandle, names: Vec<String>) -> LookUp {
    let submitted_at = Timestamp::from_micros(sim.with(|_, now| now));
    LookUp { to: TO.to_owned(), sender: "Shop".to_owned(), text: TEXT.to_owned(), submitted_at, provider_message_ids: names }
}

async fn look_up(driver: &Onfon, ask: &LookUp) -> Result<Vec<Found>, LookUpError> {
    tokio::time::timeout(DEADLINE, driver.look_up(ask)).await.expect("an answer in time")
}

fn names(sim: &SimHandle) -> Vec<String> {
    sim.with(|model, _| model.accepted().iter().filter(|message| *message.number == *TO && *message.text == *TEXT).map(|message| message.message_id.to_string()).collect())
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_found_in_the_list() {
    let (sim, driver) = start().await;
    send(&driver, &[(TO, "another text"), ("254700000001", TEXT)]).await;
    sim.with(|model, _| model.add_next(Next { service: Some(Service::SendBulkSMS), fault: Fault::ResetAfterEffect {}, count: 1 }));
    send(&driver, &[(TO, TEXT)]).await;
    let asked = ask(&sim, Vec::new());
    let found = look_up(&driver, &asked).await.expect("rows");
    let [row] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((vec![row.provider_message_id.clone()], row.number.as_str(), row.text.as_str(), row.sender.as_str()), (names(&sim), TO, TEXT, "Shop"));
    assert_eq!((row.outcome, row.word.as_deref()), (ReportOutcome::Pending, Some("SUBMITTED")));
    let apart = row.submitted_at.expect("a date").until(asked.submitted_at);
    assert!(apart.as_secs() <= 30, "the date is read in the right zone: {apart:?}");
    // Sent twice, found twice: whoever asks decides.
    send(&driver, &[(TO, TEXT)]).await;
    assert_eq!(look_up(&driver, &asked).await.expect("rows").len(), 2);
    sim.shutdown().await;
}

#[tokio::test]
async fn a_message_that_never_arrived_is_not_found() {
    let (sim, driver) = start().await;
    sim.with(|model, _| model.add_next(Next { service: Some(Service::SendBulkSMS), fault: Fault::ResetBeforeEffect {}, count: 1 }));
    send(&driver, &[(TO, TEXT)]).await;
    assert_eq!(look_up(&driver, &ask(&sim, Vec::new())).await, Ok(Vec::new()));
    // Days are those of the vendor: two days ago nothing was sent.
    send(&driver, &[(TO, TEXT)]).await;
    let asked = ask(&sim, Vec::new());
    let earlier = LookUp { submitted_at: asked.submitted_at.before(std::time::Duration::from_hours(72)), ..asked };
    assert_eq!(look_up(&driver, &earlier).await, Ok(Vec::new()));
    sim.shutdown().await;
}

#[tokio::test]
async fn a_named_message_is_asked_for_by_its_name() {
    let (sim, driver) = start().await;
    send(&driver, &[("254700000001", "x"), (TO, TEXT)]).await;
    let named = names(&sim);
    let found = look_up(&driver, &ask(&sim, named.clone())).await.expect("rows");
    assert_eq!(found.iter().map(|row| row.provider_message_id.clone()).collect::<Vec<_>>(), named);
    assert_eq!(look_up(&driver, &ask(&sim, vec!["made up/name?".to_owned()])).await, Ok(Vec::new()));
    let calls = sim.with(|model, _| (model.calls(Service::MessageStatus).total, model.calls(Service::SMS).total));
    assert_eq!(calls, (2, 0));
    sim.shutdown().await;
}

#[tokio::test]
async fn many_pages_are_read_and_then_no_more() {
    let (sim, driver) = start().await;
    send(&driver, &[(TO, TEXT)]).await;
    let fill = |count: usize| {
        sim.with(|model, now| {
            let rows = (0..count).map(|index| SubmitRow { number: format!("2547{index:08}"), text: "other".to_owned() }).collect();
            let begun = model.begin(now, Service::SendBulkSMS);
            let request = Submission { login: model.config().credentials.login(), sender: "Shop".to_owned(), rows, ..Submission::default() };
            model.submit(now, &request, &begun);
        });
    };
    fill(250);
    assert_eq!(look_up(&driver, &ask(&sim, Vec::new())).await.expect("rows").len(), 1);
    assert_eq!(sim.with(|model, _| model.calls(Service::SMS).total), 3);
    fill(4800);
    assert_eq!(look_up(&driver, &ask(&sim, Vec::new())).await.map_err(|error| error.code()), Err("too_many_rows"));
    assert_eq!(sim.with(|model, _| model.calls(Service::SMS).total), 3 + 50);
    sim.shutdown().await;
}

#[tokio::test]
async fn many_are_looked_for_in_one_pass() {
    let (sim, driver) = start().await;
    let to: Vec<String> = (0..30).map(|index| format!("2547000001{index:02}")).collect();
    for some in to[..29].chunks(10) {
        send(&driver, &some.iter().map(|to| (to.as_str(), TEXT)).collect::<Vec<_>>()).await;
    }
    let asks: Vec<LookUp> = to.iter().map(|to| LookUp { to: to.clone(), ..ask(&sim, Vec::new()) }).collect();
    let answers = driver.look_up_all(&asks).await;
    let found: Vec<usize> = answers.into_iter().map(|answer| answer.expect("rows").len()).collect();
    assert_eq!((found.iter().sum::<usize>(), found[29]), (29, 0));
    assert_eq!(sim.with(|model, _| model.calls(Service::SMS).total), 1);
    // Names cost a call each, and a round has an end.
    let named: Vec<LookUp> = (0..60).map(|index| ask(&sim, vec![format!("made-up-{index}")])).collect();
    let answers = driver.look_up_all(&named).await;
    assert_eq!(answers.iter().filter(|answer| **answer == Err(LookUpError::NotReached)).count(), 20);
    assert_eq!(sim.with(|model, _| model.calls(Service::MessageStatus).total), 40);
    // One list that fails is asked for once.
    sim.with(|model, _| model.add_next(Next { service: None, fault: Fault::ResetBeforeEffect {}, count: 1 }));
    let answers = driver.look_up_all(&asks).await;
    assert!(answers.iter().all(|answer| answer.as_ref().is_err_and(|error| error.code() == "connection_lost")), "{answers:?}");
    assert_eq!(sim.with(|model, _| model.calls(Service::SMS).total), 2);
    sim.shutdown().await;
}

#[tokio::test]
async fn spoilt_answers_are_errors_and_never_absence() {
    let (sim, driver) = start().await;
    send(&driver, &[(TO, TEXT)]).await;
    for (fault, code) in [
        (r#"{"kind":"html200"}"#, "unreadable_answer"),
        (r#"{"kind":"empty200"}"#, "unreadable_answer"),
        (r#"{"kind":"xml"}"#, "unreadable_answer"),
        (r#"{"kind":"truncated"}"#, "unreadable_answer"),
        (r#"{"kind":"truncated","cut_connection":true}"#, "unreadable_answer"),
        (r#"{"kind":"oversize"}"#, "unreadable_answer"),
        (r#"{"kind":"http_status","code":503}"#, "http_status"),
        (r#"{"kind":"http_status","code":404}"#, "http_status"),
        (r#"{"kind":"redirect"}"#, "http_status"),
        (r#"{"kind":"reset_before_effect"}"#, "connection_lost"),
        (r#"{"kind":"refuse","code":7}"#, "credentials_refused"),
        (r#"{"kind":"refuse","code":6}"#, "refused"),
    ] {
        for named in [Vec::new(), names(&sim)] {
            let fault: Fault = serde_json::from_str(fault).expect("a fault");
            sim.with(|model, _| model.add_next(Next { service: None, fault: fault.clone(), count: 1 }));
            let error = look_up(&driver, &ask(&sim, named.clone())).await.expect_err("no rows");
            assert_eq!(error.code(), code, "{fault:?} {named:?}");
            assert_eq!(matches!(error, LookUpError::Failed { credentials: true, .. }), code == "credentials_refused");
        }
    }
    for fault in [r#"{"kind":"bom"}"#, r#"{"kind":"wrong_content_type"}"#, r#"{"kind":"latency","ms":5}"#] {
        let fault = serde_json::from_str(fault).expect("a fault");
        sim.with(|model, _| model.add_next(Next { service: None, fault, count: 1 }));
        assert_eq!(look_up(&driver, &ask(&sim, Vec::new())).await.expect("rows").len(), 1);
    }
    assert_eq!(sim.with(|model, _| model.redirects_followed()), 0);
    sim.shutdown().await;
}
