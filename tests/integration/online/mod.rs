//! `--verify`, `verify`, `revoke` and `hub`, against servers of the tests.

mod hub;
mod hub_files;
mod revoke;
mod server;
mod sockets;
mod verify;
mod verify_effects;
