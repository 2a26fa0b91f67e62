/** How long to wait before the engine is asked again. */

const FIRST_WAIT = 5;
const LONGEST_WAIT = 3600;

/** Seconds until one snapshot is tried again, after so many tries: 5, 10, 20 ... an hour. */
export function waitAfter(attempts: number): number {
  return Math.min(FIRST_WAIT * 2 ** Math.min(attempts, 12), LONGEST_WAIT);
}
