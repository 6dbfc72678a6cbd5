import createFetchClient from 'openapi-fetch'
import createQueryClient from 'openapi-react-query'

import type { components, paths } from './hub.d.ts'

/**
 * Any app outside the server talks to it through this client, and through nothing else. `app` says which of
 * the two sessions a browser may hold is meant, and keeps other sites from using either.
 */
export const createClient = ({ baseUrl, app }: { baseUrl: string; app: 'patient' | 'console' }) => {
  // Looked up at each call, so that a test can stand in for the network.
  const fetch = (request: Request) => globalThis.fetch(request)
  const client = createFetchClient<paths>({ baseUrl, fetch, headers: { 'x-yiqiao-app': app } })
  return { client, query: createQueryClient(client) }
}

type Schemas = components['schemas']
export type Bill = Schemas['Bill']
export type Agreement = Schemas['Agreement']
export type Payment = Schemas['Payment']
export type Refund = Schemas['Refund']
export type RefundRequest = Schemas['RefundRequest']
export type Move = Schemas['Move']
export type Problem = Schemas['Problem']
export type Timeline = Schemas['Timeline']
export type FinanceDay = Schemas['FinanceDay']
export type Explanation = Schemas['Explanation']
export type Hospital = Schemas['Hospital']
export type CoveragePolicy = Schemas['CoveragePolicy']
export type CoverageConsent = Schemas['CoverageConsent']
export type CoverageClaim = Schemas['CoverageClaim']
export type MyBenefit = Schemas['MyBenefit']
export type OfferedProgramme = Schemas['OfferedBenefitProgramme']
export type BenefitPoints = Schemas['BenefitPoints']
export type VoucherOffer = Schemas['VoucherOffer']
export type DepositAccount = Schemas['DepositAccount']
export type DepositMovement = Schemas['DepositMovement']
export type CatalogueExplanation = Schemas['CatalogueExplanation']
export type CatalogueItem = Schemas['CatalogueItem']
export type CatalogueEntry = Schemas['CatalogueEntry']
export type CreditLine = Schemas['CreditLine']
export type CreditOffer = Schemas['CreditOffer']
export type CreditApplication = Schemas['CreditApplication']
export type CreditVisit = Schemas['CreditVisit']
export type Loan = Schemas['Loan']
export type LoanWayOffer = Schemas['LoanWayOffer']
export type LoanRepayment = Schemas['LoanRepayment']
