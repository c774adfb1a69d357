//! The arrows of ARCHITECTURE.md, held against what cargo knows, and the paths it names, held against the disk.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and prints what it measured"
)]

use std::collections::BTreeSet;
use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Who may use whom (beside the domain, which everybody may use and which uses nobody).
const ARROWS: &[(&str, &[&str])] = &[
    ("salio-domain", &[]),
    ("salio-provider", &[]),
    ("salio-notify", &["salio-provider"]),
    ("salio-store", &[]),
    ("salio-engine", &["salio-store", "salio-provider"]),
    ("salio-api", &["salio-engine"]),
    ("salio-simulator", &[]),
    ("salio", &["salio-api", "salio-engine", "salio-store", "salio-provider", "salio-notify", "salio-simulator"]),
];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[test]
fn every_arrow_runs_one_way() {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().other_options(vec!["--offline".into()]).exec().unwrap();
    for (name, allowed) in ARROWS {
        let package = metadata.packages.iter().find(|package| package.name.as_str() == *name).unwrap();
        let ours: BTreeSet<&str> =
            package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal && d.path.is_some() && d.name != "salio-domain").map(|d| d.name.as_str()).collect();
        let extra: Vec<_> = ours.iter().filter(|used| !allowed.contains(used)).collect();
        assert!(extra.is_empty(), "{name} must not use {extra:?}");
    }
    let rooms = metadata.packages.iter().filter(|package| package.manifest_path.as_str().contains("/crates/")).count();
    assert_eq!(rooms, ARROWS.len(), "a new crate needs a page in docs/decisions and an entry here");
}

#[test]
fn the_domain_pulls_in_no_io() {
    let manifest = std::fs::read_to_string(root().join("crates/domain/Cargo.toml")).unwrap();
    for banned in ["tokio", "reqwest", "rusqlite", "axum", "tracing", "rand"] {
        assert!(!manifest.contains(banned), "the domain must not know {banned}");
    }
}

#[test]
fn every_path_that_the_architecture_names_exists() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let paths: Vec<&str> = text.split('`').skip(1).step_by(2).filter(|word| word.contains('/') && !word.contains([' ', '*', '<', '{', ':']) && !word.starts_with('/')).collect();
    assert!(paths.len() > 15, "it names the rooms: {paths:?}");
    for path in paths {
        assert!(root().join(path).exists(), "ARCHITECTURE.md names {path}, which does not exist");
    }
}
