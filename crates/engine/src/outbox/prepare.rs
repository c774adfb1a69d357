//! One message made ready: number, sender, text, segments, price, times, each refused by name. What a request or a stream has in common is read once.
//!
//! Knows nothing of: balances, batches, where the lines come from.

use salio_domain::message::{MAX_NUMERIC_SENDER, MAX_REFERENCE, MAX_SEGMENTS, MAX_SENDER, Priority, control_in, sender_fits};
use salio_domain::pricing::{Price, PriceList};
use salio_domain::segments::{Segmented, segment};
use salio_domain::{MessageId, Msisdn, Timestamp, Units};
use salio_store::{AccountSnapshot, NewMessage, StoredPrice};

use super::draft::DraftError;
use super::intake::IntakeAccount;
use super::stops::StopList;

/// Why a line, a recipient or a draft is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Which part of it: `to`, `text`, `from`, `reference`, `valid_until`.
    pub field: &'static str,
    /// Stable word.
    pub code: &'static str,
    /// For people, with the way to mend it.
    pub detail: String,
}

fn refused(field: &'static str, code: &'static str, detail: impl Into<String>) -> Refusal {
    Refusal { field, code, detail: detail.into() }
}

impl From<Refusal> for DraftError {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code, field: refusal.field, detail: refusal.detail }
    }
}

/// One message as it was given.
#[derive(Clone, Debug)]
pub(crate) struct Line<'a> {
    /// The number, as people write it.
    pub to: &'a str,
    /// The text, as it will be sent.
    pub text: String,
    /// The sender; else the account's.
    pub from: Option<&'a str>,
    /// The caller's own word for it.
    pub reference: Option<String>,
    /// Not before.
    pub send_at: Option<Timestamp>,
    /// Not after.
    pub valid_until: Option<Timestamp>,
    /// Its line, from 1.
    pub line: Option<i64>,
}

/// What all messages of a request or a stream have in common. Prices are those of its making.
#[derive(Clone, Debug)]
pub(crate) struct Common {
    slug: String,
    country: String,
    sender_id: Option<String>,
    own_price: StoredPrice,
    prices: PriceList<StoredPrice>,
    stops: StopList,
    priority: Priority,
    now: Timestamp,
}

impl Common {
    pub(crate) fn new(account: &IntakeAccount, snapshot: &AccountSnapshot, stops: &StopList, priority: Priority, now: Timestamp) -> Self {
        Self {
            slug: account.slug.clone(),
            country: account.default_country.clone(),
            sender_id: account.sender_id.clone(),
            own_price: snapshot.price,
            prices: snapshot.prices.iter().cloned().collect(),
            stops: stops.clone(),
            priority,
            now,
        }
    }

    /// A message with everything of its own.
    pub(crate) fn message(&self, id: MessageId, line: Line<'_>) -> Result<NewMessage, Refusal> {
        let to = self.number(line.to)?;
        self.to_send_to(&to)?;
        let segmented = segmented(&line.text)?;
        let sender = self.sender(line.from)?.to_owned();
        self.reference(line.reference.as_deref())?;
        self.times(line.send_at, line.valid_until)?;
        let (charge, price_id) = self.charge(Some(&to), segmented.segments)?;
        Ok(NewMessage {
            id,
            to,
            text: line.text,
            sender,
            encoding: segmented.encoding,
            segments: segmented.segments,
            charge,
            priority: self.priority,
            reference: line.reference,
            send_at: line.send_at,
            valid_until: line.valid_until,
            price_id,
            line: line.line,
        })
    }

    /// The number that a text stands for.
    pub(crate) fn number(&self, written: &str) -> Result<Msisdn, Refusal> {
        Msisdn::parse(written, &self.country).map_err(|error| refused("to", "invalid_number", format!("{error}.")))
    }

    /// Nobody may send to a number on the stop list.
    pub(crate) fn to_send_to(&self, number: &Msisdn) -> Result<(), Refusal> {
        if self.stops.holds(number) {
            return Err(refused("to", "stopped", format!("{number} is on the stop list: nothing is sent to it until it is taken off.")));
        }
        Ok(())
    }

    /// The sender: its own, else the account's.
    pub(crate) fn sender<'a>(&'a self, written: Option<&'a str>) -> Result<&'a str, Refusal> {
        let missing = || refused("from", "sender_missing", format!("The account {} has no sender_id: name an approved sender in \"from\", or set ONFON_SENDER_ID.", self.slug));
        let sender = written.or(self.sender_id.as_deref()).ok_or_else(missing)?;
        if sender_fits(sender) {
            return Ok(sender);
        }
        Err(refused("from", "sender_invalid", format!("{sender:?} cannot be a sender: at most {MAX_SENDER} visible ASCII characters, or up to {MAX_NUMERIC_SENDER} digits.")))
    }

    /// The caller's word fits.
    pub(crate) fn reference(&self, reference: Option<&str>) -> Result<(), Refusal> {
        if reference.is_some_and(|reference| reference.len() > MAX_REFERENCE) {
            return Err(refused("reference", "reference_too_long", format!("A reference has at most {MAX_REFERENCE} bytes.")));
        }
        Ok(())
    }

    /// It can be sent in time.
    pub(crate) fn times(&self, send_at: Option<Timestamp>, valid_until: Option<Timestamp>) -> Result<(), Refusal> {
        if valid_until.is_some_and(|until| until <= self.now || send_at.is_some_and(|at| at >= until)) {
            return Err(refused("valid_until", "valid_until_passed", "\"valid_until\" must lie in the future and after \"send_at\"."));
        }
        Ok(())
    }

    /// What it costs and by which price; without a number at the account's own.
    pub(crate) fn charge(&self, number: Option<&Msisdn>, segments: u32) -> Result<(Units, i64), Refusal> {
        let price = number.and_then(|number| self.prices.of(number.as_str())).unwrap_or(&self.own_price);
        let charge = Price { per_segment: price.per_segment, source: price.source }.charge(segments);
        let charge = charge.ok_or_else(|| refused("text", "price_too_large", "The price of this text is beyond what can be counted."))?;
        Ok((charge, price.id))
    }
}

/// The text in parts, when it can be sent.
pub(crate) fn segmented(text: &str) -> Result<Segmented, Refusal> {
    if let Some((place, control)) = control_in(text) {
        let code = u32::from(control);
        let detail = format!("Character {place} of \"text\" (counted from 0) is the control character U+{code:04X}; only line breaks and tabs can be sent.");
        return Err(refused("text", "text_invalid", detail));
    }
    if text.trim().is_empty() {
        return Err(refused("text", "text_missing", "\"text\" is empty."));
    }
    let segmented = segment(text);
    if segmented.segments > MAX_SEGMENTS {
        return Err(refused("text", "text_too_long", format!("The text takes {} segments; at most {MAX_SEGMENTS} are sent.", segmented.segments)));
    }
    Ok(segmented)
}
