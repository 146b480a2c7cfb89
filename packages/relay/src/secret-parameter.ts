/** SSM's Parameter Store, by itself in a file: it is loaded only when a reference needs it. */
import { GetParameterCommand, SSMClient, type SSMClientConfig } from "@aws-sdk/client-ssm";

/** A parameter's value, decrypted. @throws what SSM says. */
export async function readParameter(options: SSMClientConfig, name: string): Promise<string | undefined> {
  const client = new SSMClient(options);
  try {
    const answer = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    return answer.Parameter?.Value;
  } finally {
    client.destroy();
  }
}
