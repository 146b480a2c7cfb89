/** A port of this machine that nobody listens on, for a server whose address must be known before it starts. */
import { createServer } from "node:net";

/** Asks the system for one. Somebody else may take it before it is used; nobody does in tests. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
