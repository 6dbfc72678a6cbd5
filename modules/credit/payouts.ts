import { sql } from 'kysely'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId, Id } from '../../kernel/id.ts'
import { type Fen, fen, ZERO } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { balancesOf } from '../ledger/index.ts'
import { OWED_TO_PAYERS, owedToHospital, TREASURY } from './books.ts'
import type { CreditDependencies } from './dependencies.ts'
import { creditErrors } from './errors.ts'
import {
  freeForPayer,
  holdForPayer,
  type OwedPayer,
  owedPayers,
  paidToPayer,
} from './owed-store.ts'
import {
  decidePayoutRow,
  insertPayout,
  listPayouts,
  lockPayout,
  proposedTo,
} from './payout-store.ts'
import type { PayoutRow } from './tables.ts'
import type { LenderId, PersonId } from './terms.ts'

export type PayoutTo = { personId: PersonId } | { careHospitalId: HospitalId }

export type NewPayout = {
  lenderId: LenderId
  id: Id<'CreditPayout'>
  to: PayoutTo
  amountFen: Fen
  grounds: string
}

export type PayoutVerdict = {
  lenderId: LenderId
  id: Id<'CreditPayout'>
  /** The bank's own number of the transfer; null: it is not paid out. */
  transferNo: string | null
}

/** Money that leaves a lender, by two of its people: to payers who are owed some, to hospitals for what was drawn there. */
export const createPayouts = (deps: CreditDependencies) => ({
  propose: (wish: NewPayout, actor: Actor): Promise<PayoutRow> => propose(deps, wish, actor),
  decide: (verdict: PayoutVerdict, actor: Actor): Promise<PayoutRow> =>
    decide(deps, verdict, actor),
  /** Newest first. */
  list: (lenderId: LenderId): Promise<PayoutRow[]> =>
    inHospital(deps.db, lenderId, (tx) => listPayouts(tx, lenderId)),
  /** Whom the lender owes what, and how much of it is proposed to be paid out. */
  owed: (lenderId: LenderId): Promise<Owed> =>
    inHospital(deps.db, lenderId, async (tx) => ({
      payers: await owedPayers(tx, lenderId),
      hospitals: await owedHospitals(tx, lenderId),
    })),
})

export type Owed = {
  payers: OwedPayer[]
  hospitals: { careHospitalId: HospitalId; owedFen: Fen; heldFen: Fen }[]
}

/** Errors: payout_too_much when not so much is owed that nobody has proposed yet. */
const propose = (deps: CreditDependencies, wish: NewPayout, actor: Actor): Promise<PayoutRow> =>
  inHospital(deps.db, wish.lenderId, async (tx) => {
    const now = deps.clock.now()
    const { lenderId, id, to, amountFen } = wish
    const row: PayoutRow = {
      hospital_id: lenderId,
      id,
      person_id: 'personId' in to ? to.personId : null,
      care_hospital_id: 'careHospitalId' in to ? to.careHospitalId : null,
      amount_fen: amountFen,
      grounds: wish.grounds,
      status: 'proposed',
      transfer_no: null,
      proposed_by: actor.name,
      proposed_at: now,
      decided_by: null,
      decided_at: null,
    }
    const known = await lockPayout(tx, lenderId, id)
    if (known) return known
    const isThere =
      'personId' in to
        ? await holdForPayer(tx, { lenderId, personId: to.personId, amountFen, at: now })
        : amountFen <= (await freeForHospital(tx, lenderId, to.careHospitalId))
    if (!isThere) throw creditErrors.payout_too_much({ amountFen })
    await insertPayout(tx, row)
    await deps.audit(tx, lenderId, actor, factOf('proposed', row))
    return row
  })

/**
 * Another person agrees, with the number of the bank's transfer, or refuses. Errors: payout_not_found, payout_decided,
 * payout_by_another, transfer_used for a transfer that paid another one.
 */
