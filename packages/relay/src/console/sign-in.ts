/**
 * Signing in at an OpenID provider: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1). The
 * protocol is oauth4webapi's, which is loaded with the first sign-in: a relay that nobody looks at stays small.
 *
 * What is checked of the ID token: issuer, audience, nonce, times (by this machine's clock) and the signature, by the
 * provider's published keys.
 */
import type { AuthorizationServer } from "oauth4webapi";

/** What the provider is asked with. */
export type Provider = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
};

/** What must be known again when the person comes back. */
export type Attempt = {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Where the person wanted to go: a path of the console. */
  readonly to: string;
};

const ANSWER_WITHIN_MS = 10_000;

/** What the provider says of itself. */
export type Discovered = {
  readonly oauth: typeof import("oauth4webapi");
  readonly server: AuthorizationServer;
  /** For each further question. */
  readonly options: { readonly signal: () => AbortSignal };
};

const KNOWN_FOR_MS = 10 * 60_000;

/**
 * Asks the provider what it says of itself, and remembers it for ten minutes: whoever calls up the login page again and
 * again asks nothing more of the provider. A failure is not remembered.
 */
export function discovery(provider: Provider, now: () => Date): () => Promise<Discovered> {
  let known: { readonly until: number; readonly found: Promise<Discovered> } | undefined;
  return () => {
    if (known !== undefined && now().getTime() < known.until) return known.found;
    const found = discover(provider);
    const asked = { until: now().getTime() + KNOWN_FOR_MS, found };
    known = asked;
    found.catch(() => {
      if (known === asked) known = undefined;
    });
    return found;
  };
}

/** Where to send the person, and what to remember. @throws when the provider names no place to sign in. */
export async function beginSignIn(
  provider: Provider,
  { oauth, server }: Discovered,
  to: string,
): Promise<{ url: string; attempt: Attempt }> {
  const attempt = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    to,
  };
  if (server.authorization_endpoint === undefined)
    throw new Error("the OpenID provider names no authorization endpoint");
  const url = new URL(server.authorization_endpoint);
  const query = {
    client_id: provider.clientId,
    redirect_uri: provider.redirectUri,
    response_type: "code",
    scope: "openid email",
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { url: url.href, attempt };
}

/**
 * The address that the provider says the person has.
 *
 * @param back - what was remembered, and what the provider sent the browser back with.
 * @returns undefined when the provider names no address, or one that it says it has not verified.
 * @throws when anything is not as it must be.
 */
export async function finishSignIn(
  provider: Provider,
  { oauth, server, options }: Discovered,
  { attempt, query }: { readonly attempt: Attempt; readonly query: URLSearchParams },
): Promise<string | undefined> {
  const client = { client_id: provider.clientId };
  const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  const isPost = methods.includes("client_secret_post");
  const secret = isPost
    ? oauth.ClientSecretPost(provider.clientSecret)
    : oauth.ClientSecretBasic(provider.clientSecret);
  const answer = oauth.validateAuthResponse(server, client, query, attempt.state);
  const { redirectUri } = provider;
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    secret,
    answer,
    redirectUri,
    attempt.verifier,
    options,
  );
  const result = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: attempt.nonce,
    requireIdToken: true,
  });
  await oauth.validateApplicationLevelSignature(server, response, options);
  const claims = oauth.getValidatedIdTokenClaims(result);
  const email = claims?.["email"];
  return typeof email === "string" && claims?.["email_verified"] !== false ? email : undefined;
}

/** @throws when the provider cannot be reached or is another one. */
async function discover({ issuer }: Provider): Promise<Discovered> {
  const oauth = await import("oauth4webapi");
  const url = new URL(issuer);
  const options = {
    signal: () => AbortSignal.timeout(ANSWER_WITHIN_MS),
    // The config takes http for this machine only.
    [oauth.allowInsecureRequests]: url.protocol === "http:",
  };
  const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options));
  return { oauth, server, options };
}
