//! Query strings as the vendor's server reads them: `+` is a space there, so an unescaped key with a plus does not match.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::credentials::Login;

/// The names and values of `query`, decoded.
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn read(query: &str) -> Self {
        let pair = |part: &str| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(name), decode(value))
        };
        Self(query.split('&').filter(|part| !part.is_empty()).map(pair).collect())
    }

    /// The value of `name`, in any casing.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The login of a call without a body.
    pub(crate) fn login(&self, header: Option<&str>) -> Login {
        let owned = |name| self.get(name).map(str::to_owned);
        Login { api_key: owned("ApiKey"), client_id: owned("ClientId"), header: header.map(str::to_owned), body: owned("AccessKey"), has_body: false }
    }
}

fn decode(part: &str) -> String {
    let spaced: Cow<'_, str> = if part.contains('+') { part.replace('+', " ").into() } else { part.into() };
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_like_a_form() {
        let query = Query::read("ApiKey=a%2Bb%2F%3D&ClientId=x+y&&Flag");
        assert_eq!((query.get("apikey"), query.get("ClientId"), query.get("Flag")), (Some("a+b/="), Some("x y"), Some("")));
        assert_eq!(query.login(Some("made-up")).header.as_deref(), Some("made-up"));
    }
}
