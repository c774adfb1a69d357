//! Made-up texts, senders and numbers.
//!
//! Knows nothing of: who sends them when.

use super::dice::Dice;

/// What one account of the demo is like.
#[derive(Clone, Copy, Debug)]
pub struct Flavour {
    /// The word people use.
    pub slug: &'static str,
    /// Approved senders.
    pub senders: &'static [&'static str],
    /// What it sends.
    pub texts: &'static [&'static str],
    /// What a campaign says to each by name; none for those that send none.
    pub campaign: Option<(&'static str, &'static str)>,
    /// Recipients of one batch.
    pub batch: (u32, u32),
    /// Of a hundred half hours in full business, in how many it sends.
    pub busy: u32,
    /// Whole units at the beginning of the history.
    pub credit: i64,
    /// Whole units of a top-up.
    pub top_up: i64,
    /// Below so many whole units somebody tops up.
    pub low: i64,
}

/// Notices of a shop.
pub const ONFON: Flavour = Flavour {
    slug: "onfon",
    senders: &["DUKA", "DUKA-PAY"],
    texts: &[
        "Your order is ready for collection at the Moi Avenue shop. Open until 18:00.",
        "Payment received, thank you. Your receipt was sent by e-mail.",
        "Reminder: your parcel waits at the shop. We keep it for three more days, then it goes back to the sender. Bring the number of your order and an identity card; somebody else may collect it with a note from you.",
        "Your delivery is on its way and arrives today between 14:00 and 16:00.",
        "Karibu! Your account is open. Reply STOP to end these messages.",
    ],
    campaign: None,
    batch: (8, 38),
    busy: 80,
    credit: 1_850,
    top_up: 1_000,
    low: 900,
};

/// Campaigns.
pub const MARKETING: Flavour = Flavour {
    slug: "onfon-marketing",
    senders: &["SOKO-DEALS"],
    texts: &[
        "This weekend only: 20% off all garden tools. Visit us on Moi Avenue or ask for delivery.",
        "New in the shop: solar lamps from KSh 950. The first hundred come with a free charger. Offer while stocks last, one for each customer. Reply STOP to end these messages.",
        "Habari! Maduka yetu yatafunguliwa Jumapili kuanzia saa tatu asubuhi. Karibu sana – tutafurahi kukuona.",
    ],
    campaign: Some(("Weekend deals", "Habari {name}! This weekend {shop} has 20% off for you. Reply STOP to end these messages.")),
    batch: (30, 110),
    busy: 30,
    credit: 4_200,
    top_up: 2_500,
    low: 2_000,
};

/// First names.
const NAMES: [&str; 8] = ["Asha", "Juma", "Nia", "Otieno", "Wanjiru", "Kamau", "Achieng", "Baraka"];
/// Shops.
const SHOPS: [&str; 3] = ["Moi Avenue", "Kisumu", "Nakuru"];
/// What people write back, and to which short code.
const REPLIES: [&str; 4] = ["STOP", "Asante! When do you open?", "Is the solar lamp still there?", "Please call me back"];
/// The number that they write to.
pub const SHORT_CODE: &str = "20880";

/// A file for a campaign, as a shop would have it.
pub fn campaign(dice: &mut Dice, count: u32) -> String {
    let mut file = String::from("phone,name,shop\n");
    for number in numbers(dice, count) {
        let (name, shop) = (dice.one_of(&NAMES).copied().unwrap_or_default(), dice.one_of(&SHOPS).copied().unwrap_or_default());
        file.push_str(&format!("{number},{name},{shop}\n"));
    }
    // Files have such lines.
    file.push_str("0712,Nobody,Nakuru\n");
    file
}

/// What a phone writes, from which number.
pub fn reply(dice: &mut Dice) -> (String, &'static str) {
    let from = numbers(dice, 1).pop().unwrap_or_default();
    (from, dice.one_of(&REPLIES).copied().unwrap_or_default())
}

/// Numbers that the demo writes to.
const NUMBERS: u32 = 900;

/// Different numbers: `254700000001` and so on.
pub fn numbers(dice: &mut Dice, count: u32) -> Vec<String> {
    let first = dice.between(1, NUMBERS);
    (0..count.min(NUMBERS)).map(|step| format!("2547{:08}", (first + step) % NUMBERS + 1)).collect()
}

#[cfg(test)]
mod tests {
    use salio_domain::Msisdn;
    use salio_domain::message::sender_fits;

    use super::*;

    #[test]
    fn everything_made_up_could_be_sent() {
        for flavour in [ONFON, MARKETING] {
            assert!(flavour.senders.iter().all(|sender| sender_fits(sender)));
            assert!(!flavour.texts.is_empty() && flavour.batch.0 <= flavour.batch.1);
        }
        let mut all = numbers(&mut Dice::new(7, 1), NUMBERS);
        assert!(all.iter().all(|number| Msisdn::parse(number, "KE").is_ok_and(|parsed| parsed.as_str() == number)));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 900);
    }
}
