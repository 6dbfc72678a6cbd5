import { useInfiniteQuery } from '@tanstack/react-query'

import type { Hospital, Payment } from '../../../contract/client.ts'
import { client } from '../api.ts'
import { latestFirst, type RecordsPage } from './latest-first.ts'

const PAGE_SIZE = 20

/** A person's payments at all hospitals as one list, newest first; `error` when one of them did not answer. */
export function useRecords(hospitals: readonly Hospital[]) {
  const records = useInfiniteQuery({
    queryKey: ['records', hospitals.map((hospital) => hospital.id)],
    initialPageParam: hospitals.map((hospital): Cursor => ({ hospitalId: hospital.id })),
    queryFn: ({ pageParam, signal }) =>
      Promise.all(pageParam.map((cursor) => readPage(cursor, signal))),
    getNextPageParam: (answers) => {
      const next = answers.flatMap(nextCursorOf)
      return next.length > 0 ? next : null
    },
  })
  const pages = records.data?.pages ?? []
  return {
    payments: latestFirst(pages),
    error: records.error ?? pages.flat().find((page) => page.error !== null)?.error ?? null,
    isPending: records.isPending,
    hasMore: records.hasNextPage,
    isLoadingMore: records.isFetchingNextPage,
    loadMore: () => void records.fetchNextPage(),
    refetch: () => void records.refetch(),
  }
}

type Cursor = { hospitalId: number; before?: string }

// Not those that were only looked at: a plan that nobody agreed to is no payment.
const BEGUN: Payment['status'][] = [
  'charging',
  'settling',
  'succeeded',
  'compensating',
  'failed',
  'closed',
]

/** One that does not answer leaves its place in the list empty, and says so. */
async function readPage(cursor: Cursor, signal: AbortSignal): Promise<RecordsPage> {
  const { hospitalId, before } = cursor
  try {
    const { data, error } = await client.GET('/v1/hospitals/{hospitalId}/payments', {
      params: {
        path: { hospitalId },
        query: { limit: PAGE_SIZE, status: BEGUN, ...(before ? { before } : {}) },
      },
      signal,
    })
    if (error) throw error
    return {
      hospitalId,
      payments: data.items,
      hasMore: data.items.length === PAGE_SIZE,
      error: null,
    }
  } catch (error) {
    if (signal.aborted) throw error
    return { hospitalId, payments: [], hasMore: false, error }
  }
}

function nextCursorOf({ hospitalId, payments, hasMore }: RecordsPage): Cursor[] {
  const last = payments.at(-1)
  return hasMore && last ? [{ hospitalId, before: last.id }] : []
}
