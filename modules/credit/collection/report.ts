import { assert } from '../../../kernel/assert.ts'
import type { Fen } from '../../../kernel/money.ts'
import { addMs, businessDateOf, MINUTE_MS } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import { COLLECTED, OWED_TO_PAYERS } from '../books.ts'
import { creditErrors } from '../errors.ts'
import { oweToPayer } from '../owed-store.ts'
import type { CollectionRow, ReceivedRow } from '../tables.ts'
import type { CreditVisitId, LenderId, LoanId, PersonId } from '../terms.ts'
import { findVisit } from '../visit-store.ts'
import type { CollectionDependencies } from './dependencies.ts'
import { endCollection, findReceived, insertReceived, lockCollection } from './store.ts'

/** What a lender says it has received. Either what was announced to it, by our number, or money for a loan by itself. */
export type Received = {
  lenderId: LenderId
  /** The lender's own number of it: told again, it is the same money. */
  reference: string
  about: { number: string } | { loanId: LoanId }
  amountFen: Fen
  receivedAt: Date
  payer: 'self' | 'family'
}

// Clocks differ a little.
const EARLY_MS = 5 * MINUTE_MS

/**
 * Books money that a lender has received, once for its reference and whatever has become of the loan or the visit since:
 * money that has moved is never refused. What nobody owes any more is owed to the payer. Errors: report_differs for a
 * reference that came before with other content, report_in_future, loan_not_found and collection_not_found where it is
 * about nothing of ours, which the lender reports again once it knows better.
 */
export async function reportReceived(
  deps: CollectionDependencies,
  report: Received,
  actor: Actor,
): Promise<ReceivedRow> {
  const now = deps.clock.now()
  if (report.receivedAt > addMs(now, EARLY_MS)) throw creditErrors.report_in_future()
  const { row, collection } = await inHospital(deps.db, report.lenderId, (tx) =>
    keep(deps, tx, report, actor),
  )
  if (collection) await conclude(deps, collection)
  return row
}

async function keep(deps: CollectionDependencies, tx: Tx, report: Received, actor: Actor) {
  const { lenderId, reference } = report
  const collection = await announcedTo(tx, report)
  const known = await findReceived(tx, lenderId, reference)
  if (known) return { row: sameOrRefuse(known, report), collection: null }
  const about = await aboutOf(deps, tx, report, collection)
  const row: ReceivedRow = {
    hospital_id: lenderId,
    reference,
    collection_no: collection?.number ?? null,
    loan_id: about.loanId,
    visit_id: about.visitId,
    payer: report.payer,
    amount_fen: report.amountFen,
    booked_as: bookedAs(report, collection, about.loanId),
    received_at: report.receivedAt,
    reported_by: actor.name,
    reported_at: deps.clock.now(),
  }
  if (!(await insertReceived(tx, row))) {
    const raced = await findReceived(tx, lenderId, reference)
    assert(raced, 'one that could not be inserted is there')
    return { row: sameOrRefuse(raced, report), collection: null }
  }
  await book(deps, tx, row, collection, about.personId)
  await deps.audit(tx, lenderId, actor, {
    action: 'credit.received',
    subject: about.loanId === null ? `visit:${about.visitId ?? ''}` : `loan:${about.loanId}`,
    outcome: row.booked_as,
    detail: { reference, amountFen: report.amountFen },
  })
  return { row, collection }
}

async function announcedTo(tx: Tx, { lenderId, about }: Received): Promise<CollectionRow | null> {
  if (!('number' in about)) return null
  const { number } = about
  const collection = await lockCollection(tx, lenderId, number)
  if (!collection) throw creditErrors.collection_not_found({ number })
  return collection
}

type About = { loanId: LoanId | null; visitId: CreditVisitId | null; personId: PersonId }

