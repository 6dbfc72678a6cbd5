import { api } from '../api.ts'

const REFRESH_MS = 30_000
const MOST_WAITING = 50

const ofLender = (lenderId: number) => ({ params: { path: { lenderId } } })

export const usePortfolio = (lenderId: number) =>
  api.query.useQuery('get', '/v1/credit/lenders/{lenderId}/portfolio', ofLender(lenderId), {
    refetchInterval: REFRESH_MS,
  })

export const useLoanFigures = (lenderId: number) =>
  api.query.useQuery('get', '/v1/credit/lenders/{lenderId}/loan-figures', ofLender(lenderId), {
    refetchInterval: REFRESH_MS,
  })

export const useLineUse = (lenderId: number) =>
  api.query.useQuery('get', '/v1/credit/lenders/{lenderId}/line-use', ofLender(lenderId), {
    refetchInterval: REFRESH_MS,
  })

/** What waits for a person: write-offs for a second one, and reviews. Counted up to fifty. */
export function useWaiting(lenderId: number) {
  const path = { lenderId }
  const writeOffs = api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}/loans',
    { params: { path, query: { proposed: true, limit: MOST_WAITING } } },
    { refetchInterval: REFRESH_MS },
  )
  const reviews = api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}/reviews',
    { params: { path, query: { state: 'open', limit: MOST_WAITING } } },
    { refetchInterval: REFRESH_MS },
  )
  const count = (items: readonly unknown[] | undefined) =>
    items === undefined ? null : items.length === MOST_WAITING ? `${MOST_WAITING}+` : items.length
  return { writeOffs: count(writeOffs.data?.items), reviews: count(reviews.data?.items) }
}
