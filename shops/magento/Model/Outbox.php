<?php

namespace Wordmouth\Referrals\Model;

use Magento\Framework\App\ResourceConnection;

/**
 * What the engine has not been told: noted where it changes, kept until the engine took it.
 */
class Outbox
{
    private const TABLE = 'wordmouth_outbox';
    private const FIRST_WAIT = 60;
    private const LONGEST_WAIT = 3600;

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    /** Note that something changed: one row, written or renewed. Nothing is sent here. */
    public function note(string $kind, int $id): void
    {
        $row = [
            'kind' => $kind,
            'object_id' => $id,
            'mark' => bin2hex(random_bytes(16)),
            'due_at' => time(),
            'attempts' => 0,
        ];
        // What waits because the engine is away goes on waiting.
        $this->resource->getConnection()->insertOnDuplicate($this->table(), $row, ['mark']);
    }

    /**
     * What is due, the oldest first.
     *
     * @return array<int, array<string, mixed>>
     */
    public function due(int $most): array
    {
        $sql = sprintf(
            'SELECT kind, object_id, mark, attempts FROM %s WHERE due_at <= :now'
            . ' ORDER BY due_at, object_id LIMIT %d',
            $this->table(),
            $most
        );

        return $this->resource->getConnection()->fetchAll($sql, ['now' => time()]);
    }

    /**
     * Drop a row that was told, unless the thing changed meanwhile: then it is told again.
     *
     * @param array<string, mixed> $row
     */
    public function told(array $row): void
    {
        $this->resource->getConnection()->delete(
            $this->table(),
            ['kind = ?' => $row['kind'], 'object_id = ?' => $row['object_id'], 'mark = ?' => $row['mark']]
        );
    }

    /**
     * Try a row again later: after a minute, two, four ... at most an hour, for ever.
     *
     * @param array<string, mixed> $row
     */
    public function putOff(array $row, int $atLeast): void
    {
        $wait = min(self::FIRST_WAIT << min((int) $row['attempts'], 10), self::LONGEST_WAIT);
        $later = time() + max($wait, min($atLeast, self::LONGEST_WAIT));
        $this->resource->getConnection()->update(
            $this->table(),
            ['due_at' => $later, 'attempts' => min((int) $row['attempts'] + 1, 1000)],
            ['kind = ?' => $row['kind'], 'object_id = ?' => $row['object_id']]
        );
    }

    private function table(): string
    {
        return $this->resource->getTableName(self::TABLE);
    }
}
