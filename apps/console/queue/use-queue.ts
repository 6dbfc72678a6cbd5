import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { underKey } from '../../web/idempotency-key.ts'
import { useLive } from '../../web/live.ts'
import { api } from '../api.ts'
import { announce } from '../shell/announce.ts'
import { useStaff } from '../shell/staff.ts'
import type { Act, Board, Line, Medium, NewLine, NewScreen, Place } from './words.ts'

const BOARD = '/v1/hospitals/{hospitalId}/queue/lines/{id}/board'
const LINES = '/v1/hospitals/{hospitalId}/queue/lines'
const MOST_LINES = 200

export const useLines = () => {
  const { hospitalId } = useStaff()
  const params = { path: { hospitalId }, query: { limit: MOST_LINES } }
  return api.query.useQuery('get', LINES, { params })
}

/** A line as it stands, moved along by what the hub tells. */
export function useBoard(lineId: string) {
  const { hospitalId } = useStaff()
  const queryClient = useQueryClient()
  const wish = { params: { path: { hospitalId, id: lineId } } }
  const board = api.query.useQuery('get', BOARD, wish)
  const { queryKey } = api.query.queryOptions('get', BOARD, wish)
  const [isLive, setLive] = useState<boolean | null>(null)
  useLive({
    path: `/v1/hospitals/${hospitalId}/queue/lines/${lineId}/events`,
    headers: { 'x-yiqiao-app': 'console' },
    onState: setLive,
    onEvent: ({ data }) => queryClient.setQueryData(queryKey, data as Board),
  })
  return { ...board, isLive }
}

/** Each wish once, however often it is pressed; what is live shows what came of it. */
function useAct<Wish>(
  nameOf: (wish: Wish) => string,
  send: (wish: Wish, key: string) => Promise<{ error?: unknown }>,
  words: string,
) {
  const queryClient = useQueryClient()
  return useMutation<void, unknown, Wish>({
    mutationFn: (wish) =>
      underKey(nameOf(wish), async (key) => {
        const { error } = await send(wish, key)
        if (error) throw error
      }),
    onSuccess: () => announce(words),
    onSettled: () =>
      Promise.all(
        [BOARD, LINES].map((path) => queryClient.invalidateQueries({ queryKey: ['get', path] })),
      ),
  })
}

export function useCallNext(line: Line, words: string) {
  const { hospitalId } = useStaff()
  return useAct<string>(
    (room) => `call:${line.id}:${room}`,
    (room, key) =>
      api.client.POST(`${LINES}/{id}/calls`, {
        params: { path: { hospitalId, id: line.id }, header: { 'Idempotency-Key': key } },
        body: { room },
      }),
    words,
  )
}

export function useTicketAct(words: string) {
  const { hospitalId } = useStaff()
  return useAct<{ place: Place; act: Act }>(
    ({ place, act }) => `queue-act:${place.ticketId}:${act}`,
    ({ place, act }, key) =>
      api.client.POST('/v1/hospitals/{hospitalId}/queue/tickets/{id}/acts', {
        params: { path: { hospitalId, id: place.ticketId }, header: { 'Idempotency-Key': key } },
        body: { act },
      }),
    words,
  )
}

export function useTransfer(words: string) {
  const { hospitalId } = useStaff()
  return useAct<{ place: Place; lineId: string }>(
    ({ place, lineId }) => `queue-transfer:${place.ticketId}:${lineId}`,
    ({ place, lineId }, key) =>
      api.client.POST('/v1/hospitals/{hospitalId}/queue/tickets/{id}/transfers', {
        params: { path: { hospitalId, id: place.ticketId }, header: { 'Idempotency-Key': key } },
        body: { lineId },
      }),
    words,
  )
}

/** `lineId`: into that line without a booking; null: for the booking of today. */
export type Arrival = { medium: Medium; lineId: string | null; hasResults: boolean }

export function useArrival(words: string) {
  const { hospitalId } = useStaff()
  return useAct<Arrival>(
    ({ medium, lineId }) => `arrive:${medium.kind}:${lineId ?? ''}`,
    ({ medium, lineId, hasResults }, key) => {
      const header = { 'Idempotency-Key': key }
      return lineId === null
        ? api.client.POST('/v1/hospitals/{hospitalId}/queue/check-ins', {
            params: { path: { hospitalId }, header },
            body: { medium, via: 'desk' },
          })
        : api.client.POST(`${LINES}/{id}/tickets`, {
            params: { path: { hospitalId, id: lineId }, header },
            body: { medium, via: 'desk', hasResults },
          })
    },
    words,
  )
}

export function useOpenLine(words: string) {
  const { hospitalId } = useStaff()
  return useAct<NewLine>(
    ({ kind, departmentCode }) => `open-line:${kind}:${departmentCode}`,
    (body, key) =>
      api.client.POST(LINES, {
        params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
        body,
      }),
    words,
  )
}

/** Answers the address that the screen opens: the token in it is told this once. */
export function useAddScreen() {
  const { hospitalId } = useStaff()
  return useMutation<string, unknown, NewScreen>({
    mutationFn: async (body) => {
      const { data, error } = await api.client.POST('/v1/hospitals/{hospitalId}/queue/screens', {
        params: { path: { hospitalId } },
        body,
      })
      if (!data) throw error
      const proof = [hospitalId, data.screen.id, data.token].join('.')
      return `${window.location.origin}/console/screen#${proof}`
    },
  })
}
