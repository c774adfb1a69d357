//! Envelopes and rows as JSON. Must not know where they came from.

use super::credits;
use super::json::{Listed, Object, push_text};
use crate::core::fault::Fault;
use crate::core::fault_parts::NoId;
use crate::core::micros::Micros;
use crate::core::reply::{Refusal, RowReply};
use crate::core::variants::{DataForm, EchoForm, IdForm, PluginsForm, Variants};

/// Bytes that one row takes, roughly; saves growing the text.
const ROW_SIZE: usize = 180;

/// A refused call.
pub(in crate::core) fn refusal(refusal: &Refusal, variants: &Variants) -> String {
    let mut out = String::with_capacity(ROW_SIZE);
    let mut object = Object::open(&mut out, variants.casing);
    object.code("ErrorCode", refusal.code, variants.error_code);
    if refusal.code == 0 {
        object.success("ErrorDescription", variants.description);
    } else {
        object.text("ErrorDescription", &refusal.text);
    }
    object.field("Data").push_str("null");
    object.close();
    out
}

/// A submission answered row by row.
pub(in crate::core) fn submission(rows: &[RowReply], variants: &Variants) -> String {
    let write = |row: &RowReply| {
        let mut out = String::with_capacity(ROW_SIZE);
        write_row(&mut out, row, variants);
        out
    };
    let rows: Vec<String> = rows.iter().map(write).collect();
    envelope(&rows, variants)
}

/// A balance. A fault may put rows beside it or raw text in place of the figure.
pub(in crate::core) fn balance(figure: Micros, variants: &Variants, fault: &Fault) -> String {
    let credits = match fault {
        Fault::Credits { raw } => Some(raw.clone()),
        _ => credits::raw(figure, variants.credits),
    };
    let sms = |name: Option<&str>| plugin(name, credits.as_deref(), variants);
    // Figures of other plugins differ from the true one, so that taking the wrong row shows.
    let other = |name: &str, amount: i64| plugin(Some(name), credits::raw(Micros(amount), variants.credits).as_deref(), variants);
    let mut rows = match variants.plugins {
        PluginsForm::One => vec![sms(Some("SMS"))],
        PluginsForm::Several => vec![other("VOICE", 7_250_000), sms(Some("SMS")), other("WHATSAPP", 93_100_000)],
        PluginsForm::LowerCase => vec![sms(Some("sms"))],
        PluginsForm::Untyped => vec![sms(None)],
        PluginsForm::OtherOnly => vec![other("VOICE", 7_250_000)],
        PluginsForm::Nothing => Vec::new(),
    };
    match fault {
        Fault::MissingRows { .. } => rows.clear(),
        Fault::ExtraRows { count } => rows.extend((0..*count).map(|index| other(&format!("PLUGIN{index}"), 1_000_000))),
        Fault::DuplicatedRows { count } => rows.extend_from_within(..rows.len().min(*count)),
        Fault::ReorderedRows {} => rows.reverse(),
        _ => {}
    }
    envelope(&rows, variants)
}

/// Listed messages: as `{"messages":[…],"total":"N"}`, the form of the list of sent messages, or as one row.
pub(in crate::core) fn listing(rows: &[Listed], total: Option<usize>, variants: &Variants) -> String {
    let write = |fields: &Listed| {
        let mut out = String::new();
        let mut object = Object::open(&mut out, variants.casing);
        fields.iter().for_each(|(name, value)| object.text(name, value));
        object.close();
        out
    };
    let rows: Vec<String> = rows.iter().map(write).collect();
    let data = total.map_or_else(|| format!("[{}]", rows.join(",")), |total| messages(&rows, total));
    envelope_with(Some(&data), variants)
}

/// The same as XML elements.
pub(in crate::core) fn listing_xml(rows: &[Listed]) -> String {
    super::xml::rows(rows.iter().map(|fields| fields.iter().map(|(name, value)| (*name, value.clone())).collect()))
}

fn plugin(name: Option<&str>, credits: Option<&str>, variants: &Variants) -> String {
    let mut out = String::new();
    let mut object = Object::open(&mut out, variants.casing);
    if let Some(name) = name {
        object.text("PluginType", name);
    }
    if let Some(credits) = credits {
        object.field("Credits").push_str(credits);
    }
    object.close();
    out
}

fn envelope(rows: &[String], variants: &Variants) -> String {
    let data = match (variants.data, rows) {
        (DataForm::Array, rows) => Some(format!("[{}]", rows.join(","))),
        (DataForm::Object, [one]) => Some(one.clone()),
        (DataForm::Object, rows) => Some(messages(rows, rows.len())),
        (DataForm::Text, _) => Some("\"Success\"".to_owned()),
        (DataForm::Null, _) => Some("null".to_owned()),
        (DataForm::Absent, _) => None,
    };
    envelope_with(data.as_deref(), variants)
}

fn messages(rows: &[String], total: usize) -> String {
    format!("{{\"messages\":[{}],\"total\":\"{total}\"}}", rows.join(","))
}

fn envelope_with(data: Option<&str>, variants: &Variants) -> String {
    let mut out = String::with_capacity(80 + data.map_or(0, str::len));
    let mut object = Object::open(&mut out, variants.casing);
    object.code("ErrorCode", 0, variants.error_code);
    object.success("ErrorDescription", variants.description);
    if let Some(data) = data {
        object.field("Data").push_str(data);
    }
    object.close();
    out
}

fn write_row(out: &mut String, row: &RowReply, variants: &Variants) {
    let mut object = Object::open(out, variants.casing);
    object.code("MessageErrorCode", row.code, variants.row_code);
    if row.code == 0 {
        object.success("MessageErrorDescription", variants.row_description);
    } else {
        object.text("MessageErrorDescription", &row.text);
    }
    write_number(&mut object, &row.number, variants.number_echo);
    write_id(&mut object, row, variants.message_id);
    object.text("Custom", "");
    object.close();
}

fn write_number(object: &mut Object<'_>, number: &str, form: EchoForm) {
    let digits = number.trim_start_matches('+');
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match form {
        EchoForm::Absent => {}
        EchoForm::Plus if all_digits => object.text("MobileNumber", &format!("+{digits}")),
        EchoForm::Local if digits.starts_with("254") => object.text("MobileNumber", &format!("0{}", &digits[3..])),
        EchoForm::Number if all_digits && !digits.starts_with('0') => object.field("MobileNumber").push_str(digits),
        _ => object.text("MobileNumber", number),
    }
}

fn write_id(object: &mut Object<'_>, row: &RowReply, form: IdForm) {
    match (&row.message_id, row.hidden) {
        (Some(id), None) if form == IdForm::Number && id.bytes().all(|byte| byte.is_ascii_digit()) => object.field("MessageId").push_str(id),
        (Some(id), None) => push_text(object.field("MessageId"), id),
        (_, Some(NoId::Null)) => object.field("MessageId").push_str("null"),
        (_, Some(NoId::Absent)) => {}
        (_, Some(NoId::Blank)) => object.text("MessageId", "  "),
        (None, None) | (_, Some(NoId::Empty)) => object.text("MessageId", ""),
    }
}
