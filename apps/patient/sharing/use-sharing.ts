import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'

import type { components } from '../../../contract/hub.d.ts'
import { underKey } from '../../web/idempotency-key.ts'
import { client, query } from '../api.ts'

type Schemas = components['schemas']
export type Consent = Schemas['RecordConsent']
export type ConsentText = NonNullable<Schemas['RecordConsents']['text']>
export type Access = Schemas['RecordAccess']
export type Alert = Schemas['RecordAlert']

export const KINDS = ['report', 'visit'] as const satisfies readonly Consent['kinds'][number][]
export const PURPOSES = [
  'treatment',
  'referral',
  'second_opinion',
] as const satisfies readonly Consent['purpose'][]

const CONSENTS = '/v1/my-record-consents'
const ACCESSES = '/v1/my-record-accesses'
const ALERTS = '/v1/my-record-alerts'
const MOST_CONSENTS = 100
const PAGE = 20

/** The newest hundred: what is older has run out. */
export const useConsents = () =>
  query.useQuery('get', CONSENTS, { params: { query: { limit: MOST_CONSENTS } } })

export const useAlerts = () => query.useQuery('get', ALERTS, {})

/** Who looked, page by page. */
export const useAccesses = () =>
  useInfiniteQuery({
    queryKey: ['get', ACCESSES],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) => {
      const page = pageParam === null ? {} : { after: pageParam }
      const { data, error } = await client.GET(ACCESSES, {
        params: { query: { limit: PAGE, ...page } },
      })
      if (error) throw error
      return data
    },
    getNextPageParam: ({ next }) => next,
  })

export type NewConsent = Omit<Consent, 'id' | 'state' | 'givenAt' | 'withdrawnAt'>

export function useGiveConsent() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (wish: NewConsent) =>
      underKey(`record-consent:${JSON.stringify(wish)}`, async (key) => {
        const { error } = await client.POST(CONSENTS, {
          params: { header: { 'Idempotency-Key': key } },
          body: wish,
        })
        if (error) throw error
      }),
    onSettled: refresh,
  })
}

export function useWithdrawConsent() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async ({ id, holderId }: Consent) => {
      const { error } = await client.POST(`${CONSENTS}/{id}/withdrawal`, {
        params: { path: { id } },
        body: { holderId },
      })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

export function useAsk() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async ({ id, words }: { id: string; words: string }) => {
      const { error } = await client.POST(`${ACCESSES}/{id}/question`, {
        params: { path: { id } },
        body: { words },
      })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

export function useSeeAlert() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (id: string) => {
      const { error } = await client.POST(`${ALERTS}/{id}/seen`, { params: { path: { id } } })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

/** Also after a failure: perhaps it was carried out, and only the answer was lost. */
function useRefresh() {
  const queryClient = useQueryClient()
  return async () => {
    for (const path of [CONSENTS, ACCESSES, ALERTS]) {
      await queryClient.invalidateQueries({ queryKey: ['get', path] })
    }
  }
}
