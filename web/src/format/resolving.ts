// The three ways out of doubt, in plain words. Pure.
import type { Resolution } from "../api/types";

export interface Choice {
  as: Resolution;
  name: string;
  means: string;
  /** Asked before it is done. */
  sure: string;
}

export const CHOICES: readonly Choice[] = [
  {
    as: "sent",
    name: "It was sent",
    means: "You know that it reached the provider, for example from the provider's own list. It counts as sent and its charge stands.",
    sure: "Record this message as sent? Its charge stands.",
  },
  {
    as: "not_sent",
    name: "It was not sent",
    means: "You know that the provider never got it. It counts as failed, its charge is taken back, and nobody gets it.",
    sure: "Record this message as not sent? It is given up and its charge is taken back.",
  },
  {
    as: "resend",
    name: "Send it again",
    means: "It is handed to the provider once more. If the first try did arrive, the person gets it twice and it is paid twice.",
    sure: "Send it again? It may arrive twice.",
  },
];

/** Told when it is done. */
export function resolvedWords(as: Resolution): string {
  switch (as) {
    case "sent":
      return "Recorded as sent";
    case "not_sent":
      return "Recorded as not sent";
    case "resend":
      return "It will be sent again";
  }
}
