#!/usr/bin/env node
/** `wordmouth-vendure`: tell the engine the past, or see what waits. */
import { resolve } from "node:path";

import { bootstrapWorker, VendureConfig } from "@vendure/core";

import { Backfill } from "./backfill";
import { Outbox } from "./outbox";

const USAGE = `Usage: wordmouth-vendure COMMAND CONFIG [--since DATE]

  backfill   mark all products, customers, and orders placed since DATE; the shop sends them
  status     tell what waits to be sent, and the last error

CONFIG is the compiled module that exports the shop's config, such as dist/vendure-config.js.`;

/** Run a command; the exit status. */
async function main([command, file, ...rest]: string[]): Promise<number> {
  const since = parseSince(rest);
  if (!["backfill", "status"].includes(command) || !file || since === undefined) {
    console.error(USAGE);
    return 2;
  }
  const { config } = (await import(resolve(file))) as { config: VendureConfig };
  const { app } = await bootstrapWorker(config);
  try {
    const outbox = app.get(Outbox);
    const done = command === "backfill" ? await app.get(Backfill).run(since) : undefined;
    console.log(JSON.stringify({ marked: done, pending: await outbox.pending() }));
    return 0;
  } finally {
    await app.close();
  }
}

/** The date that is given, or the beginning of time; undefined: that is not understood. */
function parseSince([name, value, ...more]: string[]): Date | undefined {
  if (name === undefined) {
    return new Date(0);
  }
  const date = new Date(value ?? "");
  const isWrong = name !== "--since" || more.length > 0 || Number.isNaN(date.getTime());
  return isWrong ? undefined : date;
}

void main(process.argv.slice(2)).then((status) => process.exit(status));
