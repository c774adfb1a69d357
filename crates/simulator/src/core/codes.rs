//! The vendor's error codes with what they mean, in our own words. Must not classify them: that is for whoever reads them.

/// What the vendor would say to `code`.
pub(crate) const fn text(code: i64) -> &'static str {
    match code {
        0 => "Success",
        1 | 2 => "Login details are blank",
        3 => "Sender is missing",
        4 => "Message text is missing",
        5 => "Message parameters are missing",
        6 => "An error occurred on the server",
        7 => "Invalid API credentials",
        8 => "Account is inactive",
        9 => "Account is locked",
        10 => "API access is not authorised",
        11 => "IP address is not allowed",
        12 => "Message text is too long",
        13 => "Invalid mobile number",
        14 | 38 => "Spam",
        15 => "Invalid sender",
        19 => "Invalid schedule date",
        20 => "Text or number is missing",
        21 => "Insufficient credit",
        23 => "Invalid parameter",
        24 => "Template mismatch",
        31 => "No gateway",
        33 => "Queue is closed",
        34 => "Campaign cannot be created",
        40 => "Report cannot be published",
        401 => "source_address filter mismatch",
        403 => "ChargingError: Cannot charge submit_sm, Balance 0",
        801 | 802 => "Invalid country",
        _ => "Error",
    }
}
