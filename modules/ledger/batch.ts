import { assert } from '../../kernel/assert.ts'
import type { HospitalId, Id, NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Canaries } from '../../platform/canary.ts'
import { type Db, inHospital, type Tx } from '../../platform/db.ts'
import { columnsOf, reachOf } from './batch-columns.ts'
import { type BatchRow, planOnce, prepare, writeBatch } from './batch-store.ts'
import type { EntryId, HoldId, Transfer } from './entry.ts'
import { sameTransfers } from './entry.ts'
import { type BatchResult, type LedgerRequest, problemOf } from './request.ts'

export type LedgerDependencies = { clock: Clock; newId: NewId; canaries: Canaries }

export const MAX_REQUESTS = 5_000

/**
 * Posts, promises, posts what was promised and frees it: many requests in one statement and one round trip. Each is
 * judged after those before it, and has its own result (the order of precedence is with BatchResult); one that is
 * refused leaves the others as they are. A cause is posted once, also when it is twice in the batch.
 *
 * Only accounts with a limit, and those something is promised out of, are locked, by code. On a database a transaction
 * is opened for it. Errors: those of the database, and nothing of the batch is written then; one of state 40001 says
 * that another transaction got in between, and inHospital runs it again.
 */
export async function postBatch(
  deps: LedgerDependencies,
  on: Tx | Db,
  hospitalId: HospitalId,
  requests: readonly LedgerRequest[],
  entryId?: EntryId,
): Promise<BatchResult[]> {
  assert(requests.length <= MAX_REQUESTS, `a batch has ${MAX_REQUESTS} requests at most`)
  if (!isTransaction(on)) {
    return inHospital(on, hospitalId, async (tx) => {
      await planOnce(tx)
      return postBatch(deps, tx, hospitalId, requests, entryId)
    })
  }
  const results = new Map<number, BatchResult>()
  const open: Numbered[] = []
  for (const [no, request] of requests.entries()) {
    const problem = problemOf(request)
    if (problem) results.set(no, { outcome: 'malformed', problem })
    else open.push({ no, request, id: (no === 0 && entryId) || deps.newId<'Entry'>() })
  }
  await postInOrder(deps, on, hospitalId, open, results)
  return requests.map((_, no) => {
    const result = results.get(no)
    assert(result, 'each request has a result')
    return result
  })
}

type Numbered = { no: number; request: LedgerRequest; id: Id<'Entry'> }

const isTransaction = (on: Tx | Db): on is Tx => on.isTransaction

/** One statement for all, unless a request depends on one before it by more than what is left on an account. */
async function postInOrder(
  deps: LedgerDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  open: readonly Numbered[],
  results: Map<number, BatchResult>,
): Promise<void> {
  const posted = new Map<string, Posted>()
  let rest = open
  while (rest.length > 0) {
    const { taken, left } = takeIndependent(rest, posted, results)
    if (taken.length > 0)
      await writeTaken(deps, tx, hospitalId, { taken, reach: reachOf(rest), posted, results })
    rest = left
  }
}

type Posted = { id: EntryId | HoldId; transfers: readonly Transfer[] }

/**
 * The requests up to the first that names a cause or a hold once more. One whose cause was posted by a request
 * before it has its answer here.
 */
function takeIndependent(
  requests: readonly Numbered[],
  posted: ReadonlyMap<string, Posted>,
  results: Map<number, BatchResult>,
): { taken: Numbered[]; left: readonly Numbered[] } {
  const named = new Set<string>()
  const taken: Numbered[] = []
  for (const [i, numbered] of requests.entries()) {
    const { no, request } = numbered
    const known =
      request.kind === 'post' || request.kind === 'hold' ? posted.get(causeOf(request)) : undefined
    if (known) {
      const same = sameTransfers(transfersOf(request), known.transfers.map(plain))
      results.set(no, { outcome: same ? 'exists' : 'exists_with_different', id: known.id })
      continue
    }
    const names = namesOf(request)
    if (names.some((name) => named.has(name))) return { taken, left: requests.slice(i) }
    for (const name of names) named.add(name)
    taken.push(numbered)
  }
  return { taken, left: [] }
}

const plain = ({ debit, credit, amountFen }: Transfer) => ({
  debit: debit.code,
  credit: credit.code,
  amountFen,
})

const causeOf = (request: { kind: string; cause: string }) =>
  `${request.kind === 'hold' ? 'hold' : 'entry'} ${request.cause}`

