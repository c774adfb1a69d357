//! One line of CSV taken apart into its cells. Knows nothing of what they mean.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// Cells at once; more grow it.
const USUAL: usize = 32;

/// A line that is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotUtf8;

/// The cells of one line; used again for the next.
pub(super) struct Cells {
    reader: Reader,
    text: String,
    spare: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
}

impl Cells {
    pub(super) fn new(delimiter: u8) -> Self {
        let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
        // The first bytes that the reader sees may be a byte order mark, which it would drop. Ours is dropped already.
        reader.read_record(b"\n", &mut [0], &mut [0]);
        Self { reader, text: String::new(), spare: Vec::new(), ends: vec![0; USUAL], count: 0 }
    }

    /// Takes a line, given without its ending, apart.
    pub(super) fn split(&mut self, line: &[u8]) -> Result<(), NotUtf8> {
        // Checked as written: cells put together could make a character that no cell holds.
        std::str::from_utf8(line).map_err(|_| NotUtf8)?;
        let mut out = std::mem::take(&mut self.spare);
        out.resize(line.len() + 1, 0);
        let (mut rest, mut written, mut count, mut ended) = (line, 0, 0, false);
        loop {
            let (result, taken, put, ends) = self.reader.read_record(rest, out.get_mut(written..).unwrap_or_default(), self.ends.get_mut(count..).unwrap_or_default());
            (rest, written, count) = (rest.get(taken..).unwrap_or_default(), written + put, count + ends);
            match result {
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::OutputFull => out.resize(out.len() * 2, 0),
                ReadRecordResult::InputEmpty if !ended => (rest, ended) = (b"\n", true),
                ReadRecordResult::InputEmpty | ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        out.truncate(written);
        self.count = count;
        let before = std::mem::replace(&mut self.text, String::from_utf8(out).map_err(|_| NotUtf8)?);
        self.spare = before.into_bytes();
        Ok(())
    }

    pub(super) const fn count(&self) -> usize {
        self.count
    }

    pub(super) fn get(&self, place: usize) -> Option<&str> {
        let end = *self.ends.get(..self.count)?.get(place)?;
        let begin = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(begin..end)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.count).filter_map(|place| self.get(place))
    }
}
