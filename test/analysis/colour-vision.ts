/** Colours as numbers: contrast, and distance as readers with and without colour blindness see it. */

export type Vision = 'normal' | 'protanopia' | 'deuteranopia' | 'tritanopia';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/**
 * Complete colour blindness of each kind, on linear RGB: Machado, Oliveira & Fernandes, “A Physiologically-based Model
 * for Simulation of Color Vision Deficiency”, IEEE TVCG 15(6), 2009, table of severity 1.0.
 */
const SIMULATIONS: Readonly<Record<Exclude<Vision, 'normal'>, Matrix>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

export const VISIONS: readonly Vision[] = ['normal', 'protanopia', 'deuteranopia', 'tritanopia'];

/** Contrast of two colours `#rrggbb` by the relative luminances of WCAG 2.2: 1 to 21. */
export function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** Least CIE 1976 distance (L*a*b*, white D65) of two colours over the visions. */
export function leastDistance(a: string, b: string, visions: readonly Vision[]): number {
  return Math.min(...visions.map((vision) => Math.hypot(...difference(lab(a, vision), lab(b, vision)))));
}

/** The first colour over the second with an opacity from 0 to 1, as `color-mix(in srgb, ...)` mixes. */
export function mixed(over: string, under: string, opacity: number): string {
  const [a, b] = [channels(over), channels(under)];
  const bytes = a.map((value, index) =>
    Math.round(255 * (value * opacity + (b[index] ?? 0) * (1 - opacity))),
  );
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function luminance(colour: string): number {
  const [red, green, blue] = linear(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: string): Triple {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (digits === null) throw new Error(`colour ${colour}: #rrggbb is allowed`);
  return [digits[1], digits[2], digits[3]].map(
    (pair) => Number.parseInt(pair ?? '', 16) / 255,
  ) as unknown as Triple;
}

function linear(colour: string): Triple {
  return channels(colour).map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  ) as unknown as Triple;
}

function lab(colour: string, vision: Vision): Triple {
  const rgb = linear(colour);
  const seen =
    vision === 'normal' ? rgb : (times(SIMULATIONS[vision], rgb).map(clamped) as unknown as Triple);
  // sRGB's primaries, each row divided by the white point.
  const [x, y, z] = times(
    [
      [0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339 / 1.08883, 0.119192 / 1.08883, 0.9503041 / 1.08883],
    ],
    seen,
  ).map((value) => (value > 216 / 24389 ? Math.cbrt(value) : (24389 / 27 / 116) * value + 16 / 116)) as [
    number,
    number,
    number,
  ];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function times(matrix: Matrix, [a, b, c]: Triple): Triple {
  return matrix.map((row) => row[0] * a + row[1] * b + row[2] * c) as unknown as Triple;
}

function difference(a: Triple, b: Triple): Triple {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}
