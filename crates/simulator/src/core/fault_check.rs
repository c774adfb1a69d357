//! Refusing faults that cannot be carried out, before they are needed. Must not carry any out.

use super::fault::Fault;

/// 64 MiB: enough to overrun any reader, not the machine.
const MOST_OVERSIZE: usize = 64 * 1024 * 1024;
/// Rows made up by a fault; a call has some 20.
const MOST_EXTRA_ROWS: usize = 10_000;

impl Fault {
    /// What makes this fault impossible to carry out, said so that it can be mended.
    ///
    /// # Errors
    /// A status outside 200 to 599, a share above 1000, or a header value that HTTP cannot carry.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::HttpStatus { code, .. } | Self::Refuse { http: code, .. } if !(200..=599).contains(code) => Err(format!("HTTP status {code}: choose one from 200 to 599")),
            Self::Truncated { keep_per_mille: share, .. } | Self::PartialRefusals { per_mille: share, .. } | Self::NoMessageId { per_mille: share, .. } => check_share(*share),
            Self::WrongContentType { value } | Self::Redirect { location: value, .. } if !is_header_value(value) => {
                Err(format!("{value:?} cannot stand in a header: use visible ASCII"))
            }
            Self::Oversize { bytes } if *bytes > MOST_OVERSIZE => Err(format!("oversize of {bytes} bytes: at most {MOST_OVERSIZE}")),
            Self::ExtraRows { count } | Self::DuplicatedRows { count } if *count > MOST_EXTRA_ROWS => Err(format!("{count} rows: at most {MOST_EXTRA_ROWS}")),
            _ => Ok(()),
        }
    }
}

/// Refuses a share above the whole.
pub(crate) fn check_share(per_mille: u16) -> Result<(), String> {
    if per_mille <= 1000 { Ok(()) } else { Err(format!("{per_mille} per mille: 1000 is always, so use 0 to 1000")) }
}

fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}
