//! The list of all checks, once: for programs that run them, and for the tests that the macro makes.

/// Makes one test of each check, in modules named after the families, for a [`Subject`](crate::Subject).
/// The [crate's page](crate) has an example. Two suites in one file go into modules of their own.
#[macro_export]
macro_rules! suite {
    ($subject:expr) => {
        $crate::__for_each_check! { __tests [$subject] }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __for_each_check {
    ($callback:ident [$($arguments:tt)*]) => {
        $crate::$callback! {
            [$($arguments)*]
            contract {
                profile_is_stable
                inputs_are_declared_where_they_count
                capable_operations_work
                requests_are_authentic
                incapable_operations_say_so
                embed_tokens_are_promised
                idempotency_keys_are_sent_where_they_count
                wrappers_are_transparent
                dropped_calls_leave_it_usable
                concurrent_calls_get_their_own_answers
                a_hanging_call_blocks_no_other
                calls_do_not_block_the_thread
                byte_order_marks_are_skipped
                unread_members_spoil_nothing
            }
            start {
                missing_inputs_are_reported_together
                required_inputs_are_enough_and_needed
                wrong_inputs_are_reported_together
                references_that_cannot_be_kept_are_refused
                unused_inputs_are_listed
                used_inputs_are_sent_and_others_are_not
                musts_are_kept
                invitations_are_off_unless_asked_for
                references_survive_a_restart
                sessions_are_open
                refreshed_sessions_are_the_same_verification
                foreign_references_lead_nowhere
                session_urls_are_https
                return_urls_are_https
                return_urls_arrive_as_they_were_meant
                return_urls_leave_the_vendors_names_free
            }
            status {
                the_profile_has_the_documented_words
                documented_states_mean_what_they_say
                invented_states_are_unrecognized
                odd_states_are_no_decision
                answers_about_somebody_else_are_conflicts
                answers_about_nobody_in_particular_are_no_states
                numbers_are_compared_as_text
                errors_beside_a_word_are_no_states
                names_that_stand_twice_are_no_decision
                unreadable_details_cost_no_state
                other_answers_are_read_alike
                other_answers_know_the_same_words
                finds_are_complete
                lists_keep_to_the_reference
                lists_are_read_whole_or_not_at_all
                lists_that_go_on_are_not_cut_short
            }
            ending {
                cancelled_sessions_are_cancelled
                cancellations_may_be_repeated
                erasures_say_how_far_they_have_come
            }
            errors {
                statuses_mean_the_same_with_every_body
                gateway_pages_are_no_answers
                gateway_statuses_are_repeatable
                documented_errors_are_understood
                useless_successes_are_errors
                useless_successes_say_what_they_were
                spoilt_messages_hide_no_code
                lost_answers_are_unknown
                a_lost_step_ends_the_operation
                a_refused_step_ends_the_operation
                refused_connections_sent_nothing
                redirects_are_not_followed
                errors_stand_alone
            }
            retry {
                lost_answers_make_no_second_session
                server_errors_after_the_work_make_no_second_session
                useless_successes_make_no_second_session
                failed_steps_make_no_second_session
                a_call_is_one_attempt
                refreshes_never_reuse_a_key
            }
            webhook {
                documented_words_mean_what_they_say
                documented_codes_mean_what_they_say
                invented_words_are_unrecognized
                events_without_a_verdict_ask_for_a_check
                forgeries_are_refused
                stale_webhooks_are_refused
                rotated_secrets_are_both_good
                signatures_may_be_joined_with_commas
                instances_without_secrets_fail_closed
                other_events_are_ignored
                unreadable_bodies_are_refused
                byte_order_marks_are_skipped
                unread_members_spoil_nothing
                names_that_stand_twice_are_no_status
                events_that_contradict_themselves_have_no_status
                event_ids_tell_repetitions
                events_name_whom_they_are_about
            }
            redirect {
                documented_words_mean_what_they_say
                claims_are_hints
                malformed_urls_are_refused
                urls_of_other_sessions_are_refused
                other_parameters_are_ignored
            }
            time {
                expiries_follow_the_profile
                waits_are_read
                waits_in_other_forms_are_read
                attempts_end
                deadlines_end_attempts
                passed_deadlines_send_nothing
            }
            privacy {
                debug_shows_nothing
                errors_show_nothing
                refusals_show_nothing
                logs_show_nothing
                references_hold_no_credential
                identities_are_given_where_they_are_asked_for
            }
            config {
                unknown_keys_are_named
                all_mistakes_are_reported
                wrong_types_are_named
                missing_keys_are_named
                secrets_are_resolved_at_once
                placeholders_are_no_secrets
                problems_repeat_no_secret
                addresses_are_https
                http_options_are_obeyed
                the_schema_knows_every_key
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __tests {
    ([$subject:expr] $($family:ident { $($check:ident)+ })+) => {
        fn subject_of_the_suite() -> impl $crate::Subject {
            $subject
        }

        $(mod $family {
            $(#[test]
            fn $check() -> ::core::result::Result<(), $crate::Failed> {
                let subject: ::std::sync::Arc<dyn $crate::Subject> = ::std::sync::Arc::new(super::subject_of_the_suite());
                $crate::check(&subject, stringify!($family), stringify!($check)).map($crate::__tell)
            })+
        })+

        #[test]
        fn deviations_are_declared_well() -> ::core::result::Result<(), $crate::Failed> {
            $crate::check_deviations(&subject_of_the_suite())
        }
    };
}

macro_rules! table {
    ([] $($family:ident { $($check:ident)+ })+) => {
        &[$($(Check {
            family: stringify!($family),
            name: stringify!($check),
            run: |trial, cases| Box::pin($crate::checks::$family::$check(trial, cases)),
        }),+),+]
    };
}
pub(crate) use table as __table;
