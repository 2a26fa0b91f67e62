import { DeepPartial, VendureEntity } from "@vendure/core";
import { Column, Entity, Index } from "typeorm";

import type { CouponTerms } from "../terms";

/** A promotion that the engine asked for, with the terms it asked for. */
@Entity("wordmouth_issued_coupon")
export class IssuedCoupon extends VendureEntity {
  constructor(input?: DeepPartial<IssuedCoupon>) {
    super(input);
  }

  /** Vendure accepts two promotions of one code; here there is one. */
  @Index({ unique: true })
  @Column({ length: 64 })
  code: string;

  @Column("simple-json")
  terms: CouponTerms;

  /** Key of the promotion, as text; empty only while it is being made. */
  @Column({ length: 64, default: "" })
  promotionId: string;

  @Column({ type: Date, nullable: true })
  revokedAt: Date | null;
}
