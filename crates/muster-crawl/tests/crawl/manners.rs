//! How hosts are treated: one request at a time, at their pace, with patience, and their reservations kept.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use muster_crawl::CrawlConfig;

use crate::memory::{config, crawl_all};
use crate::server::{Response, Server};

#[test]
fn requests_to_one_host_never_overlap_and_www_is_the_same_host() {
    let server = Server::start(|request| {
        // Long enough that a second request, were there one, would come in.
        std::thread::sleep(Duration::from_millis(5));
        match request.path.as_str() {
            "/robots.txt" => Response::new(404),
            "/" => Response::page(&["/1", "/2", "/3", "/4", "/5", "http://www.firma.example/6"]),
            _ => Response::page(&["/7"]),
        }
    });
    let told =
        crawl_all(&config(&server), &["http://firma.example/", "https://firma.example/", "http://andere.example/"]);
    assert!(told.pages.len() > 15);
    assert_eq!(server.most_at_once("firma.example"), 1);
    assert_eq!(server.most_at_once("www.firma.example"), 1);
    assert_eq!(server.most_at_once("andere.example"), 1);
}

#[test]
fn several_hosts_are_read_at_the_same_time() {
    // Each robots.txt waits for the other host's: one after the other they would never both come.
    let met = Arc::new((Mutex::new(0), Condvar::new()));
    let server = Server::start(move |request| {
        if request.path == "/robots.txt" {
            let (count, changed) = &*met;
            let mut count = count.lock().unwrap();
            *count += 1;
            changed.notify_all();
            let (count, timeout) =
                changed.wait_timeout_while(count, Duration::from_secs(4), |count| *count < 2).unwrap();
            drop(count);
            return Response::new(if timeout.timed_out() { 500 } else { 404 });
        }
        Response::page(&[])
    });
    let told = crawl_all(&config(&server), &["http://a.example/", "http://b.example/"]);
    assert_eq!(told.pages.len(), 2);
}

#[test]
fn no_more_hosts_are_read_at_the_same_time_than_configured() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&most);
    let server = Server::start(move |_| {
        seen.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(5));
        now.fetch_sub(1, Ordering::SeqCst);
        Response::page(&[])
    });
    let seeds: Vec<String> = (0..9).map(|number| format!("http://h{number}.example/")).collect();
    let seeds: Vec<&str> = seeds.iter().map(String::as_str).collect();
    let told = crawl_all(&CrawlConfig { hosts_parallel_max: 3, ..config(&server) }, &seeds);
    assert_eq!(told.pages.len(), 9);
    assert!(most.load(Ordering::SeqCst) <= 3);
}

/// Returns the shortest time between two requests of a crawl of four pages.
fn shortest_gap(robots: &'static str, delay_ms_min: u64) -> Duration {
    let server = Server::start(move |request| match request.path.as_str() {
        "/robots.txt" => Response::text(robots),
        "/" => Response::page(&["/1", "/2", "/3"]),
        _ => Response::page(&[]),
    });
    let told = crawl_all(&CrawlConfig { delay_ms_min, ..config(&server) }, &["http://firma.example/"]);
    assert_eq!(told.pages.len(), 4);
    let times: Vec<_> = server.requests().iter().map(|request| request.at).collect();
    times.windows(2).map(|pair| pair[1].duration_since(pair[0])).min().expect("more than one request")
}

#[test]
fn the_configured_delay_and_a_longer_crawl_delay_are_kept() {
    assert!(shortest_gap("", 40) >= Duration::from_millis(40));
    assert!(shortest_gap("user-agent: *\ncrawl-delay: 0.06", 5) >= Duration::from_millis(60));
    assert!(shortest_gap("user-agent: *\ncrawl-delay: 0.01", 40) >= Duration::from_millis(40));
}

/// Crawls a page that fails `failures` times before it answers; returns the event and the requests for the page.
fn after_failures(failures: usize, failure: Response) -> (String, usize) {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |request| {
        if request.path == "/robots.txt" {
            Response::new(404)
        } else if count.fetch_add(1, Ordering::SeqCst) < failures {
            failure.clone()
        } else {
            Response::page(&[])
        }
    });
    let told = crawl_all(&config(&server), &["http://firma.example/"]);
    (told.events.concat(), server.seen().len() - 1)
}

#[test]
fn failures_that_may_pass_are_retried_twice() {
    let busy = Response::new(503).with("retry-after", "0");
    assert_eq!(after_failures(2, busy.clone()), ("firma.example fetched 200 0".to_owned(), 3));
    assert_eq!(after_failures(3, busy), ("firma.example failed status 503".to_owned(), 3));
    assert_eq!(after_failures(1, Response::new(500)), ("firma.example fetched 200 0".to_owned(), 2));
    assert_eq!(after_failures(1, Response::html("x").broken()), ("firma.example fetched 200 0".to_owned(), 2));
    assert_eq!(after_failures(1, Response::new(403)), ("firma.example failed status 403".to_owned(), 1));
}

#[test]
fn a_host_that_asks_for_a_long_pause_is_left_alone() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Response::new(404),
        "/a" => Response::new(429).with("retry-after", "3600"),
        _ => Response::page(&[]),
    });
    let told = crawl_all(&config(&server), &["http://firma.example/a", "http://firma.example/b"]);
    assert_eq!(told.events, ["firma.example failed status 429", "firma.example failed host-given-up"]);
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn reserved_pages_are_handed_over_as_such_and_their_links_are_not_followed() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Response::new(404),
        "/noindex" => Response::page(&["/x1"]).with("X-Robots-Tag", "noindex"),
        "/none" => Response::page(&["/x2"]).with("X-Robots-Tag", "muster: none"),
        "/tdm" => Response::page(&["/x3"]).with("TDM-Reservation", "1"),
        "/nofollow" => Response::page(&["/x4"]).with("X-Robots-Tag", "nofollow"),
        "/other" => Response::page(&["/followed"]).with("X-Robots-Tag", "otherbot: noindex, nofollow"),
        _ => Response::page(&[]),
    });
    let seeds = ["noindex", "none", "tdm", "nofollow", "other"].map(|path| format!("http://firma.example/{path}"));
    let told = crawl_all(&config(&server), &seeds.each_ref().map(String::as_str));
    let found: Vec<(&str, bool)> =
        told.pages.iter().map(|page| (page.url.strip_prefix("http://firma.example").unwrap(), page.reserved)).collect();
    let expected = [
        ("/noindex", true),
        ("/none", true),
        ("/tdm", true),
        ("/nofollow", false),
        ("/other", false),
        ("/followed", false),
    ];
    assert_eq!(found, expected);
    assert_eq!((told.count("reserved"), told.count("links.not_followed")), (3, 4));
}

#[test]
fn what_is_told_names_hosts_and_never_paths() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Response::text("user-agent: *\ndisallow: /team/eve"),
        "/team/ada" => Response::page(&["/team/bob", "/team/eve", "/team/kim", "/team/lou"]),
        "/team/bob" => Response::new(500),
        "/team/kim" => Response::redirect("http://andere.example/team/kim"),
        _ => Response::new(404),
    });
    let told = crawl_all(&config(&server), &["http://firma.example/team/ada"]);
    assert_eq!(told.count("visited"), 5);
    let all = format!("{:?} {:?} {:?}", told.events, told.report, told.pages);
    for name in ["ada", "bob", "eve", "kim", "lou", "team"] {
        assert!(!all.contains(name), "{name} in {all}");
    }
}
