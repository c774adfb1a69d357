//! What a line says beside the values of placeholders, and under which names. Knows nothing of how lines are written.

/// A part of a message that a line may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    To,
    Text,
    From,
    Reference,
    SendAt,
    ValidUntil,
}

impl Own {
    /// In the order of their numbers.
    pub(super) const ALL: [Self; 6] = [Self::To, Self::Text, Self::From, Self::Reference, Self::SendAt, Self::ValidUntil];

    /// Its name in JSON, in the address and in refusals.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::To => "to",
            Self::Text => "text",
            Self::From => "from",
            Self::Reference => "reference",
            Self::SendAt => "send_at",
            Self::ValidUntil => "valid_until",
        }
    }

    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.name() == name)
    }

    /// Columns that hold it, the first that is there. The recipient's has names of its own.
    pub(super) const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::To => &[],
            Self::Text => &["text", "message"],
            Self::From => &["from", "sender"],
            Self::Reference => &["reference"],
            Self::SendAt => &["send_at"],
            Self::ValidUntil => &["valid_until"],
        }
    }
}

/// What a line holds, however it is written.
pub(super) trait Fields {
    /// A part of the message; none where it is not given.
    fn own(&self, own: Own) -> Option<&str>;
    /// The value of a placeholder, by its name as placeholders are compared.
    fn value(&self, key: &str) -> Option<&str>;
    /// What the line calls that part of the message.
    fn name(&self, own: Own) -> &str;
}
