//! One JSON call over real sockets.

mod broken;
mod limits;
mod proxy;
mod requests;
mod statuses;
mod support;
mod tls;
