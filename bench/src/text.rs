//! The numbers and texts that are sent: made up, one segment each.

use std::io::Write as _;

const NAMES: [&str; 8] = ["Asha", "Brian", "Cherono", "Daudi", "Esther", "Faraji", "Grace", "Hamisi"];

/// A Kenyan number for each `n` below 100 million.
pub fn number(n: u64) -> String {
    format!("2547{:08}", n % 100_000_000)
}

fn name(n: u64) -> &'static str {
    NAMES.get((n % 8) as usize).copied().unwrap_or_default()
}

/// What the template of [`lines`] makes for line `n`.
pub fn personal(n: u64) -> String {
    format!("Hello {} {n}, your order is ready for collection. Thank you for shopping with us.", name(n))
}

/// The template of [`lines`].
pub const TEMPLATE: &str = "Hello {name}, your order is ready for collection. Thank you for shopping with us.";

/// So many lines of CSV with a header, recipients unlike each other, personalised by `{name}`.
pub fn lines(count: usize) -> Vec<u8> {
    let mut csv = b"to,name\n".to_vec();
    for n in 0..count as u64 {
        // Writing into memory cannot fail.
        let _ = writeln!(csv, "{},{} {n}", number(n), name(n));
    }
    csv
}

/// The JSON body of one message.
pub fn one(n: u64) -> String {
    format!(r#"{{"to":"{}","text":"{}"}}"#, number(n), personal(n))
}

/// The JSON body of a list that shares a text.
pub fn list(first: u64, count: u64) -> String {
    let numbers: Vec<_> = (first..first + count).map(|n| format!("\"{}\"", number(n))).collect();
    format!(r#"{{"to":[{}],"text":"Your order is ready for collection. Thank you for shopping with us."}}"#, numbers.join(","))
}

/// Percent-encoded for a query.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
