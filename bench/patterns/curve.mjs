/** The hostile curves as a small picture: time for a byte against size. A flat line is linear time. */

const WIDTH = 600;
const HEIGHT = 300;
const LEFT = 56;
const RIGHT = 16;
const TOP = 44;
const BOTTOM = 40;
/** Nanoseconds for a byte, lowest and highest of the axis, by powers of ten. */
const LOWEST = -1;
const HIGHEST = 3;

/** @returns an SVG that reads on light and dark pages. */
export function curvePicture(curves) {
  const sizes = curves[0].points.map(({ bytes }) => bytes);
  const x = (bytes) => {
    const [first, last] = [Math.log2(sizes[0]), Math.log2(sizes.at(-1))];
    const share = (Math.log2(bytes) - first) / (last - first);
    return LEFT + Math.min(1, Math.max(0, share)) * (WIDTH - LEFT - RIGHT);
  };
  const y = (nanos) => {
    const share = (Math.log10(nanos) - LOWEST) / (HIGHEST - LOWEST);
    return HEIGHT - BOTTOM - Math.min(1, Math.max(0, share)) * (HEIGHT - TOP - BOTTOM);
  };
  const line = (points, kind) => {
    const way = points.map(([at, nanos]) => `${x(at).toFixed(1)},${y(nanos).toFixed(1)}`).join(" ");
    return `<polyline class="${kind}" points="${way}"/>`;
  };
  const lines = curves.flatMap(({ points }) => [
    line(
      points.map(({ single }, index) => [sizes[index], single]),
      "single",
    ),
    line(
      points.map(({ matcher }, index) => [sizes[index], matcher]),
      "matcher",
    ),
  ]);
  return `${[head(), ...axes(sizes, x, y), ...lines, "</svg>"].join("\n")}\n`;
}

function head() {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="t d">`,
    '<title id="t">Hostile input: time for a byte, by size</title>',
    '<desc id="d">Each line is one kind of hostile input from 64 kilobytes to 4 megabytes. From one megabyte on the lines are nearly flat: time grows with the size and no faster.</desc>',
    "<style>",
    "svg{font:14px system-ui,sans-serif}.ground{fill:#fff}text{fill:#1f2328}.grid{stroke:#d0d7de;fill:none}",
    "polyline{fill:none;stroke-width:2;stroke-linejoin:round}.single{stroke:#bc4c00}.matcher{stroke:#2f6fd0}",
    "@media (prefers-color-scheme:dark){.ground{fill:#0d1117}text{fill:#e6edf3}.grid{stroke:#3d444d}",
    ".single{stroke:#ff9b50}.matcher{stroke:#6ea8fe}}",
    "</style>",
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text x="${LEFT}" y="24">ns a byte</text>`,
    `<polyline class="single" points="${WIDTH - 220},19 ${WIDTH - 200},19"/><text x="${WIDTH - 194}" y="24">matches</text>`,
    `<polyline class="matcher" points="${WIDTH - 120},19 ${WIDTH - 100},19"/><text x="${WIDTH - 94}" y="24">a matcher</text>`,
  ].join("\n");
}

function axes(sizes, x, y) {
  const powers = Array.from({ length: HIGHEST - LOWEST + 1 }, (_, index) => 10 ** (LOWEST + index));
  const rows = powers.flatMap((nanos) => [
    `<path class="grid" d="M${LEFT} ${y(nanos)}H${WIDTH - RIGHT}"/>`,
    `<text x="${LEFT - 8}" y="${y(nanos) + 5}" text-anchor="end">${nanos}</text>`,
  ]);
  const names = ["64 KB", "256 KB", "1 MB", "4 MB"];
  const columns = sizes.map((bytes, index) => {
    const anchor = index === 0 ? "start" : index === sizes.length - 1 ? "end" : "middle";
    return `<text x="${x(bytes)}" y="${HEIGHT - 14}" text-anchor="${anchor}">${names[index]}</text>`;
  });
  return [...rows, ...columns];
}
