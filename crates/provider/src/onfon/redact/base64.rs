//! The forms that bytes take inside base64 text, wherever in it they begin.
//!
//! Knows nothing of: decoding, secrets.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The characters that are the same whatever stands before and after, for each of the three places in a group where the bytes can begin, in both alphabets.
pub(super) fn forms(bytes: &[u8]) -> Vec<String> {
    let mut forms = Vec::new();
    for before in 0..3_usize {
        let padded: Vec<u8> = std::iter::repeat_n(0, before).chain(bytes.iter().copied()).collect();
        let encoded = encode(&padded);
        // Characters that also hold bits of a neighbour are left out.
        let first = (before * 8).div_ceil(6);
        let last = padded.len() * 8 / 6;
        let standard: String = encoded.get(first..last).unwrap_or_default().to_owned();
        let url_safe = standard.replace('+', "-").replace('/', "_");
        if url_safe != standard {
            forms.push(url_safe);
        }
        forms.push(standard);
    }
    // Bytes that begin a text also end in a character of their own: the last bits with zeros behind.
    let whole = encode(bytes);
    forms.push(whole.replace('+', "-").replace('/', "_"));
    forms.push(whole);
    forms
}

/// Without padding.
fn encode(bytes: &[u8]) -> String {
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let sum = (0..3).fold(0_u32, |sum, i| sum << 8 | u32::from(group.get(i).copied().unwrap_or(0)));
        for place in 0..=group.len() {
            let index = usize::try_from(sum >> (18 - 6 * place) & 63).unwrap_or(0);
            out.push(char::from(STANDARD.get(index).copied().unwrap_or(b'A')));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_vectors() {
        for (plain, encoded) in [("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(encode(plain.as_bytes()), encoded);
        }
        assert_eq!(encode(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn bytes_are_found_wherever_they_begin() {
        let secret = b"made-up-key-1?>";
        for before in ["", "a", "ab", "abc", "user:"] {
            for after in ["", "z", "zz"] {
                let text = encode(&[before.as_bytes(), secret, after.as_bytes()].concat());
                assert!(forms(secret).iter().any(|form| text.contains(form)), "{before} {after} {text}");
            }
        }
    }
}
