-- Plans that came to nothing, whose bills are forgotten after a while: without a content hash nothing is left of them.
create index plan_to_forget on coverage.plan (hospital_id, updated_at)
  where status in ('quoting', 'quoted', 'declined', 'released') and content_hash <> '';
