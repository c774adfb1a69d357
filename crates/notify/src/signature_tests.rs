//! Known answers, and that nothing but the whole truth verifies.

use proptest::prelude::*;

use super::*;

/// The published example of the specification's reference libraries: secret, id, timestamp, body, signature.
const PUBLISHED: [&str; 5] =
    ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", r#"{"test": 2432232314}"#, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="];
/// `hmac.new(bytes(range(32)), b'evt_made-up.1795000000.' + '{"unit":"€"}'.encode(), hashlib.sha256)` in Python.
const COMPUTED: [&str; 5] =
    ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "evt_made-up", "1795000000", r#"{"unit":"€"}"#, "v1,HtnlJK5NF419JT//9Q8klhQw2+Ace2oyn/fmki63n7M="];

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000 + 999_999)
}

fn secret(fill: u8) -> SigningSecret {
    SigningSecret::from_bytes(vec![fill; 32]).unwrap()
}

#[test]
fn known_answers() {
    for [secret, id, timestamp, body, signature] in [PUBLISHED, COMPUTED] {
        let secrets = [SigningSecret::parse(secret).unwrap()];
        let now = at(timestamp.parse().unwrap());
        let signed = sign(&secrets, id, now, body.as_bytes()).unwrap();
        assert_eq!(signed, Signed { id: id.to_owned(), timestamp: timestamp.to_owned(), signature: signature.to_owned() });
        assert_eq!(verify(&secrets, &signed, body.as_bytes(), now), Ok(()));
        assert_eq!(secrets[0].expose(), secret);
        assert_eq!(SigningSecret::parse(secret.strip_prefix(PREFIX).unwrap()).as_ref(), Ok(&secrets[0]));
    }
}

#[test]
fn secrets_have_a_form_and_hide_it() {
    for text in ["", "whsec_", "whsec_made-up", "whsec_AAECAwQF", &format!("whsec_{}", STANDARD.encode([7; 65])), "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="] {
        assert_eq!(SigningSecret::parse(text), Err(BadSecret), "{text}");
    }
    assert_eq!(format!("{:?}", secret(7)), "SigningSecret(hidden)");
}

#[test]
fn a_change_of_secrets_is_seamless() {
    let (old, new, other) = (secret(1), secret(2), secret(3));
    let signed = sign(&[new.clone(), old.clone()], "evt_1", at(1000), b"{}").unwrap();
    assert_eq!(signed.signature.split(' ').count(), 2);
    for (holder, expected) in [(&old, Ok(())), (&new, Ok(())), (&other, Err(Unverified::Signature))] {
        assert_eq!(verify(std::slice::from_ref(holder), &signed, b"{}", at(1000)), expected);
    }
    assert_eq!(verify(&[other, old], &signed, b"{}", at(1000)), Ok(()));
    assert_eq!(verify(&[], &signed, b"{}", at(1000)), Err(Unverified::Signature));
}

#[test]
fn old_new_and_odd_calls_are_not_believed() {
    let secrets = [secret(1)];
    let signed = sign(&secrets, "evt_1", at(1000), b"{}").unwrap();
    for (now, expected) in [(1000, Ok(())), (1300, Ok(())), (1301, Err(Unverified::TooOld)), (700, Ok(())), (699, Err(Unverified::TooNew))] {
        assert_eq!(verify(&secrets, &signed, b"{}", at(now)), expected, "{now}");
    }
    for (timestamp, expected) in [("", Unverified::Timestamp), ("1000.5", Unverified::Timestamp), ("soon", Unverified::Timestamp), ("01000", Unverified::Signature)] {
        let odd = Signed { timestamp: timestamp.to_owned(), ..signed.clone() };
        assert_eq!(verify(&secrets, &odd, b"{}", at(1000)), Err(expected), "{timestamp}");
    }
    let own = signed.signature.as_str();
    for (signature, fits) in
        [(format!("v1a,x v2,{} {own}", &own[3..]), true), (format!("v2,{}", &own[3..]), false), (own[3..].to_owned(), false), (own[..20].to_owned(), false), (String::new(), false)]
    {
        let odd = Signed { signature: signature.clone(), ..signed.clone() };
        assert_eq!(verify(&secrets, &odd, b"{}", at(1000)).is_ok(), fits, "{signature}");
    }
    let late = Signed { signature: format!("{}{own}", "v1,AAAA ".repeat(MAX_SIGNATURES)), ..signed };
    assert_eq!(verify(&secrets, &late, b"{}", at(1000)), Err(Unverified::Signature), "the work on one header has an end");
}

#[test]
fn ids_that_could_be_read_two_ways_are_not_signed() {
    for id in ["", "evt.1", "evt 1", "evt_1\r\nx: y", "é", &"a".repeat(MAX_ID + 1)] {
        assert_eq!(sign(&[secret(1)], id, at(1000), b"{}"), None, "{id:?}");
    }
    assert_eq!(sign(&[], "evt_1", at(1000), b"{}"), None);
}

proptest! {
    #[test]
    fn any_change_is_seen(id in "[a-zA-Z0-9_-]{1,20}", body in prop::collection::vec(any::<u8>(), 0..200), seconds in 0..4_000_000_000_i64, which in 0..3_usize, bit in 0..8_u8, place in any::<prop::sample::Index>()) {
        let secrets = [secret(9)];
        let signed = sign(&secrets, &id, at(seconds), &body).unwrap();
        prop_assert_eq!(verify(&secrets, &signed, &body, at(seconds)), Ok(()));
        let (mut changed, mut other) = (signed.clone(), body.clone());
        match which {
            0 => changed.id.push('x'),
            1 => changed.timestamp = (seconds + 1).to_string(),
            _ if other.is_empty() => other.push(0),
            _ => { let place = place.index(other.len()); other[place] ^= 1 << bit; }
        }
        prop_assert_eq!(verify(&secrets, &changed, &other, at(seconds)), Err(Unverified::Signature));
    }
}
