//! The forms in which installations of this vendor have been seen to answer. Must not know how they are written out (that is `render`).

use serde::{Deserialize, Serialize};

use super::dice::Dice;

macro_rules! forms {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every form, the usual one first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
    };
}

forms! {
    /// `ErrorCode` and `MessageErrorCode`. A code other than 0 is never hidden: it falls back to a number where the form could not show it.
    CodeForm {
        /// `0`
        #[default] Int,
        /// `"0"`
        Text,
        /// `"000"`
        Padded,
        /// `null`
        Null,
        /// No such field.
        Absent,
        /// `0.0`
        Float,
        /// `""` (seen in rows)
        Empty,
    }
}

forms! {
    /// `ErrorDescription` and `MessageErrorDescription` of a success.
    DescriptionForm {
        /// `"Success"`
        #[default] Success,
        /// `null`
        Null,
        /// `"null"`, the four letters
        NullText,
        /// `""`
        Empty,
        /// `0`
        Number,
        /// No such field.
        Absent,
    }
}

forms! {
    /// Casing of every field name.
    Casing {
        /// `ErrorCode`
        #[default] Pascal,
        /// `errorCode`
        Camel,
        /// `errorcode`
        Lower,
    }
}

forms! {
    /// `MessageId`.
    IdForm {
        /// A UUID in quotes.
        #[default] Uuid,
        /// A number.
        Number,
        /// Digits in quotes.
        Digits,
    }
}

forms! {
    /// `Credits`. The figure in the examples is 11378.67.
    CreditsForm {
        /// `11378.67`
        #[default] Number,
        /// `"11378.67"`
        Text,
        /// `"11,378.67"`
        Thousands,
        /// `"KSh11378.6700"`
        Ksh4,
        /// `"Ksh11378.67"`
        Ksh,
        /// `"KSh11,378.67"`
        KshThousands,
        /// `"KSh11378"` (whole shillings; the rest is cut off)
        KshWhole,
        /// `"KES 11378.67"`
        Kes,
        /// `"KSh 11378.67"` with a no-break space
        KshNbsp,
        /// `"  11378.67 "`
        Spaced,
        /// `"11378.670000"`
        SixDecimals,
        /// `1137867e-2`
        Exponent,
        /// `€11378.6700` without quotes: invalid JSON
        EuroUnquoted,
        /// `"€11378.6700"`
        Euro,
        /// `"11.378,67"`
        Continental,
        /// `"11378.67 units"`
        Suffix,
        /// `"ND"`
        Nd,
        /// `"N/A"`
        Na,
        /// `"Unlimited"`
        Unlimited,
        /// `""`
        Empty,
        /// `null`
        Null,
        /// No such field.
        Absent,
    }
}

forms! {
    /// The rows of a balance answer.
    PluginsForm {
        /// One row, `SMS`.
        #[default] One,
        /// Other plugins with other figures before and after `SMS`.
        Several,
        /// One row, `sms`.
        LowerCase,
        /// One row without `PluginType`.
        Untyped,
        /// Only another plugin.
        OtherOnly,
        /// No row.
        Nothing,
    }
}

forms! {
    /// The shape of `Data`.
    DataForm {
        /// `[row, …]`
        #[default] Array,
        /// One row by itself; several as `{"messages":[…],"total":"N"}`.
        Object,
        /// `"Success"`: no rows at all.
        Text,
        /// `null`
        Null,
        /// No such field.
        Absent,
    }
}

forms! {
    /// `MobileNumber` in rows.
    EchoForm {
        /// As it was sent.
        #[default] AsSent,
        /// `+2547…`
        Plus,
        /// `07…` for Kenyan numbers
        Local,
        /// A JSON number.
        Number,
        /// No such field.
        Absent,
    }
}

forms! {
    /// How wrong credentials are refused.
    CredentialsForm {
        /// HTTP 200 and the envelope.
        #[default] Envelope,
        /// HTTP 401 and the envelope.
        Http401,
    }
}

forms! {
    /// How an empty wallet is refused.
    OutOfCreditForm {
        /// The envelope, code 021, for the whole call when its cost is not covered.
        #[default] Envelope,
        /// Row by row, with a text naming `ChargingError`; rows that are covered go through.
        Row,
    }
}

/// How this installation answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Variants {
    /// `ErrorCode`
    pub error_code: CodeForm,
    /// `ErrorDescription`
    pub description: DescriptionForm,
    /// `MessageErrorCode`
    pub row_code: CodeForm,
    /// `MessageErrorDescription`
    pub row_description: DescriptionForm,
    /// Field names.
    pub casing: Casing,
    /// `MessageId`
    pub message_id: IdForm,
    /// `Credits`
    pub credits: CreditsForm,
    /// Rows of a balance.
    pub plugins: PluginsForm,
    /// `Data`
    pub data: DataForm,
    /// `MobileNumber`
    pub number_echo: EchoForm,
    /// Refusal of credentials.
    pub wrong_credentials: CredentialsForm,
    /// Refusal for want of credit.
    pub out_of_credit: OutOfCreditForm,
    /// Draw the forms that mean the same (codes, descriptions, casing, ids, echo with `+`) anew for every call.
    pub mix: bool,
}

impl Variants {
    /// The forms of one call. Only forms that lose nothing are drawn.
    pub(crate) fn for_call(self, dice: &mut Dice) -> Self {
        if !self.mix {
            return self;
        }
        Self {
            error_code: dice.pick(CodeForm::ALL, self.error_code),
            description: dice.pick(DescriptionForm::ALL, self.description),
            row_code: dice.pick(CodeForm::ALL, self.row_code),
            row_description: dice.pick(DescriptionForm::ALL, self.row_description),
            casing: dice.pick(Casing::ALL, self.casing),
            message_id: dice.pick(IdForm::ALL, self.message_id),
            number_echo: dice.pick(&[EchoForm::AsSent, EchoForm::Plus], self.number_echo),
            ..self
        }
    }
}
