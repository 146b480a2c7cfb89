/** Patterns made for an event: fields it has and fields it lacks, `$or` at any depth, fields given again. */
import { alternative } from "./alternatives.mjs";
import { leavesOf, waysOf } from "./events.mjs";
import { isObject, object } from "./json-text.mjs";
import { keyName } from "./scalars.mjs";

/** A pattern of the general kind for this event. */
export function pattern(chance, style, event) {
  const source = { leaves: leavesOf(event), ways: waysOf(event), style };
  const fields = chance.times(chance.pick([1, 1, 2, 2, 3, 4]), () => field(chance, source));
  const tree = nested(chance, fields);
  return chance.odds(style.or ?? 0.3) ? withOr(chance, source, tree, 2) : tree;
}

function field(chance, { leaves, ways, style }) {
  const aim = leaves.length > 0 && chance.odds(0.85) ? chance.pick(leaves) : undefined;
  const keys = aim?.keys ?? otherWay(chance, ways, style);
  const count = chance.pick([1, 1, 1, 2, 3]);
  const alternatives = chance.times(count, () => (style.alternative ?? alternative)(chance, aim?.value));
  return { keys: joinedKeys(chance, keys), alternatives };
}

function otherWay(chance, ways, style) {
  if (ways.length > 0 && chance.odds(0.5)) return chance.pick(ways);
  return chance.times(chance.between(1, 3), () => keyName(chance, style));
}

/** Two keys written as one with a dot between them mean the same. */
function joinedKeys(chance, keys) {
  if (keys.length < 2 || !chance.odds(0.06)) return keys;
  const at = chance.upTo(keys.length - 1);
  return [...keys.slice(0, at), `${keys[at]}.${keys[at + 1]}`, ...keys.slice(at + 2)];
}

/** Fields as an object; keys they share are opened once, mostly. A field inside another's list is given beside it. */
function nested(chance, fields) {
  const root = object([]);
  for (const { keys, alternatives } of fields) put(chance, root, keys, alternatives);
  return root;
}

function put(chance, tree, [key, ...rest], alternatives) {
  if (rest.length === 0) {
    const at = tree.entries.findIndex(([name]) => name === key);
    if (at >= 0 && !chance.odds(0.1)) tree.entries.splice(at, 1);
    tree.entries.push([key, alternatives]);
    return;
  }
  const known = tree.entries.find(([name, value]) => name === key && isObject(value));
  const inner = known && !chance.odds(0.03) ? known[1] : object([]);
  if (inner !== known?.[1]) {
    const isTaken = tree.entries.some(([name]) => name === key);
    if (isTaken && !chance.odds(0.1)) return;
    tree.entries.push([key, inner]);
  }
  put(chance, inner, rest, alternatives);
}

/** Adds one `$or`, sometimes two, before or after the other fields or inside one of them. */
function withOr(chance, source, tree, depth) {
  const branches = chance.times(chance.between(2, 3), () => branch(chance, source, depth));
  const or = ["$or", branches];
  const inner = tree.entries.find(([, value]) => isObject(value));
  if (inner !== undefined && chance.odds(0.35)) return inside(chance, source, tree, inner);
  const entries = chance.odds(0.5) ? [or, ...tree.entries] : [...tree.entries, or];
  const more = chance.odds(0.1) ? [["$or", chance.times(2, () => branch(chance, source, 1))]] : [];
  return object(chance.odds(0.1) ? [or, ...more] : [...entries, ...more]);
}

/** The `$or` of an inner object is about fields below it. */
function inside(chance, source, tree, [key, value]) {
  const below = (way) => way.length > 1 && way[0] === key;
  const leaves = source.leaves.filter(({ keys }) => below(keys)).map((leaf) => ({ ...leaf, keys: leaf.keys.slice(1) }));
  const ways = source.ways.filter(below).map((way) => way.slice(1));
  const changed = withOr(chance, { ...source, leaves, ways }, value, 1);
  return object(tree.entries.map((entry) => (entry[1] === value ? [key, changed] : entry)));
}

function branch(chance, source, depth) {
  const tree = nested(
    chance,
    chance.times(chance.pick([1, 1, 2]), () => field(chance, source)),
  );
  return depth > 0 && chance.odds(0.2) ? withOr(chance, source, tree, depth - 1) : tree;
}
