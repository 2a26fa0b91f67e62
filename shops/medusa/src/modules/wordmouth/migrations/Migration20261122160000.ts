import { Migration } from "@medusajs/framework/mikro-orm/migrations";

const TIMES = `"created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  "deleted_at" timestamptz null`;

/** Makes the table of what waits to be told, and that of how far was looked for what was not. */
export class Migration20261122160000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(`create table if not exists "wordmouth_pending_snapshot" (
  "id" text not null primary key, "kind" text not null, "key" text not null,
  "mark" text not null, "due_at" timestamptz not null, "lease" text not null default '',
  "leased_until" timestamptz null, "attempts" integer not null default 0,
  "last_error" text not null default '', "is_history" boolean not null default false, ${TIMES});`);
    this.addIndex("wordmouth_pending_snapshot", "kind", "key");
    this.addIndex("wordmouth_pending_snapshot", "is_history", "due_at");
    this.addIndex("wordmouth_pending_snapshot", "deleted_at");
    this.addSql(`create table if not exists "wordmouth_feed" (
  "id" text not null primary key, "seen_until" timestamptz not null, ${TIMES});`);
    this.addIndex("wordmouth_feed", "deleted_at");
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "wordmouth_pending_snapshot" cascade;`);
    this.addSql(`drop table if exists "wordmouth_feed" cascade;`);
  }

  private addIndex(table: string, ...columns: string[]): void {
    const name = ["IDX", table, ...columns].join("_");
    const on = columns.map((column) => `"${column}"`).join(", ");
    this.addSql(
      `create index if not exists "${name}" on "${table}" (${on}) where deleted_at is null;`,
    );
  }
}
