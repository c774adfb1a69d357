//! A value as it was written, before anybody knows what it should be, and how much of it may be shown.
//!
//! Knows nothing of: keys, layers, what is allowed.

use super::errors::HIDDEN;

/// A value as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raw {
    /// A quoted text of the file, or any variable or flag.
    Text(String),
    /// An unquoted whole number of the file.
    Integer(String),
    /// An unquoted number with a point or an exponent; kept as text, never made a float.
    Fraction(String),
    /// `true` or `false`, unquoted.
    Bool(bool),
    /// A list of the file.
    List(Vec<Self>),
    /// An unquoted date or time.
    Date(String),
    /// A table where a value was expected.
    Table,
}

impl Raw {
    /// The text of a value that is no list and no table.
    pub fn scalar(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Integer(text) | Self::Fraction(text) | Self::Date(text) => Some(text.trim()),
            Self::Bool(true) => Some("true"),
            Self::Bool(false) => Some("false"),
            Self::List(_) | Self::Table => None,
        }
    }

    /// Whether there is nothing in it.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }

    /// As it may be printed, when it is no secret: quoted, with passwords and queries of addresses hidden. Not yet shortened: a long secret
    /// must be recognised first.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => format!("{:?}", without_credentials(text)),
            Self::Integer(text) | Self::Fraction(text) | Self::Date(text) => text.clone(),
            Self::Bool(flag) => flag.to_string(),
            Self::List(items) => {
                let shown: Vec<String> = items.iter().map(Self::shown).collect();
                format!("[{}]", shown.join(", "))
            }
            Self::Table => "a table".to_owned(),
        }
    }
}

/// Hides what addresses carry besides the place: user and password before `@`, everything after `?` or `#`.
///
/// Works on text that does not parse, because a mistyped address is what gets printed.
fn without_credentials(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once(':') else {
        return text.to_owned();
    };
    let (address, query) = match rest.find(['?', '#']) {
        Some(at) => (rest.get(..at).unwrap_or_default(), format!("?{HIDDEN}")),
        None => (rest, String::new()),
    };
    // A password may hold `@`, `?` and `#` unescaped: the last `@` of the whole text ends it.
    match rest.rsplit_once('@') {
        Some((_, host)) => {
            let host = host.split(['?', '#']).next().unwrap_or_default();
            format!("{scheme}://{HIDDEN}@{host}{query}")
        }
        None => format!("{scheme}:{address}{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_without_credentials() {
        for (written, shown) in [
            ("https://api.example/v1", "https://api.example/v1"),
            ("https://api.example/v1?ApiKey=made-up", "https://api.example/v1?(hidden)"),
            ("https://me:made-up@api.example/v1", "https://(hidden)@api.example/v1"),
            ("postgres://salio:made-up@db:5432/salio?password=made-up", "postgres://(hidden)@db:5432/salio?(hidden)"),
            ("postgres://salio:ma?de#up@db/salio", "postgres://(hidden)@db/salio?(hidden)"),
            ("postgres:salio:made-up@db", "postgres://(hidden)@db"),
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("plain", "plain"),
        ] {
            assert_eq!(without_credentials(written), shown, "{written}");
        }
    }

    #[test]
    fn odd_values_stay_on_one_line() {
        assert_eq!(Raw::Text("a\nb".to_owned()).shown(), r#""a\nb""#);
        assert_eq!(Raw::List(vec![Raw::Text("2s".into()), Raw::Integer("5".into())]).shown(), r#"["2s", 5]"#);
    }
}
