/** `shirase synth`: writes the CloudFormation templates of a config, for people who deploy with tools of their own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { GROUPS } from "./command-groups.ts";
import { configOption, loadConfig } from "./load-config.ts";
import { UserError } from "./user-error.ts";

type SynthFlags = { readonly config: string; readonly out: string; readonly only?: string };

const HELP = `
Writes hub.template.json for your company's account, and customers/ID.template.json for each customer
(customers/ID.REGION.template.json where a customer has several regions). They need no bootstrap and hold no secrets.
With hub.relay: aws also relay.template.json, and in relay/ the code of its functions: zip what is in that folder, and
put it into the bucket and under the name that the template says.
The same config gives the same files, byte for byte: keep them in git and read the diff.`;

/** Registers `synth`. */
export function synthCommand(program: Command): void {
  program
    .command("synth")
    .helpGroup(GROUPS.deploy)
    .description("write the CloudFormation templates of the hub and of each customer")
    .addOption(configOption())
    .requiredOption("-o, --out <dir>", "the folder to write to; it is made if need be")
    .option("--only <part>", "only this part: hub, relay, or a customer's id")
    .addHelpText("after", HELP)
    .action(synth);
}

async function synth({ config: file, out, only }: SynthFlags): Promise<void> {
  const config = await loadConfig(file);
  const { stacksOf, tellWarnings } = await import("./aws/stacks.ts");
  const stacks = await stacksOf(config, only);
  tellWarnings(stacks);
  const templates = new Map(stacks.map(({ templateFile, template }) => [templateFile, template]));
  for (const [name, template] of templates) {
    const text = `${JSON.stringify(template, null, 2)}\n`;
    writeTemplate(join(out, name), text);
    console.log(`${join(out, name)}  ${sizeOf(text)}`);
  }
  for (const { code } of stacks) {
    if (!code) continue;
    await code.writeTo(join(out, "relay"));
    console.log(`${join(out, "relay")}  for s3://${code.bucketName}/${code.objectKey}`);
  }
}

function writeTemplate(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(`cannot write ${path} (${code}). Name another folder with --out.`, { cause: error });
  }
}

function sizeOf(text: string): string {
  const resources = Object.keys(JSON.parse(text).Resources).length;
  return `${resources} ${resources === 1 ? "resource" : "resources"}, ${Math.ceil(Buffer.byteLength(text) / 1024)} KB`;
}
