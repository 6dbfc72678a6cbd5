import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  type BankPos,
  type BankPosDeps,
  type BankPosParams,
  createBankPos,
  folderDayFiles,
  readBankPosParams,
} from '../../adapters/channels/iso8583/index.ts'
import { memoryTraceNumbers } from '../../adapters/channels/iso8583/testing/memory-trace-numbers.ts'
import {
  type BankFault,
  type BankFaultPoint,
  type BankOptions,
  type BankSimulator,
  startBank,
} from '../../apps/simulators/bank/index.ts'
import type { HospitalId, Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addDays, businessDateOf, instantAt } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import type { ChannelBench } from '../../modules/channels/suite/channel-bench.ts'
import type { ChargeOrder, RefundOrder } from '../../modules/payments/index.ts'
import type { Exchange } from '../../platform/exchange.ts'
import { type ManualClock, testPlatform } from '../../platform/testing/clock.ts'

export const HOSPITAL = 7 as HospitalId
export const MERCHANT = '898510180620001'
export const TERMINAL = 'T0000001'
export const MASTER_KEY = '0123456789ABCDEFFEDCBA9876543210'
export const PAN = '6222021234567890123'
export const PIN = '246802'
export const BARCODE = '6220123456789012345'

export const CARD_TOKEN = JSON.stringify({
  entryMode: '051',
  pan: PAN,
  expiry: '3012',
  sequence: '001',
  track2: `${PAN}=30122210000012345`,
  chipData: '9F2608A1B2C3D4E5F60718',
  pin: PIN,
})

export type BankBench = Awaited<ReturnType<typeof openBank>>

export type BankBenchOptions = Partial<BankOptions> & {
  params?: Partial<BankPosParams>
  timeoutMs?: number
  lastTrace?: number
  limits?: BankPosDeps['limits']
  numbers?: BankPosDeps['traces']
}

const MAC = { cups: 'ecb', ascii128: 'x9.19', columns: 'x9.9' } as const

/** An adapter and the bank it speaks to. `faults` go wrong one after the other, with the messages about money. */
export async function openBank(options: BankBenchOptions = {}) {
  const { params, timeoutMs = 1_000, lastTrace, limits, numbers, ...bankOptions } = options
  const { clock, random, newId } = testPlatform('2026-11-20T10:00:00+08:00', 'bank')
  const folder = mkdtempSync(join(tmpdir(), 'bank-'))
  const dialect = options.dialect ?? 'ascii128'
  const faults: { fault: BankFault; on: RegExp }[] = []
  const bank = await startBank({
    clock,
    random,
    faults: (point) => takeFault(faults, point),
    databaseFile: ':memory:',
    port: 0,
    dialect,
    mac: MAC[dialect],
    merchantId: MERCHANT,
    terminals: [{ id: TERMINAL, masterKey: MASTER_KEY }],
    cards: [{ pan: PAN, balanceFen: 10_000_000_000, pin: PIN, barcode: BARCODE }],
    dayFileFolder: folder,
    feePpm: 3_800,
    ...bankOptions,
  })
  const logged: string[] = []
  const traces = memoryTraceNumbers(lastTrace)
  const deps = {
    clock,
    random,
    timeoutMs,
    traces: numbers ?? traces,
    dayFile: folderDayFiles(folder),
    log: (event: string, details: object) =>
      void logged.push(`${event} ${JSON.stringify(details)}`),
  }
  const full = { ...paramsFor(bank, dialect), ...params }
  const open = (changes: Partial<BankPosParams> = {}) =>
    createBankPos(readBankPosParams({ ...full, ...changes }), {
      ...deps,
      limits: { firstPauseMs: 20, graceMs: 3_000, ...limits },
    })
  const channel = open()
  const opened: BankPos[] = [channel]
  const exchanges: Exchange[] = []
  return {
    bank,
    channel,
    clock,
    traces,
    faults,
    logged,
    exchanges,
    call: { hospitalId: HOSPITAL, trace: (exchange: Exchange) => void exchanges.push(exchange) },
    /** The same channel in another process: it shares the numbers and nothing else. */
    another(changes: Partial<BankPosParams> = {}) {
      const made = open(changes)
      opened.push(made)
      return made
    },
    newOrder: (changes: Partial<ChargeOrder> = {}) => orderOf(clock, newId, changes),
    async close() {
      for (const made of opened) await made.stop()
      const complaints = bank.checkBooks()
      await bank.stop()
      rmSync(folder, { recursive: true })
      if (complaints.length > 0) throw new Error(complaints.join('\n'))
    },
  }
}

