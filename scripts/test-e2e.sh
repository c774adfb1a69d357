#!/usr/bin/env bash
# The browser against the real binary. Chromium is the system's; nothing is downloaded but npm packages.
set -euo pipefail
cd "$(dirname "$0")/../e2e"
npm ci --no-audit --no-fund --loglevel=error
npm run --silent typecheck
npx playwright test "$@"
