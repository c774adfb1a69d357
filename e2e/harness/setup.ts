// Before the first test: what everything needs is there, or one clear sentence says what is not.
import { mkdirSync } from "node:fs";
import { OUTPUT, requireBinary, requireDashboard } from "./binary.ts";

export default function setup(): void {
  requireBinary();
  requireDashboard();
  mkdirSync(OUTPUT, { recursive: true });
}
