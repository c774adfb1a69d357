//! Where a line of a stream ends, byte by byte: the same answer whatever the chunks were. Knows quotes and line breaks; not columns, JSON or texts.

/// A line, line breaks in its quotes included, has at most so many bytes. The longest text that can be sent takes less than a tenth of it.
pub const LINE_LIMIT: usize = 64 * 1024;
/// A quoted cell goes over at most so many line breaks: beyond, its quote was not meant to be open, and the lines after it are read by themselves.
pub const QUOTED_BREAKS: u32 = 100;

/// Why a line cannot be taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// More bytes than [`LINE_LIMIT`].
    TooLong,
    /// A quote was opened and not closed.
    QuoteOpen,
    /// A closing quote is followed by something else than the end of the cell.
    QuoteMisplaced,
}

/// How lines are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Cells between such delimiters, quoted where they hold one or a line break.
    Csv(u8),
    /// Line breaks alone.
    Ndjson,
}

/// A line with its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// All of its bytes.
    pub length: usize,
    /// Of them, those of its ending.
    pub ending: usize,
    /// Line breaks in it, that of its end included.
    pub breaks: u32,
    pub fault: Option<Fault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    CellStart,
    Plain,
    Quoted,
    /// After a quote in quotes: it closes the cell, or is the first of two.
    AfterQuote,
    /// The line is lost; its end is looked for.
    Lost(Fault),
}

/// Looks for the end of one line after the other.
#[derive(Clone, Debug)]
pub(super) struct Scan {
    form: Form,
    /// Bytes of the line that were looked at.
    at: usize,
    place: Place,
    /// Where the first line break in quotes ends.
    first: Option<usize>,
    breaks: u32,
}

impl Scan {
    pub(super) const fn new(form: Form) -> Self {
        Self { form, at: 0, place: Place::CellStart, first: None, breaks: 0 }
    }

    /// Whether nothing but the end of the line is wanted any more.
    pub(super) const fn is_lost(&self) -> bool {
        matches!(self.place, Place::Lost(_))
    }

    /// Bytes of the line that were looked at.
    pub(super) const fn seen(&self) -> usize {
        self.at
    }

    /// Bytes of a lost line were let go.
    pub(super) const fn let_go(&mut self, bytes: usize) {
        self.at = self.at.saturating_sub(bytes);
    }

    /// The next line; `line` begins with it and is what has come. None: its end has not come yet, or nothing is left.
    pub(super) fn next(&mut self, line: &[u8], ended: bool) -> Option<Found> {
        let found = match self.form {
            Form::Csv(delimiter) => self.csv(line, delimiter, ended),
            Form::Ndjson => self.ndjson(line, ended),
        };
        if found.is_some() {
            *self = Self::new(self.form);
        }
        found
    }

    fn ndjson(&mut self, line: &[u8], ended: bool) -> Option<Found> {
        let fresh = line.get(self.at..).unwrap_or_default();
        let end = fresh.iter().position(|byte| *byte == b'\n').map(|place| self.at + place);
        let content = end.unwrap_or(line.len());
        if content > LINE_LIMIT {
            self.place = Place::Lost(Fault::TooLong);
        }
        let fault = self.fault();
        match end {
            Some(end) => Some(Found { length: end + 1, ending: 1, breaks: 1, fault }),
            None if ended && !line.is_empty() => Some(Found { length: line.len(), ending: 0, breaks: 0, fault }),
            None => {
                self.at = line.len();
                None
            }
        }
    }

    const fn fault(&self) -> Option<Fault> {
        match self.place {
            Place::Lost(fault) => Some(fault),
            Place::Quoted => Some(Fault::QuoteOpen),
            _ => None,
        }
    }

    fn csv(&mut self, line: &[u8], delimiter: u8, ended: bool) -> Option<Found> {
        while let Some(byte) = line.get(self.at).copied() {
            if matches!(byte, b'\n' | b'\r') {
                let length = break_at(line, self.at, ended)?;
                if self.place != Place::Quoted {
                    return Some(self.end(length));
                }
                self.broken(length);
            } else {
                self.place = self.place.after(byte, delimiter);
                self.at += 1;
            }
            if let Some(found) = self.given_up() {
                return Some(found);
            }
        }
        (ended && !line.is_empty()).then(|| self.end(0))
    }

    /// A line break in quotes.
    fn broken(&mut self, length: usize) {
        self.at += length;
        self.breaks += 1;
        self.first.get_or_insert(self.at);
    }

    /// A line that cannot be one any more. Where it went over line breaks, only what stood before the first is lost, at once; else its end is looked for.
    fn given_up(&mut self) -> Option<Found> {
        if self.breaks > QUOTED_BREAKS || (self.at > LINE_LIMIT && self.first.is_some()) {
            self.place = Place::Lost(Fault::QuoteOpen);
        } else if self.at > LINE_LIMIT && !self.is_lost() {
            self.place = Place::Lost(Fault::TooLong);
        }
        let first = self.first.filter(|_| self.is_lost())?;
        Some(Found { length: first, ending: 0, breaks: 1, fault: self.fault() })
    }

    /// The line ends here, with an ending of so many bytes. With a quote still open only what stood before its first line break is lost.
    fn end(&self, ending: usize) -> Found {
        let fault = self.fault();
        match self.first.filter(|_| fault.is_some()) {
            Some(first) => Found { length: first, ending: 0, breaks: 1, fault },
            None => Found { length: self.at + ending, ending, breaks: self.breaks + u32::from(ending > 0), fault },
        }
    }
}

impl Place {
    fn after(self, byte: u8, delimiter: u8) -> Self {
        match (self, byte) {
            (Self::CellStart, b'"') => Self::Quoted,
            (Self::AfterQuote, b'"') => Self::Quoted,
            (Self::Quoted, b'"') => Self::AfterQuote,
            (Self::Quoted, _) => Self::Quoted,
            (Self::Lost(fault), _) => Self::Lost(fault),
            (_, byte) if byte == delimiter => Self::CellStart,
            (Self::AfterQuote, _) => Self::Lost(Fault::QuoteMisplaced),
            (Self::CellStart | Self::Plain, _) => Self::Plain,
        }
    }
}

/// How long the line break at `at` is; none while what follows a carriage return has not come.
fn break_at(line: &[u8], at: usize, ended: bool) -> Option<usize> {
    match (line.get(at), line.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => Some(2),
        (Some(b'\r'), None) if !ended => None,
        _ => Some(1),
    }
}
