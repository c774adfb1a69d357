// The page's idea of the wire (web/src/api/schema.ts) against the server's own description: the compiler says whether one fits the other.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapi, { astToString, type OpenAPI3 } from "openapi-typescript";
import ts from "typescript";
import { OUTPUT } from "../harness/binary.ts";
import { expect, test } from "../harness/test.ts";

const PAGE = fileURLToPath(new URL("../../web/src/api/schema.ts", import.meta.url));
/** What the page sends; everything else it receives. */
const SENT = new Set(["NewMessage", "QuoteRequest", "Resolve"]);

test("what the server sends fits what the page reads, and what the page sends fits what the server takes", async ({ salio }) => {
  const names = schemasOf(PAGE);
  expect(names.length).toBeGreaterThan(20);
  const document = await salio.get<Described>("/openapi.json");
  for (const [name, schema] of Object.entries(document.components.schemas)) if (!SENT.has(name)) requireNulls(schema);
  const described = astToString(await openapi({ ...document, paths: {} } as OpenAPI3));
  expect(complaints(described, names)).toEqual([]);
});

test("what has no value is written as null and not left out", async ({ salio }) => {
  await salio.send("0712345678", "habari");
  const { schemas } = (await salio.get<Described>("/openapi.json")).components;
  const [account] = (await salio.get<{ accounts: object[] }>("/api/v1/accounts")).accounts;
  const [message] = (await salio.get<{ messages: object[] }>("/api/v1/messages")).messages;
  const balance = await salio.get("/api/v1/accounts/onfon/balance");
  for (const [name, body] of Object.entries({ Account: account, Message: message, Balance: balance })) {
    expect(Object.keys(body ?? {}).sort(), name).toEqual(Object.keys(schemas[name]?.properties ?? {}).sort());
  }
});

test("the comparison itself sees a field that is missing, one of another kind, and a word nobody knows", () => {
  const own = readFileSync(PAGE, "utf8");
  const changes = [["formatted: string | null;", ""], ["attempts: number;", "attempts: string;"], ['"fresh"', '"fresh" | "rotten"']] as const;
  for (const [from] of changes) expect(own).toContain(from);
  const told = complaints(changes.reduce((text, [from, to]) => text.replace(from, to), own), ["Balance", "BalanceError", "BalanceState"]);
  expect(told).toHaveLength(3);
  for (const [i, word] of ["formatted", "attempts", "rotten"].entries()) expect(told[i]).toContain(word);
});

interface Schema {
  required?: string[];
  properties?: Record<string, { type?: string | string[]; oneOf?: { type?: string }[] }>;
  allOf?: Schema[];
}

interface Described {
  components: { schemas: Record<string, Schema> };
}

/** The document says of a field that may be null only that it may be null; that it is there all the same, the test below proves. */
function requireNulls(schema: Schema): void {
  schema.allOf?.forEach(requireNulls);
  for (const [field, { type, oneOf }] of Object.entries(schema.properties ?? {})) {
    const canBeNull = (Array.isArray(type) && type.includes("null")) || (oneOf ?? []).some((one) => one.type === "null");
    if (canBeNull) schema.required = [...new Set([...(schema.required ?? []), field])];
  }
}

function schemasOf(path: string): string[] {
  const names: string[] = [];
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  const visit = (node: ts.Node, inSchemas: boolean): void => {
    if (!ts.isPropertySignature(node)) return ts.forEachChild(node, (child) => visit(child, inSchemas));
    const name = node.name.getText(source);
    if (inSchemas) names.push(name);
    else if (name === "schemas" && node.type !== undefined) ts.forEachChild(node.type, (child) => visit(child, true));
  };
  visit(source, false);
  return names;
}

/** Writes both ideas beside a file that hands one to the other, and compiles it strictly. */
function complaints(described: string, names: readonly string[]): string[] {
  const folder = `${OUTPUT}contract-${test.info().testId}/`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}server.ts`, described);
  writeFileSync(`${folder}page.ts`, readFileSync(PAGE));
  const lines = names.map((name) => (SENT.has(name) ? fit(name, "Page", "Server") : fit(name, "Server", "Page")));
  writeFileSync(`${folder}fit.ts`, [`import type { components as Server } from "./server";`, `import type { components as Page } from "./page";`, ...lines].join("\n"));
  const program = ts.createProgram([`${folder}fit.ts`], { strict: true, noEmit: true, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2023, types: [] });
  return ts.getPreEmitDiagnostics(program).map((told) => ts.flattenDiagnosticMessageText(told.messageText, "\n"));
}

function fit(name: string, from: string, to: string): string {
  return `export const ${name} = (it: ${from}["schemas"]["${name}"]): ${to}["schemas"]["${name}"] => it;`;
}
