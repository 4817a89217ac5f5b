//! A small HTTP server for folders of pages, one folder per host, on loopback.
//!
//! It answers GET and HEAD by the `Host` header, with an `ETag` and `304 Not Modified`, and sends no charset, so that
//! a page's own declaration counts. It is for rehearsals and tests, not for the world.
//!
//! Invariant: it listens on loopback only and reads only below the folders it was given.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use muster_model::Page;

use crate::command_error::CommandError;
use crate::config::HostOverrides;

/// Longest request head that is read.
const HEAD_BYTES_MAX: u64 = 16 << 10;

/// How long a connection may be silent.
const IDLE: Duration = Duration::from_secs(5);

/// A running server; it stops when dropped.
#[derive(Debug)]
pub(crate) struct SiteServer {
    address: SocketAddr,
    hosts: Vec<String>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl SiteServer {
    /// Serves every folder below `folders` under its name as the host.
    ///
    /// # Errors
    ///
    /// An input error where a folder cannot be read or no port is free.
    pub(crate) fn start(folders: &[PathBuf]) -> Result<Self, CommandError> {
        let failed = |error: std::io::Error| CommandError::io(format!("failed to serve sites on loopback: {error}"));
        let mut hosts = Vec::new();
        for folder in folders {
            for entry in std::fs::read_dir(folder).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                if entry.path().is_dir() {
                    hosts.push(entry.file_name().to_string_lossy().to_lowercase());
                }
            }
        }
        hosts.sort();
        hosts.dedup();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let stop = Arc::new(AtomicBool::new(false));
        let (flag, roots) = (Arc::clone(&stop), Arc::new(folders.to_vec()));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if flag.load(Ordering::SeqCst) {
                    break;
                }
                let roots = Arc::clone(&roots);
                if let Ok(stream) = stream {
                    // A connection that breaks is the client's to notice.
                    std::thread::spawn(move || drop(serve(stream, &roots)));
                }
            }
        });
        Ok(Self { address, hosts, stop, thread: Some(thread) })
    }

    /// Returns each host with the address that answers for it.
    pub(crate) fn overrides(&self) -> HostOverrides {
        self.hosts.iter().map(|host| (host.clone(), self.address)).collect()
    }
}

impl Drop for SiteServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // The listener wakes by a connection and sees the flag.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// One request's head, as far as it matters.
struct Head {
    method: String,
    path: String,
    host: String,
    etag: Option<String>,
    close: bool,
}

fn read_head(reader: &mut impl BufRead) -> std::io::Result<Option<Head>> {
    let mut limited = reader.take(HEAD_BYTES_MAX);
    let mut line = String::new();
    if limited.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or("/").to_owned());
    let mut head = Head { method, path, host: String::new(), etag: None, close: false };
    loop {
        line.clear();
        if limited.read_line(&mut line)? == 0 || line.trim().is_empty() {
            return Ok(Some(head));
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "host" => head.host = value.split(':').next().unwrap_or_default().to_lowercase(),
            "if-none-match" => head.etag = Some(value.to_owned()),
            "connection" => head.close = value.eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
}

fn serve(stream: TcpStream, roots: &[PathBuf]) -> std::io::Result<()> {
    stream.set_read_timeout(Some(IDLE))?;
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    while let Some(head) = read_head(&mut reader)? {
        writer.write_all(&answer(&head, roots))?;
        writer.flush()?;
        if head.close {
            break;
        }
    }
    Ok(())
}

fn answer(head: &Head, roots: &[PathBuf]) -> Vec<u8> {
    if head.method != "GET" && head.method != "HEAD" {
        return response(405, "Method Not Allowed", "", b"", true);
    }
    let path = head.path.split(['?', '#']).next().unwrap_or("/");
    let Some(file) = roots.iter().find_map(|root| file_for(&root.join(&head.host), path)) else {
        return response(404, "Not Found", "content-type: text/plain\r\n", b"not found\n", true);
    };
    let body = match file {
        Found::Folder => return response(301, "Moved Permanently", &format!("location: {path}/\r\n"), b"", true),
        Found::File(file) => (std::fs::read(&file).unwrap_or_default(), content_type(&file)),
    };
    let etag = format!("\"{}\"", Page::new("", jiff::Timestamp::UNIX_EPOCH, None, body.0.clone()).page_hash);
    if head.etag.as_deref() == Some(etag.as_str()) {
        return response(304, "Not Modified", &format!("etag: {etag}\r\n"), b"", false);
    }
    let headers = format!("content-type: {}\r\netag: {etag}\r\n", body.1);
    let mut whole = response(200, "OK", &headers, &body.0, true);
    if head.method == "HEAD" {
        whole.truncate(whole.len() - body.0.len());
    }
    whole
}

enum Found {
    File(PathBuf),
    Folder,
}

/// Finds the file of a path below a host's folder; a path that climbs out finds nothing.
fn file_for(root: &Path, path: &str) -> Option<Found> {
    let decoded = percent_decoded(path.trim_start_matches('/'))?;
    let relative = Path::new(&decoded);
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) && !decoded.is_empty() {
        return None;
    }
    let full = root.join(relative);
    if full.is_dir() {
        if !path.ends_with('/') {
            return Some(Found::Folder);
        }
        return Some(full.join("index.html")).filter(|file| file.is_file()).map(Found::File);
    }
    Some(full).filter(|file| file.is_file()).map(Found::File)
}

fn percent_decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok().map(|path| path.trim_end_matches('/').to_owned())
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|ext| ext.to_str()).map(str::to_ascii_lowercase).as_deref() {
        // A page without an ending is a page.
        Some("html" | "htm") | None => "text/html",
        Some("xhtml") => "application/xhtml+xml",
        Some("txt") => "text/plain",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("json") => "application/json",
        Some("xml") => "application/xml",
        Some("svg") => "image/svg+xml",
        Some(_) => "application/octet-stream",
    }
}

fn response(status: u16, reason: &str, headers: &str, body: &[u8], sized: bool) -> Vec<u8> {
    let length = if sized { format!("content-length: {}\r\n", body.len()) } else { String::new() };
    let mut whole = format!("HTTP/1.1 {status} {reason}\r\n{headers}{length}\r\n").into_bytes();
    whole.extend_from_slice(body);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(address: SocketAddr, host: &str, path: &str, etag: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nIf-None-Match: {etag}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn hosts_are_served_by_name_and_nothing_outside_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("one.example/team")).unwrap();
        std::fs::write(folder.path().join("one.example/team/index.html"), "<p>team</p>").unwrap();
        std::fs::write(folder.path().join("secret.txt"), "secret").unwrap();
        let server = SiteServer::start(&[folder.path().to_owned()]).unwrap();
        assert_eq!(server.overrides(), vec![("one.example".to_owned(), server.address)]);
        let page = get(server.address, "one.example", "/team/", "");
        assert!(page.starts_with("HTTP/1.1 200") && page.ends_with("<p>team</p>"), "{page}");
        let etag = page.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();
        assert!(get(server.address, "one.example", "/team/", &etag).starts_with("HTTP/1.1 304"));
        assert!(get(server.address, "one.example", "/team", "").starts_with("HTTP/1.1 301"));
        assert!(get(server.address, "two.example", "/team/", "").starts_with("HTTP/1.1 404"));
        assert!(get(server.address, "one.example", "/../secret.txt", "").starts_with("HTTP/1.1 404"));
        assert!(get(server.address, "one.example", "/%2e%2e/secret.txt", "").starts_with("HTTP/1.1 404"));
    }
}
