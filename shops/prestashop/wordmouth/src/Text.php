<?php

namespace Wordmouth\Shop;

/**
 * Text as the engine and the database take it.
 */
final class Text
{
    /**
     * The first characters of a text; what is not UTF-8 becomes the empty text.
     *
     * @param mixed $text
     * @param int $longest
     *
     * @return string
     */
    public static function cut($text, $longest)
    {
        // Without mbstring, which not every shop has.
        return preg_match('/^.{0,' . (int) $longest . '}/us', (string) $text, $found) ? $found[0] : '';
    }

    /**
     * The first characters of a text, without those of four bytes: the tables of older shops do
     * not hold them, and refuse a row that has one.
     *
     * @param mixed $text
     * @param int $longest
     *
     * @return string
     */
    public static function storable($text, $longest)
    {
        return preg_replace('/[\x{10000}-\x{10FFFF}]/u', '', self::cut($text, $longest));
    }

    /**
     * The content as JSON on one line.
     *
     * @param array $content
     *
     * @return string
     *
     * @throws \RuntimeException if something of it cannot be written as JSON
     */
    public static function json(array $content)
    {
        $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
        // PHP 7.1 has no such constant; there a broken name makes an error that is told.
        if (defined('JSON_INVALID_UTF8_SUBSTITUTE')) {
            $flags |= constant('JSON_INVALID_UTF8_SUBSTITUTE');
        }
        $json = json_encode($content, $flags);
        if ($json === false) {
            throw new \RuntimeException('cannot be written as JSON: ' . json_last_error_msg());
        }

        return $json;
    }
}
