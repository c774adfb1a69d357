// Sends a file as it lies on the disk, however large: the only XMLHttpRequest, because a fetch does not say how far an upload has come.
import { read, type Result } from "./http";
import type { BulkAccepted } from "./types";

export interface Upload {
  answer: Promise<Result<BulkAccepted>>;
  stop(): void;
}

export interface BulkFile {
  body: Blob;
  type: string;
  /** Account, template and the rest, as the address takes them. */
  query: string;
  /** The same file under the same key is taken once, and a broken stream goes on where it was. */
  key: string;
}

export function postBulk(file: BulkFile, progress: (sent: number) => void): Upload {
  const request = new XMLHttpRequest();
  const answer = new Promise<Result<BulkAccepted>>((done) => {
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onload = () => done(read(request.status, request.responseText, (name) => request.getResponseHeader(name)));
    request.onerror = request.onabort = () => done({ ok: false, failure: { kind: "network" } });
  });
  request.open("POST", `/api/v1/messages/bulk?${file.query}`);
  request.setRequestHeader("accept", "application/json");
  request.setRequestHeader("content-type", file.type);
  request.setRequestHeader("idempotency-key", file.key);
  request.send(file.body);
  return { answer, stop: () => request.abort() };
}
