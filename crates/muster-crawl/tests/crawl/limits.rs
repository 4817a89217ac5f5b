//! What is bounded: size, time, depth, number, addresses.

use std::io::{Read, Write};

use muster_crawl::CrawlConfig;

use crate::memory::{config, crawl_all};
use crate::server::{Response, Server};

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// Crawls one page that answers as given, with a limit of 100,000 bytes; returns its event.
fn event_of(page: Response) -> String {
    let server = Server::start(move |request| match request.path.as_str() {
        "/robots.txt" => Response::new(404),
        _ => page.clone(),
    });
    let config = CrawlConfig { body_bytes_max: 100_000, depth_max: 0, ..config(&server) };
    let told = crawl_all(&config, &["http://firma.example/"]);
    assert_eq!(told.events.len(), 1);
    assert_eq!(told.pages.len() as u64, told.count("fetched"));
    assert!(told.pages.iter().all(|page| page.body.len() <= 100_000));
    told.events.concat()
}

#[test]
fn a_body_up_to_the_limit_is_read_and_a_larger_one_is_refused_announced_or_not() {
    let html = |bytes: usize| Response::html(&"x".repeat(bytes));
    assert_eq!(event_of(html(100_000)), "firma.example fetched 200 100000");
    assert_eq!(event_of(html(100_000).until_close()), "firma.example fetched 200 100000");
    assert_eq!(event_of(html(100_001)), "firma.example failed too-large 200");
    assert_eq!(event_of(html(100_001).until_close()), "firma.example failed too-large 200");
    assert_eq!(event_of(html(5_000_000).until_close()), "firma.example failed too-large 200");
}

#[test]
fn a_compressed_body_is_read_and_a_bomb_is_refused() {
    let packed = |body: &[u8]| Response::html("").with("content-encoding", "gzip").body(&gzip(body));
    assert_eq!(event_of(packed(b"hello")), "firma.example fetched 200 5");
    let bomb = packed(&vec![b' '; 50_000_000]);
    assert_eq!(event_of(bomb), "firma.example failed too-large 200");
}

#[test]
fn a_body_that_cannot_be_decoded_or_breaks_off_is_no_page() {
    let encoded = |coding: &str| Response::html("no such thing").with("content-encoding", coding);
    assert_eq!(event_of(encoded("gzip")), "firma.example failed body");
    assert_eq!(event_of(encoded("br")), "firma.example failed body");
    assert_eq!(event_of(encoded("identity")), "firma.example fetched 200 13");
    assert_eq!(event_of(Response::html("half").broken()), "firma.example failed body");
}

#[test]
fn only_pages_are_read_by_their_content_type_or_without_one_by_their_look() {
    let typed = |value: &str| Response::new(200).with("content-type", value).body(b"<p>");
    assert_eq!(event_of(typed("application/xhtml+xml")), "firma.example fetched 200 3");
    assert_eq!(event_of(typed("TEXT/plain; charset=utf-8")), "firma.example fetched 200 3");
    assert_eq!(event_of(typed("application/pdf")), "firma.example skipped content-type");
    assert_eq!(event_of(typed("image/svg+xml")), "firma.example skipped content-type");
    assert_eq!(event_of(Response::new(200).body(b"<p>")), "firma.example fetched 200 3");
    assert_eq!(event_of(Response::new(200).body(b"\x00\x01")), "firma.example skipped content-type");
}

#[test]
fn statuses_are_told_apart() {
    assert_eq!(event_of(Response::new(404)), "firma.example gone 404");
    assert_eq!(event_of(Response::new(410)), "firma.example gone 410");
    assert_eq!(event_of(Response::new(403)), "firma.example failed status 403");
    assert_eq!(event_of(Response::new(304)), "firma.example failed status 304");
    assert_eq!(event_of(Response::new(500)), "firma.example failed status 500");
    assert_eq!(event_of(Response::new(204)), "firma.example fetched 200 0".replace("200", "204"));
}

