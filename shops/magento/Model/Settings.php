<?php

namespace Wordmouth\Referrals\Model;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\Encryption\EncryptorInterface;

/**
 * What the merchant entered: where to tell, and the secret that proves who tells.
 */
class Settings
{
    public const ADDRESS = 'wordmouth/connection/address';
    public const SECRET = 'wordmouth/connection/secret';

    public function __construct(
        private readonly ScopeConfigInterface $config,
        private readonly EncryptorInterface $encryptor
    ) {
    }

    /** Where hints are sent; empty while nothing was entered. */
    public function address(): string
    {
        return trim((string) $this->config->getValue(self::ADDRESS));
    }

    /** The key inside the secret; empty while it is missing or no `whsec_` followed by base64. */
    public function key(): string
    {
        $kept = (string) $this->config->getValue(self::SECRET);
        $secret = $kept === '' ? '' : trim($this->encryptor->decrypt($kept));
        if (!str_starts_with($secret, 'whsec_')) {
            return '';
        }

        return (string) base64_decode(substr($secret, strlen('whsec_')), true);
    }
}
