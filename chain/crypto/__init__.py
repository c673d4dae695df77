"""Hashes, storage-key hashers, SS58 addresses, keys and signatures.

The modules import nothing heavier than hashlib and xxhash; the signature libraries, and the codec, are loaded
by the first call that needs one.
"""
