import { createContext, useContext } from 'react'

import type { components } from '../../../contract/hub.d.ts'
import { assert } from '../../../kernel/assert.ts'

export type Staff = components['schemas']['StaffMe']
export type Role = Staff['roles'][number]

export const StaffContext = createContext<Staff | null>(null)

/** Who is signed in. Only below the shell, which shows nothing until it is known. */
export function useStaff(): Staff {
  const staff = useContext(StaffContext)
  assert(staff, 'the page stands in the shell')
  return staff
}

// The same as the routes of the hub declare; there it is enforced, here it only decides what is offered.
const MAY: Record<Right, readonly Role[]> = {
  readFinance: ['finance', 'cashier', 'auditor'],
  readBooks: ['finance', 'auditor'],
  refund: ['finance', 'cashier'],
  retryRefund: ['finance'],
  reconcile: ['finance'],
}

/** readFinance: figures and money moved. readBooks: reconciliation and cases. reconcile: act on those. */
export type Right = 'readFinance' | 'readBooks' | 'refund' | 'retryRefund' | 'reconcile'

export const may = (staff: Pick<Staff, 'roles'>, right: Right): boolean =>
  staff.roles.some((role) => MAY[right].includes(role))
