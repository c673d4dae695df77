// polkadot.js, as its users write it: node polkadot.mjs URL prints one JSON document of what it saw.
import { ApiPromise, Keyring, WsProvider } from 'polkadot-js';

const KSM = '1000000000000';
const provider = new WsProvider(process.argv[2]);
const api = await ApiPromise.create({ provider, noInitWarn: true });
const keyring = new Keyring({ type: 'sr25519', ss58Format: 10041 });
const [alice, bob] = ['//Alice', '//Bob'].map((uri) => keyring.addFromUri(uri));
const seen = { heads: [], finalized: [], sent: [] };

await api.rpc.chain.subscribeNewHeads((head) => seen.heads.push(head.number.toNumber()));
await api.rpc.chain.subscribeFinalizedHeads((head) => seen.finalized.push(head.number.toNumber()));

const named = (error) => {
  if (!error?.isModule) return error?.toString() ?? null;
  const { section, name } = api.registry.findMetaError(error.asModule);
  return `${section}.${name}`;
};

const send = async (name, tx, who = bob) => {
  const fee = (await tx.paymentInfo(who)).partialFee.toString();
  const result = await new Promise((resolve, reject) => {
    const heard = [];
    tx.signAndSend(who, (update) => {
      heard.push(update.status.type);
      if (update.status.isFinalized) resolve({ update, heard });
      else if (update.isError) reject(new Error(update.status.type));
    }).catch(reject);
  });
  const events = result.update.events.map(({ event }) => event);
  const paid = events.find(({ method }) => method === 'TransactionFeePaid').data.actualFee.toString();
  seen.sent.push({
    name, fee, paid, heard: result.heard, error: named(result.update.dispatchError),
    events: events.map(({ section, method }) => `${section}.${method}`),
  });
  return events;
};

seen.chain = (await api.rpc.system.chain()).toString();
seen.prefix = api.registry.chainSS58;
seen.constant = api.consts.xyk.minTradingLimit.toString();
seen.free = (await api.query.system.account(bob.address)).data.free.toString();
seen.assets = (await api.query.assetRegistry.assets.entries()).map(([key]) => key.args[0].toNumber()).sort();
seen.authors = (await api.query.session.validators()).length;

const balances = [];
await api.query.system.account(bob.address, ({ data }) => balances.push(data.free.toString()));

await send('create', api.tx.xyk.createPool(0, '100000000000000000', 1, '250000000000000'));
await send('sell', api.tx.xyk.sell(1, 0, KSM, 0, false));
await send('limit', api.tx.xyk.sell(1, 0, KSM, '100000000000000000000', false));
await send('batch', api.tx.utility.batchAll([
  api.tx.system.remark('0x01'), api.tx.xyk.buy(1, 0, '10000000000', '100000000000000000', false),
]));

const relay = (await api.query.parachainSystem.validationData()).unwrap().relayParentNumber.toNumber();
const created = await send('lbp create', api.tx.sudo.sudo(api.tx.lbp.createPool(
  alice.address, 2, '1000000000000000', 3, '2000000000000000', 10000000, 90000000, 'Linear', [2, 1000],
  bob.address, 0,
)), alice);
const pool = created.find(({ method }) => method === 'PoolCreated').data.pool;
await send('lbp start', api.tx.lbp.updatePoolData(
  pool, null, relay + 20, relay + 400, null, null, null, null, null,
), alice);
await provider.send('dev_newBlock', [{ count: 12 }]);
await send('lbp sell', api.tx.lbp.sell(2, 3, '100000000000', 0));
await send('lbp buy', api.tx.lbp.buy(3, 2, '100000000000', '100000000000000'));

seen.stale = await api.tx.system.remark('0x').signAndSend(bob, { nonce: 0 }).catch((error) => error.message);
const at = await api.at(await api.rpc.chain.getBlockHash(1));
seen.past = (await at.query.system.number()).toNumber();
seen.balanceChanged = balances.length > 4;
const derived = await api.derive.chain.getHeader(await api.rpc.chain.getBlockHash());
seen.author = derived.author.toString();
const proof = await api.rpc.state.getReadProof([api.query.system.number.key()]);
seen.proof = proof.proof.length > 0;
seen.dryRun = (await api.rpc.system.dryRun((await api.tx.system.remark('0x01').signAsync(bob)).toHex())).toHuman();

console.log(JSON.stringify(seen));
await api.disconnect();
