// How the dashboard is built: everything under /assets/ with a hash in its name, nothing inline (strict CSP), no polyfill script.
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": process.env["SALIO_DEV_API"] ?? "http://127.0.0.1:8099" },
  },
});
