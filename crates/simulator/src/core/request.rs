//! Reading a SendBulkSMS body as liberally as integrations write it. Must not judge it: that is `submit`.

use serde::Deserialize;
use serde_json::Number;

use super::credentials::Login;

/// A submission as it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubmitRequest {
    /// Key, client id, access key.
    pub login: Login,
    /// `SenderId`; empty when missing.
    pub sender: String,
    /// One row per recipient.
    pub rows: Vec<SubmitRow>,
    /// `IsUnicode`.
    pub unicode: bool,
    /// `IsFlash`.
    pub flash: bool,
    /// `ScheduleDateTime`, unless empty.
    pub schedule: Option<String>,
}

/// One recipient and its text; empty when missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubmitRow {
    /// `Number`
    pub number: String,
    /// `Text`
    pub text: String,
}

/// A value that comes as a string, a number, a boolean or not at all.
#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Loose {
    Text(String),
    Number(Number),
    Bool(bool),
    #[default]
    Nothing,
}

impl Loose {
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(number) => Some(number.to_string()),
            Self::Bool(flag) => Some(flag.to_string()),
            Self::Nothing => None,
        }
    }

    fn flag(self) -> bool {
        self.text().is_some_and(|text| text == "1" || text.eq_ignore_ascii_case("true"))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireRequest {
    #[serde(default)]
    sender_id: Loose,
    #[serde(default)]
    message_parameters: Option<Vec<WireRow>>,
    #[serde(default)]
    api_key: Loose,
    #[serde(default)]
    client_id: Loose,
    #[serde(default)]
    access_key: Loose,
    #[serde(default)]
    is_unicode: Loose,
    #[serde(default)]
    is_flash: Loose,
    #[serde(default)]
    schedule_date_time: Loose,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireRow {
    #[serde(default)]
    number: Loose,
    #[serde(default)]
    text: Loose,
}

impl SubmitRequest {
    /// Reads a body. `header` is the value of the `AccessKey` header.
    ///
    /// # Errors
    /// What the JSON reader says; the vendor answers with its code for a bad parameter.
    pub fn read(body: &[u8], header: Option<&str>) -> Result<Self, String> {
        let wire: WireRequest = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let login = Login { api_key: wire.api_key.text(), client_id: wire.client_id.text(), header: header.map(str::to_owned), body: wire.access_key.text(), has_body: true };
        Ok(Self {
            login,
            sender: wire.sender_id.text().unwrap_or_default(),
            rows: wire.message_parameters.unwrap_or_default().into_iter().flat_map(split_numbers).collect(),
            unicode: wire.is_unicode.flag(),
            flash: wire.is_flash.flag(),
            schedule: wire.schedule_date_time.text().filter(|text| !text.is_empty()),
        })
    }
}

/// One integration puts a comma-joined list into one `Number`.
fn split_numbers(row: WireRow) -> Vec<SubmitRow> {
    let (number, text) = (row.number.text().unwrap_or_default(), row.text.text().unwrap_or_default());
    if !number.contains(',') {
        return vec![SubmitRow { number, text }];
    }
    number.split(',').map(|one| SubmitRow { number: one.trim().to_owned(), text: text.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_integrations_write() {
        let body = r#"{"SenderId":"Shop","IsUnicode":1,"IsFlash":false,"ScheduleDateTime":"","MessageParameters":[
            {"Number":254712345678,"Text":"a"},{"Number":"254712345679, 254712345680","Text":"b"},{"Text":null}],
            "ApiKey":"made-up-key","ClientId":"made-up-client","AccessKey":"made-up-access"}"#;
        let request = SubmitRequest::read(body.as_bytes(), Some("made-up-header")).unwrap();
        let numbers: Vec<&str> = request.rows.iter().map(|row| row.number.as_str()).collect();
        assert_eq!(numbers, ["254712345678", "254712345679", "254712345680", ""]);
        assert!(request.unicode && !request.flash && request.schedule.is_none());
        assert_eq!(request.login.body.as_deref(), Some("made-up-access"));
        assert_eq!(request.login.header.as_deref(), Some("made-up-header"));
        assert!(SubmitRequest::read(b"{", None).is_err());
    }
}
