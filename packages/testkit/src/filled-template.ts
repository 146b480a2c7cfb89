/**
 * A CloudFormation template as it is in one account and region: `Ref`, `Fn::Sub` and `Fn::GetAtt` filled in. For tests
 * that ask what a template comes to; what it does not know it refuses loudly.
 */

/** Where a template is launched. */
export type Place = { readonly account: string; readonly region: string; readonly partition?: string };

/** A resource with nothing left to fill in. */
export type FilledResource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> };
type Resources = Readonly<Record<string, FilledResource>>;

/** The resources of a template, filled in for this place. */
export function fillTemplate(template: { readonly Resources: object }, place: Place): Resources {
  const { account, region, partition = "aws" } = place;
  const values = new Map([
    ["AWS::AccountId", account],
    ["AWS::Region", region],
    ["AWS::Partition", partition],
  ]);
  const resources = template.Resources as Resources;
  return fill(resources, { values, resources, arnStart: (service) => `arn:${partition}:${service}` }) as Resources;
}

type Filling = {
  readonly values: ReadonlyMap<string, string>;
  readonly resources: Resources;
  readonly arnStart: (service: string) => string;
};

function fill(value: unknown, filling: Filling): unknown {
  if (Array.isArray(value)) return value.map((one) => fill(one, filling));
  if (typeof value !== "object" || value === null) return value;
  const [[key, argument] = ["", undefined], ...more] = Object.entries(value);
  if (more.length > 0 || !(key === "Ref" || key.startsWith("Fn::"))) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one, filling)]));
  }
  if (key === "Ref") return filling.values.get(String(argument)) ?? `<${argument}>`;
  if (key === "Fn::Sub") return filledIn(String(argument), filling);
  if (key === "Fn::GetAtt" && Array.isArray(argument) && argument[1] === "Arn") return arnOf(argument[0], filling);
  throw new Error(`cannot fill in ${JSON.stringify(value)}`);
}

function filledIn(text: string, { values }: Filling): string {
  return text.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`cannot fill in ${name} of ${text}`);
    return value;
  });
}

/** The ARN that AWS would give it, from its type and its name. */
function arnOf(logicalId: string, filling: Filling): string {
  const { Type = "nothing", Properties = {} } = filling.resources[logicalId] ?? {};
  const name = (property: string): unknown => fill(Properties[property], filling);
  const here = `${filling.values.get("AWS::Region")}:${filling.values.get("AWS::AccountId")}`;
  switch (Type) {
    case "AWS::IAM::Role":
      return `${filling.arnStart("iam")}::${filling.values.get("AWS::AccountId")}:role/${name("RoleName")}`;
    case "AWS::SQS::Queue":
      return `${filling.arnStart("sqs")}:${here}:${name("QueueName")}`;
    case "AWS::Events::Rule":
      return `${filling.arnStart("events")}:${here}:rule/${name("Name")}`;
    default:
      throw new Error(`no ARN known for ${logicalId} of type ${Type}`);
  }
}
