"""Whether the installation lives and can work: /live, /ready and /status."""
