/** A company's own CDK app: shirase's hub beside what the company has already. */
import { join } from "node:path";
import { FindingsHub, readHubConfig } from "@shirase/cdk";
import { App, Stack, type StackProps } from "aws-cdk-lib";
import { AccountPrincipal, Role } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";

class SecurityStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { readonly configFile: string }) {
    super(scope, id, props);
    const hub = new FindingsHub(this, "Hub", { config: readHubConfig(props.configFile) });

    // Whatever reads the queue: here a role for a relay that runs in this account.
    const relay = new Role(this, "RelayRole", { assumedBy: new AccountPrincipal(this.account) });
    hub.relayQueue?.grantConsumeMessages(relay);
  }
}

const app = new App();
new SecurityStack(app, "security", {
  env: { account: "111111111111", region: "ap-northeast-1" },
  configFile: join(import.meta.dirname, "shirase.yaml"),
});
app.synth();
