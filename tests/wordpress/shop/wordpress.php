<?php
/**
 * A thin stand-in of WordPress: what the plug-in uses of it, as it behaves there.
 */

namespace Wordmouth\WooCommerce {
    /** PHP's own tells nobody on the command line what it was asked. */
    function setcookie($name, $value, array $where)
    {
        $GLOBALS['shop']->cookies[$name] = ['value' => $value] + $where;
    }

    function headers_sent()
    {
        return $GLOBALS['shop']->sent;
    }
}

namespace {
    const ABSPATH = '/shop/';
    const COOKIEPATH = '/';
    const COOKIE_DOMAIN = '';
    const DAY_IN_SECONDS = 86400;
    const MINUTE_IN_SECONDS = 60;

    class Redirected extends Exception
    {
    }

    class WP_Error
    {
        private $words;

        public function __construct($words)
        {
            $this->words = $words;
        }

        public function get_error_message()
        {
            return $this->words;
        }
    }

    class WP_User
    {
        public $ID = 0;
        public $user_email = '';
        public $first_name = '';
        public $last_name = '';

        public function exists()
        {
            return $this->ID > 0;
        }
    }

    function add_action($hook, $act, $priority = 10, $taken = 1)
    {
        $GLOBALS['shop']->hooks[$hook][$priority][] = [$act, $taken];
    }

    function add_filter($hook, $act, $priority = 10, $taken = 1)
    {
        add_action($hook, $act, $priority, $taken);
    }

    function apply_filters($hook, $value, ...$more)
    {
        $listening = $GLOBALS['shop']->hooks[$hook] ?? [];
        ksort($listening);
        foreach (array_merge(...array_values($listening) ?: [[]]) as list($act, $taken)) {
            $value = call_user_func_array($act, array_slice([$value, ...$more], 0, $taken));
        }

        return $value;
    }

    function do_action($hook, ...$told)
    {
        $listening = $GLOBALS['shop']->hooks[$hook] ?? [];
        ksort($listening);
        foreach (array_merge(...array_values($listening) ?: [[]]) as list($act, $taken)) {
            call_user_func_array($act, array_slice($told, 0, $taken));
        }
    }

    function get_option($name, $default = false)
    {
        return $GLOBALS['shop']->options[$name] ?? $default;
    }

    /** A setting that is new is cleaned twice: once to be updated, once more to be added. */
    function update_option($name, $value)
    {
        $clean = $GLOBALS['shop']->settings[$name] ?? null;
        $times = array_key_exists($name, $GLOBALS['shop']->options) ? 1 : 2;
        while ($clean && $times-- > 0) {
            $value = call_user_func($clean, $value);
        }
        $GLOBALS['shop']->options[$name] = $value;
    }

    function delete_option($name)
    {
        unset($GLOBALS['shop']->options[$name]);
    }

    function get_transient($name)
    {
        return get_option("_transient_$name");
    }

    function set_transient($name, $value, $seconds)
    {
        $GLOBALS['shop']->options["_transient_$name"] = $value;
    }

    function delete_transient($name)
    {
        delete_option("_transient_$name");
    }

    function register_setting($group, $name, array $how)
    {
        $GLOBALS['shop']->settings[$name] = $how['sanitize_callback'];
    }

    function add_settings_error($setting, $code, $words)
    {
        $GLOBALS['shop']->refused[$code] = $words;
    }

    /** What options.php itself says goes by the name `general`. */
    function settings_errors($setting = '')
    {
        $saved = $setting === '' && $GLOBALS['shop']->settings ? ['general' => 'Settings saved.'] : [];
        echo implode("\n", $saved + $GLOBALS['shop']->refused);
    }

    function settings_fields($group)
    {
        echo "<input type=\"hidden\" name=\"option_page\" value=\"$group\">";
    }

    function submit_button()
    {
        echo '<button>Save</button>';
    }

    function add_submenu_page($parent, $title, $menu, $capability, $page, $show)
    {
        $GLOBALS['shop']->pages[$page] = [$parent, $capability, $show];
    }

    function checked($value, $current, $shown)
    {
        return $value === $current ? 'checked' : '';
    }

    function current_user_can($capability)
    {
        return in_array($capability, $GLOBALS['shop']->may, true);
    }

    function wp_get_current_user()
    {
        return $GLOBALS['shop']->user;
    }

