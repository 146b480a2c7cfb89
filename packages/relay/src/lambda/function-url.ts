/**
 * A Lambda function URL's requests and answers (payload format 2.0), as the web's own: the rest of the code knows only
 * those.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */

/** A request as Lambda hands it over: the parts that are used. Header names are in small letters, values joined. */
export type UrlEvent = {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestContext: { readonly domainName: string; readonly http: { readonly method: string } };
  /** Absent for an empty one. */
  readonly body?: string;
  readonly isBase64Encoded: boolean;
};

/** What Lambda is answered. */
export type UrlAnswer = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Hands a request on. What is no request (a GET with a body, a header of control characters) is answered 400. */
export async function answerUrl(
  event: UrlEvent,
  take: (request: Request) => Response | Promise<Response>,
): Promise<UrlAnswer> {
  const request = readRequest(event);
  const response = request ? await take(request) : new Response(null, { status: 400 });
  const headers = Object.fromEntries(response.headers);
  return { statusCode: response.status, headers, body: await response.text() };
}

function readRequest({ rawPath, rawQueryString, requestContext, headers, body, isBase64Encoded }: UrlEvent) {
  const query = rawQueryString === "" ? "" : `?${rawQueryString}`;
  const { domainName, http } = requestContext;
  // A signature is about the bytes: they are the same ones that were sent.
  const bytes = body === undefined ? null : Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  try {
    return new Request(`https://${domainName}${rawPath}${query}`, { method: http.method, headers, body: bytes });
  } catch {
    return undefined;
  }
}
