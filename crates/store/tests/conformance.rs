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
        what_was_refused_together_goes_by_itself,
        the_first_try_is_remembered,
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
        what_may_go_already_keeps_its_time,
        a_top_up_ends_the_lack_of_credit,
        a_top_up_does_not_mend_credentials,
        a_persons_success_ends_the_refusal_of_credentials,
        a_persons_success_does_not_bring_credit,
        a_pause_survives_a_restart,
        a_person_stops_an_account_and_lets_it_go_on,
        only_a_person_ends_what_a_person_stopped,
        a_person_ends_both_and_both_are_told,
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
        prices_of_prefixes_are_dated_each_for_itself,
        a_price_that_is_no_longer_named_ends,
        charges_in_doubt_stay_pending_in_the_books,
    }
    lanes {
        lanes_take_turns,
        a_submission_that_is_not_full_goes_on_with_the_next_lane,
        higher_priorities_of_any_lane_go_first,
        several_submissions_begin_in_one_call,
        no_more_begin_than_were_asked_for,
        submissions_of_one_call_may_differ_in_sender,
        the_same_number_goes_in_another_submission_of_the_call,
        lanes_that_do_not_run_are_passed_over,
        what_was_tried_returns_to_its_lane,
        scheduled_messages_of_a_batch_are_counted_when_they_come_due,
    }
    holding {
        what_the_credit_does_not_cover_is_held,
        an_unknown_balance_holds_nothing,
        what_costs_nothing_always_goes,
        the_credit_limit_may_be_used,
        the_reserve_is_for_high_priority,
        a_short_priority_holds_all_below_and_none_above,
        a_top_up_lets_it_go_and_it_is_held_no_more,
        nothing_is_held_when_nothing_of_its_ranks_is_due,
        a_refused_charge_is_there_for_the_next,
        messages_are_accepted_only_as_far_as_they_are_covered,
        without_rules_everything_is_accepted,
    }
    streams {
        staged_messages_count_nowhere_else,
        a_whole_batch_is_released_in_one_step,
        only_the_next_block_of_a_receiving_batch_is_staged,
        a_block_is_staged_whole_or_not_at_all,
        refused_lines_are_kept_in_order,
        a_broken_stream_is_gone_on_with_under_its_key,
        a_key_of_an_accepted_batch_tells_the_batch,
        a_key_belongs_to_its_account_form_and_scope,
        a_key_is_free_after_its_time,
        what_is_not_covered_is_refused_and_its_key_is_free,
        the_credit_limit_and_the_reserve_count_at_the_release,
        a_held_batch_is_released_and_waits,
        with_partial_the_longest_run_that_is_covered_is_released,
        with_partial_nothing_covered_is_refused,
        with_partial_everything_covered_is_whole,
        a_stream_without_a_good_line_is_refused,
        a_dropped_stream_sends_nothing,
        a_released_stream_is_not_dropped,
        a_staged_message_may_be_taken_back_alone,
        scheduled_lines_wait_for_their_time,
    }
    ordering {
        a_list_makes_a_batch,
        pausing_and_resuming_a_batch,
        what_is_on_its_way_goes_on_while_a_batch_is_paused,
        cancelling_takes_back_what_has_not_left,
        what_comes_back_to_a_cancelled_batch_is_taken_back,
        a_paused_batch_may_be_cancelled,
        a_receiving_batch_can_only_be_cancelled,
        what_has_ended_takes_no_orders,
        batches_are_filtered_newest_first,
    }
    sweeping {
        nothing_to_do_changes_nothing,
        at_most_so_many_at_once,
        what_was_never_queued_takes_nothing_out_of_the_account,
        messages_expire_while_their_account_is_paused,
        messages_of_a_paused_batch_expire,
        staged_messages_do_not_expire,
        a_stream_that_nobody_goes_on_with_is_dropped,
        a_batch_that_was_taken_back_stays_so_across_restarts,
        a_stream_without_a_key_ends_with_its_process,
    }
    resending {
        a_second_try_that_certainly_failed_leaves_the_first_in_doubt,
        a_second_try_that_did_not_arrive_waits_and_evidence_stops_it,
        what_waits_for_a_third_try_is_in_doubt_when_it_is_taken_back,
        a_report_of_the_first_try_while_the_second_runs_is_folded_in_at_its_end,
        a_report_while_the_second_runs_outlives_its_process,
        a_number_reported_while_the_second_runs_is_matched_when_that_did_not_arrive,
        a_refused_second_try_counts_as_in_doubt_in_its_batch,
    }
    reporting {
        a_report_moves_its_message,
        a_failure_of_the_network_is_undelivered_and_charged,
        final_states_absorb,
        words_without_a_meaning_change_nothing,
        a_report_without_a_word_tells_what_it_means,
        a_report_of_nobody_is_kept,
        a_name_in_another_casing_is_the_same_name_unless_it_is_anothers,
        a_report_that_comes_before_the_name_is_folded_in_at_the_end,
        an_early_report_settles_a_named_doubt,
        a_report_by_name_settles_a_doubt,
        without_a_known_name_the_number_may_do,
        two_doubts_to_one_number_are_not_told_apart,
        a_number_that_is_being_submitted_to_is_not_told_apart,
        what_came_while_a_submission_ran_is_matched_when_it_has_ended_in_doubt,
        what_came_before_a_submission_began_is_not_of_it,
        a_number_is_good_for_a_day_and_its_text_must_fit,
        names_are_not_unique_and_the_oldest_open_one_is_meant,
        names_belong_to_their_account,
        reports_count_in_the_batch,
        reports_are_filtered_newest_first,
        reports_survive_a_restart,
        what_came_early_is_matched_in_whatever_form_its_number_is_written,
        what_a_person_said_was_sent_is_found_by_its_number,
        what_was_sent_without_a_name_is_not_guessed,
    }
    settling {
        a_person_says_it_was_sent,
        a_person_says_it_was_not_sent,
        only_what_is_in_doubt_is_settled,
        what_a_figure_confirmed_is_passed_on_when_it_never_was,
        what_is_remembered_explains_nothing_once_it_never_was,
        a_look_up_finds_it,
        a_found_name_brings_its_reports,
        sending_again_leaves_the_first_charge_in_doubt,
        evidence_stops_sending_again,
        a_second_doubt_is_a_doubt_of_its_own,
        a_second_doubt_that_was_sent_leaves_the_first_charge_in_doubt,
        nothing_is_sent_again_into_a_cancelled_batch,
        what_waits_to_be_sent_again_may_be_taken_back,
        sending_again_moves_the_batch,
        doubts_are_looked_up_when_they_are_due,
        a_look_up_knows_the_names_of_others_to_that_number,
        names_of_messages_that_wait_again_are_those_of_others,
        old_doubts_are_listed_by_age,
        doubts_of_a_lost_process_are_doubts,
        the_same_request_settles_once,
        a_look_up_that_failed_does_not_count,
    }
    booking {
        a_submission_is_booked_at_its_begin_and_end,
        entries_are_numbered_and_chained,
        nothing_to_charge_writes_nothing,
        a_day_is_sealed_by_the_first_entry_of_a_later_one,
        a_clock_that_goes_back_opens_no_day_again,
        evidence_is_booked_on_its_message,
        what_nobody_waits_for_is_in_suspense,
        late_evidence_takes_it_out_of_suspense,
        late_evidence_of_the_contrary_voids_it,
        charges_that_are_sure_are_never_in_suspense,
        accounts_keep_books_of_their_own,
    }
    keys {
        keys_are_kept,
        a_name_belongs_to_one_living_key,
        a_key_is_taken_back_once,
        the_last_use_is_kept_to_the_minute,
        reports_are_forwarded_to_the_key_of_their_message,
        a_forward_is_tried_again_or_given_up,
        forwards_of_one_message_wait_for_each_other,
        forwards_by_busy_keys_are_left_out,
        what_nobody_wants_is_not_forwarded,
        early_reports_are_forwarded_too,
    }
    listing {
        stopped_numbers_are_kept_since_the_first_time,
        a_number_is_taken_off_the_list,
        messages_from_phones_are_kept_newest_first,
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
