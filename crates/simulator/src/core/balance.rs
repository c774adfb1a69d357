//! What a balance call is told. Must not know how the figure is written.

use super::codes;
use super::credentials::Login;
use super::fault::Fault;
use super::micros::Micros;
use super::model::{Begun, Model};
use super::reply::Refusal;

/// The answer to a balance call, before it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BalanceReply {
    /// The call was refused.
    Refused(Refusal),
    /// The credit at the moment of the call.
    Figure(Micros),
    /// The fault swallowed the answer.
    Nothing,
}

impl Model {
    /// Carries out a balance call that [`Model::begin`] has counted.
    pub fn balance(&mut self, now: i64, login: &Login, begun: &Begun) -> BalanceReply {
        self.advance(now);
        if begun.fault.replaces_answer().is_some() {
            return BalanceReply::Nothing;
        }
        if let Err(refusal) = self.check_login(login, begun) {
            return BalanceReply::Refused(refusal);
        }
        match &begun.fault {
            Fault::Refuse { code, text, http } => {
                let text = text.clone().unwrap_or_else(|| codes::text(*code).to_owned());
                BalanceReply::Refused(Refusal { code: *code, text: text.into(), http: *http })
            }
            Fault::OutOfCredit {} => BalanceReply::Figure(Micros(0)),
            Fault::StaleFigure {} => BalanceReply::Figure(Micros(self.last_figure.unwrap_or_else(|| self.account.credit()))),
            _ => {
                self.last_figure = Some(self.account.credit());
                BalanceReply::Figure(Micros(self.account.credit()))
            }
        }
    }
}
