/** The one way out: a signed POST to the engine. */
import type { Settings } from "./options";
import { signedHeaders } from "./signing";

// Answers that are about the engine or the connection, not about this one snapshot: another
// snapshot would fare no better now.
const ENGINE_TROUBLE = new Set([401, 403, 404, 408, 429]);
const LONGEST_TEXT = 300;
const LONGEST_REST = 3600;

/** How a delivery ended. */
export interface Answer {
  accepted: boolean;
  engineTrouble: boolean;
  /** What went wrong, in words; empty if it was accepted. */
  text: string;
  /** Seconds that the engine asked to be left alone; 0 if it did not. */
  rest: number;
}

/** Send one snapshot. Never throws for what the network or the engine does. */
export async function deliver(settings: Settings, id: string, content: object): Promise<Answer> {
  const body = Buffer.from(JSON.stringify(content));
  const now = Math.floor(Date.now() / 1000);
  const [key] = settings.keys;
  try {
    const response = await fetch(settings.deliveriesUrl, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...signedHeaders(key, id, now, body) },
      redirect: "manual",
      signal: AbortSignal.timeout(settings.timeout * 1000),
    });
    const told = (await response.text()).slice(0, LONGEST_TEXT - 10);
    if (response.ok) {
      return { accepted: true, engineTrouble: false, text: "", rest: 0 };
    }
    const { status } = response;
    const trouble = status >= 500 || status < 400 || ENGINE_TROUBLE.has(status);
    const rest = restFrom(response.headers.get("retry-after"));
    return { accepted: false, engineTrouble: trouble, text: `${status}: ${told}`, rest };
  } catch (error) {
    const text = reason(error).slice(0, LONGEST_TEXT);
    return { accepted: false, engineTrouble: true, text, rest: 0 };
  }
}

/** Seconds in a Retry-After, which the engine gives as a number; at most an hour. */
function restFrom(header: string | null): number {
  const seconds = /^[0-9]{1,9}$/.test(header ?? "") ? Number(header) : 0;
  return Math.min(seconds, LONGEST_REST);
}

/** What went wrong, with the cause that Node hides behind "fetch failed". */
function reason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
