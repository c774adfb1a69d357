//! The call as it is kept: method, query without the token, body; cut where somebody sends a book.

/// What is kept of one call, in bytes.
const KEPT: usize = 64 * 1024;
/// Parameters of one address at most; more is an attack.
const PARAMETERS: usize = 256;

/// The parameters of an address, decoded, in order. Bytes that are no UTF-8 are shown as such.
pub(super) fn query(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).take(PARAMETERS).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// For the operator. The token is not in `query` any more.
pub(super) fn kept(method: &str, query: &[(String, String)], body: &[u8]) -> String {
    let mut text = method.to_owned();
    if !query.is_empty() {
        let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        text.push_str(" ?");
        text.push_str(&encoded);
    }
    if !body.is_empty() {
        text.push('\n');
        text.push_str(&String::from_utf8_lossy(body.get(..KEPT).unwrap_or(body)));
    }
    if text.len() > KEPT {
        let end = (0..=KEPT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push_str(" …cut");
    }
    text
}

/// The token may stand in the body too, where a provider repeats the address that it was given.
pub(super) fn without(token: Option<&str>, kept: String) -> String {
    match token.filter(|token| !token.is_empty()) {
        Some(token) if kept.contains(token) => kept.replace(token, "[token]"),
        _ => kept,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_kept_readable_and_bounded() {
        let pairs = query("messageId=a%2Fb&status=DELIVRD&x=%ff&token=made-up");
        assert_eq!(pairs.len(), 4);
        let shown: Vec<_> = pairs.into_iter().filter(|(name, _)| name != "token").collect();
        assert_eq!(kept("GET", &shown, b""), "GET ?messageId=a%2Fb&status=DELIVRD&x=%EF%BF%BD");
        assert_eq!(kept("POST", &[], b"{\"a\":1}"), "POST\n{\"a\":1}");
        let long = kept("POST", &[], "é".repeat(80_000).as_bytes());
        assert!(long.len() < KEPT + 16 && long.ends_with("…cut"));
        assert_eq!(without(Some("made-up-webhook"), "POST\nurl=/dlr?token=made-up-webhook".to_owned()), "POST\nurl=/dlr?token=[token]");
        assert_eq!([without(None, "a".to_owned()), without(Some(""), "a".to_owned())], ["a", "a"]);
        assert_eq!(query(&"a=1&".repeat(1000)).len(), PARAMETERS);
    }
}
