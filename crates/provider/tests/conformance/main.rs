//! What every driver must do, whatever vendor it speaks to. A new driver adds a bench (see `onfon.rs`) and one line below.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod calls;
mod look_up;
mod onfon;
mod suite;
#[path = "../support/mod.rs"]
mod support;

/// Every requirement, from whichever file.
mod checks {
    pub use crate::calls::*;
    pub use crate::look_up::*;
    pub use crate::suite::*;
}

/// One test for each requirement, so that a failure names it.
macro_rules! conforms {
    ($bench:ident: $($check:ident),+ $(,)?) => {
        mod $bench {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $check() {
                crate::checks::$check(&crate::$bench::Bench).await;
            })+
        }
    };
}

mod conformance {
    conforms!(onfon:
        a_figure_is_read_exactly,
        acceptance_names_each_message,
        a_refusal_for_lack_of_credit_waits_for_a_top_up,
        wrong_credentials_stop_the_account,
        no_connection_is_certainly_not_sent,
        an_unknown_host_is_certainly_not_sent,
        garbage_instead_of_tls_is_certainly_not_sent,
        silence_is_doubt,
        silence_in_the_middle_of_an_answer_is_doubt,
        a_reset_before_reading_is_never_an_answer,
        a_reset_is_doubt,
        a_wordless_close_is_doubt,
        an_answer_cut_short_is_doubt,
        an_oversize_answer_is_doubt,
        a_proxys_page_is_doubt,
        a_busy_or_broken_server_is_doubt,
        a_redirect_is_not_followed,
        nothing_is_sent_twice,
        a_connection_that_died_while_idle_is_replaced,
        an_empty_submission_asks_nobody,
        many_calls_at_once_keep_their_answers_apart,
        secrets_do_not_come_back,
        a_listed_message_is_found,
        a_look_up_without_a_certain_answer_is_an_error,
        a_look_up_gives_no_secret_back,
        a_call_that_says_nothing_is_kept_and_changes_nothing,
        any_bytes_are_a_call,
    );
}
