// The last 24 hours in a line. A picture for a glance: the chart and its table say the same in words.
import type { JSX } from "preact";
import type { Curve } from "../state/history";
import { SPARK, sparkPaths } from "./spark";

export function Spark({ curve, isMuted }: { curve: Curve | null; isMuted: boolean }): JSX.Element {
  const paths = curve === null ? null : sparkPaths(curve);
  return (
    <svg class={`spark ${isMuted ? "muted" : ""}`} viewBox={`0 0 ${SPARK.width} ${SPARK.height}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {paths !== null && (
        <>
          <path class="area" d={paths.area} />
          <path class="line" d={paths.solid} vector-effect="non-scaling-stroke" />
          <path class="line dashed" d={paths.dashed} vector-effect="non-scaling-stroke" />
          <path class="now" d={paths.now} vector-effect="non-scaling-stroke" />
        </>
      )}
    </svg>
  );
}
