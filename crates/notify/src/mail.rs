//! E-mail: one letter to the receivers of a channel, handed to one SMTP server.
//!
//! Knows nothing of: rules, what a letter is about.

mod compose;
mod deliver;
mod door;
mod line;
mod reply;
mod starttls;

use lettre::Address;
use lettre::message::Mailbox;
use rustls::pki_types::ServerName;
use salio_domain::Timestamp;
use salio_provider::Secret;

use crate::Invalid;
pub(crate) use deliver::deliver;

/// Receivers of one channel; more of them want a mailing list.
const MAX_RECEIVERS: usize = 50;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTls {
    /// Begins in the clear and must become TLS before anything is said (`starttls`, port 587).
    StartTls,
    /// TLS from the first byte (`implicit`, port 465).
    Implicit,
    /// None (`none`, port 25): only to this machine, and only where the guard permits that.
    None,
}

/// What a mail channel is made from.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The server: a name or an address.
    pub host: String,
    /// The usual one for the way of protection, when not given.
    pub port: Option<u16>,
    /// How the connection is protected.
    pub tls: MailTls,
    /// With `password`, or neither.
    pub user: Option<String>,
    /// With `user`, or neither.
    pub password: Option<Secret>,
    /// `salio@example.com` or `Salio <salio@example.com>`.
    pub from: String,
    /// At least one, at most 50.
    pub to: Vec<String>,
}

/// A mail channel whose settings are in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    host: String,
    port: u16,
    tls: MailTls,
    login: Option<Login>,
    from: Mailbox,
    to: Vec<Mailbox>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Login {
    user: String,
    password: Secret,
}

/// One letter, plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Names the notification: mail programs show a letter that comes twice under one id only once.
    pub id: String,
    /// The date of the letter.
    pub at: Timestamp,
    /// In one line.
    pub subject: String,
    /// Lines of text.
    pub body: String,
}

impl MailTls {
    /// All, in order.
    pub const ALL: &'static [Self] = &[Self::StartTls, Self::Implicit, Self::None];

    /// The stable word: `starttls`, `implicit`, `none`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StartTls => "starttls",
            Self::Implicit => "implicit",
            Self::None => "none",
        }
    }

    /// What a given word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|tls| tls.as_str() == word)
    }

    const fn usual_port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Implicit => 465,
            Self::None => 25,
        }
    }
}

impl Mail {
    /// Looks the settings over.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn new(settings: MailSettings) -> Result<Self, Invalid> {
        let host = settings.host.trim_start_matches('[').trim_end_matches(']').to_owned();
        ServerName::try_from(host.as_str()).map_err(|_| Invalid::new("host", "a name such as smtp.example.com, or an address"))?;
        let login = login(settings.user, settings.password)?;
        let from = mailbox("from", &settings.from)?;
        if settings.to.is_empty() || settings.to.len() > MAX_RECEIVERS {
            return Err(Invalid::new("to", "1 to 50 addresses"));
        }
        let to = settings.to.iter().map(|to| mailbox("to", to)).collect::<Result<_, _>>()?;
        Ok(Self { host, port: settings.port.unwrap_or(settings.tls.usual_port()), tls: settings.tls, login, from, to })
    }

    /// The receivers: the first three, and how many more.
    pub(crate) fn shown(&self) -> String {
        let first: Vec<&str> = self.receivers().take(3).map(AsRef::as_ref).collect();
        let more = self.to.len().saturating_sub(first.len());
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        format!("{}{more}", first.join(", "))
    }

    fn receivers(&self) -> impl Iterator<Item = &Address> {
        self.to.iter().map(|mailbox| &mailbox.email)
    }

    /// What must not be shown when the server says it.
    fn secret(&self) -> &str {
        self.login.as_ref().map_or("", |login| login.password.expose())
    }
}

fn login(user: Option<String>, password: Option<Secret>) -> Result<Option<Login>, Invalid> {
    match (user.filter(|user| !user.is_empty()), password.filter(|password| !password.is_empty())) {
        (None, None) => Ok(None),
        // A zero byte would end it for the server.
        (Some(user), Some(password)) if !user.contains('\0') && !password.expose().contains('\0') => Ok(Some(Login { user, password })),
        (Some(_), Some(_)) => Err(Invalid::new("password", "user and password must not hold a zero byte")),
        (Some(_), None) => Err(Invalid::new("password", "missing beside user; give both or neither")),
        (None, Some(_)) => Err(Invalid::new("user", "missing beside password; give both or neither")),
    }
}

/// ASCII addresses alone: not every server on the way takes others.
fn mailbox(field: &'static str, text: &str) -> Result<Mailbox, Invalid> {
    let wrong = || Invalid::new(field, "an address looks like name@example.com or Name <name@example.com>, in ASCII (a domain with other letters as xn--…)");
    let mailbox: Mailbox = text.parse().map_err(|_| wrong())?;
    let controls = mailbox.name.iter().any(|name| name.chars().any(char::is_control));
    if !controls && AsRef::<str>::as_ref(&mailbox.email).is_ascii() { Ok(mailbox) } else { Err(wrong()) }
}

#[cfg(test)]
#[path = "mail_tests.rs"]
mod tests;
