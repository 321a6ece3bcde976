//! `gz-search serve` as a process, by its sockets: how it begins and ends, what it writes, whom it withstands.
//! What answers say is tested beside the router, without a socket.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what is wrong by failing")]

mod fixture;
mod hostile;
mod kills;
mod life;
#[path = "../random.rs"]
mod random;
mod writes;
