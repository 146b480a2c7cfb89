/**
 * The decimal that Java writes for a double. event-ruler (2.0.1, on the Java releases before 19) takes a number as
 * exact only when it is that decimal, and those releases do not always write the shortest one: 2e23 becomes
 * 1.9999999999999998E23, 5e-324 becomes 4.9E-324. Hence this detour; numbers people write never need it.
 *
 * The way is Steele and White's: digits are taken from the exact value until what is left over is less than half the
 * distance to the next double. What is particular to Java is told where it happens. Found by trying: two million
 * doubles give the same decimals.
 *
 * @see https://bugs.openjdk.org/browse/JDK-4511638
 */

/** `digits` times ten to the power of `exponent`. */
export type Decimal = { readonly digits: string; readonly exponent: number };

/** Bits of a double after the binary point of its fraction. */
const FRACTION_BITS = 52n;
/** The exponent of the lowest bit of the smallest doubles, -1074, and one. */
const EXPONENT_OFFSET = 1075;
const LOG10_OF_2 = 0.301029995663981;

/** @param value - positive and finite. */
export function javaDecimal(value: number): Decimal {
  return Number.isInteger(value) && value < 2 ** 63 ? ofInteger(value) : ofAny(value);
}

/** Java drops the digits that the distance to the next double makes meaningless, all at once. */
function ofInteger(value: number): Decimal {
  const integer = BigInt(value);
  const topBit = bitLength(integer) - 1;
  const dropped = topBit > 53 ? Math.floor((topBit - 54) * LOG10_OF_2) : 0;
  const unit = 10n ** BigInt(dropped);
  const isRoundedUp = dropped > 0 && integer % unit >= unit / 2n;
  return { digits: String(integer / unit + (isRoundedUp ? 1n : 0n)), exponent: dropped };
}

/**
 * What is left of the value, half the distance to its neighbour, and what both are measured in: one unit of the digit
 * that comes next. `isShort`: Java keeps all three in 64 bits, where sums overflow.
 */
type Rest = { left: bigint; half: bigint; readonly unit: bigint; readonly isShort: boolean };

function ofAny(value: number): Decimal {
  const { odd, topBit, bits } = binaryOf(value);
  // An estimate, one too high at times: then the first digit is a zero and is left out.
  const fraction = value / 2 ** topBit;
  const first = Math.floor((fraction - 1.5) * 0.289529654 + 0.176091259 + topBit * LOG10_OF_2);
  const rest = scaled(odd, topBit, bits, first);
  let digits = String(rest.left / rest.unit);
  let stop = take(rest, rest.left % rest.unit);
  let power = first;
  if (digits === "0" && !stop.isHigh) {
    power -= 1;
    digits = "";
  }
  // With an exponent Java writes at least two digits.
  if (power < -3 || power >= 8) stop = { isLow: false, isHigh: false };
  while (!stop.isLow && !stop.isHigh) {
    digits += String(rest.left / rest.unit);
    stop = take(rest, rest.left % rest.unit);
  }
  const exponent = power - digits.length + 1;
  return { digits: String(BigInt(digits) + (isUp(rest, stop, digits) ? 1n : 0n)), exponent };
}

type Stop = { readonly isLow: boolean; readonly isHigh: boolean };

/** Goes on to the next digit: may the digits end here, as they are (low) or with the last one raised (high)? */
function take(rest: Rest, remainder: bigint): Stop {
  rest.left = remainder * 10n;
  rest.half *= 10n;
  const ten = rest.unit * 10n;
  if (!rest.isShort) return { isLow: rest.left < rest.half, isHigh: rest.left + rest.half >= ten };
  rest.half = BigInt.asIntN(64, rest.half);
  if (rest.half <= 0n) return { isLow: true, isHigh: true };
  return { isLow: rest.left < rest.half, isHigh: BigInt.asIntN(64, rest.left + rest.half) > ten };
}

function isUp(rest: Rest, stop: Stop, digits: string): boolean {
  if (!stop.isHigh || !stop.isLow) return stop.isHigh;
  const twice = 2n * rest.left;
  const ten = rest.unit * 10n;
  return twice > ten || (twice === ten && Number(digits.at(-1)) % 2 === 1);
}

/** The value as an odd number of `bits` significant bits, the highest of them worth two to the power of `topBit`. */
function binaryOf(value: number): { readonly odd: bigint; readonly topBit: number; readonly bits: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const raw = view.getBigUint64(0);
  const isSmallest = raw >> FRACTION_BITS === 0n;
  const fraction = BigInt.asUintN(52, raw);
  const mantissa = isSmallest ? fraction : fraction | (1n << FRACTION_BITS);
  const exponent = (isSmallest ? 1 : Number(raw >> FRACTION_BITS)) - EXPONENT_OFFSET;
  const bits = bitLength(mantissa);
  let odd = mantissa;
  while (odd % 2n === 0n) odd /= 2n;
  return { odd, topBit: exponent + bits - 1, bits };
}

/** The three numbers with all common powers of two taken out, as Java has them. */
function scaled(odd: bigint, topBit: number, bits: number, first: number): Rest {
  const oddBits = bitLength(odd);
  const behindPoint = Math.max(0, oddBits - topBit - 1);
  const fives = BigInt(Math.max(0, -first));
  const unitFives = BigInt(Math.max(0, first));
  const twos = Number(fives) + behindPoint + topBit;
  const common = Math.min(twos - (oddBits - 1), Number(unitFives) + behindPoint);
  // Below a power of two the neighbour is half as far.
  const half = twos - bits - common - (oddBits === 1 ? 1 : 0);
  const raised = Math.max(0, -half);
  const left = twos - (oddBits - 1) - common + raised;
  const unit = Number(unitFives) + behindPoint - common + raised;
  const isShort = oddBits + left + bitsOfFive(fives) < 64 && unit + 1 + bitsOfFive(unitFives + 1n) < 64;
  return {
    left: (odd * 5n ** fives) << BigInt(left),
    half: (5n ** fives) << BigInt(half + raised),
    unit: (5n ** unitFives) << BigInt(unit),
    isShort,
  };
}

/** Bits of a power of five; Java's table ends at 26 and an estimate takes over. */
function bitsOfFive(power: bigint): number {
  if (power === 0n) return 0;
  return power < 27n ? bitLength(5n ** power) : Number(power) * 3;
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}
