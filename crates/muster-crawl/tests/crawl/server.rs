//! A small HTTP/1.1 server on loopback for the crawler's tests: many host names, one handler, everything logged.
//!
//! Invariant: it counts a request as in flight only until the first byte of the answer, so that what it calls an
//! overlap is one.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A request as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) at: Instant,
}

impl Request {
    /// Returns a header, or nothing.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    end: End,
}

/// How an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum End {
    /// With the length that was announced.
    #[default]
    Length,
    /// By closing the connection, without an announced length.
    Close,
    /// Before its end: more is announced than sent.
    Broken,
    /// Never: the head is sent, and then nothing until the server stops.
    HangAfterHead,
    /// Never: nothing is sent until the server stops.
    Hang,
}

impl Response {
    pub(crate) fn new(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// A page that links to the given places, one link a line.
    pub(crate) fn page(links: &[&str]) -> Self {
        Self::html(&links.join("\n"))
    }

    pub(crate) fn html(body: &str) -> Self {
        Self::new(200).with("content-type", "text/html; charset=utf-8").body(body.as_bytes())
    }

    pub(crate) fn text(body: &str) -> Self {
        Self::new(200).with("content-type", "text/plain").body(body.as_bytes())
    }

    pub(crate) fn redirect(target: &str) -> Self {
        Self::new(302).with("location", target)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }

    pub(crate) fn until_close(mut self) -> Self {
        self.end = End::Close;
        self
    }

    pub(crate) fn broken(mut self) -> Self {
        self.end = End::Broken;
        self
    }

    pub(crate) fn hanging(mut self) -> Self {
        self.end = End::Hang;
        self
    }

    pub(crate) fn hanging_after_head(mut self) -> Self {
        self.end = End::HangAfterHead;
        self
    }
}

type Handler = dyn Fn(&Request) -> Response + Send + Sync;

struct Shared {
    handler: Box<Handler>,
    log: Mutex<Log>,
    stopped: Mutex<bool>,
    stop: Condvar,
}

#[derive(Default)]
struct Log {
    requests: Vec<Request>,
    in_flight: BTreeMap<String, usize>,
    most: BTreeMap<String, usize>,
}

/// The server; it stops when dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(handler: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let shared = Arc::new(Shared {
            handler: Box::new(handler),
            log: Mutex::default(),
            stopped: Mutex::new(false),
            stop: Condvar::new(),
        });
        let accepted = Arc::clone(&shared);
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if *accepted.stopped.lock().expect("no holder panics") {
                    return;
                }
                let shared = Arc::clone(&accepted);
                std::thread::spawn(move || shared.serve(&stream.expect("a connection")));
            }
        });
        Self { address, shared, accepting: Some(accepting) }
    }

    /// Returns `host path` of all requests so far.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.requests().iter().map(|request| format!("{} {}", request.host, request.path)).collect()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.log.lock().expect("no holder panics").requests.clone()
    }

    /// Returns how many requests to a host were in flight at the same time, at most.
    pub(crate) fn most_at_once(&self, host: &str) -> usize {
        self.shared.log.lock().expect("no holder panics").most.get(host).copied().unwrap_or(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        *self.shared.stopped.lock().expect("no holder panics") = true;
        self.shared.stop.notify_all();
        // Wakes the accepting thread.
        drop(TcpStream::connect(self.address));
        self.accepting.take().expect("it is taken once").join().expect("the accepting thread ends well");
    }
}

impl Shared {
    fn serve(&self, stream: &TcpStream) {
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout that is not zero");
        let mut reader = BufReader::new(stream);
        while let Some(request) = read_request(&mut reader) {
            self.enter(&request);
            let response = (self.handler)(&request);
            self.leave(&request.host);
            if response.end == End::Hang {
                return self.wait_for_stop();
            }
            if self.answer(stream, &response).is_err() || response.end != End::Length {
                return;
            }
        }
    }

    fn answer(&self, mut stream: &TcpStream, response: &Response) -> std::io::Result<()> {
        let mut head = format!("HTTP/1.1 {} X\r\n", response.status);
        for (name, value) in &response.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        let announced = match response.end {
            End::Close => None,
            End::Length | End::Hang => Some(response.body.len()),
            End::Broken | End::HangAfterHead => Some(response.body.len() + 100),
        };
        match announced {
            Some(bytes) => head.extend(["content-length: ", &bytes.to_string(), "\r\n"]),
            None => head.push_str("connection: close\r\n"),
        }
        head.push_str("\r\n");
        // In one piece, or the client's delayed acknowledgement holds up the second.
        stream.write_all(&[head.as_bytes(), &response.body].concat())?;
        if response.end == End::HangAfterHead {
            self.wait_for_stop();
        }
        Ok(())
    }

    fn wait_for_stop(&self) {
        let stopped = self.stopped.lock().expect("no holder panics");
        drop(
            self.stop
                .wait_timeout_while(stopped, Duration::from_secs(10), |stopped| !*stopped)
                .expect("no holder panics"),
        );
    }

    fn enter(&self, request: &Request) {
        let mut log = self.log.lock().expect("no holder panics");
        log.requests.push(request.clone());
        let count = log.in_flight.entry(request.host.clone()).or_default();
        *count += 1;
        let count = *count;
        let most = log.most.entry(request.host.clone()).or_default();
        *most = count.max(*most);
    }

    fn leave(&self, host: &str) {
        *self.log.lock().expect("no holder panics").in_flight.get_mut(host).expect("it entered") -= 1;
    }
}

fn read_request(reader: &mut BufReader<&TcpStream>) -> Option<Request> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let host = headers.get("host")?.clone();
    #[expect(clippy::disallowed_methods, reason = "the pace of requests is real time")]
    let at = Instant::now();
    Some(Request { host, path, headers, at })
}
