<div class="panel">
  <h3>{l s='Recommend a friend' mod='wordmouth'}</h3>
  {if !$wordmouth_connected}
    <p class="alert alert-warning">{l s='Not connected: enter the address, the store id and the secret below.' mod='wordmouth'}</p>
  {/if}
  <dl class="dl-horizontal">
    <dt>{l s='Waiting to be told' mod='wordmouth'}</dt>
    <dd>{$wordmouth_status.pending|intval}</dd>
    {if $wordmouth_status.last_error}
      <dt>{l s='Last refusal' mod='wordmouth'}</dt>
      <dd>{$wordmouth_status.last_error|escape:'html':'UTF-8'}</dd>
    {/if}
    {if $wordmouth_history}
      <dt>{l s='Of the past' mod='wordmouth'}</dt>
      <dd>{l s='still to tell:' mod='wordmouth'} {$wordmouth_history.left|intval}</dd>
    {/if}
    <dt>{l s='Address for coupons' mod='wordmouth'}</dt>
    <dd><code>wordmouth store update {l s='STORE' mod='wordmouth'} --coupon-url {$wordmouth_coupons|escape:'html':'UTF-8'}</code></dd>
    <dt>{l s='Cron job, every minute' mod='wordmouth'}</dt>
    <dd><code>* * * * * php {$wordmouth_cli|escape:'html':'UTF-8'} flush</code><br>{l s='or' mod='wordmouth'} <code>{$wordmouth_cron|escape:'html':'UTF-8'}</code></dd>
  </dl>
  <form method="post" action="{$wordmouth_action|escape:'html':'UTF-8'}">
    <button class="btn btn-default" type="submit" name="testWordmouth" value="1">{l s='Test the connection' mod='wordmouth'}</button>
    <button class="btn btn-default" type="submit" name="historyWordmouth" value="1">{l s='Tell the past' mod='wordmouth'}</button>
  </form>
</div>
