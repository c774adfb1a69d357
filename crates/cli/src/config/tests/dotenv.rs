//! `.env` files as they are found: of the previous system, edited by hand, from other machines.

use super::super::dotenv::read;
use super::*;

fn values(text: &str) -> Vec<(usize, String, Result<String, &'static str>)> {
    read(text, &[("OUTSIDE".to_owned(), "from the environment".to_owned())]).into_iter().map(|v| (v.line, v.name, v.value)).collect()
}

#[test]
fn one_value_in_every_dress() {
    for (line, value) in [
        ("ONFON_X=plain", "plain"),
        ("  ONFON_X = plain  ", "plain"),
        ("export ONFON_X=plain", "plain"),
        ("\texport\tONFON_X=plain", "plain"),
        ("\u{feff}ONFON_X=plain", "plain"),
        ("ONFON_X=plain\r", "plain"),
        ("ONFON_X=two words", "two words"),
        ("ONFON_X=plain # why", "plain"),
        ("ONFON_X=pl#ain", "pl#ain"),
        ("ONFON_X=#all comment", ""),
        ("ONFON_X=", ""),
        ("ONFON_X=\"\"", ""),
        ("ONFON_X=''", ""),
        ("ONFON_X='it # stays'", "it # stays"),
        ("ONFON_X=\"it # stays\" # why", "it # stays"),
        ("ONFON_X='a\\nb'", "a\\nb"),
        ("ONFON_X=\"a\\nb\\t\\\"c\\\" \\\\ \\$ \\d\"", "a\nb\t\"c\" \\ $ \\d"),
        ("ONFON_X=a\\nb", "a\\nb"),
        ("ONFON_X=O'Brien \"x\"", "O'Brien \"x\""),
        ("ONFON_X=base64+/==", "base64+/=="),
        ("ONFON_X=a=b=c", "a=b=c"),
        ("ONFON_X=cost$5 $HOME", "cost$5 $HOME"),
        ("ONFON_X=${OUTSIDE}!", "from the environment!"),
        ("ONFON_X=\"${OUTSIDE}!\"", "from the environment!"),
        ("ONFON_X='${OUTSIDE}'", "${OUTSIDE}"),
        ("ONFON_X=\"\\${OUTSIDE}\"", "${OUTSIDE}"),
        ("ONFON_X=${not a name} ${}", "${not a name} ${}"),
        ("ONFON_X=jambo ñ 😀", "jambo ñ 😀"),
    ] {
        assert_eq!(values(line), [(1, "ONFON_X".to_owned(), Ok(value.to_owned()))], "{line:?}");
    }
}

#[test]
fn broken_lines_of_ours_are_named() {
    for line in
        ["ONFON_X", "ONFON_X value", "ONFON_X: value", "export ONFON_X", "ONFON_X='open", "ONFON_X=\"open", "ONFON_X=\"a\" b", "ONFON_X='a'b", "ONFON_X=${UNSET}", "SALIO_Y.z=1"]
    {
        let read = values(&format!("# first\n{line}\nSALIO_Z=fine"));
        assert_eq!(read.len(), 2, "{line:?}: {read:?}");
        assert!(read[0].0 == 2 && read[0].2.is_err(), "{line:?}: {read:?}");
        assert_eq!(read[1], (3, "SALIO_Z".to_owned(), Ok("fine".to_owned())), "{line:?}");
    }
}

#[test]
fn a_later_line_wins_and_lines_may_refer_back() {
    assert_eq!(dotenv_text("SALIO_LISTEN=127.0.0.1:1\nSALIO_LISTEN=127.0.0.1:2").settings().server.listen.port(), 2);
    let settings = dotenv_text("SMS_KEY='made-up-key'\nONFON_API_KEY=\"${SMS_KEY}\"\nONFON_CLIENT_ID=${ONFON_API_KEY}-client").settings();
    assert_eq!(settings.accounts[0].client_id.expose(), "made-up-key-client");
}

#[test]
fn several_lines_in_quotes_are_one_value() {
    let text = "KEY=\"-----BEGIN MADE UP-----\nnot=a line\n'odd' # \\\" text\n-----END MADE UP-----\"\nONFON_X='a\r\nb'\nSALIO_Z=1";
    assert_eq!(values(text), [(5, "ONFON_X".to_owned(), Ok("a\nb".to_owned())), (7, "SALIO_Z".to_owned(), Ok("1".to_owned()))]);
}

#[test]
fn an_open_quote_above_never_swallows_a_line_of_ours() {
    for odd in [
        "APP_NAME=\"never closed",
        "APP_NAME='never closed",
        "APP_NAME=\"closed\" but not the end",
        "MAIL=\"${UNSET_THING}\"",
        "MAIL_FROM=${UNSET_THING}",
        "this is no assignment",
        "=value",
        "foo-bar.baz=1",
        "<?php echo 'hi';",
        "\u{0}\u{1}binary",
        "export",
        "\"quoted\"=1",
    ] {
        for after in ["", "\nOTHER=\"x\"", "\nOTHER='x'", "\nOTHER=\"", "\nOTHER=x\" "] {
            let text = format!("{odd}\nONFON_X=mine{after}");
            assert_eq!(values(&text), [(2, "ONFON_X".to_owned(), Ok("mine".to_owned()))], "{text:?}");
        }
    }
}

#[test]
fn an_old_file_is_taken_as_it_is() {
    let text = include_str!("previous.env").replace('\n', "\r\n");
    let settings = dotenv_text(&text).settings();
    let account = &settings.accounts[0];
    assert_eq!((account.api_key.expose(), account.client_id.expose()), ("made-up+key/for=tests==", "made-up-client"));
    assert_eq!((account.api_url.as_str(), account.sender_id.as_deref()), ("https://api.onfonmedia.co.ke/v1/sms/SendBulkSMS", Some("MY SHOP")));
    assert_eq!(settings.setup_missing.len(), 0);
}
