//! What was measured, each against its goal: one line at once, a table at the end.
//!
//! Knows nothing of: how anything is measured.

/// What a figure should reach.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    fn reached(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }

    fn shown(self, unit: &str) -> String {
        match self {
            Self::AtLeast(least) => format!("≥ {}{unit}", trimmed(least)),
            Self::AtMost(most) => format!("≤ {}{unit}", trimmed(most)),
        }
    }
}

struct Row {
    name: String,
    goal: String,
    measured: String,
    ratio: String,
    verdict: &'static str,
}

impl Row {
    fn line(&self, width: usize) -> String {
        let Self { name, goal, measured, ratio, verdict } = self;
        let name = format!("{name}{}", " ".repeat(width.saturating_sub(name.chars().count())));
        format!("{name}  goal {goal:<10}  measured {measured:<34}  ratio {ratio:<6}  {verdict}")
    }
}

/// All figures of a run.
#[derive(Default)]
pub struct Figures {
    rows: Vec<Row>,
}

impl Figures {
    /// A ratio of two things measured in turn; `measured` shows both.
    pub fn ratio(&mut self, name: impl Into<String>, ratio: f64, goal: Goal, measured: impl Into<String>) {
        self.push(name.into(), goal.shown(""), measured.into(), format!("{ratio:.2}"), verdict(goal, ratio));
    }

    /// A figure with a goal of its own; its ratio is the part of the goal that it takes.
    pub fn value(&mut self, name: impl Into<String>, value: f64, unit: &str, goal: Goal) {
        let (Goal::AtLeast(limit) | Goal::AtMost(limit)) = goal;
        self.push(name.into(), goal.shown(&format!(" {unit}")), format!("{} {unit}", trimmed(value)), format!("{:.2}", value / limit), verdict(goal, value));
    }

    /// A figure without a goal, for whoever compares.
    pub fn note(&mut self, name: impl Into<String>, measured: impl Into<String>) {
        self.push(name.into(), "-".to_owned(), measured.into(), "-".to_owned(), "");
    }

    /// A part that could not be measured.
    pub fn fault(&mut self, part: &str, error: &anyhow::Error) {
        self.push(part.to_owned(), "-".to_owned(), format!("{error:#}"), "-".to_owned(), "FAULT");
    }

    /// Everything once more, in one piece.
    pub fn table(&self) {
        let width = self.rows.iter().map(|row| row.name.chars().count()).max().unwrap_or_default();
        println!("\n== all figures ==");
        self.rows.iter().for_each(|row| println!("{}", row.line(width)));
    }

    fn push(&mut self, name: String, goal: String, measured: String, ratio: String, verdict: &'static str) {
        let row = Row { name, goal, measured, ratio, verdict };
        println!("{}", row.line(0));
        self.rows.push(row);
    }
}

fn verdict(goal: Goal, value: f64) -> &'static str {
    if goal.reached(value) { "pass" } else { "MISS" }
}

/// Three digits that mean something.
fn trimmed(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The middle one.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
