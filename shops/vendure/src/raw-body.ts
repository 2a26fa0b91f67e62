/** The bytes of a signed request as they came: Vendure's JSON parser would change them. */
import type { IncomingMessage, ServerResponse } from "node:http";

export const LONGEST_BODY = 65_536;

/** A request whose body was kept; undefined: it was longer than allowed. */
export interface KeptRequest extends IncomingMessage {
  wordmouthBody?: Buffer;
}

/** Keep the body of a request; of a longer one nothing. To stand before any parser. */
export function keepRawBody(
  request: KeptRequest,
  _: ServerResponse,
  next: (error?: unknown) => void,
): void {
  const parts: Buffer[] = [];
  let length = 0;
  request.on("data", (part: Buffer) => {
    length += part.length;
    if (length <= LONGEST_BODY) {
      parts.push(part);
    }
  });
  request.on("end", () => {
    request.wordmouthBody = length <= LONGEST_BODY ? Buffer.concat(parts) : undefined;
    next();
  });
  request.on("error", next);
}
