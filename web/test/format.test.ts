import { describe, expect, it } from "vitest";
import { age, clock, dayAndClock, duration, knownZone, shortMoment, wait } from "../src/format/time";
import { toPlotNumber } from "../src/format/plot";
import { amountBetween, grouped, isNegative, isZero, signed, withUnit } from "../src/format/units";
import { encodingWord, healthWord, messageWord, priceHint, stateWord } from "../src/format/words";
import type { BalanceState, Health, MessageState, PriceSource } from "../src/api/types";

describe("amounts", () => {
  it.each([
    ["0", "0.00"], ["0.00", "0.00"], ["-0.00", "0.00"], ["0.000001", "0.000001"], ["-0.004", "−0.004"], ["3", "3.00"], ["3.5", "3.50"],
    ["999.99", "999.99"], ["1000.00", "1,000.00"], ["11378.67", "11,378.67"], ["1234567.1", "1,234,567.10"], ["-1000.00", "−1,000.00"],
    ["0.120000", "0.12"], ["0.123400", "0.1234"], ["007.10", "7.10"],
    ["9223372036854.775807", "9,223,372,036,854.775807"],
  ])("%s is shown as %s", (amount, shown) => {
    expect(grouped(amount)).toBe(shown);
  });

  it("keeps every digit of an amount that a float would lose", () => {
    expect(grouped("9007199254740993.000001")).toBe("9,007,199,254,740,993.000001");
  });

  it("shows what is no amount as it came, never as zero", () => {
    for (const text of ["", "abc", "1e3", "1,000", "NaN", "--1"]) expect(grouped(text)).toBe(text);
  });

  it("never shows 0.00 for what is not zero", () => {
    for (const amount of ["0.001", "0.0001", "0.000001", "-0.000001"]) expect(grouped(amount)).not.toMatch(/^−?0\.00$/);
  });

  it("signs a change and leaves none unsigned", () => {
    expect(signed("5000.00")).toBe("+5,000.00");
    expect(signed("-3.00")).toBe("−3.00");
    expect(signed("0.00")).toBe("0.00");
    expect(signed("what")).toBe("what");
  });

  it("tells zero and less than zero", () => {
    expect([isZero("0.000000"), isZero("-0.00"), isZero("0.000001")]).toEqual([true, true, false]);
    expect([isNegative("-0.01"), isNegative("-0.00"), isNegative("1.00")]).toEqual([true, false, false]);
  });

  it("adds the unit, and shows the bounds of a top-up until they meet", () => {
    expect(withUnit("11378.67", "units")).toBe("11,378.67 units");
    expect(amountBetween("5000.00", "5000.0")).toBe("+5,000.00");
    expect(amountBetween("4997.00", "5000.00")).toBe("+4,997.00 to 5,000.00");
  });

  it("gives the drawing a position, or nothing", () => {
    expect(toPlotNumber("11378.67")).toBe(11378.67);
    expect([toPlotNumber(""), toPlotNumber("abc"), toPlotNumber("Infinity")]).toEqual([null, null, null]);
  });
});

describe("times", () => {
  it.each([[0, "just now"], [999, "just now"], [1_000, "1 s ago"], [59_999, "59 s ago"], [60_000, "1 min ago"], [3_600_000, "1 h ago"],
    [11_100_000, "3 h 5 min ago"], [187_200_000, "2 d 4 h ago"]])("%i ms is %s", (ms, text) => {
    expect(age(ms)).toBe(text);
  });

  it("waits in whole seconds, rounded up, and says now when it has come", () => {
    expect([wait(40_001), wait(59_500), wait(1), wait(0), wait(-5)]).toEqual(["in 41 s", "in 1 min", "in 1 s", "now", "now"]);
    expect(duration(-1)).toBe("0 s");
  });

  it("uses the server's time zone", () => {
    const at = Date.parse("2026-11-21T22:04:00Z");
    expect(clock(at, "Africa/Nairobi")).toBe("01:04");
    expect(dayAndClock(at, "Africa/Nairobi")).toBe("Sun 22 Nov, 01:04");
    expect(shortMoment(at, at + 1_000, "Africa/Nairobi")).toBe("01:04");
    expect(shortMoment(at, at + 86_400_000, "Africa/Nairobi")).toBe("22 Nov, 01:04");
    expect(knownZone("Nowhere/None")).toBe("UTC");
  });
});

describe("words", () => {
  it("shows an unknown word of a newer server as it came", () => {
    expect(stateWord("half_known" as BalanceState)).toEqual({ text: "half known", tone: "neutral", hint: "" });
    expect(healthWord("odd" as Health, null).text).toBe("odd");
    expect(messageWord("teleported" as MessageState).text).toBe("teleported");
    expect(encodingWord("gsm8" as "gsm7")).toBe("gsm8");
    expect(priceHint("guessed" as PriceSource, "units")).toBe("Price: guessed");
  });

  it("names refused credentials apart from silence", () => {
    const error = { code: "credentials_refused", detail: "no", since: "2026-11-22T06:00:00Z", attempts: 1, next_try_at: null };
    expect(healthWord("failing", error).text).toBe("credentials refused");
    expect(healthWord("failing", { ...error, code: "provider_unavailable" }).text).toBe("not answering");
  });

  it("says that a price is assumed", () => {
    expect(priceHint("assumed", "units")).toBe("Price assumed: 1 unit a segment");
    expect(priceHint("learned", "units")).toBeNull();
  });
});
