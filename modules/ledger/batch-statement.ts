import { type RawBuilder, sql } from 'kysely'

import type { Tx } from '../../platform/db.ts'

// The one statement that posts. Its parts, in the order in which they are worked out: what is there already (known,
// target, day, standing), the accounts that are waited for and locked (authorised), what that leaves of each request
// (judged), and the rows that follow from it.
//
// Who waits for a row reads the newest of it, and everything else as it stood when the statement began. The versions
// tell: where one differs from the one that was seen without waiting, the statement does nothing and says 'stale'. So
// it does where a request promises out of an account that one before it opens, since only a row that is there is locked.
// Before many requests the rows are locked by a statement of their own, so that this one need not wait for them.
//
// One plan is kept for all that is ever asked, also when it was made while the tables were empty: what is looked up by
// a key is so laterally and by its first row, which leaves no other way to it than the index of the key.

/** The statement for so many requests. Its text is put together once, as that takes longer than to post. */
export const batchStatement = (tx: Tx, requests: number) =>
  requests < MANY
    ? { text: textOfFew(tx), isOfMany: false }
    : { text: textOfMany(tx), isOfMany: true }

const MANY = 64

// Its parameters, by their numbers.
const hospitalId = sql.raw('$1::int')
const now = sql.raw('$2::timestamptz')
const hour = sql.raw('$3::timestamptz')
const oversell = sql.raw('$4::boolean')
const requestArrays =
  sql.raw(`$5::text[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::date[],
  $11::boolean[], $12::uuid[], $13::bigint[], $14::boolean[], $15::text[], $16::text[], $17::timestamptz[]`)
const lineArrays = sql.raw('$18::int[], $19::int[], $20::text[], $21::text[], $22::bigint[]')
const accountArrays = sql.raw('$23::text[], $24::text[]')
const reach = {
  codes: sql.raw('$25::text[]'),
  promised: sql.raw('$26::text[]'),
  holdIds: sql.raw('$27::uuid[]'),
}

/**
 * The planner takes an array it does not see for ten rows. For a thousand it would loop where it should hash, and for one
 * it would rather plan the statement anew each time, which takes longer than to run it. These say that there are many, or
 * few, and add and take no row; each makes a text, and so a plan, of its own.
 */
const MANY_ROWS = sql`cross join (select from generate_series(1, ${hospitalId} / ${hospitalId}) limit 100) many`
const FEW_ROWS = sql`limit 100000 + ${hospitalId}`

const compiledOnce = (rowsHint: RawBuilder<unknown>) => {
  let text: string | null = null
  return (tx: Tx): string => (text ??= statement(rowsHint).compile(tx).sql)
}

const statement = (rowsHint: RawBuilder<unknown>) => sql`
    with ${whatIsThere(rowsHint)}, ${whoIsWaitedFor()}, ${judgement()}, ${holdsThatFollow()},
    ${entriesThatFollow()}, ${whatCameOfIt()}
    select s.no::int as no, s.verdict, s.known_id as "knownId", s.known_moves as "knownMoves",
      coalesce(s.known_entry, case when s.is_entered then s.id end) as "entryId", s.booked_on as "bookedOn",
      s.is_written as "isWritten", s.available_fen as "availableFen",
      (select count(*) > 0 from authorised) as "isAuthorised"
    from settled s where not s.is_plain
    union all
    select 0, case when is_stale then 'stale' else 'clear' end, null, null, null, null, true,
      (select count(*) from settled where is_plain), false
    from stale`

const whatIsThere = (rowsHint: RawBuilder<unknown>) => sql`
  request as materialized (
    select * from unnest(${requestArrays})
    with ordinality r (kind, id, cause, subject, memo, business_date, on_next_open, hold_id, amount_fen,
      keeps_rest, debit, credit, expires_at, no) ${rowsHint}
  ), line as materialized (
    select * from unnest(${lineArrays}) l (no, line_no, debit, credit, amount_fen)
      ${rowsHint}
  ), target as materialized (
    select h.id, h.subject, h.debit_account as debit, h.credit_account as credit, h.expires_at, h.amount_fen,
      (h.amount_fen - p.fen)::bigint as remaining_fen, x.outcome as ended, x.entry_id as ended_by,
      p.entries as parts
    from unnest(${reach.holdIds}) r (hold_id)
    cross join lateral (select * from ledger.hold h
      where h.hospital_id = ${hospitalId} and h.id = r.hold_id limit 1) h
    left join lateral (select x.outcome, x.entry_id from ledger.hold_end x
      where x.hospital_id = ${hospitalId} and x.hold_id = r.hold_id limit 1) x on true
    cross join lateral (
      select coalesce(sum(p.amount_fen), 0) as fen, array_agg(p.entry_id) as entries
      from ledger.hold_part p where p.hospital_id = ${hospitalId} and p.hold_id = r.hold_id) p
  ), day as materialized (
    select d.business_date, ${isClosed(sql`d.business_date`)} as is_closed, (
        select min(c.business_date) + 1 from ledger.closing c
        where c.hospital_id = ${hospitalId} and c.business_date >= d.business_date
          and ${isClosed(sql`c.business_date`)}
          and not ${isClosed(sql`c.business_date + 1`)}) as next_open
    from (select distinct business_date from request where business_date is not null) d
  ), standing as materialized (
    select a.code, a.version, a.floor_fen is not null or a.ceiling_fen is not null as is_limited
    from ledger.account a
    where a.hospital_id = ${hospitalId} and a.code = any (${reach.codes}
      || array(select debit from target) || array(select credit from target))
  )`

