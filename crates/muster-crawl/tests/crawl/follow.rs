//! What is followed: links, redirects, robots.txt.

use muster_crawl::CrawlConfig;

use crate::memory::{MemoryFrontier, config, crawl_all, try_crawl};
use crate::server::{Response, Server};

#[test]
fn a_crawl_follows_links_on_the_seeds_hosts_and_nowhere_else() {
    let server = Server::start(|request| match (request.host.as_str(), request.path.as_str()) {
        (_, "/robots.txt") => Response::new(404),
        ("firma.example", "/") => Response::page(&[
            "/team",
            "/team#oben",
            "http://www.firma.example/presse",
            "https://andere.example/",
            "http://blog.firma.example/",
            "mailto:info@firma.example",
            "/foto.jpg",
        ]),
        _ => Response::page(&["/"]),
    });
    let told = crawl_all(&config(&server), &["http://firma.example/"]);
    let urls = ["http://firma.example/", "http://firma.example/team", "http://www.firma.example/presse"];
    assert_eq!(told.urls(), [urls.as_slice(), &["http://www.firma.example/"]].concat());
    assert_eq!(told.count("links.off_site"), 2);
    assert_eq!(told.count("links.no_page"), 1);
    assert_eq!(told.count("links.invalid"), 1);
    assert_eq!(told.count("links.repeated"), 1);
    assert!(server.seen().iter().all(|seen| seen.contains("firma.example") && !seen.contains("blog")));
}

#[test]
fn an_override_is_reached_over_http_with_the_real_host_whatever_scheme_and_port() {
    let server = Server::start(|_| Response::page(&[]));
    let told = crawl_all(&config(&server), &["https://firma.example/a", "http://shop.example:8080/b"]);
    assert_eq!(told.urls(), ["https://firma.example/a", "http://shop.example:8080/b"]);
    let mut seen = server.seen();
    seen.sort();
    let expected =
        ["firma.example /a", "firma.example /robots.txt", "shop.example:8080 /b", "shop.example:8080 /robots.txt"];
    assert_eq!(seen, expected);
    let agent = "muster/0.1 (+https://firma.example/bot)";
    assert!(server.requests().iter().all(|request| request.header("user-agent") == Some(agent)));
}

#[test]
fn pages_come_in_the_order_of_the_frontier_however_the_hosts_answer() {
    let server = Server::start(|request| match request.path.as_str() {
        "/" => Response::page(&["/1", "/2", "/3"]),
        _ => Response::page(&[]),
    });
    let seeds = ["http://b.example/", "http://a.example/", "http://c.example/"];
    let first = crawl_all(&config(&server), &seeds);
    assert_eq!(first.pages.len(), 12);
    for _ in 0..5 {
        assert_eq!(crawl_all(&config(&server), &seeds).urls(), first.urls());
    }
}

#[test]
fn robots_txt_is_read_once_per_host_and_obeyed() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Response::text("user-agent: muster\ndisallow: /intern\n\nuser-agent: *\ndisallow: /"),
        "/" => Response::page(&["/intern/a", "/intern/b", "/team"]),
        _ => Response::page(&[]),
    });
    let told = crawl_all(&config(&server), &["http://firma.example/"]);
    assert_eq!(told.urls(), ["http://firma.example/", "http://firma.example/team"]);
    assert_eq!(told.count("disallowed"), 2);
    assert_eq!(server.seen(), ["firma.example /robots.txt", "firma.example /", "firma.example /team"]);
}

/// Crawls one page of a host whose robots.txt answers as given; tells whether the page was read.
fn page_is_read(robots: impl Fn(&str) -> Response + Send + Sync + 'static) -> bool {
    let server = Server::start(move |request| match request.path.as_str() {
        "/team" => Response::page(&[]),
        path => robots(path),
    });
    let told = crawl_all(&config(&server), &["http://firma.example/team"]);
    let read = !told.pages.is_empty();
    assert_eq!(read, server.seen().contains(&"firma.example /team".to_owned()));
    assert_eq!(told.count("disallowed"), u64::from(!read));
    assert_eq!(told.report.problems.iter().any(|problem| problem.kind == "robots.unreachable"), !read);
    read
}

#[test]
fn rfc9309_2_3_1_3_a_robots_txt_that_does_not_exist_allows_all() {
    for status in [400, 401, 403, 404, 410] {
        assert!(page_is_read(move |_| Response::new(status)), "{status}");
    }
}

