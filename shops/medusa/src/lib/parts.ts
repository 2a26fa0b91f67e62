/** The parts of the plugin, put together from Medusa's container. */
import { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { MedusaContainer } from "@medusajs/framework/types";
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";

import type WordmouthService from "../modules/wordmouth/service";
import { Coupons } from "./coupons";
import { MODULE } from "./names";
import type { Settings } from "./options";
import { Outbox } from "./outbox";
import { Query, Snapshots } from "./snapshots";

/** The plugin's options. */
export function settingsOf(container: MedusaContainer): Settings {
  return container.resolve<WordmouthService>(MODULE).settings;
}

/** Medusa's way to read across its modules. */
export function queryOf(container: MedusaContainer): Query {
  return container.resolve(ContainerRegistrationKeys.QUERY) as unknown as Query;
}

/** The shop's database. */
export function databaseOf(container: MedusaContainer): Knex {
  return container.resolve(ContainerRegistrationKeys.PG_CONNECTION) as unknown as Knex;
}

/** What waits to be told. */
export function outboxOf(container: MedusaContainer): Outbox {
  const settings = settingsOf(container);
  return new Outbox(databaseOf(container), new Snapshots(queryOf(container), settings), settings);
}

/** The engine's coupons. */
export function couponsOf(container: MedusaContainer): Coupons {
  return new Coupons(container.resolve(Modules.PROMOTION), queryOf(container));
}
