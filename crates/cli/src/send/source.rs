//! A file of any length that can be read more than once. What is piped in is written aside first, in a file of its own that only this process can open.
//!
//! Knows nothing of: what is in it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::Stream;
use hyper::body::Bytes;
use rand::Rng;
use rand::rngs::StdRng;
use salio_engine::bulk::LINE_LIMIT;

use super::progress::Progress;
use crate::failure::{Failure, Outcome};

/// Read at once.
const CHUNK: usize = 256 * 1024;
/// Stands for what is piped in.
const STANDARD_INPUT: &str = "-";
/// What has no line break for so long is no list of messages, and may have no end.
const NO_LINE: usize = 16 * LINE_LIMIT;

/// A file as long as it was when it was opened.
#[derive(Clone, Debug)]
pub struct Source {
    file: Arc<File>,
    bytes: u64,
    shown: String,
}

impl Source {
    /// Opens it; `-` is read to its end. `aside`: where that is kept meanwhile, if the directory is there.
    pub fn open(path: &Path, aside: &Path) -> Outcome<Self> {
        if path == Path::new(STANDARD_INPUT) {
            return Self::spool(std::io::stdin().lock(), aside);
        }
        let shown = path.display().to_string();
        let unreadable = |error: std::io::Error| Failure::usage(format!("{shown}: {error}"));
        // Asked before it is opened: opening a pipe would wait for its writer.
        if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
            return Err(Failure::usage(format!("{shown} is no regular file; what another program writes can be read with -")));
        }
        let file = File::open(path).map_err(unreadable)?;
        let bytes = file.metadata().map_err(unreadable)?.len();
        Ok(Self { file: Arc::new(file), bytes, shown })
    }

    fn spool(mut from: impl Read, aside: &Path) -> Outcome<Self> {
        let failed = |error: std::io::Error| Failure::failed(format!("standard input cannot be kept aside ({error}); make room, or put it into a file and name that"));
        let (mut file, mut bytes, mut without_break) = (unnamed(aside).map_err(failed)?, 0_u64, 0);
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = from.read(&mut chunk).map_err(|error| Failure::failed(format!("standard input: {error}")))?;
            let Some(some) = chunk.get(..read).filter(|some| !some.is_empty()) else { break };
            without_break = some.iter().rev().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(without_break + read);
            if without_break > NO_LINE {
                return Err(Failure::usage(format!("standard input has a line of more than {} MiB; that is no list of messages", NO_LINE / 1024 / 1024)));
            }
            file.write_all(some).map_err(failed)?;
            bytes += u64::try_from(read).unwrap_or(0);
        }
        Ok(Self { file: Arc::new(file), bytes, shown: "standard input".to_owned() })
    }

    /// How long it is.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What people call it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Its first bytes.
    pub fn beginning(&self, most: usize) -> Vec<u8> {
        let mut bytes = vec![0; most];
        let read = self.file.read_at(&mut bytes, 0).unwrap_or(0);
        bytes.truncate(read);
        bytes
    }

    /// All of it, from the beginning.
    pub fn stream(&self, progress: &Progress) -> impl Stream<Item = std::io::Result<Bytes>> + Send + Sync + Unpin + use<> {
        let (source, progress) = (self.clone(), progress.clone());
        Box::pin(futures::stream::try_unfold(0, move |offset| {
            let (source, progress) = (source.clone(), progress.clone());
            async move {
                let chunk = tokio::task::spawn_blocking(move || source.chunk(offset)).await.map_err(std::io::Error::other)??;
                progress.more(chunk.len());
                Ok((!chunk.is_empty()).then(|| (chunk.clone(), offset + u64::try_from(chunk.len()).unwrap_or(0))))
            }
        }))
    }

    fn chunk(&self, offset: u64) -> std::io::Result<Bytes> {
        let left = usize::try_from(self.bytes.saturating_sub(offset)).unwrap_or(usize::MAX);
        let mut bytes = vec![0; left.min(CHUNK)];
        let read = self.file.read_at(&mut bytes, offset)?;
        if read == 0 && left > 0 {
            return Err(std::io::Error::other("it became shorter while it was read"));
        }
        bytes.truncate(read);
        Ok(bytes.into())
    }
}

/// A file without a name: it goes away with this process, however that ends.
fn unnamed(aside: &Path) -> std::io::Result<File> {
    let directory: PathBuf = if aside.is_dir() { aside.join("tmp") } else { std::env::temp_dir() };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory)?;
    let mut random: StdRng = rand::make_rng();
    let path = directory.join(format!("salio-{:016x}", random.next_u64()));
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt;

    use super::*;

    #[tokio::test]
    async fn what_is_piped_in_can_be_read_again_and_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let text = "to,text\n0712345678,Hello\n".repeat(40_000);
        let source = Source::spool(text.as_bytes(), directory.path()).unwrap();
        for _ in 0..2 {
            let chunks: Vec<Bytes> = source.stream(&Progress::hidden()).try_collect().await.unwrap();
            assert!(chunks.len() > 3 && chunks.concat() == text.as_bytes());
        }
        assert_eq!((source.bytes(), source.beginning(7)), (text.len() as u64, b"to,text".to_vec()));
        assert_eq!(std::fs::read_dir(directory.path().join("tmp")).unwrap().count(), 0);
    }

    #[test]
    fn what_has_no_lines_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let error = Source::spool(std::io::repeat(0), directory.path()).unwrap_err();
        assert!(matches!(&error, Failure::Usage(text) if text.contains("that is no list of messages")), "{error}");
    }

    #[tokio::test]
    async fn a_file_that_became_shorter_is_a_failure_and_not_its_end() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "to,text\n").unwrap();
        let source = Source::open(file.path(), Path::new("/nowhere")).unwrap();
        file.as_file().set_len(0).unwrap();
        assert!(source.stream(&Progress::hidden()).try_collect::<Vec<_>>().await.is_err());
    }
}
