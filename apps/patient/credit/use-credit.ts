import { useMutation, useQueryClient } from '@tanstack/react-query'

import type { CreditOffer, CreditVisit, Loan } from '../../../contract/client.ts'
import { businessDateOf, SECOND_MS } from '../../../kernel/time.ts'
import { underKey } from '../../web/idempotency-key.ts'
import { client, query } from '../api.ts'
import { useHubNow } from '../parts/hub-clock.ts'

// What the pages of credit ask of the hub. All of it is the person's own.

const LOOK_AGAIN_MS = 3 * SECOND_MS
const LOOK_AT_OPEN_MS = 15 * SECOND_MS

export const useLines = () => query.useQuery('get', '/v1/credit/lines')

export const useOffers = () => query.useQuery('get', '/v1/credit/offers')

/** Looked at again by itself while a lender has not answered. */
export const useApplications = () =>
  query.useQuery(
    'get',
    '/v1/credit/applications',
    {},
    {
      refetchInterval: ({ state }) =>
        state.data?.items.some(({ status }) => status === 'asking') ? LOOK_AGAIN_MS : false,
    },
  )

/** Looked at again by itself while one of them is moving; now and then while one is open, which is drawn without a tap. */
export const useVisits = () =>
  query.useQuery(
    'get',
    '/v1/credit/visits',
    {},
    { refetchInterval: ({ state }) => lookAgainAt(state.data?.items ?? []) },
  )

function lookAgainAt(visits: readonly CreditVisit[]): number | false {
  if (visits.some(({ status }) => status === 'paying' || status === 'closing')) return LOOK_AGAIN_MS
  return visits.some(({ status }) => status === 'open') ? LOOK_AT_OPEN_MS : false
}

export const useLoans = () => query.useQuery('get', '/v1/credit/loans')

/** Looked at again by itself while the lender has not answered for a repayment. */
export const useLoan = (lenderId: number, id: string) =>
  query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}/loans/{id}',
    { params: { path: { lenderId, id } } },
    { refetchInterval: ({ state }) => (runningOf(state.data) ? LOOK_AGAIN_MS : false) },
  )

/** The repayment that has no answer yet; there is one at a time at most. */
export const runningOf = (loan: Loan | undefined): Loan['repayments'][number] | undefined =>
  loan?.repayments.find(({ status }) => status === 'asking')

/** Today at the hub, as '2026-11-22'; null until the hub has said what time it is. */
export function useToday(): string | null {
  const nowMs = useHubNow()
  return nowMs === null ? null : businessDateOf(new Date(nowMs))
}

export type Lender = { zh: string; en: string }

/** The names of lenders, from whatever tells them; empty until one is known. */
export function useLenderName(): (lenderId: number, language: string) => string {
  const lines = useLines().data?.items ?? []
  const offers = useOffers().data?.items ?? []
  return (lenderId, language) => {
    const known = [...lines, ...offers].find((each) => each.lenderId === lenderId)
    return known ? inLanguage(known.lender, language) : ''
  }
}

export const inLanguage = ({ zh, en }: Lender, language: string): string =>
  language.startsWith('en') ? en : zh

export function useApply({ lenderId, productId, consent }: CreditOffer) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (way: CreditOffer['ways'][number]['way']) =>
      underKey(`credit-apply:${lenderId}:${productId}:${way}:${consent.version}`, async (key) => {
        const { data, error } = await client.POST('/v1/credit/lenders/{lenderId}/applications', {
          params: { path: { lenderId }, header: { 'Idempotency-Key': key } },
          body: { productId, way, consentVersion: consent.version },
        })
        if (error) throw error
        return data
      }),
    onSettled: refresh,
  })
}

export function useAskForReview(lenderId: number, id: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (statement: string) =>
      underKey(`credit-review:${id}`, async (key) => {
        const { error } = await client.POST(
          '/v1/credit/lenders/{lenderId}/applications/{id}/reviews',
          {
            params: { path: { lenderId, id }, header: { 'Idempotency-Key': key } },
            body: { statement },
          },
        )
        if (error) throw error
      }),
    onSettled: refresh,
  })
}

export function useWithdraw(lenderId: number, id: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async () => {
      const { error } = await client.POST(
        '/v1/credit/lenders/{lenderId}/applications/{id}/withdrawal',
        { params: { path: { lenderId, id } } },
      )
      if (error) throw error
    },
    onSettled: refresh,
  })
}

export function useEndLine(lenderId: number) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async () => {
      const { error } = await client.DELETE('/v1/credit/lines/{lenderId}', {
        params: { path: { lenderId } },
      })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

export type VisitWish = {
  hospitalId: number
  reserveFen: number
  consentVersion: string
}

/** `onAgreed` is called even when the page is gone by then: with the whole limit kept, nothing is free for it any more. */
export function useAgreeToVisit(lenderId: number, onAgreed: (visit: CreditVisit) => void) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (wish: VisitWish) =>
      underKey(`credit-visit:${lenderId}:${Object.values(wish).join(':')}`, async (key) => {
        const { data, error } = await client.POST('/v1/credit/lenders/{lenderId}/visits', {
          params: { path: { lenderId }, header: { 'Idempotency-Key': key } },
          body: wish,
        })
        if (error) throw error
        return data
      }),
    onSuccess: onAgreed,
    onSettled: refresh,
  })
}

export function usePayEarly({ lenderId, id }: Pick<CreditVisit, 'lenderId' | 'id'>) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: () =>
      underKey(`credit-early:${id}`, async (key) => {
        const { data, error } = await client.POST(
          '/v1/credit/lenders/{lenderId}/visits/{id}/payment',
          { params: { path: { lenderId, id }, header: { 'Idempotency-Key': key } } },
        )
        if (error) throw error
        return data
      }),
    onSettled: refresh,
  })
}

/** `amountFen` is what the button said: where it is not what is owed any more, nothing is taken. */
export type RepaymentWish = { scope: 'partial' | 'due' | 'full'; amountFen: number }

export function useRepay(lenderId: number, id: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (wish: RepaymentWish) =>
      underKey(`repay:${id}:${wish.scope}:${wish.amountFen}`, async (key) => {
        const { data, error } = await client.POST(
          '/v1/credit/lenders/{lenderId}/loans/{id}/repayments',
          {
            params: { path: { lenderId, id }, header: { 'Idempotency-Key': key } },
            body: wish,
          },
        )
        if (error) throw error
        return data
      }),
    onSettled: refresh,
  })
}

export type WayConsent = {
  way: CreditOffer['ways'][number]['way']
  periods: number
  aprPpm: number
  totalFen: number
}

export function useChangeWay(lenderId: number, id: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (consent: WayConsent) => {
      const { error } = await client.PUT('/v1/credit/lenders/{lenderId}/loans/{id}/way', {
        params: { path: { lenderId, id } },
        body: consent,
      })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

/**
 * Also after a failure: perhaps it was carried out, and only the answer was lost. One move changes lines, visits and
 * loans. Ways to repay are left out: once one is taken there are none to be asked for.
 */
function useRefresh() {
  const queryClient = useQueryClient()
  return () =>
    queryClient.invalidateQueries({
      predicate: ({ queryKey: [, path] }) =>
        typeof path === 'string' && path.startsWith('/v1/credit/') && !path.endsWith('/ways'),
    })
}
