import { type AnyRoute, createRoute, useParams, useSearch } from '@tanstack/react-router'
import { type ComponentType, lazy } from 'react'

import { loadCreditWords } from './words.ts'

// Loaded when somebody goes there, with their words, as all pages behind the first ones.
const CreditPage = lazy(async () => {
  const [page] = await Promise.all([import('./CreditPage.tsx'), loadCreditWords()])
  return { default: page.CreditPage }
})
const OfferPage = lazy(async () => {
  const [page] = await Promise.all([import('./OfferPage.tsx'), loadCreditWords()])
  return { default: page.OfferPage }
})
const ApplicationPage = lazy(async () => {
  const [page] = await Promise.all([import('./ApplicationPage.tsx'), loadCreditWords()])
  return { default: page.ApplicationPage }
})
const AgreeVisitPage = lazy(async () => {
  const [page] = await Promise.all([import('./AgreeVisitPage.tsx'), loadCreditWords()])
  return { default: page.AgreeVisitPage }
})
const CreditVisitPage = lazy(async () => {
  const [page] = await Promise.all([import('./CreditVisitPage.tsx'), loadCreditWords()])
  return { default: page.CreditVisitPage }
})
const LoanPage = lazy(async () => {
  const [page] = await Promise.all([import('./LoanPage.tsx'), loadCreditWords()])
  return { default: page.LoanPage }
})
const WaysPage = lazy(async () => {
  const [page] = await Promise.all([import('./WaysPage.tsx'), loadCreditWords()])
  return { default: page.WaysPage }
})
const RepayPage = lazy(async () => {
  const [page] = await Promise.all([import('./RepayPage.tsx'), loadCreditWords()])
  return { default: page.RepayPage }
})
const FamilyRepayPage = lazy(async () => {
  const [page] = await Promise.all([import('./FamilyRepayPage.tsx'), loadCreditWords()])
  return { default: page.FamilyRepayPage }
})

/** The pages of 先诊疗后付费, below the route of those who are signed in. */
export const creditRoutes = (parent: AnyRoute): AnyRoute[] => [
  createRoute({ getParentRoute: () => parent, path: '/credit', component: CreditPage }),
  createRoute({
    getParentRoute: () => parent,
    path: '/credit/offers/$lenderId/$productId',
    component: function Offer() {
      const { lenderId, productId = '' } = useOwnParams()
      return <OfferPage lenderId={lenderId} productId={productId} />
    },
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/credit/agree/$lenderId',
    component: function Agree() {
      return <AgreeVisitPage lenderId={useOwnParams().lenderId} />
    },
  }),
  ofOne(parent, '/credit/applications/$lenderId/$id', ApplicationPage),
  ofOne(parent, '/credit/visits/$lenderId/$id', CreditVisitPage),
  ofOne(parent, '/credit/loans/$lenderId/$id', LoanPage),
  ofOne(parent, '/credit/loans/$lenderId/$id/ways', WaysPage),
  ofOne(parent, '/credit/loans/$lenderId/$id/repay', RepayPage),
  createRoute({
    getParentRoute: () => parent,
    path: '/credit/family/$lenderId/$id',
    component: function Family() {
      const { lenderId, id } = useOwnParams()
      const { amount }: { amount?: unknown } = useSearch({ strict: false })
      const askedFen = Number(amount)
      const isAmount = Number.isSafeInteger(askedFen) && askedFen > 0
      return (
        <FamilyRepayPage
          key={id}
          lenderId={lenderId}
          id={id}
          askedFen={isAmount ? askedFen : null}
        />
      )
    },
  }),
]

/** A page of one thing of a lender's. */
const ofOne = (
  parent: AnyRoute,
  path: string,
  Component: ComponentType<{ lenderId: number; id: string }>,
): AnyRoute =>
  createRoute({
    getParentRoute: () => parent,
    path,
    component: function One() {
      const { lenderId, id } = useOwnParams()
      return <Component key={id} lenderId={lenderId} id={id} />
    },
  })

function useOwnParams(): { lenderId: number; id: string; productId?: string } {
  const { lenderId, id = '', productId }: Record<string, string> = useParams({ strict: false })
  return { lenderId: Number(lenderId), id, ...(productId === undefined ? {} : { productId }) }
}
