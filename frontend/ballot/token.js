// A phone's right to cast: everything of it follows from the ticket and the resume code (续办码),
// so that another phone with both comes to the same token and asks for the same signatures.

import { ed25519 } from "@noble/curves/ed25519.js";
import { expand } from "@noble/hashes/hkdf.js";
import { pbkdf2Async } from "@noble/hashes/pbkdf2.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { SALT, blind, finalize, prepare, tokenMessage } from "./blind.js";
import { fromNumber, join, text, toNumber } from "./bytes.js";
import { normal } from "./codes.js";

const ROUNDS = 20000; // on top of 60 bits drawn at random: nobody finds the code from what was signed

// {secret, pub, prefix, prepared, blinded: [{value, inverse} per key]}
export async function derive(resume, ticket, box, category, keys) {
  const salt = join(text("bihuan-resume-1"), text(normal(ticket)), box);
  const seed = await pbkdf2Async(sha256, text(normal(resume)), salt, { c: ROUNDS, dkLen: 32 });
  const use = (label, size) => expand(sha256, seed, text(`bihuan-${label}`), size);
  const secret = use("ed25519", 32);
  const pub = ed25519.getPublicKey(secret);
  const prefix = use("prefix", 32);
  const prepared = prepare(tokenMessage(box, category, pub), prefix);
  const blinded = keys.map((key, at) => {
    const own = (label, size) =>
      expand(sha256, seed, join(text(`bihuan-${label}-${at}-`), sha256(fromNumber(key.n, key.size))), size);
    // 16 bytes more than the modulus: no factor is likelier than another, to one in 2^128.
    const factor = (toNumber(own("factor", key.size + 16)) % (key.n - 3n)) + 2n;
    return blind(key, prepared, own("salt", SALT), factor);
  });
  return { secret, pub, prefix, prepared, blinded };
}

// The signers' answers → the token's signatures; an error where one of them does not fit.
export const unblind = (token, keys, answers) =>
  keys.map((key, at) => finalize(key, token.prepared, answers[at], token.blinded[at].inverse));

// The token's word for one sealed ballot: engines/tally/signing.py, `cast_message`.
export const proof = (secret, box, category, blob) => ed25519.sign(castMessage(box, category, blob), secret);

export const castMessage = (box, category, blob) =>
  sha256(join(text("bihuan-cast-1"), box, text(category), Uint8Array.of(0), blob));
