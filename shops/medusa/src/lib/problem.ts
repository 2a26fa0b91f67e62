/** A refusal of the coupon endpoint in the caller's terms: HTTP status, stable code, a sentence. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
  ) {
    super(detail);
  }

  /** The body of the answer, to be sent as `application/problem+json`. */
  document(): Record<string, string | number> {
    const words = this.code.replaceAll("_", " ");
    return {
      type: "about:blank",
      title: words.charAt(0).toUpperCase() + words.slice(1),
      status: this.status,
      code: this.code,
      detail: this.detail,
    };
  }
}
