//! Which lines of a file cannot be sent, found before anything is: whoever mends such a file and runs it again must not send the others twice.
//!
//! Knows nothing of: transports. What `--to` and `--text` say is left to the API, which answers before it accepts.

use std::collections::HashMap;

use salio_domain::Msisdn;
use salio_domain::message::{MAX_SEGMENTS, control_in};
use salio_domain::segments::segment;

use super::plan::{Group, Plan, Recipient};

impl Plan {
    /// Moves what cannot be sent from the groups to the bad lines; numbers without a country code belong to `country`.
    pub fn check(&mut self, country: &str) {
        let mut bad = Vec::new();
        for group in &mut self.groups {
            check_group(group, country, &mut bad);
        }
        self.groups.retain(|group| !group.recipients.is_empty());
        self.bad_lines.append(&mut bad);
        self.bad_lines.sort();
    }
}

fn check_group(group: &mut Group, country: &str, bad: &mut Vec<(usize, String)>) {
    let text_fault = text_fault(&group.text);
    let mut seen = HashMap::new();
    group.recipients.retain(|recipient| {
        let Some(line) = recipient.line else { return true };
        let fault = text_fault.clone().or_else(|| number_fault(recipient, line, country, &mut seen));
        fault.map(|why| bad.push((line, why))).is_none()
    });
}

fn text_fault(text: &str) -> Option<String> {
    if let Some((_, control)) = control_in(text) {
        return Some(format!("the text has the control character U+{:04X}; only line breaks and tabs can be sent", u32::from(control)));
    }
    let segments = segment(text).segments;
    (segments > MAX_SEGMENTS).then(|| format!("the text takes {segments} segments; at most {MAX_SEGMENTS} are sent"))
}

fn number_fault(recipient: &Recipient, line: usize, country: &str, seen: &mut HashMap<Msisdn, usize>) -> Option<String> {
    let number = match Msisdn::parse(&recipient.to, country) {
        Ok(number) => number,
        Err(error) => return Some(format!("{} cannot be sent to: {error}", recipient.to)),
    };
    let first = *seen.entry(number).or_insert(line);
    (first != line).then(|| format!("{} gets the same text by line {first}", recipient.to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(number: &str, line: usize) -> Recipient {
        Recipient { to: number.to_owned(), line: Some(line) }
    }

    #[test]
    fn every_line_that_the_api_would_refuse_is_found() {
        let from_flags = Recipient { to: "12".to_owned(), line: None };
        let good = Group { text: "hi".to_owned(), recipients: vec![from_flags.clone(), to("0712345678", 2), to("12", 3), to("+254 712 345678", 5)] };
        let long = Group { text: "a".repeat(4_000), recipients: vec![to("0712345678", 6)] };
        let odd = Group { text: "a\u{7}".to_owned(), recipients: vec![to("0712345678", 7)] };
        let mut plan = Plan { groups: vec![good, long, odd], bad_lines: vec![(4, "the number is missing".to_owned())] };
        plan.check("KE");
        assert_eq!(plan.groups, [Group { text: "hi".to_owned(), recipients: vec![from_flags, to("0712345678", 2)] }]);
        let parts = ["12 cannot be sent to: ", "the number is missing", "by line 2", "segments; at most 20", "U+0007"];
        assert_eq!(plan.bad_lines.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 5, 6, 7]);
        plan.bad_lines.iter().zip(parts).for_each(|((_, why), part)| assert!(why.contains(part), "{why}"));
    }
}