const decide = (
  deps: CreditDependencies,
  { lenderId, id, transferNo }: PayoutVerdict,
  actor: Actor,
): Promise<PayoutRow> =>
  inHospital(deps.db, lenderId, async (tx) => {
    const row = await lockPayout(tx, lenderId, id)
    if (!row) throw creditErrors.payout_not_found({ id })
    if (row.status === 'paid' && row.transfer_no === transferNo) return row
    if (row.status !== 'proposed') throw creditErrors.payout_decided({ id })
    if (row.proposed_by === actor.name) throw creditErrors.payout_by_another()
    const decided: PayoutRow = {
      ...row,
      status: transferNo === null ? 'refused' : 'paid',
      transfer_no: transferNo,
      decided_by: actor.name,
      decided_at: deps.clock.now(),
    }
    if (!(await decidePayoutRow(tx, decided))) {
      throw creditErrors.transfer_used({ transferNo: transferNo ?? '' })
    }
    await (transferNo === null ? giveUp(deps, tx, decided) : pay(deps, tx, decided))
    await deps.audit(tx, lenderId, actor, factOf(decided.status, decided))
    return decided
  })

async function giveUp({ clock }: CreditDependencies, tx: Tx, row: PayoutRow): Promise<void> {
  if (row.person_id === null) return
  await freeForPayer(tx, heldOf(row, row.person_id, clock.now()))
}

async function pay({ clock, ledger }: CreditDependencies, tx: Tx, row: PayoutRow): Promise<void> {
  const now = clock.now()
  const { hospital_id: lenderId, id, person_id: personId, care_hospital_id: careHospitalId } = row
  const cause = `payout:${id}`
  assert(personId !== null || careHospitalId !== null, 'a payout goes to somebody')
  const debit = careHospitalId === null ? OWED_TO_PAYERS : owedToHospital(careHospitalId)
  const posted = await ledger.post(tx, {
    hospitalId: lenderId,
    businessDate: businessDateOf(now),
    cause,
    subject: personId === null ? `hospital:${careHospitalId ?? ''}` : `person:${personId}`,
    memo: row.transfer_no ?? '',
    transfers: [{ debit, credit: TREASURY, amountFen: row.amount_fen }],
  })
  assert(posted.outcome === 'posted', 'a payout is paid once')
  if (personId !== null) await paidToPayer(tx, heldOf(row, personId, now), cause)
}

const heldOf = (row: PayoutRow, personId: PersonId, at: Date) => ({
  lenderId: row.hospital_id,
  personId,
  amountFen: row.amount_fen,
  at,
})

/** What is owed and not proposed yet. Proposals for one hospital take turns at its limit's row. */
async function freeForHospital(
  tx: Tx,
  lenderId: LenderId,
  careHospitalId: HospitalId,
): Promise<Fen> {
  await sql`select from credit.hospital_limit
    where hospital_id = ${lenderId} and care_hospital_id = ${careHospitalId}
    for no key update`.execute(tx)
  const hospitals = await owedHospitals(tx, lenderId)
  const found = hospitals.find((one) => one.careHospitalId === careHospitalId)
  return found ? fen(Math.max(0, found.owedFen - found.heldFen)) : ZERO
}

const HOSPITAL_ACCOUNT = /^owed\/hospital\/(\d+)$/

async function owedHospitals(tx: Tx, lenderId: LenderId): Promise<Owed['hospitals']> {
  const held = await proposedTo(tx, lenderId)
  const accounts = await balancesOf(tx, lenderId)
  return accounts.flatMap(({ code, debitFen, creditFen }) => {
    const number = HOSPITAL_ACCOUNT.exec(code)?.[1]
    if (number === undefined) return []
    const careHospitalId = Number(number) as HospitalId
    const heldFen = held.get(careHospitalId) ?? ZERO
    return [{ careHospitalId, owedFen: fen(creditFen - debitFen), heldFen }]
  })
}

const factOf = (outcome: string, { id, amount_fen, grounds }: PayoutRow) => ({
  action: 'credit.payout',
  subject: `payout:${id}`,
  outcome,
  detail: { amountFen: amount_fen, grounds },
})
