/** Serves the sandbox, after making its tables: `MEDUSA_DB=... node build/shop/serve.js 9000`. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

import loaders from "@medusajs/medusa/loaders/index";
import express from "express";

import { stockUp } from "./stock";

// A sandbox has nothing to report to Medusa's makers.
process.env.MEDUSA_DISABLE_TELEMETRY ??= "true";

async function serve(port: number): Promise<void> {
  // Medusa looks for plugins from where it is started.
  process.chdir(__dirname);
  execFileSync(process.execPath, [join(__dirname, "migrate.js")], { stdio: "inherit" });
  const app = express();
  const { container, shutdown } = await loaders({ directory: __dirname, expressApp: app });
  const keys = await stockUp(container);
  // There is nothing to protect in this shop: who asks is told what opens it.
  app.get("/ready", (_, response) => void response.json(keys));
  const server = app.listen(port, "127.0.0.1");
  process.on("SIGTERM", () => server.close(() => void shutdown().then(() => process.exit(0))));
  console.log(`the shop is at http://127.0.0.1:${port}/store`);
}

void serve(Number(process.argv[2] ?? 9000)).catch((error) => {
  console.error(error);
  process.exit(1);
});
