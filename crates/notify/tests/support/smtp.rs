//! A mail server: it takes letters over plain lines, STARTTLS or TLS from the first byte, remembers them, and misbehaves at any step as told.
//!
//! Knows nothing of: the code that it tests.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A step of the conversation at which the server can do something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Greeting,
    Hello,
    StartTls,
    Auth,
    From,
    To(&'static str),
    Data,
    /// After the first line of the letter.
    Middle,
    End,
    Quit,
}

/// What it does there.
#[derive(Clone, Debug)]
pub enum Act {
    /// Says this, bytes as they are.
    Say(String),
    /// Stays silent until the other side is gone.
    Stall,
    /// Closes without a word.
    Close,
    /// Talks without end and without a line.
    Babble,
}

/// How the server speaks.
#[derive(Clone)]
pub enum Speech {
    Plain,
    StartTls(TlsAcceptor),
    Implicit(TlsAcceptor),
}

/// One conversation as the server saw it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    pub tls: bool,
    /// Every line outside letters, in order.
    pub lines: Vec<String>,
    /// What was inside them; one for each letter taken.
    pub letters: Vec<String>,
}

/// One server; gone when dropped.
pub struct MailServer {
    pub port: u16,
    heard: Arc<Mutex<Vec<Heard>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl MailServer {
    pub async fn start(speech: Speech, acts: Vec<(Step, Act)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&heard);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let at = {
                    let mut all = all.lock().expect("not poisoned");
                    all.push(Heard::default());
                    all.len() - 1
                };
                let talk = Talk { at, acts: acts.clone(), heard: Arc::clone(&all) };
                tokio::spawn(talk.begin(stream, speech.clone()));
            }
        });
        Self { port, heard, task }
    }

    /// Every conversation so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("not poisoned").clone()
    }
}

struct Talk {
    at: usize,
    acts: Vec<(Step, Act)>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

/// The conversation is over.
struct Over;

type Lines<S> = BufReader<S>;

impl Talk {
    fn note(&self, change: impl FnOnce(&mut Heard)) {
        change(&mut self.heard.lock().expect("not poisoned")[self.at]);
    }

    async fn begin(self, stream: TcpStream, speech: Speech) {
        let _ = match speech {
            Speech::Plain => self.whole(&mut BufReader::new(stream)).await,
            Speech::Implicit(acceptor) => match acceptor.accept(stream).await {
                Ok(stream) => {
                    self.note(|heard| heard.tls = true);
                    self.whole(&mut BufReader::new(stream)).await
                }
                Err(_) => Ok(()),
            },
            Speech::StartTls(acceptor) => self.upgrade(stream, &acceptor).await,
        };
    }

    async fn upgrade(&self, stream: TcpStream, acceptor: &TlsAcceptor) -> Result<(), Over> {
        let mut lines = BufReader::new(stream);
        self.act(&mut lines, Step::Greeting, "220 made-up.test\r\n").await?;
        loop {
            let line = self.line(&mut lines).await?;
            if line == "STARTTLS" {
                break;
            }
            self.act(&mut lines, Step::Hello, "250-made-up.test\r\n250 STARTTLS\r\n").await?;
        }
        self.act(&mut lines, Step::StartTls, "220 go on\r\n").await?;
        let stream = acceptor.accept(lines.into_inner()).await.map_err(|_| Over)?;
        self.note(|heard| heard.tls = true);
        self.lines(&mut BufReader::new(stream)).await
    }

    async fn whole<S: AsyncRead + AsyncWrite + Unpin>(&self, lines: &mut Lines<S>) -> Result<(), Over> {
        self.act(lines, Step::Greeting, "220 made-up.test\r\n").await?;
        self.lines(lines).await
    }

    async fn lines<S: AsyncRead + AsyncWrite + Unpin>(&self, lines: &mut Lines<S>) -> Result<(), Over> {
        loop {
            let line = self.line(lines).await?;
            let word = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match word.as_str() {
                "EHLO" => self.act(lines, Step::Hello, "250-made-up.test\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN\r\n").await?,
                "AUTH" if line == "AUTH LOGIN" => self.ask_login(lines).await?,
                "AUTH" => self.act(lines, Step::Auth, "235 welcome\r\n").await?,
                "MAIL" => self.act(lines, Step::From, "250 ok\r\n").await?,
                "RCPT" => self.act(lines, self.receiver(&line), "250 ok\r\n").await?,
                "DATA" => self.letter(lines).await?,
                "QUIT" => return self.act(lines, Step::Quit, "221 bye\r\n").await,
                _ => self.say(lines, "500 what\r\n").await?,
            }
        }
    }

    /// `Username:`, `Password:`, in base64.
    async fn ask_login<S: AsyncRead + AsyncWrite + Unpin>(&self, lines: &mut Lines<S>) -> Result<(), Over> {
        for challenge in ["334 VXNlcm5hbWU6\r\n", "334 UGFzc3dvcmQ6\r\n"] {
            self.say(lines, challenge).await?;
            self.line(lines).await?;
        }
        self.act(lines, Step::Auth, "235 welcome\r\n").await
    }

    fn receiver(&self, line: &str) -> Step {
        let told = self.acts.iter().map(|(step, _)| *step);
        told.into_iter().find(|step| matches!(step, Step::To(to) if line.contains(to))).unwrap_or(Step::To(""))
    }

    async fn letter<S: AsyncRead + AsyncWrite + Unpin>(&self, lines: &mut Lines<S>) -> Result<(), Over> {
        self.act(lines, Step::Data, "354 go on\r\n").await?;
        let mut letter = String::new();
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).await.unwrap_or(0) == 0 {
                return Err(Over);
            }
            if letter.is_empty() {
                self.act(lines, Step::Middle, "").await?;
            }
            if line == ".\r\n" {
                break;
            }
            letter.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
        self.note(|heard| heard.letters.push(letter));
        self.act(lines, Step::End, "250 queued\r\n").await
    }

    async fn line<S: AsyncRead + AsyncWrite + Unpin>(&self, lines: &mut Lines<S>) -> Result<String, Over> {
        let mut line = String::new();
        if lines.read_line(&mut line).await.unwrap_or(0) == 0 {
            return Err(Over);
        }
        let line = line.trim_end().to_owned();
        self.note(|heard| heard.lines.push(line.clone()));
        Ok(line)
    }

    async fn say<S: AsyncRead + AsyncWrite + Unpin>(&self, lines: &mut Lines<S>, text: &str) -> Result<(), Over> {
        let stream = lines.get_mut();
        stream.write_all(text.as_bytes()).await.map_err(|_| Over)?;
        stream.flush().await.map_err(|_| Over)
    }

    /// Does what was told for the step, or says the usual.
    async fn act<S: AsyncRead + AsyncWrite + Unpin>(&self, lines: &mut Lines<S>, step: Step, usual: &str) -> Result<(), Over> {
        match self.acts.iter().find(|(at, _)| *at == step).map(|(_, act)| act) {
            None => self.say(lines, usual).await,
            Some(Act::Say(text)) => self.say(lines, text).await,
            Some(Act::Close) => Err(Over),
            Some(Act::Babble) => loop {
                self.say(lines, &"x".repeat(4096)).await?;
            },
            Some(Act::Stall) => {
                let mut rest = Vec::new();
                while lines.read_until(b'\n', &mut rest).await.unwrap_or(0) > 0 {
                    rest.clear();
                }
                Err(Over)
            }
        }
    }
}
