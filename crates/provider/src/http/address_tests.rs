//! What is read as an address, and that nothing but the host of it is shown.

use super::*;

#[test]
fn addresses_are_read_or_refused() {
    for (text, shown) in [
        ("https://hooks.example.com/services/T0/B0/made-up", "https://hooks.example.com/…"),
        ("https://hooks.example.com", "https://hooks.example.com"),
        ("https://hooks.example.com/", "https://hooks.example.com"),
        ("http://127.0.0.1:9000/?token=made-up", "http://127.0.0.1:9000/…"),
        ("https://hooks.example.com/@made-up", "https://hooks.example.com/…"),
        ("http://[::1]:9000/made-up", "http://[::1]:9000/…"),
        // A backslash is a slash to the parser: the host is the first one, for the check and for the client alike.
        ("https://good.example.com\\@127.0.0.1/", "https://good.example.com/…"),
        // Every way to write an IPv4 address ends as the same address, which is then checked.
        ("http://2130706433/", "http://127.0.0.1"),
        ("http://0x7f.1/", "http://127.0.0.1"),
        ("http://0177.0.0.1/", "http://127.0.0.1"),
    ] {
        let address = Address::parse(text).unwrap();
        assert_eq!(address.to_string(), shown);
        assert_eq!(format!("{address:?}"), format!("Address({shown})"));
    }
    assert_eq!(Address::parse("https://hooks.example.com:9000/a/made-up?b=c").map(|address| address.after_host().to_owned()), Ok("/a/made-up?b=c".to_owned()));
    for (text, problem) in [
        ("", BadAddress::Unreadable),
        ("hooks.example.com/made-up", BadAddress::Unreadable),
        ("https:hooks.example.com", BadAddress::Unreadable),
        ("https://", BadAddress::Unreadable),
        ("https://hooks .example.com", BadAddress::Unreadable),
        ("https://hooks.example.com/\r\nx: y", BadAddress::Unreadable),
        ("https://hooks.example.com:99999", BadAddress::Unreadable),
        ("ftp://hooks.example.com", BadAddress::Scheme),
        ("file:///etc/passwd", BadAddress::Scheme),
        ("gopher://127.0.0.1:25/", BadAddress::Scheme),
        ("https://me:made-up@hooks.example.com", BadAddress::UserInfo),
        ("https://@hooks.example.com", BadAddress::UserInfo),
        ("https://hooks.example.com/#made-up", BadAddress::Fragment),
    ] {
        assert_eq!(Address::parse(text), Err(problem), "{text}");
        assert!(!problem.to_string().contains("made-up"));
    }
    assert_eq!(Address::parse(&format!("https://hooks.example.com/{}", "a".repeat(MAX_BYTES))), Err(BadAddress::Unreadable));
}

#[test]
fn more_path_goes_below() {
    for (base, whole) in [
        ("https://api.example.org", "https://api.example.org/bot1:made-up/sendMessage"),
        ("https://api.example.org/", "https://api.example.org/bot1:made-up/sendMessage"),
        ("https://api.example.org/a/?b=c", "https://api.example.org/a/bot1:made-up/sendMessage"),
    ] {
        assert_eq!(Address::parse(base).unwrap().below(&["bot1:made-up", "sendMessage"]).url().as_str(), whole);
    }
    assert_eq!(Address::parse("https://h.example").unwrap().below(&["../x?y"]).url().path(), "/..%2Fx%3Fy");
}
