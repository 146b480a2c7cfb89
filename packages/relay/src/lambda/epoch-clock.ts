/** Time that several machines share: rests and paces are kept in the table, so they count from the epoch. */
import { type Clock, systemClock } from "../clock.ts";

/** The machine's own time, elapsed since the epoch. Lambda keeps its machines' clocks right. */
export const epochClock: Clock = { ...systemClock, elapsedMs: () => Date.now() };