const isClosed = (date: RawBuilder<unknown>) => sql`
  coalesce((select k.is_closed from ledger.closing k
    where k.hospital_id = ${hospitalId} and k.business_date = ${date}
    order by k.version desc limit 1), false)`

const partsOf = () => sql`
  coalesce((select sum(p.amount_fen) from ledger.hold_part p
    where p.hospital_id = ${hospitalId} and p.hold_id = h.id), 0)`

const whoIsWaitedFor = () => sql`
  books as materialized (
    select version from ledger.books where hospital_id = ${hospitalId} for share
  ), authorised as materialized (
    select a.* from ledger.account a
    where a.hospital_id = ${hospitalId} and a.code = any (array(
      select code from standing where is_limited
      union select unnest(${reach.promised})
      union select credit from target))
    order by a.code for no key update
  ), stale as materialized (
    select not coalesce((select b.version = o.version from books b, ledger.books o
        where o.hospital_id = ${hospitalId}), false)
      or exists (select from authorised a join standing n on n.code = a.code
        where n.version <> a.version)
      or exists (select from request where kind = 'hold' and credit in (select debit from line)
        and credit not in (select code from standing)) as is_stale
  )`

// The order of the cases is the order of precedence.
const judgement = () => sql`
  seen as materialized (
    select f.*, f.finding = 'clear' as is_clear, f.kind = 'post_hold' and f.known_id is null as posts_hold from (
      select r.*, t.subject as hold_subject, t.debit as hold_debit, t.credit as hold_credit, t.remaining_fen,
        coalesce(r.amount_fen, t.remaining_fen) as take_fen, t.amount_fen as hold_fen, k.id as known_id,
        k.moves as known_moves, case when r.kind = 'post_hold' then k.id end as known_entry,
        case when d.is_closed then d.next_open else r.business_date end as booked_on,
        case
          when r.kind in ('post', 'hold') and k.id is not null then 'known'
          when r.kind not in ('post', 'hold') and t.id is null then 'hold_not_found'
          when r.kind = 'post_hold' and (k.id = t.ended_by or k.id = any (t.parts)) then 'exists'
          when t.ended is not null then 'already_' || t.ended
          when r.kind = 'expire_hold' then case when t.expires_at <= ${now} then 'clear' else 'not_expired' end
          when t.expires_at <= ${now} then 'expired'
          when r.kind = 'post_hold' and r.amount_fen > t.remaining_fen then 'exceeds_held'
          when r.kind = 'post_hold' and k.id is not null and k.moves::jsonb <> jsonb_build_array(
            jsonb_build_array(t.debit, t.credit, coalesce(r.amount_fen, t.remaining_fen)))
            then 'exists_with_different'
          when d.is_closed and not r.on_next_open and k.id is null then 'closed_date'
          else 'clear'
        end as finding
      from request r
      left join lateral (${whatIsKnown()}) k on true
      left join target t on t.id = r.hold_id
      left join day d on d.business_date = r.business_date
      where not (select is_stale from stale)
      offset 0 -- or the finding would be worked out wherever it is named
    ) f
  ), move as materialized (
    select l.no, s.id, l.line_no, l.debit, l.credit, l.amount_fen
    from line l join seen s on s.no = l.no and s.is_clear
    union all
    select s.no, s.id, 1, s.hold_debit, s.hold_credit, s.take_fen from seen s where s.is_clear and s.posts_hold
  ), promise as materialized (
    select s.no, coalesce(s.credit, s.hold_credit) as code, case
        when s.kind = 'hold' then s.amount_fen
        when s.kind = 'post_hold' and s.keeps_rest then 0 - s.take_fen
        else 0 - s.remaining_fen
      end as held_fen, s.kind = 'expire_hold' as was_free
    from seen s where s.is_clear and s.kind <> 'post' and not ${oversell}
  ), ${whatIsLeft()}, judged as materialized (
    select j.*, j.verdict = 'clear' as is_done, j.verdict = 'clear' and (j.kind = 'post' or j.posts_hold) as is_booked
    from (
      select s.*, coalesce(f.available_fen, 0) as available_fen, case
          when s.finding <> 'clear' then s.finding
          when f.no is not null then f.why
          when s.kind = 'hold' and not ${oversell}
            and not exists (select from slot where code = s.credit) then 'insufficient'
          else 'clear'
        end as verdict
      from seen s left join refused f on f.no = s.no
      offset 0
    ) j
  )`

