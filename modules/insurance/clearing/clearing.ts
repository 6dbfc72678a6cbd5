import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { addFen } from '../../../kernel/money.ts'
import { addMs, businessDate, instantAt, MINUTE_MS } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { LeaseLost, whileLeased } from '../../../platform/lease.ts'
import type { ClearingMonth, ElsewhereRow } from '../centre/clearing.ts'
import type { NationalCentre } from '../centre/national-centre.ts'
import { insuranceErrors } from '../errors.ts'
import type { CentreAnswer, CentreCall } from '../insurance-centre.ts'
import { isSamePool } from '../insured-area.ts'
import { callsOf, type Caller, type NationalDependencies } from '../national.ts'
import { compareClearing } from './compare.ts'
import {
  clearingRowsOf,
  type ClearingQuery,
  confirmRows,
  leaseMonth,
  type MonthRecord,
  monthsOf,
  ownElsewhere,
  putClearingRows,
  saveMonth,
} from './store.ts'

const LEASE_MS = 10 * MINUTE_MS
const PAGE_ROWS = 100
/** A hospital of a large city has some hundred people from elsewhere a day. */
const MOST_ROWS = 100_000

/** The monthly clearing of people from elsewhere: 3260 lists, 3261 confirms, 3262 takes a confirmation back. */
export function createElsewhereClearing(deps: NationalDependencies) {
  const { db } = deps
  return {
    clearMonth,
    rollBackMonth,
    clearingMonths: (hospitalId: HospitalId) =>
      inHospital(db, hospitalId, (tx) => monthsOf(tx, hospitalId)),
    clearingRows: (hospitalId: HospitalId, month: string, query: ClearingQuery) =>
      inHospital(db, hospitalId, (tx) => clearingRowsOf(tx, hospitalId, month, query)),
  }

  /**
   * Holds the national platform's list of a month against ours and confirms what agrees; a month that is confirmed stays as
   * it is. Safe to repeat: a confirmation whose answer never came is rolled back whole before another goes. `month`: '2026-11'.
   * Errors: throws insurance.not_connected. The record's `note` says why a month could not be confirmed.
   */
  function clearMonth(caller: Caller, month: string): Promise<MonthRecord | 'busy'> {
    return onMonth(caller, month, async (work) => {
      if (work.record.status === 'confirmed') return work.record
      if (work.record.status === 'confirming') {
        const stop = await rollBack(work, null)
        if (stop !== null) return note(work, stop)
      }
      return confirmMonth(work)
    })
  }

  /** 3262: what was confirmed is open again, as before a refund of one of its settlements. */
  function rollBackMonth(caller: Caller, month: string): Promise<MonthRecord | 'busy'> {
    return onMonth(caller, month, async (work) => {
      if (work.record.status === 'open') return work.record
      const stop = await rollBack(work, work.record.confirmationNo)
      return stop === null ? work.record : note(work, stop)
    })
  }

  async function onMonth(
    caller: Caller,
    month: string,
    task: (work: Work) => Promise<MonthRecord>,
  ): Promise<MonthRecord | 'busy'> {
    const { hospitalId } = caller
    const centre = await deps.nationalOf(hospitalId)
    if (!centre) throw insuranceErrors.not_connected({ hospitalId })
    const now = deps.clock.now()
    const held = await inHospital(db, hospitalId, (tx) =>
      leaseMonth(tx, hospitalId, month, { now, until: addMs(now, LEASE_MS) }),
    )
    if (!held) return 'busy'
    const nextCall = callsOf(deps, centre, caller)
    const work: Work = { deps, hospitalId, centre, nextCall, ...held }
    const lease = { leaseNo: held.leaseNo, until: null }
    return whileLeased(
      () => task(work),
      () => inHospital(db, hospitalId, (tx) => saveMonth(tx, hospitalId, work.record, lease)),
    )
  }
}

type Work = {
  deps: NationalDependencies
  hospitalId: HospitalId
  centre: NationalCentre
  nextCall: () => Promise<CentreCall>
  record: MonthRecord
  leaseNo: number
}

