/** Ends coupons whose day is over, at the start of every process and once an hour. */
import { Inject, Injectable, OnApplicationBootstrap, OnModuleDestroy } from "@nestjs/common";
import { Logger } from "@vendure/core";

import { LOG, SETTINGS } from "./constants";
import { Coupons } from "./coupons";
import type { Settings } from "./options";

const HOUR_MS = 3_600_000;

@Injectable()
export class Retirement implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly coupons: Coupons,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.settings.connected && this.settings.background) {
      await this.once();
      this.timer = setInterval(() => void this.once(), HOUR_MS).unref();
    }
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async once(): Promise<void> {
    try {
      await this.coupons.retire();
    } catch (error) {
      // It only costs time: what has expired is refused all the same.
      const words = error instanceof Error ? error.stack : String(error);
      Logger.error("expired coupons could not be disabled", LOG, words);
    }
  }
}
