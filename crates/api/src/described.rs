//! What many operations answer alike, written into the document once: refusals of hosts, bodies and parameters, and how the drop-in endpoint tells them.
//!
//! Knows nothing of: what a single operation does.

use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder, Schema};

const JSON: &str = "application/json";
/// Of every operation that is described.
const EVERYWHERE: [(&str, &str); 1] = [("403", "`host_not_allowed` or `origin_not_allowed`")];
/// Of those that take a JSON body.
const OF_BODIES: [(&str, &str); 5] = [
    ("400", "`malformed_json`, `unknown_field`, `invalid_field`, `invalid_parameter` or `body_unreadable`"),
    ("408", "`body_unreadable`: it did not come in time"),
    ("413", "`body_too_large`"),
    ("415", "`unsupported_media_type`"),
    ("422", "What was asked for cannot be done; `field` names the part of the body"),
];
/// Of those that read or write what is stored.
const OF_STORED: [(&str, &str); 2] = [("400", "`invalid_parameter`: `parameter` names it"), ("503", "`storage_failed` or `stopping`")];
/// Of calls from providers.
const OF_CALLS: [(&str, &str); 2] = [("400", "`body_unreadable`: it broke off"), ("408", "`body_unreadable`: it did not come in time")];
/// Of the drop-in endpoint, in its envelope.
const OF_DROP_IN: [(&str, &str); 5] = [
    ("400", "The body broke off, or several `Host` headers"),
    ("403", "A host that is none of Salio's"),
    ("405", "Another method of a service"),
    ("408", "The body did not come in time"),
    ("413", "The body is too large"),
];

/// Completes what the operations say of themselves.
pub(crate) fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        for operation in [&mut item.get, &mut item.post, &mut item.delete].into_iter().flatten() {
            if path.starts_with("/v1/sms/") {
                drop_in(path, operation);
            } else {
                usual(path, operation);
            }
        }
    }
}

fn usual(path: &str, operation: &mut Operation) {
    answers(operation, &EVERYWHERE, problem());
    if operation.request_body.as_ref().is_some_and(|body| matches!(body, RefOr::T(body) if body.content.contains_key(JSON))) {
        answers(operation, &OF_BODIES, problem());
    }
    if path.starts_with("/api/v1/") {
        answers(operation, &OF_STORED, problem());
    }
    if path.contains("webhooks/") {
        answers(operation, &OF_CALLS, problem());
    }
}

/// What an operation says itself stands.
fn answers(operation: &mut Operation, all: &[(&str, &str)], body: RefOr<Schema>) {
    for (status, description) in all {
        let response = || ResponseBuilder::new().description(*description).content(JSON, ContentBuilder::new().schema(Some(body.clone())).build()).build();
        operation.responses.responses.entry((*status).to_owned()).or_insert_with(|| RefOr::T(response()));
    }
}

fn problem() -> RefOr<Schema> {
    Ref::from_schema_name("Problem").into()
}

fn text(description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(description))
}

fn drop_in(path: &str, operation: &mut Operation) {
    answers(operation, &OF_DROP_IN, envelope());
    if path.ends_with("/SendBulkSMS") {
        let content = ContentBuilder::new().schema(Some(sending())).build();
        let body = RequestBodyBuilder::new().description(Some("Names in any casing; keys may stand in the query instead")).content(JSON, content);
        operation.request_body = Some(RefOr::T(body.required(Some(Required::True)).build()));
        parameter(operation, "Idempotency-Key", ParameterIn::Header, false, "1 to 255 printable ASCII characters; kept for 7 days");
    } else {
        parameter(operation, "ApiKey", ParameterIn::Query, true, "`api_key` of the key");
        parameter(operation, "ClientId", ParameterIn::Query, true, "`client_id` of the key");
    }
    if path.ends_with("/MessageStatus") {
        parameter(operation, "MessageId", ParameterIn::Query, true, "As `SendBulkSMS` answered it");
    }
    parameter(operation, "AccessKey", ParameterIn::Header, false, "`access_key` of the key; may be left out");
}

fn parameter(operation: &mut Operation, name: &str, place: ParameterIn, required: bool, description: &str) {
    let required = if required { Required::True } else { Required::False };
    let schema = ObjectBuilder::new().schema_type(Type::String);
    let parameter = ParameterBuilder::new().name(name).parameter_in(place).required(required).description(Some(description)).schema(Some(schema)).build();
    operation.parameters.get_or_insert_default().push(parameter.into());
}

/// `{ErrorCode, ErrorDescription, Data}`.
fn envelope() -> RefOr<Schema> {
    let code = ObjectBuilder::new().schema_type(Type::Integer).description(Some("0 when the call was carried out"));
    let rows = ObjectBuilder::new().schema_type(Type::Object).to_array_builder();
    ObjectBuilder::new()
        .property("ErrorCode", code)
        .property("ErrorDescription", text("`Success`, or what is wrong"))
        .property("Data", rows)
        .required("ErrorCode")
        .required("ErrorDescription")
        .required("Data")
        .into()
}

/// The body of `SendBulkSMS`.
fn sending() -> RefOr<Schema> {
    let row = ObjectBuilder::new().property("Number", text("As people write it; several with commas between them")).property("Text", text("The text"));
    ObjectBuilder::new()
        .property("SenderId", text("The approved sender; else the account's"))
        .property("MessageParameters", row.required("Number").required("Text").to_array_builder())
        .property("ScheduleDateTime", text("`YYYY-MM-DD HH:MM`, in the server's time zone"))
        .property("ApiKey", text("`api_key` of the key"))
        .property("ClientId", text("`client_id` of the key"))
        .required("MessageParameters")
        .into()
}
