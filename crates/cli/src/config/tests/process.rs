//! What is read from a directory, and which file.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

use super::super::process::inputs;
use super::*;

fn directory(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, bytes) in files {
        std::fs::write(directory.path().join(name), bytes).expect("a file");
    }
    directory
}

fn load_in(directory: &Path, environment: &[(&str, &str)], flags: Vec<FlagValue>) -> Result<Settings, ConfigErrors> {
    let environment = environment.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect();
    load(&inputs(directory, environment, flags))
}

fn config_flag(path: &str) -> Vec<FlagValue> {
    vec![FlagValue { flag: "--config".to_owned(), key: "config".to_owned(), value: path.to_owned() }]
}

#[test]
fn an_empty_directory_is_enough() {
    let directory = directory(&[]);
    let settings = load_in(directory.path(), &[("HOME", "/nowhere")], Vec::new()).expect("defaults");
    assert_eq!(settings.config_path, None);
}

#[test]
fn the_usual_files_are_read() {
    let directory = directory(&[("salio.toml", b"[server]\nlisten = '127.0.0.1:1'\n"), (".env", COMPLETE.as_bytes())]);
    let settings = load_in(directory.path(), &[], Vec::new()).expect("settings");
    assert_eq!((settings.server.listen.port(), settings.accounts.len()), (1, 1));
    assert_eq!(settings.config_path.as_deref(), Some(Path::new("salio.toml")));
}

#[test]
fn the_file_is_named_by_flag_then_environment_then_dotenv() {
    let directory = directory(&[("salio.toml", b"log = 'usual'"), ("a.toml", b"log = 'a'"), ("b.toml", b"log = 'b'"), ("c.toml", b"log = 'c'"), (".env", b"SALIO_CONFIG=a.toml")]);
    let log = |environment: &[(&str, &str)], flags| load_in(directory.path(), environment, flags).expect("settings").log;
    assert_eq!(log(&[], Vec::new()), "a");
    assert_eq!(log(&[("SALIO_CONFIG", "b.toml")], Vec::new()), "b");
    assert_eq!(log(&[("SALIO_CONFIG", "b.toml")], config_flag("c.toml")), "c");
}

#[test]
fn a_named_file_must_be_there() {
    let directory = directory(&[]);
    let errors = load_in(directory.path(), &[("SALIO_NOPE", "1")], config_flag("x.toml")).expect_err("no such file");
    assert_eq!(errors.0.len(), 2, "{errors}");
    assert!(errors.to_string().contains("config = \"x.toml\" (flag --config): there is no such file"), "{errors}");
}

#[test]
fn what_cannot_be_read_is_said() {
    let broken = directory(&[("salio.toml", b"log = '\xff'")]);
    let errors = load_in(broken.path(), &[], Vec::new()).expect_err("not UTF-8");
    assert_eq!(errors.0[0].to_string(), "salio.toml: cannot be read: not UTF-8");

    let large = directory(&[("salio.toml", &vec![b'#'; (1 << 20) + 1])]);
    let errors = load_in(large.path(), &[], Vec::new()).expect_err("too large");
    assert_eq!(errors.0[0].to_string(), "salio.toml: cannot be read: larger than 1 MiB");

    let folder = directory(&[]);
    std::fs::create_dir(folder.path().join(".env")).expect("a folder");
    let errors = load_in(folder.path(), &[], Vec::new()).expect_err("a folder");
    assert!(errors.0[0].to_string().starts_with(".env: cannot be read: "), "{errors}");
}

#[test]
fn other_encodings_matter_only_in_our_lines() {
    let other = directory(&[(".env", b"APP_NAME=caf\xe9\nONFON_API_KEY=made-up\nONFON_CLIENT_ID=made-up-2\n")]);
    assert_eq!(load_in(other.path(), &[], Vec::new()).expect("settings").accounts.len(), 1);
    let ours = directory(&[(".env", b"ONFON_API_KEY=caf\xe9\n")]);
    let errors = load_in(ours.path(), &[], Vec::new()).expect_err("a broken character");
    assert!(errors.to_string().contains("accounts.onfon.api_key = (hidden) (.env:1, ONFON_API_KEY): it holds a space, a line break or a broken character"), "{errors}");
}

#[test]
fn the_environment_may_hold_anything_but_not_under_our_names() {
    let directory = directory(&[]);
    let odd = || OsString::from_vec(vec![0xff]);
    let given = inputs(directory.path(), vec![(odd(), "x".into()), ("PATH".into(), odd()), ("SALIO_LOG".into(), odd())], Vec::new());
    let errors = load(&given).expect_err("not UTF-8");
    assert_eq!(errors.0.iter().map(ToString::to_string).collect::<Vec<_>>(), ["SALIO_LOG (environment): the value is not UTF-8"]);
}
