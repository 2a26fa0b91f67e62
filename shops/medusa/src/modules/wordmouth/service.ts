import { MedusaService } from "@medusajs/framework/utils";

import { Settings, WordmouthOptions } from "../../lib/options";
import { Feed } from "./models/feed";
import { PendingSnapshot } from "./models/pending-snapshot";

/** The module of the plugin: its tables, and its options once they are checked. */
export default class WordmouthService extends MedusaService({ PendingSnapshot, Feed }) {
  readonly settings: Settings;

  /** Throws an Error in words for an option that is not allowed. */
  constructor(container: Record<string, unknown>, options: WordmouthOptions = {}) {
    super(container, options);
    this.settings = new Settings(options);
  }
}
