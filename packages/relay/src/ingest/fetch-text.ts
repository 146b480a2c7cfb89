/** GETs one of SNS's addresses, in bounds: no redirects, little text, little time. */
const LARGEST_BYTES = 64 * 1024;
const ANSWER_WITHIN_MS = 5000;

/** @throws Error when the answer is no 2xx, is too large, or does not come. */
export async function fetchText(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (!answer.ok) throw new Error(`${new URL(url).hostname} answered ${answer.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_BYTES)
      throw new Error(`${new URL(url).hostname} answered with more than ${LARGEST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
