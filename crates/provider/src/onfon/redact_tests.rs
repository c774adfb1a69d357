//! Secrets in every encoding they could come back in.

use super::*;

const KEY: &str = "Made+up/Key=1&x";
const ID: &str = "made-up-client-guid";

fn redactor() -> Redactor {
    Redactor::new(&[Secret::from(KEY), Secret::from(ID), Secret::from("made up access")])
}

#[test]
fn every_encoding_is_found() {
    for form in [
        "Made+up/Key=1&x",
        "made+UP/key=1&X",
        "Made%2Bup%2FKey%3D1%26x",
        "Made%2bup%2fKey%3d1%26x",
        "%4Dade%252Bup%252FKey%3D1&x",
        r"Made+up\/Key=1&x",
        r"Made\u002Bup\/Key\u003d1\u0026x",
        r"Made\\u002bup\\/Key=1&x",
        "Made&#43;up&#x2F;Key&#61;1&amp;x",
        "made up access",
        "made+up+access",
        "made%20up%20access",
        "MADE-UP-CLIENT-GUID",
        "TWFkZSt1cC9LZXk9MSZ4",
        "bWFkZS11cC1jbGllbnQtZ3VpZA",
    ] {
        let cleaned = redactor().clean(&format!("before {form} after"));
        assert_eq!(cleaned, "before [hidden] after", "{form}");
    }
}

#[test]
fn base64_of_a_pair_is_found() {
    // "made-up-client-guid:Made+up/Key=1&x", as in HTTP Basic.
    let text = "Basic bWFkZS11cC1jbGllbnQtZ3VpZDpNYWRlK3VwL0tleT0xJng=";
    let cleaned = redactor().clean(text);
    assert!(!cleaned.contains("bWFkZS11cC1jbGllbnQ") && !cleaned.contains("WRlK3VwL0tleT0xJn"), "{cleaned}");
}

#[test]
fn overlapping_and_repeated_secrets_leave_nothing() {
    let redactor = Redactor::new(&[Secret::from("abcdef"), Secret::from("defghi"), Secret::from("abc")]);
    assert_eq!(redactor.clean("abcdefghi-abc-abcdefabcdef"), "[hidden]-[hidden]-[hidden][hidden]");
}

#[test]
fn short_words_are_replaced_too() {
    let redactor = Redactor::new(&[Secret::from("ab"), Secret::default()]);
    assert_eq!(redactor.clean(r#"{"ClientId":"AB"}"#), r#"{"ClientId":"[hidden]"}"#);
}

#[test]
fn a_text_cut_off_inside_a_secret_shows_no_part_of_it() {
    assert_eq!(redactor().clean("key: Made+up/K"), "key: [hidden]");
    assert_eq!(redactor().clean("key: Made%2Bup%2"), "key: [hidden]");
    assert_eq!(redactor().clean("key: Mad"), "key: Mad");
}

#[test]
fn a_raw_answer_is_cleaned_before_it_is_cut() {
    let text = format!("{}{KEY}{}", "é".repeat(RAW_BYTES / 2 - 8), "z".repeat(5000));
    let raw = redactor().raw(&text);
    assert!(raw.len() <= RAW_BYTES && !raw.contains("Made"), "{raw}");
    assert!(raw.ends_with('…'));
}

#[test]
fn innocent_texts_stay() {
    for text in ["", "Success", "KSh11,378.67", r#"{"a":"b\\c %41 &#65; + é"}"#, "%", "\\", "&#", "%2", "\\u00"] {
        assert_eq!(redactor().clean(text), text);
    }
}

#[test]
fn hostile_texts_cost_little() {
    for unit in ["&#", "%25", "\\", "%", "M%4", "Made+up/Key=1&", "&amp;"] {
        let text = unit.repeat(20_000 / unit.len());
        let cleaned = redactor().clean(&text);
        assert!(cleaned.len() <= text.len() + 64, "{unit}");
        let raw = redactor().raw(&unit.repeat(1_000_000 / unit.len()));
        assert!(raw.len() <= RAW_BYTES && raw.ends_with('…'), "{unit}");
    }
}

#[test]
fn it_shows_nothing_of_itself() {
    assert_eq!(format!("{:?}", redactor()), "Redactor");
}
