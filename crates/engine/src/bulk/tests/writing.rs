//! Bytes for the tests: tables written as CSV, noise that looks like it, and chunks.

use proptest::prelude::*;

/// Cuts bytes at these places.
pub fn chunks<'a>(bytes: &'a [u8], places: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut ends: Vec<usize> = places.iter().map(|place| place.index(bytes.len() + 1)).collect();
    ends.push(bytes.len());
    ends.sort_unstable();
    let begins = std::iter::once(0).chain(ends.clone());
    begins.zip(ends.iter().copied()).map(|(begin, end)| &bytes[begin..end]).collect()
}

pub fn places() -> impl Strategy<Value = Vec<prop::sample::Index>> {
    prop::collection::vec(any::<prop::sample::Index>(), 0..40)
}

/// Made of what matters to a reader of CSV, and of what no reader expects.
pub fn noise() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec!["\n", "\r\n", "\r", "\"", "\"\"", ",", ";", "\t", ",\"", "\",", "\"\n", "a", " "]).prop_map(|text| text.as_bytes().to_vec()),
        3 => prop::sample::select(vec!["0712345678", "to,text\n", "to,name\n", "{name}", "{}", "é", "\u{feff}", "sep=;\n", "{\"to\":\"0712345678\",\"text\":\"a\"}\n"]).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..6),
        1 => (1usize..40).prop_map(|times| "long \"line\", ".repeat(times * 20).into_bytes()),
    ];
    prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

/// A cell as spreadsheets write it.
pub fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// Rows of three cells.
pub fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    let cell = prop::string::string_regex("[a-z0-9é,;\"\n ]{0,12}").unwrap();
    prop::collection::vec(prop::collection::vec(cell, 3), 0..40)
}
