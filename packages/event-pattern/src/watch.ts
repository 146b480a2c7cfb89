/**
 * The rules that wait at one value, by one more field that they have in common, their guard: unless it holds, none of
 * them is looked at. Lists side by side, because most guards say no and then nothing else is touched.
 */

/** Guards by their numbers, and behind each one body or several. */
export type Watch = {
  readonly guards: number[];
  readonly bodies: (number | number[])[];
  /** Where each guard stands, once there are many. */
  places: Map<number, number> | undefined;
};

/** For rules of a single field. */
export const NO_GUARD = -1;
/** Up to so many, looking through them is as quick as a map and costs no memory. */
const FEW = 32;

export function newWatch(): Watch {
  return { guards: [], bodies: [], places: undefined };
}

export function bodiesBehind(watch: Watch, guard: number): number | readonly number[] | undefined {
  return watch.bodies[placeOf(watch, guard)];
}

export function addBody(watch: Watch, guard: number, body: number): void {
  const place = placeOf(watch, guard);
  const behind = watch.bodies[place];
  if (behind === undefined) appendGuard(watch, guard, body);
  else if (typeof behind === "number") watch.bodies[place] = [behind, body];
  else behind.push(body);
}

function appendGuard(watch: Watch, guard: number, body: number): void {
  watch.places?.set(guard, watch.guards.length);
  watch.guards.push(guard);
  watch.bodies.push(body);
  if (watch.places === undefined && watch.guards.length > FEW) {
    watch.places = new Map(watch.guards.map((each, place) => [each, place]));
  }
}

export function dropBody(watch: Watch, guard: number, body: number): void {
  const place = placeOf(watch, guard);
  const behind = watch.bodies[place];
  const at = typeof behind === "number" ? [behind].indexOf(body) : (behind?.indexOf(body) ?? -1);
  if (at < 0) return;
  if (typeof behind === "object" && behind.length > 1) dropAt(behind, at);
  else dropGuard(watch, guard, place);
}

function dropGuard({ guards, bodies, places }: Watch, guard: number, place: number): void {
  dropAt(guards, place);
  dropAt(bodies, place);
  places?.delete(guard);
  const moved = guards[place];
  if (moved !== undefined) places?.set(moved, place);
}

function placeOf({ guards, places }: Watch, guard: number): number {
  return places ? (places.get(guard) ?? -1) : guards.indexOf(guard);
}

/** Puts the last item in its place. */
export function dropAt<T>(list: T[], at: number): void {
  list.copyWithin(at, list.length - 1);
  list.pop();
}
