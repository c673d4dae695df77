"""JSON-RPC as Substrate nodes speak it: methods, subscriptions, and the server. Source: spec/json-rpc.md."""
