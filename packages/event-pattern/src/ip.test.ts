import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { contains, readAddress, readBlock } from "./ip.ts";

suite("readAddress", () => {
  const cases: ReadonlyArray<readonly [why: string, text: string, want: string | undefined]> = [
    ["IPv4", "10.0.0.1", "4 a000001"],
    ["zeros in front are no octal", "010.000.000.001", "4 a000001"],
    ["more than 15 characters are none", "0010.000.000.001", undefined],
    ["256 is no part", "10.0.0.256", undefined],
    ["three parts", "10.0.0", undefined],
    ["five parts", "10.0.0.1.1", undefined],
    ["a mask is not part of it", "10.0.0.1/24", undefined],
    ["a space is not part of it", "10.0.0.1 ", undefined],
    ["digits of other scripts are none", "١.0.0.1", undefined],
    ["IPv6 in full", "0:0:0:0:0:0:0:1", "6 1"],
    ["zeros left out", "::1", "6 1"],
    ["all zeros", "::", "6 0"],
    ["letters of any case", "2001:DB8::F", "6 20010db800000000000000000000000f"],
    ["IPv4 written in IPv6 is IPv4", "::ffff:a00:1", "4 a000001"],
    ["with points it is none", "::ffff:10.0.0.1", undefined],
    ["zeros left out twice", "1::2::3", undefined],
    ["nine groups", "1:2:3:4:5:6:7:8:9", undefined],
    ["seven groups", "1:2:3:4:5:6:7", undefined],
    ["five digits in a group", "12345::", undefined],
    ["zeros in front of a group", "::00001", "6 1"],
    ["a zone is not part of it", "fe80::1%eth0", undefined],
    ["a colon alone", ":", undefined],
    ["nothing", "", undefined],
  ];
  for (const [why, text, want] of cases) {
    test(`${why}: "${text}"`, () => {
      const address = readAddress(text);
      const wanted = want?.replace(/ 0+(?=[\da-f])/, " ");
      assert.equal(address && `${address.family} ${address.value.toString(16)}`, wanted);
    });
  }
});

suite("readBlock", () => {
  const inside: ReadonlyArray<readonly [why: string, block: string, address: string, want: boolean]> = [
    ["the first address", "10.0.0.0/24", "10.0.0.0", true],
    ["the last address", "10.0.0.0/24", "10.0.0.255", true],
    ["the one after", "10.0.0.0/24", "10.0.1.0", false],
    ["bits below the mask may be set", "10.0.0.77/24", "10.0.0.1", true],
    ["no bits: every IPv4", "1.2.3.4/0", "255.255.255.255", true],
    ["every IPv4 is no IPv6", "0.0.0.0/0", "::1", false],
    ["every IPv6 is no IPv4", "::/0", "10.0.0.1", false],
    ["hexadecimal digits that look alike are no match", "32.0.0.0/8", "2001:db8::1", false],
    ["IPv6", "2001:db8::/32", "2001:DB8:ffff::", true],
    ["two addresses", "::2/127", "::3", true],
    ["a sign before the bits", "10.0.0.0/+8", "10.1.1.1", true],
    ["a slash at the end is forgiven", "10.0.0.0/8/", "10.1.1.1", true],
    ["IPv4 in IPv6 has the bits of IPv4", "::ffff:a00:0/24", "10.0.0.1", true],
  ];
  for (const [why, block, address, want] of inside) {
    test(`${why}: ${address} in ${block}`, () => {
      const read = readBlock(block);
      const found = readAddress(address);
      assert.ok("block" in read && found);
      assert.equal(contains(read.block, found), want);
    });
  }

  const wrong: ReadonlyArray<readonly [why: string, block: string, message: RegExp]> = [
    ["a single IPv4 address", "10.0.0.0/32", /^IPv4 mask bits must be < 32/],
    ["a single IPv6 address", "::1/128", /^IPv6 mask bits must be < 128/],
    ["IPv4 in IPv6 with the bits of IPv6", "::ffff:a00:0/120", /^IPv4 mask bits must be < 32/],
    ["no slash", "10.0.0.0", /^Malformed CIDR, one '\/' required/],
    ["two slashes", "10.0.0.0/8/8", /^Malformed CIDR, one '\/' required/],
    ["nothing behind the slash", "10.0.0.0/", /^Malformed CIDR, one '\/' required/],
    ["no number", "10.0.0.0/x", /^Malformed CIDR, mask bits must be an integer/],
    ["a negative number", "10.0.0.0/-1", /^Malformed CIDR, mask bits must not be negative/],
    ["nothing before the slash", "/8", /^Nonstandard IP address: /],
    ["three parts", "10.0.0/8", /^Nonstandard IP address: 10.0.0/],
    ["a part too large", "10.0.0.256/8", /^Invalid IP address: 10.0.0.256/],
  ];
  for (const [why, block, message] of wrong) {
    test(`refuses ${why}: "${block}"`, () => {
      const read = readBlock(block);
      assert.ok("wrong" in read);
      assert.match(read.wrong, message);
    });
  }
});
