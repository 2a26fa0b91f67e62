<script src="{$wordmouth_url|escape:'html':'UTF-8'}/widget.js" data-store="{$wordmouth_store|escape:'html':'UTF-8'}" data-keepinline="true" async></script>
