"""What comes with the program: chain specs, networks, scripts and designs."""
