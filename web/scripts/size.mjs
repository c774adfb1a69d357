// Checks the build: script within its budget, nothing inline (strict CSP), no other host, hashed names, compressed copies that match.
// Prints what it measured; exits 1 with every fault named.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";

const DIST = process.argv[2] ?? new URL("../dist/", import.meta.url).pathname;
/** The promise: 60 kB of script, gzip. */
const BUDGET = 60_000;
const HASHED = /^assets\/[\w.]+-[\w-]{8}\.(?:js|css|svg)$/;
/** Names of XML vocabularies, which nothing ever fetches. */
const VOCABULARY = /https?:\/\/www\.w3\.org\/\S*/g;

const faults = [];
const files = (await readdir(DIST, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(join(DIST, "/").length));
const plain = files.filter((name) => !/\.(?:br|gz)$/.test(name)).sort();

let script = 0;
for (const name of plain) {
  const body = await readFile(join(DIST, name));
  const size = gzipSync(body, { level: 9 }).length;
  if (name.endsWith(".js")) script += size;
  console.log(`${String(size).padStart(7)} B gzip  ${name}`);
  if (name !== "index.html" && !HASHED.test(name)) faults.push(`${name}: not under assets/ with a hash in its name`);
  await checkCopies(name, body);
  checkText(name, body.toString("utf8"));
}
if (script === 0) faults.push("no script at all: was it built?");
if (script > BUDGET) faults.push(`script is ${script} B gzip, over the budget of ${BUDGET} B`);
console.log(`${String(script).padStart(7)} B gzip  script in all, of ${BUDGET} B allowed`);
for (const fault of faults) console.error(`fault: ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);

async function checkCopies(name, body) {
  for (const [suffix, unpack] of [[".br", brotliDecompressSync], [".gz", gunzipSync]]) {
    if (!files.includes(name + suffix)) faults.push(`${name}${suffix} is missing`);
    else if (!unpack(await readFile(join(DIST, name + suffix))).equals(body)) faults.push(`${name}${suffix} is of another build`);
  }
}

function checkText(name, text) {
  if (name.endsWith(".html")) {
    if (/<script(?![^>]*\ssrc=)/i.test(text)) faults.push(`${name}: inline script`);
    if (/<style|\sstyle=/i.test(text)) faults.push(`${name}: inline style`);
    if (/\son\w+=/i.test(text)) faults.push(`${name}: inline event handler`);
  }
  if (/(?:https?:)?\/\/[\w-]+\.[\w.-]+\/?[^\s"'`)]*/.test(outside(name, text))) faults.push(`${name}: names another host: ${outside(name, text).match(/https?:\/\/[^\s"'`)]+/)?.[0] ?? ""}`);
}

/** What could be fetched: a script may name a host in a text for people (the setup block), so there only url-taking calls count. */
function outside(name, text) {
  const rest = text.replace(VOCABULARY, "");
  if (!name.endsWith(".js")) return rest;
  return (rest.match(/(?:fetch|import|EventSource|Worker|sendBeacon)\s*\(\s*["'`][^"'`]*["'`]/g) ?? []).join(" ");
}
