/**
 * A small but real Medusa shop to try the plugin with, without dashboard and mails. Reads
 * `MEDUSA_DB` (the `postgresql://` address of an empty database) and what `wordmouth store create`
 * told: `WORDMOUTH_URL` and its neighbours.
 */
import { defineConfig } from "@medusajs/framework/utils";

const { env } = process;
const SECRET = "a secret of the sandbox";

export default defineConfig({
  admin: { disable: true },
  projectConfig: {
    databaseUrl: env.MEDUSA_DB,
    databaseDriverOptions: { connection: { ssl: false } },
    http: {
      storeCors: "*",
      adminCors: "*",
      authCors: "*",
      jwtSecret: SECRET,
      cookieSecret: SECRET,
    },
  },
  plugins: [
    {
      resolve: "medusa-plugin-wordmouth",
      options: {
        url: env.WORDMOUTH_URL,
        storeId: env.WORDMOUTH_STORE_ID,
        storeSlug: env.WORDMOUTH_STORE_SLUG,
        secret: env.WORDMOUTH_WEBHOOK_SECRET,
        delay: 0.2,
      },
    },
  ],
});
