//! Two loads in turn, round by round, and what to say of them: a ratio of rounds measured next to each other means more than either figure.

use anyhow::Result;

use crate::figures::median;
use crate::load::{Load, Measured};

/// The rounds of both.
#[derive(Default)]
pub struct Pair {
    limit: Vec<Measured>,
    salio: Vec<Measured>,
}

impl Pair {
    /// One round of each.
    pub async fn round(&mut self, limit: &Load, salio: &Load) -> Result<()> {
        self.limit.push(limit.run().await?);
        self.salio.push(salio.run().await?);
        Ok(())
    }

    /// Medians of both and of their ratio, round by round.
    pub fn of(&self, what: impl Fn(&Measured) -> f64) -> Compared {
        let medians = |rounds: &[Measured]| median(&rounds.iter().map(&what).collect::<Vec<_>>());
        let ratios: Vec<_> = self.salio.iter().zip(&self.limit).map(|(salio, limit)| what(salio) / what(limit)).collect();
        Compared { salio: medians(&self.salio), limit: medians(&self.limit), ratio: median(&ratios) }
    }
}

/// What came of two loads.
#[derive(Clone, Copy, Debug)]
pub struct Compared {
    pub salio: f64,
    pub limit: f64,
    pub ratio: f64,
}

impl Compared {
    /// Both figures for people.
    pub fn shown(&self, unit: &str, places: usize) -> String {
        format!("{:.places$}{unit} of {:.places$}{unit}", self.salio, self.limit)
    }
}
