//! Where lines and blocks end.

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::writing::{chunks, noise, places, quoted, table};
use crate::bulk::cells::Cells;
use crate::bulk::cut::{BLOCK_LINES, Cutter, Head, Kind, RawBlock, Record};
use crate::bulk::scan::{Fault, LINE_LIMIT, QUOTED_BREAKS};

const SEED: [u8; 32] = [7; 32];

fn cut(kind: Kind, chunks: &[&[u8]]) -> (Option<Head>, Vec<RawBlock>) {
    let mut cutter = Cutter::new(kind, &SEED);
    let mut blocks: Vec<RawBlock> = chunks.iter().flat_map(|chunk| cutter.feed(chunk, false)).collect();
    blocks.extend(cutter.feed(&[], true));
    (cutter.head().cloned(), blocks)
}

/// Line, fault and text of each record.
fn shown(blocks: &[RawBlock]) -> Vec<(i64, Option<Fault>, String)> {
    let show = |(record, bytes): (Record, &[u8])| (record.line, record.fault, String::from_utf8_lossy(bytes).chars().take(60).collect());
    blocks.iter().flat_map(|block| block.lines().map(show).collect::<Vec<_>>()).collect()
}

type Line = (i64, Option<Fault>, Vec<u8>);

/// Everything that is the same whatever the chunks were.
fn whole(blocks: &[RawBlock]) -> Vec<(i64, [u8; 32], Vec<Line>)> {
    let line = |(record, bytes): (Record, &[u8])| (record.line, record.fault, bytes.to_vec());
    blocks.iter().map(|block| (block.number, block.digest, block.lines().map(line).collect())).collect()
}

fn csv(text: &str) -> Vec<(i64, Option<Fault>, String)> {
    shown(&cut(Kind::Csv(None), &[format!("to,name\n{text}").as_bytes()]).1)
}

#[test]
fn line_numbers_are_those_of_an_editor() {
    let plain = |line, text: &str| (line, None, text.to_owned());
    assert_eq!(csv("1,a\n2,b"), [plain(2, "1,a"), plain(3, "2,b")]);
    assert_eq!(csv("1,a\r\n\r\n2,b\r\n"), [plain(2, "1,a"), plain(3, ""), plain(4, "2,b")]);
    assert_eq!(csv("1,a\r2,b\r"), [plain(2, "1,a"), plain(3, "2,b")]);
    assert_eq!(csv("1,\"a\nb\r\nc\"\n2,b\n"), [plain(2, "1,\"a\nb\r\nc\""), plain(5, "2,b")]);
    assert_eq!(csv("1,6\" pipe\n2,\"say \"\"hi\"\"\"\n"), [plain(2, "1,6\" pipe"), plain(3, "2,\"say \"\"hi\"\"\"")]);
}

#[test]
fn a_quote_gone_wrong_costs_its_own_line_alone() {
    let open = Some(Fault::QuoteOpen);
    let found = csv("1,\"a\n2,b\n3,c\n");
    assert_eq!(found, [(2, open, "1,\"a\n".to_owned()), (3, None, "2,b".to_owned()), (4, None, "3,c".to_owned())]);
    let found = csv("1,\"a\n2,\"b\"\n3,c\n");
    assert_eq!(found[0].1, Some(Fault::QuoteMisplaced), "{found:?}");
    assert_eq!(found[1..], [(3, None, "2,\"b\"".to_owned()), (4, None, "3,c".to_owned())]);
    let rows = QUOTED_BREAKS as usize + 50;
    let found = csv(&format!("1,\"a\n{}", "2,b\n".repeat(rows)));
    assert_eq!((found.len(), found[0].1, found.last().unwrap().0), (rows + 1, open, i64::try_from(rows).unwrap() + 2));
    assert!(found[1..].iter().all(|(_, fault, _)| fault.is_none()));
    assert_eq!(csv("1,\"a\" b\n2,c\n").iter().map(|found| found.1).collect::<Vec<_>>(), [Some(Fault::QuoteMisplaced), None]);
}

#[test]
fn a_line_that_is_too_long_is_told_and_let_go_and_the_next_is_read() {
    for (kind, head) in [(Kind::Csv(None), "to,name\n"), (Kind::Ndjson, "")] {
        for (length, fits) in [(LINE_LIMIT, true), (LINE_LIMIT + 1, false), (20 * LINE_LIMIT, false)] {
            let text = format!("{head}{}\nnext\n", "x".repeat(length));
            let mut cutter = Cutter::new(kind, &SEED);
            let mut blocks = Vec::new();
            for chunk in text.as_bytes().chunks(5_000) {
                blocks.extend(cutter.feed(chunk, false));
            }
            blocks.extend(cutter.feed(&[], true));
            let found = shown(&blocks);
            let first = if head.is_empty() { 1 } else { 2 };
            assert_eq!(found.iter().map(|found| (found.0, found.1)).collect::<Vec<_>>(), [(first, (!fits).then_some(Fault::TooLong)), (first + 1, None)], "{kind:?} {length}");
            assert_eq!(whole(&blocks), whole(&cut(kind, &[text.as_bytes()]).1), "{kind:?} {length}");
        }
    }
}

