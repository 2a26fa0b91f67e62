/** Sends what is pending, in the background of every process of the shop. */
import { Inject, Injectable, OnApplicationBootstrap, OnModuleDestroy } from "@nestjs/common";
import { Logger } from "@vendure/core";

import { LOG, SETTINGS } from "./constants";
import type { Settings } from "./options";
import { Outbox } from "./outbox";
import { sleepAfter } from "./patience";

const INTERVAL = 1;

@Injectable()
export class Flusher implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private troubles = 0;
  private isEnded = false;

  constructor(
    private readonly outbox: Outbox,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    if (this.settings.connected && this.settings.background) {
      this.later(INTERVAL);
    }
  }

  /** Waits for the delivery that is under way. */
  async onModuleDestroy(): Promise<void> {
    this.isEnded = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private later(seconds: number): void {
    if (this.isEnded) {
      return;
    }
    this.timer = setTimeout(() => {
      this.running = this.once().then((sleep) => this.later(sleep));
    }, seconds * 1000);
    // A process that has nothing else to do may end; the next one sends what is left.
    this.timer.unref();
  }

  /** Send once; the seconds to sleep. */
  private async once(): Promise<number> {
    let rest = 0;
    try {
      const { stoppedBy, ...done } = await this.outbox.flush();
      if (!stoppedBy) {
        this.troubles = 0;
        return INTERVAL;
      }
      rest = done.rest;
      Logger.warn(`the engine did not take a snapshot, trying again: ${stoppedBy}`, LOG);
    } catch (error) {
      // Not the engine's fault but the shop's, such as its database; the rows are still there.
      const words = error instanceof Error ? error.stack : String(error);
      Logger.error("sending pending snapshots failed, trying again", LOG, words);
    }
    this.troubles += 1;
    return Math.max(sleepAfter(this.troubles), rest);
  }
}
