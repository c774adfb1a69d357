//! Every form of an answer says the same thing, or is one of those that say nothing.

use salio_simulator::core::{Casing, CodeForm, CreditsForm, DataForm, DescriptionForm, EchoForm, IdForm, PluginsForm, Variants};
use serde_json::Value;

use crate::run::{ask, json, model, submit_json, text};

fn sent(variants: Variants) -> Value {
    let mut model = model("{}");
    model.set_variants(variants);
    submit_json(&mut model, 0, &[("254712345678", "a"), ("0", "a")])
}

fn asked(variants: Variants) -> String {
    let mut model = model("{}");
    model.set_variants(variants);
    text(&ask(&mut model, 0))
}

#[test]
fn the_usual_form() {
    assert_eq!(asked(Variants::default()), r#"{"ErrorCode":0,"ErrorDescription":"Success","Data":[{"PluginType":"SMS","Credits":11378.67}]}"#);
    let answer = sent(Variants::default());
    let id = answer["Data"][0]["MessageId"].as_str().unwrap();
    assert_eq!(id.len(), 36);
    let expected = format!(
        r#"{{"ErrorCode":0,"ErrorDescription":"Success","Data":[{{"MessageErrorCode":0,"MessageErrorDescription":"Success","MobileNumber":"254712345678","MessageId":"{id}","Custom":""}},{{"MessageErrorCode":13,"MessageErrorDescription":"Invalid mobile number","MobileNumber":"0","MessageId":"","Custom":""}}]}}"#
    );
    assert_eq!(answer, serde_json::from_str::<Value>(&expected).unwrap());
}

#[test]
fn codes_in_every_form() {
    let shown = [Some("0"), Some("\"0\""), Some("\"000\""), Some("null"), None, Some("0.0"), Some("\"\"")];
    let refused = ["13", "\"13\"", "\"013\"", "13", "13", "13.0", "13"];
    for ((form, shown), refused) in CodeForm::ALL.iter().zip(shown).zip(refused) {
        let answer = sent(Variants { error_code: *form, row_code: *form, ..Variants::default() });
        assert_eq!(answer.get("ErrorCode").map(Value::to_string).as_deref(), shown, "{form:?}");
        assert_eq!(answer["Data"][0].get("MessageErrorCode").map(Value::to_string).as_deref(), shown, "{form:?}");
        assert_eq!(answer["Data"][1]["MessageErrorCode"].to_string(), refused, "{form:?}");
    }
}

#[test]
fn descriptions_in_every_form() {
    let shown = [Some("\"Success\""), Some("null"), Some("\"null\""), Some("\"\""), Some("0"), None];
    for (form, shown) in DescriptionForm::ALL.iter().zip(shown) {
        let answer = sent(Variants { description: *form, row_description: *form, ..Variants::default() });
        assert_eq!(answer.get("ErrorDescription").map(Value::to_string).as_deref(), shown, "{form:?}");
        assert_eq!(answer["Data"][0].get("MessageErrorDescription").map(Value::to_string).as_deref(), shown, "{form:?}");
        assert_eq!(answer["Data"][1]["MessageErrorDescription"], "Invalid mobile number", "{form:?}");
    }
}

#[test]
fn names_in_every_casing() {
    for (casing, code, id) in [(Casing::Pascal, "ErrorCode", "MessageId"), (Casing::Camel, "errorCode", "messageId"), (Casing::Lower, "errorcode", "messageid")] {
        let answer = sent(Variants { casing, ..Variants::default() });
        let data = answer.get("Data").or(answer.get("data")).unwrap();
        assert!(answer.get(code).is_some() && data[0].get(id).is_some(), "{casing:?}: {answer}");
    }
}

#[test]
fn ids_numbers_and_data_in_every_form() {
    let number = sent(Variants { message_id: IdForm::Number, ..Variants::default() });
    assert!(number["Data"][0]["MessageId"].is_u64() && number["Data"][1]["MessageId"] == "");
    let digits = sent(Variants { message_id: IdForm::Digits, ..Variants::default() });
    assert!(digits["Data"][0]["MessageId"].as_str().unwrap().bytes().all(|byte| byte.is_ascii_digit()));

    for (form, shown) in EchoForm::ALL.iter().zip([Some("\"254712345678\""), Some("\"+254712345678\""), Some("\"0712345678\""), Some("254712345678"), None]) {
        let answer = sent(Variants { number_echo: *form, ..Variants::default() });
        assert_eq!(answer["Data"][0].get("MobileNumber").map(Value::to_string).as_deref(), shown, "{form:?}");
    }

    let data = |form| sent(Variants { data: form, ..Variants::default() });
    assert_eq!(data(DataForm::Object)["Data"]["messages"][0]["MobileNumber"], "254712345678");
    assert_eq!(data(DataForm::Object)["Data"]["total"], "2");
    assert_eq!(data(DataForm::Text)["Data"], "Success");
    assert!(data(DataForm::Null)["Data"].is_null());
    assert!(data(DataForm::Absent).get("Data").is_none());
    assert!(asked(Variants { data: DataForm::Object, ..Variants::default() }).contains(r#""Data":{"PluginType":"SMS""#));
}

#[test]
fn plugins_in_every_form() {
    let rows = |form| {
        let answer: Value = serde_json::from_str(&asked(Variants { plugins: form, ..Variants::default() })).unwrap();
        let rows = answer["Data"].as_array().unwrap().clone();
        rows.iter().map(|row| row.get("PluginType").map_or("-".to_owned(), |name| name.as_str().unwrap().to_owned())).collect::<Vec<_>>()
    };
    let expected: [&[&str]; 6] = [&["SMS"], &["VOICE", "SMS", "WHATSAPP"], &["sms"], &["-"], &["VOICE"], &[]];
    for (form, names) in PluginsForm::ALL.iter().zip(expected) {
        assert_eq!(rows(*form), names, "{form:?}");
    }
}

#[test]
fn only_the_unquoted_currency_breaks_the_json() {
    for form in CreditsForm::ALL {
        let answer = asked(Variants { credits: *form, ..Variants::default() });
        assert_eq!(serde_json::from_str::<Value>(&answer).is_ok(), *form != CreditsForm::EuroUnquoted, "{answer}");
    }
}

#[test]
fn mixed_forms_lose_nothing() {
    let mut model = model(r#"{"variants":{"mix":true}}"#);
    let mut seen = std::collections::BTreeSet::new();
    for step in 0..200 {
        let answer = submit_json(&mut model, step, &[("254712345678", "a"), ("0", "a")]);
        let data = answer.get("Data").or(answer.get("data")).unwrap();
        let id = ["MessageId", "messageId", "messageid"].iter().find_map(|name| data[0].get(*name)).unwrap();
        let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        assert_eq!(id, *model.accepted().last().unwrap().message_id);
        assert!(data[1].to_string().contains("13"), "{answer}");
        seen.insert(format!("{:?}", answer.get("ErrorCode")));
        json(&ask(&mut model, step));
    }
    assert!(seen.len() > 4, "{seen:?}");
}
