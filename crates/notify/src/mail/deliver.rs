//! The conversation with the mail server, step by step, so that it is known how far it came: nothing counts as handed over before `DATA` was agreed to.
//!
//! Knows nothing of: how the connection came about, what is in a letter.

use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::response::Code;

use super::compose::compose;
use super::{Letter, Mail, door, reply};
use crate::{Attempt, Notifier, Outcome};

/// How long a server may take to answer a farewell. The matter is settled by then.
const FAREWELL: Duration = Duration::from_secs(1);
/// Refused receivers that are named; the others are counted.
const MAX_NAMED: usize = 3;
/// Of the usual time: some servers greet late on purpose, and look long at a letter before they take it.
const PATIENCE: u32 = 2;
/// "Start mail input".
const GO_ON: u16 = 354;

/// A receiver that the server will not write to.
struct Unwanted {
    code: Code,
    words: String,
}

/// Hands one letter over, to all receivers that the server takes.
pub(crate) async fn deliver(notifier: &Notifier, mail: &Mail, letter: &Letter) -> Attempt {
    let Some(bytes) = compose(mail, letter) else {
        return Attempt::unanswered(Outcome::Refused { permanent: true, detail: "the letter cannot be written".to_owned() });
    };
    let patience = notifier.timeout.saturating_mul(PATIENCE);
    let agreed = tokio::time::timeout(patience, agree(notifier, mail)).await;
    let (mut connection, unwanted) = match agreed {
        Ok(Ok(agreed)) => agreed,
        Ok(Err(attempt)) => return attempt,
        Err(_) => return Attempt::not_sent("the mail server did not answer in time; nothing was handed over"),
    };
    let attempt = match tokio::time::timeout(patience, connection.message(&bytes)).await {
        Ok(Ok(answer)) if answer.has_code(GO_ON) => Attempt::in_doubt("the server did not say whether it took the letter"),
        Ok(Ok(answer)) => Attempt::answered(Outcome::Taken { note: note(&unwanted) }, answer.code().into()),
        Ok(Err(error)) => reply::after(mail, &error),
        Err(_) => Attempt::in_doubt("the server did not say in time whether it took the letter"),
    };
    if attempt.status.is_some() {
        let _ = tokio::time::timeout(FAREWELL, connection.quit()).await;
    }
    attempt
}

/// Until the server waits for the letter. Gives the receivers that it refused.
async fn agree(notifier: &Notifier, mail: &Mail) -> Result<(AsyncSmtpConnection, Vec<Unwanted>), Attempt> {
    let (line, hello) = door::open(notifier, mail).await?;
    let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(line), &hello).await;
    let mut connection = greeted.map_err(|error| reply::before(mail, "the greeting", &error))?;
    log_in(&mut connection, mail).await?;
    let from = MailFrom::new(Some(mail.from.email.clone()), Vec::new());
    connection.command(from).await.map_err(|error| reply::before(mail, "the sender", &error))?;
    let unwanted = name_receivers(&mut connection, mail).await?;
    let answer = connection.command(Data).await.map_err(|error| reply::before(mail, "the letter", &error))?;
    if answer.has_code(GO_ON) { Ok((connection, unwanted)) } else { Err(Attempt::not_sent("the server said something else than that it waits for the letter")) }
}

async fn log_in(connection: &mut AsyncSmtpConnection, mail: &Mail) -> Result<(), Attempt> {
    let Some(login) = &mail.login else { return Ok(()) };
    let credentials = Credentials::new(login.user.clone(), login.password.expose().to_owned());
    match connection.auth(DEFAULT_MECHANISMS, &credentials).await {
        Ok(answer) if answer.code().is_positive() && !answer.has_code(GO_ON) => Ok(()),
        Ok(_) => Err(Attempt::not_sent("logging in: the server said something that is no reply")),
        // Its words are left out: what it was asked was all secret.
        Err(error) => {
            Err(error.status().map_or_else(|| reply::before(mail, "logging in", &error), |code| reply::refused(code, format!("user and password were refused ({code})"))))
        }
    }
}

async fn name_receivers(connection: &mut AsyncSmtpConnection, mail: &Mail) -> Result<Vec<Unwanted>, Attempt> {
    let mut unwanted = Vec::new();
    for to in mail.receivers() {
        if let Err(error) = connection.command(Rcpt::new(to.clone(), Vec::new())).await {
            let Some(code) = error.status() else { return Err(reply::before(mail, "the receivers", &error)) };
            unwanted.push(Unwanted { code, words: format!("{to}{}", reply::said(mail, code, &error)) });
        }
    }
    if unwanted.len() < mail.to.len() { Ok(unwanted) } else { Err(nobody(&unwanted)) }
}

/// For good only when it is so for each of them.
fn nobody(unwanted: &[Unwanted]) -> Attempt {
    let Some(mildest) = unwanted.iter().min_by_key(|one| u16::from(one.code)) else { return Attempt::not_sent("there is no receiver") };
    reply::refused(mildest.code, format!("no receiver was taken: {}", list(unwanted)))
}

fn note(unwanted: &[Unwanted]) -> Option<String> {
    (!unwanted.is_empty()).then(|| format!("refused for {}", list(unwanted)))
}

fn list(unwanted: &[Unwanted]) -> String {
    let mut words: Vec<String> = unwanted.iter().take(MAX_NAMED).map(|one| one.words.clone()).collect();
    if unwanted.len() > MAX_NAMED {
        words.push(format!("{} more", unwanted.len() - MAX_NAMED));
    }
    words.join(", ")
}
