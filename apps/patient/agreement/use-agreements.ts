import { useMutation, useQueryClient } from '@tanstack/react-query'

import type { Agreement } from '../../../contract/client.ts'
import { SECOND_MS } from '../../../kernel/time.ts'
import { underKey } from '../../web/idempotency-key.ts'
import { client, query } from '../api.ts'

export type Offer = { channel: string; mostPerPaymentFen: number; mostPerDayFen: number }

export type Limits = { limitPerPaymentFen: number; limitPerDayFen: number }

const LOOK_AGAIN_MS = 3 * SECOND_MS

/** Looked at again by itself while something is under way. */
export const useAgreements = (hospitalId: number) =>
  query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/agreements',
    { params: { path: { hospitalId } } },
    {
      refetchInterval: ({ state }) =>
        state.data?.items.some(({ state: now }) => UNDER_WAY.has(now)) ? LOOK_AGAIN_MS : false,
    },
  )

const UNDER_WAY: ReadonlySet<Agreement['state']> = new Set(['signing', 'unknown', 'revoking'])

/** The one that matters now: what is on or under way before what is over, and then the newest. */
export function currentAt(items: readonly Agreement[], channel: string): Agreement | null {
  const here = items.filter((item) => item.channel === channel)
  const live = here.find(({ state }) => state !== 'revoked' && state !== 'revoking')
  return live ?? here[0] ?? null
}

/** Where the payer is to go on, or null when the provider did not say. */
export function useSign(hospitalId: number, channel: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (limits: Limits) =>
      underKey(`sign:${hospitalId}:${channel}:${Object.values(limits).join(':')}`, async (key) => {
        const { data, error } = await client.POST('/v1/hospitals/{hospitalId}/agreements', {
          params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
          body: { channel, ...limits, returnUrl: window.location.href },
        })
        if (error) throw error
        const { payerAction } = data
        return payerAction?.kind === 'page' ? payerAction.url : null
      }),
    onSuccess: (url) => {
      if (url) window.location.assign(url)
    },
    onSettled: refresh,
  })
}

export function useChangeLimits({ hospitalId, id }: Pick<Agreement, 'hospitalId' | 'id'>) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (limits: Limits) => {
      const path = { hospitalId, id }
      const { error } = await client.PUT('/v1/hospitals/{hospitalId}/agreements/{id}/limits', {
        params: { path },
        body: limits,
      })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

export function useRevoke({ hospitalId, id }: Pick<Agreement, 'hospitalId' | 'id'>) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: () =>
      underKey(`revoke:${id}`, async (key) => {
        const { error } = await client.POST(
          '/v1/hospitals/{hospitalId}/agreements/{id}/revocation',
          { params: { path: { hospitalId, id }, header: { 'Idempotency-Key': key } } },
        )
        if (error) throw error
      }),
    onSettled: refresh,
  })
}

/** Also after a failure: perhaps it was carried out, and only the answer was lost. */
function useRefresh() {
  const queryClient = useQueryClient()
  return () =>
    queryClient.invalidateQueries({
      queryKey: ['get', '/v1/hospitals/{hospitalId}/agreements'],
    })
}
