import { sql } from 'kysely'

import { businessDateOf } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import type { LenderId, LoanId } from '../terms.ts'
import { clearing, WRITTEN_OFF } from './books.ts'
import { bringUp } from './bring-up.ts'
import type { LoanDependencies } from './dependencies.ts'
import { loanErrors } from './errors.ts'
import { owedInFull, totalOf } from './loan.ts'
import { negated } from './repay.ts'
import {
  insertLoanEntry,
  insertLoanEvent,
  instalmentRows,
  lockLoan,
  toInstalment,
  updateLoan,
  writeOffInstalments,
} from './store.ts'
import type { LoanRow, LoanTables } from './tables.ts'

/** Somebody of the lender's staff finds that an overdue loan will not be repaid. Nothing changes until another agrees. */
export async function proposeWriteOff(
  deps: LoanDependencies,
  { lenderId, loanId, reason }: { lenderId: LenderId; loanId: LoanId; reason: string },
  actor: Actor,
): Promise<void> {
  await inHospital(deps.db, lenderId, async (tx) => {
    const loan = await lockLoan(tx, lenderId, loanId)
    if (loan.status !== 'open') throw loanErrors.loan_over({ loanId })
    if (loan.overdue_since === null) throw loanErrors.loan_not_overdue({ loanId })
    await sql`insert into credit.write_off (hospital_id, loan_id, reason, proposed_by, proposed_at)
      values (${lenderId}, ${loanId}, ${reason}, ${actor.name}, ${deps.clock.now()})
      on conflict (hospital_id, loan_id) do update set reason = excluded.reason,
        proposed_by = excluded.proposed_by, proposed_at = excluded.proposed_at`.execute(tx)
    await deps.audit(tx, lenderId, actor, factOf('propose_write_off', loanId))
  })
}

/**
 * Another of the lender's staff agrees: all that is owed is given up, in the books; the borrower may still repay. Errors:
 * throws write_off_by_another when it is the one who proposed it.
 */
export async function approveWriteOff(
  deps: LoanDependencies,
  { lenderId, loanId }: { lenderId: LenderId; loanId: LoanId },
  actor: Actor,
): Promise<void> {
  await inHospital(deps.db, lenderId, async (tx) => {
    const on = businessDateOf(deps.clock.now())
    const loan = await bringUp(deps, tx, lenderId, loanId, on)
    const proposed = await proposalOf(tx, lenderId, loanId)
    if (!proposed) throw loanErrors.write_off_not_proposed({ loanId })
    if (loan.status === 'written_off') return
    if (loan.status !== 'open') throw loanErrors.loan_over({ loanId })
    if (loan.overdue_since === null) throw loanErrors.loan_not_overdue({ loanId })
    if (proposed.proposed_by === actor.name) throw loanErrors.write_off_by_another()
    await giveUp(deps, tx, loan, actor)
  })
}

async function giveUp(deps: LoanDependencies, tx: Tx, loan: LoanRow, actor: Actor): Promise<void> {
  const { hospital_id: lenderId, id: loanId } = loan
  const now = deps.clock.now()
  const businessDate = businessDateOf(now)
  const owed = owedInFull((await instalmentRows(tx, lenderId, loanId)).map(toInstalment))
  const fact = { cause: `write-off:${loanId}`, businessDate }
  await deps.ledger.post(tx, {
    ...fact,
    hospitalId: lenderId,
    subject: `loan:${loanId}`,
    memo: 'write-off',
    transfers: clearing(WRITTEN_OFF, owed),
  })
  await insertLoanEntry(tx, loan, fact, negated(owed))
  await writeOffInstalments(tx, loan)
  await updateLoan(tx, loan, { status: 'written_off', ended_at: now })
  await sql`update credit.write_off
    set approved_by = ${actor.name}, approved_at = ${now}, amount_fen = ${totalOf(owed)}
    where hospital_id = ${lenderId} and loan_id = ${loanId}`.execute(tx)
  await insertLoanEvent(tx, loan, {
    on: businessDate,
    kind: 'written_off',
    detail: { amountFen: totalOf(owed) },
    at: now,
  })
  await deps.audit(tx, lenderId, actor, factOf('approve_write_off', loanId))
  await deps.onRepaid(tx, {
    lenderId,
    personId: loan.person_id,
    hospitalId: loan.care_hospital_id,
    amountFen: owed.principalFen,
  })
}

const proposalOf = (tx: Tx, lenderId: LenderId, loanId: LoanId) =>
  tx
    .withTables<LoanTables>()
    .selectFrom('credit.write_off')
    .select('proposed_by')
    .where('hospital_id', '=', lenderId)
    .where('loan_id', '=', loanId)
    .executeTakeFirst()

const factOf = (action: string, loanId: LoanId) => ({
  action: `credit.${action}`,
  subject: `loan:${loanId}`,
})