function namesOf(request: LedgerRequest): string[] {
  switch (request.kind) {
    case 'post':
    case 'hold':
      return [causeOf(request)]
    case 'post_hold':
      return [causeOf(request), request.holdId]
    case 'void_hold':
    case 'expire_hold':
      return [request.holdId]
  }
}

function transfersOf(request: LedgerRequest): readonly Transfer[] {
  if (request.kind === 'post') return request.transfers
  return request.kind === 'hold' ? [request] : []
}

const MAX_TRIES = 6

type Reach = ReturnType<typeof reachOf>
type Outcome = { posted: Map<string, Posted>; results: Map<number, BatchResult> }

async function writeTaken(
  deps: LedgerDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  { taken, reach, posted, results }: Outcome & { taken: readonly Numbered[]; reach: Reach },
): Promise<void> {
  let due = taken
  for (let tries = 1; due.length > 0; tries++) {
    if (tries > MAX_TRIES) throw overtaken()
    const batch = {
      hospitalId,
      now: deps.clock.now(),
      ...columnsOf(due),
      reach,
      oversell: deps.canaries.has('oversold_hold'),
    }
    const rows = await writeBatch(tx, batch)
    const lost: Numbered[] = []
    for (const row of rows) {
      const numbered = due[row.no - 1]
      assert(numbered, 'a row is of a request')
      if (isOvertaken(row)) lost.push(numbered)
      else settle(numbered, row, { posted, results })
    }
    if (rows[0]?.verdict === 'stale') await prepare(tx, batch)
    due = lost
  }
}

/**
 * Somebody was faster: with the row we waited for, or with the same cause. Where nothing depends on what is left, the
 * request is simply judged again; else what was judged after it stands on sand, and all of it is undone.
 */
function isOvertaken(row: BatchRow): boolean {
  if (row.verdict === 'stale') return true
  if (row.verdict !== 'clear' || row.isWritten) return false
  if (row.isAuthorised) throw overtaken()
  return true
}

const overtaken = () =>
  Object.assign(new Error('another transaction got in between'), { code: '40001' })

function settle({ no, request, id }: Numbered, row: BatchRow, { posted, results }: Outcome): void {
  const result = resultOf(request, row, id)
  results.set(no, result)
  if (result.outcome !== 'posted' && result.outcome !== 'held') return
  if (request.kind === 'post') posted.set(causeOf(request), { id, transfers: request.transfers })
  if (request.kind === 'hold') {
    posted.set(causeOf(request), { id: id as string as HoldId, transfers: [request] })
  }
}

function resultOf(request: LedgerRequest, row: BatchRow, id: EntryId): BatchResult {
  switch (row.verdict) {
    case 'clear':
      return doneResultOf(request, row, id)
    case 'known':
      assert(row.knownId, 'what is known has an id')
      return {
        outcome: isSame(request, row) ? 'exists' : 'exists_with_different',
        id: row.knownId as EntryId,
      }
    case 'exists':
    case 'exists_with_different':
      return { outcome: row.verdict, id: row.knownId as EntryId }
    case 'closed_date':
      assert(row.bookedOn, 'after a closed day there is an open one')
      return { outcome: 'closed_date', nextOpenDate: row.bookedOn }
    case 'insufficient':
      return { outcome: 'insufficient', availableFen: row.availableFen }
    case 'exceeds_limit':
      return { outcome: 'exceeds_limit', roomFen: row.availableFen }
    case 'already_expired':
      return { outcome: 'expired' }
    case 'stale':
      throw overtaken()
    default:
      return { outcome: row.verdict }
  }
}

function doneResultOf(request: LedgerRequest, row: BatchRow, id: EntryId): BatchResult {
  if (request.kind === 'hold') return { outcome: 'held', holdId: id as string as HoldId }
  if (request.kind === 'void_hold') return { outcome: 'voided' }
  if (request.kind === 'expire_hold') return { outcome: 'ended_as_expired' }
  const wasMoved = row.bookedOn !== null && row.bookedOn !== request.businessDate
  return {
    outcome: 'posted',
    entryId: row.entryId ?? id,
    ...(wasMoved && row.bookedOn ? { movedTo: row.bookedOn } : {}),
  }
}

const isSame = (request: LedgerRequest, { knownMoves }: BatchRow) =>
  sameTransfers(
    transfersOf(request),
    (knownMoves ?? []).map(([debit, credit, amountFen]) => ({ debit, credit, amountFen })),
  )
