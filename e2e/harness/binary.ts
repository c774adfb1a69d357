// Which binary is tested. Must not know how to build one.
import { accessSync, constants, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** `E2E_BINARY`, from the root of the repository; without it the released one. */
export const BINARY = resolve(ROOT, process.env["E2E_BINARY"] ?? "target/release/salio");

export const OUTPUT = fileURLToPath(new URL("../output/", import.meta.url));

export function requireBinary(): void {
  try {
    accessSync(BINARY, constants.X_OK);
  } catch {
    throw new Error(`${BINARY} is not there. Run \`make build\`, or name another binary in E2E_BINARY.`);
  }
}

/** A binary can be built without the dashboard; then every test would fail for a reason that none of them names. */
export function requireDashboard(): void {
  const dist = resolve(ROOT, "web/dist/assets");
  try {
    if (readdirSync(dist).length > 0) return;
  } catch {
    // Told below.
  }
  throw new Error(`${dist} is empty: the binary has no dashboard in it. Run \`make build\`.`);
}