/** The first that fits the message is used up. */
function takeFault(faults: { fault: BankFault; on: RegExp }[], point: BankFaultPoint) {
  const index = faults.findIndex(({ on }) => on.test(point.operation))
  return index < 0 ? null : (faults.splice(index, 1)[0]?.fault ?? null)
}

const paramsFor = (bank: BankSimulator, profile: BankPosParams['profile']): BankPosParams => ({
  name: 'bank',
  profile,
  host: '127.0.0.1',
  port: bank.port,
  merchantId: MERCHANT,
  operator: '001',
  terminals: [{ terminal: TERMINAL, masterKey: MASTER_KEY }],
  methods: ['card', 'barcode'],
  macAlgorithm: null,
  prefix: null,
  reversalTries: 3,
  dayFile: { cutOver: '00:00:00', readyAt: '06:00:00' },
})

type NewId = ReturnType<typeof testPlatform>['newId']

function orderOf(clock: ManualClock, newId: NewId, changes: Partial<ChargeOrder>): ChargeOrder {
  const tenderId: Id<'Tender'> = newId()
  const amountFen = changes.amountFen ?? fen(12_345)
  const now = clock.now()
  return {
    hospitalId: HOSPITAL,
    paymentId: newId(),
    tenderId,
    tradeNo: tradeNoOf(HOSPITAL, tenderId),
    amountFen,
    parts: [{ kind: 'self_pay', amountFen }],
    quoteReference: null,
    description: '市第一医院 门诊缴费 MZ20261120001',
    payerAccount: null,
    method: 'card',
    presence: { token: CARD_TOKEN, ip: null, returnUrl: null },
    createdAt: now,
    expiresAt: new Date(now.getTime() + 900_000),
    ...changes,
  }
}

export const refundOf = (
  bench: BankBench,
  charge: ChargeOrder,
  amountFen = charge.amountFen,
): RefundOrder => {
  const { tradeNo, tenderId } = bench.newOrder()
  return {
    charge: { ...charge, presence: null },
    chargeProviderNo: '',
    refundId: tenderId as string as Id<'Refund'>,
    refundNo: tradeNo,
    amountFen,
    remaining: [],
    reason: '退药',
    requestedAt: bench.clock.now(),
  }
}

/** About money, and the question about it; not sign-ins and signs of life. */
const ABOUT_MONEY = /^0[2-6]/

/** The bench on which the checks of every channel are tried. */
export async function bankChannelBench(
  options: BankBenchOptions & { hasTrouble: boolean; method?: 'card' | 'barcode' },
): Promise<ChannelBench> {
  const { hasTrouble, method = 'card', ...rest } = options
  const bench = await openBank(rest)
  const { bank, channel, clock, traces } = bench
  const token = method === 'card' ? CARD_TOKEN : BARCODE
  const presence = { token, ip: null, returnUrl: null }
  return {
    channel,
    method,
    clock,
    newOrder: (changes) => bench.newOrder({ method, presence, ...changes }),
    pay: null,
    notices: null,
    trouble: hasTrouble
      ? (kind) => void bench.faults.push({ fault: { kind }, on: ABOUT_MONEY })
      : null,
    async endDay() {
      const today = businessDateOf(clock.now())
      const tomorrow = addDays(today, 1)
      // With a day that ends before midnight, the business date is whole with the next file.
      clock.set(instantAt(addDays(today, 2), '07:00:00'))
      for (const date of [today, tomorrow]) bank.writeDayFile(date)
    },
    async books({ tradeNo }) {
      const owner = {
        hospitalId: HOSPITAL,
        provider: 'bank',
        ourNo: tradeNo,
        kind: 'charge',
      } as const
      const record = await traces.find(owner)
      const move = bank.moves().find(({ kind, trace, batch }) => {
        return kind === 'sale' && trace === record?.trace && batch === record.batch
      })
      const isTaken = move?.answer === '00' && !move.isReversed
      return { takenFen: isTaken ? move.amountFen : 0, returnedFen: move?.returnedFen ?? 0 }
    },
    pass: async (ms) => clock.advance(ms),
    secrets: [MASTER_KEY, PAN, PIN, BARCODE, '30122210000012345', '9F2608A1B2C3D4E5F60718'],
    close: () => bench.close(),
  }
}
