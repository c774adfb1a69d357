//! What handlers take out of an address: accounts, messages, batches, keys and parameters, each refused as a problem.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use salio_domain::ids::{BatchId, TokenId};
use salio_domain::{AccountId, MessageId, Msisdn};
use salio_engine::Engine;
use serde::de::DeserializeOwned;

use crate::problem::{Code, Problem, sentence};
use crate::state::ApiState;

/// The account named in the path, by id or slug.
pub(crate) struct InPath(pub AccountId);

impl FromRequestParts<ApiState> for InPath {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let word = word(parts, state).await?;
        state.engine().find(&word).map(Self).ok_or_else(|| Problem::unknown_account(&word))
    }
}

macro_rules! in_path {
    ($($(#[$doc:meta])* $name:ident = $id:ty, $code:ident, $detail:literal;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name(pub $id);

        impl FromRequestParts<ApiState> for $name {
            type Rejection = Problem;
            async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
                let word = word(parts, state).await?;
                word.parse().map(Self).map_err(|_| Problem::new(Code::$code, $detail))
            }
        }
    )*};
}

in_path! {
    /// The message named in the path.
    MessageInPath = MessageId, UnknownMessage, "There is no such message: an id looks like msg_ and 13 letters or digits.";
    /// The batch named in the path.
    BatchInPath = BatchId, UnknownBatch, "There is no such batch: an id looks like bat_ and 13 letters or digits.";
    /// The key named in the path.
    TokenInPath = TokenId, UnknownToken, "There is no such key: an id looks like tok_ and 13 letters or digits.";
}

/// Whatever stands in the path.
pub(crate) struct WordInPath(pub String);

impl FromRequestParts<ApiState> for WordInPath {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        word(parts, state).await.map(Self)
    }
}

async fn word(parts: &mut Parts, state: &ApiState) -> Result<String, Problem> {
    let path = Path::<String>::from_request_parts(parts, state).await;
    path.map(|Path(word)| word).map_err(|_| Problem::new(Code::NotFound, "There is nothing here."))
}

/// The parameters of the address; unknown ones are refused.
pub(crate) struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<ApiState> for Params<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        Query::try_from_uri(&parts.uri).map(|Query(params)| Self(params)).map_err(|refused| {
            let text = std::error::Error::source(&refused).map_or_else(|| refused.body_text(), ToString::to_string);
            refused_parameter(&names(&parts.uri), &text)
        })
    }
}

/// A route that takes no parameters: one that somebody gives all the same would otherwise be passed over, and what it asks for not done.
pub(crate) struct NoParams;

impl FromRequestParts<ApiState> for NoParams {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        match names(&parts.uri).first() {
            None => Ok(Self),
            Some(name) => Err(wrong(name, format!("This route takes no parameters in its address; {name:?} is none of its own."))),
        }
    }
}

/// The parameters of an address, as they are named there.
fn names(uri: &Uri) -> Vec<String> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).map(|(name, _)| name.into_owned()).collect()
}

/// What is said of a parameter begins with its name, or holds it in quotes.
fn refused_parameter(given: &[String], said: &str) -> Problem {
    let begins = given.iter().find_map(|name| said.strip_prefix(name.as_str()).and_then(|rest| rest.strip_prefix(": ")).map(|rest| (name, rest)));
    let quoted = || given.iter().find(|name| said.contains(&format!("field `{name}`"))).map(|name| (name, said));
    match begins.or_else(quoted) {
        Some((name, rest)) => wrong(name, sentence(rest)),
        None => Problem::new(Code::InvalidParameter, sentence(said)),
    }
}

/// A parameter that cannot be used.
pub(crate) fn wrong(parameter: &str, detail: impl Into<String>) -> Problem {
    Problem::new(Code::InvalidParameter, detail).with("parameter", parameter)
}

/// How many rows are wanted.
pub(crate) fn limit(asked: Option<usize>, most: usize) -> Result<usize, Problem> {
    const USUAL: usize = 50;
    match asked.unwrap_or(USUAL) {
        limit if (1..=most).contains(&limit) => Ok(limit),
        _ => Err(wrong("limit", format!("\"limit\" goes from 1 to {most}."))),
    }
}

/// Rows on one page at most.
pub(crate) const MOST: usize = 1000;
/// Where numbers without a country code belong when no account says otherwise.
const USUAL_COUNTRY: &str = "KE";

/// The account that a parameter names, if it is there.
pub(crate) fn account(engine: &Engine, word: Option<&str>) -> Result<Option<AccountId>, Problem> {
    word.map(|word| engine.find(word).ok_or_else(|| Problem::unknown_account(word))).transpose()
}

/// The number that a text stands for: without a country code it belongs to the country of the account, else of the default one.
pub(crate) fn number(engine: &Engine, account: Option<AccountId>, text: &str) -> Result<Msisdn, String> {
    let country = engine.accounts().find(|(id, options)| account.map_or(options.default, |wanted| *id == wanted)).or_else(|| engine.accounts().next());
    let country = country.map_or(USUAL_COUNTRY, |(_, options)| options.default_country.as_str());
    Msisdn::parse(text, country).map_err(|error| format!("{error}."))
}

/// Where a page begins.
pub(crate) fn cursor<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, Problem> {
    text.map(|text| text.parse().map_err(|_| wrong("cursor", "\"cursor\" must be the \"next_cursor\" of a page."))).transpose()
}

/// One page out of rows of which one more than wanted was read, and where the next page begins.
pub(crate) fn page<T>(mut rows: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(cursor);
    (rows, next)
}
