//! Cuts a stream of bytes into blocks of lines, each with a digest over everything up to its end. The same bytes are cut alike whatever their chunks were,
//! so that a stream that is sent again can be compared with what is kept of it.
//!
//! Knows nothing of: cells, columns, messages. Holds one block and one line at most.

use sha2::{Digest, Sha256};

use super::header::{is_blank, is_separator, sniffed};
use super::scan::{Fault, Form, LINE_LIMIT, Scan};

/// Lines of a block.
pub(super) const BLOCK_LINES: usize = 1_000;
/// A block ends with the line that brings it to so many bytes, however few its lines are.
const BLOCK_BYTES: usize = 1 << 20;
/// Looked at together; bounds what is moved when a block ends.
const PIECE: usize = 64 * 1024;
/// What is kept of a line that is too long, to show it.
const KEPT: usize = 512;
/// Some editors begin UTF-8 with it; it says nothing.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

pub(super) type Sum = [u8; 32];

/// A line in its block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    from: usize,
    to: usize,
    /// As an editor counts, from 1.
    pub line: i64,
    pub fault: Option<Fault>,
}

/// Lines as they came.
#[derive(Clone, Debug)]
pub(super) struct RawBlock {
    /// Its place, from 1.
    pub number: i64,
    /// Over the seed and every byte up to its end.
    pub digest: Sum,
    bytes: Vec<u8>,
    records: Vec<Record>,
}

impl RawBlock {
    /// Its lines, without their endings.
    pub(super) fn lines(&self) -> impl Iterator<Item = (Record, &[u8])> {
        self.records.iter().map(|record| (*record, self.bytes.get(record.from..record.to).unwrap_or_default()))
    }

    /// Its first and its last line, and how many there are.
    pub(super) fn span(&self) -> (i64, i64, usize) {
        let line = |record: Option<&Record>| record.map_or(0, |record| record.line);
        (line(self.records.first()), line(self.records.last()), self.records.len())
    }
}

/// The line with the names of the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub bytes: Vec<u8>,
    pub delimiter: u8,
    pub fault: Option<Fault>,
}

/// What a stream says of itself before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// With a header; the delimiter is found in it when it is not given.
    Csv(Option<u8>),
    /// Without.
    Ndjson,
}

pub(super) struct Cutter {
    kind: Kind,
    /// Set once the delimiter is known.
    form: Option<Form>,
    scan: Scan,
    /// What has come since the last block.
    bytes: Vec<u8>,
    /// Where the line begins that is looked at.
    start: usize,
    /// What is in the digest already.
    hashed: usize,
    /// Bytes that were let go.
    dropped: usize,
    hasher: Sha256,
    records: Vec<Record>,
    line: i64,
    number: i64,
    head: Option<Head>,
}

impl Cutter {
    /// `seed`: what the stream depends on beside its bytes.
    pub(super) fn new(kind: Kind, seed: &Sum) -> Self {
        Self {
            kind,
            form: None,
            scan: Scan::new(Form::Ndjson),
            bytes: Vec::new(),
            start: 0,
            hashed: 0,
            dropped: 0,
            hasher: Sha256::new().chain_update(seed),
            records: Vec::new(),
            line: 1,
            number: 1,
            head: None,
        }
    }

    /// The header, once it has come.
    pub(super) const fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    /// The blocks that these bytes make whole; after the last bytes also the one that is not full.
    pub(super) fn feed(&mut self, bytes: &[u8], ended: bool) -> Vec<RawBlock> {
        let mut blocks = Vec::new();
        for piece in bytes.chunks(PIECE) {
            self.bytes.extend_from_slice(piece);
            self.cut(false, &mut blocks);
        }
        if ended {
            self.cut(true, &mut blocks);
            if self.start + self.dropped > 0 {
                blocks.push(self.block());
            }
        }
        blocks
    }

    fn cut(&mut self, ended: bool, blocks: &mut Vec<RawBlock>) {
        if self.form.is_none() && !self.begin(ended) {
            return;
        }
        while let Some(found) = self.scan.next(self.bytes.get(self.start..).unwrap_or_default(), ended) {
            let (from, end) = (self.start, self.start + found.length);
            let to = end - found.ending;
            // How much has come of a lost line when its end is found depends on the chunks; what is kept of it must not.
            let to = if found.fault.is_some() { to.min(from + KEPT) } else { to };
            let record = Record { from, to, line: self.line, fault: found.fault };
            self.line += i64::from(found.breaks);
            self.start = end;
            self.take(record);
            if self.records.len() >= BLOCK_LINES || self.start + self.dropped >= BLOCK_BYTES {
                blocks.push(self.block());
            }
        }
        self.let_go();
    }

    /// Finds out how lines are told apart; false while too little has come.
    fn begin(&mut self, ended: bool) -> bool {
        if self.bytes.len() < BYTE_ORDER_MARK.len() && !ended {
            return false;
        }
        let mark = if self.bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let form = match self.kind {
            Kind::Ndjson => Some(Form::Ndjson),
            Kind::Csv(Some(delimiter)) => Some(Form::Csv(delimiter)),
            Kind::Csv(None) => sniffed(self.bytes.get(mark..).unwrap_or_default(), ended, LINE_LIMIT).map(Form::Csv),
        };
        if let Some(form) = form {
            (self.start, self.scan) = (mark, Scan::new(form));
        }
        self.form = form;
        form.is_some()
    }

    fn take(&mut self, record: Record) {
        if let (Some(Form::Csv(delimiter)), None) = (self.form, &self.head) {
            let content = self.bytes.get(record.from..record.to).unwrap_or_default();
            if is_separator(content) {
                return;
            }
            if !is_blank(content) {
                self.head = Some(Head { bytes: content.to_vec(), delimiter, fault: record.fault });
                return;
            }
        }
        self.records.push(record);
    }

    fn block(&mut self) -> RawBlock {
        self.hasher.update(self.bytes.get(self.hashed..self.start).unwrap_or_default());
        let rest = self.bytes.split_off(self.start);
        let digest: Sum = self.hasher.finalize_reset().into();
        self.hasher.update(digest);
        (self.start, self.hashed, self.dropped) = (0, 0, 0);
        self.number += 1;
        RawBlock { number: self.number - 1, digest, bytes: std::mem::replace(&mut self.bytes, rest), records: std::mem::take(&mut self.records) }
    }

    /// Nobody needs the whole of a lost line. What was not looked at stays: it may be half of a line break.
    fn let_go(&mut self) {
        let (keep, seen) = (self.start + KEPT, self.start + self.scan.seen());
        if self.scan.is_lost() && seen > keep {
            self.hasher.update(self.bytes.get(self.hashed..seen).unwrap_or_default());
            self.bytes.drain(keep..seen);
            self.scan.let_go(seen - keep);
            self.dropped += seen - keep;
            self.hashed = keep;
        }
    }
}
