//! The dashboard's files and the pages about the API. Works with and without a built dashboard.

use crate::support::world;

#[tokio::test]
async fn the_page_is_given_for_its_own_paths_under_a_strict_policy() {
    let world = world().await;
    for path in ["/", "/send", "/messages", "/messages/msg_0000000000001"] {
        let page = world.get(path).await;
        assert_eq!((page.status, page.header("content-type"), page.header("cache-control")), (200, "text/html; charset=utf-8", "no-cache"), "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';") && !policy.contains("unsafe"), "{policy}");
        assert!(page.text.contains("<title>Salio</title>"), "{}", page.text);
    }
    assert_eq!(world.ask("HEAD", "/", &[], "").await.status, 200);
}

#[tokio::test]
async fn paths_for_programs_are_never_answered_with_the_page() {
    let world = world().await;
    for path in
        ["/Webhooks/onfon/dlr", "/WEBHOOKS/onfon/inbound", "/API/v1/accounts", "/Api/webhooks/onfon/dlr", "/V1/other", "//webhooks/onfon/dlr", "//api/v1/messages", "/Docs/none"]
    {
        let refused = world.get(path).await;
        assert_eq!((refused.status, refused.code().as_str()), (404, "not_found"), "{path}");
    }
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_come_compressed() {
    let world = world().await;
    let page = world.get("/").await.text;
    let files: Vec<&str> = page.split('"').filter(|text| text.starts_with("/assets/")).collect();
    assert_eq!(files.is_empty(), page.contains("npm run build"), "either files or the stub: {page}");
    for path in files {
        let plain = world.get(path).await;
        assert_eq!((plain.status, plain.header("cache-control"), plain.header("content-encoding")), (200, "public, max-age=31536000, immutable", ""), "{path}");
        for (accepted, used) in [("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0", "")] {
            let packed = world.ask("GET", path, &[("accept-encoding", accepted)], "").await;
            assert_eq!((packed.status, packed.header("content-encoding"), packed.header("content-type")), (200, used, plain.header("content-type")), "{path} {accepted}");
            assert_eq!(packed.header("vary"), "accept-encoding");
        }
        assert_eq!(world.get(&format!("{path}.br")).await.status, 404);
    }
    for path in ["/../Cargo.toml", "/assets/../../Cargo.toml", "/assets/%2e%2e/index.html"] {
        assert_eq!(world.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_pages_about_the_api_need_no_other_host() {
    let world = world().await;
    let page = world.get("/docs").await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("http://") && !page.text.contains("https://") && !page.text.contains("<style"), "{}", page.text);
    assert!(page.header("content-security-policy").contains("script-src 'self';"));
    let needed: Vec<&str> = page.text.split('"').filter(|text| text.starts_with("/docs/") || text.starts_with("/openapi")).collect();
    assert!(needed.len() >= 3, "{needed:?}");
    for path in needed {
        let file = world.get(path).await;
        assert_eq!(file.status, 200, "{path}");
        assert!(file.text.len() > 50, "{path}");
    }
    let error = world.get("/docs/errors/out_of_calls").await;
    assert_eq!((error.status, error.header("content-type")), (200, "text/plain; charset=utf-8"));
    assert!(error.text.starts_with("# `out_of_calls`"));
}
