/**
 * The part of SNS that no emulator has: real signatures, and addresses on sns.REGION.amazonaws.com.
 *
 * An emulator delivers with `Signature: "FAKE"` and a SubscribeURL on its own port. This edge stands between it and
 * the relay: it takes each delivery, gives it SNS's address and a signature of SNS's form by a key made for the run,
 * and hands it on. Its `fetchText` is the relay's window to those addresses. So the relay's checks all run as in
 * production; only the name look-up is ours.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
import { createSign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { generate } from "selfsigned";

/** An SNS delivery: every value is a string. */
export type SnsBody = Readonly<Record<string, string>>;

/** Signs as SNS does. One for each test run: making an RSA key takes some 100 ms. */
export type SnsSigner = {
  readonly certificateUrl: string;
  readonly certificatePem: string;
  /** The delivery with SignatureVersion, Signature and SigningCertURL of its own. */
  readonly sign: (body: SnsBody, version?: "1" | "2") => SnsBody;
};

/** Makes a key and a certificate that say they are SNS of that region. */
export async function snsSigner(region = "us-east-1"): Promise<SnsSigner> {
  const pems = await generate([{ name: "commonName", value: "sns.amazonaws.com" }], { keySize: 2048 });
  const certificateUrl = `https://sns.${region}.amazonaws.com/SimpleNotificationService-test.pem`;
  const sign = (body: SnsBody, version: "1" | "2" = "2"): SnsBody => {
    const signer = createSign(version === "1" ? "RSA-SHA1" : "RSA-SHA256").update(signedText(body));
    return {
      ...body,
      SignatureVersion: version,
      Signature: signer.sign(pems.private, "base64"),
      SigningCertURL: certificateUrl,
    };
  };
  return { certificateUrl, certificatePem: pems.cert, sign };
}

const SIGNED_OF_NOTIFICATION = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
const SIGNED_OF_CONFIRMATION = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

function signedText(body: SnsBody): string {
  const names = body["Type"] === "Notification" ? SIGNED_OF_NOTIFICATION : SIGNED_OF_CONFIRMATION;
  return names
    .filter((name) => body[name] !== undefined)
    .map((name) => `${name}\n${body[name]}\n`)
    .join("");
}

/** A running edge: subscribe `url` to topics; give `fetchText` to the relay. */
export type SnsEdge = {
  readonly url: string;
  /** GETs one of SNS's addresses: the certificate, or a SubscribeURL, which goes on to the emulator. */
  readonly fetchText: (url: string) => Promise<string>;
  /** What the relay answered, in order: its HTTP status for each type of delivery. */
  readonly answers: () => readonly { readonly type: string; readonly status: number; readonly text: string }[];
  readonly stop: () => Promise<void>;
};

/**
 * Starts an edge on 127.0.0.1.
 *
 * @param emulatorUrl - where the emulator's own SubscribeURLs lead.
 * @param relayUrl - the relay's `/v1/sns`.
 */
export async function startSnsEdge(signer: SnsSigner, emulatorUrl: string, relayUrl: string): Promise<SnsEdge> {
  const answers: { type: string; status: number; text: string }[] = [];
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body: Record<string, string> = JSON.parse(await textOf(request));
    const asked = body["SubscribeURL"];
    if (asked) body["SubscribeURL"] = `${new URL(signer.certificateUrl).origin}/${new URL(asked).search}`;
    const type = body["Type"] ?? "";
    const answer = await fetch(relayUrl, {
      method: "POST",
      headers: { "content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": type },
      body: JSON.stringify(signer.sign(body)),
    });
    const text = await answer.text();
    answers.push({ type, status: answer.status, text });
    response.writeHead(answer.status).end(text);
  };
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => response.writeHead(502).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    fetchText: async (url) => {
      if (url === signer.certificateUrl) return signer.certificatePem;
      const { origin, search } = new URL(url);
      if (origin !== new URL(signer.certificateUrl).origin) throw new Error(`${url} is no address of SNS`);
      const answer = await fetch(`${emulatorUrl}/${search}`);
      if (!answer.ok) throw new Error(`the emulator answered ${answer.status} to ${search}`);
      return answer.text();
    },
    answers: () => answers,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
