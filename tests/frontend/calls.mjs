// Answers one JSON call a line: {module, name, args} → {value} or {error}. Bytes travel as
// {hex}, whole numbers beyond 2^53 as {int}, a sealed key as {key: {n, e}}.

import { createInterface } from "node:readline";

const { fromHex, toHex } = await import("../../frontend/ballot/bytes.js");
const { readKey } = await import("../../frontend/ballot/blind.js");

function into(value) {
  if (Array.isArray(value)) return value.map(into);
  if (value === null || typeof value !== "object") return value;
  if ("hex" in value) return fromHex(value.hex);
  if ("int" in value) return BigInt(value.int);
  if ("key" in value) return readKey(value.key);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, into(one)]));
}

function out(value) {
  if (value instanceof Uint8Array) return { hex: toHex(value) };
  if (typeof value === "bigint") return { int: value.toString() };
  if (Array.isArray(value)) return value.map(out);
  if (value === null || typeof value !== "object") return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, out(one)]));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { module, name, args } = JSON.parse(line);
  let answer;
  try {
    const loaded = await import(new URL(module, import.meta.url));
    answer = { value: out(await loaded[name](...args.map(into))) };
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
