//! JSON in: the kind of body, its size, its syntax and its fields, each refused by name.

use std::borrow::Cow;
use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::options::BODY_LIMIT;
use crate::problem::{Code, Problem, sentence};

/// A caller that dribbles gives its place back.
const BODY_WITHIN: Duration = Duration::from_secs(30);

/// Reads a whole body of a limited size.
pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    if !is_json(headers) {
        return Err(Problem::new(Code::UnsupportedMediaType, "Send JSON, with Content-Type: application/json."));
    }
    let reading = tokio::time::timeout(BODY_WITHIN, Limited::new(body, BODY_LIMIT).collect());
    let Ok(read) = reading.await else {
        return Err(Problem::new(Code::BodyUnreadable, format!("The body did not come within {} s.", BODY_WITHIN.as_secs())).status(408));
    };
    match read {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::new(Code::BodyTooLarge, format!("A body has at most {BODY_LIMIT} bytes.")).with("limit", BODY_LIMIT)),
        Err(_) => Err(Problem::new(Code::BodyUnreadable, "The body broke off before its end.")),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// Some editors and shells begin UTF-8 with it; it says nothing.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads a JSON object; what is wrong with it is told by place or by field.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    // What reads fields by name would take a list for fields in order.
    if bytes.trim_ascii_start().first() != Some(&b'{') && serde_json::from_slice::<IgnoredAny>(bytes).is_ok() {
        return Err(Problem::new(Code::InvalidField, "The body is JSON and no object: write its fields by name, as in {\"name\": \"value\"}."));
    }
    serde_json::from_slice(bytes).map_err(|error| refused(&error, place_of_fault::<T>(bytes).as_deref()))
}

/// Where in a body that cannot be read it is wrong; looked for only then, because keeping track costs time.
fn place_of_fault<T: DeserializeOwned>(bytes: &[u8]) -> Option<String> {
    let error = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_slice(bytes)).err()?;
    Some(error.path().to_string()).filter(|path| path != ".")
}

/// `path`: where in the body it is wrong, as far as it was read.
fn refused(error: &serde_json::Error, path: Option<&str>) -> Problem {
    let text = error.to_string();
    // serde_json ends every text with the place, which goes into members of its own.
    let said = text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said);
    let (code, field) = match said.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
        Some(field) => (Code::UnknownField, Some(field)),
        None if error.is_data() => (Code::InvalidField, named(said).or(path)),
        None => (Code::MalformedJson, None),
    };
    let problem = Problem::new(code, sentence(&in_words_of_json(said))).with("line", error.line()).with("column", error.column());
    match field {
        Some(field) => problem.with("field", field),
        None => problem,
    }
}

/// The same without the names that types have in this program.
fn in_words_of_json(said: &str) -> Cow<'_, str> {
    let Some((found, wanted)) = said.split_once(", expected ") else { return Cow::Borrowed(said) };
    if ["struct ", "enum ", "variant ", "tuple ", "unit ", "newtype "].iter().any(|kind| wanted.starts_with(kind)) {
        return Cow::Owned(format!("{found}, which is of the wrong kind"));
    }
    Cow::Borrowed(said)
}

