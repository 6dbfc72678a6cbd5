import { once, setMaxListeners } from 'node:events'
import type { AddressInfo } from 'node:net'

import { assert } from '../../../kernel/assert.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import type { Random } from '../../../kernel/random.ts'
import {
  addDays,
  type BusinessDate,
  businessDateOf,
  type Clock,
  instantAt,
} from '../../../kernel/time.ts'
import type { Simulator } from '../kit/simulator.ts'
import type { Context } from './context.ts'
import { dayFileText, writeDayFile } from './day-file.ts'
import type { BankFaultPlan } from './faults.ts'
import { checkBooks, type MoveRow, returnedOf } from './moves.ts'
import type { MacKind } from './security.ts'
import { createHost } from './server.ts'
import { openStore, type Store } from './store.ts'
import { endShift, replaceKeys } from './terminals.ts'
import type { DialectName } from './wire.ts'

/** The bank with its books laid open, and what its operator may do. */
export interface BankSimulator extends Simulator {
  readonly port: number
  moves(): BankMove[]
  balanceOf(pan: string): Fen
  /** The terminal must sign in: the next message is answered 77. */
  endShift(terminal: string): void
  /** The bank has other keys than the terminal: the next message is answered A0. */
  replaceKeys(terminal: string): void
  /** Cuts every connection; new ones are taken. */
  cutConnections(): void
  /** Writes the list of one of the bank's days into the folder of the options; returns its name. */
  writeDayFile(date: BusinessDate): string
  dayFileText(date: BusinessDate): string
  /** What is wrong in the books; empty when all is well. */
  checkBooks(): string[]
}

export type BankMove = {
  terminal: string
  batch: string
  trace: string
  kind: 'sale' | 'void' | 'refund'
  amountFen: number
  /** Of a sale: what went back of it. */
  returnedFen: number
  answer: string
  isReversed: boolean
}

export type BankOptions = {
  clock: Clock
  random: Random
  faults: BankFaultPlan
  /** An SQLite file that outlives the simulator, or ':memory:'. */
  databaseFile: string
  /** 0 for any that is free. */
  port: number
  dialect: DialectName
  mac: MacKind
  merchantId: string // 15 characters
  terminals: { id: string; masterKey: string }[] // 32 hex digits
  cards: { pan: string; balanceFen: number; pin?: string; barcode?: string }[]
  dayFileFolder: string
  /** When the list of the day before is laid down by itself; never unless told. */
  dayFileAt?: string
  /** 0 unless told. */
  feePpm?: number
  /** When the bank's day ends: '00:00:00' unless told. */
  cutOver?: string
  shuffleMs?: number
}

/** Starts on loopback. Throws for options that make no sense. */
export async function startBank(options: BankOptions): Promise<BankSimulator> {
  assert(/^\w{15}$/.test(options.merchantId), 'a merchant has 15 characters')
  const store = openStore(options.databaseFile)
  const context: Context = {
    clock: options.clock,
    random: options.random,
    store,
    dialect: options.dialect,
    macKind: options.mac,
    merchantId: options.merchantId,
    masterKeys: new Map(options.terminals.map((t) => [t.id, Buffer.from(t.masterKey, 'hex')])),
    feePpm: options.feePpm ?? 0,
    cutOver: options.cutOver ?? '00:00:00',
  }
  const stopping = new AbortController()
  // Every answer that waits for its time listens for the end.
  setMaxListeners(0, stopping.signal)
  const lines = { faults: options.faults, shuffleMs: options.shuffleMs ?? 0 }
  const { server, cutAll } = createHost(context, lines, stopping.signal)
  store.transaction(() => openCards(store, options.cards))
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ...operatorOf(context, options.dayFileFolder),
    ...dayFileWork(context, options),
    name: 'bank',
    port,
    url: `tcp://127.0.0.1:${port}`,
    cutConnections: cutAll,
    async stop() {
      if (stopping.signal.aborted) return
      stopping.abort()
      const closed = once(server, 'close')
      server.close()
      cutAll()
      await closed
      store.close()
    },
  }
}

function operatorOf(context: Context, folder: string) {
  const { store } = context
  return {
    moves: () =>
      store.all<MoveRow>('select * from move order by id').map((row) => toMove(context, row)),
    balanceOf(pan: string) {
      const row = store.get<{ balance_fen: number }>('select balance_fen from card where pan = ?', [
        pan,
      ])
      assert(row, 'the card is one of the bank')
      return fen(row.balance_fen)
    },
    endShift: (terminal: string) => endShift(context, terminal),
    replaceKeys: (terminal: string) => replaceKeys(context, terminal),
    writeDayFile: (date: BusinessDate) => writeDayFile(context, folder, date),
    dayFileText: (date: BusinessDate) => dayFileText(context, date),
    checkBooks: () => checkBooks(context),
  }
}

const toMove = (context: Context, row: MoveRow): BankMove => ({
  terminal: row.terminal,
  batch: row.batch,
  trace: row.trace,
  kind: row.kind,
  amountFen: row.amount_fen,
  returnedFen: returnedOf(context, row),
  answer: row.answer,
  isReversed: row.reversed_ms !== null,
})

/** Lays down the list of each day that has ended, from the first one that it saw. */
function dayFileWork(context: Context, { clock, dayFileFolder, dayFileAt }: BankOptions) {
  let nextDate = addDays(businessDateOf(clock.now()), -1)
  const nextDueAt = () => (dayFileAt ? instantAt(addDays(nextDate, 1), dayFileAt) : null)
  return {
    nextDueAt,
    async runDue() {
      let done = 0
      for (let due = nextDueAt(); due && due <= clock.now(); due = nextDueAt()) {
        writeDayFile(context, dayFileFolder, nextDate)
        nextDate = addDays(nextDate, 1)
        done++
      }
      return done
    },
  }
}

/** A card that is on file keeps its balance. */
function openCards(store: Store, cards: BankOptions['cards']): void {
  for (const { pan, balanceFen, pin, barcode } of cards) {
    assert(/^\d{13,19}$/.test(pan), 'a card number has 13 to 19 digits')
    store.run(
      `insert into card (pan, balance_fen, opened_fen, pin, barcode) values (?, ?, ?, ?, ?)
       on conflict (pan) do nothing`,
      [pan, balanceFen, balanceFen, pin ?? null, barcode ?? null],
    )
  }
}