    function get_current_screen()
    {
        return $GLOBALS['shop']->screen === '' ? null : (object) ['id' => $GLOBALS['shop']->screen];
    }

    function is_admin()
    {
        return $GLOBALS['shop']->admin;
    }

    function wp_doing_cron()
    {
        return false;
    }

    function is_ssl()
    {
        return strpos(home_url(), 'https:') === 0;
    }

    function is_multisite()
    {
        return $GLOBALS['shop']->others !== [];
    }

    /** The numbers of all sites of a network; a hundred, unless told otherwise. */
    function get_sites(array $how)
    {
        $all = array_merge([1], array_keys($GLOBALS['shop']->others));

        return array_slice($all, 0, $how['number'] ?: null);
    }

    function switch_to_blog($number)
    {
        $shop = $GLOBALS['shop'];
        $shop->left = $shop->options;
        if ($number > 1) {
            $shop->options = $shop->others[$number];
            $shop->at = $number;
        }
    }

    function restore_current_blog()
    {
        $shop = $GLOBALS['shop'];
        if ($shop->at > 1) {
            $shop->others[$shop->at] = $shop->options;
            $shop->options = $shop->left;
            $shop->at = 1;
        }
    }

    function home_url()
    {
        return $GLOBALS['shop']->home;
    }

    function admin_url($path)
    {
        return home_url() . "/wp-admin/$path";
    }

    function determine_locale()
    {
        return 'pt_BR';
    }

    function plugin_basename($file)
    {
        return 'wordmouth/' . basename($file);
    }

    function load_plugin_textdomain($domain, $gone, $folder)
    {
        $GLOBALS['shop']->texts = [$domain, $folder];
    }

    function wp_unslash($value)
    {
        return is_array($value) ? array_map('wp_unslash', $value) : stripslashes($value);
    }

    function wp_parse_url($url, $part)
    {
        return parse_url($url, $part);
    }

    /** What an address does not take is left out of it. */
    function esc_url_raw($url, $schemes = null)
    {
        $scheme = parse_url($url, PHP_URL_SCHEME);
        $taken = preg_replace("|[^a-z0-9-~+_.?#=!&;,/:%@$*'()\\[\\]\\x80-\\xff]|i", '', str_replace(' ', '%20', $url));

        return $schemes === null || in_array($scheme, $schemes, true) ? $taken : '';
    }

    function esc_url($url)
    {
        return str_replace(['&', "'"], ['&#038;', '&#039;'], esc_url_raw($url, ['http', 'https']));
    }

    function esc_html($text)
    {
        return htmlspecialchars((string) $text, ENT_QUOTES, 'UTF-8');
    }

    function esc_attr($text)
    {
        return esc_html($text);
    }

    function __($text, $domain)
    {
        return $domain === 'wordmouth' ? $text : "not ours: $text";
    }

    function esc_html__($text, $domain)
    {
        return esc_html(__($text, $domain));
    }

    function wp_json_encode($value)
    {
        return json_encode($value);
    }

    function wp_print_script_tag(array $attributes)
    {
        echo '<script';
        foreach ($attributes as $name => $value) {
            echo $value === true ? " $name" : " $name=\"" . esc_attr($value) . '"';
        }
        echo '></script>';
    }

    function wp_nonce_url($url, $act)
    {
        return "$url&_wpnonce=good-$act";
    }

    function check_admin_referer($act)
    {
        if (($_GET['_wpnonce'] ?? '') !== "good-$act") {
            wp_die('The link you followed has expired.', 403);
        }
    }

    function wp_die($words, $status)
    {
        throw new Redirected("$status $words");
    }

    function wp_safe_redirect($url)
    {
        throw new Redirected($url);
    }

    /** What the engine answers is told by the test: [status, body], or why there is no answer. */
    function wp_remote_get($url, array $how)
    {
        $GLOBALS['shop']->asked[] = [$url, $how];
        $answer = $GLOBALS['shop']->answer;

        return is_array($answer) ? $answer : new WP_Error((string) $answer);
    }

    function is_wp_error($thing)
    {
        return $thing instanceof WP_Error;
    }

    function wp_remote_retrieve_response_code($answer)
    {
        return $answer[0];
    }

    function wp_remote_retrieve_body($answer)
    {
        return $answer[1];
    }
}
