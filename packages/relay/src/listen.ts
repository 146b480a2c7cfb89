/** An address to listen on, as people write it, and a server on it. */

import { createServer, type IncomingMessage, Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";

/** Where to listen; port 0 is any free one. */
export type Address = { readonly host: string; readonly port: number };

/** Reads `127.0.0.1:8080`, `[::1]:8080`, `:8080` (every address) or `8080` (this machine only). */
export function readAddress(text: string): Address | { readonly problem: string } {
  const parts = /^(?:(\[[0-9a-fA-F:.]+\]|[^:\s]*):)?(\d{1,5})$/.exec(text);
  const port = Number(parts?.[2]);
  if (parts === null || port > 65_535) {
    return { problem: `--listen takes HOST:PORT such as 127.0.0.1:8080, got ${JSON.stringify(text)}` };
  }
  const host = parts[1];
  if (host === undefined) return { host: "127.0.0.1", port };
  return { host: host === "" ? "0.0.0.0" : host.replace(/^\[|\]$/g, ""), port };
}

/** A server that listens. */
export type Listening = { readonly url: string; readonly close: () => Promise<void> };

/** The address cannot be listened on. The message says why and what to do. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

const HEADERS_WITHIN_MS = 10_000;
const REQUEST_WITHIN_MS = 30_000;
const FINISH_WITHIN_MS = 1500;
/** Longer than load balancers keep a connection idle (AWS's: 60 s): closing first would break a request on its way. */
const KEEP_ALIVE_MS = 65_000;

/** What is asked before the routes. @returns false when the request is not for it. */
export type FirstAsked = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/**
 * Serves the routes.
 *
 * @param first - is asked first, for what must be quick. @throws ListenError when the address is taken or not ours.
 */
export async function listen(app: Hono, address: Address, first: FirstAsked = () => false): Promise<Listening> {
  const served = (options: object, routes?: (...of: Asking) => void): Server =>
    createServer(options, (...asking: Asking) => {
      if (!first(...asking)) routes?.(...asking);
    });
  // Node's own function takes its options or not; the adaptor gives them.
  const server = createAdaptorServer({ fetch: app.fetch, createServer: served as typeof createServer });
  if (!(server instanceof Server)) throw new Error("expected an HTTP/1 server");
  server.headersTimeout = HEADERS_WITHIN_MS;
  server.requestTimeout = REQUEST_WITHIN_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on("clientError", answerUnreadable);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, address)));
    server.listen(address.port, address.host, resolve);
  });
  const bound = server.address();
  const port = typeof bound === "object" && bound ? bound.port : address.port;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        // A request under way may finish; a page that listens for changes, or a kept-alive connection, would never.
        const cut = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

type Asking = Parameters<FirstAsked>;

/** What never became a request (garbage, headers too long or too slow) still gets an answer that says so. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, code, message] = unreadable(error.code);
  const body = JSON.stringify({ error: { code, message } });
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
}

function unreadable(code: string | undefined): readonly [status: string, code: string, message: string] {
  if (code === "HPE_HEADER_OVERFLOW") {
    return ["431 Request Header Fields Too Large", "headers-too-large", "the headers are larger than 16 KiB"];
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return ["408 Request Timeout", "too-slow", "the request came too slowly"];
  return ["400 Bad Request", "not-http", "this is no HTTP/1.1 request"];
}

function explain(error: NodeJS.ErrnoException, { host, port }: Address): ListenError {
  const where = `${host}:${port}`;
  if (error.code === "EADDRINUSE") {
    const message = `the address ${where} is taken by another program. Stop that, or take another: --listen ${host}:${port + 1}`;
    return new ListenError(message, { cause: error });
  }
  if (error.code === "EACCES") {
    return new ListenError(`this user may not listen on ${where}. Take a port above 1023`, { cause: error });
  }
  return new ListenError(`cannot listen on ${where}: ${error.message}`, { cause: error });
}
