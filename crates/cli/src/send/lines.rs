//! Which lines of a file went, for whoever runs the rest of it later.
//!
//! Knows nothing of: why a line did not.

use std::collections::BTreeSet;

use super::hand_over::Handed;
use super::plan::Plan;

/// The lines of a file, counted from 1, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Accepted.
    pub taken: BTreeSet<usize>,
    /// Bad, refused, or not handed over any more.
    pub not_taken: BTreeSet<usize>,
}

impl Lines {
    /// Of a plan, after it was handed over.
    pub fn of(plan: &Plan, handed: &Handed) -> Self {
        let taken: BTreeSet<usize> = handed.lines.iter().copied().collect();
        let planned = plan.groups.iter().flat_map(|group| &group.recipients).filter_map(|recipient| recipient.line);
        let all = planned.chain(plan.bad_lines.iter().map(|(line, _)| *line));
        let not_taken = all.filter(|line| !taken.contains(line)).collect();
        Self { taken, not_taken }
    }
}

/// `2, 5-9, 12`; `none`.
pub fn ranges(lines: &BTreeSet<usize>) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for line in lines.iter().copied() {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == line => *last = line,
            _ => ranges.push((line, line)),
        }
    }
    let shown: Vec<String> = ranges.into_iter().map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") }).collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_stand_together() {
        assert_eq!(ranges(&[2, 5, 6, 7, 9].into()), "2, 5-7, 9");
        assert_eq!(ranges(&BTreeSet::new()), "none");
    }
}
