/**
 * A small but real Vendure shop to try the plugin with, without dashboard and mails. Reads
 * `VENDURE_DB` (a `postgresql://` address, or a file of SQLite; else it keeps everything in memory)
 * and what `wordmouth store create` told: `WORDMOUTH_URL` and its neighbours.
 */
import type { ServerResponse } from "node:http";

import {
  DefaultLogger,
  dummyPaymentHandler,
  LanguageCode,
  LogLevel,
  VendureConfig,
} from "@vendure/core";

import { WordmouthPlugin } from "../src";

// A sandbox has nothing to report to Vendure's makers.
process.env.VENDURE_DISABLE_TELEMETRY ??= "true";

/** Whether the shop has goods; `/ready` tells. */
export const shelf = { isFull: false };

/** Who may do what staff does; there is nothing to protect in this shop. */
export const STAFF = { identifier: "staff@example.com", password: "staff-of-the-sandbox" };

/** The shop's configuration. */
export function configFor(port: number): VendureConfig {
  const { env } = process;
  return {
    logger: new DefaultLogger({ level: LogLevel.Warn, timestamp: true }),
    defaultLanguageCode: LanguageCode.en,
    apiOptions: {
      hostname: "127.0.0.1",
      port,
      adminApiPath: "admin-api",
      shopApiPath: "shop-api",
      middleware: [{ route: "/ready", handler: tellReady, beforeListen: true }],
    },
    authOptions: {
      tokenMethod: ["bearer"],
      superadminCredentials: STAFF,
      requireVerification: false,
      cookieOptions: { secret: "a secret of the sandbox" },
    },
    dbConnectionOptions: database(env.VENDURE_DB ?? ""),
    paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
    plugins: [
      WordmouthPlugin.init({
        url: env.WORDMOUTH_URL,
        storeId: env.WORDMOUTH_STORE_ID,
        storeSlug: env.WORDMOUTH_STORE_SLUG,
        secret: env.WORDMOUTH_WEBHOOK_SECRET,
        delay: 0.2,
      }),
    ],
  };
}

/** What the commands of the plugin read; they serve nothing, so the port does not matter. */
export const config = configFor(3000);

function database(place: string): VendureConfig["dbConnectionOptions"] {
  if (place.startsWith("postgres")) {
    return { type: "postgres", url: place, synchronize: true };
  }
  return {
    type: "sqljs",
    location: place || undefined,
    autoSave: Boolean(place),
    synchronize: true,
  };
}

function tellReady(_: unknown, response: ServerResponse): void {
  response.statusCode = shelf.isFull ? 200 : 503;
  response.end();
}
