//! The forms of a balance figure (section 5 of the protocol notes). Must not know which rows it stands in.

use super::json::push_text;
use crate::core::micros::Micros;
use crate::core::variants::CreditsForm;

/// `Credits` as raw text for the answer; `None` when the field is left out.
pub(super) fn raw(figure: Micros, form: CreditsForm) -> Option<String> {
    let text = match form {
        CreditsForm::Number => return Some(figure.to_string()),
        CreditsForm::Exponent => return Some(exponent(figure)),
        CreditsForm::EuroUnquoted => return Some(format!("€{}", figure.fixed(4, 4))),
        CreditsForm::Null => return Some("null".to_owned()),
        CreditsForm::Absent => return None,
        other => text(figure, other),
    };
    let mut quoted = String::new();
    push_text(&mut quoted, &text);
    Some(quoted)
}

/// The forms that are JSON strings, without their quotes.
fn text(figure: Micros, form: CreditsForm) -> String {
    match form {
        CreditsForm::Thousands => figure.grouped(2, 6, ',', '.'),
        CreditsForm::Ksh4 => format!("KSh{}", figure.fixed(4, 4)),
        CreditsForm::Ksh => format!("Ksh{figure}"),
        CreditsForm::KshThousands => format!("KSh{}", figure.grouped(2, 6, ',', '.')),
        CreditsForm::KshWhole => format!("KSh{}", figure.fixed(0, 0)),
        CreditsForm::Kes => format!("KES {figure}"),
        CreditsForm::KshNbsp => format!("KSh\u{a0}{figure}"),
        CreditsForm::Spaced => format!("  {figure} "),
        CreditsForm::SixDecimals => figure.fixed(6, 6),
        CreditsForm::Euro => format!("€{}", figure.fixed(4, 4)),
        CreditsForm::Continental => figure.grouped(2, 6, '.', ','),
        CreditsForm::Suffix => format!("{figure} units"),
        CreditsForm::Nd => "ND".to_owned(),
        CreditsForm::Na => "N/A".to_owned(),
        CreditsForm::Unlimited => "Unlimited".to_owned(),
        CreditsForm::Empty => String::new(),
        _ => figure.to_string(),
    }
}

/// The figure as an integer with a decimal exponent.
fn exponent(figure: Micros) -> String {
    let (mut digits, mut power) = (figure.0, -6);
    while digits % 10 == 0 && power < 0 {
        digits /= 10;
        power += 1;
    }
    format!("{digits}e{power}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_every_form() {
        let figure = Micros(11_378_670_000);
        let expected = [
            (CreditsForm::Number, "11378.67"),
            (CreditsForm::Text, "\"11378.67\""),
            (CreditsForm::Thousands, "\"11,378.67\""),
            (CreditsForm::Ksh4, "\"KSh11378.6700\""),
            (CreditsForm::Ksh, "\"Ksh11378.67\""),
            (CreditsForm::KshThousands, "\"KSh11,378.67\""),
            (CreditsForm::KshWhole, "\"KSh11378\""),
            (CreditsForm::Kes, "\"KES 11378.67\""),
            (CreditsForm::KshNbsp, "\"KSh\u{a0}11378.67\""),
            (CreditsForm::Spaced, "\"  11378.67 \""),
            (CreditsForm::SixDecimals, "\"11378.670000\""),
            (CreditsForm::Exponent, "1137867e-2"),
            (CreditsForm::EuroUnquoted, "€11378.6700"),
            (CreditsForm::Euro, "\"€11378.6700\""),
            (CreditsForm::Continental, "\"11.378,67\""),
            (CreditsForm::Suffix, "\"11378.67 units\""),
            (CreditsForm::Nd, "\"ND\""),
            (CreditsForm::Na, "\"N/A\""),
            (CreditsForm::Unlimited, "\"Unlimited\""),
            (CreditsForm::Empty, "\"\""),
            (CreditsForm::Null, "null"),
        ];
        for (form, text) in expected {
            assert_eq!(raw(figure, form).as_deref(), Some(text), "{form:?}");
        }
        assert_eq!(raw(figure, CreditsForm::Absent), None);
        assert_eq!(expected.len() + 1, CreditsForm::ALL.len(), "every form is looked at");
        assert_eq!(raw(Micros(0), CreditsForm::Exponent).as_deref(), Some("0e0"));
    }
}
