// Blind signatures on the phone: RFC 9474, RSABSSA-SHA384-PSS-Randomized, sections named below.
// A salt of no bytes gives its PSSZERO variants, an empty prefix its Deterministic ones.

import { sha256, sha384 } from "@noble/hashes/sha2.js";
import { fromNumber, join, random, same, text, toNumber } from "./bytes.js";
import { ALPHABET, shown } from "./codes.js";

export const SALT = 48;
const DIGEST = 48;
const EXPONENT = 65537n;

// {n, e} as hexadecimal text → {n, e, size}. Another exponent could let a signer tell tokens apart.
export function readKey(plain) {
  const n = BigInt(`0x${plain.n}`);
  const e = BigInt(`0x${plain.e}`);
  const bits = n.toString(2).length;
  if (e !== EXPONENT || bits < 2048 || bits > 8192 || bits % 8 || n % 2n === 0n) {
    throw new Error("key");
  }
  return { n, e, size: bits / 8 };
}

export function tokenMessage(box, category, pub) {
  if (box.length !== 16 || pub.length !== 32 || category.includes("\0")) throw new Error("token");
  return join(text("bihuan-ballot-1"), box, text(category), Uint8Array.of(0), pub);
}

// Section 4.1.
export const prepare = (message, prefix = random(32)) => join(prefix, message);

// Section 4.2. `factor` is the r of the RFC, 1 < r < n.
export function blind(key, prepared, salt, factor) {
  const message = toNumber(encode(key, prepared, salt));
  const inverse = invert(factor, key.n);
  if (factor <= 1n || factor >= key.n || inverse === null || invert(message, key.n) === null) {
    throw new Error("factor");
  }
  const hidden = (message * power(factor, key.e, key.n)) % key.n;
  return { value: fromNumber(hidden, key.size), inverse };
}

// Section 4.4: the signature, or an error where the signer cheats.
export function finalize(key, prepared, blindSignature, inverse, salt = SALT) {
  if (blindSignature.length !== key.size) throw new Error("signature");
  const signature = fromNumber((toNumber(blindSignature) * inverse) % key.n, key.size);
  if (!verify(key, prepared, signature, salt)) throw new Error("signature");
  return signature;
}

// RSASSA-PSS-VERIFY (RFC 8017, 8.1.2) with SHA-384 and a salt of that many bytes.
export function verify(key, prepared, signature, salt = SALT) {
  const value = toNumber(signature);
  if (signature.length !== key.size || value >= key.n) return false;
  const encoded = fromNumber(power(value, key.e, key.n), key.size);
  const masked = encoded.subarray(0, -DIGEST - 1);
  const digest = encoded.subarray(-DIGEST - 1, -1);
  if (encoded[key.size - 1] !== 0xbc || masked[0] >= 0x80) return false;
  const block = xor(masked, mask(digest, masked.length));
  block[0] &= 0x7f;
  const filler = block.length - salt - 1;
  if (block[filler] !== 1 || block.subarray(0, filler).some((byte) => byte)) return false;
  return same(digest, salted(prepared, block.subarray(filler + 1)));
}

// Twelve characters that everybody with the same keys sees: a signer that gave each phone a key of
// its own could tell the tokens apart.
export function fingerprint(keys) {
  const digest = sha256(join(text("bihuan-keys-1"), ...keys.map((key) => fromNumber(key.n, key.size))));
  const bits = toNumber(digest.subarray(0, 8)) >> 4n;
  const marks = Array.from({ length: 12 }, (_, at) => ALPHABET[Number((bits >> BigInt(55 - 5 * at)) & 31n)]);
  return shown(marks.join(""));
}

// EMSA-PSS-ENCODE (RFC 8017, 9.1.1) for a modulus of whole bytes: the top bit is cleared.
function encode(key, prepared, salt) {
  const digest = salted(prepared, salt);
  const block = new Uint8Array(key.size - DIGEST - 1);
  block[block.length - salt.length - 1] = 1;
  block.set(salt, block.length - salt.length);
  const masked = xor(block, mask(digest, block.length));
  masked[0] &= 0x7f;
  return join(masked, digest, Uint8Array.of(0xbc));
}

const salted = (prepared, salt) => sha384(join(new Uint8Array(8), sha384(prepared), salt));

// MGF1 (RFC 8017, B.2.1).
function mask(seed, length) {
  const blocks = Array.from({ length: Math.ceil(length / DIGEST) }, (_, count) =>
    sha384(join(seed, fromNumber(BigInt(count), 4))),
  );
  return join(...blocks).subarray(0, length);
}

const xor = (left, right) => left.map((byte, at) => byte ^ right[at]);

function power(base, exponent, modulus) {
  let result = 1n;
  for (let square = base % modulus; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

// Extended Euclid; null where the two share a factor.
function invert(number, modulus) {
  let [previous, current] = [modulus, number % modulus];
  let [before, now] = [0n, 1n];
  while (current > 0n) {
    const quotient = previous / current;
    [previous, current] = [current, previous - quotient * current];
    [before, now] = [now, before - quotient * now];
  }
  return previous === 1n ? (before + modulus) % modulus : null;
}