async function confirmMonth(work: Work): Promise<MonthRecord> {
  const { deps, hospitalId, centre, nextCall } = work
  const month = monthOf(work.record.month)
  const listed = await listAll(work, month)
  if ('stop' in listed) return note(work, listed.stop)
  const { rows } = listed
  const ours = await inHospital(deps.db, hospitalId, (tx) =>
    ownElsewhere(tx, hospitalId, timeOf(month), (region) => !isSamePool(region, centre.admdvs)),
  )
  const compared = compareClearing(rows, ours)
  const agreeing = new Set(
    compared.filter(({ result }) => result === 'agrees').map(({ number }) => number),
  )
  const confirmed = rows.filter(({ setlSn }) => agreeing.has(setlSn))
  await save(
    work,
    {
      status: agreeing.size > 0 ? 'confirming' : 'open',
      listed: rows.length,
      confirmed: agreeing.size,
      totalFen: addFen(...confirmed.map((row) => row.totalFen)),
      insurersFen: addFen(...confirmed.map((row) => row.fundFen)),
      note: null,
    },
    (tx) =>
      putClearingRows(
        tx,
        hospitalId,
        work.record.month,
        compared.map((row) => ({ ...row, isConfirmed: false })),
      ),
  )
  // Where nothing is to be confirmed there is nothing to be said; the month has ended all the same.
  if (agreeing.size === 0) return ended(work, null)
  const answer = await centre.confirmElsewhere(await nextCall(), {
    ...month,
    rows: rows.map((row) => ({ ...row, isConfirmed: agreeing.has(row.setlSn) })),
  })
  if (answer.outcome === 'ok') return ended(work, answer.data.confirmationNo)
  if (answer.outcome === 'unknown') return note(work, answer.reason)
  await save(work, { status: 'open', note: answer.message })
  return work.record
}

async function ended(work: Work, confirmationNo: string | null): Promise<MonthRecord> {
  const confirmedAt = work.deps.clock.now()
  await save(work, { status: 'confirmed', confirmationNo, confirmedAt, note: null }, (tx) =>
    confirmRows(tx, work.hospitalId, work.record.month, true),
  )
  return work.record
}

/** Every page of 3260, or why one did not come. */
async function listAll(
  { centre, nextCall }: Work,
  month: ClearingMonth,
): Promise<{ rows: ElsewhereRow[] } | { stop: string }> {
  const rows: ElsewhereRow[] = []
  for (;;) {
    assert(
      rows.length < MOST_ROWS,
      `a month has fewer than ${MOST_ROWS} settlements from elsewhere`,
    )
    const startRow = rows.length + 1
    const answer = await centre.elsewhereRows(await nextCall(), { ...month, startRow })
    if (answer.outcome !== 'ok') return { stop: wordsOf(answer) }
    for (const row of answer.data) rows.push(row)
    if (answer.data.length < PAGE_ROWS) return { rows }
  }
}

/** Null once no confirmation stands: one that the centre does not have is none. */
async function rollBack(work: Work, confirmationNo: string | null): Promise<string | null> {
  const { centre, nextCall, hospitalId, record } = work
  const month = monthOf(record.month)
  const answer = await centre.rollBackElsewhere(await nextCall(), { ...month, confirmationNo })
  if (answer.outcome === 'unknown') return answer.reason
  if (answer.outcome === 'refused' && !NOTHING_CONFIRMED.test(answer.message)) return answer.message
  await save(work, { status: 'open', confirmationNo: null, confirmedAt: null, note: null }, (tx) =>
    confirmRows(tx, hospitalId, record.month, false),
  )
  return null
}

const NOTHING_CONFIRMED = /没有|无可|不存在|未确认|已回退/

async function note(work: Work, words: string): Promise<MonthRecord> {
  await save(work, { note: words.slice(0, MOST_OF_NOTE) })
  return work.record
}

const MOST_OF_NOTE = 500

async function save(
  work: Work,
  changes: Partial<MonthRecord>,
  also?: (tx: Tx) => Promise<void>,
): Promise<void> {
  const { deps, hospitalId, leaseNo } = work
  const now = deps.clock.now()
  const next = { ...work.record, ...changes, checkedAt: now }
  await inHospital(deps.db, hospitalId, async (tx) => {
    const until = addMs(now, LEASE_MS)
    if (!(await saveMonth(tx, hospitalId, next, { leaseNo, until }))) {
      throw new LeaseLost('another worker clears the month')
    }
    await also?.(tx)
  })
  work.record = next
}

const wordsOf = (answer: Exclude<CentreAnswer<unknown>, { outcome: 'ok' }>): string =>
  answer.outcome === 'refused' ? answer.message : answer.reason

function monthOf(month: string): ClearingMonth {
  assert(/^\d{4}-(0[1-9]|1[0-2])$/.test(month), `${month} is a month`)
  return { year: month.slice(0, 4), month: month.slice(5) }
}

function timeOf({ year, month }: ClearingMonth): { from: Date; until: Date } {
  const isLast = month === '12'
  const nextYear = isLast ? String(Number(year) + 1) : year
  const nextMonth = isLast ? '01' : String(Number(month) + 1).padStart(2, '0')
  const firstOf = (y: string, m: string) => instantAt(businessDate(`${y}-${m}-01`))
  return { from: firstOf(year, month), until: firstOf(nextYear, nextMonth) }
}