#[test]
fn blocks_have_a_fixed_number_of_lines_and_their_digests_speak_for_all_bytes() {
    let text: String = std::iter::once("to,name\r\n".to_owned()).chain((0..2_500).map(|row| format!("{row},\"a\nb\"\r\n"))).collect();
    let (head, blocks) = cut(Kind::Csv(None), &[text.as_bytes()]);
    assert_eq!(head.unwrap().bytes, b"to,name");
    assert_eq!(blocks.iter().map(|block| (block.number, block.lines().count())).collect::<Vec<_>>(), [(1, BLOCK_LINES), (2, BLOCK_LINES), (3, 500)]);
    let bytes = text.as_bytes();
    let end = |rows: usize| bytes.len() - (rows..2_500).map(|row| format!("{row},\"a\nb\"\r\n").len()).sum::<usize>();
    let chain = |previous: [u8; 32], bytes: &[u8]| -> [u8; 32] { Sha256::new().chain_update(previous).chain_update(bytes).finalize().into() };
    let first = chain(SEED, &bytes[..end(1_000)]);
    let second = chain(first, &bytes[end(1_000)..end(2_000)]);
    assert_eq!([blocks[0].digest, blocks[1].digest, blocks[2].digest], [first, second, chain(second, &bytes[end(2_000)..])]);
    assert_eq!(blocks[1].span(), (2 + 2_000, 2 + 2 * 1_999, BLOCK_LINES));
}

#[test]
fn a_block_of_long_lines_ends_sooner() {
    let text = format!("{}\n", "x".repeat(LINE_LIMIT - 1)).repeat(40);
    let blocks = cut(Kind::Ndjson, &[text.as_bytes()]).1;
    assert_eq!(blocks.iter().map(|block| block.lines().count()).collect::<Vec<_>>(), [16, 16, 8]);
}

#[test]
fn delimiters_marks_and_their_line_are_found() {
    for (text, delimiter, head) in [
        ("to,name\n1,a", b',', "to,name"),
        ("to;name, first;x\n1;a;b", b';', "to;name, first;x"),
        ("\u{feff}to\tname\r\n1\ta", b'\t', "to\tname"),
        ("\n\n\"a,b,c\";to\n", b';', "\"a,b,c\";to"),
        ("to\n0712345678\n", b',', "to"),
        ("SEP=|\r\nto|a,b,c\n1|2", b'|', "to|a,b,c"),
        ("to;a;b", b';', "to;a;b"),
        ("to", b',', "to"),
    ] {
        let (found, _) = cut(Kind::Csv(None), &[text.as_bytes()]);
        let found = found.unwrap();
        assert_eq!((found.delimiter, found.bytes.as_slice()), (delimiter, head.as_bytes()), "{text:?}");
    }
    for empty in ["", "\u{feff}", "\n\r\n  \n"] {
        assert_eq!(cut(Kind::Csv(None), &[empty.as_bytes()]).0, None, "{empty:?}");
    }
    assert_eq!(cut(Kind::Csv(Some(b'|')), &[b"to|a;b;c\n1|2"]).0.unwrap().delimiter, b'|');
}

fn cells(bytes: &[u8], delimiter: u8) -> Vec<String> {
    let mut cells = Cells::new(delimiter);
    cells.split(bytes).unwrap();
    cells.iter().map(str::to_owned).collect()
}

#[test]
fn cells_are_taken_apart() {
    for (line, expected) in [
        ("a,b", vec!["a", "b"]),
        ("a,", vec!["a", ""]),
        (",", vec!["", ""]),
        ("\"\"", vec![""]),
        ("\"a,\"\"b\"\"\",c\"d", vec!["a,\"b\"", "c\"d"]),
        (" a , b ", vec![" a ", " b "]),
    ] {
        assert_eq!(cells(line.as_bytes(), b','), expected, "{line:?}");
    }
    let wide = vec!["x"; 1_000].join(";");
    assert_eq!(cells(wide.as_bytes(), b';').len(), 1_000);
    assert!(Cells::new(b',').split(b"a,\xff").is_err());
    assert!(Cells::new(b',').split(b"\xe2,\x82\xac").is_err(), "halves of a character in two cells are no text");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn chunks_make_no_difference(bytes in noise(), places in places(), kind in prop::sample::select(vec![Kind::Csv(None), Kind::Csv(Some(b';')), Kind::Ndjson])) {
        let (head, at_once) = cut(kind, &[&bytes]);
        let (other_head, parts) = cut(kind, &chunks(&bytes, &places));
        prop_assert_eq!(head, other_head);
        prop_assert_eq!(whole(&at_once), whole(&parts));
        let one_by_one: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(whole(&at_once), whole(&cut(kind, &one_by_one).1));
        // Lines follow one another, and none is told twice.
        let lines: Vec<i64> = at_once.iter().flat_map(|block| block.lines().map(|(record, _)| record.line).collect::<Vec<_>>()).collect();
        prop_assert!(lines.is_sorted_by(|a, b| a < b), "{:?}", lines);
    }

    #[test]
    fn a_table_comes_back_with_the_lines_it_stands_in(table in table(), crlf in any::<bool>(), places in places()) {
        let end = if crlf { "\r\n" } else { "\n" };
        let mut text = format!("to,a,b{end}");
        let mut expected = Vec::new();
        for row in &table {
            // A row of which nothing is seen is no row.
            let row: Vec<String> = row.iter().enumerate().map(|(place, cell)| if place == 0 { format!("x{cell}") } else { cell.clone() }).collect();
            expected.push((i64::try_from(text.matches('\n').count()).unwrap() + 1, row.clone()));
            text.push_str(&row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
            text.push_str(end);
        }
        let (_, blocks) = cut(Kind::Csv(None), &chunks(text.as_bytes(), &places));
        let found: Vec<(i64, Vec<String>)> = blocks.iter().flat_map(|block| block.lines().map(|(record, bytes)| (record.line, cells(bytes, b','))).collect::<Vec<_>>()).collect();
        prop_assert_eq!(found, expected);
    }
}
