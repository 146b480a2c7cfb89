/**
 * A sender that costs little: raw sockets, one request at a time on each, bodies made beforehand. Runs as a worker.
 * `workerData`: port, path, key, connections, seconds, batch, how many bodies; answers with requests and latencies.
 */
import { connect } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { loadCustomers, securityHubEvent } from "../../packages/testkit/src/load.ts";

const { port, key, connections, requests: total, batch, offset } = workerData;
const customers = loadCustomers(50);
const bodies = Array.from({ length: total }, (_, request) => {
  const events = Array.from({ length: batch }, (__, n) => {
    const problem = offset + request * batch + n;
    return securityHubEvent(customers[problem % customers.length], problem);
  });
  const body = JSON.stringify(batch === 1 ? events[0] : events);
  const head = `POST /v1/events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${key}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.from(head + body);
});
parentPort.postMessage("ready");
parentPort.once("message", () => {
  const startedAt = performance.now();
  const latencies = [];
  let next = 0;
  let open = 0;
  let refused = 0;
  const finish = () => {
    const seconds = (performance.now() - startedAt) / 1000;
    parentPort.postMessage({ requests: latencies.length, refused, seconds, latencies });
  };
  for (let n = 0; n < connections; n += 1) {
    const socket = connect(port, "127.0.0.1");
    let sentAt = 0;
    open += 1;
    const send = () => {
      const body = bodies[next];
      next += 1;
      if (body === undefined) {
        socket.end();
        open -= 1;
        if (open === 0) finish();
        return;
      }
      sentAt = performance.now();
      socket.write(body);
    };
    socket.setNoDelay(true);
    socket.on("connect", send);
    let got = "";
    socket.on("data", (data) => {
      got += data.toString("latin1");
      const end = got.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(got)?.[1] ?? 0);
      const isChunked = /transfer-encoding: chunked/i.test(got);
      if (isChunked ? !got.endsWith("0\r\n\r\n") : got.length < end + 4 + length) return;
      if (got.startsWith("HTTP/1.1 202")) latencies.push(performance.now() - sentAt);
      else refused += 1;
      got = "";
      send();
    });
  }
});
