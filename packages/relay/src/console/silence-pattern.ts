/** The pattern that silences one problem and nothing else: what is wrong, on which resource. Pure. */

type Json = Readonly<Record<string, unknown>>;

const LONGEST_QUERY = 1500;

/**
 * @param body - an event of Security Hub, as it came.
 * @returns JSON, laid out to be read; undefined when the event names no resource, or is another service's.
 */
export function patternOfOne(body: string): string | undefined {
  const { source, detail } = JSON.parse(body) as Json;
  const list = isObject(detail) ? detail["findings"] : undefined;
  const [finding, ...others]: readonly unknown[] = Array.isArray(list) ? list : [];
  if (source !== "aws.securityhub" || !isObject(finding) || others.length > 0) return undefined;
  const one = "finding_info" in finding ? ofOcsf(finding) : ofAsff(finding);
  const text = one && JSON.stringify({ source: [source], detail: { findings: one } }, null, 2);
  return text !== undefined && text.length <= LONGEST_QUERY ? text : undefined;
}

function ofAsff({ Compliance, Title, AwsAccountId, Region, Resources }: Json): Json | undefined {
  const control = isObject(Compliance) ? Compliance["SecurityControlId"] : undefined;
  const what = typeof control === "string" ? { Compliance: { SecurityControlId: [control] } } : titled(Title, "Title");
  const id = firstOf(Resources)?.["Id"];
  if (what === undefined || typeof id !== "string") return undefined;
  return { ...what, ...given("AwsAccountId", AwsAccountId), ...given("Region", Region), Resources: { Id: [id] } };
}

function ofOcsf({ finding_info: info, cloud, resources }: Json): Json | undefined {
  const title = isObject(info) ? titled(info["title"], "title") : undefined;
  const id = firstOf(resources)?.["uid"];
  if (title === undefined || typeof id !== "string") return undefined;
  const where = isObject(cloud) ? given("region", cloud["region"]) : {};
  return {
    finding_info: title,
    ...(Object.keys(where).length === 0 ? {} : { cloud: where }),
    resources: { uid: [id] },
  };
}

function titled(title: unknown, key: string): Json | undefined {
  return typeof title === "string" && title !== "" ? { [key]: [title] } : undefined;
}

function given(key: string, value: unknown): Json {
  return typeof value === "string" ? { [key]: [value] } : {};
}

function firstOf(list: unknown): Json | undefined {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return isObject(first) ? first : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
