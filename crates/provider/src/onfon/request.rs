//! The body of `SendBulkSMS`.
//!
//! Knows nothing of: addresses, answers, limits on how many recipients fit (the account's batch size is kept by whoever batches).

use serde::Serialize;

use super::config::OnfonConfig;
use crate::{Secret, SubmitRequest};

/// Field names and types are the vendor's.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    sender_id: &'a str,
    message_parameters: Vec<Parameter<'a>>,
    api_key: &'a str,
    client_id: &'a str,
    is_unicode: bool,
    is_flash: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Parameter<'a> {
    number: &'a str,
    text: &'a str,
}

/// The bytes to send.
pub(super) fn body(config: &OnfonConfig, request: &SubmitRequest) -> Result<Vec<u8>, serde_json::Error> {
    let access_key = config.access_key.as_ref().filter(|_| config.access_key_in.in_body());
    serde_json::to_vec(&Body {
        sender_id: &request.sender,
        message_parameters: request.recipients.iter().map(|r| Parameter { number: &r.to, text: &r.text }).collect(),
        api_key: config.api_key.expose(),
        client_id: config.client_id.expose(),
        is_unicode: request.unicode,
        // Never: a flash message is not kept by the phone.
        is_flash: false,
        access_key: access_key.map(Secret::expose),
    })
}
