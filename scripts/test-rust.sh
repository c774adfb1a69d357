#!/usr/bin/env bash
# All Rust tests. With cargo-nextest where it is installed (faster, one summary), else with cargo's own runner.
set -euo pipefail
if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run --workspace --locked --no-fail-fast
  cargo test --workspace --locked --doc --quiet
else
  cargo test --workspace --locked --no-fail-fast
fi