// Looked for one by one, by the whole of a key: no statistics, or none yet, make another plan of it.
const whatIsKnown = () => sql`
  select e.id, (
      select json_agg(json_build_array(t.debit_account, t.credit_account, t.amount_fen) order by t.line_no)
      from ledger.transfer t where t.hospital_id = ${hospitalId} and t.entry_id = e.id) as moves
  from ledger.entry e
  where r.kind in ('post', 'post_hold') and e.hospital_id = ${hospitalId} and e.cause = r.cause
  union all
  select h.id, json_build_array(json_build_array(h.debit_account, h.credit_account, h.amount_fen))
  from ledger.hold h
  where r.kind = 'hold' and h.hospital_id = ${hospitalId} and h.cause = r.cause`

// Where all that is asked of an account would be there even if nothing came, nothing is refused, in whatever order it
// comes: only where it is tight is it gone through one by one.
const whatIsLeft = () => sql`
  slot as materialized (
    select a.code, (row_number() over (order by a.code))::int as slot, b.side, a.floor_fen is not null as has_floor,
      (b.own_fen - b.held_fen - coalesce(a.floor_fen, 0))::bigint as available, (a.ceiling_fen - b.own_fen)::bigint as room
    from authorised a
    cross join lateral (
      select s.side, a.held_fen - ${heldByExpired()} as held_fen,
        s.side * (a.debit_fen - a.credit_fen + coalesce((select sum(u.debit_fen - u.credit_fen)
          from ledger.rollup u
          where u.hospital_id = ${hospitalId} and u.account = a.code and not u.in_account), 0)) as own_fen
      from (select case when a.kind in ('asset', 'expense') then 1 else -1 end as side) s
      offset 0 -- worked out once, though it is named twice
    ) b
  ), change as materialized (
    select c.no::int as no, s.slot, sum(c.debit_fen * s.side - c.held_fen)::bigint as available,
      sum(0 - c.debit_fen * s.side)::bigint as room, bool_or(c.held_fen > 0) as is_promise
    from (
      select no, debit as code, amount_fen as debit_fen, 0 as held_fen from move
      union all select no, credit, 0 - amount_fen, 0 from move
      union all select no, code, 0, held_fen from promise where not was_free
    ) c join slot s on s.code = c.code
    group by c.no, s.slot
  ), is_tight as materialized (
    select exists (
      select from slot s join (
        select slot, sum(least(available, 0)) as available, sum(least(room, 0)) as room from change group by slot
      ) w on w.slot = s.slot where s.available + w.available < 0 or s.room + w.room < 0) as is_tight
  ), refused as materialized (
    select f.* from (
      select array_agg(available) as available, array_agg(room) as room, array_agg(has_floor) as has_floor
      from (select * from slot order by slot) s
    ) s, (
      select array_agg(no) as no, array_agg(slot) as slot, array_agg(available) as available,
        array_agg(room) as room, array_agg(is_promise) as is_promise
      from (select * from change where (select is_tight from is_tight) order by no, slot) c
    ) c, ledger.refused_in_order(
      s.available, s.room, s.has_floor, c.no, c.slot, c.available, c.room, c.is_promise) f
  )`

// What is in a hold that has expired is free again, also before the sweep has ended it. One that the sweep has left
// for a week counts as held once more, so that this never reads far back.
const heldByExpired = () => sql`
  coalesce((select sum(h.amount_fen - ${partsOf()}) from ledger.hold h
    where h.hospital_id = ${hospitalId} and h.expires_at <= ${now}
      and h.expires_at > ${now} - interval '7 days' and h.credit_account = a.code
      and not exists (select from ledger.hold_end x
        where x.hospital_id = h.hospital_id and x.hold_id = h.id)), 0)`

