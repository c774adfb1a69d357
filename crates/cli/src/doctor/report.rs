//! Lines of a report: what was looked at, how it is, and what to do.
//!
//! Knows nothing of: what was looked at.

use serde_json::{Value, json};

use crate::out;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As it should be.
    Ok,
    /// Worth knowing.
    Note,
    /// It works, but.
    Warn,
    /// It does not work.
    Fail,
}

impl Status {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    status: Status,
    what: String,
    text: String,
    fix: Option<String>,
}

impl Line {
    fn new(status: Status, what: impl Into<String>, text: impl Into<String>, fix: Option<String>) -> Self {
        Self { status, what: what.into(), text: text.into(), fix }
    }

    /// As it should be.
    pub fn ok(what: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(Status::Ok, what, text, None)
    }

    /// Worth knowing.
    pub fn note(what: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(Status::Note, what, text, None)
    }

    /// It works, but.
    pub fn warn(what: impl Into<String>, text: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::new(Status::Warn, what, text, Some(fix.into()))
    }

    /// It does not work.
    pub fn fail(what: impl Into<String>, text: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::new(Status::Fail, what, text, Some(fix.into()))
    }
}

/// Everything that was looked at.
#[derive(Clone, Debug, Default)]
pub struct Report {
    lines: Vec<Line>,
}

impl Report {
    /// One more.
    pub fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Whether anything does not work.
    pub fn has_failed(&self) -> bool {
        self.lines.iter().any(|line| line.status == Status::Fail)
    }

    /// Prints it.
    pub fn show(&self, as_json: bool) {
        if as_json {
            out::json(&self.json());
            return;
        }
        let width = self.lines.iter().map(|line| line.what.chars().count()).max().unwrap_or(0);
        for line in &self.lines {
            out::line(&format!("{:<4}  {:<width$}  {}", line.status.word(), line.what, line.text));
            if let Some(fix) = &line.fix {
                out::line(&format!("{:<4}  {:<width$}  → {fix}", "", ""));
            }
        }
    }

    fn json(&self) -> Value {
        let lines = self.lines.iter().map(|line| json!({ "check": line.what, "status": line.status.word(), "text": line.text, "fix": line.fix }));
        json!({ "ok": !self.has_failed(), "checks": lines.collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_fails_the_whole() {
        let mut report = Report::default();
        report.add(Line::ok("a", "fine"));
        report.add(Line::warn("b", "odd", "look"));
        assert!(!report.has_failed());
        report.add(Line::fail("c", "broken", "mend it"));
        assert!(report.has_failed());
        assert_eq!(report.json()["checks"][2], json!({ "check": "c", "status": "fail", "text": "broken", "fix": "mend it" }));
    }
}
