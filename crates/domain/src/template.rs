//! Texts with placeholders: `Hi {name}`. What is in braces and no name stays as it is; `{{` and `}}` are braces for certain. Knows nothing of where values come from.

/// A text with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Placeholder { written: String, key: String },
}

/// A placeholder for which there is no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no value for {{{name}}}")]
pub struct Missing {
    /// Its name as written.
    pub name: String,
}

/// A name as it is compared: trimmed and in lower case.
#[must_use]
pub fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// A text whose braces are all literal: parsed and rendered it is the same text again.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

impl Template {
    /// Reads a text; every text is a template.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (mut pieces, mut literal, mut rest) = (Vec::new(), String::new(), text);
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from_brace) = rest.split_at(at);
            literal.push_str(before);
            if let Some((name, after)) = placeholder(from_brace) {
                push_literal(&mut pieces, &mut literal);
                pieces.push(Piece::Placeholder { written: name.to_owned(), key: key(name) });
                rest = after;
            } else {
                let (brace, after) = brace(from_brace);
                literal.push_str(brace);
                rest = after;
            }
        }
        literal.push_str(rest);
        push_literal(&mut pieces, &mut literal);
        Self { pieces }
    }

    /// The names that it needs, each once, as [`key`] makes them, in the order of the text.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let keys = || self.pieces.iter().filter_map(Piece::key);
        keys().enumerate().filter(move |(place, name)| !keys().take(*place).any(|earlier| earlier == *name)).map(|(_, name)| name)
    }

    /// Whether it has no placeholder: every line gets the same text.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.pieces.iter().all(|piece| piece.key().is_none())
    }

    /// Fills it in; `value` is asked with names as [`key`] makes them. Values are taken as they are: braces in them mean nothing.
    ///
    /// # Errors
    /// When there is no value for a placeholder.
    pub fn render<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> Result<String, Missing> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Placeholder { written, key } => out.push_str(value(key).ok_or_else(|| Missing { name: written.clone() })?),
            }
        }
        Ok(out)
    }
}

impl Piece {
    fn key(&self) -> Option<&str> {
        match self {
            Self::Literal(_) => None,
            Self::Placeholder { key, .. } => Some(key),
        }
    }
}

fn push_literal(pieces: &mut Vec<Piece>, literal: &mut String) {
    if !literal.is_empty() {
        pieces.push(Piece::Literal(std::mem::take(literal)));
    }
}

/// The name of the placeholder at the start of `text` and what follows it.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('{')?;
    let (name, after) = inner.split_at_checked(inner.find(['{', '}'])?)?;
    let (name, after) = (name.trim(), after.strip_prefix('}')?);
    is_name(name).then_some((name, after))
}

/// The literal brace at the start of `text` (twice written or alone) and what follows it.
fn brace(text: &str) -> (&str, &str) {
    let written = if text.starts_with("{{") || text.starts_with("}}") { 2 } else { 1 };
    (text.get(..1).unwrap_or_default(), text.get(written..).unwrap_or_default())
}

/// A letter or `_`, then letters, digits, `_`, `-` and single spaces between them.
fn is_name(name: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
    name.starts_with(|c: char| c.is_alphabetic() || c == '_') && name.chars().all(inner) && !name.contains("  ")
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
