export { WordmouthPlugin } from "./plugin";
export type { Fact, WordmouthOptions } from "./options";
export { Backfill } from "./backfill";
export { Coupons } from "./coupons";
export { Outbox } from "./outbox";
export { IssuedCoupon } from "./entities/issued-coupon.entity";
export { OrderVisit } from "./entities/order-visit.entity";
export { PendingSnapshot } from "./entities/pending-snapshot.entity";
