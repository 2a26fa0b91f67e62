/** The bytes of a signed request as they came: a JSON parser would change them. */
import type { Readable } from "node:stream";

export const LONGEST_BODY = 65_536;

/** The whole body of a request; undefined: it was longer than allowed. */
export async function rawBody(request: Readable): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length <= LONGEST_BODY) {
      parts.push(part);
    }
  }
  return length <= LONGEST_BODY ? Buffer.concat(parts) : undefined;
}
