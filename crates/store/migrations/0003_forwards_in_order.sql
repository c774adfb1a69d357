-- Of one message reports are handed on in their order: whether an earlier one has not ended is looked up for each that is due.
CREATE INDEX forwards_unfinished_by_message ON forwards (message_id, forward_id) WHERE next_try_at IS NOT NULL;
