// One list on a page: asked for, read on page by page, kept current gently. The rules are in `listing`; here are the requests.
import { signal, type Signal } from "@preact/signals";
import type { Failure, Result } from "../api/http";
import { extend, freshen, type Listing, type Row } from "./listing";
import { atMostEvery } from "./loading";

export interface Page<T> {
  rows: readonly T[];
  next: string | null;
}

export const PAGE_SIZE = 50;

export class Reading<T extends Row> {
  readonly listing: Signal<Listing<T> | null> = signal(null);
  readonly failure: Signal<Failure | null> = signal(null);
  readonly isReadingOn = signal(false);
  private query: string | null = null;
  /** An answer to an older question than the last one is dropped. */
  private turn = 0;

  constructor(private readonly ask: (query: string) => Promise<Result<Page<T>>>, everyMs: number) {
    // Not in the middle of reading on, whose answer a newer question would drop.
    this.soon = atMostEvery(() => void (this.isReadingOn.value ? undefined : this.again()), everyMs);
  }

  /** Asks again, but not more often than is good for the server. */
  readonly soon: () => void;

  async show(query: string): Promise<void> {
    if (query !== this.query) this.listing.value = null;
    this.query = query;
    await this.again();
  }

  /** The page has been left: nothing is asked until it is shown again. */
  leave(): void {
    this.query = null;
    this.turn += 1;
  }

  async again(): Promise<void> {
    const got = await this.get("");
    if (got === null) return;
    this.failure.value = got.ok ? null : got.failure;
    if (got.ok) this.listing.value = freshen(this.listing.value, got.value.rows, got.value.next);
  }

  async readOn(): Promise<void> {
    const before = this.listing.value;
    if (before === null || before.next === null || this.isReadingOn.value) return;
    this.isReadingOn.value = true;
    const got = await this.get(`&cursor=${encodeURIComponent(before.next)}`);
    this.isReadingOn.value = false;
    if (got === null || this.listing.value === null) return;
    this.failure.value = got.ok ? null : got.failure;
    if (got.ok) this.listing.value = extend(this.listing.value, got.value.rows, got.value.next);
    // What was to be asked meanwhile had to wait.
    this.soon();
  }

  private async get(cursor: string): Promise<Result<Page<T>> | null> {
    if (this.query === null) return null;
    const mine = (this.turn += 1);
    const got = await this.ask(`${this.query === "" ? "" : `${this.query}&`}limit=${PAGE_SIZE}${cursor}`);
    return mine === this.turn ? got : null;
  }
}
