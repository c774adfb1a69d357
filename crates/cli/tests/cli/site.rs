//! A place to run the binary in: a working directory, a `.env`, a simulated provider, and deadlines for everything.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use salio_simulator::{SimHandle, SimOptions};
use serde_json::Value;

pub const API_KEY: &str = "made-up-key-PLANTED+/=1";
pub const CLIENT_ID: &str = "made-up-client-PLANTED-2";
pub const ACCESS_KEY: &str = "made-up-access-PLANTED-3";

/// Nothing here takes longer on a busy machine.
const DEADLINE: Duration = Duration::from_secs(40);

#[expect(clippy::disallowed_methods, reason = "tests wait in real time, each with a deadline")]
pub fn now() -> Instant {
    Instant::now()
}

/// Waits for a condition.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

pub struct Site {
    pub directory: tempfile::TempDir,
    pub provider: Option<SimHandle>,
    runtime: tokio::runtime::Runtime,
}

/// What a command came to.
pub struct Done {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Done {
    #[track_caller]
    pub fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

impl Site {
    /// Without anything.
    pub fn bare() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { directory: tempfile::tempdir().unwrap(), provider: None, runtime }
    }

    /// With a provider and a `.env` that holds only the previous system's three variables.
    pub fn new() -> Self {
        Self::with(SimOptions::default())
    }

    /// The same, with a provider of a kind.
    pub fn with(options: SimOptions) -> Self {
        let mut site = Self::bare();
        let options = SimOptions { api_key: Some(API_KEY.to_owned()), client_id: Some(CLIENT_ID.to_owned()), credit: Some("11378.50".to_owned()), ..options };
        let provider = site.runtime.block_on(salio_simulator::start(&options)).unwrap();
        let lines: Vec<String> = provider.environment().iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        site.write(".env", &lines.concat());
        site.provider = Some(provider);
        site
    }

    pub fn provider(&self) -> &SimHandle {
        self.provider.as_ref().unwrap()
    }

    /// Nobody listens there any more.
    pub fn stop_provider(&mut self) {
        let provider = self.provider.take().unwrap();
        self.runtime.block_on(provider.shutdown());
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn add(&self, name: &str, text: &str) {
        std::fs::OpenOptions::new().append(true).create(true).open(self.path(name)).unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// The binary, about to run here with a clean environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_salio"));
        command.args(arguments).current_dir(self.directory.path()).env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Done {
        self.run_with(arguments, &[])
    }

    pub fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Done {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied());
        Started::new(command.spawn().unwrap()).wait()
    }

    /// A server on a free port, answering.
    pub fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    pub fn serve_with(&self, environment: &[(&str, &str)]) -> Server {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.envs(environment.iter().copied());
        Server::new(Started::new(command.spawn().unwrap()))
    }
}

/// A process whose output is read along; killed when dropped.
pub struct Started {
    child: Child,
    out: mpsc::Receiver<String>,
    err: mpsc::Receiver<String>,
    lines: Vec<String>,
}

fn along(pipe: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    receiver
}

impl Started {
    pub fn new(mut child: Child) -> Self {
        let (out, err) = (along(child.stdout.take().unwrap()), along(child.stderr.take().unwrap()));
        Self { child, out, err, lines: Vec::new() }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line of stdout for which `wanted` holds.
    #[track_caller]
    pub fn line(&mut self, wanted: impl Fn(&str) -> bool) -> String {
        let begun = now();
        loop {
            match self.out.recv_timeout(DEADLINE.saturating_sub(begun.elapsed())) {
                Ok(line) => {
                    self.lines.push(line.clone());
                    if wanted(&line) {
                        return line;
                    }
                }
                Err(_) => panic!("no such line: {:?} {:?}", self.lines, self.err.try_iter().collect::<Vec<_>>()),
            }
        }
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("/bin/kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    pub fn wait(mut self) -> Done {
        let child = &mut self.child;
        let status = until("the process ends", || child.try_wait().unwrap());
        let rest = |receiver: &mpsc::Receiver<String>| receiver.iter().map(|line| line + "\n").collect::<String>();
        let before: String = self.lines.iter().map(|line| format!("{line}\n")).collect();
        Done { code: status.code(), out: before + &rest(&self.out), err: rest(&self.err) }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server.
pub struct Server {
    pub process: Started,
    pub address: SocketAddr,
}

impl Server {
    pub fn new(mut process: Started) -> Self {
        let line = process.line(|line| line.contains("http://"));
        let address = line.rsplit("http://").next().unwrap().parse().unwrap();
        Self { process, address }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks it; the whole answer.
    pub fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks it; the JSON of the answer.
    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }

    /// Asks it to stop.
    pub fn stop(self) -> Done {
        self.process.signal("TERM");
        self.process.wait()
    }
}

/// Everything in a directory, as bytes.
pub fn bytes_in(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_file() {
            found.push((entry.path(), std::fs::read(entry.path()).unwrap()));
        }
    }
    found
}
