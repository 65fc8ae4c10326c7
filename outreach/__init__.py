"""The platform under the domain apps: settings, servers, access, audit, privacy, messaging."""
