//! One list of what every store must do, run on each of them. A store knows nothing of the others; this is the only place that says they are alike.
//!
//! A test that is not in the list below does not compile: it would be dead code.
#![deny(dead_code)]
#![expect(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "the helpers of tests fail by panicking")]

#[path = "conformance/mod.rs"]
mod suite;

macro_rules! conformance {
    ($($room:ident { $($name:ident,)* })*) => {
        conformance!(@ memory, Memory, $($($room $name)*)*);
        conformance!(@ sqlite, Sqlite, $($($room $name)*)*);
    };
    (@ $store:ident, $house:ident, $($room:ident $name:ident)*) => {
        mod $store {
            $(
                #[tokio::test]
                async fn $name() {
                    let mut harness = crate::suite::harness::Harness::over(Box::<crate::suite::house::$house>::default()).await;
                    crate::suite::$room::$name(&mut harness).await;
                    crate::suite::books::after(&mut harness).await;
                }
            )*
        }
    };
}

conformance! {
    accepting {
        accepted_messages_wait_and_their_charges_are_queued,
        a_message_of_later_is_scheduled,
        messages_are_accepted_whole_or_not_at_all,
        an_account_nobody_knows_accepts_nothing,
        the_same_key_and_body_give_the_first_answer,
        the_same_key_with_another_body_is_told_apart,
        keys_belong_to_their_scope,
        a_key_is_kept_for_seven_days,
        keys_and_messages_survive_a_restart,
        the_last_id_is_the_largest_of_all_kinds,
        what_has_not_left_can_be_taken_back,
        what_has_left_cannot_be_taken_back,
    }
    submitting {
        nothing_due_begins_nothing,
        a_charge_counts_from_the_begin_of_its_submission,
        higher_priorities_overtake_and_the_oldest_goes_first,
        one_sender_and_one_encoding_in_a_submission,
        never_one_number_twice_in_a_submission,
        no_more_than_the_limit_in_a_submission,
        numbers_that_repeat_do_not_hide_those_behind_them,
        a_scheduled_message_waits_for_its_time,
        a_message_past_its_validity_expires_and_is_not_sent,
        expiry_alone_changes_the_account_too,
        a_message_that_waits_for_another_try_is_not_due_before,
        what_may_go_does_not_wait_for_a_clock_that_went_back,
        accounts_do_not_share_a_queue,
    }
    ending {
        every_decision_has_its_own_effect,
        refusing_everything_leaves_nothing_pending,
        a_submission_ends_once,
        an_end_has_one_result_for_each_message,
        the_providers_names_are_kept_and_need_not_be_unique,
        every_name_of_every_try_is_kept,
        what_an_answer_confirmed_is_not_given_back_by_a_refusal,
        several_submissions_run_side_by_side,
    }
    pausing {
        a_paused_account_begins_nothing,
        the_first_cause_stays,
        a_refusal_for_good_may_pause_too,
        a_person_lets_it_go_on,
        a_person_may_hurry_what_waits_without_a_pause,
        a_top_up_ends_the_lack_of_credit,
        a_top_up_does_not_mend_credentials,
        a_persons_success_ends_the_refusal_of_credentials,
        a_persons_success_does_not_bring_credit,
        a_pause_survives_a_restart,
    }
    asking {
        questions_are_numbered_and_placed_in_order,
        begun_questions_count_for_the_budget,
        a_question_ends_once,
        a_failure_keeps_the_figure_and_counts,
        an_answer_ends_the_failures,
        refused_credentials_wait_for_a_person,
        an_older_answer_is_kept_and_changes_nothing_shown,
        a_cleared_figure_is_stale_until_the_next_answer,
        questions_are_listed_newest_first,
    }
    taking {
        the_first_figure,
        agreement_confirms_what_was_sent,
        what_overlaps_a_question_may_be_in_its_answer,
        a_charge_begun_after_the_answer_is_not_in_it,
        late_charging_settles_in_steps,
        what_is_never_charged_is_remembered_and_explains_a_fall,
        memory_ends_after_its_window,
        memory_survives_a_restart,
        a_top_up_without_open_charges_is_exact,
        a_top_up_among_charges_is_a_range_until_they_agree,
        a_top_up_among_charges_is_settled_by_the_schedule,
        a_second_top_up_ends_the_range_of_the_first,
        a_top_up_after_the_schedule_is_fixed_at_once,
        a_doubtful_charge_is_remembered_beside_a_top_up,
        two_top_ups_the_second_after_the_schedule,
        a_first_figure_after_sends_is_open_but_no_top_up,
        under_traffic_that_never_pauses_old_charges_are_let_go,
        drift_is_taken_at_once,
    }
    forms {
        the_first_figure_fixes_the_form,
        another_form_is_quarantined,
        the_old_form_ends_the_quarantine,
        a_person_accepts_the_form_and_the_next_figure_is_a_first_one,
        accepting_the_form_drops_an_open_top_up,
        without_a_quarantine_there_is_nothing_to_accept,
    }
    restarting {
        what_had_begun_is_in_doubt,
        what_was_confirmed_before_the_end_stays_confirmed,
        a_late_holder_cannot_write,
        the_version_only_grows,
        touching_changes_the_version_alone,
        running_questions_are_abandoned_and_still_count,
        everything_stands_as_before,
        an_account_is_found_by_its_word,
        else_by_its_client_and_then_it_is_renamed,
        others_are_new_and_come_in_the_order_asked_for,
        accounts_may_swap_their_clients,
        a_price_is_dated_when_it_differs,
        other_credentials_clear_a_refusal_and_its_pause,
        other_credentials_do_not_clear_other_troubles,
        retries_and_schedules_wait_on_across_a_restart,
    }
    looking {
        messages_are_filtered,
        pages_follow_each_other_without_gaps,
        history_is_thinned_to_steps,
        history_shows_what_was_shown,
        happenings_come_newest_first_and_limited,
        a_top_up_is_told_with_what_is_known_by_now,
        looking_changes_nothing,
        a_closed_store_says_so,
    }
}

macro_rules! stories {
    ($($name:ident: $seeds:expr,)*) => {
        mod stories {
            $(
                #[tokio::test]
                async fn $name() {
                    for seed in $seeds {
                        crate::suite::story::story(seed).await;
                    }
                }
            )*
        }
    };
}

// Split so that they run side by side.
stories! {
    seeds_0_to_49: 0..50,
    seeds_50_to_99: 50..100,
    seeds_100_to_149: 100..150,
    seeds_150_to_199: 150..200,
    seeds_200_to_249: 200..250,
    seeds_250_to_299: 250..300,
}
