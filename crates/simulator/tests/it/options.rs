//! Starting from options, as the command line does.

use std::io::Write as _;

use salio_simulator::core::{AccessKeyRequired, DlrShape, Micros};
use salio_simulator::{SimError, SimOptions, run, start};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::client::{DEADLINE, balance};

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn options_go_over_files_and_files_over_defaults() {
    let settings = file(r#"{"credit":"5","price":"0.4","seed":3,"faults":{"latency_ms":9}}"#);
    let faults = file(r#"{"latency_ms":20,"jitter_ms":2}"#);
    let options = SimOptions {
        credit: Some("7.5".to_owned()),
        access_key: Some("made-up-access".to_owned()),
        jitter_ms: Some(4),
        settings: Some(settings.path().to_owned()),
        faults: Some(faults.path().to_owned()),
        dlr_url: Some("http://127.0.0.1:9/dlr".to_owned()),
        dlr_shape: Some("s4_post".to_owned()),
        ..SimOptions::default()
    };
    let config = options.config().unwrap();
    assert_eq!((config.credit, config.price, config.seed), (Micros(7_500_000), Micros(400_000), 3));
    assert_eq!((config.faults.latency_ms, config.faults.jitter_ms), (20, 4));
    assert_eq!(config.credentials.access_key_required, AccessKeyRequired::Either);
    assert_eq!((config.credentials.api_key.as_str(), config.dlr.shape), ("made-up-key", DlrShape::S4Post));
}

#[test]
fn what_cannot_be_used_is_named() {
    let options = |change: fn(&mut SimOptions)| {
        let mut options = SimOptions::default();
        change(&mut options);
        options.config().unwrap_err().to_string()
    };
    assert!(options(|options| options.credit = Some("lots".to_owned())).starts_with("credit: \"lots\" is no amount"));
    assert!(options(|options| options.price = Some("-1".to_owned())).contains("cannot cost less than 0"));
    assert!(options(|options| options.dlr_shape = Some("s9".to_owned())).contains("unknown variant `s9`"));
    assert!(options(|options| options.dlr_url = Some("ftp://x".to_owned())).contains("must begin with http://"));
    assert!(options(|options| options.faults = Some("/nowhere/faults.json".into())).contains("/nowhere/faults.json"));
    let bad = file(r#"{"latency":5}"#);
    let error = SimOptions { faults: Some(bad.path().to_owned()), ..SimOptions::default() }.config().unwrap_err();
    assert!(matches!(&error, SimError::ParseFile { problem, .. } if problem.contains("unknown field `latency`")), "{error}");
}

#[tokio::test]
async fn run_tells_its_address_and_ends_when_told() {
    let (bound, binding) = oneshot::channel();
    let stop = CancellationToken::new();
    let running = tokio::spawn(run(SimOptions::default(), bound, stop.clone()));
    let sim = tokio::time::timeout(DEADLINE, binding).await.unwrap().unwrap();
    assert_eq!(balance(&sim).await.json()["ErrorCode"], 0);
    let names: Vec<&str> = sim.environment().iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["ONFON_API_URL", "ONFON_API_KEY", "ONFON_CLIENT_ID"]);
    assert_eq!(sim.environment()[0].1, format!("http://{}/v1/sms/SendBulkSMS", sim.addr()));
    stop.cancel();
    tokio::time::timeout(DEADLINE, running).await.unwrap().unwrap().unwrap();
    assert!(tokio::net::TcpStream::connect(sim.addr()).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn secrets_stay_out_of_debug() {
    let options = SimOptions { api_key: Some("made-up-secret".to_owned()), ..SimOptions::default() };
    let sim = start(&options).await.unwrap();
    let shown = format!("{options:?} {sim:?} {:?}", sim.with(|model, _| model.config().clone()));
    assert!(!shown.contains("made-up-secret"), "{shown}");
    sim.shutdown().await;
}
