//! The fields of one record by their squashed names; only names that matter are kept, so a hostile call costs no more than it is long: what stands around many
//! records is shared by them, not copied.
//!
//! Knows nothing of: what the fields mean, what they were wrapped in.

use std::rc::Rc;

use crate::onfon::json::says_nothing;

/// Which fields matter for one kind of record.
pub(super) struct Kind {
    /// Every name that is kept.
    pub known: &'static [&'static [&'static str]],
    /// Whose record it is: may also stand around it, for several.
    pub whose: &'static [&'static [&'static str]],
    /// What it says; never taken from what stands around (`"status":"success"` of an envelope is nobody's delivery).
    pub what: &'static [&'static str],
}

/// One record: values by name, in order. A name without values was there and said nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record(Vec<(&'static str, Rc<Vec<String>>)>);

impl Record {
    /// Notes a name, and a value if there is one; what does not matter is dropped.
    pub(super) fn add(&mut self, kind: &Kind, name: &str, value: Option<String>) {
        let Some(known) = kind.known.iter().copied().flatten().find(|known| **known == name) else { return };
        let at = self.0.iter().position(|(have, _)| have == known).unwrap_or_else(|| {
            self.0.push((known, Rc::default()));
            self.0.len() - 1
        });
        // Whose it is may be inherited by many: what says nothing there would be passed over for each of them.
        let is_empty = |value: &String| kind.whose.iter().any(|names| names.contains(known)) && says_nothing(value.trim());
        if let (Some(value), Some((_, values))) = (value.filter(|value| !is_empty(value)), self.0.get_mut(at)) {
            Rc::make_mut(values).push(value);
        }
    }

    /// Whether the name was there at all.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(have, _)| *have == name)
    }

    /// The values, trimmed, of the first name that says something.
    pub(super) fn values(&self, names: &[&str]) -> Vec<&str> {
        if self.says(names) { names.iter().map(|name| self.of(name)).find(|values| !values.is_empty()).unwrap_or_default() } else { Vec::new() }
    }

    /// The first value, trimmed, of the first name that says something.
    pub(super) fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.raw(name).iter().map(|value| value.trim()).find(|value| !says_nothing(value)))
    }

    /// The values, trimmed, of one name, without those that say nothing.
    pub(super) fn of(&self, name: &str) -> Vec<&str> {
        self.raw(name).iter().map(|value| value.trim()).filter(|value| !says_nothing(value)).collect()
    }

    /// The values of one name as they came.
    pub(super) fn raw(&self, name: &str) -> &[String] {
        self.0.iter().find(|(have, _)| *have == name).map_or(&[], |(_, values)| values.as_slice())
    }

    /// Whether it says whose it is and what it says.
    pub(super) fn is_whole(&self, kind: &Kind) -> bool {
        self.says(kind.what) && kind.whose.iter().any(|names| self.says(names))
    }

    /// Whether it says one of the two.
    pub(super) fn is_part(&self, kind: &Kind) -> bool {
        self.says(kind.what) || kind.whose.iter().any(|names| self.says(names))
    }

    fn says(&self, names: &[&str]) -> bool {
        self.0.iter().any(|(have, values)| values.iter().any(|value| !says_nothing(value)) && names.contains(have))
    }

    /// Takes from `around` whose record this is, where it does not say so itself.
    pub(super) fn inherit(&mut self, around: &Self, kind: &Kind) {
        for names in kind.whose.iter().filter(|names| around.says(names)) {
            if !self.says(names) {
                self.take(around, names);
            }
        }
    }

    /// Takes from `other` each field of which this says nothing.
    pub(super) fn complete(&mut self, other: &Self) {
        for (name, values) in &other.0 {
            if self.of(name).is_empty() {
                self.replace(name, values);
            }
        }
    }

    fn take(&mut self, around: &Self, names: &[&str]) {
        for (name, values) in around.0.iter().filter(|(name, _)| names.contains(name)) {
            self.replace(name, values);
        }
    }

    fn replace(&mut self, name: &'static str, values: &Rc<Vec<String>>) {
        match self.0.iter_mut().find(|(have, _)| *have == name) {
            Some((_, mine)) => mine.clone_from(values),
            None => self.0.push((name, values.clone())),
        }
    }
}
