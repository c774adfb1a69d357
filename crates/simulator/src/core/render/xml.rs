//! The same answers as XML, which installations give to callers that do not ask for JSON. Only ever sent as a fault.

use std::borrow::Cow;

use crate::core::micros::Micros;
use crate::core::reply::{Refusal, RowReply};

type Fields = Vec<(&'static str, String)>;

/// A refused call.
pub(in crate::core) fn refusal(refusal: &Refusal) -> String {
    document(refusal.code, &refusal.text, "")
}

/// A submission answered row by row.
pub(in crate::core) fn submission(replies: &[RowReply]) -> String {
    rows(replies.iter().map(|row| {
        vec![
            ("MessageErrorCode", row.code.to_string()),
            ("MessageErrorDescription", if row.code == 0 { "Success".to_owned() } else { row.text.to_string() }),
            ("MobileNumber", row.number.to_string()),
            ("MessageId", row.message_id.as_deref().unwrap_or_default().to_owned()),
        ]
    }))
}

/// A balance.
pub(in crate::core) fn balance(figure: Micros) -> String {
    rows(std::iter::once(vec![("PluginType", "SMS".to_owned()), ("Credits", figure.to_string())]))
}

/// A success with rows.
pub(super) fn rows(rows: impl Iterator<Item = Fields>) -> String {
    let element = |(name, value): (&str, String)| format!("<{name}>{}</{name}>", escape(&value));
    let row = |fields: Fields| format!("<Row>{}</Row>", fields.into_iter().map(element).collect::<String>());
    document(0, "Success", &rows.map(row).collect::<String>())
}

fn document(code: i64, text: &str, data: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><Response><ErrorCode>{code}</ErrorCode><ErrorDescription>{}</ErrorDescription><Data>{data}</Data></Response>", escape(text))
}

fn escape(text: &str) -> Cow<'_, str> {
    if text.contains(['&', '<', '>']) { text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").into() } else { text.into() }
}
