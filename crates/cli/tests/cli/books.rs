//! The stop list, the books, keys for programs: with a server and without one.

use crate::site::Site;

fn site() -> Site {
    let site = Site::new();
    site.add(".env", "ONFON_SENDER_ID=DUKA\n");
    site
}

#[test]
fn numbers_go_on_the_stop_list_and_off_it() {
    let site = site();
    site.write("stops.txt", "0722345678\n\n+254 732 345678\n");
    let added = site.run(&["stop-list", "add", "0712345678", "--file", "stops.txt"]).with_code(0);
    assert_eq!(added.out, "3 numbers on the stop list\n");
    let refused = site.run(&["send", "--to", "0712345678", "--text", "Hello"]).with_code(2);
    assert!(refused.err.contains("0712345678 was refused: 254712345678 is on the stop list"), "{}", refused.err);
    let server = site.serve();
    assert_eq!(site.run(&["stop-list", "list", "--json"]).with_code(0).json()["numbers"].as_array().unwrap().len(), 3);
    assert_eq!(site.run(&["stop-list", "remove", "0712345678"]).with_code(0).out, "254712345678  taken off the stop list\n");
    assert!(site.run(&["stop-list", "remove", "0712345678"]).with_code(0).out.contains("was not on the stop list"));
    site.run(&["send", "--to", "0712345678", "--text", "Hello"]).with_code(0);
    site.write("stops.txt", "0742345678\n12\n");
    let wrong = site.run(&["stop-list", "add", "--file", "stops.txt"]).with_code(2);
    assert!(wrong.err.contains("line 2, 12: ") && wrong.err.contains("nothing was put on the list"), "{}", wrong.err);
    assert!(!site.run(&["stop-list", "list"]).with_code(0).out.contains("254742345678"));
    server.stop().with_code(0);
}

#[test]
fn the_books_hold_until_somebody_changes_a_row() {
    let site = site();
    site.run(&["send", "--to", "0712345678", "0722345678", "--text", "Hello"]).with_code(0);
    let whole = site.run(&["ledger", "verify"]).with_code(0);
    assert!(whole.out.starts_with("onfon  whole  ") && whole.out.contains("spent 2.00, pending 0.00"), "{}", whole.out);
    let shown = site.run(&["ledger", "show", "onfon"]).with_code(0);
    assert!(shown.out.contains("charge_pending") && shown.out.contains("pending → spend"), "{}", shown.out);
    assert_eq!(site.run(&["ledger", "show", "onfon", "--limit", "1", "--json"]).with_code(0).json()["entries"][0]["number"], 1);
    let doctor = site.run(&["doctor"]).with_code(0);
    assert!(doctor.out.contains("all as they were written"), "{}", doctor.out);
    tamper(&site);
    let broken = site.run(&["ledger", "verify", "--json"]).with_code(1);
    assert_eq!(broken.json()["ok"], false);
    assert!(broken.err.contains("onfon, entry 1: ") && broken.err.contains("the books do not hold"), "{}", broken.err);
    let server = site.serve();
    site.run(&["ledger", "verify"]).with_code(1);
    assert!(site.run(&["doctor"]).with_code(1).out.contains("fail  books"));
    server.stop().with_code(0);
}

/// Somebody with the file writes into it, past the triggers that forbid it.
fn tamper(site: &Site) {
    let database = rusqlite::Connection::open(site.path("salio-data/salio.db")).unwrap();
    let table: String = database.query_row("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%entries%' ORDER BY name LIMIT 1", [], |row| row.get(0)).unwrap();
    let triggers: Vec<String> = database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?1")
        .unwrap()
        .query_map([&table], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for trigger in triggers {
        database.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    let changed = database.execute(&format!("UPDATE {table} SET amount = amount + 1 WHERE number = 1"), []).unwrap();
    assert_eq!(changed, 1);
}

#[test]
fn a_key_is_shown_once_works_and_ends() {
    let site = site();
    let server = site.serve();
    let made = site.run(&["token", "create", "--name", "shop", "--scope", "drop-in", "--credits-format", "plain", "--json"]).with_code(0).json();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let (id, api_key) = (text("id"), text("api_key"));
    let ask = || server.get(&format!("/v1/sms/Balance?ApiKey={api_key}&ClientId={}", text("client_id")));
    assert!(ask().contains("\"ErrorCode\":0"), "{}", ask());
    let listed = site.run(&["token", "list"]).with_code(0);
    assert!(listed.out.contains(&id) && listed.out.contains("living") && !listed.out.contains(&api_key), "{}", listed.out);
    let twice = site.run(&["token", "create", "--name", "shop", "--scope", "drop-in"]).with_code(1);
    assert!(twice.err.contains("name"), "{}", twice.err);
    assert_eq!(site.run(&["token", "revoke", "shop"]).with_code(0).out, format!("{id}  revoked\n"));
    assert!(!ask().contains("\"ErrorCode\":0"), "{}", ask());
    assert!(site.run(&["token", "revoke", "shop"]).with_code(1).err.contains("no living key"));
    server.stop().with_code(0);
    // Without a server, for people: the secrets with how to use them.
    let told = site.run(&["token", "create", "--name", "second", "--scope", "drop-in", "--dlr-url", "http://127.0.0.1:9/dlr"]).with_code(0);
    for part in ["ApiKey", "ClientId", "AccessKey", "http://127.0.0.1:9/dlr"] {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }
    assert!(told.err.contains("shown this once") && told.err.contains("/v1/sms"), "{}", told.err);
    assert!(site.run(&["token", "list"]).with_code(0).out.contains("revoked"));
}
