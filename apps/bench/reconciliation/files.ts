import { join } from 'node:path'

import { DuckDBInstance } from '@duckdb/node-api'

import type { Side } from '../../../modules/reconciliation/index.ts'

export const SIDES = ['hub', 'provider', 'his', 'insurer'] as const
export type SideName = (typeof SIDES)[number]

/** Multipliers that no number of rows used here shares a factor with: each side has the rows in an order of its own. */
const ORDER = { hub: 7_919, provider: 104_729, his: 1_299_709, insurer: 15_485_863 }

/** In every so many numbers one of each of four kinds differs: 0.1 % in all. */
const ONE_IN = 4_000

export type Seeded = { hubLacks: number; providerLacks: number; amount: number; fee: number }

/** How many of `rows` numbers are made to differ, in each way. */
export const seededOf = (rows: number): Seeded => {
  const of = (rest: number) => Math.floor((rows - 1 - rest) / ONE_IN) + 1
  return { hubLacks: of(1), providerLacks: of(2), amount: of(3), fee: of(4) }
}

/**
 * Writes a normalised file for each side, of about `rows` rows of 128 bytes. The provider’s has the seeded differences;
 * what a third and a fourth side have agrees with the hub’s, whatever it has.
 */
export async function writeFiles(
  folder: string,
  rows: number,
  names: readonly SideName[],
): Promise<Side[]> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB', threads: '2' })
  const connection = await instance.connect()
  const sides: Side[] = []
  for (const name of names) {
    const path = join(folder, `${name}-${rows}.csv`)
    await connection.run(`copy (${rowsSql(name, rows)}) to '${path}' (header)`)
    sides.push({ name, files: [path], sha256: `${name} ${rows}` })
  }
  connection.closeSync()
  instance.closeSync()
  return sides
}

function rowsSql(name: SideName, rows: number): string {
  const lacking = name === 'provider' ? 2 : 1
  const at = `k % ${ONE_IN}`
  return `select row_number() over () as line_no, if(k % 20 = 0, 'return', 'charge') as kind,
      'P20261120' || lpad(k::varchar, 10, '0') as our_no, '42000' || lpad((k * 3)::varchar, 23, '0') as provider_no,
      100 + (k * 7919) % 99991 + if(${at} = 3 and '${name}' = 'provider', 1, 0) as amount_fen,
      6 * (k % 3) + if(${at} = 4 and '${name}' = 'provider', 1, 0) as fee_fen,
      strftime(timestamp '2026-11-20' + to_seconds(k % 86400), '%Y-%m-%dT%H:%M:%S+08:00') as occurred_at,
      '2026-11-20' as business_date, '1900000001' as account, '' as memo
    from (select ((r * ${ORDER[name]}) % ${rows})::bigint as k from range(${rows}) numbers(r))
    where ${at} <> ${lacking}`
}

/** How the engine by itself reads the same files. */
const read = (side: Side) =>
  `read_csv(['${side.files.join("', '")}'], header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
    columns = {'line_no': 'BIGINT', 'kind': 'VARCHAR', 'our_no': 'VARCHAR', 'provider_no': 'VARCHAR',
    'amount_fen': 'BIGINT', 'fee_fen': 'BIGINT', 'occurred_at': 'VARCHAR', 'business_date': 'VARCHAR',
    'account': 'VARCHAR', 'memo': 'VARCHAR'})`

const COMPARED = ['provider_no', 'fee_fen', 'account', 'business_date']

/**
 * The bare full join of two files, which counts what differs and does nothing else. Of `amounts` it compares only those;
 * of `all` the columns that ours compares too. Returns how long it took.
 */
export async function bareJoin(
  sides: readonly Side[],
  { folder, columns }: { folder: string; columns: 'amounts' | 'all' },
): Promise<{ tookMs: number; processorMs: number; counts: number[] }> {
  const [hub, provider] = sides
  if (!hub || !provider) return { tookMs: 0, processorMs: 0, counts: [] }
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: '1GB',
    threads: '2',
    temp_directory: join(folder, 'spill'),
    preserve_insertion_order: 'false',
  })
  const connection = await instance.connect()
  const cells = ['kind', 'our_no', 'amount_fen', ...(columns === 'all' ? COMPARED : [])].join(', ')
  const others = columns === 'all' ? COMPARED.map((cell) => `a.${cell} <> b.${cell}`) : ['false']
  const startedAt = performance.now()
  const usedBefore = process.cpuUsage()
  const result = await connection.runAndReadAll(
    `select count(*) filter (a.our_no is null)::double, count(*) filter (b.our_no is null)::double,
        count(*) filter (a.amount_fen <> b.amount_fen)::double, count(*) filter (${others.join(' or ')})::double
      from (select ${cells} from ${read(hub)}) a full join (select ${cells} from ${read(provider)}) b
        on a.kind = b.kind and a.our_no = b.our_no`,
  )
  const tookMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(usedBefore)
  const counts = (result.getRowsJS()[0] ?? []).map(Number)
  connection.closeSync()
  instance.closeSync()
  return { tookMs, processorMs: (user + system) / 1_000, counts }
}
