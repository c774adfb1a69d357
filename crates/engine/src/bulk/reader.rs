//! From lines to messages or refusals, one for each line, in order. Runs off the asynchronous threads.
//!
//! Knows nothing of: where the bytes come from, what is kept of them.

use std::sync::Arc;

use salio_domain::ids::BatchId;
use salio_domain::template::Template;
use salio_domain::{MessageId, Timestamp};
use salio_store::{Block, LineError, NewMessage};

use super::cells::Cells;
use super::cut::{RawBlock, Record};
use super::header::{Columns, is_blank};
use super::json::Object;
use super::own::{Fields, Own};
use super::refusal::{LineRefusal, refused, shortened, shortened_line};
use super::scan::{Fault, LINE_LIMIT};
use super::seen::{Before, Seen};
use crate::entropy::Entropy;
use crate::outbox::prepare::{Common, Line, Refusal};

/// What all lines of a stream have in common, beside what [`Common`] knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    pub template: Option<Template>,
    pub from: Option<String>,
    pub reference: Option<String>,
    pub send_at: Option<Timestamp>,
    pub valid_until: Option<Timestamp>,
}

/// How lines are written.
pub(super) enum Written {
    Csv(Box<Sheet>),
    Ndjson,
}

/// A file of CSV: its columns, and the cells of one line after the other.
pub(super) struct Sheet {
    pub columns: Columns,
    pub cells: Cells,
}

/// Reads the lines of one stream, in order.
pub(super) struct Reader {
    common: Common,
    shape: Shape,
    written: Written,
    seen: Seen,
    entropy: Arc<Entropy>,
}

/// One line of CSV.
struct Row<'a> {
    columns: &'a Columns,
    cells: &'a Cells,
}

impl Fields for Row<'_> {
    /// An empty cell gives nothing.
    fn own(&self, own: Own) -> Option<&str> {
        self.columns.own(own).and_then(|place| self.cells.get(place)).filter(|cell| own == Own::To || !cell.trim().is_empty())
    }

    fn value(&self, key: &str) -> Option<&str> {
        self.columns.place(key).and_then(|place| self.cells.get(place))
    }

    fn name(&self, own: Own) -> &str {
        self.columns.own(own).map_or(own.name(), |place| self.columns.name(place))
    }
}

impl Reader {
    pub(super) fn new(batch: BatchId, common: Common, shape: Shape, written: Written, entropy: Arc<Entropy>) -> Self {
        Self { common, shape, written, seen: Seen::new(batch), entropy }
    }

    /// Makes a block ready for the store.
    pub(super) fn prepare(&mut self, raw: &RawBlock, batch: BatchId, epoch: i64, now: Timestamp) -> Block {
        let mut block = Block { batch, epoch, block: raw.number, digest: raw.digest, lines: 0, messages: Vec::new(), errors: Vec::new(), now };
        for (record, bytes) in raw.lines() {
            match self.line(record, bytes, now) {
                None => continue,
                Some(Ok(message)) => block.messages.push(message),
                Some(Err(error)) => block.errors.push(error),
            }
            block.lines += 1;
        }
        block
    }

    /// Reads lines again that are kept already: only who got which text is remembered. `refused`: the lines that were refused then, in order.
    pub(super) fn remember(&mut self, raw: &RawBlock, refused: &[i64]) {
        for (record, bytes) in raw.lines() {
            if record.fault.is_some() || refused.binary_search(&record.line).is_ok() {
                continue;
            }
            let Self { common, shape, written, seen, .. } = self;
            let told = read(written, shape, bytes, |fields, text| Ok(common.number(fields.own(Own::To).unwrap_or_default()).ok().map(|number| (number, text))));
            if let Some(Ok(Some((number, text)))) = told {
                seen.put(number.as_str(), &text, record.line);
            }
        }
    }

    /// A message, a refusal, or nothing for a line that carries nothing.
    fn line(&mut self, record: Record, bytes: &[u8], now: Timestamp) -> Option<Result<NewMessage, LineError>> {
        let at = |refusal: LineRefusal| refusal.at(record.line);
        if let Some(fault) = record.fault {
            return Some(Err(at(faulty(fault, bytes))));
        }
        let Self { common, shape, written, seen, entropy } = self;
        let made = read(written, shape, bytes, |fields, text| {
            let message = message(common, shape, fields, text, record.line, || MessageId::from_raw(entropy.id(now)))?;
            match seen.put(message.to.as_str(), &message.text, record.line) {
                Before::Never => Ok(message),
                Before::Line(first) => Err(repeated(fields, &message, first)),
            }
        });
        made.map(|made| made.map_err(at))
    }
}

/// Takes a line apart, fills in its text, and hands both on. None: the line carries nothing.
fn read<T>(written: &mut Written, shape: &Shape, bytes: &[u8], then: impl FnOnce(&dyn Fields, String) -> Result<T, LineRefusal>) -> Option<Result<T, LineRefusal>> {
    if is_blank(bytes) {
        return None;
    }
    match written {
        Written::Csv(sheet) => match csv(sheet, bytes) {
            Ok(None) => None,
            Ok(Some(row)) => Some(own_template(&row, shape).and_then(|template| text(&row, shape, template.as_ref())).and_then(|text| then(&row, text))),
            Err(refusal) => Some(Err(refusal)),
        },
        Written::Ndjson => Some(ndjson(shape, bytes, then)),
    }
}

