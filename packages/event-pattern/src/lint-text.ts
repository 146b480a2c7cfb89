/** What only the text of a pattern shows, and what EventBridge's quotas say to the whole of it. */
import { type JsonNode, readJson } from "./json.ts";
import type { Raw } from "./lint.ts";
import type { Pattern } from "./matcher-types.ts";
import { childPath } from "./problem.ts";
import { patternWarnings } from "./warnings.ts";

/** @param text - as it would be handed to EventBridge; without it only the combinations of `$or` are judged. */
export function lintText(pattern: Pattern, text: string | undefined): readonly Raw[] {
  const quotas = patternWarnings(pattern, text ?? "{}").map(({ code, count }): Raw => {
    return { kind: "warning", code, path: "$", facts: { count: String(count) } };
  });
  const read = text === undefined ? undefined : readJson(text);
  return [...quotas, ...(read && "node" in read ? twiceIn(read.node, "$") : [])];
}

function twiceIn(node: JsonNode, path: string): readonly Raw[] {
  if (node.kind === "array") return node.items.flatMap((item, index) => twiceIn(item, `${path}[${index}]`));
  if (node.kind !== "object") return [];
  const seen = new Set<string>();
  return node.entries.flatMap(({ key, value }) => {
    const place = childPath(path, key);
    const again: readonly Raw[] = seen.has(key)
      ? [{ kind: "warning", code: "key-twice", path: place, facts: { field: key } }]
      : [];
    seen.add(key);
    return [...again, ...twiceIn(value, place)];
  });
}
