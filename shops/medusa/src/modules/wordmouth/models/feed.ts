import { model } from "@medusajs/framework/utils";

/** Up to when the changes of one kind of thing were looked through. */
export const Feed = model.define("wordmouth_feed", {
  /** The name of the kind, such as `order`. */
  id: model.text().primaryKey(),
  seen_until: model.dateTime(),
});
