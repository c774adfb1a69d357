//! Keys that Salio issues to programs: made, listed, taken back.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use salio_domain::AccountId;
use salio_engine::{Engine, NewKey};

use super::extract::{NoParams, TokenInPath};
use crate::body;
use crate::problem::{Code, Problem, conflict};
use crate::state::ApiState;
use crate::text::{answer, ok};
use crate::wire::{CreatedToken, NewToken, Token, Tokens};

/// A name has to fit on a line.
const LONGEST_NAME: usize = 64;
/// Longer addresses are cut by proxies.
const LONGEST_URL: usize = 2000;

/// Make a key
///
/// Its secrets stand in this answer and nowhere else: they are stored as hashes.
#[utoipa::path(post, operation_id = "createToken", path = "/api/v1/tokens", tag = "tokens", request_body = NewToken, responses((status = 201, body = CreatedToken), (status = 400, body = crate::wire::Problem), (status = 409, description = "`name_taken`", body = crate::wire::Problem), (status = 422, body = crate::wire::Problem)))]
pub(crate) async fn create(State(state): State<ApiState>, _: NoParams, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let new: NewToken = body::parse(&body::read(&headers, body).await?)?;
    check_name(&new.name)?;
    new.dlr_url.as_deref().map(check_url).transpose()?;
    let account = payer(state.engine(), new.account.as_deref())?;
    let key =
        NewKey { name: new.name, scope: new.scope.as_str().to_owned(), account, credits_format: new.credits_format.unwrap_or_default().as_str().to_owned(), dlr_url: new.dlr_url };
    let shown = state.engine().create_key(key).await.map_err(|failed| conflict(Code::NameTaken, failed))?;
    // Answers are never stored by caches; here that keeps secrets.
    Ok(answer(StatusCode::CREATED, &CreatedToken::of(shown, state.slug(account))))
}

/// Keys
///
/// Oldest first, revoked ones too; never their secrets.
#[utoipa::path(get, operation_id = "listTokens", path = "/api/v1/tokens", tag = "tokens", responses((status = 200, body = Tokens)))]
pub(crate) async fn list(State(state): State<ApiState>) -> Result<Response, Problem> {
    let rows = state.engine().store().tokens().await?;
    Ok(ok(&Tokens { tokens: rows.into_iter().map(|row| (state.slug(row.account), row)).map(|(slug, row)| Token::of(row, slug)).collect() }))
}

/// Take a key back
///
/// At once; it stays in the list. Again changes nothing.
#[utoipa::path(delete, operation_id = "revokeToken", path = "/api/v1/tokens/{id}", tag = "tokens", params(("id" = String, Path)), responses((status = 200, body = Token), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn revoke(State(state): State<ApiState>, _: NoParams, TokenInPath(id): TokenInPath) -> Result<Response, Problem> {
    let row = state.engine().revoke_key(id).await?;
    let slug = state.slug(row.account);
    Ok(ok(&Token::of(row, slug)))
}

fn invalid(field: &str, detail: impl Into<String>) -> Problem {
    Problem::new(Code::InvalidField, detail).with("field", field)
}

fn check_name(name: &str) -> Result<(), Problem> {
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count()) && name.trim() == name && !name.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(invalid("name", format!("\"name\" has 1 to {LONGEST_NAME} visible characters, and no space at either end."))) }
}

fn check_url(text: &str) -> Result<(), Problem> {
    let read = text.parse::<Uri>().ok().filter(|_| text.len() <= LONGEST_URL && !text.contains('#'));
    let scheme = read.as_ref().and_then(Uri::scheme_str).is_some_and(|scheme| scheme == "http" || scheme == "https");
    let host = read.as_ref().and_then(Uri::authority).is_some_and(|authority| !authority.host().is_empty() && !authority.as_str().contains('@'));
    if scheme && host {
        Ok(())
    } else {
        Err(invalid("dlr_url", format!("\"dlr_url\" is an http or https address of at most {LONGEST_URL} bytes, without a user, a password or a fragment.")))
    }
}

/// Whose credit a key spends: the account that is named, else the only one, else the default.
fn payer(engine: &Engine, word: Option<&str>) -> Result<AccountId, Problem> {
    let slugs = || engine.accounts().map(|(_, options)| options.slug.as_str()).collect::<Vec<_>>().join(", ");
    if engine.accounts().next().is_none() {
        return Err(Problem::new(Code::NoAccount, "No account is configured yet."));
    }
    if let Some(word) = word {
        let unknown = || Problem::new(Code::UnknownAccount, format!("There is no account {word:?}. The accounts are: {}.", slugs())).status(422).with("field", "account");
        return engine.find(word).ok_or_else(unknown);
    }
    let default = engine.accounts().find(|(_, options)| options.default);
    let only = engine.accounts().next().filter(|_| engine.accounts().count() == 1);
    let unclear =
        || Problem::new(Code::AccountNeeded, format!("There are several accounts and none is the default: name one of {} in \"account\".", slugs())).with("field", "account");
    default.or(only).map(|(id, _)| id).ok_or_else(unclear)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_be_seen() {
        let long = "n".repeat(64);
        for name in ["shop", "Shop in Kisumu 2", "дүкен", &long] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in ["", " ", " shop", "shop ", "a\nb", "a\u{7f}", &"n".repeat(65)] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn reports_go_to_http_addresses_without_a_user() {
        for url in ["http://127.0.0.1:8090/dlr", "https://shop.example.com", "https://shop.example.com/dlr?shop=1&key=made-up", "HTTPS://shop.example.com/dlr"] {
            assert!(check_url(url).is_ok(), "{url}");
        }
        let long = format!("https://shop.example.com/{}", "a".repeat(2000));
        for url in [
            "",
            "shop.example.com/dlr",
            "/dlr",
            "ftp://shop.example.com/",
            "https://user:made-up@shop.example.com/",
            "https://user@shop.example.com/",
            "https:///dlr",
            "https://a/b#c",
            "http://a b/",
            "file:///etc/hosts",
            &long,
        ] {
            assert!(check_url(url).is_err(), "{url}");
        }
    }
}
