/** Marks and colours: how bad something is, told before a word is read. */
import type { Severity } from "./finding.ts";

/** An emoji for the first line, and the colour of the bar beside the details. */
export type Look = readonly [mark: string, color: string];

export const LOOKS: Readonly<Record<Severity | "passing" | "quiet" | "test", Look>> = {
  CRITICAL: ["🔴", "#b00020"],
  HIGH: ["🟠", "#e8590c"],
  MEDIUM: ["🟡", "#f2b200"],
  LOW: ["🔵", "#2f6fde"],
  INFORMATIONAL: ["⚪", "#8a8f98"],
  passing: ["✅", "#2b8a3e"],
  quiet: ["⚪", "#8a8f98"],
  test: ["🔔", "#2f6fde"],
};
