/**
 * Case is ignored one UTF-16 unit of the PATTERN at a time: the value may hold that unit's lower or its upper form.
 * So a pattern "ß" accepts "SS", but "SS" does not accept "ß".
 *
 * EventBridge writes each unit of a pattern's emoji (a surrogate, half a character) as "?": such a pattern accepts
 * "??" and never the emoji. That is what the service does, so it is what is answered here.
 */

/** For each unit of the pattern its forms, one or two; a form may be longer than one unit. */
export type Folded = readonly (readonly string[])[];

/** Both forms of every unit of the text. */
export function fold(text: string): Folded {
  return text.split("").map((unit) => {
    if (unit >= "\ud800" && unit <= "\udfff") return ["?"];
    const lower = unit.toLowerCase();
    const upper = unit.toUpperCase();
    return lower === upper ? [lower] : [lower, upper];
  });
}

/** Every place in the value where the whole pattern may end when it begins at 0. */
function endsOf(folded: Folded, value: string): ReadonlySet<number> {
  let places = new Set([0]);
  for (const forms of folded) {
    const next = new Set<number>();
    for (const place of places) {
      for (const form of forms) if (value.startsWith(form, place)) next.add(place + form.length);
    }
    if (next.size === 0) return next;
    places = next;
  }
  return places;
}

/** Does the whole value match? */
export function equalsIgnoringCase(folded: Folded, value: string): boolean {
  return endsOf(folded, value).has(value.length);
}

/** Does the value begin with it? */
export function startsIgnoringCase(folded: Folded, value: string): boolean {
  return endsOf(folded, value).size > 0;
}

/** Does the value end with it? */
export function endsIgnoringCase(folded: Folded, value: string): boolean {
  let places = new Set([value.length]);
  for (const forms of [...folded].reverse()) {
    const next = new Set<number>();
    for (const place of places) {
      for (const form of forms) if (value.endsWith(form, place) && place >= form.length) next.add(place - form.length);
    }
    places = next;
  }
  return places.size > 0;
}
