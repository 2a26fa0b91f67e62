<?php

/**
 * As much of Magento as the module asks of it, with the same signatures: events, configuration, a
 * database (SQLite), an HTTP client (curl), cookies, and orders with extension attributes.
 */

namespace Magento\Framework\Event {
    interface ObserverInterface
    {
        public function execute(Observer $observer);
    }

    class Observer
    {
        public function __construct(private \Magento\Framework\Event $event)
        {
        }

        public function getEvent()
        {
            return $this->event;
        }
    }
}

namespace Magento\Framework {
    class DataObject
    {
        public function __construct(protected array $data = [])
        {
        }

        public function getData($key = '')
        {
            return $this->data[$key] ?? null;
        }

        public function setData($key, $value = null)
        {
            $this->data[$key] = $value;

            return $this;
        }

        public function getId()
        {
            return $this->getData('entity_id');
        }

        public function getOrderId()
        {
            return $this->getData('order_id');
        }
    }

    class Event extends DataObject
    {
    }
}

namespace Magento\Framework\App\Config {
    interface ScopeConfigInterface
    {
        public function getValue($path, $scopeType = 'default', $scopeCode = null);
    }
}

namespace Magento\Framework\App {
    class ResourceConnection
    {
        public function __construct(private \Shop\Adapter $adapter)
        {
        }

        public function getConnection($resourceName = 'default')
        {
            return $this->adapter;
        }

        public function getTableName($modelEntity, $connectionName = 'default')
        {
            return 'shop_' . $modelEntity;
        }
    }
}

namespace Magento\Framework\Encryption {
    interface EncryptorInterface
    {
        public function encrypt($data);

        public function decrypt($data);
    }
}

namespace Magento\Framework\HTTP\Client {
    class Curl
    {
        private array $sent = [];
        private array $received = [];
        private int $status = 0;
        private int $timeout = 300;

        public function setTimeout($value)
        {
            $this->timeout = $value;
        }

        public function addHeader($name, $value)
        {
            $this->sent[$name] = $value;
        }

        public function post($uri, $params)
        {
            $curl = curl_init($uri);
            $lines = array_map(fn ($name) => $name . ': ' . $this->sent[$name], array_keys($this->sent));
            curl_setopt_array($curl, [
                CURLOPT_POST => true,
                CURLOPT_POSTFIELDS => is_array($params) ? http_build_query($params) : $params,
                CURLOPT_HTTPHEADER => $lines,
                CURLOPT_TIMEOUT => $this->timeout,
                CURLOPT_RETURNTRANSFER => true,
                CURLOPT_HEADERFUNCTION => function ($curl, $line) {
                    $parts = explode(':', trim($line), 2);
                    if (count($parts) === 2) {
                        $this->received[$parts[0]] = trim($parts[1]);
                    }

                    return strlen($line);
                },
            ]);
            if (curl_exec($curl) === false) {
                throw new \Exception(curl_error($curl));
            }
            $this->status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        }

        public function getStatus()
        {
            return $this->status;
        }

        public function getHeaders()
        {
            return $this->received;
        }
    }

    class CurlFactory
    {
        public function create(array $data = [])
        {
            return new Curl();
        }
    }
}

namespace Magento\Framework\Stdlib {
    interface CookieManagerInterface
    {
        public function getCookie($name, $default = null);
    }
}

namespace Magento\Sales\Api\Data {
    interface OrderInterface
    {
    }

    interface OrderSearchResultInterface
    {
        public function getItems();
    }

    class OrderExtension
    {
        public ?string $token = null;

        public function setWordmouthToken($token)
        {
            $this->token = $token;

            return $this;
        }
    }

    class OrderExtensionFactory
    {
        public function create(array $data = [])
        {
            return new OrderExtension();
        }
    }
}

namespace Magento\Sales\Api {
    interface OrderRepositoryInterface
    {
    }
}

namespace Psr\Log {
    interface LoggerInterface
    {
    }
}

namespace Shop {
    class Adapter
    {
        public function __construct(private \PDO $db)
        {
        }

        public function insertOnDuplicate($table, array $data, array $fields = [])
        {
            $names = implode(', ', array_keys($data));
            $values = ':' . implode(', :', array_keys($data));
            $renewed = implode(', ', array_map(fn ($name) => "$name = excluded.$name", $fields));
            $this->run(
                "INSERT INTO $table ($names) VALUES ($values)"
                . " ON CONFLICT (kind, object_id) DO UPDATE SET $renewed",
                $data
            );
        }

        public function fetchAll($sql, $bind = [], $fetchMode = null)
        {
            return $this->run($sql, $bind)->fetchAll(\PDO::FETCH_ASSOC);
        }

        public function delete($table, $where = '')
        {
            return $this->run("DELETE FROM $table WHERE " . $this->where($where))->rowCount();
        }

        public function update($table, array $bind, $where = '')
        {
            $set = implode(', ', array_map(fn ($name) => "$name = :$name", array_keys($bind)));

            return $this->run("UPDATE $table SET $set WHERE " . $this->where($where), $bind)->rowCount();
        }

        public function run(string $sql, array $bind = []): \PDOStatement
        {
            $statement = $this->db->prepare($sql);
            $statement->execute($bind);

            return $statement;
        }

        private function where(array $where): string
        {
            $parts = [];
            foreach ($where as $condition => $value) {
                $parts[] = str_replace('?', $this->db->quote((string) $value), $condition);
            }

            return implode(' AND ', $parts);
        }
    }

    class Config implements \Magento\Framework\App\Config\ScopeConfigInterface
    {
        public function __construct(private array $values)
        {
        }

        public function getValue($path, $scopeType = 'default', $scopeCode = null)
        {
            return $this->values[$path] ?? null;
        }
    }

    class Encryptor implements \Magento\Framework\Encryption\EncryptorInterface
    {
        public function encrypt($data)
        {
            return strrev($data);
        }

        public function decrypt($data)
        {
            return strrev($data);
        }
    }

    class Cookies implements \Magento\Framework\Stdlib\CookieManagerInterface
    {
        public function __construct(private array $values)
        {
        }

        public function getCookie($name, $default = null)
        {
            return $this->values[$name] ?? $default;
        }
    }

    class Log implements \Psr\Log\LoggerInterface
    {
        public array $lines = [];

        public function __call(string $level, array $said)
        {
            $this->lines[] = $level . ': ' . $said[0];
        }
    }

    class Order extends \Magento\Framework\DataObject implements \Magento\Sales\Api\Data\OrderInterface
    {
        private ?\Magento\Sales\Api\Data\OrderExtension $beside = null;

        public function getExtensionAttributes()
        {
            return $this->beside;
        }

        public function setExtensionAttributes($beside)
        {
            $this->beside = $beside;
        }
    }

    class Cart
    {
        public function __construct(private string $code)
        {
        }

        public function getCouponCode()
        {
            return $this->code;
        }

        public function setCouponCode($code)
        {
            $this->code = $code;

            return $this;
        }
    }

    class CartItem
    {
        public function __construct(private Cart $cart)
        {
        }

        public function getQuote()
        {
            return $this->cart;
        }
    }

    class Orders implements \Magento\Sales\Api\OrderRepositoryInterface
    {
    }

    class Found implements \Magento\Sales\Api\Data\OrderSearchResultInterface
    {
        public function __construct(private array $orders)
        {
        }

        public function getItems()
        {
            return $this->orders;
        }
    }
}
