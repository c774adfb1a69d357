// Unit tests run in plain Node: what they test is pure, or takes its clock, timers and sockets as arguments.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
