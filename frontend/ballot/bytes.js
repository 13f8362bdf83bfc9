// Bytes, text, hexadecimal, base 64 and whole numbers, into each other. Nothing here needs a
// secure context: a hall's own network has no certificate.

export const text = (string) => new TextEncoder().encode(string);

export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const toHex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

export function fromHex(hex) {
  if (typeof hex !== "string" || !/^([0-9a-f]{2})*$/i.test(hex)) throw new Error("not hexadecimal");
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    parseInt(hex.slice(2 * at, 2 * at + 2), 16),
  );
}

export function toBase64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export const toNumber = (bytes) => BigInt(`0x${toHex(bytes) || "0"}`);

export const fromNumber = (number, size) => fromHex(number.toString(16).padStart(2 * size, "0"));

export function random(size) {
  return crypto.getRandomValues(new Uint8Array(size));
}

export const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);