const holdsThatFollow = () => sql`
  new_end as (
    insert into ledger.hold_end (hospital_id, hold_id, outcome, entry_id, at, amount_fen)
    select ${hospitalId}, hold_id,
      case kind when 'void_hold' then 'voided' when 'expire_hold' then 'expired' else 'posted' end,
      case kind when 'post_hold' then coalesce(known_entry, id) end, ${now},
      case when kind = 'post_hold' and take_fen <> hold_fen then take_fen end
    from judged where is_done
      and (kind in ('void_hold', 'expire_hold')
        or kind = 'post_hold' and not (keeps_rest and take_fen < remaining_fen))
    on conflict (hospital_id, hold_id) do nothing returning hold_id
  ), new_part as (
    insert into ledger.hold_part (hospital_id, hold_id, entry_id, amount_fen, at)
    select ${hospitalId}, hold_id, coalesce(known_entry, id), take_fen, ${now}
    from judged where is_done and kind = 'post_hold' and keeps_rest and take_fen < remaining_fen
    on conflict (hospital_id, hold_id, entry_id) do nothing returning hold_id
  ), new_hold as (
    insert into ledger.hold
      (hospital_id, id, cause, subject, debit_account, credit_account, amount_fen, created_at, expires_at)
    select ${hospitalId}, id, cause, subject, debit, credit, amount_fen, ${now}, expires_at
    from judged where is_done and kind = 'hold'
    order by cause collate "C"
    on conflict (hospital_id, cause) do nothing returning id
  )`

const entriesThatFollow = () => sql`
  new_entry as (
    insert into ledger.entry
      (hospital_id, id, business_date, cause, subject, memo, created_at, intended_date)
    select ${hospitalId}, id, booked_on, cause, coalesce(subject, hold_subject), memo, ${now},
      case when booked_on <> business_date then business_date end
    from judged
    where is_booked
    order by cause collate "C" -- two batches with the same causes meet at the first of them
    on conflict (hospital_id, cause) do nothing returning id, business_date
  ), moved as materialized (
    select e.id, e.business_date, m.line_no, m.debit, m.credit, m.amount_fen
    from new_entry e join move m on m.id = e.id
  ), new_transfer as (
    insert into ledger.transfer (hospital_id, entry_id, line_no, debit_account, credit_account, amount_fen)
    select ${hospitalId}, id, line_no, debit, credit, amount_fen from moved
  ), total as materialized (
    select s.code, s.business_date, sum(s.debit_fen)::bigint as debit_fen, sum(s.credit_fen)::bigint as credit_fen
    from (
      select debit as code, business_date, amount_fen as debit_fen, 0::bigint as credit_fen from moved
      union all select credit, business_date, 0::bigint, amount_fen from moved) s
    group by s.code, s.business_date
  ), new_rollup as (
    insert into ledger.rollup
      (hospital_id, account, batch_id, business_date, posted_hour, debit_fen, credit_fen, in_account)
    select ${hospitalId}, code, (select id from moved order by id limit 1), business_date,
      ${hour}, debit_fen, credit_fen, code in (select code from authorised)
    from total
    order by code
  ), new_account as (
    insert into ledger.account (hospital_id, code, kind, debit_fen, credit_fen, held_fen)
    select ${hospitalId}, n.code, n.kind, 0, 0, 0
    from unnest(${accountArrays}) n (code, kind)
    where n.code not in (select code from standing) and (n.code in (select code from total)
      or n.code in (select debit from judged where kind = 'hold' and is_done))
    order by n.code
    on conflict (hospital_id, code) do nothing
  ), held as materialized (
    select p.code, sum(p.held_fen)::bigint as held_fen
    from promise p join judged j on j.no = p.no and j.is_done
    where j.kind <> 'hold' or j.id in (select id from new_hold)
    group by p.code
  ), new_standing as (
    update ledger.account a
    set debit_fen = a.debit_fen + c.debit_fen, credit_fen = a.credit_fen + c.credit_fen,
      held_fen = a.held_fen + c.held_fen, version = a.version + 1
    from (
      select code, sum(debit_fen)::bigint as debit_fen, sum(credit_fen)::bigint as credit_fen,
        sum(held_fen)::bigint as held_fen
      from (select code, debit_fen, credit_fen, 0 as held_fen from total
        union all select code, 0, 0, held_fen from held) moves
      group by code
    ) c
    where a.hospital_id = ${hospitalId} and a.code = c.code and a.code in (select code from authorised)
  )`

// What went as it was asked to is plain: it is only counted.
const whatCameOfIt = () => sql`
  settled as materialized (
    select w.*, w.is_written and w.known_entry is null and w.booked_on is not distinct from w.business_date as is_plain
    from (
      select e.*, case e.kind
          when 'post' then e.is_entered
          when 'hold' then e.id in (select id from new_hold)
          when 'post_hold' then (e.is_entered or e.known_entry is not null)
            and (e.hold_id in (select hold_id from new_end) or e.hold_id in (select hold_id from new_part))
          else e.hold_id in (select hold_id from new_end)
        end as is_written
      from (
        select no, id, kind, verdict, hold_id, known_id, known_moves, known_entry, available_fen, business_date,
          booked_on, is_booked and id in (select id from new_entry) as is_entered
        from judged offset 0
      ) e
      offset 0
    ) w
  )`

const textOfFew = compiledOnce(FEW_ROWS)
const textOfMany = compiledOnce(MANY_ROWS)