fn named(said: &str) -> Option<&str> {
    let rest = said.strip_prefix("missing field `").or_else(|| said.strip_prefix("duplicate field `"))?;
    rest.split('`').next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::NewMessage;
    use axum::http::HeaderValue;

    #[test]
    fn the_field_that_cannot_be_read_is_named() {
        for (body, field) in [
            (r#"{"to":"0712345678","text":"x","priority":"x"}"#, "priority"),
            (r#"{"to":"0712345678","text":"x","send_at":"2026-01-01"}"#, "send_at"),
            (r#"{"to":"0712345678","text":5}"#, "text"),
            (r#"{"to":712345678,"text":"x"}"#, "to"),
            (r#"{"to":"0712345678","text":"x","on_short":"x"}"#, "on_short"),
            (r#"{"text":"x"}"#, "to"),
        ] {
            let problem = parse::<NewMessage>(body.as_bytes()).map(|_| ()).unwrap_err();
            assert!(format!("{problem:?}").contains(&format!("{field:?}")), "{body}: {problem:?}");
        }
    }

    #[test]
    fn only_objects_are_taken() {
        for body in [r#"["0712345678","hi"]"#, r#" [["0712345678"],"hi",null,null,null,null,null,null,null]"#, "[]", "7", "\"x\"", "null", "true", "\u{feff}[]"] {
            let problem = parse::<NewMessage>(body.as_bytes()).map(|_| ()).unwrap_err();
            let shown = format!("{problem:?}");
            assert!(shown.contains("code: InvalidField") && shown.contains("no object"), "{body}: {shown}");
        }
        assert!(format!("{:?}", parse::<NewMessage>(b"[").unwrap_err()).contains("MalformedJson"));
    }

    #[test]
    fn no_type_of_ours_is_named() {
        fn wrong<T: DeserializeOwned>(fields: &[&str], shown: &mut Vec<String>) {
            for (field, value) in fields.iter().flat_map(|field| ["7", "[]", "{}", "\"x\"", "true", "[[]]", "{\"a\":1}", "1.5"].map(|value| (field, value))) {
                if let Err(problem) = parse::<T>(format!("{{\"{field}\":{value}}}").as_bytes()) {
                    shown.push(problem.parts().1.to_owned());
                }
            }
        }
        let mut shown = Vec::new();
        wrong::<NewMessage>(&["to", "text", "from", "account", "send_at", "valid_until", "priority", "on_short", "reference"], &mut shown);
        wrong::<crate::wire::QuoteRequest>(&["to", "text", "account", "priority"], &mut shown);
        wrong::<crate::wire::NewToken>(&["name", "scope", "credits_format", "dlr_url"], &mut shown);
        wrong::<crate::wire::Resolve>(&["as"], &mut shown);
        wrong::<crate::wire::NewStops>(&["numbers"], &mut shown);
        assert!(shown.len() > 60, "{}", shown.len());
        for text in shown {
            for word in ["struct", "enum", "variant of", "NewMessage", "Resolve", "Priority", "OnShort", "Scope", "Resolution", "tuple", "Option"] {
                assert!(!text.contains(word), "{text}");
            }
        }
    }

    #[test]
    fn only_json_is_json() {
        for (kind, fits) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
            ("application/jsonp", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_str(kind).unwrap())]);
            assert_eq!(is_json(&headers), fits, "{kind}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn one_byte_order_mark_is_passed_over() {
        let body = "{\"to\":\"0712345678\",\"text\":\"\u{feff}a\"}";
        let read = parse::<NewMessage>(format!("\u{feff}{body}").as_bytes()).unwrap();
        assert_eq!(read.text, "\u{feff}a");
        assert!(parse::<NewMessage>(format!("\u{feff}\u{feff}{body}").as_bytes()).is_err());
        assert!(parse::<NewMessage>("\u{feff}".as_bytes()).is_err());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, shown) in [
            (r#"{"to":"0712345678","text":"a","colour":1}"#, "UnknownField"),
            (r#"{"to":"0712345678"}"#, "InvalidField"),
            (r#"{"to":7,"text":"a"}"#, "InvalidField"),
            (r#"{"to":"0712345678","text":"a","priority":"urgent"}"#, "InvalidField"),
            (r#"{"to":"0712345678","text":"a","send_at":"tomorrow"}"#, "InvalidField"),
            (r#"{"to":"0712345678",}"#, "MalformedJson"),
            ("", "MalformedJson"),
        ] {
            let problem = parse::<NewMessage>(text.as_bytes()).unwrap_err();
            assert!(format!("{problem:?}").contains(&format!("code: {shown}")), "{text} {problem:?}");
        }
    }
}
