import { PluginCommonModule, RuntimeVendureConfig, VendurePlugin } from "@vendure/core";

import { Backfill } from "./backfill";
import { COUPON_PATH, SETTINGS } from "./constants";
import { CouponController } from "./coupon-controller";
import { couponGuard } from "./coupon-guard";
import { Coupons } from "./coupons";
import { IssuedCoupon } from "./entities/issued-coupon.entity";
import { OrderVisit } from "./entities/order-visit.entity";
import { PendingSnapshot } from "./entities/pending-snapshot.entity";
import { Flusher } from "./flusher";
import { Listeners } from "./listeners";
import { Settings, WordmouthOptions } from "./options";
import { Outbox } from "./outbox";
import { wordmouthCoupon, wordmouthFreePiece } from "./promotion";
import { keepRawBody } from "./raw-body";
import { Retirement } from "./retirement";
import { ShopResolver, shopSchema } from "./shop-api";
import { Snapshots } from "./snapshots";
import { Visits } from "./visits";

/** Connects the shop to a Wordmouth engine: `plugins: [WordmouthPlugin.init({...})]`. */
@VendurePlugin({
  imports: [PluginCommonModule],
  compatibility: "^3.7.0",
  controllers: [CouponController],
  entities: [PendingSnapshot, IssuedCoupon, OrderVisit],
  shopApiExtensions: { schema: shopSchema, resolvers: [ShopResolver] },
  providers: [
    { provide: SETTINGS, useFactory: () => WordmouthPlugin.settings },
    Snapshots,
    Outbox,
    Flusher,
    Visits,
    Listeners,
    Coupons,
    Retirement,
    Backfill,
  ],
  configuration: (config) => WordmouthPlugin.extend(config),
})
export class WordmouthPlugin {
  /** The settings that `init` was given; not connected before that. */
  static settings = new Settings({});

  /** Give the plugin its options. Throws an Error in words for one that is not allowed. */
  static init(options: WordmouthOptions): typeof WordmouthPlugin {
    this.settings = new Settings(options);
    return this;
  }

  /** Add to the shop's configuration what the plugin needs. */
  static extend(config: RuntimeVendureConfig): RuntimeVendureConfig {
    const { promotionOptions, orderOptions, apiOptions } = config;
    // New lists: Vendure's own are shared by all that a process starts.
    promotionOptions.promotionConditions = [
      ...(promotionOptions.promotionConditions ?? []),
      wordmouthCoupon,
    ];
    promotionOptions.promotionActions = [
      ...(promotionOptions.promotionActions ?? []),
      wordmouthFreePiece,
    ];
    orderOptions.process = [...orderOptions.process, couponGuard];
    const signed = { route: `/${COUPON_PATH}`, handler: keepRawBody, beforeListen: true };
    apiOptions.middleware = [...apiOptions.middleware, signed];
    return config;
  }
}
