import { assert } from '../../../../kernel/assert.ts'
import { addFen, ZERO } from '../../../../kernel/money.ts'
import { businessDateOf, DAY_MS } from '../../../../kernel/time.ts'
import type {
  BatchTotals,
  TerminalKey,
  TerminalState,
  TraceNumbers,
  TraceOwner,
  TraceRecord,
} from '../trace-numbers.ts'

const LAST_TRACE = 999_999

/** The same promises as the database keeps, without one. `lastTrace` is where the terminals' counters begin. */
export function memoryTraceNumbers(lastTrace = 0): TraceNumbers & { records: TraceRecord[] } {
  const terminals = new Map<string, TerminalState & { lastTrace: number }>()
  const records: TraceRecord[] = []
  const terminalOf = (key: TerminalKey) => {
    const name = [key.hospitalId, key.provider, key.terminal].join('/')
    const state = terminals.get(name)
    if (state) return state
    const made = { batch: '000001', workingKeys: null, version: 0, lastTrace }
    terminals.set(name, made)
    return made
  }
  const indexOf = (owner: TraceOwner) =>
    records.findIndex(
      (record) =>
        record.hospitalId === owner.hospitalId &&
        record.provider === owner.provider &&
        record.ourNo === owner.ourNo &&
        record.kind === owner.kind,
    )
  return {
    records,
    terminal: async (key) => stateOf(terminalOf(key)),
    async signedIn(key, brought) {
      const state = Object.assign(terminalOf(key), brought)
      state.version += 1
      return stateOf(state)
    },
    async take(request) {
      const known = records[indexOf(request)]
      if (known) return { record: known, first: false }
      const state = terminalOf(request)
      const next = (state.lastTrace % LAST_TRACE) + 1
      const trace = String(next).padStart(6, '0')
      const isUsed = records.some(
        (record) =>
          record.terminal === request.terminal &&
          record.trace === trace &&
          request.at.getTime() - record.at.getTime() < DAY_MS,
      )
      if (isUsed) return null
      state.lastTrace = next
      const record: TraceRecord = { ...request, ...BLANK, trace, batch: state.batch }
      records.push(record)
      return { record, first: true }
    },
    find: async (owner) => records[indexOf(owner)] ?? null,
    async move(owner, from, to) {
      const index = indexOf(owner)
      const record = records[index]
      assert(record, 'only a number that was taken is changed')
      if (!from.includes(record.state)) return record
      const moved = { ...record, ...to }
      records[index] = moved
      return moved
    },
    async usedBetween({ provider }, from, to) {
      const isBetween = (at: Date) => businessDateOf(at) >= from && businessDateOf(at) <= to
      return records.filter(
        ({ provider: owner, at, sentAgainAt }) =>
          owner === provider && (isBetween(at) || (sentAgainAt !== null && isBetween(sentAgainAt))),
      )
    },
    batchTotals: async (key, batch) =>
      totalsOf(records.filter((r) => r.terminal === key.terminal && r.batch === batch)),
  }
}

const stateOf = ({ batch, workingKeys, version }: TerminalState) => ({
  batch,
  workingKeys,
  version,
})

const BLANK = {
  state: 'open',
  providerNo: null,
  authorisation: null,
  approvedFen: null,
  approvedAt: null,
  code: null,
  reason: null,
  reversalTries: 0,
  sentAgainAt: null,
} as const

function totalsOf(records: readonly TraceRecord[]): BatchTotals {
  const approved = records.filter(({ state }) => state === 'approved')
  const total = (kind: string) => {
    const amounts = approved.filter((r) => r.kind === kind).map((r) => r.approvedFen ?? ZERO)
    return { count: amounts.length, amountFen: addFen(...amounts) }
  }
  return { charges: total('charge'), returns: total('return') }
}
