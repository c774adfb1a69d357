//! The names under which fields have been seen, squashed: lower case, letters and digits alone. The first that holds something counts.
//!
//! Knows nothing of: values, what encloses them.

use super::record::Kind;

/// The provider's name of a message.
pub(super) const ID: &[&str] = &["messageid", "msgid", "smsid", "messageuuid", "messageref", "uuid", "id"];
/// The recipient of a message of ours.
pub(super) const NUMBER: &[&str] =
    &["mobilenumber", "mobile", "msisdn", "mobileno", "phonenumber", "phone", "number", "recipient", "destinationaddress", "destaddr", "destination", "to"];
/// What became of it.
pub(super) const WORD: &[&str] = &["messagestatus", "status", "deliverystatus", "dlrstatus", "statustext", "statusdescription"];
/// The network's code for it; words about an error only where there is no code.
pub(super) const CODE: &[&str] = &["errorcode", "err", "errcode", "error", "errormessage"];
/// The text of the message, or its beginning. Not `message`, which elsewhere is a word about the status.
pub(super) const TEXT: &[&str] = &["shortmessage", "text", "messagetext", "smstext"];
/// When it happened.
pub(super) const DONE: &[&str] = &["donedate", "donetime", "deliverytime", "deliverydate", "deliveredat", "timestamp", "time", "date"];
/// What tells shapes apart besides.
const MARKS: &[&str] = &["submitdate", "networkcode", "level", "connector", "idsmsc", "subdate", "sub", "dlvrd"];

/// Who wrote a message from a phone.
pub(super) const FROM: &[&str] =
    &["from", "msisdn", "mobile", "mobilenumber", "mobileno", "sender", "source", "sourceaddress", "sourceaddr", "originator", "phonenumber", "phone", "number"];
/// To whom.
pub(super) const TO: &[&str] = &["to", "shortcode", "recipient", "receiver", "destination", "destinationaddress", "destaddr"];
/// What.
pub(super) const MESSAGE: &[&str] = &["message", "text", "content", "shortmessage", "messagetext", "smstext", "sms", "body", "msg"];
/// When the provider got it.
pub(super) const RECEIVED: &[&str] = &["receivedtime", "receivedat", "receiveddate", "received", "timestamp", "time", "date"];
/// The engine's own: how the text is written, and its bytes in hexadecimal.
const ENGINE: &[&str] = &["origin", "originconnector", "coding", "binary", "validity", "priority"];

/// Delivery reports.
pub(super) const REPORT: Kind = Kind { known: &[ID, NUMBER, WORD, CODE, TEXT, DONE, MARKS], whose: &[ID, NUMBER], what: WORD };
/// Messages from phones.
pub(super) const INBOUND: Kind = Kind { known: &[ID, FROM, TO, MESSAGE, RECEIVED, ENGINE], whose: &[FROM], what: MESSAGE };

/// No field that matters has a longer name.
const LONGEST: usize = 64;

/// A name without its casing and its marks: `MessageId`, `message_id` and `message-ID` are one. Overlong names are nobody's.
pub(super) fn squash(name: &str) -> String {
    if name.len() > LONGEST {
        return String::new();
    }
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
