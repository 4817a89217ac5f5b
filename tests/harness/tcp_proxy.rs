//! A proxy in front of a server that cuts each connection after some bytes, as a bad network does.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Where the proxy listens, and how many connections came.
pub(crate) struct TcpProxy {
    pub(crate) port: u16,
    pub(crate) connection_count: Arc<AtomicUsize>,
}

impl TcpProxy {
    /// Starts a proxy to a port. The n-th connection ends after as many bytes from the server as the n-th bound
    /// says; connections beyond the bounds go on as long as they like.
    pub(crate) fn start(to_port: u16, bounds: Vec<usize>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let connection_count = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connection_count);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let bound = bounds.get(count.fetch_add(1, Ordering::SeqCst)).copied().unwrap_or(usize::MAX);
                let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, to_port)) else { return };
                let (Ok(from), Ok(to)) = (client.try_clone(), server.try_clone()) else { return };
                std::thread::spawn(move || pass(from, to, usize::MAX));
                std::thread::spawn(move || pass(server, client, bound));
            }
        });
        Self { port, connection_count }
    }
}

/// Passes bytes on until one side ends or the bound is reached, then ends both.
fn pass(mut from: TcpStream, mut to: TcpStream, bound: usize) {
    let mut left = bound;
    let mut buffer = [0; 4_096];
    while left > 0 {
        let Ok(count) = from.read(&mut buffer) else { break };
        let count = count.min(left);
        if count == 0 || to.write_all(&buffer[..count]).is_err() {
            break;
        }
        left -= count;
    }
    drop((from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both)));
}
