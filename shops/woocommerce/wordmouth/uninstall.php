<?php
/**
 * The plug-in is deleted: what it kept goes with it. Notes on orders are the orders' own, and stay.
 *
 * @package Wordmouth
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $wordmouth_site ) {
		switch_to_blog( $wordmouth_site );
		delete_option( 'wordmouth_settings' );
		restore_current_blog();
	}
} else {
	delete_option( 'wordmouth_settings' );
}
