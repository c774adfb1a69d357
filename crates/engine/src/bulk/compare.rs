//! Whether a stream that comes again is the one that is kept. Digests chain, so that the last one speaks for all before it.

use salio_store::StreamPlace;

use super::cut::RawBlock;
use super::request::BulkError;

pub(super) struct Comparison<'a> {
    place: &'a StreamPlace,
    /// Blocks that came.
    came: i64,
}

impl<'a> Comparison<'a> {
    pub(super) const fn of(place: &'a StreamPlace) -> Self {
        Self { place, came: 0 }
    }

    /// Whether the block is kept already.
    pub(super) fn again(&mut self, raw: &RawBlock) -> Result<bool, BulkError> {
        self.came = raw.number;
        if raw.number == self.place.blocks && self.place.digest != Some(raw.digest) {
            return Err(BulkError::KeyReused);
        }
        Ok(raw.number <= self.place.blocks)
    }

    /// The block must be kept already.
    pub(super) fn exact(&mut self, raw: &RawBlock) -> Result<(), BulkError> {
        if self.again(raw)? { Ok(()) } else { Err(BulkError::KeyReused) }
    }

    /// A stream that ends before what is kept of it is another one.
    pub(super) const fn ended(&self) -> Result<(), BulkError> {
        if self.came < self.place.blocks { Err(BulkError::KeyReused) } else { Ok(()) }
    }
}
