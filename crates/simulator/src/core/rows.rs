//! The rows of a submission's answer: their ids, and the faults of rows. Must not change what was accepted.

use std::borrow::Cow;
use std::sync::Arc;

use super::fault::Fault;
use super::fault_parts::Where;
use super::model::Model;
use super::reply::RowReply;
use super::variants::IdForm;

impl Model {
    /// A fresh id in the form that the variants ask for.
    pub(super) fn new_id(&mut self, form: IdForm) -> Arc<str> {
        let bits = self.ids.bits();
        match form {
            IdForm::Uuid => uuid(bits).into(),
            // 15 digits: exact in readers that keep numbers as doubles.
            IdForm::Number | IdForm::Digits => (100_000_000_000_000 + bits % 900_000_000_000_000).to_string().into(),
        }
    }

    /// Faults of the rows themselves; what was accepted stays accepted.
    pub(super) fn disfigure(&mut self, rows: &mut Vec<RowReply>, fault: &Fault) {
        match fault {
            Fault::MissingRows { count, at } => {
                for _ in 0..(*count).min(rows.len()) {
                    rows.remove(match at {
                        Where::Start => 0,
                        Where::End => rows.len() - 1,
                        Where::Anywhere => self.forms.index(rows.len()),
                    });
                }
            }
            Fault::ExtraRows { count } => {
                for _ in 0..*count {
                    let id = self.new_id(IdForm::Uuid);
                    let number = format!("2547{:08}", self.forms.below(100_000_000)).into();
                    rows.push(RowReply { number, code: 0, text: Cow::Borrowed(""), message_id: Some(id), hidden: None });
                }
            }
            Fault::ReorderedRows {} if rows.len() > 1 => {
                let turn = 1 + self.forms.index(rows.len() - 1);
                rows.rotate_left(turn);
            }
            Fault::DuplicatedRows { count } => {
                let again: Vec<RowReply> = rows.iter().take(*count).cloned().collect();
                rows.extend(again);
            }
            _ => {}
        }
    }
}

/// Random bits as a version 4 UUID.
fn uuid(bits: u128) -> String {
    let marked = bits & !(0xF000_u128 << 64) & !(0xC000_u128 << 48) | (0x4000_u128 << 64) | (0x8000_u128 << 48);
    let hex = format!("{marked:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_uuids() {
        let id = uuid(u128::MAX);
        assert_eq!(id, "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
    }
}
