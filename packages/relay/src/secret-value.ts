/** Secrets Manager, by itself in a file: it is loaded only when a reference needs it. */
import {
  GetSecretValueCommand,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from "@aws-sdk/client-secrets-manager";

/** A secret's text. @throws what Secrets Manager says. */
export async function readSecretValue(options: SecretsManagerClientConfig, name: string): Promise<string | undefined> {
  const client = new SecretsManagerClient(options);
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
  } finally {
    client.destroy();
  }
}
