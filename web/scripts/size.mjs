// Checks the build: script within its budget, nothing inline (strict CSP), no other host, hashed names, compressed copies that match.
// Prints what it measured; exits 1 with every fault named.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";

const DIST = process.argv[2] ?? new URL("../dist/", import.meta.url).pathname;
/** The promise: 60 kB of script, gzip, for whichever page is opened first. */
const BUDGET = 60_000;
/** All pages together, for whoever opens every one of them. */
const TOTAL_BUDGET = 75_000;
const HASHED = /^assets\/[\w.]+-[\w-]{8}\.(?:js|css|svg)$/;
/** Names of XML vocabularies, which nothing ever fetches. */
const VOCABULARY = /https?:\/\/www\.w3\.org\/\S*/g;

const faults = [];
const files = (await readdir(DIST, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(join(DIST, "/").length));
const plain = files.filter((name) => !/\.(?:br|gz)$/.test(name)).sort();

/** Of each script: its size, what it always brings along, and what it may fetch later. */
const scripts = new Map();
for (const name of plain) {
  const body = await readFile(join(DIST, name));
  const size = gzipSync(body, { level: 9 }).length;
  if (name.endsWith(".js")) scripts.set(name, { size, ...importsOf(name, body.toString("utf8")) });
  console.log(`${String(size).padStart(7)} B gzip  ${name}`);
  if (name !== "index.html" && !HASHED.test(name)) faults.push(`${name}: not under assets/ with a hash in its name`);
  await checkCopies(name, body);
  checkText(name, body.toString("utf8"));
}
const entry = plain.includes("index.html") ? (await readFile(join(DIST, "index.html"), "utf8")).match(/<script[^>]*\ssrc="\/([^"]+)"/)?.[1] : undefined;
if (entry === undefined || !scripts.has(entry)) faults.push("no script at all: was it built?");
else checkLoads(entry);
for (const fault of faults) console.error(`fault: ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);

/** What is loaded to show the page that is in the first script, and each of those that are fetched when they are opened. */
function checkLoads(entry) {
  const first = closure([entry]);
  weigh("first load", first);
  const later = [...new Set([...scripts.values()].flatMap((one) => one.later))].sort();
  for (const name of later) weigh(`opened with ${name}`, closure([...first, name]));
  const all = closure([...first, ...later]);
  for (const name of scripts.keys()) if (!all.has(name)) faults.push(`${name}: nothing loads it`);
  weigh(`all ${all.size} scripts, if every page is opened`, all, TOTAL_BUDGET);
}

function weigh(what, names, budget = BUDGET) {
  const size = total(names);
  console.log(`${String(size).padStart(7)} B gzip  ${what}, of ${budget} B allowed`);
  if (size > budget) faults.push(`${what}: ${size} B gzip of script, over the budget of ${budget} B`);
}

function total(names) {
  return [...names].reduce((sum, name) => sum + scripts.get(name).size, 0);
}

function closure(names) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const next of scripts.get(name)?.always ?? []) visit(next);
  };
  names.forEach(visit);
  for (const name of seen) if (!scripts.has(name)) faults.push(`${name} is imported and not there`);
  return new Set([...seen].filter((name) => scripts.has(name)));
}

function importsOf(name, text) {
  const beside = (path) => join(name, "..", path);
  const all = (pattern) => [...text.matchAll(pattern)].map((found) => beside(found[1]));
  return { always: all(/(?:\bfrom|\bimport|\bexport[^;]*?from)\s*["'`](\.{1,2}\/[^"'`]+\.js)["'`]/g), later: all(/\bimport\s*\(\s*["'`](\.{1,2}\/[^"'`]+\.js)["'`]/g) };
}

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
