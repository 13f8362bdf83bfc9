// The published implementation, as functions over bytes: it signs and verifies with the platform's
// own RSA, ours with nothing but whole numbers.

import { RSABSSA } from "@cloudflare/blindrsa-ts";

const suite = RSABSSA.SHA384.PSS.Randomized();
const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
const publicKey = (spki) => crypto.subtle.importKey("spki", spki, algorithm, true, ["verify"]);

export const prepare = (message) => suite.prepare(message);

export async function blind(spki, prepared) {
  const { blindedMsg, inv } = await suite.blind(await publicKey(spki), prepared);
  return { value: blindedMsg, inverse: inv };
}

export async function sign(pkcs8, blinded) {
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]);
  return suite.blindSign(key, blinded);
}

export async function finalize(spki, prepared, answer, inverse) {
  return suite.finalize(await publicKey(spki), prepared, answer, inverse);
}

export async function verify(spki, prepared, signature) {
  return suite.verify(await publicKey(spki), signature, prepared);
}
