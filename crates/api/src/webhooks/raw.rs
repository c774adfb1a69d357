//! The call as it is kept: method, query without the token, body; whole, because it is the only proof of what came. Its length is limited before it comes here.

/// The parameters of an address, decoded, in order. Bytes that are no UTF-8 are shown as such.
pub(super) fn query(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
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
        text.push_str(&String::from_utf8_lossy(body));
    }
    text
}

/// The token may stand in the body too, where a provider repeats the address that it was given.
pub(super) fn without(token: Option<&str>, kept: String) -> String {
    let Some(token) = token.filter(|token| !token.is_empty()) else { return kept };
    spellings(token).iter().fold(kept, |kept, spelling| if kept.contains(spelling) { kept.replace(spelling, "[token]") } else { kept })
}

/// As a token may be written inside an address inside a body. The configuration allows only characters that stand for themselves there; of them `~` alone is
/// encoded by some all the same.
fn spellings(token: &str) -> Vec<String> {
    let mut spellings = vec![token.to_owned()];
    if token.contains('~') {
        spellings.extend(["%7E", "%7e", "%257E", "%257e"].map(|tilde| token.replace('~', tilde)));
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_kept_readable_and_whole() {
        let pairs = query("messageId=a%2Fb&status=DELIVRD&x=%ff&token=made-up");
        assert_eq!(pairs.len(), 4);
        let shown: Vec<_> = pairs.into_iter().filter(|(name, _)| name != "token").collect();
        assert_eq!(kept("GET", &shown, b""), "GET ?messageId=a%2Fb&status=DELIVRD&x=%EF%BF%BD");
        assert_eq!(kept("POST", &[], b"{\"a\":1}"), "POST\n{\"a\":1}");
        let long = "é".repeat(200_000);
        assert_eq!(kept("POST", &[], long.as_bytes()), format!("POST\n{long}"));
        assert_eq!(without(Some("made-up-webhook"), "POST\nurl=/dlr?token=made-up-webhook".to_owned()), "POST\nurl=/dlr?token=[token]");
        assert_eq!([without(None, "a".to_owned()), without(Some(""), "a".to_owned())], ["a", "a"]);
        assert_eq!(query(&"a=1&".repeat(1000)).len(), 1000);
    }

    #[test]
    fn a_token_is_kept_nowhere_however_it_is_spelt() {
        // Every character that a token may have, as the two encodings that calls come in write it.
        let token = "made.up-web_hook~0";
        let encoded: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
        let in_json = serde_json::to_string(token).unwrap();
        for spelling in [token, &encoded, &encoded.to_lowercase(), in_json.trim_matches('"'), "made.up-web_hook%257E0"] {
            let raw = without(Some(token), format!("POST\n{{\"url\":\"https:\\/\\/sms.example.com\\/webhooks?token={spelling}\"}}"));
            assert!(!raw.contains("made.up") && raw.contains("token=[token]"), "{spelling}: {raw}");
        }
    }
}