/** A visit whose payment came too late has become a loan, or ended without one. */
async function aboutOf(
  { loans }: CollectionDependencies,
  tx: Tx,
  { lenderId, about }: Received,
  collection: CollectionRow | null,
): Promise<About> {
  const visitId = collection?.visit_id ?? null
  const visit = visitId && (await findVisit(tx, lenderId, visitId))
  const loanId =
    'loanId' in about ? about.loanId : (collection?.loan_id ?? (visit ? visit.loanId : null))
  if (loanId === null) {
    assert(visit, 'a collection is of a loan or a visit')
    return { loanId, visitId, personId: visit.personId }
  }
  return { loanId, visitId, personId: await loans().personOf(tx, lenderId, loanId) }
}

/** As it was announced only while it still waits, and for the amount that was announced. */
function bookedAs(
  { amountFen }: Received,
  collection: CollectionRow | null,
  loanId: LoanId | null,
): ReceivedRow['booked_as'] {
  if (collection?.status === 'asking' && collection.amount_fen === amountFen) return 'announced'
  return loanId === null ? 'owed_to_payer' : 'repayment'
}

async function book(
  deps: CollectionDependencies,
  tx: Tx,
  row: ReceivedRow,
  collection: CollectionRow | null,
  personId: PersonId,
): Promise<void> {
  const now = deps.clock.now()
  const { reference, amount_fen: amountFen, hospital_id: lenderId } = row
  if (row.booked_as === 'announced' && collection) {
    const taken = { status: 'taken', refusal: null, lender_no: reference, ended_at: now } as const
    return endCollection(tx, collection, taken)
  }
  if (collection?.status === 'asking') {
    const differs = { status: 'refused', refusal: 'another_amount', lender_no: null } as const
    await endCollection(tx, collection, { ...differs, ended_at: now })
  }
  if (row.loan_id !== null) {
    await deps.loans().receive(tx, {
      lenderId,
      loanId: row.loan_id,
      repaymentNo: `received:${reference}`,
      payerId: collection?.payer_id ?? null,
      isFamily: row.payer === 'family',
      amountFen,
      reference,
    })
    return
  }
  const cause = `received:${reference}`
  await deps.ledger.post(tx, {
    hospitalId: lenderId,
    businessDate: businessDateOf(now),
    cause,
    subject: `visit:${row.visit_id ?? ''}`,
    memo: 'received and not owed',
    transfers: [{ debit: COLLECTED, credit: OWED_TO_PAYERS, amountFen }],
  })
  const payerId = collection?.payer_id ?? personId
  await oweToPayer(tx, { lenderId, personId: payerId, amountFen, cause, at: now })
}

function sameOrRefuse(known: ReceivedRow, report: Received): ReceivedRow {
  const { about, amountFen, payer } = report
  const isAbout =
    'number' in about ? known.collection_no === about.number : known.loan_id === about.loanId
  if (isAbout && known.amount_fen === amountFen && known.payer === payer) return known
  throw creditErrors.report_differs({ reference: report.reference })
}

/**
 * The lender could not or would not take what was announced. Errors: collection_not_found; collection_over when it has
 * ended otherwise.
 */
export async function refuseCollection(
  deps: CollectionDependencies,
  { lenderId, number, reason }: { lenderId: LenderId; number: string; reason: string },
  actor: Actor,
): Promise<void> {
  const collection = await inHospital(deps.db, lenderId, async (tx) => {
    const found = await lockCollection(tx, lenderId, number)
    if (!found || found.expires_at === null) throw creditErrors.collection_not_found({ number })
    if (found.status === 'refused') return found
    if (found.status !== 'asking') throw creditErrors.collection_over({ number })
    const end = { status: 'refused', refusal: reason, lender_no: null } as const
    await endCollection(tx, found, { ...end, ended_at: deps.clock.now() })
    await deps.audit(tx, lenderId, actor, {
      action: 'credit.collection_refused',
      subject: `collection:${number}`,
      detail: { reason },
    })
    return found
  })
  await conclude(deps, collection)
}

/** What waited for it goes on at once; if that fails, it is looked at again by itself. */
async function conclude(deps: CollectionDependencies, collection: CollectionRow): Promise<void> {
  const { hospital_id: lenderId, repayment_no: repaymentNo, visit_id: visitId } = collection
  if (visitId === null) await deps.loans().resolveRepayment({ lenderId, repaymentNo })
  else await deps.credit().lookAfterVisit({ lenderId, visitId })
}
