//! Which words of the other side are kept, and that a secret is not among them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::*;

#[test]
fn plain_words_are_kept_and_nothing_else() {
    for (text, kept) in [
        ("Bad Request: chat not found", Some("Bad Request: chat not found")),
        ("channel_is_archived", Some("channel_is_archived")),
        ("5.1.1 <nobody@example.com>: Recipient address rejected: User unknown", Some("5.1.1 … Recipient address rejected: User unknown")),
        ("Cannot POST /services/T0AB1/B0CD2/x9y8z7", Some("Cannot POST …")),
        ("see https://example.com/help?token=made-up for more", Some("see … for more")),
        ("\u{7}<script>alert(1)</script>", None),
        ("Zm9vYmFyYmF6", None),
        ("a1b2c3d4", None),
        ("", None),
        ("   \r\n ", None),
        ("{\"ok\":false}", None),
        ("Too Many Requests: retry after 35", Some("Too Many Requests: retry after 35")),
        ("1234567", None),
    ] {
        assert_eq!(words(text, &[]).as_deref(), kept, "{text}");
    }
    let long = words(&"word ".repeat(1000), &[]).unwrap();
    assert_eq!(long.split(' ').count(), MAX_WORDS);
}

#[test]
fn a_secret_of_plain_words_is_left_out() {
    let secrets = ["Correct horse Battery", "letmein", "1234"];
    for text in ["correct HORSE battery", "letmein", "LetMeIn.", "'letmein'", "1234", "xletmeinx", "battery"] {
        assert_eq!(words(text, &secrets), None, "{text}");
    }
    assert_eq!(words("password letmein is wrong", &secrets).as_deref(), Some("password … is wrong"));
}

proptest! {
    #[test]
    fn no_text_that_quotes_a_secret_shows_it(
        secret in "[A-Za-z0-9+/_:=.-]{6,40}",
        before in "[ -~]{0,20}",
        after in "[ -~]{0,20}",
        form in 0..5_usize,
    ) {
        let quoted = match form {
            0 => secret.clone(),
            1 => secret.to_uppercase(),
            2 => STANDARD.encode(format!("{before}{secret}")),
            3 => secret.bytes().map(|b| format!("%{b:02x}")).collect(),
            _ => secret.bytes().map(|b| format!("{b:02x}")).collect(),
        };
        let shown = words(&format!("{before}{quoted}{after}"), &[&secret]).unwrap_or_default();
        prop_assert!(!shown.to_lowercase().contains(&secret.to_lowercase()), "{shown}");
        prop_assert!(form < 2 || !shown.contains(&quoted), "{shown}");
    }
}
