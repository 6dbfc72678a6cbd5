import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import type { components } from '../../../contract/hub.d.ts'
import { metresBetween } from '../../../kernel/place.ts'
import { underKey } from '../../web/idempotency-key.ts'
import { useLive } from '../../web/live.ts'
import { client, query } from '../api.ts'
import { actingHeader } from '../family/acting.ts'
import { placeOfPhone } from '../parts/phone-place.ts'

const MINE = '/v1/hospitals/{hospitalId}/my-queue'

export type MyQueue = components['schemas']['MyQueue']
export type MyTicket = components['schemas']['MyQueueTicket']
export type Awaited = components['schemas']['QueueAwaited']

/** What somebody waits for at a hospital, moved along by what the hub tells. */
export function useMyQueue(hospitalId: number, distanceM: number | null) {
  const queryClient = useQueryClient()
  const wish = {
    params: {
      path: { hospitalId },
      query: distanceM === null ? {} : { distanceM },
    },
  }
  const mine = query.useQuery('get', MINE, wish)
  const { queryKey } = query.queryOptions('get', MINE, wish)
  const [isLive, setLive] = useState<boolean | null>(null)
  const waits = (mine.data?.tickets.length ?? 0) + (mine.data?.awaited.length ?? 0) > 0
  const lines = mine.data?.tickets.map(({ lineId }) => lineId).join(' ') ?? ''
  useLive({
    // Named by the lines: who comes into another one asks anew.
    path: waits ? `/v1/hospitals/${hospitalId}/my-queue/events#${lines}` : null,
    headers: { 'x-yiqiao-app': 'patient', ...actingHeader(`${MINE}/events`) },
    onState: setLive,
    onEvent: ({ event, data }) => {
      if (event === 'mine') {
        const { tickets } = data as MyQueue
        queryClient.setQueryData<MyQueue>(queryKey, (known) => known && { ...known, tickets })
        return
      }
      const { lineId, tickets } = data as { lineId: string; tickets: MyTicket[] }
      // Who is in it no more was seen, or sent on: the hub says which.
      if (tickets.length === 0) void mine.refetch()
      queryClient.setQueryData<MyQueue>(
        queryKey,
        (known) =>
          known && {
            ...known,
            tickets: [...tickets, ...known.tickets.filter((one) => one.lineId !== lineId)],
          },
      )
    },
  })
  return { ...mine, isLive }
}

/** Checks in where the phone is, once however often it is pressed. */
export function useCheckIn(hospitalId: number, appointmentId: string) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const place = await placeOfPhone()
      await underKey(`check-in:${appointmentId}`, async (key) => {
        const { error } = await client.POST(`${MINE}/check-ins`, {
          params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
          body: { appointmentId, place },
        })
        if (error) throw error
      })
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['get', MINE] }),
  })
}

/** How far it is to the gate: the hub is told metres, and never the place. */
export const useDistance = (
  gate: MyQueue['gate'] | undefined,
  onKnown: (distanceM: number) => void,
) =>
  useMutation({
    mutationFn: async () => {
      const place = await placeOfPhone()
      if (gate) onKnown(metresBetween(gate, place))
    },
  })
