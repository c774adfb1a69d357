//! Which keys somebody wrote, where, and what may be shown of them: for `salio doctor`.
//!
//! Knows nothing of: what values mean. A secret is never shown.

use super::errors::{ConfigError, HIDDEN};
use super::schema::{self, KeySpec};
use super::{Inputs, lay};

/// The keys that are not at their default, in their order; `value` and `place` as a problem with them would show.
pub fn explain(inputs: &Inputs) -> Vec<ConfigError> {
    let layers = lay(inputs);
    let explained = layers.written().map(|(key, entry)| {
        let secret = schema::find_path(key).is_none_or(KeySpec::is_secret);
        let value = if secret { HIDDEN.to_owned() } else { entry.raw.shown() };
        let mut explained = ConfigError { key: key.to_owned(), place: entry.place.clone(), value: Some(value), problem: String::new() };
        layers.make_showable(&mut explained);
        explained
    });
    explained.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_told_with_its_place_and_without_secrets() {
        let environment = vec![("SALIO_LOG".to_owned(), "debug".to_owned())];
        let dotenv = Some("ONFON_API_KEY=made-up-key-1\nONFON_SENDER_ID=DUKA\n".to_owned());
        let told = explain(&Inputs { dotenv, environment, ..Inputs::default() });
        let shown: Vec<String> = told.iter().map(|line| format!("{} = {} ({})", line.key, line.value.clone().unwrap_or_default(), line.place)).collect();
        assert_eq!(
            shown,
            [
                "accounts.onfon.api_key = (hidden) (.env:1, ONFON_API_KEY)",
                "accounts.onfon.sender_id = \"DUKA\" (.env:2, ONFON_SENDER_ID)",
                "log = \"debug\" (environment, SALIO_LOG)"
            ]
        );
    }
}
