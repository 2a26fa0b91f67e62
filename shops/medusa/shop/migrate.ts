/** Makes the sandbox's tables, those of the plugin among them, and ends. */
import migrate from "@medusajs/medusa/commands/db/migrate";

void migrate({
  directory: __dirname,
  skipLinks: false,
  skipScripts: true,
  skipSearch: true,
  executeAllLinks: false,
  executeSafeLinks: true,
} as Parameters<typeof migrate>[0]);
