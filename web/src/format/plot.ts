// The one place where an amount becomes a float: a position in a drawing, never a figure that is read.

/** For pixels only. `null` where the text is no amount. */
export function toPlotNumber(amount: string): number | null {
  const position = Number(amount);
  return amount.trim() === "" || !Number.isFinite(position) ? null : position;
}

/** Labels of an axis: round positions that the drawing chose, not amounts. */
export function axisLabel(position: number): string {
  return position.toLocaleString("en-US", { maximumFractionDigits: 6 });
}
