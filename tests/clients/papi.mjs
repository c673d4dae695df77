// polkadot-api, as its users write it: node papi.mjs URL prints one JSON document of what it saw.
import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { Binary, createClient, Enum } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import { WebSocket } from 'ws';

globalThis.WebSocket ??= WebSocket;
await cryptoWaitReady();

const KSM = 10n ** 12n;
const client = createClient(getWsProvider(process.argv[2]));
const api = client.getUnsafeApi();
const keyring = new Keyring({ type: 'sr25519', ss58Format: 10041 });
const people = Object.fromEntries(['Alice', 'Bob'].map((name) => [name, keyring.addFromUri(`//${name}`)]));
const signer = (key) => getPolkadotSigner(key.publicKey, 'Sr25519', (message) => key.sign(message));
const seen = { finalized: [], sent: [] };

client.finalizedBlock$.subscribe(({ number }) => seen.finalized.push(number));

const send = async (name, tx, who = people.Bob) => {
  const fee = (await tx.getEstimatedFees(who.address)).toString();
  const result = await tx.signAndSubmit(signer(who));
  const error = result.dispatchError;
  seen.sent.push({
    name, fee, ok: result.ok, error: error ? `${error.value.type}.${error.value.value.type}` : null,
    paid: result.events.find(({ value }) => value.type === 'TransactionFeePaid').value.value.actual_fee.toString(),
    events: result.events.map(({ type, value }) => `${type}.${value.type}`),
  });
  return result.events;
};

seen.chain = (await client.getChainSpecData()).name;
seen.constant = (await api.constants.XYK.MinTradingLimit()).toString();
seen.free = (await api.query.System.Account.getValue(people.Bob.address)).data.free.toString();
seen.assets = (await api.query.AssetRegistry.Assets.getEntries()).map(({ keyArgs }) => keyArgs[0]).sort();
seen.nonce = await api.apis.AccountNonceApi.account_nonce(people.Bob.address);

const numbers = [];
api.query.System.Number.watchValue('best').subscribe((number) => numbers.push(number.value ?? number));

await send('create', api.tx.XYK.create_pool(
  { asset_a: 0, amount_a: 100_000n * KSM, asset_b: 1, amount_b: 250n * KSM },
));
await send('sell', api.tx.XYK.sell({ asset_in: 1, asset_out: 0, amount: KSM, max_limit: 0n, discount: false }));
await send('limit', api.tx.XYK.sell(
  { asset_in: 1, asset_out: 0, amount: KSM, max_limit: 10n ** 20n, discount: false },
));
await send('batch', api.tx.Utility.batch_all({
  calls: [
    api.tx.System.remark({ remark: Binary.fromHex('0x01') }).decodedCall,
    api.tx.XYK.buy({ asset_out: 1, asset_in: 0, amount: KSM / 100n, max_limit: KSM * 1000n, discount: false })
      .decodedCall,
  ],
}));

const relay = (await api.query.ParachainSystem.ValidationData.getValue()).relay_parent_number;
const created = await send('lbp create', api.tx.Sudo.sudo({
  call: api.tx.LBP.create_pool({
    pool_owner: people.Alice.address, asset_a: 2, asset_a_amount: 1000n * KSM, asset_b: 3,
    asset_b_amount: 2000n * KSM, initial_weight: 10_000_000, final_weight: 90_000_000,
    weight_curve: Enum('Linear'), fee: [2, 1000], fee_collector: people.Bob.address, repay_target: 0n,
  }).decodedCall,
}), people.Alice);
const { pool } = created.find(({ value }) => value.type === 'PoolCreated').value.value;
await send('lbp start', api.tx.LBP.update_pool_data({
  pool_id: pool, pool_owner: undefined, start: relay + 20, end: relay + 400, initial_weight: undefined,
  final_weight: undefined, fee: undefined, fee_collector: undefined, repay_target: undefined,
}), people.Alice);
await client._request('dev_newBlock', [{ count: 12 }]);
await send('lbp sell', api.tx.LBP.sell({ asset_in: 2, asset_out: 3, amount: KSM / 10n, max_limit: 0n }));
await send('lbp buy', api.tx.LBP.buy({ asset_out: 3, asset_in: 2, amount: KSM / 10n, max_limit: KSM * 100n }));

seen.stale = await api.tx.System.remark({ remark: Binary.fromHex('0x') })
  .signAndSubmit(signer(people.Bob), { nonce: 0 }).then(() => null, ({ error }) => error);
seen.watched = numbers.length > 4;

console.log(JSON.stringify(seen));
client.destroy();
