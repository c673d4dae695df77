"""One module a kind of vectors: how a case of it is compared with the program."""
