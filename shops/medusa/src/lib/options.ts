/** The options of the plugin, as `medusa-config` gives them, checked once. */
import { secretBytes } from "./signing";

export interface WordmouthOptions {
  /** Address of the engine, such as `https://refer.example.com`. */
  url?: string;
  /** The store's id at the engine (`str_...`). */
  storeId?: string;
  /** The store's slug at the engine; without it there are no invitations. */
  storeSlug?: string;
  /** The shared secret (`whsec_...`), or several while changing it; the first one signs. */
  secret?: string | string[];
  /** Id of the sales channel whose orders are told; else those of all. */
  salesChannelId?: string;
  /** The address of a product in the storefront; `{handle}` in it is replaced. */
  productUrl?: string;
  /** Seconds between a change and its telling, so that one checkout is told once; default: 1. */
  delay?: number;
  /** Seconds to wait for the engine's answer; default: 10. */
  timeout?: number;
  /** True in a shop whose orders are not real. */
  test?: boolean;
}

/** The options, checked and completed. */
export class Settings {
  readonly url: string;
  readonly storeId: string;
  readonly storeSlug: string;
  /** The keys that may sign, newest first. */
  readonly keys: Buffer[];
  readonly salesChannelId: string;
  readonly delay: number;
  readonly timeout: number;
  readonly test: boolean;
  private readonly productPattern: string;

  /** Throws an Error in words for a secret that is not one. */
  constructor(given: WordmouthOptions) {
    this.url = (given.url ?? "").replace(/\/+$/, "");
    this.storeId = given.storeId ?? "";
    this.storeSlug = given.storeSlug ?? "";
    const secrets = typeof given.secret === "string" ? [given.secret] : (given.secret ?? []);
    this.keys = secrets.filter(Boolean).map(secretBytes);
    this.salesChannelId = given.salesChannelId ?? "";
    this.productPattern = given.productUrl ?? "";
    this.delay = given.delay ?? 1;
    this.timeout = given.timeout ?? 10;
    this.test = given.test ?? false;
  }

  /** Whether address, store and secret are all set; if not, the plugin does nothing. */
  get connected(): boolean {
    return Boolean(this.url && this.storeId && this.keys.length);
  }

  /** Where snapshots are sent. */
  get deliveriesUrl(): string {
    return `${this.url}/in/${this.storeId}/medusa`;
  }

  /** The address of a product in the storefront; null: the options do not say. */
  productUrl(handle: string): string | null {
    return this.productPattern.replaceAll("{handle}", encodeURIComponent(handle)) || null;
  }
}
