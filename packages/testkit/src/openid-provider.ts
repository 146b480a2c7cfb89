/**
 * A small OpenID provider on 127.0.0.1 with keys of its own: discovery, authorization, token, JWKS. It signs in whoever
 * `person` is without asking, holds clients to PKCE and to their secret, and can be told to answer wrongly.
 */
import { createHash, createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What is changed of the ID token's claims, and by which key it is signed. */
export type Answer = {
  readonly email: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly isForged?: boolean;
};

/** The provider. */
export type OpenIdProvider = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** How often somebody asked what it says of itself. */
  readonly discoveries: () => number;
  /** Who signs in next. */
  readonly next: (answer: Answer) => void;
  readonly close: () => Promise<void>;
};

type Grant = { readonly nonce: string; readonly challenge: string; readonly redirectUri: string };

/** Starts it. */
export async function startOpenIdProvider(): Promise<OpenIdProvider> {
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const others = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const clientId = "shirase-console";
  const clientSecret = randomUUID();
  const grants = new Map<string, Grant>();
  let answer: Answer = { email: "nobody@msp.example" };
  let issuer = "";
  let discoveries = 0;

  const token = (grant: Grant): unknown => {
    const now = Math.floor(Date.now() / 1000);
    const { email, claims, isForged } = answer;
    const usual = { iss: issuer, aud: clientId, sub: email, email, nonce: grant.nonce, iat: now, exp: now + 300 };
    const head = { alg: "RS256", kid: "1", typ: "JWT" };
    const parts = [head, { ...usual, ...claims }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString("base64url"),
    );
    const signer = createSign("RSA-SHA256").update(parts.join("."));
    const signature = signer.sign(isForged === true ? others.privateKey : keys.privateKey, "base64url");
    const idToken = [...parts, signature].join(".");
    return { access_token: randomUUID(), token_type: "Bearer", expires_in: 300, id_token: idToken };
  };
  const grantOf = (form: URLSearchParams): Grant | undefined => {
    const grant = grants.get(form.get("code") ?? "");
    grants.delete(form.get("code") ?? "");
    const challenge = challengeOf(form.get("code_verifier") ?? "");
    const isOurs = form.get("client_secret") === clientSecret && form.get("redirect_uri") === grant?.redirectUri;
    return isOurs && challenge === grant?.challenge ? grant : undefined;
  };
  const authorize = (query: URLSearchParams, response: ServerResponse): void => {
    const asked = (name: string): string => query.get(name) ?? "";
    const code = randomUUID();
    const redirectUri = asked("redirect_uri");
    grants.set(code, { nonce: asked("nonce"), challenge: asked("code_challenge"), redirectUri });
    const back = new URL(redirectUri);
    back.searchParams.set("code", code);
    back.searchParams.set("state", asked("state"));
    response.writeHead(303, { location: back.href }).end();
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", issuer);
    if (pathname === "/authorize") return authorize(searchParams, response);
    if (pathname === "/jwks") {
      return json(response, 200, { keys: [{ ...keys.publicKey.export({ format: "jwk" }), kid: "1", use: "sig" }] });
    }
    if (pathname === "/token") {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const grant = grantOf(new URLSearchParams(Buffer.concat(chunks).toString("utf8")));
      return grant ? json(response, 200, token(grant)) : json(response, 400, { error: "invalid_grant" });
    }
    discoveries += 1;
    return json(response, 200, metadata(issuer));
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    clientId,
    clientSecret,
    discoveries: () => discoveries,
    next: (given) => {
      answer = given;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

/** RFC 7636, 4.6: S256. */
function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}

function metadata(issuer: string): unknown {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ["code"],
    token_endpoint_auth_methods_supported: ["client_secret_post"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
