//! The numbers that nobody may send to, in memory: read for every recipient, changed seldom. The store keeps them; this is its copy.

use std::collections::HashSet;
use std::sync::Arc;

use parking_lot::RwLock;
use salio_domain::Msisdn;

/// Cheap to clone; all clones are the same list.
#[derive(Clone, Debug, Default)]
pub(crate) struct StopList {
    numbers: Arc<RwLock<HashSet<Msisdn>>>,
}

impl StopList {
    pub(crate) fn new(numbers: impl IntoIterator<Item = Msisdn>) -> Self {
        Self { numbers: Arc::new(RwLock::new(numbers.into_iter().collect())) }
    }

    pub(crate) fn holds(&self, number: &Msisdn) -> bool {
        self.numbers.read().contains(number)
    }

    /// After the store has them.
    pub(crate) fn add(&self, numbers: &[Msisdn]) {
        self.numbers.write().extend(numbers.iter().cloned());
    }

    /// After the store has let go of it.
    pub(crate) fn remove(&self, number: &Msisdn) {
        self.numbers.write().remove(number);
    }
}
