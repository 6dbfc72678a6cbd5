import type pg from 'pg'

// The peer: double entry as a function that moves one transfer at a time, as open ledgers on PostgreSQL do. It locks both
// accounts, checks their limits, moves both balances with their versions, and writes a transfer and two entries. Idle
// work is left out: no index but the keys and the one by account, identity columns for numbers.

const TABLES = `
  create schema peer;
  create table peer.account (
    id bigint primary key, balance bigint not null, version bigint not null, floor bigint,
    updated_at timestamptz not null);
  create table peer.transfer (
    id bigint generated always as identity primary key, from_account bigint not null references peer.account,
    to_account bigint not null references peer.account, amount bigint not null check (amount > 0),
    created_at timestamptz not null);
  create table peer.entry (
    id bigint generated always as identity primary key, account bigint not null references peer.account,
    transfer bigint not null references peer.transfer, amount bigint not null, balance_before bigint not null,
    balance_after bigint not null, version bigint not null, created_at timestamptz not null);
  create index entry_by_account on peer.entry (account)`

const MOVE = `
  create function peer.move(source bigint, target bigint, amount bigint) returns bigint language plpgsql as $$
  declare
    moved bigint;
    low peer.account;
    high peer.account;
    at constant timestamptz := clock_timestamp();
  begin
    if amount <= 0 then raise exception 'a transfer moves more than nothing'; end if;
    if source = target then raise exception 'a transfer moves between two accounts'; end if;
    select * into low from peer.account where id = least(source, target) for update;
    select * into high from peer.account where id = greatest(source, target) for update;
    if low.id is null or high.id is null then raise exception 'no such account'; end if;
    insert into peer.transfer (from_account, to_account, amount, created_at)
    values (source, target, amount, at) returning id into moved;
    perform peer.turn(low, case when low.id = source then 0 - amount else amount end, moved, at);
    perform peer.turn(high, case when high.id = source then 0 - amount else amount end, moved, at);
    return moved;
  end $$`

const TURN = `
  create function peer.turn(known peer.account, by bigint, moved bigint, at timestamptz) returns void
  language plpgsql as $$
  begin
    if known.balance + by < known.floor then raise exception 'insufficient'; end if;
    update peer.account set balance = balance + by, version = version + 1, updated_at = at where id = known.id;
    insert into peer.entry (account, transfer, amount, balance_before, balance_after, version, created_at)
    values (known.id, moved, by, known.balance, known.balance + by, known.version + 1, at);
  end $$`

/** Makes the peer in the same database, with accounts numbered from 0. */
export async function openPeer(client: pg.Client, accounts: number): Promise<void> {
  for (const statement of [TABLES, TURN, MOVE]) await client.query(statement)
  await client.query(
    'insert into peer.account select n, 0, 0, null, clock_timestamp() from generate_series(0, $1::int) n',
    [accounts],
  )
  await client.query('analyze peer.account')
}

/** One transfer, committed. */
export const movePeer = (client: pg.PoolClient, source: number, target: number): Promise<unknown> =>
  client.query({
    name: 'move',
    text: 'select peer.move($1, $2, $3)',
    values: [source, target, 100],
  })

/** Errors: throws when what it moved does not add up, as figures of a ledger that loses money say nothing. */
export async function assertPeerAddsUp(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ wrong: string }>(`
    select count(*) as wrong from peer.account a
    where balance <> (select coalesce(sum(amount), 0) from peer.entry e where e.account = a.id)
      and version > 0`)
  if (rows[0]?.wrong !== '0') throw new Error(`${rows[0]?.wrong} accounts of the peer are wrong`)
}