#[test]
fn a_host_that_does_not_answer_in_time_is_left_and_others_go_on() {
    let server = Server::start(|request| match (request.host.as_str(), request.path.as_str()) {
        (_, "/robots.txt") => Response::new(404),
        ("slow.example", "/0") => Response::html("").hanging(),
        ("slow.example", _) => Response::html("").hanging_after_head(),
        _ => Response::page(&[]),
    });
    let config = CrawlConfig { timeout_ms: 150, ..config(&server) };
    let slow: Vec<String> = (0..6).map(|number| format!("http://slow.example/{number}")).collect();
    let mut seeds: Vec<&str> = slow.iter().map(String::as_str).collect();
    seeds.push("http://firma.example/");
    let told = crawl_all(&config, &seeds);
    assert_eq!(told.urls(), ["http://firma.example/"]);
    assert_eq!((told.count("failed.timeout"), told.count("failed.host-given-up")), (3, 3));
    assert_eq!(server.seen().iter().filter(|seen| seen.starts_with("slow.example /")).count(), 4);
}

#[test]
fn a_host_that_cannot_be_reached_fails_with_its_reason() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config = CrawlConfig {
        delay_ms_min: 0,
        host_overrides: vec![("firma.example".to_owned(), nobody)],
        ..CrawlConfig::default()
    };
    let told = crawl_all(&config, &["http://firma.example/"]);
    assert_eq!(told.events, ["firma.example failed connect"]);
}

#[test]
fn depth_and_number_of_pages_are_bounded() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Response::new(404),
        path => {
            let links: Vec<String> = (0..20).map(|number| format!("{path}{number}/")).collect();
            Response::html(&links.join("\n"))
        }
    });
    let deep = CrawlConfig { depth_max: 1, ..config(&server) };
    let told = crawl_all(&deep, &["http://firma.example/"]);
    assert_eq!(told.pages.len(), 21);
    assert_eq!(told.count("links.too_deep"), 400);
    let wide = CrawlConfig { pages_per_host_max: 7, ..config(&server) };
    let told = crawl_all(&wide, &["http://firma.example/", "http://andere.example/"]);
    assert_eq!(told.pages.iter().filter(|page| page.url.contains("firma")).count(), 7);
    assert_eq!(told.pages.len(), 14);
    assert!(told.count("skipped.page-limit") > 0 && told.count("links.over_limit") > 0);
}

#[test]
fn private_addresses_are_refused_unless_allowed() {
    let server = Server::start(|_| Response::page(&[]));
    let port = server.address.port();
    let literal = format!("http://127.0.0.1:{port}/");
    let named = format!("http://localhost:{port}/");
    let mapped = format!("http://[::ffff:127.0.0.1]:{port}/");
    let strict = CrawlConfig { host_overrides: Vec::new(), ..config(&server) };
    for seed in [&literal, &named, &mapped] {
        let told = crawl_all(&strict, &[seed]);
        assert_eq!(told.count("failed.address-refused"), 1, "{:?}", told.events);
    }
    assert!(server.seen().is_empty());
    let open = CrawlConfig { allow_private: true, ..strict };
    assert_eq!(crawl_all(&open, &[&literal]).urls(), [&literal]);
    let told = crawl_all(&open, &[&named]);
    assert_eq!(told.urls(), [&named]);
}

#[test]
fn a_host_without_tls_is_told_as_such() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answering = std::thread::spawn(move || {
        // The request and its two retries.
        for stream in listener.incoming().take(3) {
            let mut stream = stream.unwrap();
            stream.read_exact(&mut [0; 64]).unwrap();
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        }
    });
    let open = CrawlConfig { allow_private: true, delay_ms_min: 0, ..CrawlConfig::default() };
    let told = crawl_all(&open, &[&format!("https://{address}/")]);
    answering.join().unwrap();
    assert_eq!(told.events, ["127.0.0.1 failed tls"]);
}