fn csv<'a>(sheet: &'a mut Sheet, bytes: &[u8]) -> Result<Option<Row<'a>>, LineRefusal> {
    let Sheet { columns, cells } = sheet;
    cells.split(bytes).map_err(|_| not_utf8(bytes))?;
    if cells.iter().all(str::is_empty) {
        return Ok(None);
    }
    if cells.count() != columns.count() {
        let detail =
            format!("The header has {} columns, and this line has {}. A cell that holds the delimiter or a line break must be in double quotes.", columns.count(), cells.count());
        return Err(refused("", "wrong_columns", detail, shortened_line(bytes)));
    }
    Ok(Some(Row { columns, cells }))
}

fn ndjson<T>(shape: &Shape, bytes: &[u8], then: impl FnOnce(&dyn Fields, String) -> Result<T, LineRefusal>) -> Result<T, LineRefusal> {
    let line = std::str::from_utf8(bytes).map_err(|_| not_utf8(bytes))?;
    let object = Object::read(line)?;
    if object.own(Own::To).is_none() {
        return Err(refused("to", "invalid_field", "\"to\" is missing: the recipient's number, as a text.", shortened(line)));
    }
    let template = own_template(&object, shape)?;
    object.all_used([template.as_ref(), shape.template.as_ref()])?;
    let text = text(&object, shape, template.as_ref())?;
    then(&object, text)
}

/// The line's own text, where it has one with placeholders.
fn own_template(fields: &dyn Fields, shape: &Shape) -> Result<Option<Template>, LineRefusal> {
    match fields.own(Own::Text) {
        Some(text) => Ok(text.contains(['{', '}']).then(|| Template::parse(text))),
        None if shape.template.is_some() => Ok(None),
        None => Err(refused(fields.name(Own::Text), "text_missing", "There is no text: neither in this line nor in the address.", "")),
    }
}

fn text(fields: &dyn Fields, shape: &Shape, own: Option<&Template>) -> Result<String, LineRefusal> {
    let Some(template) = own.or(if fields.own(Own::Text).is_some() { None } else { shape.template.as_ref() }) else {
        return Ok(fields.own(Own::Text).unwrap_or_default().to_owned());
    };
    template.render(|key| fields.value(key)).map_err(|missing| {
        let detail = format!("The text needs {{{}}}, and this line has no such column. Literal braces are written twice: {{{{ and }}}}.", shortened(&missing.name));
        refused(fields.name(Own::Text), "unknown_placeholder", detail, shortened(&missing.name))
    })
}

fn message(common: &Common, shape: &Shape, fields: &dyn Fields, text: String, line: i64, id: impl FnOnce() -> MessageId) -> Result<NewMessage, LineRefusal> {
    let own = |own: Own| fields.own(own).map(str::trim);
    let given = Line {
        to: fields.own(Own::To).unwrap_or_default(),
        text,
        from: own(Own::From).or(shape.from.as_deref()),
        reference: own(Own::Reference).or(shape.reference.as_deref()).map(str::to_owned),
        send_at: time(fields, Own::SendAt)?.or(shape.send_at),
        valid_until: time(fields, Own::ValidUntil)?.or(shape.valid_until),
        line: Some(line),
    };
    common.message(id(), given).map_err(|refusal| named(fields, refusal))
}

fn time(fields: &dyn Fields, own: Own) -> Result<Option<Timestamp>, LineRefusal> {
    let Some(written) = fields.own(own) else { return Ok(None) };
    written.trim().parse().map(Some).map_err(|_| {
        let detail = "This is no time that can be read; write it like 2026-11-30T08:00:00+03:00.";
        refused(fields.name(own), "invalid_time", detail, shortened(written))
    })
}

/// A refusal in the words of the line: its own name of the part, and what stood there.
fn named(fields: &dyn Fields, refusal: Refusal) -> LineRefusal {
    let own = Own::of(refusal.field);
    let given = own.and_then(|own| fields.own(own)).map(shortened).unwrap_or_default();
    refused(own.map_or(refusal.field, |own| fields.name(own)), refusal.code, refusal.detail, given)
}

fn repeated(fields: &dyn Fields, message: &NewMessage, first: Option<i64>) -> LineRefusal {
    let first = first.map_or_else(|| "an earlier line".to_owned(), |line| format!("line {line}"));
    let detail = format!("{} gets the same text in {first} already.", message.to);
    refused(fields.name(Own::To), "duplicate", detail, fields.own(Own::To).map(shortened).unwrap_or_default())
}

fn not_utf8(bytes: &[u8]) -> LineRefusal {
    refused("", "not_utf8", "This line is not UTF-8. Save the file as UTF-8 (spreadsheets call it \"CSV UTF-8\").", shortened_line(bytes))
}

fn faulty(fault: Fault, bytes: &[u8]) -> LineRefusal {
    let (code, detail) = match fault {
        Fault::TooLong => ("line_too_long", format!("A line has at most {LINE_LIMIT} bytes.")),
        Fault::QuoteOpen => ("quote_open", "A double quote is opened and not closed. A quote inside a quoted cell is written twice.".to_owned()),
        Fault::QuoteMisplaced => ("quote_misplaced", "Text follows a closing double quote. A quote inside a quoted cell is written twice.".to_owned()),
    };
    refused("", code, detail, shortened_line(bytes))
}