#[test]
fn rfc9309_2_3_1_4_a_robots_txt_that_cannot_be_read_forbids_all() {
    for status in [429, 500, 502, 503, 504, 599, 304] {
        assert!(!page_is_read(move |_| Response::new(status)), "{status}");
    }
}

#[test]
fn rfc9309_2_3_1_2_five_redirects_to_a_robots_txt_are_followed_and_a_sixth_is_not() {
    let chain = |hops: u32| {
        move |path: &str| {
            let hop: u32 = path.trim_start_matches("/r").parse().unwrap_or(0);
            if hop == hops { Response::text("") } else { Response::redirect(&format!("/r{}", hop + 1)) }
        }
    };
    assert!(page_is_read(chain(5)));
    assert!(!page_is_read(chain(6)));
    assert!(!page_is_read(|_| Response::new(302)));
}

#[test]
fn rfc9309_2_3_1_2_a_robots_txt_on_another_host_speaks_for_the_one_that_was_asked() {
    let server = Server::start(|request| match (request.host.as_str(), request.path.as_str()) {
        ("firma.example", "/robots.txt") => Response::redirect("http://andere.test/regeln.txt"),
        ("andere.test", "/regeln.txt") => Response::text("user-agent: *\ndisallow: /b"),
        _ => Response::page(&[]),
    });
    let told = crawl_all(&config(&server), &["http://firma.example/a", "http://firma.example/b"]);
    assert_eq!(told.urls(), ["http://firma.example/a"]);
}

#[test]
fn a_robots_txt_larger_than_the_limit_is_read_up_to_it() {
    let long = format!("user-agent: *\ndisallow: /a\n{}\ndisallow: /b", "#x\n".repeat(200_000));
    let server = Server::start(move |request| match request.path.as_str() {
        "/robots.txt" => Response::text(&long),
        _ => Response::page(&[]),
    });
    let told = crawl_all(&config(&server), &["http://firma.example/a", "http://firma.example/b"]);
    assert_eq!(told.urls(), ["http://firma.example/b"]);
}

#[test]
fn a_redirect_on_the_site_is_followed_and_its_target_is_read_once() {
    let server = Server::start(|request| match (request.host.as_str(), request.path.as_str()) {
        (_, "/robots.txt") => Response::new(404),
        ("firma.example", "/") => Response::redirect("http://www.firma.example/"),
        ("www.firma.example", "/") => Response::page(&["/team", "/team/"]),
        (_, "/team") => Response::new(301).with("location", "team/"),
        _ => Response::page(&[]),
    });
    let told = crawl_all(&config(&server), &["http://firma.example/"]);
    assert_eq!(told.urls(), ["http://www.firma.example/", "http://www.firma.example/team/"]);
    assert_eq!(told.count("redirected"), 2);
}

#[test]
fn redirects_that_go_round_or_on_and_on_end() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Response::new(404),
        "/a" => Response::redirect("/b"),
        "/b" => Response::redirect("/c"),
        "/c" => Response::redirect("/a"),
        "/self" => Response::redirect("/self#x"),
        "/nowhere" => Response::redirect("mailto:info@firma.example"),
        "/blank" => Response::new(302),
        path => {
            let number: u32 = path.trim_start_matches('/').parse().unwrap();
            Response::redirect(&format!("/{}", number + 1))
        }
    });
    let failures = |seed: &str| {
        let told = crawl_all(&config(&server), &[seed]);
        assert!(told.pages.is_empty());
        let failed: Vec<String> = told.report.counts.keys().filter(|key| key.starts_with("failed.")).cloned().collect();
        (failed.join(" "), told.count("redirected"))
    };
    assert_eq!(failures("http://firma.example/a"), ("failed.redirect-loop".to_owned(), 2));
    assert_eq!(failures("http://firma.example/self"), ("failed.redirect-loop".to_owned(), 0));
    assert_eq!(failures("http://firma.example/1"), ("failed.redirect-limit".to_owned(), 5));
    assert_eq!(failures("http://firma.example/nowhere"), ("failed.redirect-target".to_owned(), 0));
    assert_eq!(failures("http://firma.example/blank"), ("failed.redirect-target".to_owned(), 0));
}

