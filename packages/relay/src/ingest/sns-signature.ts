/**
 * Is an SNS delivery really from SNS? Its signature is checked against a certificate that only SNS's own host may
 * serve.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
import { createVerify, type KeyObject, X509Certificate } from "node:crypto";

/** The fields of a delivery; every value SNS sends is a string. */
export type SnsMessage = Readonly<Record<string, string>>;

const SIGNED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
  UnsubscribeConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
};

/** An address of SNS itself: https, its regional host, nothing in front of it. */
export function isSnsUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, port, username, password } = new URL(text);
  const isHost = /^sns\.[a-z]{2}(?:-[a-z]+)+-\d+\.amazonaws\.com(?:\.cn)?$/.test(hostname);
  return protocol === "https:" && port === "" && username === "" && password === "" && isHost;
}

/** Good; or what is wrong with it; or why nobody can say just now, which SNS must hear as "later", not as "never". */
export type SignatureVerdict = "good" | { readonly bad: string } | { readonly unknown: string };

/** Keeps the public keys of certificates it has seen; SNS changes its certificate about once a year. */
export type SignatureCheck = (message: SnsMessage) => Promise<SignatureVerdict>;

const MOST_KEYS = 20;

/**
 * @param fetchText - GETs an address and gives the body; must refuse redirects and bound size and time.
 */
export function signatureCheck(fetchText: (url: string) => Promise<string>): SignatureCheck {
  const keys = new Map<string, KeyObject>();
  const keyAt = async (url: string): Promise<KeyObject | undefined> => {
    const known = keys.get(url);
    if (known) return known;
    const key = readKey(await fetchText(url));
    if (keys.size >= MOST_KEYS) keys.clear();
    if (key) keys.set(url, key);
    return key;
  };
  return async (message) => {
    const form = readForm(message);
    if (typeof form === "string") return { bad: form };
    let key: KeyObject | undefined;
    try {
      key = await keyAt(form.url);
    } catch (error) {
      return {
        unknown: `its certificate cannot be fetched: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
    if (!key) return { bad: "what lies at SigningCertURL is no certificate" };
    const verify = createVerify(form.algorithm).update(form.signed);
    const isGood = verify.verify(key, message["Signature"] ?? "", "base64");
    return isGood ? "good" : { bad: "the signature does not fit the message" };
  };
}

function readKey(certificatePem: string): KeyObject | undefined {
  try {
    return new X509Certificate(certificatePem).publicKey;
  } catch {
    return undefined;
  }
}

type Form = { readonly url: string; readonly algorithm: string; readonly signed: string };

/** What was signed and how, or what is wrong with the message before any cryptography. */
function readForm(message: SnsMessage): Form | string {
  const { Type: type = "", SigningCertURL: url = "", SignatureVersion: version = "" } = message;
  const fields = Object.hasOwn(SIGNED_FIELDS, type) ? SIGNED_FIELDS[type] : undefined;
  if (!fields) return `unknown Type ${JSON.stringify(type.slice(0, 40))}`;
  if (!(isSnsUrl(url) && url.endsWith(".pem"))) return "SigningCertURL is not an address of SNS";
  if (version !== "1" && version !== "2") return `unknown SignatureVersion ${JSON.stringify(version.slice(0, 10))}`;
  const signed = fields.filter((name) => message[name] !== undefined).map((name) => `${name}\n${message[name]}\n`);
  return { url, algorithm: version === "1" ? "RSA-SHA1" : "RSA-SHA256", signed: signed.join("") };
}
