/** Serves the sandbox: `node build/shop/serve.js 3000`. */
import { bootstrap } from "@vendure/core";

import { configFor, shelf } from "./config";
import { stockUp } from "./stock";

async function serve(port: number): Promise<void> {
  const app = await bootstrap(configFor(port));
  await stockUp(app);
  shelf.isFull = true;
  app.enableShutdownHooks();
  console.log(`the shop is at http://127.0.0.1:${port}/shop-api`);
}

void serve(Number(process.argv[2] ?? 3000)).catch((error) => {
  console.error(error);
  process.exit(1);
});
