/** The options of the plugin, as the shop's configuration gives them, checked once. */
import { secretBytes } from "./signing";

/** What a state of an order, or a payment, can prove. */
export const FACTS = ["paid", "fulfilled", "delivered", "cancelled"] as const;
export type Fact = (typeof FACTS)[number];

export interface WordmouthOptions {
  /** Address of the engine, such as `https://refer.example.com`. */
  url?: string;
  /** The store's id at the engine (`str_...`). */
  storeId?: string;
  /** The store's slug at the engine; without it there are no invitations. */
  storeSlug?: string;
  /** The shared secret (`whsec_...`), or several while changing it; the first one signs. */
  secret?: string | string[];
  /** Token of the channel whose orders are told and whose coupons are made; else the default. */
  channelToken?: string;
  /** What an order state proves, beside what Vendure's own states do. */
  states?: Record<string, Fact[]>;
  /** The address of a product in the storefront, from its slug. */
  productUrl?: (slug: string) => string;
  /** Decimals of the shop's integers by currency, where they are not the money strategy's. */
  storedDigits?: Record<string, number>;
  /** Whether this process sends what is pending; default: true. */
  background?: boolean;
  /** Seconds between a change and its telling, so that one checkout is told once; default: 1. */
  delay?: number;
  /** Seconds to wait for the engine's answer; default: 10. */
  timeout?: number;
  /** True in a shop whose orders are not real. */
  test?: boolean;
}

const STATES: Record<string, Fact[]> = {
  PaymentSettled: ["paid"],
  Shipped: ["fulfilled"],
  Delivered: ["fulfilled", "delivered"],
  Cancelled: ["cancelled"],
};

/** The options, checked and completed. */
export class Settings {
  readonly url: string;
  readonly storeId: string;
  readonly storeSlug: string;
  /** The keys that may sign, newest first. */
  readonly keys: Buffer[];
  readonly channelToken: string | undefined;
  readonly states: Record<string, Fact[]>;
  readonly productUrl: (slug: string) => string | null;
  readonly storedDigits: Record<string, number>;
  readonly background: boolean;
  readonly delay: number;
  readonly timeout: number;
  readonly test: boolean;

  /** Throws an Error in words for a secret or a fact that is not one. */
  constructor(given: WordmouthOptions) {
    this.url = (given.url ?? "").replace(/\/+$/, "");
    this.storeId = given.storeId ?? "";
    this.storeSlug = given.storeSlug ?? "";
    const secrets = typeof given.secret === "string" ? [given.secret] : (given.secret ?? []);
    this.keys = secrets.filter(Boolean).map(secretBytes);
    this.channelToken = given.channelToken;
    this.states = { ...STATES, ...given.states };
    this.productUrl = given.productUrl ?? (() => null);
    this.storedDigits = given.storedDigits ?? {};
    this.background = given.background ?? true;
    this.delay = given.delay ?? 1;
    this.timeout = given.timeout ?? 10;
    this.test = given.test ?? false;
    checkStates(this.states);
  }

  /** Whether address, store and secret are all set; if not, the plugin does nothing. */
  get connected(): boolean {
    return Boolean(this.url && this.storeId && this.keys.length);
  }

  /** Where snapshots are sent. */
  get deliveriesUrl(): string {
    return `${this.url}/in/${this.storeId}/vendure`;
  }
}

function checkStates(states: Record<string, Fact[]>): void {
  for (const [state, facts] of Object.entries(states)) {
    const wrong = facts.filter((fact) => !FACTS.includes(fact));
    if (wrong.length) {
      throw new Error(
        `WordmouthPlugin: states.${state} has ${wrong.join(", ")}; allowed are ${FACTS.join(", ")}`,
      );
    }
  }
}
