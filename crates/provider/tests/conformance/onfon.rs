//! Onfon's side of the suite, and one complete answer of each kind in its form.

use std::sync::Arc;
use std::time::Duration;

use salio_provider::{Provider, Recipient};

use crate::support::{ACCESS_KEY, API_KEY, CLIENT_ID, onfon};

pub struct Bench;

impl crate::suite::Bench for Bench {
    fn driver(&self, url: &str, timeout: Duration) -> Arc<dyn Provider> {
        Arc::new(onfon(url, timeout))
    }

    fn balance(&self, figure: &str) -> String {
        format!(r#"{{"ErrorCode":0,"ErrorDescription":"Success","Data":[{{"PluginType":"SMS","Credits":"{figure}"}}]}}"#)
    }

    fn accepted(&self, recipients: &[Recipient]) -> String {
        let row = |to: &String| format!(r#"{{"MessageErrorCode":0,"MessageErrorDescription":"Success","MobileNumber":"{to}","MessageId":"id-{to}","Custom":""}}"#);
        let rows: Vec<String> = recipients.iter().map(|recipient| row(&recipient.to)).collect();
        format!(r#"{{"ErrorCode":0,"ErrorDescription":"Success","Data":[{}]}}"#, rows.join(","))
    }

    fn out_of_credit(&self, words: &str) -> String {
        format!(r#"{{"ErrorCode":21,"ErrorDescription":"{words}","Data":null}}"#)
    }

    fn wrong_credentials(&self) -> String {
        r#"{"ErrorCode":7,"ErrorDescription":"made-up words","Data":null}"#.to_owned()
    }

    fn listed(&self, rows: &[[&str; 3]]) -> String {
        let row = |[id, number, text]: &[&str; 3]| serde_json::json!({"MobileNumber": number, "SenderId": "MADE_UP", "Message": text, "SubmitDate": "22-Nov-2026 01:00:00 PM", "DoneDate": "", "MessageId": id, "Status": "DELIVRD"});
        let rows: Vec<serde_json::Value> = rows.iter().map(row).collect();
        serde_json::json!({"ErrorCode": 0, "ErrorDescription": "Success", "Data": {"messages": rows, "total": rows.len().to_string()}}).to_string()
    }

    fn secrets(&self) -> Vec<&'static str> {
        vec![API_KEY, CLIENT_ID, ACCESS_KEY]
    }
}
