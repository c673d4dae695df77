// The Galactic SDK, as its users write it: node galactic.mjs URL prints one JSON document of what it saw.
import { PoolService, TradeRouter } from '@galacticcouncil/sdk';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';

const provider = new WsProvider(process.argv[2]);
const api = await ApiPromise.create({ provider, noInitWarn: true });
const keyring = new Keyring({ type: 'sr25519', ss58Format: 10041 });
const [alice, bob, charlie] = ['//Alice', '//Bob', '//Charlie'].map((uri) => keyring.addFromUri(uri));
const seen = { trades: [] };

const send = (tx, who = bob) => new Promise((resolve, reject) => {
  tx.signAndSend(who, ({ status, events, dispatchError }) => {
    if (dispatchError) reject(new Error(JSON.stringify(dispatchError.toHuman())));
    else if (status.isFinalized) resolve(events.map(({ event }) => event));
  }).catch(reject);
});

await send(api.tx.xyk.createPool(0, '100000000000000000', 1, '50000000000000000'));
const relay = (await api.query.parachainSystem.validationData()).unwrap().relayParentNumber.toNumber();
const created = await send(api.tx.sudo.sudo(api.tx.lbp.createPool(
  alice.address, 2, '1000000000000000', 3, '2000000000000000', 30000000, 30000000, 'Linear', [2, 1000],
  charlie.address, 0,
)), alice);
const { pool } = created.find(({ method }) => method === 'PoolCreated').data;
await send(api.tx.lbp.updatePoolData(pool, null, relay + 12, relay + 400, null, null, null, null, null), alice);
await provider.send('dev_newBlock', [{ count: 8 }]);

// A new one for each LBP quote: from the second block on, SDK 6.2.0 drops the decimals of LBP pools that it watches.
const routerNow = async () => {
  const service = new PoolService(api);
  await service.syncRegistry();
  return new TradeRouter(service, { includeOnly: ['Xyk', 'Lbp'] });
};

let router = await routerNow();
seen.pools = (await router.getPools()).map(({ type, tokens }) => [
  type, tokens.map(({ id, symbol, balance }) => [id, symbol, balance.toString()]),
]);

const inBaseUnits = (amount) => (BigInt(Math.round(Number(amount) * 1e6)) * 10n ** 6n).toString();

// What a trade moved between bob and the market, as the chain's own events say.
const moved = (events, side, asset) => events
  .filter(({ section, method, data }) => section === 'currencies' && method === 'Transferred'
    && data[side].eq(bob.address) && data.currencyId.toString() === asset)
  .reduce((sum, { data }) => sum + data.amount.toBigInt(), 0n).toString();

const sold = async (pallet, assetIn, assetOut, amount) => {
  if (pallet === 'lbp') router = await routerNow();
  const quote = (await router.getBestSell(assetIn, assetOut, amount)).amountOut.toString();
  const limits = pallet === 'xyk' ? [0, false] : [0];
  const events = await send(api.tx[pallet].sell(assetIn, assetOut, inBaseUnits(amount), ...limits));
  seen.trades.push({ pallet, kind: 'sell', quote, done: moved(events, 'to', assetOut) });
};

const bought = async (pallet, assetIn, assetOut, amount) => {
  if (pallet === 'lbp') router = await routerNow();
  const quote = (await router.getBestBuy(assetIn, assetOut, amount)).amountIn.toString();
  const limits = pallet === 'xyk' ? ['1000000000000000000', false] : ['1000000000000000000'];
  const events = await send(api.tx[pallet].buy(assetOut, assetIn, inBaseUnits(amount), ...limits));
  seen.trades.push({ pallet, kind: 'buy', quote, done: moved(events, 'from', assetIn) });
};

const quotes = [await router.getBestSell('0', '1', '10'), await router.getBestBuy('0', '1', '1')];
seen.quotes = [quotes[0].toHuman().amountOut, quotes[1].toHuman().amountIn];
await sold('xyk', '0', '1', '10');
await bought('xyk', '0', '1', '1');
await sold('lbp', '2', '3', '1.5');
await bought('lbp', '2', '3', '1.5');
await sold('lbp', '3', '2', '1.5');

console.log(JSON.stringify(seen));
process.exit(0);
