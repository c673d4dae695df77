// polkadot.js driving a chain as it would drive Chopsticks: node driving.mjs URL prints one JSON document of what it saw.
import { ApiPromise, Keyring, WsProvider } from 'polkadot-js';

const provider = new WsProvider(process.argv[2]);
const api = await ApiPromise.create({ provider, noInitWarn: true });
const keyring = new Keyring({ type: 'sr25519', ss58Format: 10041 });
const [alice, bob, zoe] = ['//Alice', '//Bob', '//Zoe'].map((uri) => keyring.addFromUri(uri));
const seen = { heads: [] };
const ask = (method, ...params) => provider.send(method, params);
const free = async (who) => (await api.query.system.account(who.address)).data.free.toString();
const height = async () => (await api.rpc.chain.getHeader()).number.toNumber();
const head = async () => (await api.rpc.chain.getBlockHash()).toHex();

await api.rpc.chain.subscribeNewHeads(({ number }) => seen.heads.push(number.toNumber()));

// Storage, as the documentation of Chopsticks writes it: fields left out, raw, and whole items gone.
const account = { providers: 1, data: { free: '5000000000000' } };
await ask('dev_setStorage', { System: { Account: [[[zoe.address], account]] } });
seen.set = await free(zoe);
const key = api.query.system.account.key(zoe.address);
await ask('dev_setStorage', [[key, api.createType('AccountInfo', { nonce: 7, providers: 1 }).toHex()]]);
seen.nonce = (await api.query.system.account(zoe.address)).nonce.toNumber();
seen.tokens = (await api.query.tokens.accounts.entries()).length;
const tokens = { $removePrefix: ['Accounts'], Accounts: [[[bob.address, 1], { free: 7 }]] };
const written = await ask('dev_setStorage', { Tokens: tokens });
seen.left = (await api.query.tokens.accounts.entries()).map(([, { free }]) => free.toNumber());

// What that block changed.
seen.diff = await new Promise((resolve) => {
  const changes = [];
  provider.subscribe('archive_v1_storageDiffEvent', 'archive_v1_storageDiff', [
    written, [{ key: api.query.tokens.accounts.keyPrefix(), returnType: 'value' }],
  ], (_, event) => {
    if (event.event === 'storageDiffDone') resolve(changes);
    else changes.push(event.type);
  });
});

// Back, beside, and forward again.
const tip = await head(), top = await height();
await ask('dev_setHead', 1);
seen.back = [await height(), await free(zoe)];
const beside = await ask('dev_newBlock', { count: 2 });
await ask('dev_setHead', tip);
seen.forward = [await height() === top, await head() === tip];
seen.beside = await ask('dev_setHead', beside) === beside && await height() === 3;
await ask('dev_setHead', tip);
const next = await ask('dev_newBlock', { count: 1 });
seen.next = (await api.rpc.chain.getHeader(next)).parentHash.toHex() === tip;

// Time, and a block with this extrinsic.
const now = (await api.query.timestamp.now()).toNumber();
seen.travelled = await ask('dev_timeTravel', now + 3_600_000) >= now + 3_600_000;
const remark = await api.tx.system.remark('0x01').signAsync(alice);
const block = await ask('dev_newBlock', { transactions: [remark.toHex()] });
const { extrinsics } = (await api.rpc.chain.getBlock(block)).block;
seen.included = extrinsics.some(({ hash }) => hash.eq(remark.hash));
seen.later = (await api.query.timestamp.now()).toNumber() >= now + 3_600_000;

// Somebody else's call without a key: openly, not by a mock signature.
const call = api.tx.balances.transferAllowDeath(zoe.address, '1000000000000');
const before = await free(bob);
await ask('dev_sendAs', bob.address, call.method.toHex());
seen.paid = (BigInt(before) - BigInt(await free(bob))).toString();
const { genesisHash, runtimeVersion } = api;
call.signFake(bob.address, { nonce: 0, blockHash: genesisHash, genesisHash, runtimeVersion });
call.signature.set(Buffer.from(`deadbeef${'cd'.repeat(60)}`, 'hex'));
seen.mock = call.toHex().includes('deadbeefcdcdcd');
seen.mocked = await call.send().catch((error) => error.message);

seen.pushed = seen.heads.includes(1) && seen.heads.at(-1) === await height();
console.log(JSON.stringify(seen));
await api.disconnect();