#[test]
fn a_redirect_to_another_host_is_not_followed_and_a_moved_seed_is_told() {
    let server = Server::start(|request| match (request.host.as_str(), request.path.as_str()) {
        (_, "/robots.txt") => Response::new(404),
        ("firma.example", "/") => Response::redirect("https://andere.example/"),
        _ => Response::page(&[]),
    });
    let told = crawl_all(&config(&server), &["http://firma.example/"]);
    assert_eq!(told.events, ["firma.example skipped off-site"]);
    let problems: Vec<&str> = told.report.problems.iter().map(|problem| problem.kind.as_str()).collect();
    assert_eq!(problems, ["seed.moved"]);
    assert!(!server.seen().iter().any(|seen| seen.contains("andere")));
    // Named by a seed of its own, the other host is allowed.
    let told = crawl_all(&config(&server), &["http://firma.example/", "http://andere.example/impressum"]);
    assert_eq!(told.urls(), ["http://andere.example/impressum", "https://andere.example/"]);
}

#[test]
fn the_target_of_a_redirect_is_asked_for_only_if_robots_txt_and_the_caller_allow_it() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Response::text("user-agent: *\ndisallow: /intern"),
        "/a" => Response::redirect("/intern"),
        "/b" => Response::redirect("/ada"),
        _ => Response::page(&[]),
    });
    let mut frontier = MemoryFrontier::default();
    let admit = |url: &str| !url.contains("ada");
    let seeds = ["http://firma.example/a", "http://firma.example/b"];
    let (told, result) = try_crawl(&config(&server), &seeds, &mut frontier, &admit, usize::MAX);
    result.unwrap();
    assert!(told.pages.is_empty());
    assert_eq!((told.count("disallowed"), told.count("skipped.not-admitted")), (1, 1));
    assert_eq!(server.seen(), ["firma.example /robots.txt", "firma.example /a", "firma.example /b"]);
}

#[test]
fn what_the_caller_does_not_admit_is_neither_queued_nor_fetched_nor_remembered() {
    let server = Server::start(|request| match request.path.as_str() {
        "/" => Response::page(&["/ada", "/bob"]),
        _ => Response::page(&[]),
    });
    let mut frontier = MemoryFrontier::default();
    let admit = |url: &str| !url.ends_with("/ada");
    let (told, result) = try_crawl(&config(&server), &["http://firma.example/"], &mut frontier, &admit, usize::MAX);
    result.unwrap();
    assert_eq!(told.urls(), ["http://firma.example/", "http://firma.example/bob"]);
    assert_eq!(told.count("links.not_admitted"), 1);
    assert!(!frontier.mentions("/ada"));
    // Refused since it was queued.
    let (told, result) = try_crawl(&config(&server), &["http://firma.example/"], &mut frontier, &|_| true, 0);
    assert!(result.is_ok() && told.pages.is_empty());
    frontier.next_crawl();
    frontier.queue.push(("http://firma.example/bob".to_owned(), 1));
    let nobody = |url: &str| !url.ends_with("/bob");
    let (told, result) = try_crawl(&config(&server), &["http://firma.example/"], &mut frontier, &nobody, usize::MAX);
    result.unwrap();
    assert_eq!(told.count("skipped.not-admitted"), 1);
    assert!(!frontier.memories.contains_key("http://firma.example/bob"));
    assert_eq!(frontier.memories["http://firma.example/"].links, [""; 0]);
}

#[test]
fn seeds_that_are_no_urls_are_told_and_the_others_crawled() {
    let server = Server::start(|_| Response::page(&[]));
    let told = crawl_all(&config(&server), &["firma.example", "ftp://firma.example/", "http://firma.example"]);
    assert_eq!(told.urls(), ["http://firma.example/"]);
    assert_eq!(told.report.problems.iter().filter(|problem| problem.kind == "seed.invalid").count(), 2);
}

#[test]
fn a_configuration_that_cannot_be_sent_is_an_error() {
    let server = Server::start(|_| Response::page(&[]));
    for broken in [
        CrawlConfig { user_agent: "muster\n".to_owned(), ..config(&server) },
        CrawlConfig { product_token: "*".to_owned(), ..config(&server) },
    ] {
        let (_, result) =
            try_crawl(&broken, &["http://firma.example/"], &mut MemoryFrontier::default(), &|_| true, usize::MAX);
        assert!(result.is_err());
    }
    assert!(server.seen().is_empty());
}
