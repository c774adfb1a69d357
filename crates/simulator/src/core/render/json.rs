//! The smallest JSON writer that can also write what is not quite JSON. Must not know which fields exist.

use crate::core::variants::{Casing, CodeForm, DescriptionForm};

/// An object being written.
pub(super) struct Object<'a> {
    out: &'a mut String,
    casing: Casing,
    first: bool,
}

/// Fields of one listed message: name and text.
pub(in crate::core) type Listed = Vec<(&'static str, String)>;

impl<'a> Object<'a> {
    /// Opens an object at the end of `out`.
    pub(super) fn open(out: &'a mut String, casing: Casing) -> Self {
        out.push('{');
        Self { out, casing, first: true }
    }

    /// Begins a field; the value is to be pushed onto what this returns.
    pub(super) fn field(&mut self, name: &str) -> &mut String {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        self.out.push('"');
        push_name(self.out, self.casing, name);
        self.out.push_str("\":");
        self.out
    }

    /// A field with a JSON string.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        push_text(self.field(name), value);
    }

    /// A field with a code in one of its forms.
    pub(super) fn code(&mut self, name: &str, code: i64, form: CodeForm) {
        if let Some(raw) = code_text(code, form) {
            self.field(name).push_str(&raw);
        }
    }

    /// A field with the description of a success.
    pub(super) fn success(&mut self, name: &str, form: DescriptionForm) {
        let raw = match form {
            DescriptionForm::Success => "\"Success\"",
            DescriptionForm::Null => "null",
            DescriptionForm::NullText => "\"null\"",
            DescriptionForm::Empty => "\"\"",
            DescriptionForm::Number => "0",
            DescriptionForm::Absent => return,
        };
        self.field(name).push_str(raw);
    }

    /// Closes the object.
    pub(super) fn close(self) {
        self.out.push('}');
    }
}

/// A code as raw JSON; `None` when the field is left out.
fn code_text(code: i64, form: CodeForm) -> Option<String> {
    Some(match form {
        CodeForm::Text => format!("\"{code}\""),
        CodeForm::Padded => format!("\"{code:03}\""),
        CodeForm::Float => format!("{code}.0"),
        CodeForm::Null if code == 0 => "null".to_owned(),
        CodeForm::Empty if code == 0 => "\"\"".to_owned(),
        CodeForm::Absent if code == 0 => return None,
        CodeForm::Int | CodeForm::Null | CodeForm::Empty | CodeForm::Absent => code.to_string(),
    })
}

fn push_name(out: &mut String, casing: Casing, name: &str) {
    match casing {
        Casing::Pascal => out.push_str(name),
        Casing::Camel => {
            let mut letters = name.chars();
            out.extend(letters.next().map(|first| first.to_ascii_lowercase()));
            out.push_str(letters.as_str());
        }
        Casing::Lower => out.extend(name.chars().map(|letter| letter.to_ascii_lowercase())),
    }
}

/// Appends `value` as a JSON string.
pub(super) fn push_text(out: &mut String, value: &str) {
    out.push('"');
    for character in value.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if u32::from(control) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped() {
        let mut out = String::new();
        push_text(&mut out, "a\"b\\c\nd\u{1}é😀");
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), "a\"b\\c\nd\u{1}é😀");
    }

    #[test]
    fn a_code_other_than_zero_is_never_hidden() {
        for form in CodeForm::ALL {
            assert!(code_text(7, *form).is_some_and(|raw| raw.contains('7')), "{form:?}");
        }
        assert_eq!(code_text(0, CodeForm::Padded).as_deref(), Some("\"000\""));
        assert_eq!(code_text(7, CodeForm::Padded).as_deref(), Some("\"007\""));
        assert_eq!(code_text(0, CodeForm::Absent), None);
    }
}
