// Codes that people read and type: engines/tally/codes.py, the same rules. Crockford's base 32.

import { random } from "./bytes.js";

export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const LENGTH = 12;

export const newCode = () => Array.from(random(LENGTH), (byte) => ALPHABET[byte & 31]).join("");

export const normal = (typed) =>
  typed
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[IL]/g, "1")
    .replace(/O/g, "0")
    .replace(/[\p{Pd}\p{Z}\p{Cc}\p{Cf}−]/gu, "");

export const isCode = (typed) => new RegExp(`^[${ALPHABET}]{${LENGTH}}$`).test(normal(typed));

export const shown = (code) => normal(code).replace(/(.{4})(?=.)/g, "$1-");
