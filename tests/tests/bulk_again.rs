//! A stream that was taken gives the same answer again under its key, also when what it asked for could not be asked for any more. In virtual time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::time::Duration;

use futures::stream;
use salio_domain::{Timestamp, Units};
use salio_engine::bulk::{Broken, BulkError, BulkForm, BulkOutcome, BulkRequest};
use salio_tests::house::{House, in_virtual_time};

const CSV: &str = "to,name\n254700000001,Amina\n254700000002,Juma\n";

async fn send(house: &House, key: Option<&str>, valid_until: Option<Timestamp>) -> Result<BulkOutcome, BulkError> {
    let request = BulkRequest {
        form: BulkForm::Csv { delimiter: None },
        account: None,
        text: Some("Hi {name}".to_owned()),
        from: None,
        reference: None,
        send_at: None,
        valid_until,
        priority: None,
        on_short: None,
        to_column: None,
        name: None,
        key: key.map(|key| ("tests".to_owned(), key.to_owned())),
        token: None,
    };
    house.engine.intake().bulk(request, stream::iter([Ok::<_, Broken>(CSV.into())])).await
}

#[test]
fn the_answer_outlives_the_time_that_the_messages_had() {
    in_virtual_time(async {
        let mut house = House::open(3, Units::whole(700)).await;
        house.pass(Duration::from_secs(2)).await;
        let until = house.clock.now().after(Duration::from_mins(1));
        let first = send(&house, Some("k-1"), Some(until)).await.unwrap();
        assert_eq!((first.replayed, first.row.messages), (false, 2));
        house.pass(Duration::from_hours(1)).await;
        let again = send(&house, Some("k-1"), Some(until)).await.unwrap();
        assert_eq!((again.replayed, again.row.id, again.row.messages), (true, first.row.id, 2));
        house.restart().await;
        assert_eq!(send(&house, Some("k-1"), Some(until)).await.unwrap().row.id, first.row.id);
        assert_eq!(house.provider.look(|books| books.accepted.len()), 2);
    });
}

#[test]
fn what_was_never_taken_is_refused_with_and_without_a_key_and_frees_it() {
    in_virtual_time(async {
        let house = House::open(4, Units::whole(700)).await;
        house.pass(Duration::from_secs(2)).await;
        let over = Some(house.clock.now().before(Duration::from_secs(1)));
        for key in [None, Some("k-1")] {
            let refused = send(&house, key, over).await;
            assert!(matches!(&refused, Err(BulkError::Draft(wrong)) if wrong.code == "valid_until_passed"), "{refused:?}");
        }
        let taken = send(&house, Some("k-1"), Some(house.clock.now().after(Duration::from_mins(1)))).await.unwrap();
        assert_eq!((taken.replayed, taken.row.messages), (false, 2));
    });
}
