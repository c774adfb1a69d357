//! Plain lists: numbers that nobody may send to, and messages from phones.

use salio_domain::ids::InboundId;
use salio_domain::{AccountId, Msisdn};
use salio_store::*;

use super::harness::Harness;

fn number(last: u32) -> Msisdn {
    Msisdn::from_stored(format!("254712345{last:03}"))
}

pub async fn stopped_numbers_are_kept_since_the_first_time(h: &mut Harness) {
    assert_eq!(h.store().stops().await.unwrap(), vec![]);
    let first = h.now;
    h.store().add_stops(&[number(2), number(1)], h.now).await.unwrap();
    h.wait(5);
    h.store().add_stops(&[number(1), number(3)], h.now).await.unwrap();
    let mut all = h.store().stops().await.unwrap();
    all.sort();
    assert_eq!(all, vec![(number(1), first), (number(2), first), (number(3), h.now)]);
    h.restart().await;
    assert_eq!(h.store().stops().await.unwrap().len(), 3);
}

pub async fn a_number_is_taken_off_the_list(h: &mut Harness) {
    h.store().add_stops(&[number(1)], h.now).await.unwrap();
    assert!(h.store().remove_stop(&number(1)).await.unwrap());
    assert!(!h.store().remove_stop(&number(1)).await.unwrap(), "it was not on it");
    assert_eq!(h.store().stops().await.unwrap(), vec![]);
}

fn inbound(h: &mut Harness, account: AccountId) -> InboundRow {
    InboundRow {
        id: InboundId::from_raw(h.id()),
        account,
        received_at: h.now,
        from: "254712345001".to_owned(),
        to: Some("22141".to_owned()),
        text: "STOP".to_owned(),
        provider_message_id: None,
        sent_at: Some("2606011200".to_owned()),
        raw: "from=254712345001".to_owned(),
    }
}

pub async fn messages_from_phones_are_kept_newest_first(h: &mut Harness) {
    h.defs.push(super::harness::account_def("onfon-two", "made-up-client-two"));
    let other = h.restart().await[1].account;
    let account = h.account;
    let (one, two, three) = (inbound(h, account), inbound(h, other), inbound(h, account));
    for row in [&one, &two, &three] {
        h.store().inbound(row.clone()).await.unwrap();
    }
    let listed = async |account, before, limit| h.store().inbound_messages(account, before, limit).await.unwrap();
    assert_eq!(listed(None, None, 10).await, vec![three.clone(), two.clone(), one.clone()]);
    assert_eq!(listed(Some(h.account), None, 10).await, vec![three.clone(), one.clone()]);
    assert_eq!(listed(None, Some(three.id), 1).await, vec![two]);
    assert!(h.store().last_id().await.unwrap() >= three.id.raw());
    let nobody = inbound(h, AccountId::from_raw(77));
    assert!(h.store().inbound(nobody).await.is_err());
    h.restart().await;
    assert_eq!(h.store().inbound_messages(Some(h.account), None, 10).await.unwrap(), vec![three, one]);
}
