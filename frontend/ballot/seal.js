// Sealing a ballot so that only the box's private key opens it: engines/tally/seal.py, the same
// bytes. X25519 with a fresh key, HKDF-SHA256, AES-256-GCM.

import { gcm } from "@noble/ciphers/aes.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { join, random, text } from "./bytes.js";

const VERSION = Uint8Array.of(1);

export function seal(pub, plain, box, category, fresh = random(32)) {
  const own = x25519.getPublicKey(fresh);
  const shared = x25519.getSharedSecret(fresh, pub); // refuses a public key of low order
  const key = hkdf(sha256, join(shared, own, pub), undefined, text("bihuan-seal-1"), 32);
  const sealed = gcm(key, new Uint8Array(12), join(box, text(category))).encrypt(plain);
  return join(VERSION, own, sealed);
}

// The leaf under which the log will hold this ballot: the receipt can be known before it comes.
export function leafOf(category, blob) {
  const inner = sha256(join(text(category), Uint8Array.of(0), blob));
  return sha256(join(Uint8Array.of(0), inner));
}
