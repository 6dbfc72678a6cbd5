import { type DepositAccount, freeOf } from './account.ts'
import type { Deposits } from './deposits.ts'
import type { StaffGiveBack } from './staff-store.ts'

// What the routes show.

export function viewOf({ rules }: Pick<Deposits, 'rules'>, account: DepositAccount) {
  const freeFen = freeOf(account)
  return {
    id: account.id,
    personId: account.personId,
    kind: account.kind,
    stayNo: account.stayNo,
    custodyBank: account.custody.bank,
    status: account.status,
    balanceFen: account.balanceFen,
    heldFen: account.heldFen,
    freeFen,
    isLow: account.status === 'open' && freeFen < account.lowFen,
    clearBy: account.kind === 'outpatient' ? rules.outpatientClearedBy : null,
    openedAt: account.openedAt.toISOString(),
    closedAt: account.closedAt?.toISOString() ?? null,
  }
}

export const viewForStaff = (deposits: Pick<Deposits, 'rules'>, account: DepositAccount) => ({
  ...viewOf(deposits, account),
  custodyNo: account.custody.accountNo,
  lowFen: account.lowFen,
})

export const viewOfGiveBack = ({ askedAt, doneAt, ...row }: StaffGiveBack) => ({
  ...row,
  askedAt: askedAt.toISOString(),
  doneAt: doneAt?.toISOString() ?? null,
})
