/**
 * A number for a customer's id and a text, by which an index finds its row: 14 bytes an entry where the text would take
 * a hundred, so that each event writes fewer pages. Two texts may share a number; the row itself says which it is.
 *
 * @returns 0 up to 2^53: what a number holds without loss.
 */
export function hashOf(customerId: string, text: string): number {
  // Two lanes of multiply and xor (cyrb53), which is quick and spreads well; nothing rests on it being hard to guess.
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (const part of [customerId, "\n", text]) {
    for (let index = 0; index < part.length; index++) {
      const unit = part.charCodeAt(index);
      high = Math.imul(high ^ unit, 2_654_435_761);
      low = Math.imul(low ^ unit, 1_597_334_677);
    }
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return (low >>> 0) + (high >>> 11) * 2 ** 32;
}
