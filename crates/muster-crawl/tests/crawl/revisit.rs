//! What is remembered: conditional requests, unchanged pages, and crawls that were cut off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use muster_crawl::{Error, PageMemory};

use crate::memory::{MemoryFrontier, config, crawl_on, now, try_crawl};
use crate::server::{Request, Response, Server};

/// Answers with 304 when the request carries what the page was given with.
fn cached(request: &Request, tag: &str, page: Response) -> Response {
    let date = "Mon, 03 Nov 2025 10:00:00 GMT";
    let unchanged = request.header("if-none-match") == Some(tag) && request.header("if-modified-since") == Some(date);
    if unchanged { Response::new(304) } else { page.with("etag", tag).with("last-modified", date) }
}

#[test]
fn an_unchanged_page_is_not_read_again_and_leads_on_by_its_remembered_links() {
    let server = Server::start(|request| match request.path.as_str() {
        "/" => cached(request, "\"a\"", Response::page(&["/team", "/news"])),
        "/team" => cached(request, "W/\"b\"", Response::page(&["/"])),
        // Without validators, but with the same bytes each time.
        "/news" => Response::page(&["/team"]),
        _ => Response::new(404),
    });
    let mut frontier = MemoryFrontier::default();
    let first = crawl_on(&config(&server), &["http://firma.example/"], &mut frontier);
    assert_eq!(first.pages.len(), 3);
    assert!(first.pages.iter().all(|page| page.fetched_at == now()));
    let memory = frontier.memories.get("http://firma.example/").unwrap();
    assert_eq!(memory.etag.as_deref(), Some("\"a\""));
    assert_eq!(memory.links, ["http://firma.example/team", "http://firma.example/news"]);
    assert_eq!(memory.page_hash, first.pages[0].page_hash);
    let remembered = frontier.memories.clone();
    for _ in 0..2 {
        frontier.next_crawl();
        let again = crawl_on(&config(&server), &["http://firma.example/"], &mut frontier);
        assert!(again.pages.is_empty());
        assert_eq!(again.count("not_modified"), 3);
        assert_eq!(frontier.memories, remembered);
    }
}

#[test]
fn a_changed_page_is_handed_over_and_a_vanished_one_is_forgotten() {
    let changed = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&changed);
    let server = Server::start(move |request| match (request.path.as_str(), flag.load(Ordering::SeqCst)) {
        ("/robots.txt", _) => Response::new(404),
        ("/", false) => cached(request, "\"1\"", Response::page(&["/alt", "/kaputt"])),
        ("/", true) => cached(request, "\"2\"", Response::page(&["/alt", "/kaputt", "/neu"])),
        ("/alt", true) => Response::new(410),
        ("/kaputt", true) => Response::new(500),
        _ => cached(request, "\"x\"", Response::page(&[])),
    });
    let mut frontier = MemoryFrontier::default();
    crawl_on(&config(&server), &["http://firma.example/"], &mut frontier);
    assert_eq!(frontier.memories.len(), 3);
    changed.store(true, Ordering::SeqCst);
    frontier.next_crawl();
    let told = crawl_on(&config(&server), &["http://firma.example/"], &mut frontier);
    assert_eq!(told.urls(), ["http://firma.example/", "http://firma.example/neu"]);
    assert!(!frontier.memories.contains_key("http://firma.example/alt"));
    // A failure that may pass does not lose what is known.
    assert_eq!(frontier.memories["http://firma.example/kaputt"].etag.as_deref(), Some("\"x\""));
}

#[test]
fn a_page_that_turns_reserved_is_handed_over_although_it_did_not_change() {
    for honours_conditions in [true, false] {
        let reserve = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&reserve);
        let server = Server::start(move |request| {
            let page = match request.path.as_str() {
                "/robots.txt" => return Response::new(404),
                _ if honours_conditions => cached(request, "\"a\"", Response::html("mailto:")),
                _ => Response::html("mailto:"),
            };
            if flag.load(Ordering::SeqCst) { page.with("x-robots-tag", "noindex") } else { page }
        });
        let mut frontier = MemoryFrontier::default();
        for (reserved, expected) in
            [(false, vec![false]), (false, vec![]), (true, vec![true]), (true, vec![true]), (false, vec![false])]
        {
            reserve.store(reserved, Ordering::SeqCst);
            frontier.next_crawl();
            let told = crawl_on(&config(&server), &["http://firma.example/"], &mut frontier);
            assert_eq!(told.pages.iter().map(|page| page.reserved).collect::<Vec<_>>(), expected);
        }
    }
}

#[test]
fn what_is_no_page_is_remembered_without_content() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Response::new(404),
        _ => cached(request, "\"pdf\"", Response::new(200).with("content-type", "application/pdf").body(b"%PDF")),
    });
    let mut frontier = MemoryFrontier::default();
    let told = crawl_on(&config(&server), &["http://firma.example/datei"], &mut frontier);
    assert_eq!(told.events, ["firma.example skipped content-type"]);
    frontier.next_crawl();
    let told = crawl_on(&config(&server), &["http://firma.example/datei"], &mut frontier);
    assert_eq!(told.events, ["firma.example not_modified"]);
}

#[test]
fn a_crawl_that_is_cut_off_anywhere_is_taken_up_where_it_was() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Response::text("user-agent: *\ndisallow: /x"),
        "/" => Response::page(&["/1", "/2", "/x", "/3"]),
        "/1" => Response::page(&["/4", "/5"]),
        "/2" => Response::redirect("/6"),
        _ => Response::page(&["/"]),
    });
    let seeds = ["http://firma.example/", "http://andere.example/"];
    let mut undisturbed = MemoryFrontier::default();
    let expected = crawl_on(&config(&server), &seeds, &mut undisturbed);
    assert_eq!(expected.pages.len(), 12);
    for pages_max in 0..12 {
        let mut frontier = MemoryFrontier::default();
        let (told, result) = try_crawl(&config(&server), &seeds, &mut frontier, &|_| true, pages_max);
        assert!(matches!(result, Err(Error::Handler { .. })));
        let mut handled: Vec<String> = told.urls().into_iter().map(str::to_owned).collect();
        assert_eq!(handled.len(), pages_max);
        assert!(handled.iter().all(|url| frontier.finished.contains(url)));
        let rest = crawl_on(&config(&server), &seeds, &mut frontier);
        handled.extend(rest.urls().into_iter().map(str::to_owned));
        handled.sort();
        let mut all: Vec<String> = expected.urls().into_iter().map(str::to_owned).collect();
        all.sort();
        assert_eq!(handled, all, "cut off after {pages_max}");
        assert_eq!(frontier.memories, undisturbed.memories);
    }
}

#[test]
fn urls_left_by_a_crawl_with_other_seeds_are_settled_without_a_request() {
    let server = Server::start(|_| Response::page(&[]));
    let mut frontier = MemoryFrontier::default();
    let memory = PageMemory { page_hash: "x".to_owned(), ..PageMemory::default() };
    frontier.memories.insert("http://andere.example/".to_owned(), memory.clone());
    frontier.queue.push(("http://andere.example/".to_owned(), 0));
    let told = crawl_on(&config(&server), &["http://firma.example/"], &mut frontier);
    assert_eq!(told.urls(), ["http://firma.example/"]);
    assert_eq!(told.count("skipped.off-site"), 1);
    assert_eq!(frontier.memories["http://andere.example/"], memory);
    assert!(server.seen().iter().all(|seen| seen.starts_with("firma.example ")));
}
