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
  approveRefund: ['finance'],
  setRefundRule: ['it'],
  reconcile: ['finance'],
  readChannels: ['it', 'finance', 'auditor'],
  keepChannels: ['it', 'finance'],
  describeChannels: ['it'],
  readPartners: ['it', 'auditor'],
  keepPartners: ['it'],
  readCatalogue: ['it', 'finance', 'auditor'],
  matchItems: ['it', 'finance'],
  readLending: ['finance', 'auditor'],
  decideLending: ['finance'],
  readBenefits: ['finance', 'cashier', 'auditor'],
  readGrants: ['finance', 'auditor'],
  grantBenefits: ['finance'],
  sellPackages: ['finance', 'cashier'],
  readDeposits: ['finance', 'cashier', 'auditor'],
  keepDeposits: ['finance', 'cashier'],
  readPersons: ['cashier', 'it', 'auditor'],
  joinPersons: ['cashier', 'it'],
  keepMedia: ['cashier', 'it'],
  keepFamily: ['cashier'],
  readRecords: ['doctor'],
  reviewRecords: ['auditor'],
  readRollout: ['it', 'auditor'],
  switchOn: ['it'],
  workQueue: ['doctor', 'cashier', 'it'],
  keepQueue: ['it'],
  readClinics: ['it', 'cashier', 'finance', 'auditor'],
  stopClinics: ['it', 'cashier', 'finance'],
}

/**
 * readFinance: figures and money moved. approveRefund: be the second person of a refund. setRefundRule: say which need one. readBooks: reconciliation, cases, payouts and vouchers. reconcile: act on those. readChannels: how
 * ways to pay fare, and by which rules one is chosen. keepChannels: change those.
 * describeChannels: bring in another without code. readPartners: applications of institutions, and what they asked.
 * readCatalogue, matchItems: what items are in the insurance's catalogue, and say what one is.
 * readLending, decideLending: of a lender's staff, its book, and what is decided in it.
 * readBenefits: programmes and their budgets. readGrants: who has what of them, and who is in need. grantBenefits, sellPackages:
 * act on those. readDeposits, keepDeposits: what people paid in beforehand. readPersons, joinPersons: records that
 * might be of one person, and say what they are.
 * keepMedia: cards and codes of people. keepFamily: see the documents of who acts for whom. readRecords: of another hospital, as a doctor. reviewRecords: judge looks at our own.
 * readRollout, switchOn: what of the hospital patients can use. workQueue: call and check in. keepQueue: screens.
 * readClinics: sessions and how full they are. stopClinics: say that one does not take place, or confirm it.
 */
export type Right =
  | 'readFinance'
  | 'readBooks'
  | 'refund'
  | 'retryRefund'
  | 'approveRefund'
  | 'setRefundRule'
  | 'reconcile'
  | 'readChannels'
  | 'keepChannels'
  | 'describeChannels'
  | 'readPartners'
  | 'keepPartners'
  | 'readCatalogue'
  | 'matchItems'
  | 'readLending'
  | 'decideLending'
  | 'readBenefits'
  | 'readGrants'
  | 'grantBenefits'
  | 'sellPackages'
  | 'readDeposits'
  | 'keepDeposits'
  | 'readPersons'
  | 'joinPersons'
  | 'keepMedia'
  | 'keepFamily'
  | 'readRecords'
  | 'reviewRecords'
  | 'readRollout'
  | 'switchOn'
  | 'workQueue'
  | 'keepQueue'
  | 'readClinics'
  | 'stopClinics'

/** Numbers of books above this are lenders'. */
const LAST_HOSPITAL = 900_000

/** Whether somebody works for a lender: then the pages of hospitals are not theirs, and the bank's are. */
export const isOfLender = ({ hospitalId }: Pick<Staff, 'hospitalId'>): boolean =>
  hospitalId > LAST_HOSPITAL

export const may = (staff: Pick<Staff, 'roles'>, right: Right): boolean =>
  staff.roles.some((role) => MAY[right].includes(role))
