/**
 * IP address literals and CIDR blocks. Only text that is nothing but digits and dots, or hexadecimal digits and
 * colons, can be an address; 010.000.0.1 is 10.0.0.1, and ::ffff:a00:1 is the IPv4 address it holds.
 */

/** An address as one number, with its family. */
export type Address = { readonly family: 4 | 6; readonly value: bigint };

/** All addresses from `first` to `last`. */
export type Block = { readonly family: 4 | 6; readonly first: bigint; readonly last: bigint };

const MAPPED = 0xffffn;

/** @returns the address, or undefined when the text is none. */
export function readAddress(text: string): Address | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) return readFour(text);
  if (/^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/.test(text)) return readSix(text);
  return undefined;
}

function readFour(text: string): Address | undefined {
  const parts = text.split(".").map(Number);
  if (text.length > 15 || parts.some((part) => part > 255)) return undefined;
  return { family: 4, value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
}

function readSix(text: string): Address | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const given = head.length + tail.length;
  if (halves.length === 1 ? given !== 8 : given > 7) return undefined;
  const groups = [...head, ...new Array<string>(8 - given).fill("0"), ...tail];
  if (!groups.every((group) => /^0*[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const value = groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
  if (value >> 32n === MAPPED) return { family: 4, value: value & 0xffff_ffffn };
  return { family: 6, value };
}

/**
 * Reads `10.0.0.0/8`. The bits below the mask may be set: the block is the one that holds the address.
 *
 * @returns the block, or what is wrong in event-ruler's words: /32 and /128 are refused by EventBridge.
 */
export function readBlock(text: string): { readonly block: Block } | { readonly wrong: string } {
  const [address = "", mask = "", ...rest] = text.split("/");
  if (rest.some((part) => part !== "") || !text.includes("/") || mask === "") {
    return { wrong: "Malformed CIDR, one '/' required" };
  }
  if (!/^[+-]?\d{1,9}$/.test(mask)) return { wrong: "Malformed CIDR, mask bits must be an integer" };
  const bits = Number(mask);
  if (bits < 0) return { wrong: "Malformed CIDR, mask bits must not be negative" };
  const base = readAddress(address);
  if (base === undefined) {
    const looksRight = /^[\d.]+$|^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/.test(address) && address.split(".").length !== 2;
    return {
      wrong: `${looksRight && /^\d+\.\d+\.\d+\.\d+$|:/.test(address) ? "Invalid" : "Nonstandard"} IP address: ${address}`,
    };
  }
  const width = base.family === 4 ? 32 : 128;
  if (bits >= width) return { wrong: `IPv${base.family} mask bits must be < ${width}` };
  const free = BigInt(width - bits);
  const first = (base.value >> free) << free;
  return { block: { family: base.family, first, last: first + (1n << free) - 1n } };
}

/** Is the address in the block? Families never mix. */
export function contains(block: Block, address: Address): boolean {
  return block.family === address.family && address.value >= block.first && address.value <= block.last;
}
