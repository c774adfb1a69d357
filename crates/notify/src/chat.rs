//! A short message for people in a chat, and cutting it to what a service takes.
//!
//! Knows nothing of: any one service.

/// A message for a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    /// What it is about, in one line.
    pub title: String,
    /// The text; may have several lines, may be empty.
    pub body: String,
    /// Somebody must act now.
    pub critical: bool,
}

impl Chat {
    /// Title and body as one plain text, the critical ones marked.
    pub(crate) fn text(&self) -> String {
        let mark = if self.critical { "🔴 " } else { "" };
        let gap = if self.body.is_empty() { "" } else { "\n" };
        format!("{mark}{}{gap}{}", self.title, self.body)
    }
}

/// Cuts a text so that the sizes of its characters come to no more than `most`, with a mark where it was cut.
pub(crate) fn cut(text: &str, most: usize, size: impl Fn(char) -> usize) -> String {
    if text.chars().map(&size).sum::<usize>() <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(size('…'));
    let kept = text.chars().take_while(|c| {
        let fits = size(*c) <= left;
        left = left.saturating_sub(size(*c));
        fits
    });
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_text_of_both() {
        for (title, body, critical, text) in
            [("Low", "412 units left", false, "Low\n412 units left"), ("Low", "412 units left", true, "🔴 Low\n412 units left"), ("Test", "", false, "Test")]
        {
            assert_eq!(Chat { title: title.to_owned(), body: body.to_owned(), critical }.text(), text);
        }
    }

    proptest! {
        #[test]
        fn a_cut_text_fits_and_begins_as_it_did(text in "\\PC{0,60}", most in 4..40_usize) {
            for size in [char::len_utf8, char::len_utf16, |_| 1] {
                let kept = cut(&text, most, size);
                prop_assert!(kept.chars().map(size).sum::<usize>() <= most);
                prop_assert!(kept == text || text.starts_with(kept.strip_suffix('…').unwrap()));
            }
        }
    }
}
