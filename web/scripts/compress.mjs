// Writes .br and .gz beside every text file of the build, so that the server sends them as they are and compresses nothing itself.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url).pathname;
const TEXT = /\.(?:html|js|css|svg|json|txt|webmanifest)$/;

const names = await readdir(DIST, { recursive: true });
for (const name of names.filter((n) => TEXT.test(n)).sort()) {
  const body = await readFile(join(DIST, name));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
  await writeFile(join(DIST, `${name}.br`), brotliCompressSync(body, { params: quality }));
  await writeFile(join(DIST, `${name}.gz`), gzipSync(body, { level: 9 }));
}
