/**
 * Events and patterns that somebody made to hurt, at growing sizes: the time for each byte must stay what it is. Where
 * it rises with the size, time does not grow linearly.
 *
 * Each is answered in both ways that the package has: `matches` for one pattern, and a matcher.
 */
import { createMatcher, matches, parsePattern } from "../../packages/event-pattern/src/index.ts";

const SIZES = [64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024];
const TRIES = 3;

const list = (count, item) => `[${Array.from({ length: count }, (_, index) => item(index)).join(",")}]`;

/** `what`, and from a size in bytes a pattern and an event of which the one that grows has about that size. */
const SHAPES = [
  {
    what: "lists nested 900 deep",
    make: (bytes) => ({
      pattern: '{"a":["x"]}',
      event: `{"a":${list(bytes / 1801, () => `${"[".repeat(900)}${"]".repeat(900)}`)}}`,
    }),
  },
  {
    what: "one long text, and a wildcard of eight stars that almost fits",
    make: (bytes) => ({ pattern: '{"a":[{"wildcard":"*a*a*a*a*a*a*a*b"}]}', event: `{"a":"${"a".repeat(bytes)}"}` }),
  },
  {
    what: "one long text of escapes",
    make: (bytes) => ({ pattern: '{"a":[{"suffix":"b"}]}', event: `{"a":"${"\\u0061".repeat(bytes / 6)}"}` }),
  },
  {
    what: "one key, given again and again",
    make: (bytes) => ({
      pattern: '{"a":["x"],"b":[{"exists":false}]}',
      event: `{${Array.from({ length: bytes / 12 }, (_, index) => `"a":"${1e5 + (index % 9e5)}"`).join(",")}}`,
    }),
  },
  {
    what: "elements of which each has one of two fields",
    make: (bytes) => ({
      pattern: '{"a":{"b":["x"],"c":["y"]}}',
      event: `{"a":${list(bytes / 18, (index) => (index % 2 ? '{"b":"x","c":"n"}' : '{"b":"n","c":"y"}'))}}`,
    }),
  },
  {
    what: "elements in elements, and absence asked in each",
    make: (bytes) => ({
      pattern: '{"a":{"b":{"c":["x"],"d":[{"exists":false}]},"e":["y"]}}',
      event: `{"a":${list(bytes / 70, () => '{"b":[{"c":"x","d":1},{"c":"n"},{"c":"x","d":"n"}],"e":"y"}')}}`,
    }),
  },
  {
    what: "numbers of 900 digits",
    make: (bytes) => ({
      pattern: '{"a":[{"numeric":[">",1]}]}',
      event: `{"a":${list(bytes / 903, () => `0.${"1".repeat(898)}`)}}`,
    }),
  },
  {
    what: "a pattern of as many alternatives",
    make: (bytes) => ({ pattern: `{"a":${list(bytes / 10, (index) => `"v${1e5 + index}"`)}}`, event: '{"a":"x"}' }),
  },
  {
    what: "a pattern of one $or with as many branches",
    make: (bytes) => ({
      pattern: `{"$or":${list(Math.min(bytes / 14, 99_999), (index) => `{"a":["${1e5 + index}"]}`)}}`,
      event: '{"a":"x"}',
    }),
  },
  {
    what: "a wildcard of as many stars, and a text of as many letters",
    make: (bytes) => ({
      pattern: `{"a":[{"wildcard":"${"*a".repeat(bytes / 8)}*b"}]}`,
      event: `{"a":"${"a".repeat(bytes / 4)}"}`,
    }),
  },
];

/** @returns for each shape the nanoseconds for a byte at each size, by `matches` and by a matcher, reading included. */
export function hostileCurves() {
  return SHAPES.map(({ what, make }) => {
    pointAt(SIZES[0], make); // Not counted: the compiler's turn.
    return { what, points: SIZES.map((size) => pointAt(size, make)) };
  });
}

function pointAt(size, make) {
  const { pattern, event } = make(size);
  const bytes = pattern.length + event.length;
  const perByte = (run) => fastest(run) / bytes;
  return { bytes, single: perByte(() => single(pattern, event)), matcher: perByte(() => inMatcher(pattern, event)) };
}

function single(text, event) {
  const read = parsePattern(text);
  if (read.problems) throw new Error(read.problems[0].message);
  return matches(read.pattern, event);
}

function inMatcher(text, event) {
  const matcher = createMatcher();
  const [problem] = matcher.add("it", text);
  if (problem) throw new Error(problem.message);
  return matcher.match(event);
}

/** Processor time in nanoseconds: what else the machine does is not in it. */
function fastest(run) {
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < TRIES; time += 1) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) * 1000);
  }
  return best;
}
