import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'

import { DuckDBInstance } from '@duckdb/node-api'

import { assert } from '../../../kernel/assert.ts'
import {
  createCutter,
  normalise,
  SCAN_LIMITS,
  shippedLayouts,
} from '../../../modules/statements/index.ts'
import { type BenchResult, type Figure, rate } from '../result.ts'
import { median } from '../statistics.ts'

const MEGABYTE = 1_000_000
const PIECE_BYTES = 65_536
/** About two hundred megabytes of a trade bill. */
const ROWS = 750_000

type Options = { rounds: number; rows?: number }

/**
 * How many megabytes of a list a second of CPU decodes and cuts, beside what only finds line ends in the same bytes, and
 * beside DuckDB's reader of CSV, which makes columns of them. Then how many are also read by a layout, checked and written
 * as all lists are kept. Errors: throws when two of them count other rows.
 */
export async function benchStatements({ rounds, rows = ROWS }: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  const folder = mkdtempSync(join(tmpdir(), 'bench-statements-'))
  try {
    const bill = tradeBill(rows)
    const path = join(folder, 'plain.csv')
    const plain = plainOf(bill)
    writeFileSync(path, plain)
    const taken = await inTurns(bill, { path, plain, rounds, rows })
    return {
      bench: 'statements',
      figures: figuresOf(taken),
      conditions: {
        'megabytes of the bill': Math.round(bill.length / MEGABYTE),
        'rows of 27 columns': rows,
        rounds,
        'measured in': 'CPU time of the process, user and system',
        cores: cpus().length,
        'load before': load,
      },
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

type Taken = Record<'lines' | 'scan' | 'plainScan' | 'gbkScan' | 'duckdb' | 'normalise', number[]>
type Work = { path: string; plain: Buffer; rounds: number; rows: number }

async function inTurns(bill: Buffer, { path, plain, rounds, rows }: Work): Promise<Taken> {
  const taken: Taken = {
    lines: [],
    scan: [],
    plainScan: [],
    gbkScan: [],
    duckdb: [],
    normalise: [],
  }
  const ascii = Buffer.from(plain.toString('latin1').replaceAll(/[^\n\r -~]/g, 'x'), 'latin1')
  // One more at first, for the compiler.
  for (let round = -1; round < rounds; round++) {
    const keep = (name: keyof Taken, value: number) => void (round >= 0 && taken[name].push(value))
    keep('lines', await perCpuSecond(bill, () => same(lineEndsOf(bill), rows + 3)))
    keep('scan', await perCpuSecond(bill, () => same(cut(bill, '`', 'utf-8'), rows + 3)))
    keep('plainScan', await perCpuSecond(plain, () => same(cut(plain, null, 'utf-8'), rows + 1)))
    keep('gbkScan', await perCpuSecond(ascii, () => same(cut(ascii, null, 'gb18030'), rows + 1)))
    keep('duckdb', await perCpuSecond(plain, async () => same(await byDuckDb(path), rows)))
    keep('normalise', await perCpuSecond(bill, async () => same(await byLayout(bill), rows)))
  }
  return taken
}

function figuresOf(taken: Taken): Figure[] {
  const limit = { name: 'only finding line ends', value: median(taken.lines) }
  const duckdb = { name: "DuckDB's reader of CSV", value: median(taken.duckdb) }
  const unit = 'MB/CPU-s'
  const aim = { name: 'the aim', value: 200 }
  return [
    rate('scan, UTF-8 with backticks', median(taken.scan), unit, aim),
    rate('scan, UTF-8 with backticks', median(taken.scan), unit, limit),
    rate('scan, UTF-8 with quotes', median(taken.plainScan), unit, duckdb),
    rate('scan, GB18030', median(taken.gbkScan), unit, duckdb),
    rate('read by layout, checked, written', median(taken.normalise), unit, duckdb),
  ]
}

function same(count: number, wanted: number): void {
  assert(count === wanted, `${wanted} rows are counted, not ${count}`)
}

async function perCpuSecond(bytes: Buffer, work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return bytes.length / (user + system)
}

function lineEndsOf(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++
  return count
}

function cut(bytes: Buffer, cellPrefix: string | null, encoding: 'utf-8' | 'gb18030'): number {
  let rows = 0
  const quote = cellPrefix === null ? '"' : null
  const options = { separator: ',', quote, cellPrefix, encoding, limits: SCAN_LIMITS }
  const cutter = createCutter(options, () => void rows++)
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    cutter.push(bytes.subarray(at, at + PIECE_BYTES))
  }
  cutter.end()
  return rows
}

async function byDuckDb(path: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    const quoted = path.replaceAll("'", "''")
    const reader = await connection.runAndReadAll(
      `create table list as select * from read_csv('${quoted}', header = true, all_varchar = true);
       select count(*)::int from list`,
    )
    return Number(reader.getRows()[0]?.[0])
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function byLayout(bill: Buffer): Promise<number> {
  const layout = shippedLayouts().get('wechat-trade')
  assert(layout, 'the layout comes with the hub')
  const result = await normalise({
    layout,
    expected: { businessDate: null, account: null },
    parts: [{ name: '', open: () => piecesOf(bill) }],
    write: async () => undefined,
    restart: async () => undefined,
  })
  assert(result.outcome === 'taken', `the bill is read: ${JSON.stringify(result)}`)
  return result.totals.rows
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES)
}

const HEADER =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'
const TOTALS =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'

/** A day of payments as WeChat lists it. */
function tradeBill(rows: number): Buffer {
  const lines: string[] = [HEADER]
  for (let i = 0; i < rows; i++) {
    const no = String(i).padStart(12, '0')
    lines.push(
      `\`2026-11-20 09:30:00,\`wx8888888888888888,\`1900000109,\`0,\`,\`4200000001${no},\`P2611200930${no},\`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,\`JSAPI,\`SUCCESS,\`OTHERS,\`CNY,\`100.00,\`0.00,\`0,\`0,\`0.00,\`0.00,\`,\`,\`门诊缴费,\`,\`0.60000,\`0.60%,\`100.00,\`0.00,\``,
    )
  }
  const sum = `${rows * 100}.00`
  const fee = `${Math.floor((rows * 6) / 10)}.${(rows * 6) % 10}0000`
  lines.push(TOTALS, `\`${rows},\`${sum},\`0.00,\`0.00,\`${fee},\`${sum},\`0.00`, '')
  return Buffer.from(lines.join('\r\n'))
}

/** The same rows without backticks and totals: what any reader of CSV understands. */
const plainOf = (bill: Buffer): Buffer => {
  const text = bill.toString().replaceAll('`', '')
  return Buffer.from(text.slice(0, text.indexOf(TOTALS)))
}
