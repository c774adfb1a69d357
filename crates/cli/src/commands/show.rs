//! A balance as a line for people.
//!
//! Knows nothing of: where it comes from, where it is printed. Never a zero for a figure that nobody knows.

use crate::client::wire::Balance;
use crate::{out, say};

/// Lines of several balances, aligned.
pub fn balances(all: &[Balance]) -> Vec<String> {
    out::table(&all.iter().map(columns).collect::<Vec<_>>(), &[1])
}

/// `onfon  11,375.50 units  settling  (3.00 pending; provider said 11,378.50, 4 s ago)`
fn columns(balance: &Balance) -> Vec<String> {
    let figure = balance.formatted.clone().unwrap_or_else(|| "no figure yet".to_owned());
    vec![balance.account.clone(), figure, balance.state.clone(), details(balance)]
}

fn details(balance: &Balance) -> String {
    let mut parts = Vec::new();
    if say::is_some(&balance.pending) {
        parts.push(format!("{} pending", say::amount(&balance.pending)));
    }
    if say::is_some(&balance.queued) {
        parts.push(format!("{} queued", say::amount(&balance.queued)));
    }
    if balance.unknown_messages > 0 {
        parts.push(format!("{} unknown", balance.unknown_messages));
    }
    if let (Some(observed), Some(age_ms)) = (&balance.observed, balance.age_ms) {
        parts.push(format!("provider said {}, {}", say::amount(observed), say::age(age_ms)));
    }
    if let Some(error) = &balance.error {
        parts.push(format!("{}: {}", balance.health, error.detail.trim_end_matches('.')));
    }
    if parts.is_empty() { String::new() } else { format!("({})", parts.join("; ")) }
}

#[cfg(test)]
mod tests {
    use crate::client::wire::BalanceError;

    use super::*;

    #[test]
    fn a_balance_is_one_calm_line() {
        let balance = Balance {
            account: "onfon".into(),
            formatted: Some("11,375.50 units".into()),
            observed: Some("11378.50".into()),
            pending: "3.00".into(),
            queued: "0.00".into(),
            state: "settling".into(),
            age_ms: Some(4_200),
            ..Balance::default()
        };
        assert_eq!(balances(&[balance]), ["onfon  11,375.50 units  settling  (3.00 pending; provider said 11,378.50, 4 s ago)"]);
    }

    #[test]
    fn what_nobody_knows_is_never_zero() {
        let error = BalanceError { detail: "The provider cannot be reached.".into(), ..BalanceError::default() };
        let balance = Balance { account: "onfon".into(), state: "unknown".into(), health: "degraded".into(), error: Some(error), ..Balance::default() };
        assert_eq!(balances(&[balance]), ["onfon  no figure yet  unknown  (degraded: The provider cannot be reached)"]);
    }
}
