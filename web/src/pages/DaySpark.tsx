// The card's line of the last 24 hours.
import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Account } from "../api/types";
import { now } from "../state/clock";
import { book } from "../state/model";
import { Spark } from "../ui/Spark";
import { keepCurrent, lookAt } from "./curves";

/** A day in 300 pixels does not move within half a minute, but for a new figure. */
const slow = computed(() => Math.floor(now.value / 30_000));

export function DaySpark({ account }: { account: Account }): JSX.Element {
  const beat = slow.value;
  useEffect(() => keepCurrent(account.id, "24h"), [account.id, beat]);
  const health = book.value.get(account.id)?.balance.health;
  return <Spark curve={lookAt(account.id, "24h").curve} isMuted={health === "failing"} />;
}
