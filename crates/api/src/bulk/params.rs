//! The parameters and headers of a stream, each refused by name. Knows nothing of what is in it.

use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use salio_domain::Timestamp;
use salio_engine::bulk::{BulkForm, BulkRequest};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::{Code, Problem};
use crate::wire::{OnShort, Priority};

/// Characters of a batch's name.
const LONGEST_NAME: usize = 100;

/// What all lines have in common.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BulkParams {
    /// Slug or id; needed only with several accounts and no default.
    account: Option<String>,
    /// The approved sender of lines without one of their own; else the account's.
    from: Option<String>,
    /// The text of lines without one of their own. `{name}` stands for the line's column or member of that name; `{{` and `}}` are braces.
    text: Option<String>,
    /// Who goes first; `bulk` when not given.
    #[param(inline)]
    priority: Option<Priority>,
    /// What happens when the balance does not cover all of it; else what the account says, else `refuse`.
    #[param(inline)]
    on_short: Option<OnShort>,
    /// Not before, for lines without a time of their own.
    #[param(value_type = Option<String>, format = DateTime)]
    send_at: Option<Timestamp>,
    /// Not after, for lines without a time of their own.
    #[param(value_type = Option<String>, format = DateTime)]
    valid_until: Option<Timestamp>,
    /// The caller's own word for lines without one of their own.
    reference: Option<String>,
    /// CSV: the column with the recipients; else the first of `to`, `number`, `phone`, `mobile`, `msisdn`, `recipient`.
    to_column: Option<String>,
    /// CSV: what stands between cells, one character or `tab`; else the one of `,` `;` tab that the header speaks for.
    delimiter: Option<String>,
    /// What people call the batch.
    name: Option<String>,
}

fn wrong(parameter: &str, detail: impl Into<String>) -> Problem {
    Problem::new(Code::InvalidParameter, detail).with("parameter", parameter)
}

/// What the stream is, from its headers and parameters.
pub(crate) fn request(params: BulkParams, headers: &HeaderMap, key: Option<(String, String)>) -> Result<BulkRequest, Problem> {
    if params.name.as_ref().is_some_and(|name| name.chars().count() > LONGEST_NAME) {
        return Err(wrong("name", format!("A name has at most {LONGEST_NAME} characters.")));
    }
    Ok(BulkRequest {
        form: form(&params, headers)?,
        account: params.account,
        text: params.text,
        from: params.from,
        reference: params.reference,
        send_at: params.send_at,
        valid_until: params.valid_until,
        priority: params.priority.map(Into::into),
        on_short: params.on_short.map(Into::into),
        to_column: params.to_column,
        name: params.name,
        key,
        token: None,
    })
}

fn form(params: &BulkParams, headers: &HeaderMap) -> Result<BulkForm, Problem> {
    let encodings = headers.get_all(CONTENT_ENCODING).iter();
    if encodings.into_iter().any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Problem::new(Code::UnsupportedMediaType, "Send the lines as they are: no Content-Encoding is taken here."));
    }
    match kind(headers) {
        Some(Kind::Csv) => Ok(BulkForm::Csv { delimiter: params.delimiter.as_deref().map(delimiter).transpose()? }),
        Some(Kind::Ndjson) => match (&params.to_column, &params.delimiter) {
            (Some(_), _) => Err(wrong("to_column", "\"to_column\" is for CSV: in NDJSON the recipient is the member \"to\".")),
            (_, Some(_)) => Err(wrong("delimiter", "\"delimiter\" is for CSV.")),
            (None, None) => Ok(BulkForm::Ndjson),
        },
        None => {
            Err(Problem::new(Code::UnsupportedMediaType, "Send CSV with Content-Type: text/csv, or one JSON object a line with Content-Type: application/x-ndjson, both in UTF-8."))
        }
    }
}

enum Kind {
    Csv,
    Ndjson,
}

fn kind(headers: &HeaderMap) -> Option<Kind> {
    let mut parts = headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').map(|part| part.trim().to_ascii_lowercase());
    let kind = match parts.next()?.as_str() {
        "text/csv" => Kind::Csv,
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Kind::Ndjson,
        _ => return None,
    };
    let charset = parts.find_map(|part| part.strip_prefix("charset=").map(|charset| charset.trim_matches('"').to_owned()));
    charset.is_none_or(|charset| matches!(charset.as_str(), "utf-8" | "utf8" | "us-ascii")).then_some(kind)
}

fn delimiter(written: &str) -> Result<u8, Problem> {
    match written.as_bytes() {
        _ if written.eq_ignore_ascii_case("tab") => Ok(b'\t'),
        [byte] if *byte == b'\t' || (byte.is_ascii_punctuation() && *byte != b'"') => Ok(*byte),
        _ => Err(wrong("delimiter", "A delimiter is one sign such as , or ; or |, or the word tab.")),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn kinds_are_told_by_name_and_only_utf_8_is_taken() {
        for (written, csv) in [
            ("text/csv", Some(true)),
            ("Text/CSV; header=present; charset=UTF-8", Some(true)),
            ("text/csv;charset=\"utf-8\"", Some(true)),
            ("application/x-ndjson", Some(false)),
            ("application/ndjson", Some(false)),
            ("application/jsonl; charset=utf-8", Some(false)),
            ("text/csv; charset=iso-8859-1", None),
            ("application/json", None),
            ("text/plain", None),
            ("", None),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(written))]);
            assert_eq!(kind(&headers).map(|kind| matches!(kind, Kind::Csv)), csv, "{written}");
        }
    }

    #[test]
    fn a_delimiter_is_one_sign() {
        for (written, byte) in [(",", b','), (";", b';'), ("|", b'|'), ("\t", b'\t'), ("tab", b'\t'), ("TAB", b'\t')] {
            assert_eq!(delimiter(written).ok(), Some(byte), "{written:?}");
        }
        for written in ["", "\"", "\n", "a", "1", ",,", "ж", " "] {
            assert!(delimiter(written).is_err(), "{written:?}");
        }
    }
}
